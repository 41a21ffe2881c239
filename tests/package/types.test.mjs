// The types, as TypeScript in strict mode sees them, and the README's example, as a reader runs it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { CONSUMER, ROOT } from "./support.mjs";

const USE = `
import { init, parse, summarize, TasklensError, type Reply, type Task, type Status } from "tasklens";
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

test("the types hold in a CommonJS module in Node", () => {
  fs.writeFileSync(path.join(CONSUMER, "use.cts"), USE.replace("await init();", "void init();"));
  assert.equal(check("use.cts", "--module", "nodenext"), "");
});

for (const file of ["README.md", "pkg-template/README.md"]) {
  test(`the JavaScript example of ${file} prints what it says`, () => {
    const text = fs.readFileSync(path.join(ROOT, file), "utf8");
    const examples = [...text.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1]);
    assert.ok(examples.length > 0);
    for (const example of examples) {
      const expected = [...example.matchAll(/console\.log\(.*\);? *\/\/ (.*)$/gm)].map((match) => match[1].trim());
      assert.ok(expected.length > 0, "an example prints something");
      const printed = execFileSync(process.execPath, ["--input-type=module", "-e", example], { cwd: CONSUMER, encoding: "utf8" });
      assert.deepEqual(printed.trim().split("\n"), expected);
    }
  });
}
