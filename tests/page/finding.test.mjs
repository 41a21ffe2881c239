// Finding one task among many in the watching mode, against the rehearsal cloud through the real proxy.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bdrcTask, ecsTask } from "../cloud/scenarios.mjs";
import { reach } from "./support/page.mjs";
import { row, watched } from "./support/watched.mjs";

/** @typedef {import("playwright-core").Page} Page */

const open = watched();
const MINUTE = 60_000;
const watch = "ecs=cn-hangzhou&bdrc=cn-shanghai";
const ERROR = { code: "InvalidImageFormat", message: "The image file is not a valid QCOW2 file." };
/** @param {number} now */
const some = (now) => [
  ecsTask(now, { id: "t-bp1import", resourceId: "m-bp1debian", plan: { createdAt: now - MINUTE, runMs: 60 * MINUTE } }),
  ecsTask(now, { id: "t-bp1export", action: "ExportImage", plan: { createdAt: now - 2 * MINUTE, runMs: 60 * MINUTE } }),
  ecsTask(now, { id: "t-bp1bad", error: ERROR, plan: { createdAt: now - 30 * MINUTE, runMs: 20 * MINUTE, end: "failed", reach: 0.6 } }),
  ecsTask(now, { id: "t-bp1old", action: "ModifyDiskSpec", plan: { createdAt: now - 90 * MINUTE, runMs: 5 * MINUTE } }),
  bdrcTask(now, { id: "t-0004refresh", name: "Nightly refresh", plan: { createdAt: now - 3 * MINUTE, runMs: 60 * MINUTE } }),
];
/** Ids as they stand. @param {Page} page */
const shown = (page) => page.locator(".watch-row .watch-cell-task code").allTextContents();
/** Waits until so many rows are shown. @param {Page} page @param {number} n */
const left = (page, n) => page.waitForFunction((n) => document.querySelectorAll(".watch-row").length === n, n);
/** @param {Page} page */
const hash = (page) => new URL(page.url()).hash;

describe("what is looked for is found", () => {
  test("by typing, and all of it is back by Escape", async (t) => {
    const { page } = await open(t, { tasks: some, watch });
    await left(page, 5);
    assert.equal(await page.locator(".filter-hidden").isVisible(), false, "nothing is hidden from the start");
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "watch-find");
    await page.keyboard.type("EXPORT t-bp1");
    await left(page, 1);
    assert.deepEqual(await shown(page), ["t-bp1export"]);
    assert.match(await page.locator(".filter-hidden").innerText(), /^1 of 5 shown · 4 hidden/);
    await page.locator("#say").filter({ hasText: "1 of 5 shown" }).waitFor();
    await page.keyboard.press("Escape");
    await left(page, 5);
    await page.keyboard.type("no such thing");
    await page.locator(".watch-nothing").filter({ hasText: "5 are hidden" }).waitFor();
    await page.locator("#filter-all").click();
    await left(page, 5);
    assert.equal(await page.evaluate(() => document.activeElement?.id), "watch-find");
  });
  test("by what an error, a name, or a resource says", async (t) => {
    const { page } = await open(t, { tasks: some, watch });
    await left(page, 5);
    for (const [text, id] of [["qcow2", "t-bp1bad"], ["nightly", "t-0004refresh"], ["m-bp1debian", "t-bp1import"]]) {
      await page.locator("#watch-find").fill(text);
      await row(page, id).waitFor();
      await left(page, 1);
    }
  });
  test("by the keyboard alone", async (t) => {
    const { page } = await open(t, { tasks: some, watch });
    await left(page, 5);
    await reach(page, ".filter-more > summary");
    await page.keyboard.press("Enter");
    await page.locator(".filter-values input[value=ExportImage]").waitFor();
    await reach(page, ".filter-values input[value=ExportImage]");
    await page.keyboard.press("Space");
    await left(page, 1);
    assert.deepEqual(await page.evaluate(() => [/** @type {any} */ (document.activeElement).value, /** @type {any} */ (document.activeElement).checked]), ["ExportImage", true], "and the focus stays");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(".filter-panel").isVisible(), false);
    await reach(page, ".filter-chip");
    await page.keyboard.press("Enter");
    await left(page, 5);
    assert.equal(await page.evaluate(() => document.activeElement?.id), "watch-find");
  });
  test("by the pointer: a status of the tally, its chip, and the times", async (t) => {
    const { page } = await open(t, { tasks: some, watch });
    await left(page, 5);
    const pick = page.locator("[data-pick=failed]");
    await pick.click();
    await left(page, 1);
    assert.deepEqual([await shown(page), await pick.getAttribute("aria-pressed")], [["t-bp1bad"], "true"]);
    assert.match(await page.locator(".filter-chip").innerText(), /Status\s*Failed/);
    await page.locator(".filter-chip").click();
    await left(page, 5);
    await page.locator(".filter-more > summary").click();
    await page.locator("#filter-age").selectOption("1h");
    await left(page, 4);
    await page.locator("#filter-longer").selectOption("10m");
    await left(page, 1);
    assert.equal(await page.locator(".filter-chip").count(), 2);
    assert.match(await page.locator(".filter-values label").filter({ hasText: "ImportImage" }).innerText(), /2$/, "each value with how many there are");
  });
  test("in another order", async (t) => {
    const { page } = await open(t, { tasks: some, watch });
    await left(page, 5);
    await page.locator("#filter-sort").selectOption("oldest");
    await page.waitForFunction(() => document.querySelector(".watch-row code")?.textContent === "t-bp1old");
    assert.deepEqual((await shown(page)).slice(0, 2), ["t-bp1old", "t-bp1bad"]);
    assert.equal(await page.locator(".filter-hidden").isVisible(), false);
  });
});

describe("the address", () => {
  test("has the filter and the open task, no token, and shows the same to another", async (t) => {
    const { page, cloud, token } = await open(t, { tasks: some, watch });
    await left(page, 5);
    const lists = cloud.count("bdrc.DescribeTasks");
    await page.locator("#watch-find").fill("t-bp1");
    await left(page, 4);
    await page.locator("[data-pick=running]").click();
    await left(page, 2);
    await row(page, "t-bp1export").locator(".watch-toggle").click();
    await page.waitForFunction(() => location.hash.includes("open="));
    assert.equal(hash(page), "#watch&ecs=cn-hangzhou&bdrc=cn-shanghai&find=t-bp1&status=running&open=ecs:cn-hangzhou:t-bp1export");
    assert.ok(!page.url().includes(token));
    assert.equal(cloud.count("bdrc.DescribeTasks"), lists, "a filter asks nobody");
    await page.reload();
    await left(page, 2);
    await row(page, "t-bp1export").locator(".watch-detail").waitFor();
    assert.equal(await page.locator("#watch-find").inputValue(), "t-bp1");

    const other = await page.context().browser()?.newPage();
    await other?.goto(page.url());
    await other?.locator("#watch-token").fill(token);
    await other?.locator("#watch-form [type=submit]").click();
    await other?.locator(".watch-detail:visible").waitFor();
    assert.equal(await other?.locator(".watch-row").count(), 2);
    await other?.close();
  });
  test("with another filter shows that, and the watch goes on", async (t) => {
    const { page } = await open(t, { tasks: some, watch });
    await left(page, 5);
    await page.locator("[data-pick=failed]").click();
    await left(page, 1);
    await page.evaluate(() => Object.assign(/** @type {any} */ (document.querySelector(".watch-table")), { isTheSame: true }));
    await page.evaluate(() => { location.hash = `${location.hash.split("&status")[0]}&status=succeeded`; });
    await row(page, "t-bp1old").waitFor();
    await left(page, 1);
    assert.equal(await page.evaluate(() => /** @type {any} */ (document.querySelector(".watch-table")).isTheSame), true);
    await page.locator("#to-read").click();
    await page.locator("#to-watch").click();
    assert.match(hash(page), /&status=succeeded$/);
    await page.locator("[data-pick=succeeded]").click();
    await left(page, 5);
    assert.equal(hash(page), `#watch&${watch}`);
  });
  test("is kept when the language changes", async (t) => {
    const { page } = await open(t, { tasks: some, watch: `${watch}&find=qcow2&open=ecs:cn-hangzhou:t-bp1bad` });
    await row(page, "t-bp1bad").locator(".watch-detail").waitFor();
    await page.locator("label[lang=zh-CN]").click();
    await page.locator(".filter-hidden").filter({ hasText: "隐藏 4 个" }).waitFor();
    await row(page, "t-bp1bad").locator(".watch-detail").waitFor();
    assert.equal(await page.locator("#watch-find").inputValue(), "qcow2");
  });
});

describe("ten thousand tasks", () => {
  const N = 10_000;
  /** Ended ones but for three. @param {number} now */
  const crowd = (now) => Array.from({ length: N }, (_, i) => ecsTask(now, {
    id: `t-bp1${String(i).padStart(5, "0")}`, action: i % 4 === 0 ? "ExportImage" : "ImportImage",
    plan: i < 3 ? { createdAt: now - MINUTE, runMs: 60 * MINUTE } : { createdAt: now - (60 + i) * MINUTE, runMs: 5 * MINUTE, end: i % 100 === 7 ? "failed" : "succeeded", reach: 1 },
  }));
  test("are drawn near the viewport alone, and all of them can be reached and found", async (t) => {
    const { page } = await open(t, { tasks: crowd, watch: "ecs=cn-hangzhou" });
    page.setDefaultTimeout(90_000);
    await page.locator("#watch-heading").filter({ hasText: "10,000" }).waitFor();
    const drawn = () => page.locator(".watch-row").count();
    assert.ok(await drawn() < 150, `${await drawn()} rows`);
    assert.equal(await page.locator(".watch-table").getAttribute("aria-rowcount"), String(N + 1));
    assert.equal(await page.locator(".watch-line").first().getAttribute("aria-rowindex"), "2");

    await row(page, "t-bp100001").locator(".watch-toggle").click();
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    const last = page.locator(`.watch-line[aria-rowindex="${N + 1}"]`);
    await last.waitFor();
    await page.waitForFunction(() => { scrollTo(0, document.documentElement.scrollHeight); return (document.querySelector(".watch-row:last-of-type")?.getBoundingClientRect().top ?? Infinity) < innerHeight; });
    assert.match(await last.innerText(), /t-bp109999/);
    assert.ok(await drawn() < 150, `${await drawn()} rows`);
    assert.equal(await row(page, "t-bp100001").locator(".watch-detail:not([hidden])").count(), 1, "what is open stays");

    await page.keyboard.press("/");
    await page.keyboard.type("t-bp104321");
    await left(page, 1);
    assert.match(await page.locator(".filter-hidden").innerText(), /^1 of 10,000 shown · 9,999 hidden/);
    await page.keyboard.press("Escape");
    await page.locator("[data-pick=failed]").click();
    await left(page, 100);
  });
});
