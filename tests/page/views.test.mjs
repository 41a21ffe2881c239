// Saved views: what is kept, and the menu.
import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NO_FILTER, NO_LOOK } from "../../www/watch/filter.js";
import { LONGEST, lookAt, lookOf, MOST, nameOf, readViews, withoutView, withView, writeViews } from "../../www/watch/views.js";
import { ecsTask } from "../cloud/scenarios.mjs";
import { reach } from "./support/page.mjs";
import { row, watched } from "./support/watched.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LOOK = { ...NO_LOOK, filter: { ...NO_FILTER, text: "image", status: ["failed"], sort: /** @type {const} */ ("newest") }, view: /** @type {const} */ ("timeline") };
const AT = "#watch&find=image&status=failed&sort=newest&view=timeline";

describe("a view", () => {
  test("is what the address says of it, without the open task", () => {
    assert.equal(lookAt({ ...LOOK, open: "ecs:cn-hangzhou:t-1" }), AT);
    assert.deepEqual(lookOf({ name: "", at: AT }), LOOK);
  });
  test("has one line for a name, and not a long one", () => {
    assert.equal(nameOf("  my\n\tfailed  ones "), "my failed ones");
    assert.equal([...nameOf("任".repeat(60))].length, LONGEST);
    assert.equal(nameOf("😀".repeat(60)), "😀".repeat(LONGEST), "no half of a character");
  });
  test("is kept, replaced under its name, and taken away", () => {
    const one = withView([], " Mine ", LOOK);
    assert.deepEqual(one, [{ name: "Mine", at: AT }]);
    const views = /** @type {import("../../www/watch/views.js").View[]} */ (withView(/** @type {any} */ (one), "All", NO_LOOK));
    assert.deepEqual(withView(views, "Mine", NO_LOOK), [{ name: "Mine", at: "#watch" }, { name: "All", at: "#watch" }]);
    assert.deepEqual(withoutView(views, "Mine"), [{ name: "All", at: "#watch" }]);
    assert.deepEqual(readViews(writeViews(views)), views);
  });
  test("is refused without a name, too long, or as one too many", () => {
    assert.equal(withView([], " \n", LOOK), "none");
    assert.equal(withView([], "long", { ...LOOK, filter: { ...NO_FILTER, text: "x".repeat(3000) } }), "long");
    const full = Array.from({ length: MOST }, (_, n) => ({ name: `v${n}`, at: "#watch" }));
    assert.equal(withView(full, "another", LOOK), "many");
    assert.equal(withView(full, "v3", LOOK).length, MOST);
  });
});

describe("what was kept", () => {
  /** @type {[string, string | null, unknown][]} */
  const cases = [
    ["is nothing at first", null, []],
    ["may be no JSON", "{[", []],
    ["may be another thing", '{"name":"x"}', []],
    ["may hold what is no view", JSON.stringify([null, 3, "x", {}, { name: "x" }, { name: "", at: "#watch" }, { name: "y", at: "https://example.com" }, { name: "z", at: 7 }]), []],
    ["may hold one twice", JSON.stringify([{ name: "a", at: "#watch" }, { name: "a", at: AT }]), [{ name: "a", at: "#watch" }]],
    ["yields no token, and nothing to watch", JSON.stringify([{ name: "a", at: "#watch&token=secret&proxy=https://evil.example&ecs=cn-hangzhou&status=failed,nonsense&open=ecs:x:y" }]), [{ name: "a", at: "#watch&status=failed" }]],
  ];
  for (const [claim, text, wanted] of cases) test(claim, () => assert.deepEqual(readViews(text), wanted));
  test("may be too much", () => {
    assert.equal(readViews(JSON.stringify(Array.from({ length: 500 }, (_, n) => ({ name: `v${n}`, at: "#watch" })))).length, MOST);
    assert.deepEqual(readViews(JSON.stringify([{ name: "a", at: `#watch&find=${"x".repeat(3000)}` }])), []);
  });
});

const open = watched();
const MINUTE = 60_000;
/** @param {number} now */
const some = (now) => [
  ecsTask(now, { id: "t-bp1good", action: "ExportImage", plan: { createdAt: now - MINUTE, runMs: 30 * MINUTE } }),
  ecsTask(now, { id: "t-bp1other", action: "ModifyDiskSpec", plan: { createdAt: now - MINUTE, runMs: 30 * MINUTE } }),
];
/** @param {Page} page */
const focused = (page) => page.evaluate(() => document.activeElement?.textContent);
/** @param {Page} page */
const kept = (page) => page.evaluate(() => localStorage.getItem("tasklens.views"));

describe("the menu of views", () => {
  test("saves, shows again and removes, by the keyboard alone", async (t) => {
    const { page, token } = await open(t, { tasks: some, watch: "ecs=cn-hangzhou&find=export&sort=newest" });
    await row(page, "t-bp1good").waitFor();
    await reach(page, ".views > summary");
    await page.keyboard.press("Enter");
    await page.locator("#views-name").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator("#views-said", { hasText: "Enter a name." }).waitFor();
    await page.keyboard.type("Exports <b>");
    await page.keyboard.press("Enter");
    await page.locator(".views-pick[aria-current]", { hasText: "Exports <b>" }).waitFor();
    assert.equal(await kept(page), '[{"name":"Exports <b>","at":"#watch&find=export&sort=newest"}]');
    assert.ok(!(await kept(page))?.includes(token));
    await page.keyboard.press("Escape");
    assert.equal(await focused(page), "Views");
    await page.getByRole("button", { name: "Show all" }).click();
    await row(page, "t-bp1other").waitFor();
    await page.locator("#filter-sort").selectOption("action");
    await reach(page, ".views > summary");
    await page.keyboard.press("Enter");
    await page.locator(".views-pick").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await row(page, "t-bp1other").waitFor({ state: "detached" });
    assert.equal(new URL(page.url()).hash, "#watch&ecs=cn-hangzhou&find=export&sort=newest");
    assert.equal(await page.locator("#watch-find").inputValue(), "export");
    assert.equal(await focused(page), "Views");
    await page.keyboard.press("Enter");
    await page.locator(".views-pick[aria-current]").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".views-pick").waitFor({ state: "detached" });
    assert.equal(await kept(page), "[]");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "views-name");
  });

  test("shows list or timeline, too, by the pointer", async (t) => {
    const { page } = await open(t, { tasks: some, before: (page) => page.addInitScript(() => localStorage.setItem("tasklens.views", '[{"name":"Times","at":"#watch&view=timeline"},{"name":"Rows","at":"#watch"}]')) });
    await row(page, "t-bp1good").waitFor();
    for (const [name, shown] of [["Times", ".timeline"], ["Rows", ".watch-frame"]]) {
      await page.locator(".views > summary").click();
      await page.locator(".views-pick", { hasText: name }).click();
      await page.locator(shown).waitFor();
      assert.ok(await page.locator(".views-panel").isHidden());
    }
  });

  test("works where nothing is kept, and says so", async (t) => {
    const { page } = await open(t, { tasks: some, before: (page) => page.addInitScript(() => { Storage.prototype.setItem = () => { throw new Error("full"); }; }) });
    await row(page, "t-bp1good").waitFor();
    await page.locator(".views > summary").click();
    await page.locator("#views-name").fill("x");
    await page.keyboard.press("Enter");
    await page.locator("#views-said", { hasText: "The browser keeps nothing here." }).waitFor();
  });
});

describe("a menu", () => {
  for (const [name, menu] of /** @type {const} */ ([["Save", ".watch-strip .save"], ["Filter", ".filter-more"], ["Views", ".views"]])) {
    test(`closes by a click elsewhere, and by Escape wherever the focus is: ${name}`, async (t) => {
      const { page } = await open(t, { tasks: some });
      await row(page, "t-bp1good").waitFor();
      const summary = page.locator(`${menu} > summary`);
      const isOpen = () => page.locator(menu).evaluate((one) => /** @type {HTMLDetailsElement} */ (one).open);
      await summary.click();
      await page.waitForTimeout(100);
      await page.locator("#watch-heading").click();
      assert.equal(await isOpen(), false, "a click");
      await summary.click();
      await page.waitForTimeout(100);
      await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement)?.blur());
      await page.keyboard.press("Escape");
      assert.equal(await isOpen(), false, "Escape");
      assert.ok(await summary.evaluate((one) => one === document.activeElement));
      await summary.click();
      assert.equal(await isOpen(), true);
    });
  }

  test("stays within the page, however wide that is", async (t) => {
    const { page } = await open(t, { tasks: some });
    await row(page, "t-bp1good").waitFor();
    for (const width of [320, 375, 500, 768, 1000, 1440]) {
      await page.setViewportSize({ width, height: 700 });
      for (const menu of [".watch-strip .save", ".filter-more", ".views"]) {
        await page.locator(`${menu} > summary`).click();
        const box = await page.locator(`${menu} > :not(summary)`).first().boundingBox();
        assert.ok(box && box.x >= 0 && box.x + box.width <= width, `${menu} at ${width}`);
        await page.keyboard.press("Escape");
      }
    }
  });

  for (const [look, options] of /** @type {const} */ ([["English, light", {}], ["Chinese, dark, at 375 px", { locale: "zh-CN", colorScheme: "dark", viewport: { width: 375, height: 812 } }]])) {
    test(`has nothing that axe finds: ${look}`, async (t) => {
      const { page } = await open(t, { tasks: some, ...options, before: (page) => page.addInitScript(() => localStorage.setItem("tasklens.views", '[{"name":"Failed lately","at":"#watch&status=failed"},{"name":"Rows","at":"#watch"}]')) });
      await row(page, "t-bp1good").waitFor();
      for (const menu of [".watch-strip .save", ".filter-more", ".views"]) {
        await page.locator(`${menu} > summary`).click();
        await page.waitForTimeout(100);
        const { violations } = await new AxeBuilder({ page }).analyze();
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ").slice(0, 300)}`), [], menu);
        await page.keyboard.press("Escape");
      }
    });
  }
});
