// The types, as TypeScript in strict mode sees them, and the READMEs' examples, as a reader runs them: against the rehearsal
// cloud, through the real proxy.

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { createCloud } from "../cloud/cloud.mjs";
import { ecsTask } from "../cloud/scenarios.mjs";
import { CREDENTIAL, startProxy } from "../worker/support/proxy.mjs";
import { CONSUMER, ROOT } from "./support.mjs";

const USE = `
import { buildRequest, connect, init, parse, summarize, TasklensError } from "tasklens";
import { createProxy, sign, type ProxyEnv, type Signed } from "tasklens/proxy";
import { define, type TasklensList } from "tasklens/element";
import type { Client, Reply, Status, Task, TaskRef, UnsignedRequest, Watch, WatchEvent } from "tasklens";
await init();
const reply: Reply = parse(new Uint8Array(), { httpStatus: 502, slice: [0, 10] });
switch (reply.kind) {
  case "task": { const task: Task = reply.task; const status: Status = task.status; void status; break; }
  case "tasks": { const ids: string[] = reply.tasks.map((task) => task.id); void ids; void reply.page.nextToken; break; }
  case "started": { const id: string | null = reply.id; void id; break; }
  case "accepted": { void reply.extra; break; }
  case "fault": { const retry: boolean = reply.fault.retryable; void retry; break; }
  default: { const never: never = reply; void never; }
}
// @ts-expect-error a fraction may be null
const fraction: number = (reply as Extract<Reply, { kind: "task" }>).task.progress.fraction;
void fraction;
try { summarize("") } catch (error) { if (error instanceof TasklensError) { const line: number | undefined = error.line; void line; } }
// @ts-expect-error no such format
parse("", { format: "yaml" });
const request: UnsignedRequest = buildRequest({ operation: "ecs.DescribeTasks", regionId: "cn-hangzhou", startTime: new Date() });
const [name, value]: [string, string] = request.query[0]!;
void name, void value, void request.headers["x-acs-action"];
// @ts-expect-error ECS needs the region
buildRequest({ operation: "ecs.CancelTask", taskId: "t-1" });
const client: Client = connect({ proxy: new URL("https://proxy.example"), headers: async () => ({ authorization: "Bearer x" }), retry: { attempts: 1 } });
async function use(): Promise<void> {
  const ref: TaskRef = { api: "cloudcontrol", id: "task-1" };
  const { signal } = new AbortController();
  const task: Task = await client.task(ref, { signal });
  const kind: Reply["kind"] = (await client.call({ operation: "cloudcontrol.GetTask", taskId: task.id })).kind;
  void kind;
  for await (const { id } of client.tasks({ operation: "bdrc.DescribeTasks", regionId: "cn-shanghai" }, { signal })) void id.length;
  // @ts-expect-error only lists have pages
  client.tasks({ operation: "cloudcontrol.GetTask", taskId: "task-1" });
  const nothing: void = await client.cancel(ref);
  void nothing;
  const watch: Watch = client.watch([ref], { intervalMs: 1000, resume: undefined });
  for await (const event of watch) if (event.type === "update") void (event satisfies WatchEvent).task.status;
  const tasks: readonly Task[] = [...watch.tasks, ...(await watch.done), await client.wait(ref)];
  void tasks;
}
void use;
function draw(list: TasklensList, task: Task, watch: Watch): void {
  define();
  document.createElement("tasklens-task").task = task;
  list.tasks = watch.tasks;
  list.addEventListener("tasklens-select", ({ detail }) => void (detail.task satisfies Task));
  // @ts-expect-error a task is no list
  list.tasks = task;
}
void draw;
// @ts-expect-error a proxy is needed
connect({});
const proxy = createProxy({ base: "/api", authorize: async (request, env) => request.headers.has("x") && env.TASKLENS_TOKENS === "", now: () => 0 });
const handler: { fetch(request: Request, env: ProxyEnv): Promise<Response> } = proxy;
void handler;
const { authorization, headers: sent }: Signed = sign({ method: "GET", host: "h", path: "/", query: [["a", "b"]], headers: {}, accessKeyId: "i", accessKeySecret: "s", date: "2026-01-02T03:04:05Z", nonce: "n" });
void authorization, void sent["x-acs-date"];
// @ts-expect-error the key is needed
proxy.fetch(new Request("https://h"), {});
`;

const USE_JSX = `/// <reference path="./react.d.ts" />
import { useRef } from "react";
import type { Task } from "tasklens";
import type { TasklensList } from "tasklens/element";
export function Tasks({ tasks, open }: { tasks: readonly Task[]; open: (task: Task) => void }) {
  const list = useRef<TasklensList>(null);
  return <>
    <tasklens-list key="all" ref={list} className="wide" tasks={tasks} time-zone="UTC" ontasklens-select={({ detail }) => open(detail.task)} />
    <tasklens-task task={tasks[0] ?? null} lang="zh" ontasklens-copy={(event) => event.preventDefault()} />
    {/* @ts-expect-error a task is no list */}
    <tasklens-list tasks={tasks[0]} />
  </>;
}
`;

function check(file, ...options) {
  const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc");
  // A tsconfig.json somewhere above this folder is not ours.
  const flags = ["--ignoreConfig", "--noEmit", "--strict", "--target", "es2022", "--skipLibCheck", "false", ...options, file];
  try {
    return execFileSync(process.execPath, [tsc, ...flags], { cwd: CONSUMER, encoding: "utf8" });
  } catch (error) {
    return error.stdout;
  }
}

for (const [what, file, options] of [
  ["an ES module in a bundler", "use.mts", ["--module", "esnext", "--moduleResolution", "bundler"]],
  ["an ES module in Node", "use.mts", ["--module", "nodenext"]],
]) {
  test(`the types hold in ${what}`, () => {
    fs.writeFileSync(path.join(CONSUMER, file), USE);
    assert.equal(check(file, ...options), "");
  });
}

test("the types hold in JSX, with docs/element/react.d.ts", () => {
  fs.copyFileSync(path.join(ROOT, "docs/element/react.d.ts"), path.join(CONSUMER, "react.d.ts"));
  fs.writeFileSync(path.join(CONSUMER, "use.tsx"), USE_JSX);
  assert.equal(check("use.tsx", "--module", "esnext", "--moduleResolution", "bundler", "--jsx", "react-jsx"), "");
});

test("the types hold in a CommonJS module in Node", () => {
  fs.writeFileSync(path.join(CONSUMER, "use.cts"), USE.replace("await init();", "void init();"));
  assert.equal(check("use.cts", "--module", "nodenext"), "");
});

for (const file of ["README.md", "pkg-template/README.md"]) {
  test(`the JavaScript examples of ${file} print what they say`, async (t) => {
    const cloud = createCloud({ credential: CREDENTIAL, tasks: [ecsTask(Date.now(), { plan: { runMs: 1000 } })] });
    await cloud.listen();
    const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: cloud.url } });
    t.after(async () => {
      await proxy.dispose();
      await cloud.close();
    });
    const text = fs.readFileSync(path.join(ROOT, file), "utf8");
    const examples = [...text.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1]);
    assert.ok(examples.length > 1);
    for (const example of examples) {
      const expected = [...example.matchAll(/console\.log\(.*\);? *\/\/ (.*)$/gm)].map((match) => match[1].trim());
      assert.ok(expected.length > 0, "an example prints something");
      const code = example.replace("https://proxy.example", proxy.url);
      const env = { ...process.env, TASKLENS_TOKEN: proxy.token };
      const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], { cwd: CONSUMER, env });
      assert.deepEqual(stdout.trim().split("\n"), expected);
    }
  });
}
