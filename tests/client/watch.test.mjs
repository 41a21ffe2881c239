// The watch as its users have it: events, tasks as last seen, the promise of the end, a state to go on from.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import test from "node:test";
import { client, fault, never, REF, refused, serve, sleep, task, thrown } from "./support.mjs";

const FAST = { intervalMs: 10, maxIntervalMs: 40 };
const ECS = { api: "ecs", regionId: "cn-hangzhou", id: "t-1" };

/** Everything a watch tells, as short lines. */
async function told(watch) {
  const lines = [];
  for await (const { type, ref, refs, task, previous, error } of watch) {
    lines.push([type, ref?.id ?? refs.map(({ id }) => id).join(), error?.code ?? task?.status, previous?.status].filter(Boolean).join(" "));
  }
  return lines;
}

test("a task is told of when something changes, and when it ends", async (t) => {
  const { proxy, requests } = await serve(t, task("Pending"), task("Running"), task("Running"), task("Succeeded"));
  const watch = client(proxy).watch(REF, FAST);
  assert.deepEqual(await told(watch), ["update task-1 queued", "update task-1 running queued", "update task-1 succeeded running", "end task-1 succeeded"]);
  assert.equal(requests.length, 4);
  assert.deepEqual((await watch.done).map(({ id, status }) => [id, status]), [["task-1", "succeeded"]]);
  assert.deepEqual(await watch.next(), { done: true, value: undefined });
});

test("events are plain data, and the reference is the caller's", async (t) => {
  const { proxy } = await serve(t, task("Succeeded"));
  const { value } = await client(proxy).watch([{ ...REF, regionId: "cn-beijing" }], FAST).next();
  assert.deepEqual(Object.keys(value), ["type", "ref", "task", "previous", "estimate"]);
  assert.deepEqual(value.ref, { api: "cloudcontrol", regionId: "cn-beijing", id: "task-1" });
  assert.deepEqual(structuredClone(value), value);
  assert.deepEqual([value.previous, value.estimate], [null, null]);
});

test("polling begins at once and needs nobody to listen", async (t) => {
  const { proxy } = await serve(t, task("Running"), task("Succeeded"));
  const watch = client(proxy).watch(REF, FAST);
  assert.equal((await watch.done).length, 1);
  assert.deepEqual(await told(watch), ["update task-1 running", "update task-1 succeeded running", "end task-1 succeeded"], "what was told meanwhile is kept");
});

test("an estimate comes with the progress of a task that moves", async (t) => {
  let progress = 0;
  const { proxy } = await serve(t, () => ({ Data: { TaskId: "t-1", TaskStatus: progress < 9000 ? "RUNNING" : "COMPLETE", Progress: (progress += 500) } }));
  let estimates = 0;
  for await (const event of client(proxy).watch({ api: "bdrc", regionId: "cn-shanghai", id: "t-1" }, FAST)) {
    if (event.type !== "update" || !event.estimate) continue;
    const { remainingMs, finishAt, confidence, earliestAt, latestAt } = event.estimate;
    assert.ok(remainingMs >= 0 && confidence > 0 && confidence <= 1, JSON.stringify(event.estimate));
    assert.ok(earliestAt <= finishAt && finishAt <= latestAt, JSON.stringify(event.estimate));
    estimates++;
  }
  assert.ok(estimates > 5, `${estimates} estimates`);
});

test("a list asks for those of its tasks that have not ended, and for those of a list that joins it", async (t) => {
  const ended = new Set();
  const { proxy, requests } = await serve(t, async ({ query }) => {
    const ids = query.TaskIds.split(",");
    assert.deepEqual(ids.filter((id) => ended.has(id)), []);
    if (ids.length === 100) ids.slice(3).forEach((id) => ended.add(id));
    // The short list is answered last, and as it was: with what is left of the long one it is another.
    else if (ids.length === 3) await sleep(30);
    else ended.add(ids[0]);
    return { RequestId: "r", TaskSet: { Task: ids.map((TaskId) => ({ TaskId, TaskStatus: ended.has(TaskId) ? "Finished" : "Processing" })) } };
  });
  const refs = Array.from({ length: 103 }, (_, n) => ({ ...ECS, id: `t-${n}` }));
  const watch = client(proxy).watch(refs, { intervalMs: 150, maxIntervalMs: 150, progress: false });
  const asked = () => requests.map(({ query }) => query.TaskIds.split(",").length);
  while (asked().length < 4) await sleep(10);
  watch.stop();
  assert.deepEqual(asked(), [100, 3, 6, 5]);
});

test("a thousand ECS tasks make ten calls a round and not one more", async (t) => {
  const rounds = new Map();
  const { proxy, requests } = await serve(t, ({ path, query }) => {
    assert.equal(path, "/ecs/DescribeTasks");
    const ids = query.TaskIds.split(",");
    assert.equal(ids.length, 100);
    for (const id of ids) rounds.set(id, (rounds.get(id) ?? 0) + 1);
    const status = rounds.get(ids[0]) > 3 ? "Finished" : "Processing";
    return { RequestId: "r", TaskSet: { Task: ids.map((TaskId) => ({ TaskId, TaskStatus: status })) } };
  });
  const refs = Array.from({ length: 1000 }, (_, n) => ({ ...ECS, id: `t-${n}` }));
  const tasks = await client(proxy).watch([...refs, refs[0]], FAST).done;
  assert.deepEqual([tasks.length, requests.length], [1000, 40]);
});

test("running ECS tasks are asked for their progress where that is wanted, and only then", async (t) => {
  const answer = ({ path, query }) => path.endsWith("DescribeTasks")
    ? { RequestId: "r", TaskSet: { Task: query.TaskIds.split(",").map((TaskId) => ({ TaskId, TaskStatus: "Processing" })) } }
    : { RequestId: "r", TaskId: query.TaskId, TaskStatus: "Finished", TaskProcess: "100%", TotalCount: 2, SuccessCount: 1, FailedCount: 1 };
  const { proxy, requests } = await serve(t, answer);
  const [ended] = await client(proxy).watch(ECS, FAST).done;
  assert.deepEqual([ended.status, requests.map(({ path }) => path)], ["partial", ["/ecs/DescribeTasks", "/ecs/DescribeTaskAttribute"]]);
  const watch = client(proxy).watch(ECS, { ...FAST, progress: false });
  await sleep(80);
  watch.stop();
  assert.ok(requests.slice(2).every(({ path }) => path === "/ecs/DescribeTasks"));
});

test("a failed poll is an event and not the end", async (t) => {
  const { proxy } = await serve(t, fault("ServiceUnavailable", 503), fault("Throttling.User", 429, { "x-acs-retry-after": "30" }), task("Succeeded"));
  const events = [];
  for await (const event of client(proxy).watch(REF, FAST)) events.push(event);
  assert.deepEqual(events.map(({ type }) => type), ["retry", "retry", "update", "end"]);
  assert.deepEqual(events.map(({ error }) => error?.fault?.kind), ["transient", "throttled", undefined, undefined]);
  assert.equal(events[1].delayMs, 30);
  assert.equal(events[0].error.name, "TasklensError");
});

test("what cannot get better is given up, and the others go on", async (t) => {
  const { proxy } = await serve(t, ({ query }, _, n) => (query.taskId === "task-1" ? fault("InvalidRamUser.NoPermission", 403) : task(n > 6 ? "Succeeded" : "Running", "task-2")));
  const lines = await told(client(proxy).watch([REF, { ...REF, id: "task-2" }], FAST));
  assert.deepEqual(lines, ["error task-1 fault", "update task-2 running", "update task-2 succeeded running", "end task-2 succeeded"]);
});

test("a refusal of the proxy is told with its words, and given up", async (t) => {
  const problem = { status: 401, headers: { "content-type": "application/problem+json" }, body: { status: 401, detail: "no valid token" } };
  const { proxy, requests } = await serve(t, problem);
  const { value } = await client(proxy).watch(REF, FAST).next();
  assert.deepEqual([value.type, value.error.code, value.error.message, requests.length], ["error", "proxy", "no valid token", 1]);
});

test("a task that vanishes is gone, with what was last seen", async (t) => {
  const { proxy } = await serve(t, task("Running"), fault("InvalidTask.NotFound"));
  const watch = client(proxy).watch(REF, FAST);
  const events = [];
  for await (const event of watch) events.push(event);
  assert.deepEqual(events.map(({ type }) => type), ["update", "gone"]);
  assert.equal(events[1].last.status, "running");
  assert.deepEqual((await watch.done).map(({ status }) => status), ["running"]);
});

test("a signal that has come already sends nothing", async (t) => {
  const { proxy, requests } = await serve(t, task());
  const reason = new Error("enough");
  const watch = client(proxy).watch(REF, { ...FAST, signal: AbortSignal.abort(reason) });
  const error = await refused(watch.done);
  assert.deepEqual([error.code, error.cause, requests.length], ["aborted", reason, 0]);
});

test("an abort ends the request under way and the sleep, and sends nothing more", async (t) => {
  for (const answer of [never, task("Running")]) {
    const { proxy, requests } = await serve(t, answer);
    const controller = new AbortController();
    const watch = client(proxy).watch(REF, { intervalMs: 20, signal: controller.signal });
    while (requests.length === 0) await sleep(1);
    await sleep(5);
    controller.abort("enough");
    const error = await refused(watch.done);
    assert.deepEqual([error.code, error.cause], ["aborted", "enough"]);
    const sent = requests.length;
    await sleep(60);
    assert.equal(requests.length, sent);
    assert.equal(getEventListeners(controller.signal, "abort").length, 0, "no listener is left");
    // Who iterates hears of it once, after what came before.
    const outcome = [];
    for (;;) {
      const next = await watch.next().catch((error) => ({ error }));
      if (next.error) outcome.push(next.error.code);
      if (next.done) break;
    }
    assert.deepEqual(outcome, ["aborted"]);
  }
});

test("a task that is cancelled is asked for soon by the watches of that client", async (t) => {
  const { proxy, requests } = await serve(t, ({ method }, _, n) => (method === "POST" ? { requestId: "r" } : task(n < 3 ? "Running" : "Cancelled")));
  const mine = client(proxy);
  const watch = mine.watch(REF, { intervalMs: 60_000, maxIntervalMs: 60_000 });
  await watch.next();
  await mine.cancel(REF);
  assert.deepEqual((await watch.done).map(({ status }) => status), ["cancelled"]);
  assert.deepEqual(requests.map(({ method }) => method), ["GET", "POST", "GET"]);
});

test("after an abort a watch can begin again from its state", async (t) => {
  const { proxy } = await serve(t, task("Running"), task("Running"), task("Succeeded"));
  const controller = new AbortController();
  const first = client(proxy).watch(REF, { ...FAST, signal: controller.signal });
  await first.next();
  controller.abort();
  await refused(first.done);
  const second = client(proxy).watch([], { ...FAST, resume: first.state() });
  assert.deepEqual((await second.done).map(({ status }) => status), ["succeeded"]);
});

test("stop and break end it without an error, twice as well", async (t) => {
  const { proxy, requests } = await serve(t, task("Running"));
  const watch = client(proxy).watch(REF, FAST);
  for await (const event of watch) {
    assert.equal(event.type, "update");
    break;
  }
  watch.stop();
  watch.stop();
  assert.deepEqual((await watch.done).map(({ status }) => status), ["running"]);
  const sent = requests.length;
  await sleep(60);
  assert.equal(requests.length, sent);
});

test("the deadline is told apart from failure", async (t) => {
  const { proxy } = await serve(t, task("Running"));
  const watch = client(proxy).watch(REF, { ...FAST, deadlineMs: 100 });
  const error = await refused(watch.done);
  assert.equal(error.code, "deadline");
  assert.match(error.message, /^task `task-1` was still running at its deadline: \d+ polls in 100 ms$/);
  assert.equal((await refused(client(proxy).wait(REF, { ...FAST, deadlineMs: 50 }))).code, "deadline");
});

test("a hanging proxy does not outlast the deadline", async (t) => {
  const { proxy } = await serve(t, never);
  const begun = performance.now();
  assert.equal((await refused(client(proxy).watch(REF, { ...FAST, deadlineMs: 150 }).done)).code, "deadline");
  assert.ok(performance.now() - begun < 5000);
});

test("a watch goes on from its state without telling again what was seen", async (t) => {
  const { proxy } = await serve(t, task("Running"), task("Running"), task("Running"), task("Running"), task("Running"), task("Succeeded"));
  const first = client(proxy).watch(REF, FAST);
  await first.next();
  const state = first.state();
  first.stop();
  assert.equal(JSON.stringify(first.tasks[0]), JSON.stringify(client(proxy).watch([], { resume: state }).tasks[0]), "the last task is carried along");
  const second = client(proxy).watch([], { ...FAST, resume: state });
  assert.deepEqual(await told(second), ["update task-1 succeeded running", "end task-1 succeeded"]);
});

test("a state of before the first answer can be gone on from", async (t) => {
  const { proxy } = await serve(t, task("Succeeded"));
  const first = client(proxy).watch(REF, FAST);
  const state = first.state();
  first.stop();
  assert.deepEqual(await told(client(proxy).watch({ ...REF, id: "task-1" }, { ...FAST, resume: state })), ["update task-1 succeeded", "end task-1 succeeded"]);
});

test("a state holds no secret of the connection", async (t) => {
  const { proxy } = await serve(t, task("Running"));
  const watch = client(proxy, { headers: { authorization: "Bearer s3cret-of-mine" } }).watch(REF, FAST);
  await watch.next();
  assert.ok(!watch.state().includes("s3cret"));
  watch.stop();
});

test("wrong arguments are refused at once, naming the field", async (t) => {
  const { proxy, requests } = await serve(t, task());
  const { watch, wait } = client(proxy);
  for (const [path, use] of [
    ["refs", () => watch([])],
    ["refs[1].id", () => watch([REF, { ...REF, id: "" }])],
    ["regionId", () => watch({ api: "ecs", id: "t-1" })],
    ["intervalMs", () => watch(REF, { intervalMs: 0 })],
    ["intervalMs", () => watch(REF, { intervalMs: 9, maxIntervalMs: 3 })],
    ["deadlineMs", () => watch(REF, { deadlineMs: -1 })],
    ["factor", () => watch(REF, { factor: 0.5 })],
    ["progress", () => watch(REF, { progress: "yes" })],
    ["resume", () => watch([], { resume: "e30=" })],
    ["resume", () => watch([], { resume: 5 })],
    ["signal", () => watch(REF, { signal: 5 })],
  ]) {
    const error = thrown(use);
    assert.deepEqual([error.code, error.path], ["request", path]);
  }
  assert.equal((await refused(wait({ api: "ecs", id: "t-1" }))).path, "regionId");
  assert.equal(requests.length, 0);
});

test("a stream gives the events in turn, and cancelling it ends the watch", async (t) => {
  const { proxy, requests } = await serve(t, task("Pending"), task("Running"), task("Succeeded"));
  const types = [];
  for await (const { type } of client(proxy).watch(REF, FAST).toReadableStream()) types.push(type);
  assert.deepEqual(types, ["update", "update", "update", "end"]);
  const watch = client(proxy).watch(REF, FAST);
  await watch.toReadableStream().cancel();
  await watch.done;
  assert.ok(requests.length <= 5);
});

test("wait brings the task that succeeded, and throws any other end", async (t) => {
  const failed = { requestId: "r", task: { taskId: "task-1", status: "Failed", error: { code: "OperationFailure.OperationFailed", message: "the disk is full" } } };
  const { proxy } = await serve(t, task("Succeeded"), failed, task("Running"), fault("InvalidTask.NotFound"), fault("InvalidTask.NotFound"), fault("InvalidTask.NotFound"));
  const { wait } = client(proxy);
  assert.equal((await wait(REF, FAST)).status, "succeeded");
  const ended = await refused(wait(REF, FAST));
  assert.deepEqual([ended.code, ended.task.status, ended.message], ["ended", "failed", "task `task-1` ended failed: the disk is full"]);
  const gone = await refused(wait(REF, FAST));
  assert.deepEqual([gone.code, gone.task.status], ["gone", "running"]);
  assert.deepEqual([(await refused(wait(REF, FAST))).fault.kind], ["not-found"]);
});

test("a slow listener costs no memory: updates of one task give way to later ones", async (t) => {
  let n = 0;
  const { proxy } = await serve(t, ({ query }) => ({ RequestId: "r", TaskSet: { Task: query.TaskIds.split(",").map((TaskId) => ({ TaskId, TaskStatus: "Processing", ResourceId: `m-${n++}` })) } }));
  const watch = client(proxy).watch(Array.from({ length: 600 }, (_, i) => ({ ...ECS, id: `t-${i}` })), { intervalMs: 1, maxIntervalMs: 1, factor: 1 });
  while (n < 20_000) await sleep(5);
  watch.stop();
  let events = 0;
  for await (const _ of watch) events++;
  assert.ok(events <= 10_600, `${events} events of ${n}`);
});

test("nothing keeps the process alive when a watch is over", async (t) => {
  const { proxy } = await serve(t, task("Succeeded"));
  const { DIST } = await import("./support.mjs");
  const { execFile } = await import("node:child_process");
  const { promisify } = await import("node:util");
  const { pathToFileURL } = await import("node:url");
  const script = `import { connect } from ${JSON.stringify(pathToFileURL(`${DIST}/node.js`).href)};
    const watch = connect({ proxy: ${JSON.stringify(proxy)} }).watch(${JSON.stringify(REF)}, { deadlineMs: 60000 });
    console.log((await watch.done)[0].status);`;
  const begun = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  assert.equal(stdout, "succeeded\n");
  assert.ok(performance.now() - begun < 20_000);
});
