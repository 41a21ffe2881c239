import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clean, fits, large, space, still, whole } from "./support/everyone.mjs";
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
  "the save menu": async (page) => {
    await pick(page, "ecs-task-json");
    await page.locator(".save > summary").click();
    const box = await page.locator(".save-panel").boundingBox();
    assert.ok(box && box.x >= 0 && box.x + box.width <= (page.viewportSize()?.width ?? 0), "the menu is within the window");
  },
  "the samples": (page) => page.locator("#samples-open").click(),
};

/** What the other states are made of, too. */
const MAIN = ["nothing read", "a task that failed", "a list, one row open", "the samples"];

describe("axe finds nothing", () => {
  /** Every state light and dark, in each language and at each width; the main ones in each pair of the two. @type {[look: string, options: object, states: string[]][]} */
  const looks = [
    ["every state, English, light", {}, Object.keys(STATES)], ["every state, Chinese, dark, at 375 px", { locale: "zh-CN", colorScheme: "dark", viewport: { width: 375, height: 812 } }, Object.keys(STATES)],
    ["main states, English, dark", { colorScheme: "dark" }, MAIN], ["main states, Chinese, light", { locale: "zh-CN" }, MAIN],
  ];
  for (const [look, options, states] of looks) {
    test(look, async (t) => {
      const page = await open(t, options);
      for (const state of states) {
        await STATES[state](page);
        await clean(page, state, state === "the save menu" ? ".save" : undefined);
      }
    });
  }
});

describe("nothing scrolls sideways or is lost, all can be pressed, and nothing moves", () => {
  // At 320 px, which is 1280 px at four times the size; and with the space between letters and lines that some need.
  for (const width of [320, 1440]) {
    test(`at ${width} px`, async (t) => {
      const page = await open(t, { viewport: { width, height: 640 } });
      for (const spaced of ["", ", spaced"]) {
        if (spaced) await space(page);
        for (const [state, reach] of Object.entries(STATES)) {
          await reach(page);
          for (const look of [fits, whole, large, still]) await look(page, `${state}${spaced}: ${look.name}`);
        }
        await page.keyboard.press("Escape");
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

test("the page does not scroll sideways at any width, whatever is read", async (t) => {
  const page = await open(t);
  const check = async (/** @type {string} */ state) => {
    for (const width of [320, 375, 768]) {
      await page.setViewportSize({ width, height: 812 });
      await fits(page, `${state} at ${width} px`);
    }
  };
  await check("empty");
  for (const { id } of samples) {
    await pick(page, id);
    await page.evaluate(() => { for (const row of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".rows summary"))) row.click(); });
    await check(id);
  }
  await paste(page, JSON.stringify({ RequestId: "x".repeat(300), RegionId: "中".repeat(300), TaskId: "y".repeat(300), TaskAction: "W".repeat(200), TaskStatus: "z".repeat(200), ["k".repeat(200)]: 1 }));
  await page.waitForFunction(() => document.querySelector(".task-id")?.textContent?.startsWith("yyy"));
  await check("words that never end");
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
