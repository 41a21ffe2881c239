// The time zone of the page, UTC or the browser's own: chosen once, applied everywhere.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { firstZone, zones } from "../../www/words/zone.js";
import { ecsTask } from "../cloud/scenarios.mjs";
import { pages, pick } from "./support/page.mjs";
import { row, watched } from "./support/watched.mjs";

const open = pages();
const watch = watched();

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page @param {"local" | "utc"} zone */
const choose = (page, zone) => page.locator(`label:has([name=zone][value=${zone}])`).click();
/** @param {Page} page @param {string} selector */
const words = async (page, selector) => (await page.locator(selector).first().textContent()) ?? "";

test("begins with UTC, or with what was kept", () => {
  assert.deepEqual([null, "other", "utc", "local"].map(firstZone), ["utc", "utc", "utc", "local"]);
  assert.deepEqual(zones("local"), { timeZone: undefined, otherZone: "UTC" });
});

describe("the chosen zone comes first", () => {
  test("in a task, the other one beside it, and is remembered", async (t) => {
    const page = await open(t, { address: "/#sample=ecs-task-json" });
    assert.equal(await words(page, ".time-main"), "23 Nov 2015, 02:13 UTC");
    await choose(page, "local");
    assert.equal(await words(page, ".time-main"), "23 Nov 2015, 10:13 UTC+08:00");
    assert.equal(await words(page, ".time-beside"), "23 Nov 2015, 02:13 UTC");
    assert.equal(await page.locator(".times time").first().getAttribute("datetime"), "2015-11-23T02:13Z");
    await page.reload();
    await page.waitForSelector(".times");
    assert.ok(await page.locator("[name=zone][value=local]").isChecked());
    assert.match(await words(page, ".time-main"), /UTC\+08:00/);
  });

  test("in a list and its heading, and the rows that were open stay open", async (t) => {
    const page = await open(t);
    await pick(page, "ecs-mixed");
    await page.locator(".rows summary").nth(1).click();
    assert.match(await words(page, ".row-names"), /Created \(UTC\)/);
    await choose(page, "local");
    assert.match(await words(page, ".row-names"), /Created \(UTC\+08:00\)/);
    assert.match(await words(page, ".rows .cell-created time"), /^20 Nov 2026, 22:00$/);
    assert.deepEqual(await page.locator(".row-details").evaluateAll((all) => all.slice(0, 3).map((one) => /** @type {HTMLDetailsElement} */ (one).open)), [false, true, false]);
    assert.match(await words(page, ".row-body .time-main"), /UTC\+08:00$/);
  });

  test("with its change to summer time told where a row has another offset than the heading", async (t) => {
    const page = await open(t, { timezoneId: "Europe/Berlin" });
    await choose(page, "local");
    const tasks = ["2026-11-20T12:00Z", "2026-07-20T12:00Z"].map((CreationTime, i) => ({ TaskId: `t-${i}`, TaskAction: "A", TaskStatus: "Finished", CreationTime }));
    await page.locator("#raw-text").fill(JSON.stringify({ RequestId: "R", TaskSet: { Task: tasks } }));
    await page.waitForSelector(".rows");
    assert.match(await words(page, ".row-names"), /UTC\+01:00/);
    assert.deepEqual(await page.locator(".cell-created").filter({ has: page.locator("time") }).evaluateAll((all) => all.map((one) => /** @type {HTMLElement} */ (one).innerText.split("\n").at(-1))), ["20 Nov 2026, 13:00", "20 Jul 2026, 14:00 UTC+02:00"]);
  });

  test("once only where the browser's own is UTC", async (t) => {
    const page = await open(t, { address: "/#sample=ecs-task-json", timezoneId: "UTC" });
    for (const zone of /** @type {const} */ (["utc", "local"])) {
      await choose(page, zone);
      assert.equal(await words(page, ".time-main"), "23 Nov 2015, 02:13 UTC");
      assert.equal(await page.locator(".time-beside:has-text('2015')").count(), 0);
    }
  });

  test("in a watch: in its history and on its axis, and the row that was open stays open with its reply", async (t) => {
    const at = Date.now() - 60_000;
    const { page } = await watch(t, { tasks: (now) => [ecsTask(now, { id: "t-1", plan: { createdAt: at, runMs: 600_000 } })] });
    await row(page, "t-1").locator(".watch-toggle").click();
    await page.locator(".record-list time").first().waitFor();
    await page.locator(".watch-record details > summary").click();
    const seen = async () => (await words(page, ".record-list > :last-child time")).slice(-8, -3);
    const inUtc = await seen();
    assert.match(await words(page, ".watch-record h4"), /UTC$/);
    await choose(page, "local");
    const hour = (/** @type {string} */ one) => Number(one.slice(0, 2));
    assert.equal((hour(await seen()) - hour(inUtc) + 24) % 24, 8);
    assert.match(await words(page, ".watch-record h4"), /UTC\+08:00$/);
    assert.ok(await page.locator(".watch-record details").evaluate((one) => /** @type {HTMLDetailsElement} */ (one).open));
    await page.locator("label:has([value=timeline])").click();
    await page.locator(".timeline-tick").first().waitFor();
    assert.match(await words(page, ".timeline"), /UTC\+08:00/);
    await choose(page, "utc");
    await page.locator(".timeline-tick").first().waitFor();
    assert.doesNotMatch(await words(page, ".timeline"), /UTC\+08:00/);
  });
});
