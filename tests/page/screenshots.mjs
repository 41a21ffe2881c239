// Draws the page's states into target/screenshots/, to be looked at: `node tests/page/screenshots.mjs [name part…]`.
// `--readme` draws the README's pictures instead.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch, open } from "./support/browser.mjs";
import { serve } from "./support/server.mjs";
import { row, rehearse } from "./support/watched.mjs";
import { lively } from "../cloud/lively.mjs";

const OUT = fileURLToPath(new URL("../../target/screenshots/", import.meta.url));
const README = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const WIDTHS = [375, 768, 1440];
/** The same world each time. */
const SEED = 1;
const WORDS = process.argv.slice(2).filter((word) => !word.startsWith("--"));

/** @type {Record<string, (page: import("playwright-core").Page) => Promise<void>>} */
const STATES = {
  empty: async () => {},
  "ecs-task": sample("ecs-task-json"),
  "ecs-partial": sample("ecs-partial"),
  "ecs-failed": sample("ecs-failed"),
  "bdrc-task": sample("bdrc-task"),
  "cloudcontrol-failed": sample("cloudcontrol-failed"),
  "cloudcontrol-succeeded": sample("cloudcontrol-succeeded"),
  list: sample("ecs-mixed"),
  "list-open": async (page) => {
    await sample("ecs-mixed")(page);
    await page.locator(".rows summary").nth(4).click();
  },
  finding: async (page) => {
    await sample("bdrc-task")(page);
    await page.locator(".place").first().click();
  },
  fault: sample("fault-throttling"),
  "fault-link": sample("fault-parameter"),
  started: sample("started"),
  accepted: sample("accepted"),
  damaged: sample("damaged"),
  samples: async (page) => { await page.locator("#samples-open").click(); },
};

/** The watching mode, each state of a world of its own. @type {Record<string, (page: import("playwright-core").Page, world: Awaited<ReturnType<typeof rehearse>>) => Promise<void>>} */
const WATCHED = {
  "watch-form": async () => {},
  "watch-form-mistakes": async (page) => {
    await page.locator("#watch-proxy").fill("https://proxy.example");
    await page.locator("#watch-ecs").fill("Hangzhou");
    await page.locator("#watch-form [type=submit]").click();
  },
  "watch-form-refused": async (page) => {
    await page.locator("#watch-token").fill("another");
    await page.locator("#watch-form [type=submit]").click();
    await page.waitForSelector("#watch-form-problem .callout");
  },
  watch: watching,
  "watch-open": async (page, world) => {
    await watching(page, world);
    const cancel = page.locator(".watch-cancel:visible").first();
    await page.locator(".watch-row:has(.watch-line[data-status=running] progress[value]) .watch-toggle").first().click();
    await row(page, "InvalidDiskCategory").locator(".watch-toggle").click();
    await cancel.click();
  },
  "watch-add": async (page, world) => {
    await watching(page, world);
    await page.locator("#watch-add").click();
    await page.locator("#add-text").fill("t-bp1newimage, t-bp1otherimage\ntask-433aead756057fff8189a7ce5, hello");
  },
  "watch-later": async (page, world) => {
    await watching(page, world);
    world.cloud.fail({ operation: "bdrc.DescribeTask", with: { kind: "throttle", retryAfterMs: 20_000 }, times: Infinity });
    world.pass(45);
    await page.waitForTimeout(4000);
    await page.evaluate(() => { dispatchEvent(new Event("online")); });
    await page.waitForTimeout(3000);
  },
};

/** @param {import("playwright-core").Page} page @param {Awaited<ReturnType<typeof rehearse>>} world */
async function watching(page, { token }) {
  await page.locator("#watch-token").fill(token);
  await page.locator("#watch-form [type=submit]").click();
  await page.waitForTimeout(7000);
}

/** @param {(nth: number) => boolean} [has] which of its tasks @returns {Promise<[Awaited<ReturnType<typeof rehearse>>, string]>} */
async function world(has = () => true) {
  const { watch, ...made } = lively(Date.now(), SEED);
  const tasks = made.tasks.filter((_, nth) => has(nth));
  const named = watch.filter(({ api, id }) => api === "cloudcontrol" && tasks.some((task) => task.id === id)).map(({ api, regionId, id }) => `${api}:${regionId}:${id}`);
  return [await rehearse({ tasks: () => tasks, arrivals: made.arrivals }), `/#watch&ecs=cn-hangzhou&bdrc=cn-shanghai&tasks=${named.join(",")}`];
}

function sample(id) {
  return async (page) => {
    await page.evaluate((hash) => { location.hash = hash; }, `sample=${id}`);
    await page.waitForFunction(() => document.querySelector(".task, .tally"));
    await page.evaluate(() => scrollTo(0, 0));
  };
}

const server = await serve();
const browser = await launch();
try {
  if (process.argv.includes("--readme")) {
    const { page } = await open(browser, server.origin, { viewport: { width: 1440, height: 940 } });
    await sample("ecs-partial")(page);
    await page.getByRole("button", { name: /^Find in the reply/ }).click();
    await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement)?.blur());
    await page.screenshot({ path: `${README}page.png` });
    const [its, address] = await world((nth) => nth % 2 === 1);
    const { page: watch } = await open(browser, its.origin, { address, viewport: { width: 1440, height: 1240 } });
    await watching(watch, its);
    its.pass(22); // the first of those that run have ended
    await watch.waitForTimeout(6000);
    await watch.mouse.move(0, 0);
    await watch.screenshot({ path: `${README}watch.png` });
    await its.close();
  } else {
    mkdirSync(OUT, { recursive: true });
    for (const [language, locale] of [["en", "en-GB"], ["zh", "zh-CN"]]) {
      for (const scheme of /** @type {const} */ (["light", "dark"])) {
        for (const width of WIDTHS) {
          for (const [state, reach] of Object.entries({ ...STATES, ...WATCHED })) {
            const name = `${state}.${width}.${scheme}.${language}`;
            if (!WORDS.every((word) => `.${name}.`.includes(word))) continue;
            const [its, address] = state in WATCHED ? await world() : [null, "/"];
            const { page, context, complaints } = await open(browser, its?.origin ?? server.origin, { address, locale, colorScheme: scheme, viewport: { width, height: width < 500 ? 812 : 900 } });
            await reach(page, /** @type {any} */ (its));
            // As tall as the page is, so that what sticks to the window is where a reader sees it.
            const tall = await page.evaluate(() => document.documentElement.scrollHeight);
            if (state !== "samples" && state !== "watch-add") await page.setViewportSize({ width, height: Math.max(width < 500 ? 812 : 900, tall) });
            await page.evaluate(() => { scrollTo(0, 0); });
            await page.screenshot({ path: `${OUT}${name}.png` });
            if (complaints.length > 0) console.error(name, complaints);
            console.log(name);
            await context.close();
            await its?.close();
          }
        }
      }
    }
  }
} finally {
  await browser.close();
  await server.close();
}
