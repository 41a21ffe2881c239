// The timeline of the watching mode, against the rehearsal cloud through the real proxy.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ecsTask } from "../cloud/scenarios.mjs";
import { row, watched } from "./support/watched.mjs";

const open = watched();
const MINUTE = 60_000;

const tasks = (/** @type {number} */ now) => [
  ecsTask(now, { id: "t-bp1good", action: "ExportImage", plan: { createdAt: now - 4 * MINUTE, runMs: 30 * MINUTE } }),
  ecsTask(now, { id: "t-bp1bad", error: { code: "InvalidImageFormat", message: "The image file is not valid." }, plan: { createdAt: now - 90 * MINUTE, runMs: 10 * MINUTE, end: "failed", reach: 0.6 } }),
];

test("the keyboard switches to the timeline, walks its rows and opens one", async (t) => {
  const { page } = await open(t, { tasks });
  await row(page, "t-bp1good").waitFor();
  await page.locator("[name=watch-view][value=list]").focus();
  await page.keyboard.press("ArrowRight");
  await page.locator(".timeline-row").first().waitFor();
  assert.equal(await page.locator(".watch-table").isVisible(), false);
  assert.deepEqual(await page.locator(".timeline-rows > li").evaluateAll((all) => all.map((one) => one.getAttribute("data-key"))), ["ecs:cn-hangzhou:t-bp1good", "ecs:cn-hangzhou:t-bp1bad"]);
  assert.match(await page.locator(".timeline-row").first().getAttribute("aria-label") ?? "", /ExportImage t-bp1good: Running; since .*[45] mins? so far, exact to the minute/);
  await page.locator(".timeline-row").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await row(page, "t-bp1bad").locator(".watch-detail").filter({ hasText: "The image file is not valid." }).waitFor();
  assert.ok(await row(page, "t-bp1bad").locator(".watch-toggle").evaluate((one) => one === document.activeElement));
});

test("a pointer switches, and the choice is kept", async (t) => {
  const { page } = await open(t, { tasks });
  await row(page, "t-bp1good").waitFor();
  await page.locator("label:has([value=timeline])").click();
  await page.locator(".timeline-run").first().waitFor();
  await page.reload();
  await page.locator(".timeline-row").first().waitFor();
});
