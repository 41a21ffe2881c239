// @ts-check
// Named sets of tasks for tests: `createCloud({ credential, ...shifting(now) })`. The set for people is in lively.mjs.
import { createNames } from "./names.mjs";

export { lively } from "./lively.mjs";

/** @typedef {import("./tasks.mjs").Task} Task */
/** @typedef {import("./timeline.mjs").Plan} Plan */
/** @typedef {Partial<Omit<Task, "plan">> & { plan?: Partial<Plan> }} Wish what differs from the usual task */

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** An image import that was created now and runs for a minute. @param {number} now @param {Wish} [wish] @returns {Task} */
export function ecsTask(now, { plan, ...wish } = {}) {
  return {
    api: "ecs", region: "cn-hangzhou", id: "t-bp1import", action: "ImportImage", resourceId: "m-bp1image",
    parts: [{ related: { OSSBucket: "images", OSSObject: "debian-13.qcow2" } }],
    ...wish, plan: { createdAt: now, runMs: MINUTE, ...plan },
  };
}

/** @param {number} now @param {Wish} [wish] @returns {Task} */
export function bdrcTask(now, { plan, ...wish } = {}) {
  return {
    api: "bdrc", region: "cn-shanghai", id: "t-0004resources", action: "UPDATE_RESOURCES", name: "refresh resources",
    detail: { resourceTypes: ["ACS::ECS::Instance", "ACS::OSS::Bucket"] }, result: { resourceCounts: [{ resourceType: "ACS::OSS::Bucket", count: 2 }] },
    ...wish, plan: { createdAt: now, runMs: MINUTE, ...plan },
  };
}

/** @param {number} now @param {Wish} [wish] @returns {Task} */
export function cloudControlTask(now, { plan, ...wish } = {}) {
  return {
    api: "cloudcontrol", region: "cn-beijing", id: "task-0123456789abcdef0123456789abc", action: "Create", product: "ECS", resourceType: "Instance",
    resourceId: "i-2zeinstance", resourcePath: "Instance/i-2zeinstance",
    ...wish, plan: { createdAt: now, runMs: MINUTE, ...plan },
  };
}

/** One task in each phase that its API has a word for, an hour after their creation, for one second. @param {number} now @returns {{ tasks: Task[] }} */
export function everyStatus(now) {
  const past = { createdAt: now - 60 * MINUTE };
  /** @type {[string, Partial<Plan>][]} */
  const phases = [
    ["queued", { ...past, queuedMs: 120 * MINUTE }],
    ["running", { ...past, runMs: 120 * MINUTE }],
    ["succeeded", { ...past, runMs: MINUTE }],
    ["failed", { ...past, runMs: MINUTE, end: "failed", reach: 0.4 }],
    ["cancelled", { ...past, runMs: 50 * MINUTE, cancelledAt: now - 30 * MINUTE }],
  ];
  const error = { code: "InvalidOssObject.NotFound", message: "The specified OSS object does not exist." };
  /** @type {[string, Partial<Plan>]} */
  const paused = ["paused", { ...past, runMs: MINUTE, stalls: [{ at: 0.5, forMs: Infinity, paused: true }] }];
  /** @type {[string, Partial<Plan>]} */
  const partial = ["partial", { ...past, runMs: MINUTE, end: "partial" }];
  /** @type {[string, Partial<Plan>]} */
  const expired = ["expired", { ...past, runMs: MINUTE, end: "expired", reach: 0.2 }];
  /** @type {[string, Partial<Plan>]} */
  const cancelling = ["cancelling", { ...past, runMs: 120 * MINUTE, cancelledAt: now - SECOND, cancelMs: 2 * SECOND }];
  const parts = [{ related: { SnapshotId: "s-bp1good" } }, { related: { SnapshotId: "s-bp1bad" }, error: { code: "InvalidSnapshotId.NotFound", message: "The specified snapshot does not exist." } }];
  return {
    tasks: [
      ...[...phases, paused, partial].map(([name, plan]) => ecsTask(now, { id: `t-bp1${name}`, error, plan, ...(name === "partial" ? { action: "ArchiveSnapshot", parts } : {}) })),
      ...[...phases, expired].map(([name, plan]) => bdrcTask(now, { id: `t-0004${name}`, error, plan })),
      ...[...phases, partial, cancelling].map(([name, plan]) => cloudControlTask(now, { id: `task-${name}`, error, plan })),
    ],
  };
}

/** Tasks to page through: n of ECS, one created each minute before now, all running. @param {number} now @param {number} n @returns {{ tasks: Task[] }} */
export function many(now, n) {
  const names = createNames(n);
  return { tasks: Array.from({ length: n }, (_, i) => ecsTask(now, { id: names.ecsTask(), resourceId: names.image(), plan: { createdAt: now - i * MINUTE, runMs: 10 * n * MINUTE } })) };
}

/**
 * A list that shifts while it is read: 25 tasks, and each second one more at its head while the oldest is gone. A caller
 * whose pages are a second apart meets one task twice at the boundary.
 * @param {number} now @returns {{ tasks: Task[] }}
 */
export function shifting(now) {
  const tasks = Array.from({ length: 60 }, (_, i) => {
    const createdAt = now + (i - 24) * SECOND;
    return ecsTask(now, { id: `t-bp1shift${String(i).padStart(2, "0")}`, plan: { createdAt, runMs: 25 * SECOND, end: "vanishes" } });
  });
  return { tasks };
}

/** Moves for a while, then stands still for ever. @param {number} now @returns {{ tasks: Task[] }} */
export const stalled = (now) => ({ tasks: [ecsTask(now, { plan: { stalls: [{ at: 0.5, forMs: Infinity }] } })] });

/** Is in no reply any more after half a minute. @param {number} now @returns {{ tasks: Task[] }} */
export const vanishing = (now) => ({ tasks: [ecsTask(now, { plan: { runMs: 30 * SECOND, end: "vanishes", reach: 0.7 } })] });

/** Fails after 20 s, at 60 %. @param {number} now @returns {{ tasks: Task[] }} */
export const failing = (now) => ({ tasks: [ecsTask(now, { error: { code: "InvalidImageFormat", message: "The image file is not a valid QCOW2 file." }, plan: { runMs: 20 * SECOND, end: "failed", reach: 0.6 } })] });

/** Says a word that no documentation has. @param {number} now @returns {{ tasks: Task[] }} */
export const unheardOf = (now) => ({ tasks: [ecsTask(now, { words: { running: "Verifying" } })] });
