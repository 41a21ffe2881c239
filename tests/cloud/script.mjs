// @ts-check
// When things go wrong: the mishaps in order, the hooks, and the quotas by the minute.
import { toMishap } from "./mishaps.mjs";

/** @typedef {import("./cloud.mjs").Logged} Logged */
/** @typedef {import("./mishaps.mjs").Mishap} Mishap */
/** @typedef {import("./mishaps.mjs").With} With */

/**
 * @typedef {object} Order
 * @property {With} with
 * @property {string} [operation] such as `ecs.DescribeTasks`; any if absent
 * @property {string} [region] any if absent
 * @property {string} [id] only calls that name this task; any if absent
 * @property {number} [times] 1 if absent; `Infinity` until stopped
 * @property {number} [after] how many calls pass first; 0 if absent
 */

/** Called for each admitted call before its tasks are read; `n` counts the calls of its operation from 1. @typedef {(call: Logged, n: number) => With | void | undefined} Hook */

/** Calls by the minute, for each operation and region, as the gateway counts (documented). @typedef {Record<string, number>} Quotas */

const MINUTE_MS = 60_000;

/** @param {{ now: () => number, quotas: Quotas, throttle: { status?: number, hint?: boolean } }} world */
export function createScript({ now, quotas, throttle }) {
  /** @type {{ order: Order, passed: number, left: number }[]} */
  const orders = [];
  /** @type {Set<Hook>} */
  const hooks = new Set();
  /** @type {Map<string, number>} */
  const counted = new Map();
  /** @type {{ minute: number, used: Map<string, number> }} */
  let bucket = { minute: NaN, used: new Map() };

  /** Orders a mishap; what it returns takes the order back. @param {Order} order */
  function fail(order) {
    const kept = { order, passed: 0, left: order.times ?? 1 };
    orders.push(kept);
    return { stop: () => { kept.left = 0; }, get left() { return kept.left; } };
  }

  /** @param {Hook} hook */
  function before(hook) {
    hooks.add(hook);
    return { stop: () => void hooks.delete(hook) };
  }

  /** What happens to this call: the quota's refusal, a hook's wish, the first order that fits, or nothing. @param {Logged} call @returns {Mishap | null} */
  function next(call) {
    const n = (counted.get(call.operation ?? "") ?? 0) + 1;
    counted.set(call.operation ?? "", n);
    const wishes = [...hooks].map((hook) => hook(call, n)).filter((wish) => wish !== undefined);
    const [wish] = wishes;
    return overQuota(call) ?? (wish ? toMishap(wish) : ordered(call));
  }

  /** @param {Logged} call */
  function ordered(call) {
    for (const kept of orders) {
      const { order } = kept;
      const fits = (!order.operation || order.operation === call.operation) && (!order.region || order.region === call.region) && (!order.id || call.ids.includes(order.id));
      if (!fits || kept.left <= 0) continue;
      if (kept.passed++ < (order.after ?? 0)) continue;
      kept.left--;
      return toMishap(order.with);
    }
    return null;
  }

  /** Once a minute is used up, calls pass again in the next (documented). @param {Logged} call @returns {Mishap | null} */
  function overQuota(call) {
    const minute = Math.floor(now() / MINUTE_MS);
    if (minute !== bucket.minute) bucket = { minute, used: new Map() };
    const key = `${call.operation} ${call.region}`;
    const used = (bucket.used.get(key) ?? 0) + 1;
    bucket.used.set(key, used);
    if (used <= (quotas[call.operation ?? ""] ?? Infinity)) return null;
    return { kind: "throttle", status: throttle.status, retryAfterMs: throttle.hint === false ? undefined : (minute + 1) * MINUTE_MS - now() };
  }

  return { fail, before, next };
}
