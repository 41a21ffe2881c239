// The recipes' files, run as they stand: against the rehearsal cloud, through the real proxy. And their pages: the code that
// stands there is the file.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import test from "node:test";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { createCloud } from "../cloud/cloud.mjs";
import { ecsTask } from "../cloud/scenarios.mjs";
import { launch, open } from "../page/support/browser.mjs";
import { compatibilityDate, CREDENTIAL, startProxy } from "../worker/support/proxy.mjs";
import { DIST, ROOT } from "./support.mjs";

const RECIPES = path.join(ROOT, "docs/recipes");
const CONSUMER = path.resolve(DIST, "../../..");
const read = (name) => fs.readFileSync(path.join(RECIPES, name), "utf8");
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The cloud with the proxy in front of it. @param {import("node:test").TestContext} t */
async function world(t, options) {
  const cloud = createCloud({ credential: CREDENTIAL });
  await cloud.listen();
  const proxy = await startProxy({ ...options, env: { TASKLENS_UPSTREAM: cloud.url } });
  t.after(async () => {
    await proxy.dispose();
    await cloud.close();
  });
  return { cloud, proxy };
}

/** Until something is so, which it must become. */
async function until(what, is) {
  for (let left = 1000; left > 0; left--) {
    if (await is()) return;
    await sleep(10);
  }
  assert.fail(`never: ${what}`);
}

const pages = fs.readdirSync(RECIPES).filter((name) => name.endsWith(".md") && name !== "README.md");

test("each page shows its file, and each file has its page", () => {
  const shown = pages.flatMap((page) => [...read(page).matchAll(/\[`([^`]+)`\]\(\1\)[^\n]*\n\n```js\n([\s\S]*?)```/g)].map(([, file, code]) => {
    assert.equal(code, read(file), `${page} shows ${file} as it is`);
    return file;
  }));
  assert.deepEqual(shown.sort(), fs.readdirSync(RECIPES).filter((name) => /\.m?js$/.test(name)).sort());
  assert.deepEqual(pages.filter((page) => !read("README.md").includes(`(${page})`)), []);
});

test("a build waits for an image: it goes on with it, and fails with the cause", async (t) => {
  const { cloud, proxy } = await world(t);
  const now = Date.now();
  const error = { code: "InvalidImageFormat", message: "The image file is not a valid QCOW2 file." };
  cloud.tasks.add(
    ecsTask(now, { id: "t-bp1good", plan: { runMs: 1500 } }),
    ecsTask(now, { id: "t-bp1bad", error, plan: { runMs: 1500, end: "failed", reach: 0.6 } }),
  );
  cloud.fail({ operation: "ecs.DescribeTasks", with: "throttle", times: 1 });
  // Beside the installed package, as in a project; the file itself is not touched.
  const script = path.join(CONSUMER, "wait-for-image.mjs");
  fs.copyFileSync(path.join(RECIPES, "wait-for-image.mjs"), script);
  t.after(() => fs.rmSync(script));
  const env = { ...process.env, TASKLENS_PROXY: proxy.url, TASKLENS_TOKEN: proxy.token, ALIBABA_CLOUD_REGION_ID: "cn-hangzhou" };
  const run = (reply, more) => new Promise((resolve) => {
    const child = spawn(process.execPath, [script], { env: { ...env, ...more } });
    const said = { out: "", err: "" };
    child.stdout.on("data", (chunk) => (said.out += chunk));
    child.stderr.on("data", (chunk) => (said.err += chunk));
    child.on("close", (code) => resolve({ code, ...said }));
    child.stdin.end(reply);
  });
  const started = (TaskId) => JSON.stringify({ RequestId: "r-1", RegionId: "cn-hangzhou", TaskId, ImageId: "m-bp1image" });
  const [good, bad, stranger, refused, damaged] = await Promise.all([
    run(started("t-bp1good")), run(started("t-bp1bad")), run(started("t-bp1good"), { TASKLENS_TOKEN: "wrong" }),
    run('{"Code":"InvalidOSSObject","Message":"no such object","RequestId":"r-2"}'), run("{"),
  ]);
  assert.deepEqual([good.code, good.out], [0, "m-bp1image\n"]);
  assert.match(good.err, /^(running|succeeded) \d+ %$/m);
  assert.match(good.err + bad.err, /; asking again in \d+ s$/m, "one was throttled, and went on");
  assert.deepEqual([bad.code, bad.out], [1, ""]);
  assert.match(bad.err, /^the import failed: The image file is not a valid QCOW2 file\.$/m);
  for (const [{ code, out, err }, words] of [[stranger, /token/], [refused, /^not started: no such object\n$/], [damaged, /^json: .*line 1, column 2/]]) {
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, words);
  }
});

test("a Worker's watch goes on from one cron trigger to the next, in KV", async (t) => {
  const { cloud, proxy } = await world(t);
  cloud.tasks.add(ecsTask(Date.now(), { id: "t-bp1first", plan: { runMs: 60_000 } }), ecsTask(Date.now(), { id: "t-bp1short", plan: { runMs: 1 } }));
  const kept = fs.mkdtempSync(path.join(os.tmpdir(), "tasklens-kv-"));
  t.after(() => fs.rmSync(kept, { recursive: true }));
  const { outputFiles: [worker] } = await build({
    entryPoints: [path.join(RECIPES, "worker-kv.js")], bundle: true, write: false, format: "esm", conditions: ["workerd"], external: ["*.wasm"],
    nodePaths: [path.join(CONSUMER, "node_modules")],
  });
  /** One life of an isolate: nothing but KV is left of it. */
  const isolate = async (lookMs, use) => {
    const miniflare = new Miniflare({
      cf: false, compatibilityDate: compatibilityDate(), kvNamespaces: ["KV"], kvPersist: kept,
      bindings: { PROXY: proxy.url, PROXY_TOKEN: proxy.token, TOKEN: "of the Worker", LOOK_MS: lookMs },
      modules: [
        { type: "ESModule", path: "worker.js", contents: worker.text },
        { type: "CompiledWasm", path: "core.wasm", contents: fs.readFileSync(path.join(DIST, "core.wasm")) },
      ],
    });
    const ask = (init) => miniflare.dispatchFetch("http://worker/", { headers: { authorization: "Bearer of the Worker" }, ...init });
    try {
      return await use({
        ask, stand: async () => Object.fromEntries((await (await ask()).json()).map(({ id, status }) => [id, status])),
        cron: async () => (await miniflare.getWorker()).scheduled(),
      });
    } finally {
      await miniflare.dispose();
    }
  };
  const ref = (id) => ({ api: "ecs", regionId: "cn-hangzhou", id });
  const add = (...ids) => ({ method: "POST", body: JSON.stringify(ids.map(ref)) });

  await isolate(700, async ({ ask, cron, stand }) => {
    assert.equal((await ask({ headers: {} })).status, 401);
    await cron();
    assert.equal(cloud.calls.length, 0, "nothing is asked for nobody");
    assert.equal((await ask(add("t-bp1first"))).status, 202);
    assert.equal((await ask(add("t-bp1short"))).status, 202);
    assert.deepEqual(await stand(), {});
    await cron();
    assert.deepEqual(await stand(), { "t-bp1first": "running", "t-bp1short": "succeeded" });
  });
  const before = cloud.calls.length;
  assert.ok(before > 0);
  // An hour later, says the cloud, the other has ended, too.
  cloud.setClock(() => Date.now() + 3_600_000);
  await isolate(60_000, async ({ cron, stand }) => {
    assert.deepEqual(await stand(), { "t-bp1first": "running", "t-bp1short": "succeeded" });
    await cron(); // as soon as all have ended it ends, too
    assert.deepEqual(await stand(), { "t-bp1first": "succeeded", "t-bp1short": "succeeded" });
    const asked = cloud.calls.slice(before).flatMap(({ ids }) => ids);
    assert.ok(asked.length > 0 && asked.every((id) => id === "t-bp1first"), `what had ended was asked for again: ${asked}`);
  });
  const after = cloud.calls.length;
  await isolate(60_000, ({ cron }) => cron());
  assert.equal(cloud.calls.length, after, "nothing is left to ask");
});

/** What stands around the recipes in a page: `show(id)` mounts a task, twice with TanStack Query, and `show(null)` leaves. */
const APP = `import { createElement as h, StrictMode, useState } from "react";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { connect, init } from "tasklens";
import { taskQuery } from "./tanstack-query.js";
import { useTask } from "./use-task.js";
const ref = (id) => ({ api: "ecs", regionId: "cn-hangzhou", id });
const said = (task) => task.status + " " + task.progress.fraction;
function Hooked({ id }) {
  const { task, error, gone } = useTask(ref(id));
  return h("p", null, gone ? "gone" : task ? said(task) : error ? error.code : "nothing yet");
}
function Queried({ id, client }) {
  const { data, error } = useQuery(taskQuery(client, ref(id)));
  return h("p", null, data ? said(data.task) : error ? error.code : "nothing yet");
}
const cache = new QueryClient();
export function App({ first, client }) {
  const [id, show] = useState(first);
  globalThis.show = show;
  const shown = id && (client ? [1, 2].map((key) => h(Queried, { key, id, client })) : h(Hooked, { id }));
  return h(StrictMode, null, h(QueryClientProvider, { client: cache }, h("main", null, shown)));
}
export const connected = () => init().then(() => connect({ proxy: "/tasks" }));
`;
const PAGE = `import { createElement as h } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { App, connected } from "./app.js";
const root = document.querySelector("#app");
if (location.search) createRoot(root).render(h(App, { first: null, client: await connected() }));
else hydrateRoot(root, h(App, { first: "t-bp1long" }));
document.documentElement.dataset.ready = "";
`;

test("in a page, a hook and a query follow a task for as long as they are shown", async (t) => {
  const site = fs.mkdtempSync(path.join(os.tmpdir(), "tasklens-recipes-"));
  /** @type {import("esbuild").Plugin} */
  const app = { name: "app", setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^\.\/app\.js$/ }, () => ({ path: path.join(RECIPES, "app.js"), namespace: "app" }));
    onLoad({ filter: /./, namespace: "app" }, () => ({ contents: APP, resolveDir: RECIPES }));
  } };
  const bundle = (contents, options) => build({
    stdin: { contents, resolveDir: RECIPES }, plugins: [app], bundle: true, format: "esm", target: "es2022", logLevel: "warning",
    nodePaths: [path.join(CONSUMER, "node_modules")], define: { "process.env.NODE_ENV": '"development"' }, ...options,
  });
  // What a server renders, with the entry for Node.
  const server = path.join(CONSUMER, "recipes-server.mjs");
  await bundle('export { App } from "./app.js";', { platform: "node", external: ["react", "react-dom", "tasklens", "@tanstack/*"], outfile: server });
  const { createElement } = await import("react");
  const { renderToString } = await import("react-dom/server");
  const { App } = await import(server);
  const html = renderToString(createElement(App, { first: "t-bp1long" }));
  assert.equal(html, "<main><p>nothing yet</p></main>");
  await bundle(PAGE, { outfile: path.join(site, "page.js") });
  fs.writeFileSync(path.join(site, "index.html"), `<!doctype html><html lang="en"><title>Tasks</title><link rel="icon" href="data:,"><div id="app">${html}</div><script type="module" src="/page.js"></script></html>`);

  const { cloud, proxy } = await world(t, { site, worker: 'import { createProxy } from "tasklens/proxy"; export default createProxy({ base: "/tasks", authorize: () => true });' });
  const browser = await launch();
  t.after(async () => {
    await browser.close();
    fs.rmSync(server);
    fs.rmSync(site, { recursive: true });
  });
  const now = Date.now();
  cloud.tasks.add(ecsTask(now, { id: "t-bp1long", plan: { runMs: 600_000 } }), ecsTask(now, { id: "t-bp1past", plan: { createdAt: now - 120_000 } }));
  const lists = (id) => cloud.calls.filter(({ operation, ids }) => operation === "ecs.DescribeTasks" && ids.includes(id));

  for (const [address, copies] of [["/", 1], ["/?query", 2]]) {
    cloud.calls.length = 0;
    const { page, complaints } = await open(browser, proxy.url, { address });
    const shows = async (pattern) => until(`${pattern} in ${address}`, async () => {
      const texts = await page.locator("main p").allTextContents();
      return texts.length === copies && texts.every((text) => pattern.test(text));
    });
    const show = (id) => page.evaluate((id) => globalThis.show(id), id);
    if (copies > 1) await show("t-bp1long");
    await shows(/^running \d/);
    await show(null);
    await sleep(100);
    const left = cloud.calls.length;
    await sleep(3500); // more than the interval with all its jitter
    assert.equal(cloud.calls.length, left, "who has left asks no more");
    cloud.tasks.add(ecsTask(Date.now(), { id: `t-bp1fresh${copies}`, plan: { runMs: 600_000 } }));
    await show(`t-bp1fresh${copies}`);
    await shows(/^running \d/);
    const [first, ...more] = lists(`t-bp1fresh${copies}`).map((call) => call.t);
    assert.ok(more.every((at) => at - first > 500), "one watch, though StrictMode mounts twice");
    await show("t-bp1past");
    await shows(/^succeeded 1$/);
    await show("t-bp1nobody");
    await shows(/^fault$/);
    const before = lists("t-bp1past").length;
    await show("t-bp1past");
    await shows(/^succeeded 1$/);
    await sleep(300);
    if (copies > 1) assert.equal(lists("t-bp1past").length, before, "what has ended stays in the cache");
    assert.deepEqual(complaints.filter((text) => !text.endsWith("a status of 400 (Bad Request)")), [], "but that nobody is not there");
  }
});
