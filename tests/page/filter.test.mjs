// Which tasks a filter leaves, without a page.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { arrange, elapsed, facets, hides, matches, NO_FILTER, NO_LOOK, readLook, toggled } from "../../www/watch/filter.js";
import { readAddress, writeAddress } from "../../www/watch/address.js";

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;
/** @param {object} [task] null: not heard of @param {object} [rest] @returns {any} */
const row = (task, rest = {}) => ({
  key: "k", ref: { api: "ecs", regionId: "cn-hangzhou", id: "t-1" }, standing: "live", heardAt: NOW, newAt: null,
  task: task === null ? null : {
    api: "ecs", id: "t-1", action: "ImportImage", status: "running", terminal: false, createdAt: NOW - 5 * MINUTE, startedAt: null, finishedAt: null, subTasks: [],
    error: null, resource: null, regionId: "cn-hangzhou", name: null, ...task,
  },
  ...rest,
});
/** @param {Partial<import("../../www/watch/filter.js").Filter>} some */
const filter = (some) => ({ ...NO_FILTER, ...some });

describe("a filter leaves", () => {
  const failed = row({ status: "failed", terminal: true, error: { code: "InvalidFormat", message: "Not a QCOW2 file.", cause: null }, resource: { id: "m-bp1image", paths: [] }, name: "Nightly import" });
  /** @type {[string, any, object, boolean][]} */
  const cases = [
    ["everything where it has no condition", row(), {}, true],
    ["what is not heard of, too", row(null), {}, true],
    ["a part of the id", row(), { text: "T-1" }, true],
    ["a part of the action, whatever its case", row(), { text: "importim" }, true],
    ["the region", row(), { text: "hangzhou" }, true],
    ["the resource", failed, { text: "bp1image" }, true],
    ["the code of an error and its message, in any order", failed, { text: "qcow2  invalidformat" }, true],
    ["a name", failed, { text: "nightly" }, true],
    ["nothing of which a word is missing", failed, { text: "nightly export" }, false],
    ["one of several statuses", failed, { status: ["queued", "failed"] }, true],
    ["no other status", failed, { status: ["queued"] }, false],
    ["what is gone by that alone", row({}, { standing: "gone" }), { status: ["running"] }, false],
    ["what is gone", row({}, { standing: "gone" }), { status: ["gone"] }, true],
    ["what was given up", row({}, { standing: "given-up" }), { status: ["given-up"] }, true],
    ["what was given up as it was last seen", row({}, { standing: "given-up" }), { status: ["running"] }, true],
    ["what was never heard of", row(null), { status: ["unheard"] }, true],
    ["an API", row(), { api: ["ecs"] }, true],
    ["no other API", row(), { api: ["bdrc"] }, false],
    ["an action, and a region", row(), { action: ["ImportImage"], region: ["cn-hangzhou"] }, true],
    ["only where all hold", row(), { action: ["ImportImage"], region: ["cn-beijing"] }, false],
    ["what is new enough", row(), { age: "1h" }, true],
    ["nothing older", row({ createdAt: NOW - 61 * MINUTE }), { age: "1h" }, false],
    ["what was created long ago and started lately", row({ createdAt: NOW - 61 * MINUTE, startedAt: NOW - MINUTE }), { age: "1h" }, true],
    ["what takes long", row({ createdAt: NOW - 11 * MINUTE }), { longer: "10m" }, true],
    ["nothing that was quick", row({ createdAt: NOW - 90 * MINUTE, finishedAt: NOW - 85 * MINUTE, terminal: true }), { longer: "10m" }, false],
    ["nothing of unknown length, where a length is asked for", row({ createdAt: null }), { longer: "10m" }, false],
  ];
  for (const [claim, one, some, wanted] of cases) test(claim, () => assert.equal(matches(one, filter(some), NOW), wanted));
  test("what is known by now, not what was known", () => {
    const one = row();
    assert.equal(matches(one, filter({ text: "quota" }), NOW), false);
    one.task = { ...one.task, status: "failed", error: { code: "Quota", message: "", cause: null } };
    assert.equal(matches(one, filter({ text: "quota" }), NOW), true);
  });
});

test("an order hides nothing, nor does a blank", () => {
  assert.equal(hides(filter({ sort: "newest", text: "  " })), false);
  for (const some of [{ text: "a" }, { age: "1h" }, { longer: "1h" }, { api: ["ecs"] }]) assert.equal(hides(filter(some)), true);
});

test("time runs for what is asked for, and stands for what is not", () => {
  assert.equal(elapsed(row(), NOW + MINUTE), 6 * MINUTE);
  assert.equal(elapsed(row({}, { standing: "given-up", heardAt: NOW }), NOW + MINUTE), 5 * MINUTE);
  assert.equal(elapsed(row({ terminal: true, finishedAt: NOW - 4 * MINUTE }), NOW), MINUTE);
  assert.equal(elapsed(row(null), NOW), null);
});

describe("the order", () => {
  const rows = [
    row({ action: "B", status: "succeeded", createdAt: NOW - 3, finishedAt: NOW - 2, terminal: true }), row({ action: "A", createdAt: NOW - 9 }),
    row({ action: "B", status: "failed", createdAt: NOW - 1, finishedAt: NOW, terminal: true }), row({ action: null, createdAt: null }),
  ];
  /** @type {[import("../../www/watch/filter.js").Sort, number[]][]} */
  const cases = [["attention", [0, 1, 2, 3]], ["newest", [2, 0, 1, 3]], ["oldest", [1, 0, 2, 3]], ["longest", [1, 0, 2, 3]], ["action", [1, 0, 2, 3]], ["status", [2, 1, 3, 0]]];
  for (const [sort, wanted] of cases) test(sort, () => assert.deepEqual(arrange(rows, filter({ sort }), NOW).map((one) => rows.indexOf(one)), wanted));
});

test("what there is to choose from is counted", () => {
  const there = facets([row(), row({ status: "failed", action: "ExportImage" }), row({}, { standing: "gone" }), row(null, { ref: { api: "cloudcontrol", id: "c" } })]);
  assert.deepEqual(there, {
    status: [["failed", 1], ["running", 1], ["unheard", 1], ["gone", 1]], api: [["cloudcontrol", 1], ["ecs", 3]],
    action: [["ExportImage", 1], ["ImportImage", 2]], region: [["cn-hangzhou", 3]],
  });
  assert.deepEqual(toggled(toggled(NO_FILTER, "status", "failed"), "status", "failed"), NO_FILTER);
});

describe("in the address", () => {
  const settings = { proxy: "/", ecs: ["cn-hangzhou"], bdrc: [], tasks: [] };
  const look = { filter: filter({ text: "a&b, c+d 图", api: ["ecs"], status: ["failed", "gone"], action: ["ImportImage"], region: ["cn-hangzhou"], age: "1d", longer: "10m", sort: "longest" }), open: "ecs:cn-hangzhou:t-1", view: /** @type {const} */ ("timeline") };
  test("a filter, the open task and the view come back as they were", () => assert.deepEqual(readAddress(writeAddress(settings, look)), { settings, token: "", look }));
  test("nothing is written where nothing is filtered", () => assert.equal(writeAddress(settings, NO_LOOK), "#watch&ecs=cn-hangzhou"));
  test("what no filter of ours says is left out", () => {
    assert.deepEqual(readLook(new URLSearchParams("status=evil,failed&age=9y&sort=__proto__&longer=constructor&view=x")), { ...NO_LOOK, filter: filter({ status: ["failed"] }) });
  });
});
