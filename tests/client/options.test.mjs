// What `connect` takes: checked at once, never changed.

import assert from "node:assert/strict";
import test from "node:test";
import { client, connect, fault, GET_TASK, never, REF, refused, serve, task, thrown } from "./support.mjs";

const PROXY = "http://proxy.example/tasks";

for (const [what, options, path] of [
  ["nothing", undefined, "options"],
  ["null", null, "options"],
  ["no proxy", {}, "proxy"],
  ["an empty proxy", { proxy: "" }, "proxy"],
  ["a number for a proxy", { proxy: 8080 }, "proxy"],
  ["a relative proxy, where there is no location", { proxy: "/proxy" }, "proxy"],
  ["a host without a scheme", { proxy: "localhost:8787" }, "proxy"],
  ["a file", { proxy: "file:///tmp" }, "proxy"],
  ["a proxy with a query", { proxy: `${PROXY}?a=1` }, "proxy"],
  ["a proxy with a fragment", { proxy: `${PROXY}#a` }, "proxy"],
  ["a proxy with a user", { proxy: "http://me:secret@proxy.example" }, "proxy"],
  ["a fetch that is no function", { proxy: PROXY, fetch: {} }, "fetch"],
  ["headers that are a text", { proxy: PROXY, headers: "a: b" }, "headers"],
  ["headers that are a list", { proxy: PROXY, headers: [["a", "b"]] }, "headers"],
  ["a header name that cannot be one", { proxy: PROXY, headers: { "a b": "c" } }, "headers"],
  ["a header value that cannot be one", { proxy: PROXY, headers: { authorization: "secret\nx" } }, "headers"],
  ["a timeout of zero", { proxy: PROXY, timeoutMs: 0 }, "timeoutMs"],
  ["a timeout longer than timers hold", { proxy: PROXY, timeoutMs: 2 ** 31 }, "timeoutMs"],
  ["an endless timeout", { proxy: PROXY, timeoutMs: Infinity }, "timeoutMs"],
  ["a timeout that is a text", { proxy: PROXY, timeoutMs: "15" }, "timeoutMs"],
  ["another format", { proxy: PROXY, format: "yaml" }, "format"],
  ["a retry that is no object", { proxy: PROXY, retry: 3 }, "retry"],
  ["a negative number of attempts", { proxy: PROXY, retry: { attempts: -1 } }, "retry.attempts"],
  ["half an attempt", { proxy: PROXY, retry: { attempts: 1.5 } }, "retry.attempts"],
  ["endless attempts", { proxy: PROXY, retry: { attempts: Infinity } }, "retry.attempts"],
  ["a negative delay", { proxy: PROXY, retry: { initialMs: -1 } }, "retry.initialMs"],
  ["a first delay over the cap", { proxy: PROXY, retry: { initialMs: 100, capMs: 10 } }, "retry.initialMs"],
  ["a cap that is no number", { proxy: PROXY, retry: { capMs: NaN } }, "retry.capMs"],
  ["a factor below 1", { proxy: PROXY, retry: { factor: 0.5 } }, "retry.factor"],
  ["a factor that is a text", { proxy: PROXY, retry: { factor: "2" } }, "retry.factor"],
  ["another jitter", { proxy: PROXY, retry: { jitter: "some" } }, "retry.jitter"],
]) {
  test(`${what} is refused at once, naming ${path}`, () => {
    const error = thrown(() => connect(options));
    assert.deepEqual([error.code, error.path], ["request", path]);
    assert.ok(error.message.startsWith(`\`${path}\`: `), error.message);
    assert.ok(!error.message.includes("secret"));
  });
}

for (const options of [
  { timeoutMs: 1 }, { timeoutMs: 2 ** 31 - 1 }, { timeoutMs: undefined }, { retry: {} }, { retry: { capMs: 10 } }, { retry: { initialMs: 60_000 } },
  { retry: { attempts: 0, initialMs: 0, factor: 1, capMs: 0, jitter: "none" } }, { format: "json" }, { format: "xml" }, { headers: {} },
  { headers: new Headers({ a: "b" }) }, { headers: null, fetch: null, format: null, retry: null },
]) {
  test(`${JSON.stringify(options)} is taken`, () => void connect({ proxy: PROXY, ...options }));
}

test("a relative proxy counts from where the page is", async (t) => {
  const { proxy, requests } = await serve(t, task());
  globalThis.location = new URL("/page/index.html?a=1#b", proxy);
  t.after(() => delete globalThis.location);
  for (const [address, path] of [["/proxy", "/proxy/cloudcontrol/GetTask"], ["proxy/", "/page/proxy/cloudcontrol/GetTask"], ["./", "/page/cloudcontrol/GetTask"]]) {
    await client(address).call(GET_TASK);
    assert.equal(requests.at(-1).path, path);
  }
});

test("nothing that is handed over is changed", async (t) => {
  const { proxy } = await serve(t, { body: { RequestId: "r", TaskSet: { Task: [] } } });
  const freeze = (value) => (typeof value === "object" ? Object.freeze(Object.fromEntries(Object.entries(value).map(([key, value]) => [key, Array.isArray(value) ? Object.freeze(value) : freeze(value)]))) : value);
  const options = freeze({ proxy, headers: { a: "b" }, retry: { attempts: 1 }, timeoutMs: 1000 });
  const call = freeze({ operation: "ecs.DescribeTasks", regionId: "cn-hangzhou", taskIds: ["a"] });
  const tasklens = connect(options);
  await tasklens.call(call, Object.freeze({}));
  await tasklens.tasks(call, Object.freeze({})).next();
});

test("what is changed after `connect` has no effect", async (t) => {
  const { proxy, requests } = await serve(t, task());
  const options = { proxy, headers: { a: "1" }, retry: { attempts: 0 } };
  const tasklens = connect(options);
  Object.assign(options, { proxy: "http://elsewhere.example", timeoutMs: 1 });
  options.headers.a = "2";
  await tasklens.call(GET_TASK);
  assert.equal(requests[0].headers.a, "1");
});

test("methods may be taken off the client", async (t) => {
  const { proxy } = await serve(t, task());
  const { task: read, call } = client(proxy);
  assert.equal((await read(REF)).id, (await call(GET_TASK)).task.id);
});

// ── headers ──

test("headers go with every attempt; `accept` is ours", async (t) => {
  const { proxy, requests } = await serve(t, task());
  await client(proxy, { headers: { Authorization: "Bearer a", accept: "text/plain" } }).call(GET_TASK);
  assert.deepEqual([requests[0].headers.authorization, requests[0].headers.accept], ["Bearer a", "application/json"]);
});

test("a function gives new headers for each attempt", async (t) => {
  const { proxy, requests } = await serve(t, fault("Throttling"), task());
  let token = 0;
  await client(proxy, { headers: async () => ({ authorization: `Bearer ${++token}` }) }).call(GET_TASK);
  assert.deepEqual(requests.map(({ headers }) => headers.authorization), ["Bearer 1", "Bearer 2"]);
});

for (const [what, headers] of [
  ["throws", () => { throw new RangeError("mine"); }],
  ["rejects", async () => { throw new RangeError("mine"); }],
  ["gives a header that cannot be one", () => ({ "a b": "c" })],
]) {
  test(`a function that ${what} is a wrong request, once, with the cause`, async (t) => {
    const { proxy, requests } = await serve(t, task());
    const error = await refused(client(proxy, { headers }).call(GET_TASK));
    assert.deepEqual([error.code, error.path, error.retryable, requests.length], ["request", "headers", false, 0]);
    assert.ok(error.cause instanceof Error);
  });
}

for (const nothing of [undefined, null, "a: b", 7]) {
  test(`a function that gives ${JSON.stringify(nothing)} gives no headers`, async (t) => {
    const { proxy, requests } = await serve(t, task());
    const error = await refused(client(proxy, { headers: () => nothing }).call(GET_TASK));
    assert.deepEqual([error.code, error.path, requests.length], ["request", "headers", 0]);
  });
}

test("a function that takes too long is a timeout", async (t) => {
  const { proxy, requests } = await serve(t, task());
  const error = await refused(connect({ proxy, timeoutMs: 20, retry: { attempts: 0 }, headers: () => new Promise(never) }).call(GET_TASK));
  assert.deepEqual([error.code, requests.length], ["timeout", 0]);
});

// ── format ──

test("`format: \"xml\"` asks ECS for XML, and the others for JSON", async (t) => {
  const xml = { headers: { "content-type": "text/xml" }, body: "<R><RequestId>r</RequestId><TaskId>t-1</TaskId><TaskStatus>Processing</TaskStatus></R>" };
  const { proxy, requests } = await serve(t, xml, task());
  const tasklens = client(proxy, { format: "xml" });
  assert.equal((await tasklens.task({ api: "ecs", regionId: "cn-hangzhou", id: "t-1" })).status, "running");
  await tasklens.task(REF);
  assert.deepEqual(requests.map(({ headers }) => headers.accept), ["application/xml", "application/json"]);
});

// ── fetch ──

const answering = (body, init) => async () => new Response(JSON.stringify(body), init);

test("the caller's fetch gets an address, a method, headers, a signal, and no redirects", async () => {
  const asked = [];
  const fetch = async (url, init) => (asked.push({ url, ...init }), new Response(JSON.stringify(task())));
  await connect({ proxy: PROXY, fetch, headers: { a: "b" } }).call(GET_TASK);
  const [{ url, method, headers, signal, redirect, cache, credentials, body }] = asked;
  assert.equal(url, `${PROXY}/cloudcontrol/GetTask?taskId=task-1`);
  assert.deepEqual([method, redirect, cache, credentials, body], ["GET", "manual", "no-store", undefined, undefined]);
  assert.deepEqual([new Headers(headers).get("a"), new Headers(headers).get("accept")], ["b", "application/json"]);
  assert.ok(signal instanceof AbortSignal);
});

test("the global fetch is looked up when it is needed, and called as a function alone", async (t) => {
  const tasklens = connect({ proxy: PROXY });
  let self = "not called";
  t.mock.method(globalThis, "fetch", async function () {
    "use strict";
    self = this;
    return new Response(JSON.stringify(task()));
  });
  assert.equal((await tasklens.task(REF)).id, "task-1");
  assert.ok(self === undefined || self === globalThis);
});

test("without any fetch it says so", async (t) => {
  const fetch = globalThis.fetch;
  delete globalThis.fetch;
  t.after(() => (globalThis.fetch = fetch));
  const error = await refused(connect({ proxy: PROXY }).task(REF));
  assert.deepEqual([error.code, error.path], ["request", "fetch"]);
});

for (const [what, fetch] of [
  ["throws", () => { throw new TypeError("mine"); }],
  ["rejects", async () => { throw new TypeError("mine"); }],
  ["gives nothing", async () => undefined],
  ["gives a text", async () => "{}"],
]) {
  test(`a fetch that ${what} brings no answer`, async () => {
    const error = await refused(connect({ proxy: PROXY, fetch, retry: { attempts: 0 } }).task(REF));
    assert.equal(error.code, "network");
  });
}

test("a fetch may answer at once, without a promise", async () => {
  const fetch = () => new Response(JSON.stringify(task()));
  assert.equal((await connect({ proxy: PROXY, fetch }).task(REF)).id, "task-1");
});

test("a redirect that a browser hides is told as one", async () => {
  const hidden = { type: "opaqueredirect", status: 0, headers: new Headers(), arrayBuffer: async () => new ArrayBuffer(0) };
  const error = await refused(connect({ proxy: PROXY, fetch: async () => hidden }).task(REF));
  assert.deepEqual([error.code, error.retryable], ["proxy", false]);
});

test("a response of another class will do", async () => {
  const bytes = new TextEncoder().encode(JSON.stringify(task()));
  const response = { status: 200, headers: { get: () => null }, arrayBuffer: async () => bytes.buffer };
  assert.equal((await connect({ proxy: PROXY, fetch: async () => response }).task(REF)).id, "task-1");
});

for (const [what, response] of [
  ["has no headers", { status: 200, arrayBuffer: async () => new ArrayBuffer(0) }],
  ["has no body", { status: 200, headers: new Headers() }],
  ["is empty", {}],
]) {
  test(`a response that ${what} is an error of ours and no crash`, async () => {
    await refused(connect({ proxy: PROXY, fetch: async () => response, retry: { attempts: 0 } }).task(REF));
    assert.equal((await connect({ proxy: PROXY, fetch: answering(task()) }).task(REF)).id, "task-1", "and the next call works");
  });
}
