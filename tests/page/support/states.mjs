// The page's states, each with the way that leads to it: for pictures of them, and for whoever checks all of them for one thing.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { lively } from "../../cloud/lively.mjs";
import { BUILT, serve } from "./server.mjs";
import { rehearse, row } from "./watched.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{ pass: (seconds: number) => Promise<void>, cloud: Awaited<ReturnType<typeof rehearse>>["cloud"], token: string }} World */
/** @typedef {{ origin: string, address: string, ready?: string, close: () => Promise<void>, world?: Awaited<ReturnType<typeof rehearse>> }} Place */
/** @typedef {{ at: () => Promise<Place>, reach: (page: Page, world: World) => Promise<unknown>, isWindow?: boolean }} State `isWindow`: it is seen in a window, not as tall as all it holds */

/** When it is in every picture, so that two of them differ by what is drawn and not by the day. */
export const NOW = Date.UTC(2026, 10, 24, 2, 10, 4);
/** The same world each time. */
const SEED = 1;
const PKG = process.env.TASKLENS_PKG ?? fileURLToPath(new URL("../../../pkg", import.meta.url));
const SITE = process.env.TASKLENS_SITE ?? BUILT;

// ── where the page is ──

/** @param {string} [site] @param {string} [address] @param {string} [ready] @returns {Promise<Place>} */
async function reading(site = SITE, address = "/", ready) {
  return { address, ready, ...await serve(site) };
}

/** The page with a cloud of its own behind it. @returns {Promise<Place>} */
async function watching() {
  const { watch, tasks, arrivals } = lively(NOW, SEED);
  const named = watch.filter(({ api }) => api === "cloudcontrol").map(({ api, regionId, id }) => `${api}:${regionId}:${id}`);
  const world = await rehearse({ tasks: () => tasks, arrivals, at: NOW });
  return { origin: world.origin, address: `/#watch&ecs=cn-hangzhou&bdrc=cn-shanghai&tasks=${named.join(",")}`, close: world.close, world };
}

/** The page in one file. @returns {Promise<Place>} */
async function file() {
  return { origin: "", address: `${pathToFileURL(path.join(PKG, "tasklens.html"))}#sample=ecs-partial`, close: async () => {} };
}

const ELEMENTS = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Somebody's page</title><link rel="icon" href="/icon.svg">
<script type="importmap">{"imports": {"tasklens": "/tasklens/dist/inline.js", "tasklens/element": "/tasklens/dist/element.js"}}</script>
<style>:root { color-scheme: light dark; font: 16px/1.5 system-ui, "Noto Sans", "Liberation Sans", sans-serif; } body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }</style>
<h1>Nightly images</h1><tasklens-list></tasklens-list><h2>The one that failed</h2><tasklens-task></tasklens-task>
<script type="module">
  import { init, parse } from "tasklens";
  import "tasklens/element";
  await init();
  const text = async (name) => (await fetch("/samples/" + name)).text();
  const list = document.querySelector("tasklens-list");
  const task = document.querySelector("tasklens-task");
  list.lang = task.lang = navigator.language;
  list.tasks = parse(await text("synthetic-tasks.json")).tasks;
  task.task = parse(await text("synthetic-failed.xml")).task;
  document.documentElement.dataset.ready = "";
</script></html>`;

/** Somebody's page with the two elements. @returns {Promise<Place>} */
async function elements() {
  const own = mkdtempSync(path.join(tmpdir(), "tasklens-elements-"));
  writeFileSync(path.join(own, "index.html"), ELEMENTS);
  const place = await reading([own, SITE].join(path.delimiter));
  return { ...place, close: async () => { rmSync(own, { recursive: true }); await place.close(); } };
}

// ── ways ──

/** @param {string} id @param {(page: Page) => Promise<unknown>} [then] @returns {State} */
function sample(id, then = async () => {}) {
  return {
    at: reading,
    async reach(page) {
      await page.evaluate((hash) => { location.hash = hash; }, `sample=${id}`);
      await page.waitForFunction(() => document.querySelector(".task, .tally"));
      await page.evaluate(() => { scrollTo(0, 0); });
      await then(page);
    },
  };
}

/** The form that starts a watch. @param {State["reach"]} reach @returns {State} */
const form = (reach) => ({ at: watching, reach });

/** A running watch, all of whose tasks are known. @param {State["reach"]} [then] @param {boolean} [isWindow] @returns {State} */
function watch(then = async () => {}, isWindow = false) {
  return {
    at: watching, isWindow,
    async reach(page, world) {
      await page.locator("#watch-token").fill(world.token);
      await page.locator("#watch-form [type=submit]").click();
      await page.locator(".watch-line progress[value]").first().waitFor({ state: "attached" });
      await page.waitForTimeout(5000);
      await then(page, world);
    },
  };
}

/** Until what failed while it was watched is told. @param {Page} page @param {World} world */
async function failed(page, world) {
  await world.pass(24);
  await page.locator(".watch-row[data-changed=failed]").first().waitFor();
}

/** @param {Page} page @param {string} selector */
const toggle = (page, selector) => page.locator(`${selector} .watch-toggle`).first().click();
const RUNNING = ".watch-row:has(.watch-line[data-status=running] progress[value])";

/** @type {Record<string, State>} */
export const STATES = {
  empty: { at: reading, reach: async () => {} },
  samples: { at: reading, isWindow: true, reach: (page) => page.locator("#samples-open").click() },
  "ecs-task": sample("ecs-task-json"),
  "ecs-partial": sample("ecs-partial"),
  "ecs-failed": sample("ecs-failed"),
  "bdrc-task": sample("bdrc-task"),
  "cloudcontrol-failed": sample("cloudcontrol-failed"),
  "cloudcontrol-succeeded": sample("cloudcontrol-succeeded"),
  list: sample("ecs-mixed"),
  "list-open": sample("ecs-mixed", (page) => page.locator(".rows summary").nth(4).click()),
  place: sample("ecs-partial", (page) => page.locator(".task-id > button").last().click()),
  finding: sample("bdrc-task", (page) => page.locator(".place").first().click()),
  fault: sample("fault-throttling"),
  "fault-link": sample("fault-parameter"),
  started: sample("started"),
  accepted: sample("accepted"),
  damaged: sample("damaged"),
  file: { at: file, reach: (page) => page.locator(".task").first().waitFor() },
  elements: { at: elements, reach: (page) => page.waitForTimeout(500) },

  "watch-form": form(async () => {}),
  "watch-form-mistakes": form(async (page) => {
    await page.locator("#watch-proxy").fill("https://proxy.example");
    await page.locator("#watch-ecs").fill("Hangzhou");
    await page.locator("#watch-form [type=submit]").click();
  }),
  "watch-form-refused": form(async (page) => {
    await page.locator("#watch-token").fill("another");
    await page.locator("#watch-form [type=submit]").click();
    await page.waitForSelector("#watch-form-problem .callout");
  }),
  watch: watch(failed),
  "watch-failed": watch(async (page, world) => {
    await failed(page, world);
    await toggle(page, ".watch-row[data-changed=failed]");
  }),
  "watch-partial": watch(async (page, world) => {
    await world.pass(40);
    await toggle(page, ".watch-row[data-changed=partial]");
  }),
  "watch-new": watch(async (page, world) => {
    await world.pass(20);
    await page.locator(".watch-new:visible").first().waitFor();
  }),
  "watch-open": watch(async (page) => {
    const cancel = page.locator(".watch-cancel:visible").first();
    await toggle(page, RUNNING);
    await row(page, "InvalidDiskCategory").locator(".watch-toggle").click();
    await cancel.click();
  }),
  "watch-seen": watch(async (page, world) => {
    await world.pass(20);
    await page.waitForTimeout(4000);
    await toggle(page, RUNNING);
    await page.locator(".watch-record details > summary:visible").first().click();
  }),
  "watch-timeline": watch(async (page, world) => {
    await failed(page, world);
    await page.locator("[name=watch-view][value=timeline]").check({ force: true });
  }),
  "watch-filter": watch(async (page, world) => {
    await failed(page, world);
    await page.locator("#watch-find").fill("image");
    await page.locator(".filter-more > summary").click();
    for (const value of ["failed", "running"]) await page.locator(`.filter-values input[value=${value}]`).check();
  }),
  "watch-filter-none": watch((page) => page.locator("#watch-find").fill("nothing has this name")),
  "watch-save": watch((page) => page.locator(".save:visible > summary").click(), true),
  "watch-notify-on": watch(async (page) => {
    await page.context().grantPermissions(["notifications"]);
    await page.locator("#notify").click();
  }),
  "watch-notify-denied": watch(async (page) => {
    await page.evaluate(() => { Object.defineProperties(Notification, { permission: { get: () => "denied" }, requestPermission: { value: async () => "denied" } }); });
    await page.locator("#notify").click();
    await page.locator("#notify-note").waitFor();
  }),
  "watch-add": watch(async (page) => {
    await page.locator("#watch-add").click();
    await page.locator("#add-text").fill("t-bp1newimage, t-bp1otherimage\ntask-433aead756057fff8189a7ce5, hello");
  }, true),
  "watch-throttled": watch(async (page, world) => {
    world.cloud.fail({ operation: "bdrc.DescribeTask", with: { kind: "throttle", retryAfterMs: 20_000 }, times: Infinity });
    await world.pass(45);
    await page.waitForTimeout(4000);
    await page.evaluate(() => { dispatchEvent(new Event("online")); });
    await page.waitForTimeout(3000);
  }),
  "watch-offline": watch(async (page) => {
    await page.context().setOffline(true);
    await page.waitForTimeout(3000);
  }),
};
