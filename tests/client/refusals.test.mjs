// What may come back instead of a reply: of the API, of the proxy, and of whatever else answers there.

import assert from "node:assert/strict";
import net from "node:net";
import test from "node:test";
import { client, connect, fault, GET_TASK, never, REF, refused, serve, task } from "./support.mjs";

const problem = (status, body, kind = "application/problem+json") => ({ status, headers: { "content-type": kind }, body });

test("a fault in JSON is thrown with all that it says", async (t) => {
  const { proxy } = await serve(t, fault("InvalidTaskId.NotFound"));
  const error = await refused(client(proxy).call(GET_TASK));
  assert.deepEqual([error.name, error.code], ["TasklensError", "fault"]);
  assert.deepEqual(error.fault, {
    code: "InvalidTaskId.NotFound", message: "it is InvalidTaskId.NotFound", requestId: "r-2", hostId: null, recommend: null,
    status: 400, kind: "not-found", retryable: false, accessDenied: null,
  });
  assert.match(error.message, /InvalidTaskId\.NotFound/);
});

test("a fault in XML is the same fault", async (t) => {
  const body = "<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>r</RequestId><Code>Forbidden.RAM</Code><Message>no</Message></Error>";
  const { proxy } = await serve(t, { status: 403, headers: { "content-type": "text/xml" }, body });
  const error = await refused(client(proxy).call(GET_TASK));
  assert.deepEqual([error.code, error.fault.kind, error.fault.status], ["fault", "denied", 403]);
});

test("a fault with the HTTP status 200 is a fault", async (t) => {
  const { proxy } = await serve(t, fault("Forbidden.RAM", 200));
  assert.equal((await refused(client(proxy).call(GET_TASK))).code, "fault");
});

test("a wish to come back makes any fault throttling", async (t) => {
  const { proxy } = await serve(t, fault("Whatever", 400, { "x-acs-retry-after": "1" }));
  const error = await refused(client(proxy, { retry: { attempts: 0 } }).call(GET_TASK));
  assert.deepEqual([error.fault.kind, error.fault.retryable, error.retryable], ["throttled", true, true]);
});

for (const status of [400, 401, 403, 404, 405, 413, 414, 429, 500, 502, 503, 504]) {
  test(`a problem document with ${status} is the proxy's own refusal`, async (t) => {
    const document = { type: "about:blank", title: "Refused", status, detail: "`PageSize`: expected 1 to 100" };
    const { proxy, requests } = await serve(t, problem(status, document));
    const error = await refused(client(proxy, { retry: { attempts: 1, initialMs: 0 } }).call(GET_TASK));
    assert.deepEqual([error.code, error.message, error.fault], ["proxy", document.detail, undefined]);
    assert.deepEqual(error.cause, document);
    const again = status === 502 || status === 504;
    assert.deepEqual([error.retryable, requests.length], [again, again ? 2 : 1]);
  });
}

for (const [what, answer, message] of [
  ["without a detail", problem(403, { title: "Forbidden" }), "Forbidden"],
  ["with a detail that is no text", problem(403, { detail: 7 }), "the proxy refused: HTTP 403"],
  ["that is no JSON", problem(403, "<html>"), "the proxy refused: HTTP 403"],
  ["that is null", problem(403, "null"), "the proxy refused: HTTP 403"],
  ["with a type in capitals", problem(403, { detail: "no" }, "Application/Problem+JSON;charset=utf-8"), "no"],
]) {
  test(`a problem document ${what} is still the proxy's`, async (t) => {
    const { proxy } = await serve(t, answer);
    const error = await refused(client(proxy).call(GET_TASK));
    assert.deepEqual([error.code, error.message], ["proxy", message]);
  });
}

for (const [what, answer, code] of [
  ["an HTML page with 200", { headers: { "content-type": "text/html" }, body: "<!DOCTYPE html><p>hello" }, "syntax"],
  ["no body with 200", { body: "" }, "syntax"],
  ["bytes that are not UTF-8", { body: new Uint8Array([123, 34, 255, 34, 125]) }, "syntax"],
  ["a list where a task was asked for", { body: { TaskSet: { Task: [] } } }, "invalid"],
]) {
  test(`${what} cannot be read: ${code}`, async (t) => {
    const { proxy } = await serve(t, answer);
    assert.equal((await refused(client(proxy).call(GET_TASK))).code, code);
  });
}

test("an HTML page with 502 is a fault that may pass", async (t) => {
  const { proxy } = await serve(t, { status: 502, headers: { "content-type": "text/html" }, body: "<html>bad gateway" });
  const error = await refused(client(proxy).call(GET_TASK));
  assert.deepEqual([error.code, error.fault.code, error.fault.kind, error.retryable], ["fault", "HTTP 502", "transient", true]);
});

for (const status of [301, 302, 303, 307, 308]) {
  test(`a redirect with ${status} is not followed`, async (t) => {
    const other = await serve(t, task());
    const { proxy, requests } = await serve(t, { status, headers: { location: other.proxy } });
    const error = await refused(client(proxy, { headers: { authorization: "Bearer secret" } }).call(GET_TASK));
    assert.deepEqual([error.code, error.retryable, requests.length, other.requests.length], ["proxy", false, 1, 0]);
    assert.match(error.message, /redirect/);
  });
}

test("an answer over 8 MiB is not read, by its announced length", async (t) => {
  const { proxy, requests } = await serve(t, (_, response) => {
    response.writeHead(200, { "content-length": String((8 << 20) + 1) });
    response.write("{");
  });
  assert.equal((await refused(client(proxy).call(GET_TASK))).code, "limit");
  assert.equal(await requests[0].gone, true, "and the rest is not waited for");
});

test("an answer over 8 MiB is not read, of no announced length", async (t) => {
  const { proxy } = await serve(t, (_, response) => void response.end(Buffer.alloc((8 << 20) + 1, " ")));
  assert.equal((await refused(client(proxy).call(GET_TASK))).code, "limit");
});

test("no answer says what to check, with the platform's own error as its cause", async () => {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  const error = await refused(client(`http://127.0.0.1:${port}`).task(REF));
  assert.deepEqual([error.code, error.retryable], ["network", true]);
  assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${port}.*CORS.*online`));
  assert.ok(error.cause instanceof TypeError, String(error.cause));
});

test("an attempt that takes too long is a timeout, and its request is ended", async (t) => {
  const { proxy, requests } = await serve(t, never);
  const error = await refused(client(proxy, { timeoutMs: 40, retry: { attempts: 1, initialMs: 0 } }).task(REF));
  assert.deepEqual([error.code, error.retryable, requests.length], ["timeout", true, 2]);
  assert.match(error.message, /40 ms/);
  for (const { gone } of requests) assert.equal(await gone, true);
});

test("a body that takes too long is a timeout as well", async (t) => {
  const { proxy, requests } = await serve(t, (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write("{\"task\":");
  });
  const error = await refused(client(proxy, { timeoutMs: 40, retry: { attempts: 0 } }).task(REF));
  assert.equal(error.code, "timeout");
  assert.equal(await requests[0].gone, true);
});

test("after a timeout another attempt may succeed", async (t) => {
  const { proxy } = await serve(t, never, task());
  assert.equal((await client(proxy, { timeoutMs: 60 }).task(REF)).status, "running");
});

test("the default timeout is 15 seconds", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { proxy, requests } = await serve(t, never);
  const outcome = refused(connect({ proxy, retry: { attempts: 0 } }).task(REF));
  while (requests.length === 0) await new Promise(setImmediate);
  t.mock.timers.tick(14_999);
  assert.equal(await Promise.race([outcome, new Promise((resolve) => setImmediate(resolve, "waits"))]), "waits");
  t.mock.timers.tick(1);
  assert.match((await outcome).message, /15000 ms/);
});
