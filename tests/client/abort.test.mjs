// The caller's signal: nothing is sent after it, and nothing is left of it.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import test from "node:test";
import { client, connect, fault, GET_TASK, never, REF, refused, serve, sleep, task, TasklensError } from "./support.mjs";

const list = { operation: "ecs.DescribeTasks", regionId: "cn-hangzhou" };
const listeners = (signal) => getEventListeners(signal, "abort").length;

/** Every way in, as a promise. */
const ways = {
  call: (client, options) => client.call(GET_TASK, options),
  task: (client, options) => client.task(REF, options),
  cancel: (client, options) => client.cancel(REF, options),
  tasks: (client, options) => client.tasks(list, options).next(),
};

for (const [name, go] of Object.entries(ways)) {
  test(`${name}: a signal that has come already sends nothing`, async (t) => {
    const { proxy, requests } = await serve(t, task());
    const reason = new Error("enough");
    const error = await refused(go(client(proxy), { signal: AbortSignal.abort(reason) }));
    assert.deepEqual([error.code, error.retryable, requests.length], ["aborted", false, 0]);
    assert.equal(error.cause, reason);
  });

  test(`${name}: a signal that comes ends the request, and is given back as the cause`, async (t) => {
    const { proxy, requests } = await serve(t, never);
    const controller = new AbortController();
    const outcome = refused(go(client(proxy), { signal: controller.signal }));
    while (requests.length === 0) await sleep(1);
    controller.abort("enough");
    const error = await outcome;
    assert.deepEqual([error.code, error.cause], ["aborted", "enough"]);
    assert.equal(await requests[0].gone, true);
    await sleep(20);
    assert.equal(requests.length, 1);
    assert.equal(listeners(controller.signal), 0);
  });
}

test("a signal ends an answer whose body is still coming", async (t) => {
  const { proxy, requests } = await serve(t, (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write("{\"task\":");
  });
  const controller = new AbortController();
  const outcome = refused(client(proxy).task(REF, { signal: controller.signal }));
  while (requests.length === 0) await sleep(1);
  await sleep(20);
  controller.abort();
  const error = await outcome;
  assert.deepEqual([error.code, error.cause.name], ["aborted", "AbortError"]);
  assert.equal(await requests[0].gone, true);
});

test("a signal ends the wait before a retry at once, and no further request comes", async (t) => {
  const { proxy, requests } = await serve(t, fault("Throttling", 429, { "x-acs-retry-after": "60000" }));
  const controller = new AbortController();
  const begun = Date.now();
  const outcome = refused(client(proxy).task(REF, { signal: controller.signal }));
  while (requests.length === 0) await sleep(1);
  await sleep(15);
  controller.abort();
  assert.equal((await outcome).code, "aborted");
  assert.ok(Date.now() - begun < 30_000);
  await sleep(20);
  assert.equal(requests.length, 1);
  assert.equal(listeners(controller.signal), 0);
});

test("a signal ends the wait for headers, and nothing is sent", async (t) => {
  const { proxy, requests } = await serve(t, task());
  const controller = new AbortController();
  const outcome = refused(connect({ proxy, headers: () => new Promise(never) }).task(REF, { signal: controller.signal }));
  await sleep(5);
  controller.abort();
  assert.equal((await outcome).code, "aborted");
  assert.equal(requests.length, 0);
});

test("a signal ends a caller's fetch that does not heed it", async () => {
  const controller = new AbortController();
  const outcome = refused(connect({ proxy: "http://proxy.example", fetch: () => new Promise(never) }).task(REF, { signal: controller.signal }));
  controller.abort();
  assert.equal((await outcome).code, "aborted");
});

test("AbortSignal.timeout is told as the abort that it is", async (t) => {
  const { proxy } = await serve(t, never);
  const error = await refused(client(proxy).task(REF, { signal: AbortSignal.timeout(20) }));
  assert.deepEqual([error.code, error.cause.name], ["aborted", "TimeoutError"]);
});

for (const [what, answer] of [["success", task()], ["a refusal", fault("Forbidden.RAM")], ["retries", fault("Throttling")]]) {
  test(`after ${what} the signal has no listeners`, async (t) => {
    const { proxy } = await serve(t, answer);
    const { signal } = new AbortController();
    await client(proxy).task(REF, { signal }).catch((error) => assert.ok(error instanceof TasklensError));
    assert.equal(listeners(signal), 0);
  });
}

test("an abort after the answer changes nothing", async (t) => {
  const { proxy } = await serve(t, task());
  const controller = new AbortController();
  const read = await client(proxy).task(REF, { signal: controller.signal });
  controller.abort();
  await sleep(5);
  assert.equal(read.status, "running");
});

test("one signal may serve many calls at once", async (t) => {
  const { proxy, requests } = await serve(t, never);
  const controller = new AbortController();
  const many = Array.from({ length: 20 }, () => refused(client(proxy).task(REF, { signal: controller.signal })));
  while (requests.length < 20) await sleep(1);
  controller.abort();
  for (const error of await Promise.all(many)) assert.equal(error.code, "aborted");
  assert.equal(listeners(controller.signal), 0);
});

test("what is no signal is refused by its name", async (t) => {
  const { proxy, requests } = await serve(t, task());
  for (const go of Object.values(ways)) {
    const error = await refused(go(client(proxy), { signal: "stop" }));
    assert.deepEqual([error.code, error.path, requests.length], ["request", "signal", 0]);
  }
});
