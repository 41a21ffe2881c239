// How smooth the watch is with ten thousand tasks, and what the page costs to load: `node tests/page/frames.mjs [tasks] [slower]`,
// `slower` being by how much the browser's thread is slowed down, as for a weaker machine. Frames and answers depend on what else
// the machine does; the time that the page's thread worked does not, so that two states of the code can be compared by it.
import { ecsTask } from "../cloud/scenarios.mjs";
import { launch, open } from "./support/browser.mjs";
import { rehearse } from "./support/watched.mjs";

const N = Number(process.argv[2] ?? 10_000);
const SLOWER = Number(process.argv[3] ?? 4);
const MINUTE = 60_000;
/** Ended ones but for three. @param {number} now */
const crowd = (now) => Array.from({ length: N }, (_, i) => ecsTask(now, {
  id: `t-bp1${String(i).padStart(5, "0")}`, action: i % 4 === 0 ? "ExportImage" : "ImportImage",
  plan: i < 3 ? { createdAt: now - MINUTE, runMs: 60 * MINUTE } : { createdAt: now - (60 + i) * MINUTE, runMs: 5 * MINUTE, end: i % 100 === 7 ? "failed" : "succeeded", reach: 1 },
}));

/** What the page notes about itself, from its first moment. */
function note() {
  const seen = /** @type {any} */ (globalThis).seen = { frames: [], answers: [], long: [], ready: 0 };
  new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) seen.long.push(duration); }).observe({ type: "longtask", buffered: true });
  let last = 0;
  requestAnimationFrame(function frame(at) {
    if (last) seen.frames.push(at - last);
    last = at;
    requestAnimationFrame(frame);
  });
  // From a key to the end of the frame that shows its effect.
  addEventListener("input", () => {
    const from = performance.now();
    requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => seen.answers.push(performance.now() - from); port2.postMessage(0); });
  }, true);
  new MutationObserver((_, observer) => {
    if (!document.documentElement?.hasAttribute("data-ready")) return;
    seen.ready = performance.now();
    observer.disconnect();
  }).observe(document, { attributes: true, subtree: true });
}

/** @param {number[]} list */
function figures(list) {
  const order = list.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ part) => (order[Math.min(order.length - 1, Math.floor(part * order.length))] ?? 0).toFixed(1).padStart(7);
  return `median${at(0.5)}  95th${at(0.95)}  max${at(1)} ms  (${order.length})`;
}

/** @param {string} what @param {string} words */
const tell = (what, words) => console.log(`${what.padEnd(34)} ${words}`);

const browser = await launch();
const world = await rehearse({ tasks: crowd });
try {
  await load();
  await watch();
} finally {
  await browser.close();
  await world.close();
}

/** The page by itself, nothing in any cache. */
async function load() {
  const { page, context } = await visit("/");
  await page.waitForTimeout(500);
  const { ready, long, paint, all } = await page.evaluate(() => ({
    ...(/** @type {any} */ (globalThis).seen), paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
    all: [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map((one) => [/** @type {any} */ (one).transferSize, /** @type {any} */ (one).decodedBodySize]),
  }));
  const sum = (/** @type {number} */ i) => `${(all.reduce((/** @type {number} */ sum, /** @type {number[]} */ one) => sum + one[i], 0) / 1000).toFixed(0)} kB`;
  tell("loading: requests", `${all.length}, ${sum(0)} on the wire, ${sum(1)} unpacked`);
  tell("loading: first contentful paint", `${paint.toFixed(0)} ms`);
  tell("loading: ready to be used", `${ready.toFixed(0)} ms`);
  tell("loading: long tasks", longWords(long));
  await context.close();
}

async function watch() {
  const began = performance.now();
  const { page, context, work } = await visit(`/#watch&proxy=/&token=${encodeURIComponent(world.token)}&ecs=cn-hangzhou`);
  page.setDefaultTimeout(120_000);
  await page.locator("#watch-heading").filter({ hasText: N.toLocaleString("en") }).waitFor();
  await page.locator(".watch-state:not([data-state=starting])").waitFor();
  tell(`${N} tasks: listed after`, `${(performance.now() - began).toFixed(0)} ms`);
  await during("while they arrived", async () => {});
  await during("afterwards, for 5 s", () => page.waitForTimeout(5000)); // particulars are asked for in the meantime
  await page.mouse.move(600, 500);
  await during("scrolling by the wheel", async () => { for (let i = 0; i < 150; i++) await page.mouse.wheel(0, 240); });
  await during("scrolling by jumps", () => page.evaluate(async () => {
    const end = document.documentElement.scrollHeight;
    for (let i = 0; i < 60; i++) {
      scrollTo(0, ((i * 7919) % 60) / 60 * end);
      for (let n = 0; n < 3; n++) await new Promise(requestAnimationFrame);
    }
    scrollTo(0, 0);
  }));
  await page.locator("#watch-find").focus();
  await during("typing in the filter", async () => {
    for (const words of ["t-bp104321", "exportimage 99", "failed"]) {
      await page.keyboard.type(words, { delay: 120 });
      for (const _ of words) await page.keyboard.press("Backspace", { delay: 60 });
    }
  });
  await context.close();

  /** Tells of what was noted since the last time. @param {string} what @param {() => Promise<unknown>} act */
  async function during(what, act) {
    /** @type {Record<string, number>} */
    const before = what === "while they arrived" ? { all: 0, script: 0, style: 0, layout: 0 } : await work();
    await act();
    const after = await work();
    const { frames, answers, long } = await page.evaluate(() => /** @type {any} */ (globalThis).seen);
    tell(`${what}: frames`, figures(frames));
    if (answers.length > 0) tell(`${what}: answers`, figures(answers));
    tell(`${what}: long tasks`, longWords(long));
    tell(`${what}: work`, Object.entries(after).map(([name, ms]) => `${name} ${(ms - before[name]).toFixed(0)}`).join("  ") + " ms");
    await page.evaluate(forget);
  }
}

function forget() {
  for (const list of [/** @type {any} */ (globalThis).seen.frames, /** @type {any} */ (globalThis).seen.answers, /** @type {any} */ (globalThis).seen.long]) list.length = 0;
}

/** @param {number[]} long */
function longWords(long) {
  return `${long.length}, together ${long.reduce((sum, one) => sum + one, 0).toFixed(0)} ms, the longest ${Math.max(0, ...long).toFixed(0)} ms`;
}

/** @param {string} address */
async function visit(address) {
  /** @type {import("playwright-core").CDPSession} */
  let session;
  const { page, context } = await open(browser, world.origin, {
    address,
    before: async (page) => {
      await page.addInitScript(note);
      session = await page.context().newCDPSession(page);
      await session.send("Performance.enable", { timeDomain: "threadTicks" });
      await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    },
  });
  /** For how long the page's thread worked until now, in ms. @returns {Promise<Record<string, number>>} */
  async function work() {
    const { metrics } = await session.send("Performance.getMetrics");
    return Object.fromEntries([["all", "TaskDuration"], ["script", "ScriptDuration"], ["style", "RecalcStyleDuration"], ["layout", "LayoutDuration"]]
      .map(([name, metric]) => [name, (metrics.find((one) => one.name === metric)?.value ?? 0) * 1000]));
  }
  return { page, context, work };
}
