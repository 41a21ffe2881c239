// One browser and one server a test file; each test opens a page of its own, and leaves a clean one behind.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { launch, open } from "./browser.mjs";
import { serve } from "./server.mjs";

/** @returns {(t: import("node:test").TestContext, options?: Parameters<typeof open>[2] & { mayComplain?: boolean }) => Promise<import("playwright-core").Page>} */
export function pages() {
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {Awaited<ReturnType<typeof serve>>} */
  let server;
  before(async () => { [browser, server] = await Promise.all([launch(), serve()]); });
  after(async () => { await browser?.close(); await server?.close(); });
  return async (t, { mayComplain = false, ...options } = {}) => {
    const { page, context, complaints, strays } = await open(browser, server.origin, { permissions: ["clipboard-read", "clipboard-write"], ...options });
    t.after(async () => {
      await context.close();
      if (!mayComplain) assert.deepEqual(complaints, [], "the console stays silent and no policy is violated");
      assert.deepEqual(strays, [], "nothing is asked of another origin");
    });
    return page;
  };
}

/** Replaces the whole text, as a paste does. @param {import("playwright-core").Page} page @param {string} text */
export async function paste(page, text) {
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.locator("#raw-text").focus();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.press("ControlOrMeta+V");
}

/** Until it is read, whatever was there before. @param {import("playwright-core").Page} page @param {string} id */
export async function pick(page, id) {
  await page.evaluate(() => document.querySelector("#reading-body")?.firstElementChild?.setAttribute("data-old", ""));
  await page.locator("#samples-open").click();
  await page.locator(`#samples [data-sample="${id}"]`).click();
  await page.waitForSelector("#reading-body:not(:has(> [data-old])) .headline");
}

/** Drops files or text on an element. @param {import("playwright-core").Page} page @param {string} selector @param {{ file?: [name: string, text: string], text?: string }} what */
export async function drop(page, selector, { file, text }) {
  const data = await page.evaluateHandle(({ file, text }) => {
    const transfer = new DataTransfer();
    if (file) transfer.items.add(new File([file[1]], file[0]));
    if (text) transfer.setData("text/plain", text);
    return transfer;
  }, { file, text });
  for (const type of ["dragenter", "dragover", "drop"]) await page.dispatchEvent(selector, type, { dataTransfer: data });
}

/** Presses a key until an element has the focus. @param {import("playwright-core").Page} page @param {string} selector @param {string} [key] */
export async function reach(page, selector, key = "Tab") {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press(key);
    if (await page.locator(selector).first().evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail(`${selector} cannot be reached by ${key}`);
}
