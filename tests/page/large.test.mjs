import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pages } from "./support/page.mjs";
import { longList } from "./support/replies.mjs";

const open = pages();
const MANY = 10_000;

/** @param {import("playwright-core").Page} page @param {string} text */
async function openFile(page, text) {
  const chooser = page.waitForEvent("filechooser");
  await page.locator("#file-open").click();
  await (await chooser).setFiles({ name: "many.json", mimeType: "application/json", buffer: Buffer.from(text) });
}

describe("a list of 10,000 tasks", () => {
  test("is counted whole, drawn by the hundred, and can be worked with", async (t) => {
    const page = await open(t);
    await openFile(page, longList(MANY));
    await page.waitForSelector(".tally");
    assert.match(/** @type {string} */ (await page.locator(".tally h3").textContent()), /^10,000 tasks/);
    assert.deepEqual(await page.locator(".tally li strong").allTextContents(), ["2,500", "2,500", "2,500", "2,500"]);
    assert.equal(await page.locator(".rows > li").count(), 100);

    await page.getByRole("button", { name: "Show 100 more" }).click();
    assert.equal(await page.locator(".rows > li").count(), 200);
    assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ""), /t-000100/, "the focus goes to what was added");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".rows > li:nth-child(101) .task-body");

    await page.locator(".rows > li:nth-child(101) .task-id button").nth(1).click();
    assert.equal(await page.locator(".raw-mark").textContent(), "t-000100");
    assert.ok((await page.locator(".raw-line").count()) < 120, "only lines in view are drawn");

    await page.locator("label:has([value=zh])").click();
    assert.match(/** @type {string} */ (await page.locator(".tally h3").textContent()), /10,000 个任务/);
  });

  test("can be edited", async (t) => {
    const page = await open(t);
    await openFile(page, longList(MANY));
    await page.waitForSelector(".tally");
    await page.locator("#raw-text").evaluate((area) => /** @type {HTMLTextAreaElement} */ (area).setSelectionRange(0, 1));
    await page.locator("#raw-text").focus();
    await page.keyboard.press("Delete");
    await page.waitForSelector(".problem");
    await page.keyboard.type("{");
    await page.waitForSelector(".tally");
  });

  test("on one line of a megabyte is read, too, and can be indented", async (t) => {
    const page = await open(t);
    await openFile(page, longList(MANY, 0));
    await page.waitForSelector(".tally");
    assert.equal(await page.locator(".raw-line").count(), 0);
    await page.locator("#indent").click();
    await page.waitForSelector(".raw-line");
    assert.match(/** @type {string} */ (await page.locator("#raw-foot").textContent()), /\d{2},\d{3} lines/);
  });
});

test("findings by the thousand are shown by the twenty", async (t) => {
  const page = await open(t);
  await openFile(page, longList(2000).replaceAll("Waiting", "Strange"));
  await page.waitForSelector(".findings");
  assert.equal(await page.locator(".finding").count(), 20);
  await page.locator(".findings .rest button").click();
  assert.equal(await page.locator(".finding").count(), 40);
});

test("a file too large for the page is refused before it is read", async (t) => {
  const page = await open(t);
  await openFile(page, "x".repeat(18_000_000));
  await page.waitForSelector(".callout[data-tone=bad]");
  assert.match(/** @type {string} */ (await page.locator(".callout").first().textContent()), /many\.json has 18 MB; this page reads up to 16\.8 MB/);
});
