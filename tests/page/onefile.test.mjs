// The page in one file, opened from the disk: it reads, and asks nobody anything.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { launch } from "./support/browser.mjs";
import { paste, pick } from "./support/page.mjs";

const PKG = path.resolve(process.env.TASKLENS_PKG ?? fileURLToPath(new URL("../../pkg", import.meta.url)));
const FILE = path.join(PKG, "tasklens.html");
const ADDRESS = pathToFileURL(FILE).href;
const sample = (/** @type {string} */ name) => fs.readFileSync(new URL(`../../www/samples/${name}`, import.meta.url), "utf8");

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

/** @param {import("node:test").TestContext} t @param {string} [hash] */
async function open(t, hash = "") {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB", timezoneId: "Asia/Shanghai", permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  /** @type {string[]} */
  const requests = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) complaints.push(message.text()); });
  page.on("pageerror", (error) => complaints.push(String(error)));
  context.on("request", (request) => { if (!request.url().startsWith("data:")) requests.push(request.url().replace(/#.*/, "")); });
  await page.addInitScript(() => addEventListener("securitypolicyviolation", (event) => console.error(`violation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)));
  await page.goto(ADDRESS + hash);
  await page.waitForSelector("html[data-ready]");
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, [], "the console stays silent and no policy is violated");
    assert.deepEqual(requests, [ADDRESS], "nothing is asked for but the file");
  });
  return page;
}

test("its policy names its script and its style, and nobody to ask", () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(fs.readFileSync(FILE, "utf8"))?.[1] ?? "";
  assert.match(policy, /^default-src 'none'; script-src 'sha256-[\w+/]{43}=' 'wasm-unsafe-eval'; style-src 'sha256-[\w+/]{43}='; img-src data:; connect-src 'none';/);
});

test("it reads a sample, a pasted reply, and in the other language", async (t) => {
  const page = await open(t);
  await pick(page, "ecs-task-json");
  assert.equal(await page.locator("#raw-text").inputValue(), sample("ecs-task.json"));
  await paste(page, sample("cloudcontrol-failed.json"));
  await page.waitForSelector('#reading-body [data-status="failed"]');
  await page.locator("input[name=language][value=zh]").check({ force: true });
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
  assert.match(await page.locator("#reading-body").innerText(), /失败/);
});

test("a sample in its address is read", async (t) => {
  const page = await open(t, "#sample=ecs-task-xml");
  assert.equal(await page.locator("#raw-text").inputValue(), sample("ecs-task.xml"));
});

test("it says why it cannot watch", async (t) => {
  const page = await open(t, "#watch");
  await page.locator("#watch-token").fill("made-up");
  await page.locator("#watch-ecs").fill("cn-hangzhou");
  await page.locator("#watch-form [type=submit]").click();
  assert.match(await page.locator("#watch-proxy-error").innerText(), /one file/);
});
