// The starred rows in Chromium: node benches/browser.mjs [--quick] [row…]; CHROME_PATH names the browser.

import http from "node:http";
import fs from "node:fs/promises";
import path from "node:path";
import * as esbuild from "esbuild";
import { chromium } from "playwright-core";
import { inputs } from "./generate.mjs";
import { figure } from "./measure.mjs";
import { EFFORT, PKG, isQuick, tell, wanted } from "./report.mjs";
import { shared } from "./rows.mjs";

const START = { id: "start", input: "X1", work: "module in memory to the first parsed reply", peer: "fast-xml-parser alone", goal: 1, inBrowser: true };
const rows = [...shared, START].filter((row) => row.inBrowser && wanted(row));

/** One minified module, as a page would ship it. */
async function bundle(contents) {
  const stdin = { contents, resolveDir: import.meta.dirname };
  const { outputFiles } = await esbuild.build({ stdin, bundle: true, minify: true, format: "esm", write: false, platform: "browser" });
  return outputFiles[0].contents;
}

async function serve(files) {
  const server = http.createServer((request, response) => {
    const [type, body] = files[request.url] ?? ["text/html", "<!doctype html><title>bench</title>"];
    // Isolated, so that its clock is exact to microseconds.
    response.writeHead(200, { "content-type": type, "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** In a page that did nothing before: how long it takes from the code in memory to the first reply. */
async function start(browser, url, which) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  const ms = await page.evaluate(startIn, which);
  await context.close();
  return ms;
}

async function startIn(which) {
  const [code, wasm, xml] = await Promise.all([`/${which}.js`, "/core.wasm", "/X1"].map((file) => fetch(file).then((response) => response.arrayBuffer())));
  const body = new Uint8Array(xml);
  const text = new TextDecoder().decode(xml);
  const module = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const begun = performance.now();
  const loaded = await import(module);
  if (which === "ours") {
    await loaded.init(wasm);
    loaded.parse(body);
  } else {
    new loaded.XMLParser({ parseTagValue: false }).parse(text);
  }
  return performance.now() - begun;
}

if (rows.length > 0) {
  const dist = path.resolve(PKG, "dist");
  const js = "text/javascript";
  const site = await serve({
    "/page.js": [js, await bundle('export * from "./browser-page.mjs"')],
    "/ours.js": [js, await bundle(`export { init, parse, summarize } from ${JSON.stringify(path.join(dist, "url.js"))}`)],
    "/theirs.js": [js, await bundle('export { XMLParser } from "fast-xml-parser"')],
    "/core.wasm": ["application/wasm", await fs.readFile(path.join(dist, "core.wasm"))],
    "/X1": ["text/xml", inputs().X1],
  });
  const browser = await chromium.launch({ executablePath: process.env.CHROME_PATH, headless: true, chromiumSandbox: false, args: ["--disable-gpu"] });
  const where = `Chromium ${browser.version()}`;
  try {
    for (const row of rows.filter((row) => row !== START)) {
      const page = await browser.newPage();
      await page.goto(site.url);
      const measured = await page.evaluate(async ([id, effort]) => {
        const [{ measure }, tasklens] = await Promise.all([import("/page.js"), import("/ours.js")]);
        await tasklens.init(fetch("/core.wasm"));
        return measure(tasklens, id, effort);
      }, [row.id, EFFORT]);
      await page.close();
      tell(row, where, measured);
    }
    if (rows.includes(START)) {
      const pairs = [];
      for (let i = -1; i < (isQuick ? 15 : 101); i++) {
        const order = i & 1 ? ["theirs", "ours"] : ["ours", "theirs"];
        const first = await start(browser, site.url, order[0]);
        const second = await start(browser, site.url, order[1]);
        if (i >= 0) pairs.push(i & 1 ? [second, first] : [first, second]);
      }
      tell(START, where, figure(pairs));
    }
  } finally {
    await browser.close();
    site.close();
  }
}
