// Draws the page's states into target/screenshots/, to be looked at: `node tests/page/screenshots.mjs [name part…]`.
// `--window` draws what a window shows of it, without it all that the page holds; `--readme` draws the documentation's pictures.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch, open } from "./support/browser.mjs";
import { NOW, STATES } from "./support/states.mjs";

/** @typedef {{ width: number, height: number, scheme: "light" | "dark", locale: string, of?: string, isTall?: boolean }} Look `of`: the picture is of this part */

const OUT = fileURLToPath(new URL("../../target/screenshots/", import.meta.url));
const DOCS = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const LOCALES = { en: "en-GB", zh: "zh-CN" };
const HEIGHTS = { 375: 812, 768: 900, 1440: 900 };
const WORDS = process.argv.slice(2).filter((word) => !word.startsWith("--"));

/** What the README and docs/page.md show: name of the file, which begins with the state's. @type {Record<string, Partial<Look>>} */
const PICTURES = {
  "place": { height: 800 },
  "watch": { height: 1100 },
  "watch-timeline": { height: 1000 },
  "watch-failed": { height: 900 },
  "watch-seen": { of: ".watch-record:visible" },
  "watch-filter": { height: 680 },
  "watch-save": { height: 420 },
  "watch-notify-on": { height: 320 },
  "watch-add": { of: "#add" },
  "file": { height: 760, scheme: "dark" },
  "elements": { width: 900, height: 760 },
  "watch.phone": { width: 375, height: 812 },
  "watch-timeline.phone.dark": { width: 375, height: 812, scheme: "dark" },
  "watch.dark.zh": { height: 800, scheme: "dark", locale: LOCALES.zh },
};

/** @param {import("playwright-core").Browser} browser @param {string} state @param {string} file @param {Look} look */
async function draw(browser, state, file, { width, height, scheme, locale, of, isTall }) {
  const { at, reach, isWindow } = STATES[state];
  const { origin, address, ready, world, close } = await at();
  try {
    const { page, context, complaints } = await open(browser, origin, {
      address, ready, locale, colorScheme: scheme, viewport: { width, height }, before: (page) => page.clock.install({ time: NOW }),
    });
    const pass = async (/** @type {number} */ seconds) => { world?.pass(seconds); await page.clock.fastForward(seconds * 1000); };
    await reach(page, /** @type {any} */ ({ ...world, pass }));
    // As tall as the page is, so that what sticks to the window is where a reader sees it.
    if (isTall && !isWindow) await page.setViewportSize({ width, height: Math.max(height, await page.evaluate(() => document.documentElement.scrollHeight)) });
    await page.evaluate(() => { scrollTo(0, 0); });
    await page.mouse.move(0, 0);
    await (of ? page.locator(of) : page).screenshot({ path: file });
    if (complaints.length > 0) console.error(file, complaints);
    console.log(file);
    await context.close();
  } finally {
    await close();
  }
}

const browser = await launch();
try {
  if (process.argv.includes("--readme")) {
    for (const [name, look] of Object.entries(PICTURES)) {
      if (!WORDS.every((word) => `.${name}.`.includes(word))) continue;
      await draw(browser, name.split(".")[0], `${DOCS}${name}.png`, { width: 1440, height: 900, scheme: "light", locale: LOCALES.en, ...look });
    }
  } else {
    mkdirSync(OUT, { recursive: true });
    for (const [language, locale] of Object.entries(LOCALES)) {
      for (const scheme of /** @type {const} */ (["light", "dark"])) {
        for (const [width, height] of Object.entries(HEIGHTS)) {
          for (const state of Object.keys(STATES)) {
            const name = `${state}.${width}.${scheme}.${language}`;
            if (WORDS.every((word) => `.${name}.`.includes(word))) await draw(browser, state, `${OUT}${name}.png`, { width: Number(width), height, scheme, locale, isTall: !process.argv.includes("--window") });
          }
        }
      }
    }
  }
} finally {
  await browser.close();
}
