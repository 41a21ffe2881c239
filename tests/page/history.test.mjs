// What the page saw of a task, first as a list without a page, then in the opened row.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createAnswers, findingsOf, requestOf } from "../../www/watch/answers.js";
import { createBoard } from "../../www/watch/board.js";
import { kept, news, note, trouble } from "../../www/watch/history.js";
import { bdrcTask, ecsTask } from "../cloud/scenarios.mjs";
import { row, watched } from "./support/watched.mjs";

const open = watched();
const MINUTE = 60_000;
/** @param {string} status @param {number | null} fraction @param {boolean} [terminal] @returns {any} */
const task = (status, fraction, terminal = false) => ({ api: "ecs", id: "t-1", status, terminal, progress: { fraction, origin: "reported" } });
const throttled = { code: "fault", fault: { kind: "throttled", code: "Throttling.User", message: "not kept", requestId: "r", status: 400 }, retryable: true };

describe("what is worth an entry", () => {
  test("is the first word of a task, each step and each change of status", () => {
    assert.deepEqual(news(null, task("running", 0.25), 1), { at: 1, what: "found", status: "running", fraction: 0.25 });
    assert.deepEqual(news(task("running", 0.25), task("running", 0.5), 2), { at: 2, what: "progress", status: "running", fraction: 0.5, was: 0.25 });
    assert.deepEqual(news(task("queued", 0), task("running", 0), 3), { at: 3, what: "status", status: "running", fraction: 0, from: "queued" });
    assert.deepEqual(news(task("running", 0.5), task("succeeded", 1, true), 4), { at: 4, what: "ended", status: "succeeded", fraction: 1, from: "running", was: 0.5 });
  });
  test("is not an answer that tells the same", () => assert.equal(news(task("running", null), task("running", null), 1), null));
});

describe("a history", () => {
  test("counts the same trouble once, and another anew", () => {
    const entry = (/** @type {number} */ at, /** @type {any} */ error, delayMs = 1000) => /** @type {const} */ ({ at, what: "trouble", status: "running", fraction: null, error: trouble(error), delayMs });
    const list = [entry(1, throttled), entry(2, throttled, 4000), entry(3, { code: "network" })].reduce((list, one) => note(list, one), /** @type {any[]} */ ([]));
    assert.deepEqual(list.map(({ at, times, delayMs }) => [at, times, delayMs]), [[1, 2, 4000], [3, undefined, 1000]]);
    assert.ok(!JSON.stringify(list).includes("not kept"));
  });
  test("thins the oldest steps, without a gap, and keeps every change of status", () => {
    let list = [/** @type {any} */ (news(null, task("queued", 0), 0))];
    list = note(list, /** @type {any} */ (news(task("queued", 0), task("running", 0), 1)));
    for (let i = 0; i < 1000; i++) list = note(list, /** @type {any} */ (news(task("running", i / 1000), task("running", (i + 1) / 1000), i + 2)));
    list = note(list, /** @type {any} */ (news(task("running", 1), task("failed", 1, true), 2000)));
    assert.equal(list.length, 200);
    assert.deepEqual(list.filter(({ what }) => what !== "progress").map(({ what }) => what), ["found", "status", "ended"]);
    assert.equal(list[2].was, 0, "the first step that is left begins where the thinned ones began");
    const short = kept(list);
    assert.equal(short.length, 30);
    assert.equal(short[2].was, 0);
    assert.equal(list.length, 200, "what was given stays as it is");
  });
  test("is written by the board, and a poll with news ends the count of those without", () => {
    const board = createBoard();
    const row = board.add({ api: "ecs", regionId: "cn-hangzhou", id: "t-1" }, null, { now: 1 });
    board.hear(row, task("running", 0.1), null, 2);
    row.quiet = 3;
    board.hear(row, task("running", 0.1), null, 3);
    assert.equal(row.quiet, 3);
    row.trouble = { error: throttled, until: 9 };
    board.hear(row, task("running", 0.2), null, 4);
    board.leave(row, "gone", null, 5);
    assert.deepEqual(row.history.map(({ what }) => what), ["found", "recovered", "progress", "gone"]);
    assert.equal(row.quiet, 0);
  });
});

describe("the last answers", () => {
  const url = "https://proxy.example/x/ecs/DescribeTaskAttribute?RegionId=cn-hangzhou&TaskId=t-1";
  test("are kept of reading alone, bounded, without where the proxy is", async () => {
    const answers = createAnswers();
    const handedOn = await answers.keep(url, ["a"], new Response("x".repeat(70_000), { status: 400, headers: { "retry-after": "4" } }));
    assert.deepEqual([handedOn.status, handedOn.headers.get("retry-after"), (await handedOn.text()).length], [400, "4", 70_000]);
    assert.deepEqual([answers.get("a")?.cut, answers.get("a")?.text.length, answers.get("a")?.request], [true, 64_000, "ecs/DescribeTaskAttribute?RegionId=cn-hangzhou&TaskId=t-1"]);
    await answers.keep("/ecs/CancelTask?TaskId=t-1", ["b"], new Response("{}"));
    assert.equal(answers.get("b"), undefined);
    for (let i = 0; i < 500; i++) await answers.keep(url, [`k${i}`], new Response("{}"));
    assert.equal(answers.get("a"), undefined);
    assert.equal(requestOf("/bdrc/DescribeTask?taskId=1"), "bdrc/DescribeTask?taskId=1");
  });
  test("tell of the findings those of the task", () => {
    const answer = { at: 0, request: "", status: 200, text: "", cut: false, tasks: 2 };
    const reply = { kind: "tasks", tasks: [{ id: "t-0" }, { id: "t-1" }], findings: [{ path: "$.TaskSet.Task[0].X" }, { path: "$.TaskSet.Task[1].Y" }, { path: "$.Z" }] };
    assert.deepEqual(findingsOf(answer, "t-1", () => reply).map(({ path }) => path), ["$.TaskSet.Task[1].Y", "$.Z"]);
    assert.deepEqual(findingsOf(answer, "t-1", () => { throw new Error("unreadable"); }), []);
  });
});

describe("an opened row", () => {
  /** @param {import("playwright-core").Locator} one @param {RegExp} words */
  const tells = (one, words) => one.locator(".record-list > li").filter({ hasText: words }).first().waitFor();
  const running = (/** @type {number} */ now) => [ecsTask(now, { id: "t-bp1bad", error: { code: "InvalidImageFormat", message: "No QCOW2." }, plan: { createdAt: now - MINUTE, runMs: 3 * MINUTE, end: "failed", reach: 0.9 } })];

  test("lists the steps and the end, the newest first", async (t) => {
    const { page, pass } = await open(t, { tasks: running });
    const one = row(page, "t-bp1bad");
    await one.locator(".watch-toggle").click();
    await tells(one, /First heard of: Running/);
    pass(30);
    await tells(one, /Progress \d+(\.\d+)?% → \d+/);
    pass(150);
    await tells(one, /Running → Failed/);
    assert.match(await one.locator(".record-list > li").first().textContent() ?? "", /Running → Failed/);
    assert.match(await one.locator(".record-list time").first().getAttribute("datetime") ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    await page.reload(); // the address says that it is open
    await tells(one, /Running → Failed/);
    await tells(one, /First heard of: Running/);
  });

  test("tells of throttling, when it is asked next, and that it went on", async (t) => {
    const { page, cloud } = await open(t, { tasks: (now) => [bdrcTask(now, { plan: { runMs: 5 * MINUTE } })], watch: "bdrc=cn-shanghai" });
    const one = row(page, "Running");
    await one.locator(".watch-toggle").click();
    const refusal = cloud.fail({ operation: "bdrc.DescribeTask", with: { kind: "throttle", retryAfterMs: 4000 }, times: Infinity });
    await tells(one, /Throttled: Throttling\.User; tried again after \d+ sec/);
    await one.locator(".record-fresh").filter({ hasText: /Last heard .* · next asked in \d/ }).waitFor();
    refusal.stop();
    await tells(one, /Answered again/);
  });

  test("has the raw reply, which can be copied and read, and holds no token", async (t) => {
    const { page, token } = await open(t, { tasks: running });
    const one = row(page, "t-bp1bad");
    await one.locator(".watch-toggle").click();
    const details = one.locator(".watch-record details");
    await details.locator("summary").click();
    await details.locator(".json").filter({ hasText: /"t-bp1bad"/ }).waitFor();
    assert.ok(await details.locator(".t-key").count() > 3);
    assert.match(await details.locator(".record-request").textContent() ?? "", /ecs\/Describe\w+\?.*t-bp1bad/);
    assert.ok(!(await one.innerHTML()).includes(token));
    await details.getByRole("button", { name: /^Copy raw reply/ }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(JSON.parse(copied).TaskSet?.Task?.[0]?.TaskId ?? JSON.parse(copied).TaskId, "t-bp1bad");

    // What is open and marked stays, though newer replies come.
    await page.evaluate(() => getSelection()?.selectAllChildren(/** @type {Node} */ (document.querySelector(".record-raw .json"))));
    const marked = await page.evaluate(() => String(getSelection()));
    await details.getByRole("button", { name: "Show the newer reply" }).waitFor();
    assert.equal(await page.evaluate(() => String(getSelection())), marked);
    await page.evaluate(() => getSelection()?.removeAllRanges());
    await details.getByRole("button", { name: "Show the newer reply" }).click();

    await details.getByRole("button", { name: "Read this reply" }).click();
    await page.locator("#reading-body").filter({ hasText: "t-bp1bad" }).waitFor();
    assert.match(await page.locator("#raw-text").inputValue(), /t-bp1bad/);
  });
});
