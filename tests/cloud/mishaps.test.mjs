// @ts-check
// What goes wrong by order, how often, and what the log keeps of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ecsTask, shifting } from "./scenarios.mjs";
import { rehearse, START } from "./support/rehearsal.mjs";

/** @typedef {import("./mishaps.mjs").With} With */

/** @type {[With, [status: number, code: string | undefined], Record<string, string>?][]} */
const ANSWERS = [
  ["throttle", [400, "Throttling.User"]],
  [{ kind: "throttle", status: 429, retryAfterMs: 800 }, [429, "Throttling.User"], { "x-acs-retry-after": "800" }],
  [{ kind: "unavailable", retryAfter: 3 }, [503, "ServiceUnavailable"], { "retry-after": "3" }],
  [{ kind: "unavailable", retryAfter: new Date(START + 5000) }, [503, "ServiceUnavailable"], { "retry-after": "Fri, 20 Nov 2026 12:00:05 GMT" }],
  ["internal", [500, "InternalError"]],
  ["denied", [403, "Forbidden.RAM"]],
  [{ kind: "fault", status: 409, code: "OperationConflict", message: "busy" }, [409, "OperationConflict"]],
  ["html", [502, undefined], { "content-type": "text/html" }],
  [{ kind: "redirect", location: "http://127.0.0.1:9/there" }, [302, undefined], { location: "http://127.0.0.1:9/there" }],
  [{ kind: "type", type: "text/html" }, [200, undefined], { "content-type": "text/html" }],
  [{ kind: "empty", status: 204 }, [204, undefined]],
];

for (const [what, [status, code], headers = {}] of ANSWERS) {
  test(`answers by order: ${JSON.stringify(what)}`, async (t) => {
    const { cloud, ecs } = await rehearse(t);
    cloud.fail({ with: what });
    const answer = await ecs("DescribeTasks");
    assert.deepEqual([answer.status, answer.json?.Code], [status, code]);
    for (const [name, value] of Object.entries(headers)) assert.equal(answer.headers[name], value);
    assert.equal((await ecs("DescribeTasks")).status, 200, "once, as ordered");
  });
}

test("a long answer is as long as ordered, and readable", async (t) => {
  const { cloud, ecs } = await rehearse(t);
  cloud.fail({ with: { kind: "oversize", bytes: 3_000_000 } });
  const { text, json } = await ecs("DescribeTasks");
  assert.deepEqual([text.length, json.TotalCount], [3_000_000, 0]);
});

test("a damaged answer ends in the middle and does not say so", async (t) => {
  const { cloud, ecs } = await rehearse(t);
  cloud.fail({ with: "damaged" });
  const { status, text, json } = await ecs("DescribeTasks");
  assert.deepEqual([status, json, text.slice(0, 13)], [200, null, '{"RequestId":']);
});

for (const kind of /** @type {const} */ (["reset", "cut"])) {
  test(`a connection breaks by order: ${kind}`, async (t) => {
    const { cloud, ecs } = await rehearse(t);
    cloud.fail({ with: kind });
    await assert.rejects(ecs("DescribeTasks"), { code: "ECONNRESET" });
    assert.deepEqual(cloud.calls.map(({ mishap, status }) => [mishap, status]), [[kind, kind === "cut" ? 200 : null]]);
  });
}

test("a call that hangs is answered by nothing but the end of the cloud", async (t) => {
  const { cloud, ecs } = await rehearse(t);
  cloud.fail({ with: "hang" });
  const call = assert.rejects(ecs("DescribeTasks"), { code: "ECONNRESET" });
  while (!cloud.calls.length) await new Promise((resolve) => setImmediate(resolve));
  await cloud.close();
  await call;
  assert.equal(cloud.calls[0].status, null);
});

test("a slow body comes in pieces, and whole", async (t) => {
  const { cloud, ecs } = await rehearse(t);
  cloud.fail({ with: { kind: "slow", pieces: 5, everyMs: 2 } });
  assert.equal((await ecs("DescribeTasks")).json.TotalCount, 0);
});

test("an order fits its operation, region and task, after some calls, so many times", async (t) => {
  const { cloud, ecs, bdrc } = await rehearse(t);
  cloud.fail({ operation: "ecs.DescribeTaskAttribute", region: "cn-hangzhou", id: "t-1", after: 1, times: 2, with: "internal" });
  const statuses = [];
  for (const TaskId of ["t-1", "t-2", "t-1", "t-1", "t-1"]) statuses.push((await ecs("DescribeTaskAttribute", { TaskId })).status);
  assert.deepEqual(statuses, [400, 400, 500, 500, 400]);
  assert.equal((await ecs("DescribeTasks")).status, 200);
  assert.equal((await bdrc("")).status, 200);
});

test("an order can be taken back", async (t) => {
  const { cloud, ecs } = await rehearse(t);
  const order = cloud.fail({ times: Infinity, with: "throttle" });
  assert.equal((await ecs("DescribeTasks")).status, 400);
  order.stop();
  assert.equal((await ecs("DescribeTasks")).status, 200);
});

test("a refused signature uses up no order", async (t) => {
  const { cloud, ecs } = await rehearse(t);
  const order = cloud.fail({ with: "internal" });
  await ecs("DescribeTasks", {}, { host: "elsewhere" });
  assert.equal(order.left, 1);
});

test("a quota is counted by the minute, operation and region; the next minute is free", async (t) => {
  const { ecs, pass } = await rehearse(t, { quotas: { "ecs.DescribeTasks": 2 }, throttle: { status: 429 } });
  pass(15);
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await ecs("DescribeTasks")).status);
  assert.deepEqual(statuses, [200, 200, 429]);
  assert.equal((await ecs("DescribeTasks")).headers["x-acs-retry-after"], "45000");
  assert.equal((await ecs("DescribeTasks", { RegionId: "cn-beijing" })).status, 200);
  assert.equal((await ecs("DescribeTaskAttribute", { TaskId: "t-1" })).json.Code, "InvalidTaskId.NotFound");
  pass(45);
  assert.equal((await ecs("DescribeTasks")).status, 200);
});

test("a hook sees each call before its tasks are read, and may change them or order a mishap", async (t) => {
  const { cloud, ecs } = await rehearse(t);
  /** @type {unknown[]} */
  const seen = [];
  const hook = cloud.before((call, n) => {
    seen.push([call.operation, n]);
    if (n === 2) cloud.tasks.add(ecsTask(START));
    if (n === 3) return "internal";
  });
  const answers = [await ecs("DescribeTasks"), await ecs("DescribeTasks"), await ecs("DescribeTasks")];
  assert.deepEqual(answers.map(({ status, json }) => [status, json.TotalCount]), [[200, 0], [200, 1], [500, undefined]]);
  hook.stop();
  await ecs("DescribeTasks");
  assert.deepEqual(seen, [["ecs.DescribeTasks", 1], ["ecs.DescribeTasks", 2], ["ecs.DescribeTasks", 3]]);
});

test("a list that shifts shows one task on two pages", async (t) => {
  const { ecs, pass } = await rehearse(t, shifting(START));
  /** @param {string} PageNumber @returns {Promise<string[]>} */
  const page = async (PageNumber) => (await ecs("DescribeTasks", { PageNumber })).json.TaskSet.Task.map((/** @type {any} */ task) => task.TaskId);
  const first = await page("1");
  pass(1);
  const second = await page("2");
  assert.equal(first.at(-1), second[0]);
});

test("the clock can be another one", async (t) => {
  const { cloud, ecs } = await rehearse(t);
  cloud.setClock(() => START + 3_600_000);
  const { json, headers } = await ecs("DescribeTasks");
  assert.deepEqual([json.Code, headers.date], ["InvalidTimeStamp.Expired", "Fri, 20 Nov 2026 13:00:00 GMT"]);
});

test("the log tells of each call, and no secret", async (t) => {
  const { cloud, credential, ecs, now } = await rehearse(t);
  await ecs("DescribeTasks", { TaskIds: "t-1,t-2" });
  await ecs("DescribeTasks", {}, { host: "elsewhere" });
  assert.deepEqual(cloud.calls[0], { operation: "ecs.DescribeTasks", region: "cn-hangzhou", ids: ["t-1", "t-2"], host: "ecs.cn-hangzhou.aliyuncs.com", method: "GET", t: now(), id: cloud.calls[0].id, status: 200, code: null, mishap: null, aborted: false });
  const text = JSON.stringify(cloud.calls);
  assert.ok(!text.includes(credential.accessKeyId) && !text.includes(credential.accessKeySecret));
  assert.equal(cloud.count("ecs.DescribeTasks"), 2);
});
