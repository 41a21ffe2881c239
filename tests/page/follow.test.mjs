// One task alone is followed; what is found beside a list waits while that is read.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cloudControlTask, ecsTask } from "../cloud/scenarios.mjs";
import { followed, NOTHING, readAddress, writeAddress } from "../../www/watch/address.js";
import { row, watched } from "./support/watched.mjs";

/** @typedef {import("playwright-core").Page} Page */

const open = watched();
const MINUTE = 60_000;
const ONE = "ecs:cn-hangzhou:t-bp1good";
/** @param {number} now */
const one = (now) => [ecsTask(now, { id: "t-bp1good", action: "ExportImage", plan: { createdAt: now - MINUTE, runMs: 3 * MINUTE } })];

describe("a task is followed", () => {
  /** @type {[string, Partial<import("../../www/watch/address.js").Settings>, string | null][]} */
  const cases = [
    ["where it is the only one", { tasks: [ONE] }, ONE],
    ["whatever its API", { tasks: ["cloudcontrol::task-1"] }, "cloudcontrol::task-1"],
    ["but not beside another", { tasks: [ONE, "cloudcontrol::task-1"] }, null],
    ["nor beside a list", { tasks: [ONE], ecs: ["cn-beijing"] }, null],
    ["nor where there is none", {}, null],
    ["nor by what is no reference", { tasks: ["t-bp1good"] }, null],
  ];
  for (const [claim, settings, wanted] of cases) test(claim, () => assert.equal(followed({ ...NOTHING, ...settings }), wanted));

  test("which the address need not say twice", () => {
    const settings = { ...NOTHING, tasks: [ONE] };
    const { look } = /** @type {NonNullable<ReturnType<typeof readAddress>>} */ (readAddress(`#watch&tasks=${ONE}&open=${ONE}`));
    assert.equal(writeAddress(settings, look), `#watch&tasks=${ONE}`);
    assert.equal(writeAddress({ ...settings, ecs: ["cn-hangzhou"] }, look), `#watch&ecs=cn-hangzhou&tasks=${ONE}&open=${ONE}`);
  });
});

describe("a link to one task", () => {
  test("shows all of it to its end, without a click", async (t) => {
    const { page, pass } = await open(t, { tasks: one, watch: `tasks=${ONE}`, before: (page) => page.addInitScript(() => localStorage.setItem("tasklens.view", "timeline")) });
    const detail = page.locator(".watch-detail");
    await detail.locator("h4", { hasText: "Progress" }).waitFor();
    assert.equal(await page.locator(".watch-toggle").getAttribute("aria-expanded"), "true");
    assert.equal(new URL(page.url()).hash, `#watch&tasks=${ONE}`);
    pass(150);
    await detail.filter({ hasText: /Running → Succeeded/ }).waitFor();
    assert.ok(await detail.isVisible());
  });

  test("is closed by who wants to, and stays so in another language", async (t) => {
    const { page } = await open(t, { tasks: (now) => [cloudControlTask(now)], watch: "tasks=cloudcontrol::task-0123456789abcdef0123456789abc" });
    await page.locator(".watch-detail").waitFor();
    await page.locator(".watch-toggle").click();
    await page.waitForTimeout(2500);
    assert.ok(await page.locator(".watch-detail").isHidden());
    await page.locator("label:has([value=zh])").click();
    await row(page, /运行中/).waitFor();
    assert.ok(await page.locator(".watch-detail").isHidden());
  });
});
