// @ts-check
// ECS as it answers: lists and their filters, the attribute, the cancelling, JSON and XML.
import assert from "node:assert/strict";
import { test } from "node:test";
import { everyStatus, ecsTask, many } from "./scenarios.mjs";
import { rehearse, START } from "./support/rehearsal.mjs";

/** @param {import("./support/call.mjs").Answer} answer @returns {string[]} */
const ids = ({ json }) => json.TaskSet.Task.map((/** @type {any} */ task) => task.TaskId);

test("a list has the published shape: no progress, no error, times to the minute", async (t) => {
  const { ecs, pass } = await rehearse(t, { tasks: [ecsTask(START)] });
  pass(90);
  const { json, headers } = await ecs("DescribeTasks");
  assert.equal(headers["content-type"], "application/json;charset=utf-8");
  assert.deepEqual(json, {
    RequestId: json.RequestId, PageSize: 10, PageNumber: 1, TotalCount: 1, RegionId: "cn-hangzhou",
    TaskSet: { Task: [{ CreationTime: "2026-11-20T12:00Z", TaskStatus: "Finished", FinishedTime: "2026-11-20T12:01Z", SupportCancel: "true", TaskId: "t-bp1import", TaskAction: "ImportImage", ResourceId: "m-bp1image" }] },
  });
});

test("pages share a list, the newest task first", async (t) => {
  const { tasks } = many(START, 25);
  const { ecs } = await rehearse(t, { tasks });
  const pages = await Promise.all(["1", "2", "3", "4"].map((PageNumber) => ecs("DescribeTasks", { PageNumber })));
  assert.deepEqual(pages.map((page) => ids(page).length), [10, 10, 5, 0]);
  assert.deepEqual(pages.flatMap(ids), tasks.map(({ id }) => id));
  assert.deepEqual(pages.map(({ json }) => json.TotalCount), [25, 25, 25, 25]);
  assert.equal(ids(await ecs("DescribeTasks", { PageSize: "100" })).length, 25);
});

for (const [name, value] of [["PageSize", "0"], ["PageSize", "101"], ["PageNumber", "0"], ["PageNumber", "one"], ["StartTime", "yesterday"], ["TaskIds", Array(101).fill("t-1").join()]]) {
  test(`a ${name} of ${value.slice(0, 9)} is refused`, async (t) => {
    const { status, json } = await (await rehearse(t)).ecs("DescribeTasks", { [name]: value });
    assert.deepEqual([status, json.Code], [400, "InvalidParameter"]);
  });
}

test("each filter keeps what it names", async (t) => {
  const tasks = [
    ecsTask(START, { id: "t-new", plan: { createdAt: START, runMs: 1e6 } }),
    ecsTask(START, { id: "t-disk", action: "ModifyDiskSpec", resourceId: "d-1", groupId: "g-1", plan: { createdAt: START - 3_600_000, end: "failed" } }),
    ecsTask(START, { id: "t-old", resourceId: "m-2", groupId: "g-1", plan: { createdAt: START - 7_200_000 } }),
  ];
  const { ecs } = await rehearse(t, { tasks });
  /** @type {[Record<string, string>, string[]][]} */
  const table = [
    [{}, ["t-new", "t-disk", "t-old"]],
    [{ TaskIds: "t-old,t-new,t-none" }, ["t-new", "t-old"]],
    [{ TaskIds: '["t-old","t-new"]' }, ["t-new", "t-old"]],
    [{ TaskAction: "ModifyDiskSpec" }, ["t-disk"]],
    [{ TaskStatus: "Finished" }, ["t-old"]],
    [{ TaskStatus: "Processing" }, ["t-new"]],
    [{ TaskStatus: "Failed" }, ["t-disk"]],
    [{ TaskStatus: "Waiting" }, ["t-new", "t-disk", "t-old"]],
    [{ "ResourceIds.1": "d-1", "ResourceIds.2": "m-2" }, ["t-disk", "t-old"]],
    [{ StartTime: "2026-11-20T11:00:00Z" }, ["t-new", "t-disk"]],
    [{ EndTime: "2026-11-20T11:00Z" }, ["t-disk", "t-old"]],
    [{ TaskGroupId: "g-1", TaskStatus: "Finished", TaskIds: "t-new" }, ["t-disk", "t-old"]],
  ];
  for (const [query, expected] of table) assert.deepEqual(ids(await ecs("DescribeTasks", query)), expected, JSON.stringify(query));
});

test("a task's attribute follows its progress", async (t) => {
  const { ecs, pass } = await rehearse(t, { tasks: [ecsTask(START, { plan: { queuedMs: 10_000 } })] });
  const seen = [];
  for (const seconds of [0, 10, 30, 29, 1]) {
    pass(seconds);
    const { json } = await ecs("DescribeTaskAttribute", { TaskId: "t-bp1import" });
    seen.push([json.TaskStatus, json.TaskProcess, json.SuccessCount, json.FinishedTime]);
  }
  assert.deepEqual(seen, [
    ["Waiting", "0%", 0, undefined], ["Processing", "0%", 0, undefined], ["Processing", "50%", 0, undefined], ["Processing", "98%", 0, undefined],
    ["Finished", "100%", 1, "2026-11-20T12:01Z"],
  ]);
});

test("a task that runs can have an empty FinishedTime instead of none", async (t) => {
  const { ecs } = await rehearse(t, { tasks: [ecsTask(START)], unfinished: "empty" });
  assert.equal((await ecs("DescribeTaskAttribute", { TaskId: "t-bp1import" })).json.FinishedTime, "");
});

test("sub-tasks settle one by one, and a partial task names the errors of some", async (t) => {
  const error = { code: "InvalidSnapshotId.NotFound", message: "gone" };
  const parts = [{ related: { SnapshotId: "s-1" } }, { related: { SnapshotId: "s-2" }, error }, { related: { SnapshotId: "s-3" } }];
  const { ecs, pass } = await rehearse(t, { tasks: [ecsTask(START, { action: "ArchiveSnapshot", parts, plan: { end: "partial" } })] });
  const seen = [];
  for (const seconds of [10, 15, 20, 15]) {
    pass(seconds);
    const { json } = await ecs("DescribeTaskAttribute", { TaskId: "t-bp1import" });
    seen.push([json.TaskStatus, json.SuccessCount, json.FailedCount, json.TotalCount]);
  }
  assert.deepEqual(seen, [["Processing", 0, 0, 3], ["Processing", 1, 0, 3], ["Processing", 1, 1, 3], ["Finished", 2, 1, 3]]);
  const { json } = await ecs("DescribeTaskAttribute", { TaskId: "t-bp1import" });
  assert.deepEqual(json.OperationProgressSet.OperationProgress[1], { ErrorMsg: "gone", ErrorCode: error.code, OperationStatus: "Failed", RelatedItemSet: { RelatedItem: [{ Name: "SnapshotId", Value: "s-2" }] } });
});

test("each phase has its word", async (t) => {
  const { ecs } = await rehearse(t, everyStatus(START));
  const { json } = await ecs("DescribeTasks", { PageSize: "100" });
  assert.deepEqual(Object.fromEntries(json.TaskSet.Task.map((/** @type {any} */ task) => [task.TaskId.slice(5), task.TaskStatus])), {
    queued: "Waiting", running: "Processing", paused: "Paused", succeeded: "Finished", partial: "Finished", failed: "Failed", cancelled: "Deleted",
  });
});

test("a cancelled task runs on for a moment, then is Deleted", async (t) => {
  const { ecs, pass } = await rehearse(t, { tasks: [ecsTask(START)] });
  const query = { TaskId: "t-bp1import" };
  pass(30);
  assert.deepEqual(Object.keys((await ecs("CancelTask", query, { method: "POST" })).json), ["RequestId"]);
  assert.equal((await ecs("DescribeTaskAttribute", query)).json.TaskStatus, "Processing");
  pass(3);
  const { json } = await ecs("DescribeTaskAttribute", query);
  assert.deepEqual([json.TaskStatus, json.TaskProcess], ["Deleted", "50%"]);
});

test("what cannot be cancelled says why", async (t) => {
  const { tasks } = everyStatus(START);
  const { ecs } = await rehearse(t, { tasks: [...tasks, ecsTask(START, { id: "t-disk", action: "ModifyDiskSpec" }), ecsTask(START, { id: "t-firm", supportCancel: false })] });
  /** @param {string} TaskId */
  const refusal = async (TaskId) => { const { status, json } = await ecs("CancelTask", { TaskId }); return [status, json.Code]; };
  assert.deepEqual(await refusal("t-none"), [400, "InvalidTaskId.NotFound"]);
  assert.deepEqual(await refusal("t-disk"), [403, "InvalidTaskId.TaskActionNotSupport"]);
  assert.deepEqual(await refusal("t-firm"), [403, "CancelTaskFailed"]);
  for (const id of ["t-bp1succeeded", "t-bp1failed", "t-bp1cancelled", "t-bp1queued"]) assert.deepEqual(await refusal(id), [403, "InvalidTaskId.IncorrectTaskStatus"], id);
});

test("a missing or unknown region or task is HTTP 400", async (t) => {
  const { ecs } = await rehearse(t);
  const noRegion = await ecs("DescribeTasks", { RegionId: "" }, { host: "ecs.eu-west-1.aliyuncs.com" });
  assert.deepEqual([noRegion.status, noRegion.json.Code, noRegion.json.Message], [400, "MissingParameter", 'An input parameter "RegionId" that is mandatory for processing the request is not supplied.']);
  assert.equal((await ecs("DescribeTasks", { RegionId: "cn-atlantis" })).json.Code, "InvalidRegionId.NotFound");
  assert.equal((await ecs("DescribeTaskAttribute")).json.Code, "MissingParameter");
  assert.equal((await ecs("DescribeTaskAttribute", { TaskId: "t-none" })).json.Code, "InvalidTaskId.NotFound");
});

test("XML comes unless JSON is asked for, with IMPORT_IMAGE in a list", async (t) => {
  const { ecs } = await rehearse(t, { tasks: [ecsTask(START)] });
  for (const accept of ["", "application/xml", "*/*"]) {
    const { text, headers } = await ecs("DescribeTasks", {}, { headers: { accept } });
    assert.equal(headers["content-type"], "text/xml;charset=utf-8");
    assert.match(text, /^<\?xml version='1\.0' encoding='UTF-8'\?><DescribeTasksResponse><RequestId>[0-9A-F-]{36}<\/RequestId><PageSize>10<\/PageSize>/);
    assert.match(text, /<TaskSet><Task><CreationTime>2026-11-20T12:00Z<\/CreationTime>.*<TaskAction>IMPORT_IMAGE<\/TaskAction>.*<\/Task><\/TaskSet><\/DescribeTasksResponse>$/);
  }
  const { text } = await ecs("DescribeTaskAttribute", { TaskId: "t-bp1import" }, { headers: { accept: "text/xml" } });
  assert.match(text, /<TaskAction>ImportImage<\/TaskAction>.*<ErrorMsg><\/ErrorMsg><ErrorCode><\/ErrorCode><OperationStatus>Processing<\/OperationStatus><RelatedItemSet><RelatedItem><Name>OSSBucket<\/Name>/);
});

test("a fault in XML escapes what it quotes", async (t) => {
  const { ecs } = await rehearse(t);
  const { status, text } = await ecs("DescribeTasks", {}, { headers: { accept: "text/xml" }, host: "elsewhere" });
  assert.equal(status, 400);
  assert.match(text, /^<\?xml version='1\.0' encoding='UTF-8'\?><Error><RequestId>.*<HostId>.*<Code>SignatureDoesNotMatch<\/Code><Message>Specified signature[^<]*&amp;%2F&amp;AccessKeyId[^<]*<\/Message><Recommend>/s);
});
