// @ts-check
// Both ways the headers are made from nothing: no header of a caller reaches the API, none of the API's comes back but the
// five that are named.
import assert from "node:assert/strict";
import net from "node:net";
import test, { after } from "node:test";
import { CREDENTIAL, startProxy } from "./support/proxy.mjs";
import { EMPTY, refuse, say, startUpstream } from "./support/upstream.mjs";

const TASKS = "/ecs/DescribeTasks?RegionId=cn-hangzhou";

const upstream = await startUpstream();
const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: upstream.url, TASKLENS_ORIGINS: "https://tasks.example.com" } });
after(() => Promise.all([proxy.dispose(), upstream.close()]));

// ── Towards the API ──

/** What ACS3 signs, and what any HTTP client sends. */
const SIGNED = ["accept", "authorization", "host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"];
const OF_HTTP = ["connection", "accept-encoding", "content-length", "user-agent", "keep-alive"];

test("the API gets what is signed and what HTTP needs, whatever the caller sent", async () => {
  upstream.follow(say(200));
  const answer = await proxy.raw(TASKS, {
    headers: {
      cookie: "session=secret-cookie", "x-acs-action": "DeleteInstance", "x-acs-version": "1999-01-01", "x-acs-security-token": "stolen", "x-acs-signature-nonce": "fixed", "x-acs-date": "2000-01-01T00:00:00Z",
      "x-acs-content-sha256": "0", "x-custom": "value", "x-forwarded-for": "1.2.3.4", "user-agent": "caller/1.0", referer: "https://intern.example/path", "accept-language": "xx", "if-none-match": "etag",
      range: "bytes=0-1", "cache-control": "max-age=0", te: "trailers", via: "1.1 x", "cf-connecting-ip": "1.2.3.4", "content-type": "application/json", "accept-encoding": "br", expect: "", from: "me@example.com",
    },
  });
  assert.equal(answer.status, 200, answer.body);
  const [{ headers, rawHeaders }] = upstream.requests;
  assert.deepEqual(Object.keys(headers).filter((name) => !OF_HTTP.includes(name) && !name.startsWith("cf-") && name !== "mf-original-url").sort(), SIGNED);
  assert.equal(headers["x-acs-action"], "DescribeTasks");
  assert.equal(headers["x-acs-version"], "2014-05-26");
  assert.doesNotMatch(JSON.stringify(rawHeaders), /secret-cookie|DeleteInstance|1999|stolen|fixed|caller\/1\.0|intern\.example|1\.2\.3\.4|me@example|bytes=/);
  assert.ok(!JSON.stringify(rawHeaders).includes(/** @type {string} */ (proxy.token)), "the caller's token stays here");
  assert.match(String(headers.authorization), new RegExp(`^ACS3-HMAC-SHA256 Credential=${CREDENTIAL.accessKeyId},SignedHeaders=[a-z0-9;-]+,Signature=[0-9a-f]{64}$`));
  for (const name of ["host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"]) {
    assert.match(String(headers.authorization), new RegExp(`SignedHeaders=(.*;)?${name}[;,]`), `${name} is signed`);
  }
});

test("a caller's Connection header removes nothing that is signed", async () => {
  upstream.follow(say(200));
  const answer = await proxy.raw(TASKS, { headers: { connection: "close, authorization, x-acs-date, x-acs-action" } });
  assert.equal(answer.status, 200, answer.body);
  assert.ok(upstream.requests[0].headers["x-acs-date"] && upstream.requests[0].headers.authorization);
});

test("a temporary key sends its token, signed; another key sends none", async () => {
  const securityToken = "CAISexample-security-token";
  const sts = await startProxy({ env: { TASKLENS_UPSTREAM: upstream.url, ALIBABA_CLOUD_SECURITY_TOKEN: securityToken } });
  try {
    upstream.follow(say(200));
    await sts.raw(TASKS);
    await proxy.raw(TASKS);
    const [with_, without] = upstream.requests;
    assert.equal(with_.headers["x-acs-security-token"], securityToken);
    assert.match(String(with_.headers.authorization), /SignedHeaders=[^,]*x-acs-security-token/);
    assert.equal(without.headers["x-acs-security-token"], undefined);
  } finally {
    await sts.dispose();
  }
});

for (const [accept, expected] of [["text/xml", /xml/], ["application/xml", /xml/], ["text/xml;q=0.9, */*;q=0.1", /xml/], ["application/json", /json/], ["*/*", /json/], ["", /json/], ["text/html", /json/]]) {
  test(`Accept ${JSON.stringify(accept)} asks ECS for ${expected}`, async () => {
    upstream.follow(say(200));
    await proxy.raw(TASKS, { headers: { accept: String(accept) } });
    assert.match(String(upstream.requests[0].headers.accept), /** @type {RegExp} */ (expected));
    assert.match(String(upstream.requests[0].headers.accept), /^(application\/json|text\/xml|application\/xml)$/, "one of ours, not the caller's");
  });
}

test("only ECS speaks XML", async () => {
  upstream.follow(say(200));
  for (const target of ["/bdrc/DescribeTasks?RegionId=cn-shanghai", "/cloudcontrol/GetTask?taskId=task-1"]) await proxy.raw(target, { headers: { accept: "text/xml" } });
  for (const { headers } of upstream.requests) assert.equal(headers.accept, "application/json");
});

test("what is asked is what the template says, for each operation", async () => {
  upstream.follow(say(200));
  for (const [method, target, expected] of [
    ["GET", "/ecs/DescribeTasks?TaskIds=t-2,t-1&RegionId=cn-hangzhou&PageSize=50", "GET /?PageSize=50&RegionId=cn-hangzhou&TaskIds=t-2%2Ct-1"],
    ["GET", "/ecs/DescribeTaskAttribute?TaskId=t-1&RegionId=cn-hangzhou", "GET /?RegionId=cn-hangzhou&TaskId=t-1"],
    ["POST", "/ecs/CancelTask?RegionId=cn-hangzhou&TaskId=t-1", "POST /?RegionId=cn-hangzhou&TaskId=t-1"],
    ["GET", "/bdrc/DescribeTask?RegionId=cn-shanghai&TaskId=t-1", "GET /api/v1/tasks/t-1"],
    ["GET", "/bdrc/DescribeTasks?RegionId=cn-shanghai&TaskStatus=RUNNING&MaxResults=50", "GET /api/v1/tasks?MaxResults=50&TaskStatus=RUNNING"],
    ["GET", "/cloudcontrol/GetTask?taskId=task-1&RegionId=us-west-1", "GET /api/v1/tasks/task-1"],
    ["POST", "/cloudcontrol/CancelTask?taskId=task-1", "PUT /api/v1/tasks/task-1/operation/cancel"],
  ]) {
    upstream.requests.length = 0;
    const answer = await proxy.raw(target, { method });
    assert.equal(answer.status, 200, answer.body);
    assert.deepEqual(upstream.requests.map(({ method, target }) => `${method} ${target}`), [expected]);
    assert.equal(upstream.requests[0].body, "");
  }
});

// ── Towards the caller ──

const BACK = ["content-type", "x-acs-request-id", "x-acs-retry-after", "retry-after", "date"];
const OURS = ["cache-control", "x-content-type-options", "cross-origin-resource-policy", "vary", "access-control-allow-origin", "access-control-expose-headers"];
const BY_HTTP = ["connection", "keep-alive", "content-length", "transfer-encoding", "content-encoding"];

const HOSTILE = {
  "set-cookie": ["a=1; Domain=example.com", "b=2"], "access-control-allow-origin": "*", "access-control-allow-credentials": "true", "access-control-expose-headers": "*", "access-control-allow-headers": "*",
  location: "https://evil.example/", refresh: "0;url=https://evil.example/", link: "<https://evil.example/>; rel=preload", server: "tengine", via: "1.1 inner", "x-acs-trace-id": "trace", etag: '"x"',
  "content-security-policy": "default-src *", "strict-transport-security": "max-age=0", "clear-site-data": '"*"', "cache-control": "public, max-age=31536000", expires: "Fri, 31 Dec 2099 23:59:59 GMT", age: "100",
  vary: "*", "x-content-type-options": "sniff", "cross-origin-resource-policy": "cross-origin", "alt-svc": 'h3="evil.example:443"', "www-authenticate": "Basic realm=evil", "proxy-authenticate": "Basic", nel: "{}", "report-to": "{}",
  "x-custom": "value", "service-worker-allowed": "/", "sourcemap": "https://evil.example/x.map", "content-disposition": "attachment", "content-language": "xx", warning: "199", upgrade: "h2c",
  "x-acs-request-id": "4BE2C7FE-C7A4-4675-A153-174E032AABFB", "x-acs-retry-after": "250", "retry-after": "1",
};

test("of the API's headers the named five come back, and ours beside them", async () => {
  upstream.follow(say(200, EMPTY, HOSTILE));
  const answer = await proxy.raw(TASKS, { headers: { origin: "https://tasks.example.com" } });
  assert.equal(answer.status, 200);
  const strange = Object.keys(answer.headers).filter((name) => ![...BACK, ...OURS, ...BY_HTTP].includes(name));
  assert.deepEqual(strange, []);
  assert.equal(answer.headers["x-acs-request-id"], HOSTILE["x-acs-request-id"]);
  assert.equal(answer.headers["x-acs-retry-after"], "250");
  assert.equal(answer.headers["retry-after"], "1");
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.equal(answer.headers["x-content-type-options"], "nosniff");
  assert.equal(answer.headers["access-control-allow-origin"], "https://tasks.example.com");
  assert.doesNotMatch(JSON.stringify(answer.rawHeaders), /evil|inner|tengine|trace|credentials|31536000/);
});

test("a header that the API names in Connection is not passed either", async () => {
  upstream.follow((response) => {
    response.socket?.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close, x-named\r\nx-named: value\r\nset-cookie: a=1\r\ncontent-length: ${EMPTY.length}\r\n\r\n${EMPTY}`);
  });
  const answer = await proxy.raw(TASKS);
  assert.equal(answer.status, 200, answer.body);
  assert.equal(answer.headers["x-named"], undefined);
  assert.equal(answer.headers["set-cookie"], undefined);
});

test("every answer is for one caller, read as what it says, and never kept", async () => {
  upstream.follow(say(200));
  for (const [method, target, headers] of /** @type {[string, string, Record<string, string | null>][]} */ ([
    ["GET", TASKS, {}], ["GET", "/nothing", {}], ["PUT", TASKS, {}], ["GET", `${TASKS}&Foo=1`, {}], ["GET", TASKS, { authorization: null }], ["GET", TASKS, { origin: "https://evil.example" }], ["GET", `/${"x".repeat(9000)}`, {}],
    ["POST", "/ecs/DescribeTasks", {}],
  ])) {
    const answer = await proxy.raw(target, { method, headers });
    const label = `${method} ${target.slice(0, 40)} → ${answer.status}`;
    assert.equal(answer.headers["cache-control"], "no-store", label);
    assert.equal(answer.headers["x-content-type-options"], "nosniff", label);
    assert.ok(["same-origin", "cross-origin"].includes(String(answer.headers["cross-origin-resource-policy"])), label);
    assert.match(String(answer.headers.vary), /\borigin\b/i, label);
    assert.equal(answer.headers["set-cookie"], undefined, label);
  }
});

test("hints that are no hints do not come back as something else", async () => {
  for (const hint of ["", "-1", "a;b", "1, 2", "<script>", "9".repeat(400)]) {
    upstream.follow(refuse(429, "Throttling", { "x-acs-retry-after": hint, "retry-after": hint }));
    const answer = await proxy.raw(TASKS);
    assert.equal(answer.status, 429);
    for (const name of ["x-acs-retry-after", "retry-after"]) assert.ok([undefined, hint].includes(/** @type {string | undefined} */ (answer.headers[name])), `${name}: ${answer.headers[name]}`);
  }
});

// ── Injection ──

test("line breaks in a target, escaped or not, become no header anywhere", async () => {
  for (const inject of ["%0d%0ax-injected:%201", "%0ax-injected:1", "%0dx-injected:1", "%E5%98%8D%E5%98%8Ax-injected:1", "%00"]) {
    for (const target of [`/ecs/DescribeTasks?RegionId=cn-hangzhou${inject}`, `${TASKS}&TaskIds=t-1${inject}`, `${TASKS}&${inject}=1`, `/${inject}`, `/bdrc/DescribeTasks?RegionId=cn-shanghai&NextToken=a${inject}`]) {
      upstream.follow(say(200));
      const answer = await proxy.raw(target);
      assert.ok([400, 404].includes(answer.status), `${answer.status} ${target}`);
      assert.equal(answer.headers["x-injected"], undefined);
      assert.equal(upstream.requests.length, 0);
    }
  }
});

test("raw line breaks in a request make no second request to the API", async () => {
  upstream.follow(say(200));
  const { hostname, port } = new URL(proxy.url);
  for (const text of [
    `GET ${TASKS}\r\nx-acs-action: DeleteInstance HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${proxy.token}\r\nConnection: close\r\n\r\n`,
    `GET ${TASKS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${proxy.token}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nGET /ecs/CancelTask?RegionId=cn-hangzhou&TaskId=t-1 HTTP/1.1\r\n\r\n`,
  ]) {
    await new Promise((resolve) => {
      const socket = net.connect(Number(port), hostname, () => socket.write(text));
      socket.setTimeout(2000, () => socket.destroy()).on("error", () => {}).on("data", () => {}).once("close", resolve);
    });
  }
  for (const { headers, method } of upstream.requests) {
    assert.equal(method, "GET");
    assert.equal(headers["x-acs-action"], "DescribeTasks");
  }
});

test("what an API writes into its headers comes back as one value or not at all", async () => {
  upstream.follow((response) => {
    response.socket?.end(Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-acs-request-id: a\u00e9\u0001b\r\nx-acs-request-id: second\r\nretry-after: 1\r\ncontent-length: ${EMPTY.length}\r\nconnection: close\r\n\r\n${EMPTY}`, "latin1"));
  });
  const answer = await proxy.raw(TASKS);
  assert.ok([200, 502].includes(answer.status));
  assert.ok(Object.keys(answer.headers).every((name) => [...BACK, ...OURS, ...BY_HTTP].includes(name)));
});

test("a problem quotes at most a little of what it refuses, as JSON", async () => {
  for (const text of ["%3Cscript%3Ealert(1)%3C/script%3E", "%22%7D,%22x%22:%7B%22", "%E2%80%AE", "x".repeat(4000)]) {
    const answer = await proxy.raw(`${TASKS}&TaskAction=${text}&`);
    assert.equal(answer.status, 400);
    assert.equal(answer.headers["content-type"], "application/problem+json");
    assert.ok(answer.body.length < 800, `${answer.body.length} bytes`);
    assert.equal(Object.keys(answer.json()).includes("x"), false);
  }
});
