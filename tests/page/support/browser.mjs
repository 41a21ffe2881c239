// A page in headless Chromium, with everything noted that a clean page never does.
import { chromium } from "playwright-core";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROME_PATH ?? "/usr/bin/chromium", headless: true, chromiumSandbox: false, args: FLAGS });
}

/**
 * Opens the page and waits until it can read, or for what a page of another kind has when it is `ready`.
 * @param {import("playwright-core").Browser} browser
 * @param {string} origin
 * @param {import("playwright-core").BrowserContextOptions & { address?: string, ready?: string, before?: (page: import("playwright-core").Page) => Promise<void> }} [options] `before` comes before the page is loaded
 */
export async function open(browser, origin, { address = "/", ready = "html[data-ready]", before, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB", timezoneId: "Asia/Shanghai", reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  /** Console errors and warnings, uncaught errors, and CSP or Trusted Types violations. @type {string[]} */
  const complaints = [];
  /** Requests to anywhere but the page's own origin. @type {string[]} */
  const strays = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) complaints.push(message.text()); });
  page.on("pageerror", (error) => complaints.push(String(error)));
  context.on("request", (request) => { if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith("data:")) strays.push(request.url()); });
  await page.addInitScript(() => addEventListener("securitypolicyviolation", (event) => console.error(`violation: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`)));
  await before?.(page);
  await page.goto(origin + address);
  await page.waitForSelector(ready);
  return { page, context, complaints, strays };
}
