// One call: what is asked of the proxy, what comes back, and when it is tried again.

import assert from "node:assert/strict";
import test from "node:test";
import { client, connect, fault, GET_TASK, REF, refused, serve, task } from "./support.mjs";

test("a call asks for `{proxy}/{api}/{Operation}` with the API's own names, each once", async (t) => {
  const { proxy, requests } = await serve(t, { TaskSet: { Task: [] }, TotalCount: 0, RequestId: "r" });
  const reply = await client(`${proxy}/tasks`).call({
    operation: "ecs.DescribeTasks", regionId: "cn-hangzhou", taskIds: ["t-1", "t-2****"], taskStatus: "Failed", pageSize: 5, pageNumber: 2,
    startTime: new Date(0), endTime: "2020-11-23T15:10Z", resourceIds: ["i-1", "i-2"], taskAction: undefined, taskGroupId: null,
  });
  assert.equal(reply.kind, "tasks");
  assert.equal(reply.requestId, "r");
  const [{ method, path, query, headers }] = requests;
  assert.equal(`${method} ${path}`, "GET /tasks/ecs/DescribeTasks");
  assert.deepEqual(query, {
    RegionId: "cn-hangzhou", PageNumber: "2", PageSize: "5", TaskIds: "t-1,t-2****", TaskStatus: "Failed",
    StartTime: "1970-01-01T00:00:00Z", EndTime: "2020-11-23T15:10:00Z", "ResourceIds.1": "i-1", "ResourceIds.2": "i-2",
  });
  assert.equal(headers.accept, "application/json");
});

for (const [form, base] of [["without a slash at its end", ""], ["with one", "/"], ["with several", "//"], ["with an empty query", "?"]]) {
  test(`the proxy's address may stand ${form}`, async (t) => {
    const { proxy, requests } = await serve(t, task());
    await client(`${proxy}/a${base}`).call(GET_TASK);
    assert.equal(requests[0].path, "/a/cloudcontrol/GetTask");
  });
}

test("the proxy's address may be a URL", async (t) => {
  const { proxy, requests } = await serve(t, task());
  await client(new URL("/b", proxy)).call(GET_TASK);
  assert.equal(requests[0].path, "/b/cloudcontrol/GetTask");
});

test("a reply is plain data with its findings", async (t) => {
  const { proxy } = await serve(t, { body: { Data: { TaskId: "t-1", TaskStatus: "RUNNING", Progress: 100, Shard: 3 }, RequestId: "r" } });
  const reply = await client(proxy).call({ operation: "bdrc.DescribeTask", regionId: "cn-shanghai", taskId: "t-1" });
  assert.equal(reply.kind, "task");
  assert.equal(reply.task.progress.fraction, 0.01);
  assert.deepEqual(reply.findings.map(({ code, path }) => [code, path]), [["unknown-field", "$.Data.Shard"]]);
  assert.deepEqual(structuredClone(reply), reply);
});

for (const [ref, path, query, body] of [
  [{ api: "ecs", regionId: "cn-hangzhou", id: "t-1" }, "/ecs/DescribeTaskAttribute", { RegionId: "cn-hangzhou", TaskId: "t-1" }, { TaskId: "t-1", TaskStatus: "Processing", RequestId: "r" }],
  [{ api: "bdrc", regionId: "cn-shanghai", id: "t-1" }, "/bdrc/DescribeTask", { RegionId: "cn-shanghai", TaskId: "t-1" }, { Data: { TaskId: "t-1", TaskStatus: "RUNNING" }, RequestId: "r" }],
  [{ api: "cloudcontrol", id: "t-1" }, "/cloudcontrol/GetTask", { taskId: "t-1" }, task("Running", "t-1")],
  [{ api: "cloudcontrol", regionId: "cn-hongkong", id: "t-1" }, "/cloudcontrol/GetTask", { RegionId: "cn-hongkong", taskId: "t-1" }, task("Running", "t-1")],
]) {
  test(`task() of ${ref.api}${ref.regionId ? ` in ${ref.regionId}` : ""} asks ${path}`, async (t) => {
    const { proxy, requests } = await serve(t, { body });
    const read = await client(proxy).task(ref);
    assert.deepEqual([read.id, read.status, requests[0].path, requests[0].query], ["t-1", "running", path, query]);
    assert.equal((await client(proxy).task({ ...read, regionId: ref.regionId })).id, "t-1", "a task refers to itself");
  });
}

test("task() of a reply without a task says so", async (t) => {
  const { proxy } = await serve(t, { status: 204 });
  assert.equal((await refused(client(proxy).task(REF))).code, "unrecognized");
});

for (const [ref, path, query] of [
  [{ api: "ecs", regionId: "cn-hangzhou", id: "t-1" }, "/ecs/CancelTask", { RegionId: "cn-hangzhou", TaskId: "t-1" }],
  [REF, "/cloudcontrol/CancelTask", { taskId: "task-1" }],
]) {
  test(`cancel() of ${ref.api} posts once and resolves to nothing`, async (t) => {
    const { proxy, requests } = await serve(t, { body: { RequestId: "r" } });
    assert.equal(await client(proxy).cancel(ref), undefined);
    assert.deepEqual(requests.map(({ method, path, query }) => [method, path, query]), [["POST", path, query]]);
  });
}

for (const [what, answer] of [["204", { status: 204 }], ["200 and no body", { body: "" }]]) {
  test(`a cancel that is answered with ${what} was accepted`, async (t) => {
    const { proxy } = await serve(t, { headers: { "x-acs-request-id": "r-9" }, ...answer });
    assert.equal(await client(proxy).cancel(REF), undefined);
    const reply = await client(proxy).call({ operation: "cloudcontrol.CancelTask", taskId: "task-1" });
    assert.deepEqual(reply, { kind: "accepted", requestId: "r-9", findings: [], extra: {} });
  });
}

test("cancel() of BDRC is refused and sends nothing", async (t) => {
  const { proxy, requests } = await serve(t, { body: {} });
  const error = await refused(client(proxy).cancel({ api: "bdrc", regionId: "cn-shanghai", id: "t-1" }));
  assert.deepEqual([error.code, error.path, requests.length], ["request", "api", 0]);
});

for (const [what, call, path] of [
  ["no call", undefined, "call"],
  ["a list", [], "call"],
  ["no operation", {}, "operation"],
  ["an unknown operation", { operation: "ecs.DeleteInstance" }, "operation"],
  ["an unknown field", { ...GET_TASK, taskID: "x" }, "taskID"],
  ["a field of another operation", { ...GET_TASK, pageSize: 1 }, "pageSize"],
  ["a missing field", { operation: "ecs.DescribeTasks" }, "regionId"],
  ["a boolean", { ...GET_TASK, taskId: true }, "taskId"],
  ["a number in a list", { operation: "ecs.DescribeTasks", regionId: "cn-hangzhou", taskIds: ["a", 1] }, "taskIds[1]"],
  ["an impossible date", { operation: "ecs.DescribeTasks", regionId: "cn-hangzhou", startTime: new Date(NaN) }, "startTime"],
]) {
  test(`call() of ${what} is refused, naming ${path}, and sends nothing`, async (t) => {
    const { proxy, requests } = await serve(t, task());
    const error = await refused(client(proxy).call(call));
    assert.deepEqual([error.code, error.path, error.retryable, requests.length], ["request", path, false, 0]);
    assert.ok(error.message.includes(path));
  });
}

for (const [what, ref, path] of [
  ["no reference", null, "ref"],
  ["an unknown API", { api: "s3", id: "x" }, "api"],
  ["no id", { api: "cloudcontrol" }, "id"],
  ["a number for an id", { api: "cloudcontrol", id: 7 }, "id"],
  ["no region", { api: "ecs", id: "t-1" }, "regionId"],
  ["a region of no endpoint", { api: "bdrc", regionId: "cn-beijing", id: "t-1" }, "regionId"],
]) {
  test(`task() and cancel() of ${what} are refused, naming ${path}`, async (t) => {
    const { proxy, requests } = await serve(t, task());
    for (const method of ["task", "cancel"]) {
      const error = await refused(client(proxy)[method](ref));
      assert.deepEqual([error.code, error.path, requests.length], ["request", path, 0]);
    }
  });
}

// ── retries ──

for (const [what, answer] of [
  ["throttling, whatever its HTTP status", fault("Throttling.User", 400)],
  ["an internal error", fault("InternalError", 500)],
  ["a 503 that is no document", { status: 503, body: "<html>" }],
  ["a 429 without a body", { status: 429 }],
  ["a refusal with x-acs-retry-after", fault("Whatever", 400, { "x-acs-retry-after": "1" })],
  ["a connection that breaks", (_, response) => void response.destroy()],
  ["a body that breaks", (_, response) => { response.writeHead(200, { "content-length": "100" }); response.write("{"); setTimeout(() => response.destroy(), 5); }],
  ["a proxy that does not reach the API", { status: 502, headers: { "content-type": "application/problem+json" }, body: { detail: "unreachable" } }],
  ["a proxy that waited too long", { status: 504, headers: { "content-type": "application/problem+json; charset=utf-8" }, body: { detail: "slow" } }],
]) {
  test(`${what} is tried again until it works`, async (t) => {
    const { proxy, requests } = await serve(t, answer, answer, task());
    assert.equal((await client(proxy).task(REF)).status, "running");
    assert.equal(requests.length, 3);
  });
}

test("three retries by default, then the last error", async (t) => {
  const { proxy, requests } = await serve(t, fault("ServiceUnavailable", 503));
  const error = await refused(connect({ proxy, retry: { initialMs: 1 } }).task(REF));
  assert.deepEqual([error.code, error.fault.code, error.retryable, requests.length], ["fault", "ServiceUnavailable", true, 4]);
});

for (const attempts of [0, 1, 5]) {
  test(`\`attempts: ${attempts}\` makes ${attempts + 1} requests`, async (t) => {
    const { proxy, requests } = await serve(t, fault("Throttling"));
    await refused(client(proxy, { retry: { attempts, initialMs: 0 } }).task(REF));
    assert.equal(requests.length, attempts + 1);
  });
}

test("a cancel is never tried again", async (t) => {
  for (const answer of [fault("Throttling"), fault("InternalError", 500), { status: 503, body: "<html>" }, (_, response) => void response.destroy()]) {
    const { proxy, requests } = await serve(t, answer);
    const error = await refused(client(proxy).cancel(REF));
    assert.ok(["fault", "network"].includes(error.code));
    await refused(client(proxy).call({ operation: "ecs.CancelTask", regionId: "cn-hangzhou", taskId: "t-1" }));
    assert.equal(requests.length, 2);
  }
});

for (const [what, answer, code] of [
  ["what is not there", fault("InvalidTaskId.NotFound", 400), "fault"],
  ["what may not be", fault("Forbidden.RAM", 403), "fault"],
  ["a wrong key", fault("SignatureDoesNotMatch", 400), "fault"],
  ["a page in place of the proxy", { headers: { "content-type": "text/html" }, body: "<html><body>hello</body></html>" }, "invalid"],
  ["damaged JSON", { body: "{\"task\":" }, "syntax"],
  ["a reply of another kind", { body: { RequestId: "r" } }, "invalid"],
]) {
  test(`${what} is not tried again`, async (t) => {
    const { proxy, requests } = await serve(t, answer);
    const error = await refused(client(proxy).task(REF));
    assert.deepEqual([error.code, error.retryable, requests.length], [code, false, 1]);
  });
}

test("delays grow by the factor and stop at the cap", async (t) => {
  const { proxy, requests } = await serve(t, fault("Throttling"));
  await refused(connect({ proxy, retry: { attempts: 3, initialMs: 150, factor: 2, capMs: 300, jitter: "none" } }).task(REF));
  const gaps = requests.slice(1).map(({ at }, index) => at - requests[index].at);
  // Without the cap the last would be 600.
  for (const [index, least] of [150, 300, 300].entries()) assert.ok(gaps[index] >= least - 2 && gaps[index] < 590, `${gaps}`);
});

for (const [what, headers] of [
  ["milliseconds", { "x-acs-retry-after": "120" }],
  ["seconds", { "retry-after": "1" }],
  ["a date, by the server's clock", { date: "Sun, 06 Nov 1994 08:49:37 GMT", "retry-after": "Sun, 06 Nov 1994 08:49:38 GMT" }],
]) {
  test(`the server's wish in ${what} wins over our delay`, async (t) => {
    const { proxy, requests } = await serve(t, fault("Throttling", 429, headers), task());
    await client(proxy).task(REF);
    const least = what === "milliseconds" ? 120 : 1000;
    const gap = requests[1].at - requests[0].at;
    assert.ok(gap >= least - 2 && gap < 30_000, `${gap}`);
  });
}

test("the server's wish counts once", async (t) => {
  const { proxy, requests } = await serve(t, fault("Throttling", 429, { "x-acs-retry-after": "1000" }), fault("Throttling"), task());
  await client(proxy).task(REF);
  const gaps = [requests[1].at - requests[0].at, requests[2].at - requests[1].at];
  assert.ok(gaps[0] >= 998 && gaps[1] < 900, `${gaps}`);
});

for (const nonsense of ["0", "-5", "soon", ""]) {
  test(`\`Retry-After: ${nonsense}\` is no wish`, async (t) => {
    const { proxy, requests } = await serve(t, fault("Throttling", 429, { "retry-after": nonsense, "x-acs-retry-after": nonsense }), task());
    await client(proxy).task(REF);
    assert.ok(requests[1].at - requests[0].at < 900);
  });
}
