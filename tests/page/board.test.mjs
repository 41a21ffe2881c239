// What is watched, without a page: the address, and the rows with their order.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createBoard, isShallow } from "../../www/watch/board.js";
import { NO_LOOK } from "../../www/watch/filter.js";
import { keyOf, keysAsked, readAddress, readRef, split, writeAddress } from "../../www/watch/address.js";
import { reason } from "../../www/words/task.js";

const NOW = Date.UTC(2026, 10, 20, 12);

/** @param {object} [fields] @returns {any} */
const task = (fields) => ({ api: "ecs", id: "t-1", action: "ImportImage", status: "running", terminal: false, createdAt: NOW, startedAt: null, finishedAt: null, counts: null, subTasks: [], error: null, progress: { fraction: null, origin: "status" }, ...fields });
/** @param {string} id @param {string} [api] @returns {any} */
const ref = (id, api = "ecs") => ({ api, regionId: "cn-hangzhou", id });

describe("the address of a watch", () => {
  test("is read, its token apart", () => {
    assert.deepEqual(readAddress("#watch&proxy=/&token=a%2Bb%3D&ecs=cn-hangzhou,cn-beijing&bdrc=cn-shanghai&tasks=cloudcontrol::task-1"), {
      settings: { proxy: "/", ecs: ["cn-hangzhou", "cn-beijing"], bdrc: ["cn-shanghai"], tasks: ["cloudcontrol::task-1"] }, token: "a+b=", look: NO_LOOK,
    });
  });
  test("may be bare", () => assert.deepEqual(readAddress("#watch"), { settings: { proxy: "/", ecs: [], bdrc: [], tasks: [] }, token: "", look: NO_LOOK }));
  test("keeps the plus of a token that was not encoded", () => assert.equal(readAddress("#watch&token=a+b/c=")?.token, "a+b/c="));
  test("is none of the reading mode's", () => {
    for (const hash of ["", "#", "#sample=x", "#watching", "#sample=watch"]) assert.equal(readAddress(hash), null, hash);
  });
  test("is written as it is read, and never with a token", () => {
    const hash = "#watch&proxy=https://proxy.example/x&ecs=cn-hangzhou&tasks=cloudcontrol::task-1,ecs:cn-hangzhou:t-1";
    assert.equal(writeAddress(/** @type {any} */ (readAddress(`${hash}&token=secret`)).settings), hash);
  });
  test("holds what is no address, escaped", () => {
    const settings = { proxy: "/", ecs: ["a&token=b#c"], bdrc: [], tasks: [] };
    assert.deepEqual(readAddress(writeAddress(settings)), { settings, token: "", look: NO_LOOK });
  });
});

describe("a task named by hand", () => {
  /** @type {[string, object | null][]} */
  const cases = [
    ["ecs:cn-hangzhou:t-1", { api: "ecs", regionId: "cn-hangzhou", id: "t-1" }],
    ["cloudcontrol::task-1", { api: "cloudcontrol", id: "task-1" }],
    ["cloudcontrol:cn-beijing:task-1", { api: "cloudcontrol", regionId: "cn-beijing", id: "task-1" }],
    ["ecs::t-1", null], ["oss:cn-hangzhou:t-1", null], ["t-1", null], ["ecs:cn-hangzhou:", null],
  ];
  for (const [text, wanted] of cases) test(`${text} → ${JSON.stringify(wanted)}`, () => assert.deepEqual(readRef(text), wanted));
  test("can be one of many, by line or comma, each once", () => assert.deepEqual(split(" a, b\nc，a "), ["a", "b", "c"]));
});

test("a request through the proxy tells which tasks it asks for", () => {
  assert.deepEqual(keysAsked("https://p.example/x/ecs/DescribeTasks?RegionId=cn-hangzhou&TaskIds=t-1,t-2"), ["ecs:cn-hangzhou:t-1", "ecs:cn-hangzhou:t-2"]);
  assert.deepEqual(keysAsked("/cloudcontrol/GetTask?taskId=task-1"), ["cloudcontrol::task-1"]);
  assert.deepEqual(keysAsked("/ecs/DescribeTasks?RegionId=cn-hangzhou&PageSize=100"), []);
});

describe("the rows", () => {
  test("stand with what failed lately first, then what runs, then what waits, then what ended, the newest on top", () => {
    const board = createBoard();
    /** @type {[string, object][]} */
    const all = [
      ["ended long ago", { status: "succeeded", terminal: true, finishedAt: NOW - 9e6 }], ["waits", { status: "queued" }], ["runs", { createdAt: NOW - 1 }],
      ["failed lately", { status: "failed", terminal: true, finishedAt: NOW - 1000 }], ["failed long ago", { status: "failed", terminal: true, finishedAt: NOW - 8e6 }], ["runs, newer", {}], ["strange", { status: "unknown", createdAt: NOW - 2 }], ["paused", { status: "paused", createdAt: NOW - 1 }],
    ];
    for (const [id, fields] of all) board.add(ref(id), task({ id, ...fields }), { now: NOW });
    board.add(ref("unheard"), null, { now: NOW });
    const order = () => board.order().map((row) => row.ref.id);
    assert.deepEqual(order(), ["failed lately", "runs, newer", "runs", "strange", "waits", "paused", "unheard", "failed long ago", "ended long ago"]);
    // What fails before one's eyes is not to be looked for below all that runs.
    board.hear(board.add(ref("strange"), null, { now: NOW }), task({ id: "strange", status: "failed", terminal: true }), null, NOW + 5);
    assert.deepEqual(order(), ["strange", "failed lately", "runs, newer", "runs", "waits", "paused", "unheard", "failed long ago", "ended long ago"]);
  });
  test("are one a task", () => {
    const board = createBoard();
    assert.equal(board.add(ref("t"), null, { now: NOW }), board.add(ref("t"), task({}), { now: NOW }));
    assert.notEqual(keyOf(ref("t")), keyOf(ref("t", "bdrc")));
  });
  test("know when a task ended only if it was seen before", () => {
    const board = createBoard();
    const seen = board.add(ref("seen"), task({}), { now: NOW });
    const unseen = board.add(ref("unseen"), null, { now: NOW });
    for (const row of [seen, unseen]) board.hear(row, task({ status: "failed", terminal: true }), { remainingMs: 1, finishAt: 1, confidence: 1, earliestAt: 1, latestAt: 1 }, NOW + 5);
    assert.deepEqual([seen.endedAt, unseen.endedAt, seen.standing, seen.estimate], [NOW + 5, null, "ended", null]);
  });
  test("count by status what is still there", () => {
    const board = createBoard();
    for (const id of ["a", "b", "c"]) board.add(ref(id), task({ id }), { now: NOW });
    board.leave(board.add(ref("a"), null, { now: NOW }), "gone", null, NOW);
    board.add(ref("d"), null, { now: NOW });
    assert.deepEqual(board.counts(), { total: 4, byStatus: { running: 2 }, byStanding: { live: 3, ended: 0, gone: 1, "given-up": 0 } });
  });
});

describe("what went wrong, at a glance,", () => {
  const cause = { requestId: "R", code: "NoPermission", message: "not allowed\nat all" };
  /** @type {[string, object, object | null][]} */
  const cases = [
    ["is the innermost cause's first line", { status: "failed", error: { code: "OperationFailed", message: "{}", cause } }, { code: "NoPermission", message: "not allowed" }],
    ["is the error where it has no cause", { status: "failed", error: { code: "Bad", message: "bad", cause: null } }, { code: "Bad", message: "bad" }],
    ["is the first failed part's", { status: "partial", subTasks: [{ status: "succeeded", error: null }, { status: "failed", error: { code: "X", message: "x", cause: null } }] }, { code: "X", message: "x" }],
    ["is nothing for a text beside a success", { status: "succeeded", error: { code: "Bad", message: "bad", cause: null } }, null],
    ["is nothing where nothing is told", { status: "failed" }, null],
  ];
  for (const [claim, fields, wanted] of cases) test(claim, () => assert.deepEqual(reason(task(fields)), wanted));
});

test("only an ended ECS task from a list has more to tell", () => {
  /** @param {any} of @param {boolean} [lookedUp] @returns {any} */
  const row = (of, lookedUp = false) => ({ task: of, lookedUp });
  assert.equal(isShallow(row(task({ terminal: true }))), true);
  for (const one of [row(task({ terminal: true }), true), row(task({})), row(null), row(task({ terminal: true, api: "bdrc" })), row(task({ terminal: true, counts: { total: 1, succeeded: 1, failed: 0 } }))]) assert.equal(isShallow(one), false);
});
