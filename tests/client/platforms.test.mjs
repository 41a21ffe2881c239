// Where the client runs, and that it leaves nothing behind.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { DIST, serve, task } from "./support.mjs";

const run = promisify(execFile);
const CONSUMER = path.join(DIST, "../../..");

test("a program that is done ends by itself", async (t) => {
  const { proxy } = await serve(t, (asked) => {
    if (asked.query.taskId === "never") return undefined;
    if (asked.query.taskId === "busy") return { status: 429, headers: { "retry-after": "60" }, body: "" };
    return task();
  });
  const program = `
    import { connect } from "tasklens";
    const tasklens = connect({ proxy: ${JSON.stringify(proxy)}, timeoutMs: 60000 });
    const ref = (id) => ({ api: "cloudcontrol", id });
    await tasklens.task(ref("x"));
    for (const id of ["never", "busy"]) {
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 100);
      await tasklens.task(ref(id), { signal: stop.signal }).catch((error) => console.log(error.code));
    }
    console.log(process.getActiveResourcesInfo().includes("Timeout"));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], { cwd: CONSUMER, timeout: 10_000 });
  assert.equal(stdout, "aborted\naborted\nfalse\n");
});

test("`require` gives the same client", async (t) => {
  const { proxy } = await serve(t, task());
  const program = `const { connect } = require("tasklens");
    connect({ proxy: ${JSON.stringify(proxy)} }).task({ api: "cloudcontrol", id: "x" }).then((task) => console.log(task.status));`;
  const { stdout } = await run(process.execPath, ["-e", program], { cwd: CONSUMER, timeout: 10_000 });
  assert.equal(stdout, "running\n");
});

// Before 2024-11-11 a Worker's fetch throws where a request names its cache.
for (const compatibilityDate of ["2023-06-01", "2026-01-01"]) {
  test(`a Worker of ${compatibilityDate} calls, walks, times out and aborts`, async (t) => {
    const { proxy } = await serve(t, (asked) => {
      if (asked.path.endsWith("DescribeTasks")) return { body: { RequestId: "r", TotalCount: 1, TaskSet: { Task: [{ TaskId: "t-1", TaskStatus: "Processing" }] } } };
      return asked.query.taskId === "never" ? undefined : task();
    });
    const worker = await build({
      stdin: {
        contents: `import { connect } from "tasklens";
          export default { async fetch() {
            const said = [];
            const told = (promise) => promise.then((task) => said.push(task.status), (error) => said.push(error.code + (error.cause ?? "")));
            const tasklens = connect({ proxy: ${JSON.stringify(proxy)}, timeoutMs: 1000, retry: { attempts: 0 }, headers: async () => ({ a: "b" }) });
            await told(tasklens.task({ api: "cloudcontrol", id: "x" }));
            for await (const { id } of tasklens.tasks({ operation: "ecs.DescribeTasks", regionId: "cn-hangzhou" })) said.push(id);
            await told(tasklens.task({ api: "cloudcontrol", id: "never" }));
            const stop = new AbortController();
            setTimeout(() => stop.abort("enough"), 10);
            await told(tasklens.task({ api: "cloudcontrol", id: "never" }, { signal: stop.signal }));
            return new Response(said.join(" "));
          } };`,
        resolveDir: CONSUMER,
      },
      bundle: true, write: false, format: "esm", conditions: ["workerd"], external: ["*.wasm"],
    });
    const miniflare = new Miniflare({
      cf: false,
      compatibilityDate,
      modules: [
        { type: "ESModule", path: "worker.js", contents: worker.outputFiles[0].text },
        { type: "CompiledWasm", path: "core.wasm", contents: fs.readFileSync(path.join(DIST, "core.wasm")) },
      ],
    });
    try {
      assert.equal(await (await miniflare.dispatchFetch("http://worker/")).text(), "running t-1 timeout abortedenough");
    } finally {
      await miniflare.dispose();
    }
  });
}
