// @ts-check
// BDRC and Cloud Control as they answer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bdrcTask, cloudControlTask, everyStatus } from "./scenarios.mjs";
import { rehearse, START } from "./support/rehearsal.mjs";

const ID = "task-0123456789abcdef0123456789abc";

test("a task of BDRC has the published shape, progress in basis points and times in seconds", async (t) => {
  const { bdrc, pass } = await rehearse(t, { tasks: [bdrcTask(START)] });
  pass(15);
  const running = (await bdrc("t-0004resources")).json;
  assert.deepEqual(running, {
    Data: {
      TaskId: "t-0004resources", TaskName: "refresh resources", TaskDescription: "", TaskType: "UPDATE_RESOURCES", TaskPriority: "HIGH",
      RequestId: running.Data.RequestId, TaskDetail: '{"resourceTypes":["ACS::ECS::Instance","ACS::OSS::Bucket"]}', ExecutionId: "",
      Progress: 2500, TaskStatus: "RUNNING", StartTime: START / 1000, ExpireTime: START / 1000 + 86_400,
    },
    RequestId: running.RequestId,
  });
  assert.notEqual(running.Data.RequestId, running.RequestId, "the request that began the task is another one");
  pass(45);
  const { Data } = (await bdrc("t-0004resources")).json;
  assert.deepEqual([Data.TaskStatus, Data.Progress, Data.CompleteTime, JSON.parse(Data.TaskResult).resourceCounts.length], ["COMPLETE", 10_000, START / 1000 + 60, 1]);
  assert.equal(Data.RequestId, running.Data.RequestId);
});

test("each phase has BDRC's word, and only a failed one an error", async (t) => {
  const { bdrc } = await rehearse(t, everyStatus(START));
  const { Content } = (await bdrc("")).json.Data;
  assert.deepEqual(Object.fromEntries(Content.map((/** @type {any} */ task) => [task.TaskId.slice(6), task.TaskStatus])), {
    queued: "CREATED", running: "RUNNING", succeeded: "COMPLETE", failed: "FAILED", expired: "EXPIRED", cancelled: "CANCELED",
  });
  assert.deepEqual(Content.filter((/** @type {any} */ task) => "ErrorMessage" in task).map((/** @type {any} */ task) => task.TaskId), ["t-0004failed"]);
});

test("BDRC's MaxResults is brought into its bounds", async (t) => {
  const { bdrc } = await rehearse(t);
  const sizes = [];
  for (const MaxResults of ["", "1", "9", "10", "77", "501", "many"]) sizes.push((await bdrc("", MaxResults ? { MaxResults } : {})).json.Data.MaxResults);
  assert.deepEqual(sizes, [10, 10, 10, 10, 77, 500, 10]);
});

test("BDRC's tokens lead through the list, also where tasks come and go in between", async (t) => {
  const tasks = Array.from({ length: 25 }, (_, i) => bdrcTask(START, { id: `t-0004${String(i).padStart(2, "0")}`, plan: { createdAt: START - (i >> 1) * 1000, runMs: 1e9 } }));
  const { cloud, bdrc } = await rehearse(t, { tasks });
  /** @type {string[]} */
  const seen = [];
  let NextToken = "";
  do {
    const { Data } = (await bdrc("", NextToken ? { NextToken } : {})).json;
    seen.push(...Data.Content.map((/** @type {any} */ task) => task.TaskId));
    NextToken = Data.NextToken;
    cloud.tasks.add(bdrcTask(START, { id: `t-0004new${seen.length}`, plan: { createdAt: START, runMs: 1e9 } }));
    cloud.tasks.remove("t-000409"); // the last of the first page
  } while (NextToken);
  assert.deepEqual(seen, tasks.map(({ id }) => id));
  assert.equal((await bdrc("", { NextToken: "none" })).json.code, "InvalidParameter");
});

test("BDRC filters by status and type", async (t) => {
  const { bdrc } = await rehearse(t, { tasks: [bdrcTask(START), bdrcTask(START, { id: "t-0004rules", action: "CHECK_RULES", plan: { queuedMs: 9000 } })] });
  /** @param {Record<string, string>} query */
  const ids = async (query) => (await bdrc("", query)).json.Data.Content.map((/** @type {any} */ task) => task.TaskId);
  assert.deepEqual(await ids({ TaskStatus: "CREATED" }), ["t-0004rules"]);
  assert.deepEqual(await ids({ TaskType: "UPDATE_RESOURCES" }), ["t-0004resources"]);
  assert.deepEqual(await ids({ TaskStatus: "CREATED", TaskType: "UPDATE_RESOURCES" }), []);
});

test("a task of Cloud Control has the published shape, and no progress", async (t) => {
  const { cloudControl } = await rehearse(t, { tasks: [cloudControlTask(START)] });
  const { json } = await cloudControl(ID);
  assert.deepEqual(json, {
    requestId: json.requestId,
    task: { createTime: "2026-11-20T12:00:00Z", product: "ECS", regionId: "cn-beijing", resourceId: "i-2zeinstance", resourcePath: "Instance/i-2zeinstance", resourceType: "Instance", status: "Running", taskAction: "Create", taskId: ID },
  });
});

test("a failure of Cloud Control is JSON in a text, by a code that says whether something was done", async (t) => {
  const { cloudControl } = await rehearse(t, everyStatus(START));
  for (const [id, code] of [["task-failed", "OperationFailure.OperationFailed"], ["task-partial", "OperationFailure.PartialOperationFailed"]]) {
    const { task } = (await cloudControl(id)).json;
    assert.deepEqual([task.status, task.error.code], ["Failed", code]);
    assert.match(task.error.message, /^\{\n {5}"requestId": /);
    assert.deepEqual(Object.keys(JSON.parse(task.error.message)), ["requestId", "errorCode", "errorMsg"]);
  }
});

test("each phase has Cloud Control's word", async (t) => {
  const { cloudControl } = await rehearse(t, everyStatus(START));
  const words = { queued: "Pending", running: "Running", cancelling: "Cancelling", cancelled: "Cancelled", succeeded: "Succeeded", failed: "Failed" };
  for (const [phase, word] of Object.entries(words)) assert.equal((await cloudControl(`task-${phase}`)).json.task.status, word);
});

test("a task that waits or runs is Cancelling for a while, then Cancelled", async (t) => {
  const { cloudControl, cancelInCloudControl, pass } = await rehearse(t, { tasks: [cloudControlTask(START, { plan: { queuedMs: 9000 } })], cancelMs: 5000 });
  assert.deepEqual(Object.keys((await cancelInCloudControl(ID)).json), ["requestId"]);
  assert.equal((await cloudControl(ID)).json.task.status, "Cancelling");
  pass(5);
  assert.equal((await cloudControl(ID)).json.task.status, "Cancelled");
});

test("no other task can be cancelled", async (t) => {
  const { cancelInCloudControl } = await rehearse(t, everyStatus(START));
  for (const phase of ["succeeded", "failed", "partial", "cancelling", "cancelled"]) {
    const { status, json } = await cancelInCloudControl(`task-${phase}`);
    assert.deepEqual([status, json.code], [400, "InvalidOperation.InvalidTaskStatus"], phase);
  }
  assert.equal((await cancelInCloudControl("task-none")).json.code, "InvalidTask.NotFound");
});
