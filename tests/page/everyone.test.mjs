import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pages, paste, pick } from "./support/page.mjs";
import { samples } from "./support/replies.mjs";

const open = pages();

/** @type {Record<string, (page: import("playwright-core").Page) => Promise<unknown>>} */
const STATES = {
  "nothing read": async () => {},
  "a task": (page) => pick(page, "bdrc-task"),
  "a task that failed": (page) => pick(page, "cloudcontrol-failed"),
  "sub-tasks": (page) => pick(page, "ecs-partial"),
  "a finding marked": async (page) => { await pick(page, "ecs-task-json"); await page.locator(".place").click(); },
  "a list, one row open": async (page) => { await pick(page, "ecs-mixed"); await page.locator(".rows summary").nth(4).click(); },
  "a fault": (page) => pick(page, "fault-parameter"),
  "a started task": (page) => pick(page, "started"),
  "a parse error": (page) => pick(page, "damaged"),
  "the samples": (page) => page.locator("#samples-open").click(),
};

describe("axe finds nothing", () => {
  /** @type {[string, object][]} */
  const looks = [["English, light", {}], ["English, dark", { colorScheme: "dark" }], ["Chinese, light", { locale: "zh-CN" }], ["Chinese, dark, at 375 px", { locale: "zh-CN", colorScheme: "dark", viewport: { width: 375, height: 812 } }]];
  for (const [look, options] of looks) {
    test(`in any state: ${look}`, async (t) => {
      const page = await open(t, options);
      for (const [state, reach] of Object.entries(STATES)) {
        await reach(page);
        const { violations } = await new AxeBuilder({ page }).analyze();
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ").slice(0, 400)}`), [], state);
      }
    });
  }
});

describe("the reply's colours", () => {
  // Drawn beneath the text area, they are what axe cannot judge.
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(`keep 4.5:1 on every ground they stand on, ${colorScheme}`, async (t) => {
      const page = await open(t, { colorScheme });
      const poor = await page.evaluate(() => {
        const canvas = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d", { willReadFrequently: true }));
        const probe = document.body.appendChild(document.createElement("i"));
        const luminance = (/** @type {string} */ colour) => {
          probe.style.color = colour;
          canvas.fillStyle = getComputedStyle(probe).color;
          canvas.fillRect(0, 0, 1, 1);
          const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const mixed = (/** @type {string} */ tone, /** @type {number} */ part) => `color-mix(in oklab, var(--${tone}) ${part}%, var(--surface))`;
        const grounds = ["var(--surface)", "var(--sunken)", ...["finding", "failed", "accent"].map((tone) => mixed(tone, 10))];
        const pairs = ["ink", "code-key", "code-string", "code-number", "code-word", "code-mark"].flatMap((ink) => grounds.map((ground) => [`var(--${ink})`, ground]));
        for (const tone of ["finding", "failed", "accent"]) pairs.push(["var(--ink)", mixed(tone, 22)], [`var(--${tone})`, mixed(tone, 10)]);
        return pairs.map(([ink, ground]) => {
          const [a, b] = [luminance(ink), luminance(ground)].sort((x, y) => y - x);
          return [ink, ground, (a + 0.05) / (b + 0.05)];
        }).filter(([, , ratio]) => Number(ratio) < 4.5);
      });
      assert.deepEqual(poor, []);
    });
  }
});

describe("the page does not scroll sideways", () => {
  for (const width of [320, 375, 768]) {
    test(`at ${width} px, whatever is read`, async (t) => {
      const page = await open(t, { viewport: { width, height: 812 } });
      const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
      assert.ok(await fits(), "empty");
      for (const { id } of samples) {
        await pick(page, id);
        for (const row of await page.locator(".rows summary").all()) await row.click();
        assert.ok(await fits(), id);
      }
      await paste(page, JSON.stringify({ RequestId: "x".repeat(300), RegionId: "中".repeat(300), TaskId: "y".repeat(300), TaskAction: "W".repeat(200), TaskStatus: "z".repeat(200), ["k".repeat(200)]: 1 }));
      await page.waitForFunction(() => document.querySelector(".task-id")?.textContent?.startsWith("yyy"));
      assert.ok(await fits(), "words that never end");
    });
  }
});

describe("the language of the page", () => {
  test("is told to who reads it aloud, the package's English within the Chinese, too", async (t) => {
    const page = await open(t, { locale: "zh-CN" });
    await pick(page, "bdrc-task");
    assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
    assert.equal(await page.locator(".finding-words .server").getAttribute("lang"), "en");
  });
});

describe("no state is told by colour alone", () => {
  test("each status has a shape and a word of its own", async (t) => {
    const page = await open(t);
    await pick(page, "ecs-mixed");
    const badges = await page.locator(".tally .badge").evaluateAll((all) => all.map((badge) => [badge.querySelector("svg")?.innerHTML, badge.textContent]));
    assert.equal(new Set(badges.map(([shape]) => shape)).size, badges.length);
    assert.equal(new Set(badges.map(([, word]) => word)).size, badges.length);
    for (const [shape] of badges) assert.match(shape, /^<(circle|path|rect) /);
  });

  test("with the system's own colours the reply is still there to read", async (t) => {
    const page = await open(t, { forcedColors: "active" });
    await pick(page, "bdrc-task");
    assert.equal(await page.locator(".raw-code").first().evaluate((code) => getComputedStyle(code).visibility), "hidden");
    assert.notEqual(await page.locator("#raw-text").evaluate((area) => getComputedStyle(area).webkitTextFillColor), "rgba(0, 0, 0, 0)");
  });
});
