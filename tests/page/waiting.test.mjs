// What is found while a list is read waits until its reader wants it.
import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ecsTask } from "../cloud/scenarios.mjs";
import { reach } from "./support/page.mjs";
import { row, watched } from "./support/watched.mjs";

/** @typedef {import("playwright-core").Page} Page */

const open = watched();
const MINUTE = 60_000;
/** @param {number} n @returns {(now: number) => import("../cloud/tasks.mjs").Task[]} */
const running = (n) => (now) => Array.from({ length: n }, (_, i) => ecsTask(now, { id: `t-bp1old${i}`, plan: { createdAt: now - (20 + i) * MINUTE, runMs: 60 * MINUTE } }));
/** @param {Page} page */
const button = (page) => page.locator(".watch-waiting");
/** @param {Awaited<ReturnType<typeof open>>} world @param {string[]} ids */
async function find({ page, cloud, now }, ...ids) {
  cloud.tasks.add(...ids.map((id) => ecsTask(now(), { id, action: "ExportImage", plan: { createdAt: now(), runMs: 60 * MINUTE } })));
  await page.evaluate(() => { dispatchEvent(new Event("online")); });
}
/** @param {Page} page @param {string} id */
const placeOf = async (page, id) => (await row(page, id).locator(".watch-line").boundingBox())?.y;

describe("new tasks", () => {
  test("appear at once where nobody reads, and are marked", async (t) => {
    const world = await open(t, { tasks: running(2) });
    const { page } = world;
    await row(page, "t-bp1old0").waitFor();
    await find(world, "t-bp1new");
    await row(page, "t-bp1new").locator(".watch-new").waitFor();
    assert.ok(await button(page).isHidden());
  });

  test("wait while a row is open, move nothing, and come when they are wanted", async (t) => {
    const world = await open(t, { tasks: running(2) });
    const { page } = world;
    await row(page, "t-bp1old1").locator(".watch-toggle").click();
    await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement)?.blur());
    const place = await placeOf(page, "t-bp1old1");
    await find(world, "t-bp1newa", "t-bp1newb");
    await button(page).waitFor();
    assert.equal(await button(page).textContent(), "2 new tasks · show");
    assert.equal(await placeOf(page, "t-bp1old1"), place);
    assert.equal(await page.locator(".watch-row").count(), 2);
    assert.equal(await page.locator("#watch-heading").textContent(), "4 tasks", "they are counted");
    await page.locator("#say").filter({ hasText: "2 new tasks." }).waitFor();
    await reach(page, ".watch-waiting");
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(violations.map(({ id }) => id), []);
    await page.keyboard.press("Enter");
    await row(page, "t-bp1newa").locator(".watch-new").waitFor();
    assert.ok(await button(page).isHidden());
    assert.equal(await page.locator(".watch-row").count(), 4);
    assert.equal(await page.evaluate(() => document.activeElement?.closest(".watch-row")?.getAttribute("data-key")), "ecs:cn-hangzhou:t-bp1newa");
  });

  test("wait while the list is scrolled, and until its reader is back on top", async (t) => {
    const world = await open(t, { tasks: running(30) });
    const { page } = world;
    await row(page, "t-bp1old12").scrollIntoViewIfNeeded();
    await page.evaluate(() => scrollTo(0, 600));
    await find(world, "t-bp1new");
    await button(page).waitFor();
    assert.ok(await button(page).evaluate((one) => { const { top, bottom } = one.getBoundingClientRect(); return top >= 0 && bottom <= innerHeight; }), "it is in sight");
    await page.evaluate(() => scrollTo(0, 0));
    await row(page, "t-bp1new").waitFor();
    assert.ok(await button(page).isHidden());
  });

  test("wait while text is selected; of those a filter hides nothing is said, and the others are counted", async (t) => {
    const world = await open(t, { tasks: running(3), watch: "ecs=cn-hangzhou&find=bp1old" });
    const { page } = world;
    await row(page, "t-bp1old1").waitFor();
    await page.evaluate(() => getSelection()?.selectAllChildren(/** @type {Node} */ (document.querySelector(".watch-row code"))));
    await find(world, "t-bp1old9", "t-bp1new");
    await button(page).waitFor();
    assert.equal(await button(page).textContent(), "1 new task · show");
    assert.equal(await page.locator(".filter-hidden > span").textContent(), "3 of 5 shown · 1 hidden");
    await button(page).click();
    await page.locator(".filter-hidden > span", { hasText: "4 of 5 shown · 1 hidden" }).waitFor();
  });

  test("that are added by name do not wait", async (t) => {
    const { page, cloud, now } = await open(t, { tasks: running(2) });
    await row(page, "t-bp1old1").locator(".watch-toggle").click();
    cloud.tasks.add(ecsTask(now(), { id: "t-bp1mine" }));
    await page.locator("#watch-add").click();
    await page.locator("#add-text").fill("t-bp1mine");
    await page.keyboard.press("ControlOrMeta+Enter");
    await row(page, "t-bp1mine").waitFor();
    assert.ok(await button(page).isHidden());
  });
});
