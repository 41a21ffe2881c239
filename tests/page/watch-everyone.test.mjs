// The watching mode in each of its states, for everyone: one world, in which one page after the other is taken along the same way.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cloudControlTask, ecsTask } from "../cloud/scenarios.mjs";
import { clean, fits, large, space, still, whole } from "./support/everyone.mjs";
import { row, shared, watched } from "./support/watched.mjs";

/** @typedef {import("playwright-core").Page} Page */

const open = watched();
const MINUTE = 60_000;
const LONG = `t-${"x".repeat(60)}`;
const KNOWN = "cloudcontrol::task-0123456789abcdef0123456789abc";
/** Two that run, two that failed, the one of them with words that never end, and one that had succeeded. @param {number} now */
const tasks = (now) => [
  ecsTask(now, { id: "t-bp1good", action: "ExportImage", plan: { createdAt: now - MINUTE, runMs: 120 * MINUTE } }),
  ecsTask(now, { id: "t-bp1bad", error: { code: "InvalidImageFormat", message: "The image file is not a valid QCOW2 file.\nUpload it again." }, plan: { createdAt: now - 20 * MINUTE, runMs: 10 * MINUTE, end: "failed", reach: 0.6 } }),
  ecsTask(now, { id: LONG, action: "W".repeat(120), error: { code: "C".repeat(90), message: "m".repeat(300) }, plan: { createdAt: now - 60 * MINUTE, end: "failed", reach: 0.5 } }),
  ecsTask(now, { id: "t-bp1old", action: "ModifyDiskSpec", plan: { createdAt: now - 90 * MINUTE, runMs: 5 * MINUTE } }),
  cloudControlTask(now, { plan: { createdAt: now - MINUTE, runMs: 120 * MINUTE } }),
];
const world = shared({ tasks });
const WATCH = `ecs=cn-hangzhou&tasks=${KNOWN}`;

/** What stands for a few seconds is to be looked at, and who has no notifications is told so. @param {Page} page */
const before = (page) => page.addInitScript(() => {
  const wait = setTimeout;
  Object.assign(globalThis, { setTimeout: (/** @type {TimerHandler} */ act, /** @type {number} */ ms, /** @type {any[]} */ ...rest) => wait(act, ms === 4000 ? 600_000 : ms, ...rest) });
  delete /** @type {any} */ (globalThis).Notification;
});

/**
 * From the form to every state of the watch. The main ones are told apart: the others are of the same pieces.
 * @param {Page} page @param {Awaited<ReturnType<typeof open>>} its
 * @returns {AsyncGenerator<[state: string, isMain?: boolean]>}
 */
async function* tour(page, { token, cloud }) {
  const start = page.locator("#watch-form [type=submit]");
  yield ["the form", true];
  await page.locator("#watch-ecs").fill("?");
  await start.click();
  yield ["the form with mistakes"];
  await page.locator("#watch-ecs").fill("cn-hangzhou");
  await page.locator("#watch-token").fill("another");
  await start.click();
  await page.waitForSelector("#watch-form-problem .callout");
  yield ["the form, refused"];
  await page.locator("#watch-token").fill(token);
  await start.click();
  await row(page, "t-bp1good").locator("progress[value]").waitFor();
  await page.locator(".row-error:visible").nth(1).waitFor();
  await page.locator(".watch-problems .callout").waitFor();
  await page.locator("#notify-note:visible").waitFor();
  yield ["the list, with one that nobody knows, and no notifications", true];

  const good = row(page, "t-bp1good");
  await good.locator(".watch-toggle").click();
  await good.locator(".watch-record details > summary").click();
  await good.locator(".record-raw code").first().waitFor();
  yield ["an open row with its reply", true];
  await good.locator(".watch-cancel").click();
  assert.match(await good.locator(".watch-cancel").textContent() ?? "", /Really|确定|确认/);
  yield ["a cancellation asked"];
  assert.match(await good.locator(".watch-cancel").textContent() ?? "", /Really|确定|确认/, "still");
  await page.keyboard.press("Escape");
  await row(page, LONG).locator(".watch-toggle").click();
  await row(page, LONG).locator(".task-body .callout").first().waitFor();
  yield ["an open row with words that never end"];
  const refusal = cloud.fail({ operation: "ecs.DescribeTaskAttribute", with: { kind: "throttle", retryAfterMs: 60_000 }, times: Infinity });
  try {
    await good.locator(".row-note:visible").waitFor();
    yield ["a poll refused"];
  } finally {
    refusal.stop();
  }
  for (const one of [good, row(page, LONG)]) await one.locator(".watch-toggle").click();

  await page.locator(".filter-more > summary").click();
  for (const value of ["failed", "ImportImage"]) await page.locator(`.filter-panel [value=${value}]`).check();
  await page.locator(".filter-chip").nth(1).waitFor();
  yield ["the filter, its panel open and conditions set", true];
  await page.keyboard.press("Escape");
  await page.locator("#watch-find").fill("nothing is called so");
  await page.locator(".watch-nothing:visible").waitFor();
  yield ["the filter, nothing left"];
  await page.locator("#filter-all").click();
  await page.locator("label:has([value=timeline])").click();
  await page.locator(".timeline-run").first().waitFor();
  yield ["the timeline", true];
  await page.locator("label:has([value=list])").click();
  await page.locator(".save:visible > summary").click();
  const box = await page.locator(".save-panel:visible").boundingBox();
  assert.ok(box && box.x >= 0 && box.x + box.width <= (page.viewportSize()?.width ?? 0), "the menu is within the window");
  yield ["the save menu"];
  await page.keyboard.press("Escape");
  await page.locator("#watch-add").click();
  yield ["the add dialog"];
  await page.locator("#add-text").fill(`t-bp1one ${KNOWN.split(":")[2]} hello`);
  await page.locator("#add-list > li").nth(1).waitFor();
  yield ["the add dialog, filled in"];
  await page.locator("#add-close").click();
}

const START = { world, token: null, watch: `${WATCH},cloudcontrol::task-none`, before };

describe("axe finds nothing", () => {
  /** Every state light and dark, in each language and at each width; the main ones in each pair of the two. @type {[look: string, options: object, isAll: boolean][]} */
  const looks = [
    ["every state, English, light", {}, true], ["every state, Chinese, dark, at 375 px", { locale: "zh-CN", colorScheme: "dark", viewport: { width: 375, height: 812 } }, true],
    ["main states, English, dark", { colorScheme: "dark" }, false], ["main states, Chinese, light", { locale: "zh-CN" }, false],
  ];
  for (const [look, options, isAll] of looks) {
    test(look, async (t) => {
      const its = await open(t, { ...START, ...options });
      for await (const [state, isMain] of tour(its.page, its)) {
        if (!isAll && !isMain) continue;
        await clean(its.page, state, state === "the save menu" ? ".save[open]" : undefined);
        await fits(its.page, state);
      }
    });
  }
});

describe("at 320 px, which is 1280 px at four times the size", () => {
  for (const [name, isSpaced] of /** @type {const} */ ([["as it is", false], ["with the space between letters and lines that some need", true]])) {
    test(`nothing scrolls sideways or is lost, all can be pressed, and nothing moves: ${name}`, async (t) => {
      const its = await open(t, { ...START, viewport: { width: 320, height: 640 } });
      if (isSpaced) await space(its.page);
      for await (const [state] of tour(its.page, its)) for (const look of [fits, whole, large, still]) await look(its.page, `${state}: ${look.name}`);
    });
  }
});

test("on a desk nothing is lost, all can be pressed, and nothing moves, with more space, too", async (t) => {
  const its = await open(t, START);
  await space(its.page);
  for await (const [state] of tour(its.page, its)) for (const look of [fits, whole, large, still]) await look(its.page, `${state}: ${look.name}`);
});

test("with the system's own colours, what is pressed, chosen or filled differs from what is not", async (t) => {
  const { page } = await open(t, { world, watch: WATCH, forcedColors: "active" });
  await row(page, "t-bp1good").locator("progress[value]").waitFor();
  /** @param {string} selector */
  const look = (selector) => page.locator(selector).first().evaluate((one) => { const { borderTopWidth, outlineStyle, backgroundColor } = getComputedStyle(one); return [borderTopWidth, outlineStyle, backgroundColor].join(" "); });
  const pick = await look("[data-pick=running]");
  await page.locator("[data-pick=running]").click();
  await page.locator("[data-pick=running][aria-pressed=true]").waitFor();
  await page.locator("#watch-find").focus();
  assert.notEqual(await look("[data-pick=running]"), pick, "a count that is picked");
  assert.notEqual(await look(".watch-views :checked + span"), await look(".watch-views :not(:checked) + span"), "the view");
  assert.notEqual(await look(".modes [aria-current]"), await look(".modes :not([aria-current])"), "the mode");
  await page.locator("label:has([value=timeline])").click();
  await page.locator(".timeline-run").first().waitFor();
  assert.notEqual(await page.locator(".timeline-run").first().evaluate((one) => getComputedStyle(one).backgroundColor), await page.locator(".timeline-lane").first().evaluate((one) => getComputedStyle(one).backgroundColor), "a bar of the timeline");
});

test("nothing scrolls sideways at any width, every row open", async (t) => {
  const { page } = await open(t, { world, watch: WATCH });
  await page.locator(".row-error", { hasText: "CCC" }).waitFor();
  const widths = [320, 375, 768, 1024];
  const check = async (/** @type {string} */ state) => {
    for (const width of widths) {
      await page.setViewportSize({ width, height: 812 });
      await fits(page, `${state} at ${width} px`);
    }
  };
  await check("the table");
  for (const toggle of await page.locator(".watch-toggle").all()) await toggle.click();
  await check("every row open");
  await page.locator("#watch-stop").click();
  await check("the form");
});

test("as cards it is still a table for those who hear it", async (t) => {
  const { page } = await open(t, { world, watch: WATCH, viewport: { width: 375, height: 812 } });
  await row(page, "t-bp1good").waitFor();
  const tree = await page.locator("#watch-body").ariaSnapshot();
  assert.match(tree, /- table "5 tasks"/);
  assert.match(tree, /columnheader "Last heard"/);
  assert.match(tree, /rowheader ".*ExportImage.*"/);
});

test("every row is reached by Tab, and everything it reaches shows the focus", async (t) => {
  const { page } = await open(t, { world, watch: WATCH });
  await row(page, "t-bp1good").locator(".watch-cancel").waitFor();
  await page.locator("body").press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "watch", "skips to the tasks first of all");
  const seen = [];
  for (let i = 0; i < 26; i++) {
    await page.keyboard.press("Tab");
    const [name, isShown] = await page.evaluate(() => {
      const element = /** @type {HTMLElement} */ (document.activeElement);
      const style = getComputedStyle(element);
      return [element.getAttribute("aria-label") ?? element.textContent ?? "", (style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none" || element === document.body];
    });
    assert.ok(isShown, `${name}`);
    seen.push(name);
  }
  for (const words of ["Stop", "Details: ExportImage t-bp1good", "Cancel: ExportImage t-bp1good", "Details: ModifyDiskSpec t-bp1old"]) assert.ok(seen.includes(words), words);
});
