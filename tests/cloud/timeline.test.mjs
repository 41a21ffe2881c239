// @ts-check
// A task's life, read at moments.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, cancel, eager, endsAt, late, steps } from "./timeline.mjs";

/** @type {import("./timeline.mjs").Plan} */
const plan = { createdAt: 1000, queuedMs: 100, runMs: 1000 };

/** @param {import("./timeline.mjs").Plan} plan @param {number} t */
const told = (plan, t) => { const state = at(plan, t); return state && [state.phase, Number(state.fraction.toFixed(4))]; };

test("a task waits, runs and succeeds", () => {
  assert.equal(at(plan, 999), null, "not created yet");
  assert.deepEqual(told(plan, 1000), ["queued", 0]);
  assert.deepEqual(told(plan, 1099), ["queued", 0]);
  assert.deepEqual(told(plan, 1100), ["running", 0]);
  assert.deepEqual(told(plan, 1600), ["running", 0.5]);
  assert.deepEqual(told(plan, 2100), ["succeeded", 1]);
  assert.equal(at(plan, 2100)?.endedAt, 2100);
  assert.equal(at(plan, 1e12)?.endedAt, 2100, "and it stays so");
});

test("a moment read twice says the same, in any order", () => {
  const moments = [2100, 1600, 1000, 1600];
  assert.deepEqual(moments.map((t) => told(plan, t)), [["succeeded", 1], ["running", 0.5], ["queued", 0], ["running", 0.5]]);
});

for (const end of /** @type {const} */ (["failed", "partial", "expired"])) {
  test(`a task that ends as ${end} keeps the progress it had`, () => {
    assert.deepEqual(told({ ...plan, end, reach: 0.4 }, 1e6), [end, 0.4]);
  });
}

test("a task that vanishes is gone at its end", () => {
  const vanishing = { ...plan, end: /** @type {const} */ ("vanishes") };
  assert.deepEqual(told(vanishing, 2099), ["running", 0.999]);
  assert.equal(at(vanishing, 2100), null);
});

test("a task that is kept for a while is gone after it", () => {
  assert.deepEqual(told({ ...plan, keptMs: 50 }, 2149), ["succeeded", 1]);
  assert.equal(at({ ...plan, keptMs: 50 }, 2150), null);
});

test("a stall stops the progress and moves the end", () => {
  const stalling = { ...plan, stalls: [{ at: 0.25, forMs: 500 }, { at: 0.5, forMs: 500, paused: true }] };
  assert.equal(endsAt(stalling), 3100);
  assert.deepEqual([1349, 1350, 1849, 2100, 2599, 2600, 2850].map((t) => told(stalling, t)), [
    ["running", 0.249], ["running", 0.25], ["running", 0.25], ["paused", 0.5], ["paused", 0.5], ["running", 0.5], ["running", 0.75],
  ]);
  assert.deepEqual(told(stalling, 3100), ["succeeded", 1]);
});

test("a stall without end never ends", () => {
  assert.deepEqual(told({ ...plan, stalls: [{ at: 0.5, forMs: Infinity }] }, 1e15), ["running", 0.5]);
});

test("a cancelled task is cancelling, then cancelled, with the progress it had", () => {
  const cancelled = cancel(plan, 1600, 300);
  assert.deepEqual([1599, 1600, 1899, 1900, 9999].map((t) => told(cancelled, t)), [
    ["running", 0.499], ["cancelling", 0.5], ["cancelling", 0.5], ["cancelled", 0.5], ["cancelled", 0.5],
  ]);
  assert.equal(at(cancelled, 9999)?.endedAt, 1900);
});

test("a task that waits can be cancelled; one that ended stays as it is", () => {
  assert.deepEqual(told(cancel(plan, 1050, 0), 1050), ["cancelled", 0]);
  assert.deepEqual(told(cancel(plan, 2500, 0), 3000), ["succeeded", 1]);
});

test("a curve bends the progress and leaves both ends", () => {
  assert.deepEqual([eager, late, steps(4)].map((curve) => told({ ...plan, curve }, 1600)), [["running", 0.75], ["running", 0.25], ["running", 0.5]]);
  for (const curve of [eager, late, steps(4)]) assert.deepEqual([curve(0), curve(1)], [0, 1]);
});

test("a task that takes no time ends where it begins", () => {
  assert.deepEqual(told({ createdAt: 1000, runMs: 0 }, 1000), ["succeeded", 1]);
});
