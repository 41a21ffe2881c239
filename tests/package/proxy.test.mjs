// `createProxy()` of the built package in front of the rehearsal cloud, which checks signatures with the official signer:
// what Rust decides becomes I/O, and nothing else does.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import test from "node:test";
import { createCloud } from "../cloud/cloud.mjs";
import { bdrcTask, cloudControlTask, ecsTask } from "../cloud/scenarios.mjs";
import { credential as madeUp } from "../cloud/support/call.mjs";
import { CONSUMER, PKG } from "./support.mjs";

const { createProxy } = await import(`${PKG}/dist/proxy.node.js`);

const TASK = "/ecs/DescribeTaskAttribute?RegionId=cn-hangzhou&TaskId=t-bp1import";
const CANCEL = "/ecs/CancelTask?RegionId=cn-hangzhou&TaskId=t-bp1import";

/** A cloud with three tasks, and a way to ask the proxy before it. */
async function world(t, { options = {}, credential = {}, env = {}, ...cloudOptions } = {}) {
  const now = Date.now();
  const known = { ...madeUp(), ...credential };
  const tasks = [ecsTask(now - 30_000), bdrcTask(now - 30_000), cloudControlTask(now - 30_000)];
  const cloud = createCloud({ credential: known, tasks, ...cloudOptions });
  await cloud.listen();
  t.after(() => cloud.close());
  const settings = {
    ALIBABA_CLOUD_ACCESS_KEY_ID: known.accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: known.accessKeySecret,
    ALIBABA_CLOUD_SECURITY_TOKEN: known.securityToken, TASKLENS_TOKENS: "viewer", TASKLENS_UPSTREAM: cloud.url, TASKLENS_ALLOW_CANCEL: "true", ...env,
  };
  const proxy = createProxy(options);
  const ask = async (path, init = {}) => {
    const response = await proxy.fetch(new Request(`https://proxy.example${path}`, { ...init, headers: { authorization: "Bearer viewer", ...init.headers } }), settings);
    const text = await response.text();
    for (const [name, secret] of Object.entries(settings).slice(0, 3)) {
      if (secret) assert.ok(!(text + JSON.stringify([...response.headers])).includes(secret), name);
    }
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
  };
  return { cloud, ask };
}

test("every operation reaches its API, signed as the official signer signs", async (t) => {
  const { cloud, ask } = await world(t);
  for (const [path, method, shape] of [
    ["/ecs/DescribeTasks?RegionId=cn-hangzhou&TaskIds=t-bp1import", "GET", "TaskSet"],
    [TASK, "GET", "TaskStatus"],
    ["/bdrc/DescribeTask?RegionId=cn-shanghai&TaskId=t-0004resources", "GET", "Data"],
    ["/bdrc/DescribeTasks?RegionId=cn-shanghai", "GET", "Data"],
    [`/cloudcontrol/GetTask?taskId=${cloudControlTask(0).id}`, "GET", "task"],
    [CANCEL, "POST", "RequestId"],
    [`/cloudcontrol/CancelTask?taskId=${cloudControlTask(0).id}`, "POST", "requestId"],
  ]) {
    const { status, json } = await ask(path, { method });
    assert.equal(status, 200, path);
    assert.ok(shape in json(), path);
  }
  assert.deepEqual(cloud.calls.filter(({ code }) => code !== null), []);
  assert.equal(cloud.calls.at(1).host, "ecs.cn-hangzhou.aliyuncs.com");
});

test("temporary keys work, and XML comes as it is where it is wanted", async (t) => {
  const { ask } = await world(t, { credential: { securityToken: "CAIS+rehearsal/token==" } });
  const { status, headers, text } = await ask(TASK, { headers: { accept: "application/xml" } });
  assert.equal(status, 200);
  assert.match(headers.get("content-type"), /xml/);
  assert.match(text, /^<\?xml/);
});

test("what the API refuses comes back with its status, its body and its hints", async (t) => {
  const { cloud, ask } = await world(t, { env: { TASKLENS_ORIGINS: "https://page.example" } });
  cloud.fail({ operation: "ecs.DescribeTaskAttribute", with: { kind: "throttle", retryAfterMs: 1500 } });
  const { status, headers, json } = await ask(TASK, { headers: { origin: "https://page.example" } });
  assert.equal(status, 400);
  assert.equal(json().Code, "Throttling.User");
  assert.equal(headers.get("x-acs-retry-after"), "1500");
  assert.equal(headers.get("access-control-allow-origin"), "https://page.example");
  assert.equal(headers.get("x-acs-trace-id"), null);
  assert.equal(cloud.calls.length, 1, "a throttled call is the caller's to repeat");
});

test("a wrong secret shows nothing of what was signed", async (t) => {
  const { ask } = await world(t, { env: { ALIBABA_CLOUD_ACCESS_KEY_SECRET: "another-secret" }, credential: { securityToken: "CAIS+rehearsal/token==" } });
  for (const accept of ["application/json", "application/xml"]) {
    const { status, text } = await ask(TASK, { headers: { accept } });
    assert.equal(status, 400);
    assert.match(text, /SignatureDoesNotMatch/);
    assert.match(text, /string to sign is:\[redacted\]["<]/);
    assert.ok(!text.includes("t-bp1import"));
  }
});

test("a read is tried again after trouble that passes, with a nonce of its own", async (t) => {
  const { cloud, ask } = await world(t);
  cloud.fail({ operation: "ecs.DescribeTaskAttribute", with: "unavailable" });
  cloud.fail({ operation: "ecs.DescribeTaskAttribute", with: "reset" });
  assert.equal((await ask(TASK)).status, 200);
  assert.deepEqual(cloud.calls.map(({ status }) => status), [503, null, 200]);
});

test("a body that breaks off is no answer: a read is tried again", async (t) => {
  const { cloud, ask } = await world(t);
  cloud.fail({ operation: "ecs.DescribeTaskAttribute", with: "cut" });
  assert.equal((await ask(TASK)).status, 200);
});

test("a cancel is not tried again", async (t) => {
  for (const mishap of ["unavailable", "reset"]) {
    const { cloud, ask } = await world(t);
    cloud.fail({ operation: "ecs.CancelTask", with: mishap });
    assert.equal((await ask(CANCEL, { method: "POST" })).status, mishap === "reset" ? 502 : 503);
    assert.equal(cloud.calls.length, 1);
  }
});

test("a clock that is an hour late is set by the server's", async (t) => {
  const { cloud, ask } = await world(t, { options: { now: () => Date.now() - 3_600_000 } });
  assert.equal((await ask(TASK)).status, 200);
  assert.equal((await ask(CANCEL, { method: "POST" })).status, 200);
  assert.deepEqual(cloud.calls.map(({ code }) => code), ["InvalidTimeStamp.Expired", null, "InvalidTimeStamp.Expired", null]);
});

test("a redirect is not followed", async (t) => {
  const { cloud, ask } = await world(t);
  for (const status of [301, 302, 307, 308]) {
    cloud.fail({ operation: "ecs.DescribeTaskAttribute", with: { kind: "redirect", status, location: "http://169.254.169.254/latest/meta-data/" } });
    const { status: answered, headers, json } = await ask(TASK);
    assert.equal(answered, 502);
    assert.equal(headers.get("content-type"), "application/problem+json");
    assert.equal(headers.get("location"), null);
    assert.equal(json().type, "urn:tasklens:proxy:redirected");
  }
});

test("an answer over 8 MiB is not read to its end, whether its length is said or not", async (t) => {
  const { cloud, ask } = await world(t);
  cloud.fail({ operation: "ecs.DescribeTaskAttribute", with: { kind: "oversize" } });
  assert.equal((await ask(TASK)).status, 502);
  cloud.fail({ operation: "ecs.DescribeTaskAttribute", with: { kind: "oversize", bytes: (8 << 20) } });
  assert.equal((await ask(TASK)).status, 200);
  let pulled = 0;
  let cancelled = false;
  const endless = new ReadableStream({
    pull: (controller) => { pulled += 1 << 20; controller.enqueue(new Uint8Array(1 << 20)); },
    cancel: () => { cancelled = true; },
  });
  const other = await world(t, { options: { fetch: async () => new Response(endless) } });
  const { status, json } = await other.ask(TASK);
  assert.equal(status, 502);
  assert.equal(json().type, "urn:tasklens:proxy:too-large");
  assert.ok(cancelled && pulled <= 11 << 20, `${pulled} bytes`);
});

test("a server that says nothing, or drips its body, is given up after 10 s", async (t) => {
  await Promise.all(["hang", { kind: "slow", pieces: 1000, everyMs: 1000 }].map(async (mishap) => {
    const { cloud, ask } = await world(t);
    cloud.fail({ operation: "ecs.DescribeTaskAttribute", with: mishap });
    const began = performance.now();
    const { status, json } = await ask(TASK);
    const took = performance.now() - began;
    assert.equal(status, 504);
    assert.equal(json().type, "urn:tasklens:proxy:too-slow");
    assert.ok(took > 9_500 && took < 12_000, `${took} ms`);
    assert.equal(cloud.calls.length, 1);
  }));
});

test("a fetch that ignores its signal does not hold the answer", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { ask } = await world(t, { options: { fetch: () => new Promise(() => {}) } });
  const answer = ask(TASK);
  await new Promise(setImmediate);
  t.mock.timers.tick(10_000);
  assert.equal((await answer).status, 504);
});

test("who leaves takes the request to the API along", async (t) => {
  const { cloud, ask } = await world(t);
  cloud.fail({ operation: "ecs.DescribeTaskAttribute", with: "hang" });
  const leave = new AbortController();
  const answer = ask(TASK, { signal: leave.signal });
  while (cloud.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  leave.abort();
  await answer;
  while (!cloud.calls[0].aborted) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(cloud.calls.length, 1);
});

test("the host's own check may wait, throw or say anything but true", async (t) => {
  for (const [authorize, status] of [
    [() => true, 200],
    [async (request, env) => request.headers.get("x-user") === null && "TASKLENS_TOKENS" in env, 200],
    [() => false, 401],
    [() => "yes", 401],
    [async () => { throw new Error("down"); }, 401],
    [() => { throw new Error("down"); }, 401],
  ]) {
    const { ask } = await world(t, { options: { authorize }, env: { TASKLENS_TOKENS: undefined } });
    assert.equal((await ask(TASK, { headers: { authorization: "" } })).status, status, String(authorize));
  }
});

test("a body is looked at only to see that there is none", async (t) => {
  const { cloud, ask } = await world(t);
  const stream = (...chunks) => ({ body: ReadableStream.from(chunks), duplex: "half" });
  const refused = [{ body: "x".repeat(1 << 20) }, stream(new Uint8Array(0), new Uint8Array([1])), { headers: { "content-length": "5" } }];
  for (const init of refused) assert.equal((await ask(CANCEL, { method: "POST", ...init })).status, 413);
  const passed = [stream(), stream(new Uint8Array(0)), { body: "" }, { headers: { "content-length": "0" } }];
  for (const init of passed) assert.notEqual((await ask(CANCEL, { method: "POST", ...init })).status, 413);
  assert.equal(cloud.count("ecs.CancelTask"), passed.length);
});

test("each request to the API has a nonce of its own, and few are made in vain", async (t) => {
  let made = 0;
  const { cloud, ask } = await world(t, { options: { nonce: () => `nonce-${(made += 1)}` } });
  cloud.fail({ operation: "ecs.DescribeTaskAttribute", with: "unavailable" });
  await ask(TASK);
  await ask(TASK);
  assert.ok(made >= 3 && made <= 5, `${made} nonces for 3 requests`);
});

test("it lives below a path of its own where it is told to", async (t) => {
  const { ask } = await world(t, { options: { base: "/api/tasks/" } });
  assert.equal((await ask(`/api/tasks${TASK}`)).status, 200);
  assert.equal((await ask(TASK)).status, 404);
});

test("without an environment it refuses", async () => {
  for (const env of [undefined, null, {}, { TASKLENS_TOKENS: 5 }]) {
    const response = await createProxy().fetch(new Request(`https://proxy.example${TASK}`, { headers: { authorization: "Bearer 5" } }), env);
    assert.equal(response.status, 401);
  }
});

test("it writes nothing to any log", async (t) => {
  const written = [];
  for (const name of ["log", "info", "warn", "error", "debug"]) t.mock.method(console, name, (...args) => written.push(args));
  const { cloud, ask } = await world(t);
  cloud.fail({ operation: "ecs.DescribeTaskAttribute", with: "reset" });
  await ask(TASK);
  await ask("/nothing");
  assert.deepEqual(written, []);
});

test("Node imports and requires it; other servers find it inline", () => {
  const run = (...args) => execFileSync(process.execPath, args, { cwd: CONSUMER, encoding: "utf8" }).trim();
  const program = `createProxy().fetch(new Request("https://p.example/ecs/X"), {}).then((r) => console.log(r.status))`;
  assert.equal(run("--input-type=module", "-e", `import { createProxy } from "tasklens/proxy"; ${program}`), "401");
  assert.equal(run("-e", `const { createProxy } = require("tasklens/proxy"); ${program}`), "401");
  assert.equal(run("--input-type=module", "-e", `import { createProxy } from "./node_modules/tasklens/dist/proxy.inline.js"; ${program}`), "401");
});
