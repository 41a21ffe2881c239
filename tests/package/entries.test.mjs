// The packed package, installed as its users install it: each entry runs where it is meant for.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import test, { after } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
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

// The browsers' entries; Chromium runs them in tests/page and tests/matrix. Here: what `init` promises. Each gets a copy of
// its own, for what is loaded is loaded for the whole program.
function copy(...entries) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "tasklens-"));
  after(() => fs.rmSync(dir, { recursive: true }));
  for (const file of ["api.js", "core.packed.js", "core.wasm", ...entries.map((entry) => `${entry}.js`)]) fs.copyFileSync(path.join(PKG, "dist", file), path.join(dir, file));
  fs.writeFileSync(path.join(dir, "package.json"), '{ "type": "module" }');
  return pathToFileURL(dir).href;
}

const fresh = (entry) => import(`${copy(entry)}/${entry}.js`);

const WASM = fs.readFileSync(path.join(PKG, "dist/core.wasm"));
const answer = (body, type = "application/wasm", status = 200) => new Response(body, { status, headers: { "content-type": type } });

test("before init every call says what to do", async () => {
  const { buildRequest, connect, init, parse } = await fresh("inline");
  const early = { name: "TasklensError", code: "request", message: /await init\(\)/ };
  for (const call of [() => parse("{}"), () => buildRequest({}), () => connect({ proxy: "http://proxy.example" })]) assert.throws(call, early);
  await init();
  connect({ proxy: "http://proxy.example" });
});

test("init twice at once loads once, and again is nothing", async (t) => {
  const { init, parse } = await fresh("inline");
  const compile = t.mock.method(WebAssembly, "compile");
  await Promise.all([init(), init()]);
  await init();
  assert.equal(compile.mock.callCount(), 1);
  assert.equal(parse(XML).task.progress.fraction, 0.64);
});

for (const entry of ["inline", "url", "slim"]) {
  test(`${entry}: init takes bytes, a module, a response or a promise of one`, async () => {
    const module = await WebAssembly.compile(WASM);
    const sources = [WASM, new Uint8Array(WASM).buffer, module, answer(WASM), answer(WASM, "text/plain"), Promise.resolve(answer(WASM))];
    for (const source of sources) {
      const { init, parse } = await fresh(entry);
      await init(source);
      assert.equal(parse(XML).task.progress.fraction, 0.64);
    }
  });
}

test("a module that is compiled is there at once, without waiting", async () => {
  const { init, parse } = await fresh("slim");
  const loaded = init(new WebAssembly.Module(WASM));
  assert.equal(parse(XML).task.progress.fraction, 0.64);
  await loaded;
});

test("what one entry loads is there for the others", async () => {
  const dir = copy("inline", "slim");
  const [inline, slim] = await Promise.all(["inline", "slim"].map((entry) => import(`${dir}/${entry}.js`)));
  await inline.init();
  assert.equal(slim.parse(XML).task.progress.fraction, 0.64);
  assert.equal(slim.TasklensError, inline.TasklensError);
});

test("url fetches the module from beside itself, and says where it was not", async (t) => {
  const asked = t.mock.method(globalThis, "fetch", async () => answer(WASM));
  const { init, parse } = await fresh("url");
  await init();
  assert.match(String(asked.mock.calls[0].arguments[0]), /^file:.*\/core\.wasm$/);
  assert.equal(parse(XML).task.progress.fraction, 0.64);
});

test("slim says that it needs a module", async () => {
  const { init } = await fresh("slim");
  await assert.rejects(init(), { name: "TasklensError", code: "request", path: "source", message: /init\(new URL/ });
});

// What goes wrong at the door, and what to do about it, in one sentence.
const DOOR = [
  ["a file that is not there", answer("gone", "text/plain", 404), "network", /HTTP 404; copy it/],
  ["a page in its place", answer("<!doctype html>", "text/html"), "request", /found "<!doctype ht"; copy it/],
  ["other bytes", new Uint8Array([1, 2, 3]), "request", /expected core.wasm, found/],
  ["another module", new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]), "request", /found another module; copy it/],
  ["another module, compiled", new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])), "request", /found another module; copy it/],
  ["a module of another version", otherVersion(), "request", /found another module; copy it/],
  ["the proxy's module", fs.readFileSync(path.join(PKG, "dist/proxy.wasm")), "request", /found another module; copy it/],
  ["a module cut short", WASM.subarray(0, 1000), "request", /engine cannot compile the module; needed are Chrome/],
];
/** The first import is named by a hash of the glue; here the hash is another. */
function otherVersion() {
  const [{ name }] = WebAssembly.Module.imports(new WebAssembly.Module(WASM));
  const other = Buffer.from(WASM);
  other.write("v00000000", other.indexOf(name));
  return other;
}
for (const [what, source, code, message] of DOOR) {
  test(`${what} is refused in one sentence, and init may be tried again`, async () => {
    const { init, parse } = await fresh("inline");
    await assert.rejects(init(source), { name: "TasklensError", code, message });
    await init();
    assert.equal(parse(XML).kind, "task");
  });
}

const REFUSALS = [
  // As Chromium, Firefox, Safari and workerd say it.
  ["WebAssembly.compile(): Compiling or instantiating WebAssembly module violates the following Content Security policy directive because neither 'wasm-eval' nor 'unsafe-eval' is an allowed source of script", /add 'wasm-unsafe-eval' to its script-src/],
  ["call to WebAssembly.compile() blocked by CSP", /add 'wasm-unsafe-eval' to its script-src/],
  ["Refused to create a WebAssembly object because 'unsafe-eval' or 'wasm-unsafe-eval' is not an allowed source of script", /add 'wasm-unsafe-eval' to its script-src/],
  ["WebAssembly.compile(): Wasm code generation disallowed by embedder", /condition `workerd` or `edge-light`/],
];
for (const [words, message] of REFUSALS) {
  test(`"${words.slice(0, 60)}…" becomes what to do`, async (t) => {
    t.mock.method(WebAssembly, "compile", async () => { throw new WebAssembly.CompileError(words); });
    const { init } = await fresh("inline");
    await assert.rejects(init(), { name: "TasklensError", code: "request", message });
  });
}

test("an engine without what unpacking needs is told which has it", async (t) => {
  const { DecompressionStream } = globalThis;
  t.after(() => Object.assign(globalThis, { DecompressionStream }));
  delete globalThis.DecompressionStream;
  const { init } = await fresh("inline");
  await assert.rejects(init(), { code: "request", message: /cannot unpack the module; needed are Chrome or Edge 96/ });
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

test("what pages load waits for nothing at its top, and knows nothing of a host", async () => {
  for (const entry of ["inline", "slim", "url", "element"]) {
    const file = path.join(PKG, "dist", `${entry}.js`);
    // A script that is no module has no `await` at its top: there the bundler refuses it.
    const { outputFiles: [bundle], warnings } = await build({ entryPoints: [file], bundle: true, write: false, format: "iife", external: ["tasklens"], logLevel: "silent" });
    assert.deepEqual(bundle.text.match(/\b(process|__dirname|window|Buffer)(?=[.[(])/g) ?? [], [], entry);
    assert.deepEqual(warnings.map(({ id }) => id), entry === "url" ? ["empty-import-meta"] : [], entry);
  }
});

test("installed it stays below a mebibyte", () => {
  const dir = path.join(CONSUMER, "node_modules/tasklens");
  const files = fs.readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const size = files.reduce((sum, { parentPath, name }) => sum + fs.statSync(path.join(parentPath, name)).size, 0);
  assert.ok(size > 100_000 && size < 1_048_576, `${size} bytes`);
});

test("the package holds no path of the machine that built it", () => {
  for (const file of fs.readdirSync(path.join(PKG, "dist"))) {
    const text = fs.readFileSync(path.join(PKG, "dist", file), "latin1");
    for (const trace of [ROOT.slice(0, -1), "/.cargo/", "/home/", "/root/"]) assert.ok(!text.includes(trace), `${file}: ${trace}`);
  }
});
