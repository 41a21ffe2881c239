// The page as it looks, held against the pictures in tests/page/pictures/, where nothing on it moves. After a change that is meant,
// look at the new ones in target/screenshots/pictures/ and take them over: `node tests/page/pictures.test.mjs --accept`.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch, open } from "./support/browser.mjs";
import { serve } from "./support/server.mjs";

/** @typedef {import("playwright-core").Page} Page */

const KEPT = fileURLToPath(new URL("pictures/", import.meta.url));
const NEW = fileURLToPath(new URL("../../target/screenshots/pictures/", import.meta.url));
const IS_ACCEPTED = process.argv.includes("--accept");
const HEIGHT = 760;
/** Of 255, and of all pixels: on a machine of the same letters nothing differs by itself, and a heading is more than this. */
const TOLERANCE = 24;
const LIMIT = 0.0005;
/** Ages are told from here. */
const NOW = new Date("2026-11-24T09:30:00Z");

/** State, width, scheme, language: each of them often enough, not each with each. */
const LOOKS = /** @type {const} */ ([
  ["empty", 1440, "light", "en"],
  ["empty", 375, "dark", "zh"],
  ["ecs-partial", 1440, "light", "en"],
  ["ecs-partial", 375, "light", "zh"],
  ["cloudcontrol-failed", 1440, "dark", "zh"],
  ["cloudcontrol-failed", 375, "light", "en"],
  ["ecs-mixed", 1440, "dark", "en"],
  ["ecs-mixed", 375, "light", "zh"],
  ["fault-throttling", 1440, "light", "zh"],
  ["damaged", 375, "dark", "en"],
  ["watch-form", 1440, "light", "zh"],
  ["watch-form", 375, "dark", "en"],
]);

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** Where pictures are compared: on the page itself the policy would forbid it. @type {Page} */
let bench;
/** Why pictures of this machine are not those that are kept. @type {string | false} */
let isOther = false;

before(async () => {
  [browser, server] = await Promise.all([launch(), serve()]);
  bench = await browser.newPage();
  const { page, context } = await open(browser, server.origin);
  const found = { chromium: browser.version().split(".")[0], widths: await page.evaluate(widths) };
  await context.close();
  const file = `${KEPT}fingerprint.json`;
  if (IS_ACCEPTED) {
    mkdirSync(KEPT, { recursive: true });
    for (const name of readdirSync(KEPT)) rmSync(KEPT + name);
    writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`);
  }
  const kept = JSON.parse(readFileSync(file, "utf8"));
  if (JSON.stringify(kept) !== JSON.stringify(found)) isOther = `this machine draws letters in another way than the one the pictures are of: ${JSON.stringify(found)}, not ${JSON.stringify(kept)}`;
});
after(async () => { await browser?.close(); await server?.close(); });

describe("the page looks as it did", () => {
  for (const [state, width, scheme, language] of LOOKS) {
    const name = `${state}.${width}.${scheme}.${language}.png`;
    test(name, async (t) => {
      if (isOther) return t.skip(isOther);
      const picture = await draw(t, state, { viewport: { width, height: HEIGHT }, colorScheme: scheme, locale: language === "zh" ? "zh-CN" : "en-GB" });
      if (IS_ACCEPTED) return writeFileSync(KEPT + name, picture);
      const share = existsSync(KEPT + name) ? await difference(readFileSync(KEPT + name), picture) : 1;
      if (share < LIMIT) return;
      mkdirSync(NEW, { recursive: true });
      writeFileSync(NEW + name, picture);
      assert.fail(`${(share * 100).toFixed(2)} % of the picture are not as in ${KEPT}${name}. See ${NEW}${name}; if it is meant so: node tests/page/pictures.test.mjs --accept`);
    });
  }

  test("and a single heading of another colour would be noticed", async (t) => {
    const one = await draw(t, "watch-form", { viewport: { width: 1440, height: HEIGHT } });
    const other = await draw(t, "watch-form", { viewport: { width: 1440, height: HEIGHT } }, (page) => page.locator("#watch-form-heading").evaluate((heading) => { heading.style.color = "#c00"; }));
    assert.equal(await difference(one, one), 0);
    assert.ok(await difference(one, other) > LIMIT);
  });

  test("and no picture is kept that nobody compares", () => {
    const names = LOOKS.map((look) => `${look.join(".")}.png`);
    assert.deepEqual(readdirSync(KEPT).sort(), ["fingerprint.json", ...names].sort());
  });
});

/**
 * @param {import("node:test").TestContext} t @param {string} state the name of a sample, or one of the states without any
 * @param {import("playwright-core").BrowserContextOptions} options @param {(page: Page) => Promise<void>} [change]
 */
async function draw(t, state, options, change) {
  const address = state === "empty" ? "/" : state === "watch-form" ? "/#watch" : `/#sample=${state}`;
  const { page, context, complaints } = await open(browser, server.origin, { ...options, address, before: (page) => page.clock.setFixedTime(NOW) });
  t.after(() => context.close());
  await page.waitForSelector(state === "empty" ? "#reading-body > *" : state === "watch-form" ? "#watch-form" : ".task, .tally");
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate(() => { /** @type {HTMLElement | null} */ (document.activeElement)?.blur(); scrollTo(0, 0); });
  await change?.(page);
  const picture = await page.screenshot({ animations: "disabled" });
  assert.deepEqual(complaints, []);
  return picture;
}

/** The share of pixels that differ; all of them in pictures of different sizes. @param {Buffer} one @param {Buffer} other @returns {Promise<number>} */
function difference(one, other) {
  return bench.evaluate(async ({ pictures, tolerance }) => {
    const [a, b] = await Promise.all(pictures.map(async (picture) => {
      const image = new Image();
      image.src = `data:image/png;base64,${picture}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const drawing = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
      drawing.drawImage(image, 0, 0);
      return drawing.getImageData(0, 0, image.width, image.height);
    }));
    if (a.width !== b.width || a.height !== b.height) return 1;
    let differing = 0;
    for (let i = 0; i < a.data.length; i += 4) if ([0, 1, 2].some((channel) => Math.abs(a.data[i + channel] - b.data[i + channel]) > tolerance)) differing++;
    return differing / (a.width * a.height);
  }, { pictures: [one.toString("base64"), other.toString("base64")], tolerance: TOLERANCE });
}

/** How wide some words are in the page's fonts, which tells those of one machine from those of another. */
function widths() {
  const place = document.body.appendChild(document.createElement("span"));
  place.style.cssText = "position:absolute;white-space:nowrap;font-size:100px";
  const all = [["--sans", 400], ["--sans", 600], ["--mono", 400]].flatMap(([family, weight]) => ["Hamburgefonstiv 0123", "云任务状态"].map((words) => {
    place.style.fontFamily = `var(${family})`;
    place.style.fontWeight = String(weight);
    place.textContent = words;
    return Math.round(place.getBoundingClientRect().width * 100) / 100;
  }));
  place.remove();
  return all;
}
