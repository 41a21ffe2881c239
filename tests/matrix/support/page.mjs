// @ts-check
// A page in headless Chromium, and a static server for it.
import { createHash } from "node:crypto";
import fs, { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { launch } from "../../page/support/browser.mjs";

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let browser;

export async function closeBrowser() {
  await (await browser)?.close();
}

/**
 * What a page shows once it has something to show: in its `<pre>`, or by `<tasklens-task>`. It fails by an error on the console or in a script, a
 * violated policy, a request that fails.
 * @param {string} url
 * @param {{ forgiving?: boolean }} [options] `forgiving`: complaints are what is looked for
 * @returns {Promise<string>}
 */
export async function look(url, options) {
  const context = await (await (browser ??= launch())).newContext();
  try {
    return await watch(context, await context.newPage(), url, options);
  } finally {
    await context.close();
  }
}

/** @param {import("playwright-core").BrowserContext} context @param {import("playwright-core").Page} page @param {string} url @param {{ forgiving?: boolean }} [options] */
async function watch(context, page, url, { forgiving = false } = {}) {
  const complaints = await complaintsOf(context);
  await page.goto(url);
  const shown = page.waitForFunction(shownBy, undefined, { timeout: 30_000 });
  shown.catch(() => {});
  const text = await Promise.race([shown.then((handle) => handle.jsonValue()), ...(forgiving ? [] : [complaints.first])]).catch((error) => {
    throw new Error(complaints.all.join("\n") || `${error}`);
  });
  if (complaints.all.length > 0 && !forgiving) throw new Error(complaints.all.join("\n"));
  return /** @type {string} */ (text);
}

/** In the page: what it shows, as text. */
function shownBy() {
  return document.querySelector("pre")?.textContent || document.querySelector("tasklens-task")?.shadowRoot?.querySelector("[part~=task]")?.textContent;
}

/** @param {import("playwright-core").BrowserContext} context */
async function complaintsOf(context) {
  /** @type {string[]} */
  const all = [];
  /** @type {(error: Error) => void} */
  let tell = () => {};
  const first = new Promise((_, reject) => { tell = reject; });
  first.catch(() => {});
  const complain = (/** @type {string} */ text) => { all.push(text); tell(new Error(text)); };
  // Only a browser asks for this by itself.
  const isIcon = (/** @type {string} */ url) => new URL(url, "http://page").pathname === "/favicon.ico";
  context.on("console", (message) => { if (message.type() === "error" && !isIcon(message.location().url)) complain(`console: ${message.text()}`); });
  context.on("weberror", (error) => complain(`${error.error().stack ?? error.error()}`));
  context.on("requestfailed", (request) => complain(`${request.url()}: ${request.failure()?.errorText}`));
  context.on("response", (response) => { if (response.status() >= 400 && !isIcon(response.url())) complain(`${response.url()}: HTTP ${response.status()}`); });
  await context.addInitScript(() => addEventListener("securitypolicyviolation", (event) => console.error(`violation: ${event.effectiveDirective} ${event.blockedURI}`)));
  return { all, first };
}

/** An unpacked extension's origin, which is made from where it lies. @param {string} dir */
export function extensionOrigin(dir) {
  const digits = createHash("sha256").update(dir).digest("hex").slice(0, 32);
  return `chrome-extension://${digits.replace(/./g, (digit) => "abcdefghijklmnop"[parseInt(digit, 16)])}`;
}

/** What an extension's popup shows, or what its service worker answers. @param {string} dir @param {"popup" | "background"} part @returns {Promise<string>} */
export async function lookInExtension(dir, part) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "tasklens-profile-"));
  const args = ["--enable-unsafe-extension-debugging", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const context = await chromium.launchPersistentContext(profile, { executablePath: process.env.CHROME_PATH ?? "/usr/bin/chromium", headless: true, chromiumSandbox: false, args, ignoreDefaultArgs: ["--disable-extensions"] });
  try {
    // Chrome has no flag for it any more; this is what "Load unpacked" does.
    const session = await context.browser()?.newBrowserCDPSession();
    await session?.send(/** @type {any} */ ("Extensions.loadUnpacked"), /** @type {any} */ ({ path: dir }));
    const page = await context.newPage();
    const shown = await watch(context, page, `${extensionOrigin(dir)}/popup.html`);
    if (part === "popup") return shown;
    return JSON.stringify(await page.evaluate(() => /** @type {any} */ (globalThis).chrome.runtime.sendMessage("read")));
  } finally {
    await context.close();
    fs.rmSync(profile, { recursive: true, force: true });
  }
}

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".json": "application/json", ".wasm": "application/wasm" };

/**
 * Serves a folder for as long as `use` does.
 * @template T
 * @param {string} dir
 * @param {number} port
 * @param {() => Promise<T>} use
 * @param {{ headers?: Record<string, string>, lost?: string }} [options] `lost`: answered instead of 404, as development servers do
 * @returns {Promise<T>}
 */
export async function serving(dir, port, use, { headers = {}, lost } = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://page");
    const found = [pathname.endsWith("/") ? `${pathname}index.html` : pathname, ...(lost ? [lost] : [])].map((name) => path.join(dir, decodeURIComponent(name)))
      .find((file) => file.startsWith(dir + path.sep) && statSync(file, { throwIfNoEntry: false })?.isFile());
    if (!found) return response.writeHead(404).end();
    const type = /** @type {Record<string, string>} */ (TYPES)[path.extname(found)] ?? "text/plain; charset=utf-8";
    response.writeHead(200, { "content-type": type, "cache-control": "no-store", ...headers });
    createReadStream(found).pipe(response);
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(undefined)));
  try {
    return await use();
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

export async function browserVersion() {
  return (await (browser ??= launch())).version();
}
