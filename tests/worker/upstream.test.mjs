// @ts-check
// An API that misbehaves, or is only slow, busy or of another time: what comes back, and what is tried again.
import assert from "node:assert/strict";
import test, { after } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startProxy } from "./support/proxy.mjs";
import { EMPTY, inTurn, refuse, reset, say, startUpstream } from "./support/upstream.mjs";

const TASKS = "/ecs/DescribeTasks?RegionId=cn-hangzhou";
const CANCEL = "/ecs/CancelTask?RegionId=cn-hangzhou&TaskId=t-1";
const MIB = 1 << 20;

const upstream = await startUpstream();
const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: upstream.url } });
after(() => Promise.all([proxy.dispose(), upstream.close()]));

/** @param {string} target @param {import("./support/upstream.mjs").Script} script @param {import("./support/proxy.mjs").Init} [init] */
async function ask(target, script, init) {
  upstream.follow(script);
  const answer = await proxy.raw(target, init);
  return { answer, sent: [...upstream.requests] };
}

/** @param {import("./support/proxy.mjs").Answer} answer @param {number} status */
function assertProblem(answer, status) {
  assert.equal(answer.status, status, answer.body);
  assert.equal(answer.headers["content-type"], "application/problem+json");
  assert.equal(answer.json().status, status);
}

const nonces = (/** @type {{ headers: Record<string, any> }[]} */ sent) => sent.map(({ headers }) => headers["x-acs-signature-nonce"]);

// ── Where it points elsewhere ──

for (const status of [300, 301, 302, 303, 307, 308]) {
  test(`HTTP ${status} to another place is not followed`, async () => {
    const trap = await startUpstream();
    try {
      for (const location of [`${trap.url}/latest/meta-data`, "http://100.100.100.200/latest/meta-data", "http://169.254.169.254/", "//evil.example/", "/elsewhere", "file:///etc/passwd"]) {
        const { answer, sent } = await ask(TASKS, say(status, "moved", { location }));
        assertProblem(answer, 502);
        assert.equal(answer.headers.location, undefined);
        assert.doesNotMatch(answer.body, /meta-data|evil\.example|passwd/);
        assert.ok(sent.every(({ target }) => target.startsWith("/?")), "nothing but the call itself");
      }
      assert.equal(trap.requests.length, 0);
    } finally {
      await trap.close();
    }
  });
}

test("a redirected cancel is not sent again", async () => {
  const { answer, sent } = await ask(CANCEL, say(307, "", { location: "/" }), { method: "POST" });
  assertProblem(answer, 502);
  assert.equal(sent.length, 1);
});

// ── What it answers is the caller's to judge ──

const HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>";
for (const [name, status, body, type] of /** @type {[string, number, string | Buffer, string][]} */ ([
  ["an empty list", 200, EMPTY, "application/json;charset=utf-8"], ["XML", 200, "<DescribeTasksResponse/>", "text/xml;charset=utf-8"], ["damaged JSON", 200, EMPTY.slice(0, 40), "application/json"],
  ["no body", 200, "", "application/json"], ["bytes that are no text", 200, Buffer.from([0xff, 0xfe, 0, 1]), "application/json"], ["something odd", 200, "odd", "text/plain"],
  ["a task that is not there", 400, '{"Code":"InvalidTaskId.NotFound","Message":"m","RequestId":"r"}', "application/json"], ["not allowed", 403, '{"Code":"Forbidden.RAM","Message":"m","RequestId":"r"}', "application/json"],
  ["no such key", 404, '{"code":"InvalidAccessKeyId.NotFound","message":"m","requestId":"r"}', "application/json"], ["a teapot", 418, "short and stout", "text/plain"],
])) {
  test(`${name} comes back as it is`, async () => {
    upstream.follow(say(status, body, { "content-type": type }));
    const answer = await proxy.dispatch(TASKS);
    assert.equal(answer.status, status);
    assert.equal(answer.headers.get("content-type"), type);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), Buffer.from(body));
    assert.equal(upstream.requests.length, 1);
  });
}

test("HTML in place of an answer comes back as it is, in the end", async () => {
  const { answer, sent } = await ask(TASKS, say(502, HTML, { "content-type": "text/html" }));
  assert.equal(answer.status, 502);
  assert.equal(answer.body, HTML);
  assert.equal(answer.headers["x-content-type-options"], "nosniff");
  assert.equal(sent.length, 3);
});

test("HTTP 204 comes back without a body", async () => {
  const { answer } = await ask("/cloudcontrol/CancelTask?taskId=task-1", (response) => void response.writeHead(204).end(), { method: "POST" });
  assert.equal(answer.status, 204);
  assert.equal(answer.body, "");
});

test("compressed or not, the caller reads the same", async () => {
  const { gzipSync } = await import("node:zlib");
  upstream.follow((response, { headers }) => {
    const zipped = /gzip/.test(String(headers["accept-encoding"]));
    response.writeHead(200, { "content-type": "application/json", ...(zipped ? { "content-encoding": "gzip" } : {}) }).end(zipped ? gzipSync(EMPTY) : EMPTY);
  });
  assert.equal(await (await proxy.dispatch(TASKS)).text(), EMPTY);
});

// ── Too much ──

test("8 MiB come back whole", async () => {
  const body = Buffer.alloc(8 * MIB, " ");
  upstream.follow(say(200, body));
  const answer = await proxy.dispatch(TASKS);
  assert.equal(answer.status, 200);
  assert.equal((await answer.arrayBuffer()).byteLength, 8 * MIB);
});

test("a byte more is refused, whether the length is told or not", async () => {
  for (const told of [true, false]) {
    const { answer } = await ask(TASKS, (response) => {
      response.writeHead(200, { "content-type": "application/json", ...(told ? { "content-length": 8 * MIB + 1 } : {}) }).end(Buffer.alloc(8 * MIB + 1, " "));
    });
    assertProblem(answer, 502);
  }
});

test("a body without end is cut off, and the connection with it", async () => {
  upstream.follow((response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const more = () => { while (!response.destroyed && response.write(Buffer.alloc(MIB, " "))); };
    response.on("drain", more);
    more();
  });
  assertProblem(await proxy.raw(TASKS), 502);
  for (let i = 0; i < 50 && !upstream.requests.every(({ left }) => left); i++) await sleep(100);
  assert.ok(upstream.requests.every(({ left }) => left), "the proxy has left");
});

test("a megabyte that unpacks to more than the limit is refused", async () => {
  const { gzipSync } = await import("node:zlib");
  const bomb = gzipSync(Buffer.alloc(64 * MIB));
  const { answer } = await ask(TASKS, say(200, bomb, { "content-encoding": "gzip" }));
  assert.ok(answer.status === 502 || Buffer.byteLength(answer.body) <= bomb.length, String(answer.status));
});

// ── Broken connections and passing faults: reads are tried again, at most twice ──

for (const [name, script] of /** @type {[string, import("./support/upstream.mjs").Script][]} */ ([
  ["a reset connection", reset],
  ["a body that breaks off", (response) => { response.writeHead(200, { "content-type": "application/json", "content-length": 500 }); response.write(EMPTY.slice(0, 20), () => response.socket?.destroy()); }],
  ["HTTP 500 InternalError", refuse(500, "InternalError")], ["HTTP 503 ServiceUnavailable", refuse(503, "ServiceUnavailable")], ["HTTP 502 without a word", say(502, "")], ["HTTP 504 without a word", say(504, "")],
])) {
  test(`${name} once is made good`, async () => {
    const { answer, sent } = await ask(TASKS, inTurn(script, say(200)));
    assert.equal(answer.status, 200, answer.body);
    assert.equal(sent.length, 2);
  });
  test(`${name} again and again is told after three tries, each signed anew`, async () => {
    const { answer, sent } = await ask(TASKS, script);
    assert.ok(answer.status >= 500, String(answer.status));
    assert.equal(sent.length, 3);
    assert.equal(new Set(nonces(sent)).size, 3);
    assert.equal(new Set(sent.map(({ headers }) => headers.authorization)).size, 3);
  });
  for (const [target, method] of [[CANCEL, "POST"], ["/cloudcontrol/CancelTask?taskId=task-1", "POST"]]) {
    test(`${name} on ${target.split("?")[0]} is told at once`, async () => {
      const { answer, sent } = await ask(target, inTurn(script, say(200)), { method });
      assert.ok(answer.status >= 500, String(answer.status));
      assert.equal(sent.length, 1);
    });
  }
}

test("nobody listening is 502", async () => {
  const nobody = await startUpstream();
  await nobody.close();
  const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: nobody.url } });
  try {
    const answer = await proxy.raw(TASKS);
    assertProblem(answer, 502);
    assert.ok(!answer.body.includes(new URL(nobody.url).port), "the inner address is nobody's business");
  } finally {
    await proxy.dispose();
  }
});

test("a name that does not resolve is 502", async () => {
  const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: "http://nothing.invalid" } });
  try {
    assertProblem(await proxy.raw(TASKS), 502);
  } finally {
    await proxy.dispose();
  }
});

for (const [name, status, code] of /** @type {[string, number, string][]} */ ([
  ["a wrong parameter", 400, "InvalidParameter"], ["a wrong signature", 400, "SignatureDoesNotMatch"], ["an unknown key", 404, "InvalidAccessKeyId.NotFound"], ["an expired token", 400, "InvalidSecurityToken.Expired"], ["no permission", 403, "Forbidden.RAM"],
])) {
  test(`${name} is told at once: a second try would say the same`, async () => {
    const { answer, sent } = await ask(TASKS, refuse(status, code));
    assert.equal(answer.status, status);
    assert.equal(sent.length, 1);
  });
}

// ── Throttling goes back with its hint ──

for (const [name, status, code, headers] of /** @type {[string, number, string, Record<string, string>][]} */ ([
  ["HTTP 429", 429, "Throttling.User", { "x-acs-retry-after": "1500" }], ["HTTP 400, as documented", 400, "Throttling", { "x-acs-retry-after": "60000" }],
  ["HTTP 400 with HTTP's own hint", 400, "Throttling.Api", { "retry-after": "30" }], ["HTTP 503 with a hint", 503, "Rejected.Throttling", { "retry-after": "Wed, 25 Nov 2026 03:00:00 GMT" }], ["HTTP 429 without a hint", 429, "Throttling.User", {}],
])) {
  test(`${name} is passed back with its hint, not repeated`, async () => {
    const { answer, sent } = await ask(TASKS, refuse(status, code, headers));
    assert.equal(answer.status, status);
    assert.equal(answer.json().Code, code);
    for (const hint of ["x-acs-retry-after", "retry-after"]) assert.equal(answer.headers[hint], headers[hint]);
    assert.equal(sent.length, 1);
  });
}

test("a passing fault that says when to come back is asked again then, if that is soon", async () => {
  const begun = Date.now();
  const { answer, sent } = await ask(TASKS, inTurn(refuse(503, "ServiceUnavailable", { "x-acs-retry-after": "700" }), say(200)));
  assert.equal(answer.status, 200);
  assert.equal(sent.length, 2);
  assert.ok(Date.now() - begun >= 690, `${Date.now() - begun} ms`);
});

test("if that is later than the proxy may take, the hint goes back at once", async () => {
  const { answer, sent } = await ask(TASKS, refuse(503, "ServiceUnavailable", { "x-acs-retry-after": "60000" }));
  assert.equal(answer.status, 503);
  assert.equal(answer.headers["x-acs-retry-after"], "60000");
  assert.equal(sent.length, 1);
});

// ── Clocks ──

const HOUR = 3_600_000;
for (const [name, off] of [["an hour behind", -HOUR], ["a day ahead", 24 * HOUR]]) {
  test(`an API whose clock is ${name} is signed for once more, by its own Date`, async () => {
    const theirs = new Date(Date.now() + Number(off));
    const { answer, sent } = await ask(TASKS, inTurn(refuse(400, "InvalidTimeStamp.Expired", { date: theirs.toUTCString() }), say(200)));
    assert.equal(answer.status, 200, answer.body);
    assert.equal(sent.length, 2);
    assert.ok(Math.abs(Date.parse(String(sent[1].headers["x-acs-date"])) - theirs.getTime()) < 60_000, String(sent[1].headers["x-acs-date"]));
    assert.equal(new Set(nonces(sent)).size, 2);
  });
}

test("a clock that stays wrong is told after one more try", async () => {
  const { answer, sent } = await ask(TASKS, refuse(400, "InvalidTimeStamp.Expired", { date: new Date(Date.now() + HOUR).toUTCString() }));
  assert.equal(answer.status, 400);
  assert.equal(answer.json().Code, "InvalidTimeStamp.Expired");
  assert.equal(sent.length, 2);
});

test("a Date that is none, or absurd, is not believed", async () => {
  for (const date of ["yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", ""]) {
    const { sent } = await ask(TASKS, refuse(400, "InvalidTimeStamp.Expired", { date }));
    for (const { headers } of sent) assert.ok(Math.abs(Date.parse(String(headers["x-acs-date"])) - Date.now()) < HOUR, `${date}: ${headers["x-acs-date"]}`);
  }
});

test("what one call learned of the clock spoils no later one", async () => {
  await ask(TASKS, inTurn(refuse(400, "InvalidTimeStamp.Expired", { date: new Date(Date.now() - HOUR).toUTCString() }), say(200)));
  const { sent } = await ask(TASKS, say(200));
  const sentAt = Date.parse(String(sent[0].headers["x-acs-date"]));
  assert.ok(Math.abs(sentAt - Date.now()) < 2 * HOUR);
});

// ── Slow ──

/** Headers at once, then a byte now and then, for ever. @type {import("./support/upstream.mjs").Script} */
const drip = (response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const timer = setInterval(() => response.write(" "), 200);
  response.once("close", () => clearInterval(timer));
};

test("an API that never answers, or drips, is left after 10 to 15 s", { concurrency: true, timeout: 40_000 }, async (t) => {
  const slow = [
    { name: "silence", script: () => {}, target: TASKS, method: "GET" }, { name: "drips", script: drip, target: TASKS, method: "GET" },
    { name: "silence, for a cancel", script: () => {}, target: CANCEL, method: "POST" },
  ];
  await Promise.all(slow.map(({ name, script, target, method }) => t.test(name, async () => {
    const upstream = await startUpstream(script);
    const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: upstream.url } });
    try {
      const begun = Date.now();
      const answer = await proxy.raw(target, { method });
      const took = Date.now() - begun;
      assertProblem(answer, 504);
      assert.ok(took > 9_500 && took < 16_000, `${took} ms`);
      assert.ok(upstream.requests.length <= (method === "POST" ? 1 : 2), `${upstream.requests.length} tries`);
      for (let i = 0; i < 30 && !upstream.requests.every(({ left }) => left); i++) await sleep(100);
      assert.ok(upstream.requests.every(({ left }) => left), "the proxy has left");
    } finally {
      await Promise.all([proxy.dispose(), upstream.close()]);
    }
  })));
});

// ── The caller ──

test("a caller who leaves takes the call to the API along, and the next one is served", async () => {
  upstream.follow(() => {});
  const caller = proxy.begin(TASKS);
  for (let i = 0; i < 50 && upstream.requests.length === 0; i++) await sleep(20);
  caller.leave();
  for (let i = 0; i < 30 && !upstream.requests[0]?.left; i++) await sleep(100);
  assert.equal(upstream.requests.length, 1);
  assert.ok(upstream.requests[0].left, "the call to the API is aborted");
  const { answer } = await ask(TASKS, say(200));
  assert.equal(answer.status, 200);
});

test("a hundred who leave take nothing from those who stay", async () => {
  upstream.follow(() => {});
  const callers = Array.from({ length: 100 }, () => proxy.begin(TASKS));
  for (let i = 0; i < 100 && upstream.requests.length < 100; i++) await sleep(20);
  for (const caller of callers) caller.leave();
  for (let i = 0; i < 100 && !upstream.requests.every(({ left }) => left); i++) await sleep(20);
  assert.ok(upstream.requests.length >= 50 && upstream.requests.every(({ left }) => left), `${upstream.requests.filter(({ left }) => !left).length} of ${upstream.requests.length} are still there`);
  const { answer } = await ask(TASKS, say(200));
  assert.equal(answer.status, 200);
});

test("two callers with the same call share nothing: one leaves, the other is answered", async () => {
  /** @type {import("node:http").ServerResponse[]} */
  const waiting = [];
  upstream.follow((response) => void waiting.push(response));
  const leaving = proxy.begin(TASKS);
  const staying = proxy.dispatch(TASKS);
  for (let i = 0; i < 50 && waiting.length < 2; i++) await sleep(20);
  assert.equal(waiting.length, 2);
  leaving.leave();
  for (let i = 0; i < 30 && !upstream.requests.some(({ left }) => left); i++) await sleep(20);
  for (const response of waiting) response.writeHead(200, { "content-type": "application/json" }).end(EMPTY);
  assert.equal((await staying).status, 200);
});

test("fifty at once each get their own answer, with a nonce of their own", async () => {
  upstream.follow((response, { target }) => {
    const id = new URLSearchParams(target.split("?")[1]).get("TaskId");
    setTimeout(() => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ RequestId: id, TaskId: id, TaskStatus: "Processing" })), Math.random() * 50);
  });
  const ids = Array.from({ length: 50 }, (_, i) => `t-${i}`);
  const answers = await Promise.all(ids.map(async (id) => (await proxy.dispatch(`/ecs/DescribeTaskAttribute?RegionId=cn-hangzhou&TaskId=${id}`)).json()));
  assert.deepEqual(answers.map(({ TaskId }) => TaskId), ids);
  assert.equal(new Set(nonces(upstream.requests)).size, 50);
});
