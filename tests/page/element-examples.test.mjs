// The examples of docs/element, as whoever copies them has them: with the packed package, bundled where the framework asks for
// it, under a strict policy with Trusted Types. What the proxy answers is made up here.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { compileScript, parse } from "vue/compiler-sfc";
import { CONSUMER, ROOT } from "../package/support.mjs";
import { launch, open } from "./support/browser.mjs";
import { ecsTask } from "./support/replies.mjs";
import { serve } from "./support/server.mjs";

const EXAMPLES = path.join(ROOT, "docs/element");
const POLICY = "default-src 'none'; img-src data:; connect-src 'self'; base-uri 'none'; require-trusted-types-for 'script'; script-src 'self' 'wasm-unsafe-eval'";
const ATTRIBUTES = { lang: "zh", "time-zone": "UTC" };

/** What stands beside a Vue component in a project. */
const VUE = `import { createApp } from "vue";
import Tasks from "./vue.vue";
createApp(Tasks, { refs: ["t-bp1import", "t-bp1export"].map((id) => ({ api: "ecs", regionId: "cn-hangzhou", id })) }).mount("#app");`;
/** React takes over what a server rendered; while it does, it sets no properties. */
const HYDRATED = `import { createElement, useEffect, useState } from "react";
import { hydrateRoot } from "react-dom/client";
import { init, parse } from "tasklens";
import "tasklens/element";
await init();
const { task } = parse(${JSON.stringify(ecsTask({ TaskAction: "Later" }))});
function App() {
  const [shown, show] = useState(null);
  useEffect(() => show(task), []);
  return createElement("tasklens-task", { task: shown, ...${JSON.stringify(ATTRIBUTES)} });
}
hydrateRoot(document.querySelector("#app"), createElement(App));`;

/** Compiles Vue's components as every bundler's plugin does. @type {import("esbuild").Plugin} */
const components = {
  name: "vue",
  setup: (bundler) => void bundler.onLoad({ filter: /\.vue$/ }, ({ path: file }) => {
    const { descriptor } = parse(fs.readFileSync(file, "utf8"), { filename: file });
    const compilerOptions = { isCustomElement: (/** @type {string} */ tag) => tag.startsWith("tasklens-") };
    return { contents: compileScript(descriptor, { id: "tasks", inlineTemplate: true, templateOptions: { compilerOptions } }).content, resolveDir: EXAMPLES };
  }),
};

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
const own = fs.mkdtempSync(path.join(os.tmpdir(), "tasklens-examples-"));

/** Puts the policy into a page; its own inline scripts may run. @param {string} name @param {string} page */
function write(name, page) {
  const inline = [...page.matchAll(/<script[^>]*>([^]*?)<\/script>/g)].filter(([, script]) => script);
  const hashes = inline.map(([, script]) => ` 'sha256-${createHash("sha256").update(script).digest("base64")}'`).join("");
  const head = `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}${hashes}"><link rel="icon" href="data:,">`;
  fs.writeFileSync(path.join(own, `${name}.html`), page.replace('<meta charset="utf-8">', head));
}

/** @param {string} name @param {import("esbuild").BuildOptions} source @param {string} [html] what its server rendered */
async function bundle(name, source, html = "") {
  await build({
    ...source, plugins: [components], outfile: path.join(own, `${name}.js`), bundle: true, format: "esm", target: "es2022", jsx: "automatic", logLevel: "warning",
    nodePaths: [path.join(CONSUMER, "node_modules")],
    define: { "process.env.NODE_ENV": '"production"', __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" },
  });
  write(name, `<!doctype html><html lang="en"><meta charset="utf-8"><title>Tasks</title><div id="app">${html}</div><script type="module" src="/${name}.js"></script></html>`);
}

before(async () => {
  const rendered = renderToString(createElement("tasklens-task", { task: { id: "t-1" }, ...ATTRIBUTES }));
  assert.equal(rendered, '<tasklens-task lang="zh" time-zone="UTC"></tasklens-task>');
  write("plain", fs.readFileSync(path.join(EXAMPLES, "plain.html"), "utf8"));
  await Promise.all([
    bundle("react", { entryPoints: [path.join(EXAMPLES, "react.jsx")] }),
    bundle("vue", { stdin: { contents: VUE, resolveDir: EXAMPLES } }),
    bundle("hydrated", { stdin: { contents: HYDRATED, resolveDir: ROOT } }, rendered),
  ]);
  [browser, server] = await Promise.all([launch(), serve([own, CONSUMER].join(path.delimiter), proxied)]);
});
after(async () => {
  await browser?.close();
  await server?.close();
  fs.rmSync(own, { recursive: true });
});

/** How the first of the two tasks stands. */
let status = "Processing";

/** What a proxy answers. @param {URL} url */
function proxied({ pathname, searchParams }) {
  if (!pathname.startsWith("/tasks/")) return undefined;
  const task = (/** @type {string | null} */ id) => JSON.parse(ecsTask({ TaskId: id, TaskAction: "ImportImage", TaskStatus: id === "t-bp1import" ? status : "Waiting" }));
  if (pathname.endsWith("/DescribeTaskAttribute")) return JSON.stringify(task(searchParams.get("TaskId")));
  const ids = /** @type {string} */ (searchParams.get("TaskIds")).split(",");
  return JSON.stringify({ RequestId: "R-1", RegionId: "cn-hangzhou", PageNumber: 1, PageSize: 10, TotalCount: ids.length, TaskSet: { Task: ids.map(task) } });
}

/** @param {import("node:test").TestContext} t @param {string} address */
async function visit(t, address) {
  const { page, context, complaints, strays } = await open(browser, server.origin, { address, ready: "html:not([data-ready])" });
  page.setDefaultTimeout(8000);
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, [], "the console stays silent and no policy is violated");
    assert.deepEqual(strays, []);
  });
  return page;
}

describe("an example follows its task and hears which row is opened", () => {
  for (const [file, address] of [["plain.html", "/plain.html"], ["react.jsx", "/react.html"], ["vue.vue", "/vue.html"]]) {
    test(file, async (t) => {
      status = "Processing";
      const page = await visit(t, address);
      const row = page.locator("tasklens-list .rows > li").first();
      await row.locator("summary").getByText("Running").waitFor();
      await row.locator("summary").click();
      await page.locator("output", { hasText: "t-bp1import" }).waitFor();
      status = "Finished";
      await row.locator("summary").getByText("Succeeded").waitFor();
      await row.locator(".task-body").waitFor();
    });
  }
});

test("React gives a task to an element that its server rendered", async (t) => {
  const page = await visit(t, "/hydrated.html");
  await page.locator("tasklens-task h3", { hasText: "Later" }).waitFor();
  assert.equal(await page.locator("tasklens-task .frame").getAttribute("lang"), "zh-CN");
});
