// @ts-check
// The life of a task as a pure function of time: a plan says what will happen, `at(plan, t)` what is so at a moment.
// No clock and no timer is in here, so a test moves through an hour in one line.
//
//     created ── queuedMs ──► started ── runMs and the stalls ──► ended ── keptMs ──► gone
//                                  └─ cancelledAt ── cancelMs ──► cancelled

/** How a task ends. `vanishes`: at its end it is in no reply any more. @typedef {"succeeded" | "partial" | "failed" | "expired" | "vanishes"} End */

/** What is so at a moment. @typedef {"queued" | "running" | "paused" | "cancelling" | "cancelled" | Exclude<End, "vanishes">} Phase */

/** The share of the work that is done after a share of the time. @typedef {(share: number) => number} Curve */

/**
 * @typedef {object} Stall
 * @property {number} at after which share of the running time, 0 to 1
 * @property {number} forMs how long nothing moves; `Infinity` for a task that never ends
 * @property {boolean} [paused] the server says so, instead of standing still as "running"
 */

/**
 * @typedef {object} Plan
 * @property {number} createdAt milliseconds since the Unix epoch
 * @property {number} [queuedMs] 0 if absent
 * @property {number} runMs without the stalls
 * @property {Curve} [curve] `linear` if absent
 * @property {Stall[]} [stalls] in order
 * @property {End} [end] "succeeded" if absent
 * @property {number} [reach] the work done at the end, 0 to 1; 1 if absent
 * @property {number} [keptMs] how long it is still told of after its end; for ever if absent
 * @property {number} [cancelledAt] when someone asked for its end
 * @property {number} [cancelMs] how long the cancelling takes; 0 if absent
 */

/**
 * @typedef {object} State
 * @property {Phase} phase
 * @property {number} fraction of the work, 0 to 1
 * @property {number | null} startedAt
 * @property {number | null} endedAt
 */

/** @type {Curve} */
export const linear = (share) => share;
/** Quick at first, slow to the end: a copy whose last part is the hard one. @type {Curve} */
export const eager = (share) => 1 - (1 - share) ** 2;
/** Slow at first. @type {Curve} */
export const late = (share) => share ** 2;
/** Progress that is told in n steps only. @param {number} n @returns {Curve} */
export const steps = (n) => (share) => Math.floor(share * n) / n;

/**
 * What is so at a moment; `null` before the task is created and after it is gone.
 * @param {Plan} plan @param {number} t @returns {State | null}
 */
export function at(plan, t) {
  if (t < plan.createdAt) return null;
  const state = plan.cancelledAt === undefined || t < plan.cancelledAt ? undisturbed(plan, t) : cancelled(plan, plan.cancelledAt, t);
  const gone = state?.endedAt != null && t >= state.endedAt + (plan.keptMs ?? Infinity);
  return gone ? null : state;
}

/** When the plan ends if nobody cancels it. @param {Plan} plan */
export function endsAt(plan) {
  const stalled = (plan.stalls ?? []).reduce((sum, stall) => sum + stall.forMs, 0);
  return plan.createdAt + (plan.queuedMs ?? 0) + plan.runMs + stalled;
}

/** The same plan, cancelled at a moment. @param {Plan} plan @param {number} cancelledAt @param {number} cancelMs @returns {Plan} */
export function cancel(plan, cancelledAt, cancelMs) {
  return { ...plan, cancelledAt, cancelMs };
}

/** @param {State | null} state */
export const isActive = (state) => state !== null && state.endedAt === null;

/** @param {Plan} plan @param {number} t @returns {State | null} */
function undisturbed(plan, t) {
  const startedAt = plan.createdAt + (plan.queuedMs ?? 0);
  if (t < startedAt) return { phase: "queued", fraction: 0, startedAt: null, endedAt: null };
  const { share, paused } = walk(plan, t - startedAt);
  const fraction = (plan.curve ?? linear)(share) * (plan.reach ?? 1);
  const endedAt = endsAt(plan);
  if (t < endedAt) return { phase: paused ? "paused" : "running", fraction, startedAt, endedAt: null };
  const end = plan.end ?? "succeeded";
  return end === "vanishes" ? null : { phase: end, fraction, startedAt, endedAt };
}

/** How much of the running time has passed, stalls not counted. @param {Plan} plan @param {number} elapsed */
function walk(plan, elapsed) {
  let done = 0;
  for (const stall of plan.stalls ?? []) {
    const until = stall.at * plan.runMs;
    if (elapsed < until - done) return { share: (done + elapsed) / plan.runMs, paused: false };
    elapsed -= until - done;
    done = until;
    if (elapsed < stall.forMs) return { share: stall.at, paused: stall.paused === true };
    elapsed -= stall.forMs;
  }
  return { share: plan.runMs > 0 ? Math.min(1, (done + elapsed) / plan.runMs) : 1, paused: false };
}

/** @param {Plan} plan @param {number} cancelledAt @param {number} t @returns {State | null} */
function cancelled(plan, cancelledAt, t) {
  const before = undisturbed(plan, cancelledAt);
  if (before === null || before.endedAt !== null) return undisturbed(plan, t); // too late: it had ended
  const endedAt = cancelledAt + (plan.cancelMs ?? 0);
  return t < endedAt ? { ...before, phase: "cancelling" } : { ...before, phase: "cancelled", endedAt };
}
