// The packed package, installed as its users install it: each entry runs where it is meant for.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { CONSUMER, PKG, ROOT } from "./support.mjs";

const XML = "<R><RequestId>r</RequestId><TaskId>t-1</TaskId><TaskStatus>Processing</TaskStatus><TaskProcess>64%</TaskProcess></R>";
const PROGRAM = `parse(${JSON.stringify(XML)}).task.progress.fraction + " " + parse('{"RequestId":"r"}').kind`;
const ANSWER = "0.64 accepted";

function node(...args) {
  return execFileSync(process.execPath, args, { cwd: CONSUMER, encoding: "utf8" }).trim();
}

test("Node imports it, ready at once", () => {
  assert.equal(node("--input-type=module", "-e", `import { parse } from "tasklens"; console.log(${PROGRAM})`), ANSWER);
});

test("Node requires it, ready at once", () => {
  assert.equal(node("-e", `const { parse } = require("tasklens"); console.log(${PROGRAM})`), ANSWER);
});

test("the same code runs with `await init()` in Node", () => {
  const code = `import { init, parse } from "tasklens"; await Promise.all([init(), init()]); console.log(${PROGRAM})`;
  assert.equal(node("--input-type=module", "-e", code), ANSWER);
});

test("workerd runs it as a Worker with the module compiled at deploy time", async () => {
  const dist = path.join(CONSUMER, "node_modules/tasklens/dist");
  const worker = await build({
    stdin: {
      contents: `import { init, parse } from "tasklens";
        export default { async fetch() { await init(); return new Response(${PROGRAM}); } };`,
      resolveDir: CONSUMER,
    },
    bundle: true, write: false, format: "esm", conditions: ["workerd"], external: ["*.wasm"],
  });
  const miniflare = new Miniflare({
    cf: false,
    modules: [
      { type: "ESModule", path: "worker.js", contents: worker.outputFiles[0].text },
      { type: "CompiledWasm", path: "core.wasm", contents: fs.readFileSync(path.join(dist, "core.wasm")) },
    ],
  });
  try {
    assert.equal(await (await miniflare.dispatchFetch("http://worker/")).text(), ANSWER);
  } finally {
    await miniflare.dispose();
  }
});

// The inline entry is the browsers'; Chromium runs it in tests/page. Here: what `init` promises.
const inline = () => import(`${PKG}/dist/inline.js?${Math.random()}`);

test("before init a call says what to do", async () => {
  const { parse } = await inline();
  assert.throws(() => parse("{}"), { name: "TasklensError", code: "request", message: /await init\(\)/ });
});

test("init twice at once loads once, and again is nothing", async () => {
  const { init, parse } = await inline();
  const compile = WebAssembly.compile;
  let compiled = 0;
  WebAssembly.compile = (...args) => (compiled++, compile(...args));
  try {
    await Promise.all([init(), init()]);
    await init();
  } finally {
    WebAssembly.compile = compile;
  }
  assert.equal(compiled, 1);
  assert.equal(parse(XML).task.progress.fraction, 0.64);
});

test("init takes bytes, a module, a response or a promise of one", async () => {
  const bytes = fs.readFileSync(path.join(PKG, "dist/core.wasm"));
  const response = () => new Response(bytes, { headers: { "content-type": "application/wasm" } });
  for (const source of [bytes, new Uint8Array(bytes).buffer, await WebAssembly.compile(bytes), response(), Promise.resolve(response())]) {
    const { init, parse } = await inline();
    await init(source);
    assert.equal(parse(XML).task.progress.fraction, 0.64);
  }
});

test("init may be tried again after it failed", async () => {
  const { init, parse } = await inline();
  await assert.rejects(init(new Uint8Array([1, 2, 3])), { name: "TasklensError", code: "request", message: /wasm-unsafe-eval/ });
  await assert.rejects(init(new Response("gone", { status: 404 })), { code: "network" });
  await init();
  assert.equal(parse(XML).kind, "task");
});

test("half a surrogate pair in a string becomes U+FFFD with a finding", async () => {
  const { parse } = await import(`${PKG}/dist/node.js`);
  const { task, findings } = parse('{"TaskId":"a\ud800b","TaskStatus":"Processing"}');
  assert.equal(task.id, "a\ufffdb");
  assert.deepEqual(findings.map(({ code, path }) => [code, path]), [["lone-surrogate", "$.TaskId"]]);
});

test("an error shows its name once and carries its fault", async () => {
  const { summarize, TasklensError } = await import(`${PKG}/dist/node.js`);
  const thrown = (() => { try { summarize('{"Code":"Throttling","Message":"slow down"}'); } catch (error) { return error; } })();
  assert.ok(thrown instanceof TasklensError);
  assert.equal(String(thrown), "TasklensError: the API refused the call: `Throttling` slow down");
  assert.equal(thrown.fault.kind, "throttled");
  assert.equal(thrown.retryable, true);
});

test("publint finds nothing", async () => {
  const { messages, pkg } = await publint({ pkgDir: PKG, strict: true, pack: false });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});

test("the package holds no path of the machine that built it", () => {
  for (const file of fs.readdirSync(path.join(PKG, "dist"))) {
    const text = fs.readFileSync(path.join(PKG, "dist", file), "latin1");
    for (const trace of [ROOT.slice(0, -1), "/.cargo/", "/home/", "/root/"]) assert.ok(!text.includes(trace), `${file}: ${trace}`);
  }
});
