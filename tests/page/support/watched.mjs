// The whole way for one test file: the rehearsal cloud, the real proxy in workerd, and the page beside it, as deployed.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before } from "node:test";
import { createCloud } from "../../cloud/cloud.mjs";
import { CREDENTIAL, startProxy } from "../../worker/support/proxy.mjs";
import { launch, open } from "./browser.mjs";
import { BUILT } from "./server.mjs";

/** @typedef {import("../../cloud/tasks.mjs").Task} Task */
/** @typedef {Awaited<ReturnType<typeof rehearse>>} World */
/** @typedef {Parameters<typeof open>[2] & { mayComplain?: boolean, world?: () => World, tasks?: (now: number) => Task[], env?: Record<string, string | null>, watch?: string, token?: string | null }} Options */

const PATIENCE = 20_000;
/** The last of several roots is the built one, which has the package. */
const SITE = path.resolve(process.env.TASKLENS_SITE?.split(path.delimiter).at(-1) ?? BUILT);

/**
 * A page that watches a cloud of its own, or one that is shared. `watch` is the rest of its fragment, `token` another one than the right one, null for none.
 * @returns {(t: import("node:test").TestContext, options?: Options) => Promise<Awaited<ReturnType<typeof rehearse>> & { page: import("playwright-core").Page }>}
 */
export function watched() {
  /** @type {import("playwright-core").Browser} */
  let browser;
  before(async () => { browser = await launch(); });
  after(() => browser?.close());
  return async (t, { mayComplain = false, world: others, tasks, env, watch = "ecs=cn-hangzhou", token, ...options } = {}) => {
    const world = others?.() ?? await rehearse({ tasks, env });
    const shown = token === undefined ? world.token : token;
    const { page, context, complaints, strays } = await open(browser, world.origin, {
      permissions: ["clipboard-read", "clipboard-write"], address: `/#watch&proxy=/${shown === null ? "" : `&token=${encodeURIComponent(shown)}`}&${watch}`, ...options,
    });
    page.setDefaultTimeout(PATIENCE);
    t.after(async () => {
      await context.close();
      if (!others) await world.close();
      // A refused call is a line in the console, whoever handles it.
      const told = complaints.filter((one) => !/^Failed to load resource: (?:the server responded with a status of \d+|net::ERR_INTERNET_DISCONNECTED)/.test(one));
      if (!mayComplain) assert.deepEqual(told, [], "the console stays silent and no policy is violated");
      assert.deepEqual(strays, [], "nothing is asked of another origin");
    });
    return { page, ...world };
  };
}

/**
 * One world for all the tests of a file that only look.
 * @param {Parameters<typeof rehearse>[0]} options
 * @returns {() => World} not before the first test
 */
export function shared(options) {
  /** @type {World} */
  let world;
  before(async () => { world = await rehearse(options); });
  after(() => world?.close());
  return () => world;
}

/**
 * A cloud whose clock can be put forward, its proxy, and the page in front.
 * @param {{ tasks?: (now: number) => Task[], arrivals?: Iterable<Task>, env?: Record<string, string | null>, at?: number }} [options] `at`: when it is there; the proxy, which is told off for its clock, asks again by the cloud's
 */
export async function rehearse({ tasks = () => [], arrivals, env = {}, at = Date.now() } = {}) {
  let ahead = at - Date.now();
  const now = () => Date.now() + ahead;
  const cloud = createCloud({ credential: CREDENTIAL, tasks: tasks(now()), arrivals, now, cancelMs: 1000 });
  await cloud.listen();
  const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: cloud.url, ...env }, site: SITE });
  return {
    cloud, now, origin: proxy.url, token: /** @type {string} */ (proxy.token),
    /** Within the gateway's quarter of an hour. @param {number} seconds */
    pass: (seconds) => { ahead += seconds * 1000; },
    close: async () => {
      await proxy.dispose();
      await cloud.close();
    },
  };
}

/** A row of the table, by a part of its words. @param {import("playwright-core").Page} page @param {string | RegExp} words */
export const row = (page, words) => page.locator(".watch-row").filter({ hasText: words });
