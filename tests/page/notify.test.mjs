// Notifications of a hidden page, against the rehearsal cloud through the real proxy.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ecsTask } from "../cloud/scenarios.mjs";
import { reach } from "./support/page.mjs";
import { row, watched } from "./support/watched.mjs";

/** @typedef {import("playwright-core").Page} Page */

const MINUTE = 60_000;
const ERROR = { code: "InvalidImageFormat", message: "The image file is not a valid QCOW2 file.\nUpload it again." };
/** @param {number} now */
const two = (now) => [
  ecsTask(now, { id: "t-bp1good", action: "ExportImage", plan: { createdAt: now - MINUTE, runMs: 3 * MINUTE } }),
  ecsTask(now, { id: "t-bp1bad", error: ERROR, plan: { createdAt: now - MINUTE, runMs: 3 * MINUTE, end: "failed", reach: 0.6 } }),
];
const still = (/** @type {number} */ now) => [ecsTask(now, { id: "t-bp1slow", plan: { createdAt: now - MINUTE, runMs: 60 * MINUTE } })];

const begin = watched();

/**
 * A page whose notifications are kept instead of shown, and that can be hidden.
 * @param {import("node:test").TestContext} t @param {Parameters<typeof begin>[1] & { permission?: NotificationPermission, answer?: NotificationPermission, isMissing?: boolean }} options
 */
async function open(t, { permission = "default", answer = "granted", isMissing = false, ...options }) {
  const world = await begin(t, { ...options, token: null });
  const { page } = world;
  await page.addInitScript(([permission, answer, isMissing]) => {
    const told = /** @type {any[]} */ ([]);
    let isHidden = false;
    class Notice extends EventTarget {
      static permission = sessionStorage.getItem("test.permission") ?? permission;
      static asked = 0;
      static async requestPermission() {
        Notice.asked++;
        if (Notice.permission === "default") Notice.permission = answer;
        return Notice.permission;
      }
      /** @param {string} title @param {object} options */
      constructor(title, options) {
        super();
        Object.assign(this, { title, ...options, closed: false });
        told.push(this);
      }
      close() { Object.assign(this, { closed: true }); }
    }
    if (isMissing) delete /** @type {any} */ (globalThis).Notification;
    else Object.assign(globalThis, { Notification: Notice });
    Object.defineProperties(document, { hidden: { get: () => isHidden }, visibilityState: { get: () => (isHidden ? "hidden" : "visible") } });
    Object.assign(globalThis, { told, hide: (/** @type {boolean} */ hidden) => { isHidden = hidden; document.dispatchEvent(new Event("visibilitychange")); } });
  }, /** @type {const} */ ([permission, answer, isMissing]));
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  await page.locator("#watch-token").fill(world.token);
  await page.getByRole("button", { name: "Start watching" }).click();
  await page.locator(".watch-row", { hasText: /Running.*%/ }).first().waitFor();
  return { ...world, button: page.locator("#notify") };
}

/** @param {Page} page @param {boolean} hidden */
const hide = (page, hidden = true) => page.evaluate((hidden) => /** @type {any} */ (globalThis).hide(hidden), hidden);
/** @param {Page} page @param {number} n */
async function told(page, n) {
  await page.waitForFunction((n) => /** @type {any} */ (globalThis).told.length >= n, n);
  return page.evaluate(() => /** @type {any} */ (globalThis).told.map((/** @type {any} */ one) => ({ title: one.title, body: one.body, closed: one.closed })));
}
const pressed = (/** @type {import("playwright-core").Locator} */ button) => button.getAttribute("aria-pressed");
const favicon = (/** @type {Page} */ page) => page.locator("link[rel=icon]").getAttribute("href");

describe("a hidden page that may notify", () => {
  test("goes on asking, and tells of a burst by one notification, which leads to the worst of it", async (t) => {
    const { page, button, pass } = await open(t, { tasks: two });
    await page.locator(".watch input[type=search]").fill("t-bp1good");
    await row(page, "t-bp1bad").waitFor({ state: "detached" });
    await page.locator("#to-read").click();
    // While it may not ask, both come due: they are asked for at once, as soon as it may.
    await hide(page);
    pass(200);
    await page.waitForTimeout(4000);
    await button.evaluate((/** @type {HTMLElement} */ button) => button.click());
    // Where their answers come far apart each is told by itself; how a burst is told together is in endings.test.mjs.
    await page.waitForFunction(() => ["t-bp1bad", "t-bp1good"].every((id) => /** @type {any} */ (globalThis).told.some((/** @type {any} */ one) => one.body.includes(id))));
    const [{ title, body }, ...others] = await told(page, 1);
    if (others.length === 0) {
      assert.equal(title, "2 tasks ended: 1 failed");
      assert.equal(body, "Failed: ImportImage t-bp1bad · InvalidImageFormat: The image file is not a valid QCOW2 file.\nSucceeded: ExportImage t-bp1good");
    }
    const worst = await page.evaluate(() => /** @type {any} */ (globalThis).told.findIndex((/** @type {any} */ one) => one.body.includes("t-bp1bad") || one.title.includes("Failed")));
    assert.match(await page.title(), /^✗ 1 failed · /);
    assert.match(await favicon(page) ?? "", /^data:image\/svg\+xml,/);
    await page.evaluate((worst) => { /** @type {any} */ (globalThis).told[worst].dispatchEvent(new Event("click")); }, worst);
    await hide(page, false);
    await row(page, "t-bp1bad").locator(".task-body").waitFor();
    assert.equal((await told(page, 1))[worst].closed, true);
    assert.equal(await page.title(), "1 failed · tasklens");
    assert.equal(await favicon(page), "icon.svg");
  });

  test("loses no row when it is turned on and off, and asks no more once it is off", async (t) => {
    const { page, button, cloud } = await open(t, { tasks: (now) => [...two(now), ...still(now)] });
    for (const state of ["true", "false", "true"]) {
      await button.click();
      assert.equal(await pressed(button), state);
      assert.equal(await page.locator(".watch-row").count(), 3);
    }
    await hide(page);
    const calls = cloud.count("ecs.DescribeTaskAttribute");
    while (cloud.count("ecs.DescribeTaskAttribute") < calls + 6) await page.waitForTimeout(50);
    await hide(page, false);
    await button.click();
    await page.waitForFunction(() => document.querySelector(".watch-state")?.getAttribute("data-state") === "live");
    await hide(page);
    await page.waitForTimeout(500);
    const rest = cloud.count("ecs.DescribeTaskAttribute");
    await page.waitForTimeout(4500);
    assert.equal(cloud.count("ecs.DescribeTaskAttribute"), rest);
    assert.equal(await page.locator(".watch-row[data-standing=live]").count(), 3);
  });

  test("lists, too: what is new in the meantime is watched to its end", async (t) => {
    const { page, button, cloud, now, pass } = await open(t, { tasks: still });
    await button.click();
    await hide(page);
    cloud.tasks.add(ecsTask(now(), { id: "t-bp1new", action: "ExportImage", plan: { createdAt: now(), runMs: 2 * MINUTE } }));
    await page.locator(".watch-row", { hasText: "t-bp1new" }).waitFor();
    await page.waitForTimeout(3000);
    pass(150);
    const [{ title, body }] = await told(page, 1);
    assert.deepEqual([title, body], ["ExportImage: Succeeded", "t-bp1new"]);
    assert.match(await page.title(), /^✓ 1 ended · 1 running · tasklens$/);
  });

  test("tells when the asking comes to an end before the tasks do", async (t) => {
    const { page, button } = await open(t, { tasks: still });
    await button.click();
    await hide(page);
    await page.route(/\/ecs\//, (route) => route.continue({ headers: { ...route.request().headers(), authorization: "Bearer another" } }));
    assert.deepEqual(await told(page, 1), [{ title: "Watching stopped", body: "The proxy does not know this token", closed: false }]);
    await hide(page, false);
    assert.ok(await page.locator("#watch-form").isVisible());
  });

  test("is as it was after a reload", async (t) => {
    const { page, button } = await open(t, { tasks: still });
    await page.evaluate(() => sessionStorage.setItem("test.permission", "granted"));
    await button.click();
    await page.reload();
    await row(page, "t-bp1slow").waitFor();
    assert.equal(await pressed(button), "true");
    assert.equal(await page.evaluate(() => /** @type {any} */ (globalThis).Notification.asked), 0, "nothing is asked without a press");
  });
});

describe("a page that is looked at, or may not notify", () => {
  test("tells by no notification what ends before one's eyes", async (t) => {
    const { page, button, pass } = await open(t, { tasks: two });
    await button.click();
    pass(200);
    await row(page, /Succeeded.*t-bp1good/).waitFor();
    await row(page, /Failed.*t-bp1bad/).waitFor();
    await page.waitForTimeout(1500);
    assert.deepEqual(await told(page, 0), []);
    assert.equal(await page.title(), "1 failed · tasklens");
  });

  test("asks for leave on a press alone, and says when it is refused", async (t) => {
    const { page, button } = await open(t, { tasks: still, answer: "denied" });
    assert.equal(await page.evaluate(() => /** @type {any} */ (globalThis).Notification.asked), 0);
    assert.equal(await page.locator("#notify-note").isVisible(), false);
    await reach(page, "#notify");
    await page.keyboard.press("Enter");
    await page.locator("#notify-note", { hasText: "The browser blocks them" }).waitFor();
    assert.equal(await pressed(button), "false");
    assert.match(await page.locator("#say").textContent() ?? "", /The browser blocks them/);
    await page.locator("label:has([value=zh])").click();
    await page.locator("#notify-note", { hasText: "通知已被浏览器阻止" }).waitFor();
    await page.evaluate(() => { /** @type {any} */ (globalThis).Notification.permission = "granted"; });
    await hide(page);
    await hide(page, false);
    assert.equal(await pressed(page.locator("#notify")), "true", "as soon as the browser lets it");
  });

  test("stays off where the question is left without an answer", async (t) => {
    const { page, button } = await open(t, { tasks: still, answer: "default" });
    await button.click();
    assert.equal(await pressed(button), "false");
    assert.equal(await page.evaluate(() => localStorage.getItem("tasklens.notify")), null);
  });

  test("says so where the browser has none", async (t) => {
    const { page, button } = await open(t, { tasks: still, isMissing: true });
    assert.ok(await button.isDisabled());
    assert.match(await page.locator("#notify-note").textContent() ?? "", /lets no page send notifications/);
  });
});
