// @ts-check
// The world for people: always something to see.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createNames } from "./names.mjs";
import { lively } from "./scenarios.mjs";
import { createTasks } from "./tasks.mjs";
import { at, isActive } from "./timeline.mjs";

const START = Date.parse("2026-11-20T12:00:00Z");
const SECOND = 1000;

/** @param {number} [seed] */
function world(seed) {
  let now = START;
  const { tasks, arrivals, watch } = lively(START, seed);
  const kept = createTasks(() => now);
  kept.add(...tasks);
  kept.arrive(arrivals);
  /** @param {number} t */
  const go = (t) => { now = t; };
  return { tasks, watch, kept, go };
}

test("it begins with 24 tasks of ECS, of every action and in every phase", () => {
  const seen = world().kept.list("ecs");
  assert.equal(seen.length, 24);
  assert.deepEqual([...new Set(seen.map(({ task }) => task.action))].sort(), ["ArchiveSnapshot", "ExportImage", "ImportImage", "ModifyDiskSpec", "RedeployInstance"]);
  assert.deepEqual([...new Set(seen.map(({ state }) => state.phase))].sort(), ["cancelled", "failed", "queued", "running", "succeeded"]);
  assert.ok(seen.every(({ task }) => task.region === "cn-hangzhou"));
});

test("within a minute one fails with its reason, one ends partly, one vanishes, one pauses and one stalls", () => {
  const { tasks } = world();
  const active = tasks.filter(({ api, plan }) => api === "ecs" && isActive(at(plan, START)));
  const later = active.map((task) => ({ task, before: at(task.plan, START + 50 * SECOND), state: at(task.plan, START + 60 * SECOND) }));
  const failed = later.filter(({ state }) => state?.phase === "failed");
  assert.deepEqual(failed.map(({ task }) => [task.action, /not a valid QCOW2/.test(task.error?.message ?? "")]), [["ImportImage", true]]);
  assert.deepEqual(later.filter(({ state }) => state?.phase === "partial").map(({ task }) => task.parts?.filter((part) => part.error).length), [2]);
  assert.equal(later.filter(({ state }) => state === null).length, 1);
  assert.equal(later.filter(({ state }) => state?.phase === "paused").length, 1);
  assert.ok(later.some(({ before, state }) => state?.phase === "running" && state.fraction === before?.fraction && state.fraction > 0.4));
});

test("some can be cancelled at any time of the first minutes", () => {
  const { kept, go } = world();
  for (const seconds of [0, 30, 120, 300]) {
    go(START + seconds * SECOND);
    assert.ok(kept.list("ecs").some(({ task, state }) => /^(Im|Ex)portImage$/.test(task.action) && state.phase === "running"), `${seconds} s`);
  }
});

test("it never goes quiet: for a day something runs, something is new, and the list stays short", () => {
  for (const seed of [1, 7]) {
    const { kept, go } = world(seed);
    for (let minute = 0; minute < 1440; minute++) {
      const t = START + minute * 60 * SECOND;
      go(t);
      const seen = kept.list("ecs");
      assert.ok(seen.some(({ state }) => isActive(state)), `minute ${minute}: something runs`);
      if (minute > 2) assert.ok(seen.some(({ task }) => task.plan.createdAt > t - 60 * SECOND), `minute ${minute}: something is new`);
      assert.ok(seen.length < 60, `minute ${minute}: ${seen.length} tasks`);
    }
  }
});

test("what has no list is named for watching", () => {
  const { tasks, watch } = world();
  const others = tasks.filter(({ api }) => api !== "ecs");
  assert.deepEqual(watch, others.map(({ api, region, id }) => ({ api, regionId: region, id })));
  assert.deepEqual([...new Set(others.map(({ api, region }) => `${api} ${region}`))].sort(), ["bdrc cn-shanghai", "cloudcontrol ap-southeast-1", "cloudcontrol cn-beijing", "cloudcontrol cn-hangzhou"]);
});

test("ids look like the real ones, are made of letters, digits and hyphens, and differ", () => {
  const { tasks, kept, go } = world();
  go(START + 86_400 * SECOND);
  const ids = [...tasks, ...kept.list("ecs").map(({ task }) => task)].map(({ id }) => id);
  for (const id of ids) assert.match(id, /^(t-bp1[a-z0-9]{17}|t-0004[a-z0-9]{16}|task-[0-9a-f]{29})$/);
  assert.equal(new Set(tasks.map(({ id }) => id)).size, tasks.length);
});

test("the same seed gives the same world, another one another", () => {
  const names = [1, 1, 2].map((seed) => createNames(seed).ecsTask());
  assert.equal(names[0], names[1]);
  assert.notEqual(names[0], names[2]);
  assert.deepEqual(JSON.stringify(lively(START, 3).tasks), JSON.stringify(lively(START, 3).tasks));
});
