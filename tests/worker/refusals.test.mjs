// @ts-check
// What never reaches the API: each shape of request that is none of the seven operations, and the nearest one that is.
import assert from "node:assert/strict";
import net from "node:net";
import test, { after } from "node:test";
import { startProxy } from "./support/proxy.mjs";
import { startUpstream } from "./support/upstream.mjs";

const upstream = await startUpstream();
const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: upstream.url } });
after(() => Promise.all([proxy.dispose(), upstream.close()]));

const TASKS = "/ecs/DescribeTasks?RegionId=cn-hangzhou";
const TASK = "/ecs/DescribeTaskAttribute?RegionId=cn-hangzhou";
const BDRC = "/bdrc/DescribeTasks?RegionId=cn-shanghai";
const CLOUD = "/cloudcontrol/GetTask?taskId=task-1";
const many = (/** @type {number} */ n, one = "t-1") => Array(n).fill(one).join(",");

/** @param {string} target @param {import("./support/proxy.mjs").Init} [init] */
async function ask(target, init) {
  upstream.requests.length = 0;
  const answer = await proxy.raw(target, init);
  return { answer, sent: [...upstream.requests] };
}

/** @param {import("./support/proxy.mjs").Answer} answer @param {number} status */
function assertProblem(answer, status) {
  assert.equal(answer.status, status, answer.body);
  assert.equal(answer.headers["content-type"], "application/problem+json");
  const problem = answer.json();
  assert.equal(problem.status, status);
  for (const member of ["type", "title", "detail"]) assert.ok(typeof problem[member] === "string" && problem[member], member);
}

/** @param {string} name @param {number} status @param {string} target @param {import("./support/proxy.mjs").Init} [init] */
const refuses = (name, status, target, init) => test(`${name} → ${status}`, async () => {
  const { answer, sent } = await ask(target, init);
  if (init?.method === "HEAD") assert.equal(answer.status, status);
  else assertProblem(answer, status);
  assert.equal(sent.length, 0, "nothing is sent");
});

/** @param {string} name @param {string} target @param {import("./support/proxy.mjs").Init} [init] */
const passes = (name, target, init) => test(`${name} passes`, async () => {
  const { answer, sent } = await ask(target, init);
  assert.equal(answer.status, 200, answer.body);
  assert.equal(sent.length, 1);
});

// ── Paths ──

for (const target of [
  "/", "/ecs", "/ecs/", "//ecs/DescribeTasks", "/ecs//DescribeTasks", "/ecs/DescribeTasks/", "/ECS/DescribeTasks", "/ecs/describetasks",
  "/ecs/DescribeTasks.json", "/ecs/DescribeTasks;v=1", "/ecs/DescribeTasks%00", "/ecs/DescribeTasks%20", "/ecs%2FDescribeTasks", "/ecs/%44escribeTasks",
  "/ecs/DescribeTasks%2F..%2FCancelTask", "/ecs/DescribeTasks%3FRegionId=cn-hangzhou", "/ecs/DescribeTasks%23", "/api/ecs/DescribeTasks",
  "/ecs/DescribeInstances", "/ecs/DeleteInstance", "/ecs/GetTask", "/bdrc/CancelTask", "/bdrc/GetTask", "/cloudcontrol/DescribeTask", "/cloudcontrol/GetTasks",
  "/ecs.DescribeTasks", "/__proto__/constructor", "/ecs/toString", "/ecs/DescribeTasks/x", "/http://100.100.100.200/latest/meta-data", "/%2e%2e/ecs",
]) refuses(`the path ${target}`, 404, `${target}?RegionId=cn-hangzhou`);

// A URL's dots and backslashes are gone before anybody sees it: what is left is looked up like any other.
for (const [target, status] of /** @type {[string, number][]} */ ([
  ["/ecs/../bdrc/DescribeInstances?RegionId=cn-hangzhou", 404], ["/ecs/./%2e%2e/DescribeTasks?RegionId=cn-hangzhou", 404],
  ["/ecs/DescribeTasks/..?RegionId=cn-hangzhou", 404], ["/ecs/DescribeTasks/%2e%2e/CancelTask?RegionId=cn-hangzhou&TaskId=t-1", 405],
])) refuses(`the path ${target.split("?")[0]}`, status, target);

// ── Methods ──

for (const [target, allowed, others] of /** @type {[string, string, string[]][]} */ ([
  [TASKS, "GET", ["POST", "PUT", "PATCH", "DELETE", "HEAD"]],
  [`${TASK}&TaskId=t-1`, "GET", ["POST", "HEAD"]],
  ["/bdrc/DescribeTask?RegionId=cn-shanghai&TaskId=t-1", "GET", ["POST", "DELETE"]],
  [CLOUD, "GET", ["POST", "PUT"]],
  ["/ecs/CancelTask?RegionId=cn-hangzhou&TaskId=t-1", "POST", ["GET", "HEAD", "PUT", "DELETE"]],
  ["/cloudcontrol/CancelTask?taskId=task-1", "POST", ["GET", "PUT", "DELETE"]],
])) {
  for (const method of others) {
    refuses(`${method} ${target.split("?")[0]}`, 405, target, { method });
  }
  test(`${target.split("?")[0]} says that it takes ${allowed}`, async () => {
    const { answer } = await ask(target, { method: others[0] });
    assert.deepEqual((answer.headers.allow ?? "").split(/, */).filter((method) => method !== "OPTIONS"), [allowed]);
  });
}
refuses("a method in another header", 405, "/ecs/CancelTask?RegionId=cn-hangzhou&TaskId=t-1", { headers: { "x-http-method-override": "POST", "x-method-override": "POST" } });

// ── Parameters: their names ──

for (const [name, target] of /** @type {[string, string][]} */ ([
  ["a parameter nobody knows", `${TASKS}&Foo=1`], ["Action", `${TASKS}&Action=DeleteInstance`], ["Version", `${TASKS}&Version=2014-05-26`],
  ["Format", `${TASKS}&Format=XML`], ["AccessKeyId", `${TASKS}&AccessKeyId=x`], ["Signature", `${TASKS}&Signature=x`], ["SecurityToken", `${TASKS}&SecurityToken=x`],
  ["OwnerId", `${TASKS}&OwnerId=1`], ["a URL", `${TASKS}&url=http://100.100.100.200/`], ["an endpoint", `${TASKS}&Endpoint=evil.example`],
  ["the contract's name", "/ecs/DescribeTasks?regionId=cn-hangzhou"], ["another case", `${TASKS}&pagesize=10`], ["a name without a value", `${TASKS}&PageSize`],
  ["a value without a name", `${TASKS}&=1`], ["a name with a space", `${TASKS}&Page%20Size=1`], ["a name with NUL", `${TASKS}&PageSize%00=1`], ["__proto__", `${TASKS}&__proto__=1`],
  ["another operation's", `${TASK}&TaskId=t-1&PageSize=10`], ["another API's", "/cloudcontrol/GetTask?TaskId=task-1"], ["ECS's id beside Cloud Control's", `${CLOUD}&TaskId=task-2`],
  ["the same twice", `${TASKS}&PageSize=10&PageSize=10`], ["the region twice", `${TASKS}&RegionId=cn-beijing`], ["the id twice", `${CLOUD}&taskId=task-1`],
  ["a list in two", `${TASKS}&TaskIds=t-1&TaskIds=t-2`], ["twice, once escaped", `${TASKS}&PageSize=10&%50ageSize=10`], ["brackets", `${TASKS}&TaskIds[]=t-1`],
  ["ResourceIds without a number", `${TASKS}&ResourceIds=m-1`], ["ResourceIds.0", `${TASKS}&ResourceIds.0=m-1`], ["ResourceIds.01", `${TASKS}&ResourceIds.01=m-1`],
  ["ResourceIds.101", `${TASKS}&ResourceIds.101=m-1`], ["ResourceIds.N", `${TASKS}&ResourceIds.N=m-1`], ["ResourceIds with a gap", `${TASKS}&ResourceIds.1=m-1&ResourceIds.3=m-3`],
  ["ResourceIds.1 twice", `${TASKS}&ResourceIds.1=m-1&ResourceIds.1=m-2`],
  ["no region for ECS", "/ecs/DescribeTasks"], ["no region for BDRC", "/bdrc/DescribeTasks"], ["no id for ECS", TASK], ["no id for BDRC", "/bdrc/DescribeTask?RegionId=cn-shanghai"],
  ["no id for Cloud Control", "/cloudcontrol/GetTask?RegionId=cn-beijing"], ["nothing at all for Cloud Control", "/cloudcontrol/GetTask"],
  ["a group and a condition", `${TASKS}&TaskGroupId=g-1&TaskStatus=Failed`], ["times backwards", `${TASKS}&StartTime=2026-01-02T00:00:00Z&EndTime=2026-01-01T00:00:00Z`],
])) refuses(name, 400, target);

passes("every parameter of ECS once", `${TASKS}&PageNumber=2&PageSize=100&TaskIds=t-1%2Ct-2&TaskAction=ImportImage&TaskStatus=Finished&StartTime=2026-01-01T00:00:00Z&EndTime=2026-01-02T00:00Z&ResourceIds.1=m-1&ResourceIds.2=m-2`);
passes("a group alone", `${TASKS}&TaskGroupId=g-2ze2op2grqpclwu7&PageSize=10`);
passes("every parameter of BDRC once", `${BDRC}&MaxResults=500&NextToken=abc%3D%3D&TaskStatus=RUNNING&TaskType=CHECK_RULES`);
passes("Cloud Control without a region", CLOUD);

// ── Parameters: their values, just outside and just inside ──

const REGION_40 = `cn-${"x".repeat(37)}`;
for (const region of [
  "", "cn", "c-x", "china-x", "cn-", "-cn", "cn--x", "cn-x-", "CN-hangzhou", "cn-Hangzhou", "cn_hangzhou", "cn-hangzhou.evil.example", "cn-hangzhou@evil.example", "cn-hangzhou:443",
  "cn-hangzhou/", "cn-hangzhou%2F..", "cn-hangzhou%23", "cn-hangzhou%3F", "cn-hangzhou%5C", "cn-hangzhou%00", "cn-hangzhou%0d%0aHost:%20evil", "cn-hangzhou%20", "+cn-hangzhou", "%ff%fe",
  "%EF%BD%83n-hangzhou", "cn-hang%C2%ADzhou", "xn--fiqs8s", "127.0.0.1", "100.100.100.200", "[::1]", "localhost", "evil.example%23", "2130706433", "*", "cn-*", `${REGION_40}x`,
]) refuses(`the region ${JSON.stringify(region.slice(0, 48))}`, 400, `/ecs/DescribeTasks?RegionId=${region}`);
passes("a region of 40 characters", `/ecs/DescribeTasks?RegionId=${REGION_40}`);
for (const region of ["cn-beijing", "cn-hangzhou", "us-west-1", "ap-southeast-2", "cn-shanghai-finance-2"]) refuses(`the region ${region}, where BDRC is not,`, 400, `/bdrc/DescribeTasks?RegionId=${region}`);
for (const region of ["cn-shanghai", "ap-southeast-1", "cn-shanghai-finance-1"]) passes(`the region ${region} for BDRC`, `/bdrc/DescribeTasks?RegionId=${region}`);

const IDS = ["", "a".repeat(65), "t*1", "t.1", "..", ".", "t%2F..", "t%2f1", "t%5C1", "t%3F1", "t%231", "t%20", "+t", "t%00", "t%0a", "t%0d%0ax-acs-action:%20DeleteInstance", "t%25", "t%E4%BB%BB", "t:1", "t@1", "t;1", "t'1", "%ff", "t~1", "%zz"];
for (const [name, where] of [["ECS's", `${TASK}&TaskId=`], ["BDRC's", "/bdrc/DescribeTask?RegionId=cn-shanghai&TaskId="], ["Cloud Control's", "/cloudcontrol/GetTask?taskId="], ["a group's", `${TASKS}&TaskGroupId=`], ["a resource's", `${TASKS}&ResourceIds.1=`], ["one of many", `${TASKS}&TaskIds=t-0,`]]) {
  for (const id of IDS) refuses(`${name} id ${JSON.stringify(id.slice(0, 48))}`, 400, where + id);
  for (const id of ["a", "-", "_", "t-ce946ntx4wr", "A_z-09", "a".repeat(64)]) passes(`${name} id ${id}`, where + id);
}
for (const ids of [",", "t-1,", ",t-1", "t-1,,t-2", "t-1,%20t-2", "t-1,+t-2", "[%22t-1%22]", "t-1%0at-2", many(101)]) refuses(`the ids ${JSON.stringify(ids.slice(0, 48))}`, 400, `${TASKS}&TaskIds=${ids}`);
passes("100 ids", `${TASKS}&TaskIds=${many(100)}`);
passes("100 resources", TASKS + Array.from({ length: 100 }, (_, i) => `&ResourceIds.${i + 1}=m-1`).join(""));

for (const [where, outside, inside] of /** @type {[string, string[], string[]][]} */ ([
  [`${TASKS}&PageNumber=`, ["0", "1000001", "-1", "+1", "01", "1.0", "1e3", "0x10", " 1", "1 ", "%201", "", "NaN", "Infinity", "%EF%BC%91", "99999999999999999999"], ["1", "1000000"]],
  [`${TASKS}&PageSize=`, ["0", "101", "10,10"], ["1", "100"]],
  [`${BDRC}&MaxResults=`, ["9", "501", "0", "-10"], ["10", "500"]],
  [`${TASKS}&TaskStatus=`, ["", "finished", "Waiting", "Paused", "Finished,Failed", "Finished%20"], ["Finished", "Processing", "Failed"]],
  [`${TASKS}&TaskAction=`, ["", "Import%20Image", "Import-Image", "a".repeat(65), "%C3%A9", "a%0ab"], ["ImportImage", "IMPORT_IMAGE", "a.b", "a".repeat(64)]],
  [`${BDRC}&TaskType=`, ["", "A-B", "A".repeat(65)], ["TEST", "A".repeat(64)]],
  [`${BDRC}&NextToken=`, ["", "a%20b", "a%0ab", "%7F", "%C3%A9", "a".repeat(2049)], ["a".repeat(2048), "%21%7E", "%2B%2F%3D", "%26%23%3F"]],
  [`${TASKS}&StartTime=`, ["", "now", "0", "1767225600000", "2026-01-01", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z", "2026-01-01%2000:00:00", "2026-01-01T00:00:00", "20260101T000000Z"],
    ["2026-01-01T00:00:00Z", "2026-01-01T00:00Z", "2026-01-01T00:00:00.5Z", "2026-01-01T08:00:00%2B08:00", "2024-02-29T23:59:59Z"]],
])) {
  const name = /([A-Za-z]+)=$/.exec(where)?.[1];
  for (const value of outside) refuses(`${name}=${JSON.stringify(value.slice(0, 40))}`, 400, where + value.replaceAll(" ", "+"));
  for (const value of inside) passes(`${name}=${value.slice(0, 40)}`, where + value);
}

// ── Length and bodies ──

refuses("a URL over 8 KiB", 414, `${TASKS}&x=${"a".repeat(8200)}`);
refuses("a path over 8 KiB", 414, `/${"a".repeat(8200)}`);
refuses("8 KiB in escapes", 414, `${TASKS}&TaskIds=${"%41".repeat(2800)}`);
test("a URL just under 8 KiB is read", async () => {
  const { answer } = await ask(`${TASKS}&x=${"a".repeat(8000)}`);
  assertProblem(answer, 400);
});
test("a URL of a megabyte does no harm", async () => {
  const outcome = await proxy.raw(`${TASKS}&x=${"a".repeat(1 << 20)}`).then(({ status }) => status, () => "broken");
  assert.ok([414, 431, 400, "broken"].includes(outcome), String(outcome));
  assert.equal((await ask(TASKS)).answer.status, 200);
});

const CANCEL = "/ecs/CancelTask?RegionId=cn-hangzhou&TaskId=t-1";
passes("a cancel", CANCEL, { method: "POST" });
passes("a cancel with an empty body", CANCEL, { method: "POST", headers: { "content-length": "0", "content-type": "application/json" } });
refuses("a cancel with a body", 413, CANCEL, { method: "POST", body: "{}" });
refuses("a cancel with parameters in a form", 413, CANCEL, { method: "POST", body: "TaskId=t-2", headers: { "content-type": "application/x-www-form-urlencoded" } });
refuses("a cancel with a body in chunks", 413, CANCEL, { method: "POST", body: "{}", headers: { "transfer-encoding": "chunked" } });
refuses("a cancel with a megabyte", 413, CANCEL, { method: "POST", body: Buffer.alloc(1 << 20, "x") });
passes("a cancel with an empty body in chunks", CANCEL, { method: "POST", headers: { "transfer-encoding": "chunked" } });

test("a body that is announced and does not come holds nobody up", async () => {
  upstream.requests.length = 0;
  const { hostname, port } = new URL(proxy.url);
  const begun = Date.now();
  const text = await new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), hostname, () => socket.write(`POST ${CANCEL} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${proxy.token}\r\nTransfer-Encoding: chunked\r\n\r\n`));
    socket.setTimeout(8000, () => socket.destroy()).once("data", (chunk) => { resolve(String(chunk)); socket.destroy(); }).once("error", reject).once("close", () => resolve(""));
  });
  assert.match(text, /^HTTP\/1\.1 413 /);
  assert.ok(Date.now() - begun < 5000, `${Date.now() - begun} ms`);
  assert.equal(upstream.requests.length, 0);
});

test("a read with a body is refused, or read without it", async () => {
  const { answer, sent } = await ask(TASKS, { method: "GET", body: "TaskIds=t-1", headers: { "content-length": "11" } });
  assert.ok([200, 413].includes(answer.status), answer.body);
  for (const { body, target } of sent) assert.ok(body === "" && !target.includes("t-1"));
});

// ── Whom a header claims this is, or where it came from ──

const CLAIMS = {
  "x-forwarded-for": "127.0.0.1", "x-forwarded-host": "evil.example", "x-forwarded-proto": "http", "x-forwarded-uri": "/ecs/CancelTask", "x-forwarded-method": "POST",
  "x-original-url": "/ecs/DescribeTasks", "x-rewrite-url": "/ecs/DescribeTasks", forwarded: "for=127.0.0.1;host=evil.example", "x-real-ip": "127.0.0.1", "x-host": "evil.example",
};
refuses("another path in a header", 404, "/nothing?RegionId=cn-hangzhou", { headers: CLAIMS });
passes("a read with such headers", TASKS, { headers: CLAIMS });
passes("a read under another Host", TASKS, { headers: { host: "100.100.100.200" } });

test("a whole URL as the target, userinfo and all, changes nothing, whatever the runtime makes of it", async () => {
  upstream.requests.length = 0;
  const { hostname, port } = new URL(proxy.url);
  const text = await new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), hostname, () =>
      socket.write(`GET http://user:pass@evil.example${TASKS} HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer ${proxy.token}\r\nConnection: close\r\n\r\n`));
    let text = "";
    socket.setTimeout(5000, () => socket.destroy()).on("data", (chunk) => { text += chunk; }).once("error", reject).once("close", () => resolve(text));
  });
  assert.match(text, /^HTTP\/1\.1 \d{3} /);
  for (const { headers, target } of upstream.requests) {
    assert.equal(headers.host, new URL(upstream.url).host);
    assert.doesNotMatch(JSON.stringify({ headers, target }), /user|pass|evil/);
  }
  assert.equal((await ask(TASKS)).answer.status, 200, "the next is served");
});
