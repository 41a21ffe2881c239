// What is said of tasks that ended unseen, without a page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { badge, notification, prefix } from "../../www/watch/endings.js";
import "../../www/words/page.js";
import { texts } from "../../www/words/text.js";

const en = { t: texts("en"), language: /** @type {const} */ ("en") };
const zh = { t: texts("zh"), language: /** @type {const} */ ("zh") };

/** @param {string} id @param {string} status @param {object} [more] @returns {any} */
const row = (id, status, more) => ({ key: `ecs:cn-hangzhou:${id}`, ref: { api: "ecs", regionId: "cn-hangzhou", id }, task: { id, action: "ImportImage", status, terminal: true, error: null, subTasks: [], ...more } });
const error = { code: "InvalidImageFormat", message: "Not a QCOW2 file.\nUpload it again.", cause: null };

describe("a notification", () => {
  test("of one task says which, how it ended and why", () => {
    const { title, body, tag } = notification([row("t-1", "failed", { error })], en);
    assert.equal(title, "ImportImage: Failed");
    assert.equal(body, "t-1\nInvalidImageFormat: Not a QCOW2 file.");
    assert.equal(tag, "tasklens:ecs:cn-hangzhou:t-1");
    assert.equal(notification([row("t-1", "succeeded")], en).body, "t-1");
    assert.equal(notification([row("t-1", "failed", { action: null })], zh).title, "任务：失败");
  });
  test("of several counts them, and names what went wrong first", () => {
    const { title, body, first } = notification([row("t-1", "succeeded"), row("t-2", "partial"), row("t-3", "failed", { error })], en);
    assert.equal(title, "3 tasks ended: 1 failed, 1 partly succeeded");
    assert.equal(body, "Failed: ImportImage t-3 · InvalidImageFormat: Not a QCOW2 file.\nPartly succeeded: ImportImage t-2\nSucceeded: ImportImage t-1");
    assert.equal(first.ref.id, "t-3");
    assert.equal(notification([row("t-1", "succeeded"), row("t-2", "cancelled")], en).title, "2 tasks ended");
    assert.equal(notification([row("t-1", "succeeded"), row("t-2", "failed")], zh).title, "2 个任务已结束：1 个失败");
  });
  test("of many names three of them, and is never long", () => {
    const rows = Array.from({ length: 1500 }, (_, n) => row(`t-${n}`, "failed", { error: { ...error, message: "x".repeat(5000) } }));
    const { title, body } = notification(rows, en);
    assert.equal(title, "1,500 tasks ended: 1,500 failed");
    const lines = body.split("\n");
    assert.deepEqual([lines.length, lines[3]], [4, "and 1,497 more"]);
    assert.ok(lines.every((line) => line.length <= 160));
  });
});

describe("the title begins", () => {
  test("with nothing where nothing ended", () => assert.equal(prefix([], en), ""));
  test("with what went wrong, else with how many ended", () => {
    assert.equal(prefix([row("t-1", "succeeded"), row("t-2", "cancelled")], en), "✓ 2 ended");
    assert.equal(prefix([row("t-1", "succeeded"), row("t-2", "failed")], en), "✗ 1 failed");
    assert.equal(prefix([row("t-1", "succeeded")], zh), "✓ 1 个已结束");
  });
  test("with what nobody knows the end of, as neither a failure nor a success", () => {
    const gone = { ...row("t-9", "running"), standing: "gone" };
    assert.equal(prefix([gone, row("t-1", "succeeded")], en), "? 1 no longer listed");
    assert.equal(prefix([gone, row("t-1", "failed")], en), "✗ 1 failed, 1 no longer listed");
    assert.equal(notification([gone], en).title, "ImportImage: Not listed");
  });
});

test("the icon gets a mark, whose shape tells whether something went wrong", () => {
  const drawn = (/** @type {any[]} */ rows) => decodeURIComponent(badge(rows).replace("data:image/svg+xml,", ""));
  const usual = readFileSync(new URL("../../www/icon.svg", import.meta.url), "utf8").trim();
  assert.equal(drawn([row("t-1", "succeeded")]).replace(/<circle cx="16"[^>]*>/, ""), usual);
  assert.equal(drawn([row("t-1", "succeeded"), row("t-2", "partial")]).replace(/<path d="M15\.5[^>]*>/, ""), usual);
});
