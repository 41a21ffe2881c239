import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileName, toCsv, toJson, toText } from "../../www/words/export.js";
import "../../www/words/page.js";
import { texts } from "../../www/words/text.js";

const NOW = Date.UTC(2026, 10, 25, 8, 30, 7);
/** @param {object} [fields] @returns {import("tasklens").Task} */
const task = (fields) => /** @type {any} */ ({
  api: "ecs", id: "t-1", action: "ImportImage", status: "failed", rawStatus: "Failed", terminal: true, progress: { fraction: 0.6, origin: "reported" },
  cancellable: false, createdAt: NOW - 600_000, startedAt: null, finishedAt: NOW - 60_000, expiresAt: null, timePrecisionMs: 60_000,
  counts: { total: 3, succeeded: 1, failed: 2 }, subTasks: [], error: null, resource: { id: "m-1", type: "image", product: "ECS", paths: [] }, regionId: "cn-hangzhou",
  name: null, description: null, priority: null, detail: null, result: null, extra: {}, ...fields,
});
const fail = (/** @type {string} */ code, /** @type {string} */ message, cause = null) => ({ code, message, cause });

/** Reads a CSV as RFC 4180 has it. @param {string} text */
function read(text) {
  assert.ok(text.startsWith("\uFEFF") && text.endsWith("\r\n"));
  const [names, ...lines] = [...text.slice(1).matchAll(/((?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,(?:"(?:[^"]|"")*"|[^",\r\n]*))*)\r\n/g)].map(([, line]) =>
    [...line.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^",]*)/g)].map(([, cell]) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)));
  return lines.map((line) => {
    assert.equal(line.length, names.length);
    return Object.fromEntries(line.map((cell, i) => [names[i], cell]));
  });
}

describe("CSV", () => {
  test("names its columns the same way always, even without a task", () => {
    assert.match(toCsv([]), /^\uFEFFapi,region,id,action,status,rawStatus,terminal,progress,progressOrigin,createdAt,[\w,]+,heardAt\r\n$/);
  });

  test("holds a task, its moments no more exact than they are known", () => {
    const [row] = read(toCsv([task({ subTasks: [{ status: "failed", rawStatus: null, error: fail("Bad", "first"), related: [] }] })]));
    assert.deepEqual([row.api, row.region, row.id, row.status, row.rawStatus, row.progress, row.progressOrigin], ["ecs", "cn-hangzhou", "t-1", "failed", "Failed", "0.6", "reported"]);
    assert.deepEqual([row.createdAt, row.startedAt, row.finishedAt], ["2026-11-25T08:20Z", "", "2026-11-25T08:29Z"]);
    assert.deepEqual([row.errorCode, row.errorMessage, row.resourceId, row.partsFailed], ["Bad", "first", "m-1", "2"], "an error of its parts alone");
    const [exact] = read(toCsv([task({ timePrecisionMs: 1000, progress: { fraction: null, origin: "none" } })]));
    assert.deepEqual([exact.createdAt, exact.progress], ["2026-11-25T08:20:07Z", ""], "what is unknown is not 0");
  });

  test("tells of a watched task whether it is still asked for", () => {
    const [row] = read(toCsv([task()], [{ standing: "gone", heardAt: "2026-11-25T08:30:00Z" }]));
    assert.deepEqual([row.standing, row.heardAt], ["gone", "2026-11-25T08:30:00Z"]);
  });

  for (const words of ["a,b", 'say "no"', "two\r\nlines", "one\nmore", "导入镜像", " spaced ", ""]) {
    test(`keeps ${JSON.stringify(words)} as it is`, () => assert.equal(read(toCsv([task({ name: words })]))[0].name, words));
  }

  for (const words of ["=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"]) {
    test(`makes no formula of ${JSON.stringify(words)}`, () => assert.equal(read(toCsv([task({ name: words })]))[0].name, `'${words}`));
  }
});

describe("JSON", () => {
  test("holds the tasks as the package gives them, and when that was", () => {
    const one = task({ id: "=x" });
    assert.deepEqual(JSON.parse(toJson([one], { now: NOW })), { exportedAt: "2026-11-25T08:30:07Z", tasks: [one] });
  });
});

describe("a task as text", () => {
  const english = { t: texts("en"), language: /** @type {const} */ ("en"), now: NOW };

  test("says in few lines what it is, how it stands and why", () => {
    const parts = [["succeeded", null], ["failed", fail("DiskFull", "No room.\nFree some.")], ["failed", fail("Later", "x")]].map(([status, error]) => ({ status, rawStatus: null, error, related: [] }));
    assert.equal(toText(task({ subTasks: parts }), english), [
      "ImportImage",
      "Status: Failed (The server's own word: Failed)",
      "Task: t-1",
      "API: ECS · cn-hangzhou",
      "Progress: 60% (reported by the API)",
      "First failure: sub-task 2 of 3",
      "What went wrong: DiskFull: No room.",
      "  Free some.",
      "Resource: ECS · image · m-1",
      "Created: 25 Nov 2026, 08:20 UTC (exact to the minute)",
      "Finished: 25 Nov 2026, 08:29 UTC (exact to the minute)",
      "Duration: 9 mins",
      "Copied: 25 Nov 2026, 08:30:07 UTC",
    ].join("\n"));
  });

  test("names the innermost cause and its request", () => {
    const words = toText(task({ error: fail("OperationFailure.OperationFailed", "{\"requestId\":\"R-9\"}", /** @type {any} */ ({ requestId: "R-9", code: "Forbidden", message: "Not allowed." })) }), english);
    assert.match(words, /What went wrong: OperationFailure\.OperationFailed\nCaused by: Forbidden: Not allowed\.\nRequest id: R-9\n/);
  });

  test("does not call an error text beside a success a failure", () => {
    assert.match(toText(task({ status: "succeeded", error: fail("X", "y") }), english), /\nError text in the reply: X: y\n/);
  });

  test("is in the reader's language, and says what is unknown", () => {
    const words = toText(task({ status: "running", rawStatus: "Processing", terminal: false, progress: { fraction: null, origin: "none" }, action: null, finishedAt: null, resource: null }), { t: texts("zh"), language: "zh", now: NOW });
    assert.match(words, /^任务\n状态：运行中（?.*Processing/);
    assert.match(words, /\n进度：未知\n/);
    assert.doesNotMatch(words, /完成|资源|耗时/);
  });
});

test("a file's name holds the moment to the minute", () => assert.equal(fileName(NOW, "csv"), "tasks-2026-11-25T0830Z.csv"));
