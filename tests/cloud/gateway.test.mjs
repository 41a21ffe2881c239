// @ts-check
// Who is let in: signatures for hosts that this machine is not, and everything that can be wrong with them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { credential } from "./support/call.mjs";
import { rehearse, START } from "./support/rehearsal.mjs";
import { bdrcTask, cloudControlTask, ecsTask } from "./scenarios.mjs";

/** @typedef {Awaited<ReturnType<typeof rehearse>>} Rehearsal */

const DAY_MS = 86_400_000;
const stranger = { ...credential(), securityToken: "token-of-somebody-else" };

/** What is wrong, the answer to it. @type {[string, [status: number, code: string], (r: Rehearsal) => Promise<import("./support/call.mjs").Answer>][]} */
const REFUSED = [
  ["no authorization", [400, "MissingAuthorization"], (r) => r.ecs("DescribeTasks", {}, { tamper: ({ headers }) => delete headers.authorization })],
  ["another algorithm", [400, "InvalidSignatureMethod"], (r) => r.ecs("DescribeTasks", {}, { tamper: ({ headers }) => { headers.authorization = headers.authorization.replace("SHA256", "SM3"); } })],
  ["an authorization without a signature", [400, "IncompleteSignature"], (r) => r.ecs("DescribeTasks", {}, { tamper: ({ headers }) => { headers.authorization = headers.authorization.replace(/,Signature=.*/, ""); } })],
  ["no nonce", [400, "MissingSignatureNonce"], (r) => r.ecs("DescribeTasks", {}, { headers: { "x-acs-signature-nonce": "" } })],
  ["another parameter", [400, "SignatureDoesNotMatch"], (r) => r.ecs("DescribeTasks", {}, { tamper: (call) => { call.search += "&PageSize=100"; } })],
  ["another path", [400, "SignatureDoesNotMatch"], (r) => r.bdrc("t-0004a", {}, { tamper: (call) => { call.path = "/api/v1/tasks/t-0004b"; } })],
  ["another header", [400, "SignatureDoesNotMatch"], (r) => r.ecs("DescribeTasks", {}, { tamper: ({ headers }) => { headers["x-acs-extra"] = "1"; } })],
  ["another action", [400, "SignatureDoesNotMatch"], (r) => r.ecs("DescribeTasks", {}, { tamper: ({ headers }) => { headers["x-acs-action"] = "CancelTask"; } })],
  ["a body that was not signed", [400, "SignatureDoesNotMatch"], (r) => r.ecs("DescribeTasks", {}, { method: "POST", tamper: (call) => { call.body = "PageSize=1"; } })],
  ["a hash that is not the body's", [400, "SignatureDoesNotMatch"], (r) => r.ecs("DescribeTasks", {}, { headers: { "x-acs-content-sha256": "0".repeat(64) }, tamper: (call) => { call.body = "x"; }, method: "POST" })],
  ["a host of another region", [400, "SignatureDoesNotMatch"], (r) => r.ecs("DescribeTasks", {}, { host: "ecs.cn-beijing.aliyuncs.com" })],
  ["a host that is not Alibaba Cloud's", [400, "SignatureDoesNotMatch"], (r) => r.ecs("DescribeTasks", {}, { host: "ecs.cn-hangzhou.example.com" })],
  ["a region that BDRC has not", [400, "SignatureDoesNotMatch"], (r) => r.bdrc("", {}, { host: "bdrc.cn-beijing.aliyuncs.com" })],
  ["a time 16 minutes ago", [400, "InvalidTimeStamp.Expired"], (r) => r.ecs("DescribeTasks", {}, { headers: { "x-acs-date": "2026-11-20T11:44:00Z" } })],
  ["a time 16 minutes ahead", [400, "InvalidTimeStamp.Expired"], (r) => r.ecs("DescribeTasks", {}, { headers: { "x-acs-date": "2026-11-20T12:16:00Z" } })],
  ["a time without its zone", [400, "InvalidTimeStamp.Format"], (r) => r.ecs("DescribeTasks", {}, { headers: { "x-acs-date": "2026-11-20T12:00:00" } })],
  ["a token where there is none", [400, "InvalidSecurityToken.MismatchWithAccessKey"], (r) => r.ecs("DescribeTasks", {}, { headers: { "x-acs-security-token": stranger.securityToken } })],
  ["a token that is none", [400, "InvalidSecurityToken.Malformed"], (r) => r.ecs("DescribeTasks", {}, { headers: { "x-acs-security-token": "?" } })],
  ["no version", [400, "MissingVersion"], (r) => r.ecs("DescribeTasks", {}, { version: "" })],
  ["a version that is none", [400, "InvalidVersion"], (r) => r.ecs("DescribeTasks", {}, { version: "2014-05-27" })],
  ["no action", [400, "MissingAction"], (r) => r.ecs("")],
  ["an action that is none", [404, "InvalidApi.NotFound"], (r) => r.ecs("DeleteInstance")],
  ["an action by an inherited name", [404, "InvalidApi.NotFound"], (r) => r.ecs("constructor")],
  ["an RPC call with a path", [404, "InvalidApi.NotFound"], (r) => r.ecs("DescribeTasks", {}, { path: "/api" })],
  ["a method that RPC has not", [403, "UnsupportedHTTPMethod"], (r) => r.ecs("DescribeTasks", {}, { method: "DELETE" })],
  ["a path that ROA has not", [404, "InvalidApi.NotFound"], (r) => r.bdrc("", {}, { path: "/api/v1/rules" })],
  ["an action of another path", [404, "InvalidApi.NotFound"], (r) => r.cloudControl("task-1", { action: "CancelTask" })],
];

for (const [what, [status, code], call] of REFUSED) {
  test(`refused: ${what}`, async (t) => {
    const r = await rehearse(t);
    const { status: seen, json, headers } = await call(r);
    assert.deepEqual([seen, json.Code ?? json.code], [status, code]);
    assert.equal(headers["x-acs-request-id"], json.RequestId ?? json.requestId);
    assert.equal(headers.date, new Date(START).toUTCString(), "the cloud's own time, to set a clock by");
    assert.deepEqual(r.cloud.calls.map((call) => call.code), [code]);
  });
}

test("an id that is not the cloud's is not found, in each family's envelope", async (t) => {
  const { cloud, credential } = await rehearse(t);
  const other = { ...credential, accessKeyId: "id-of-somebody-else" };
  const { send } = await import("./support/call.mjs");
  const rpc = await send(cloud.url, other, START, { action: "DescribeTasks", version: "2014-05-26", host: "ecs.cn-hangzhou.aliyuncs.com", query: { RegionId: "cn-hangzhou" } });
  assert.deepEqual([rpc.status, rpc.json.Code, rpc.json.Message], [404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."]);
  const roa = await send(cloud.url, other, START, { action: "DescribeTasks", version: "2023-08-08", host: "bdrc.cn-shanghai.aliyuncs.com", path: "/api/v1/tasks" });
  assert.deepEqual([roa.status, roa.json.code, Object.keys(roa.json)], [404, "InvalidAccessKeyId.NotFound", ["code", "message", "requestId", "status"]]);
});

test("a key that is switched off is refused", async (t) => {
  const { cloud, ecs } = await rehearse(t);
  cloud.credential.inactive = true;
  assert.equal((await ecs("DescribeTasks")).json.Code, "InvalidAccessKeyId.Inactive");
});

test("a call sent twice passes once", async (t) => {
  const { ecs } = await rehearse(t);
  const headers = { "x-acs-signature-nonce": "once" };
  assert.equal((await ecs("DescribeTasks", {}, { headers })).status, 200);
  assert.equal((await ecs("DescribeTasks", {}, { headers })).json.Code, "SignatureNonceUsed");
});

test("a temporary key needs its token, until it expires", async (t) => {
  const { cloud, credential: own, ecs, pass } = await rehearse(t, { credential: { ...credential(), securityToken: "token-of-this-run", expiresAt: START + DAY_MS } });
  assert.equal((await ecs("DescribeTasks")).status, 200);
  assert.equal((await ecs("DescribeTasks", {}, { headers: { "x-acs-security-token": "" } })).json.Code, "MissingSecurityToken");
  pass(DAY_MS / 1000);
  assert.equal((await ecs("DescribeTasks")).json.Code, "InvalidSecurityToken.Expired");
  assert.equal(own, cloud.credential);
});

test("a mismatch quotes what was signed, key id and token among it", async (t) => {
  const temporary = { ...credential(), securityToken: "token-of-this-run" };
  const { ecs } = await rehearse(t, { credential: temporary });
  const { json } = await ecs("DescribeTasks", {}, { tamper: ({ headers }) => { headers["x-acs-extra"] = "1"; } });
  assert.match(json.Message, /^Specified signature is not matched with our calculation\. server string to sign is:GET&%2F&AccessKeyId%3D/);
  assert.ok(json.Message.includes(temporary.accessKeyId) && json.Message.includes(temporary.securityToken));
  assert.ok(!json.Message.includes(temporary.accessKeySecret), "never the secret");
});

test("the signed host says which region is meant", async (t) => {
  const tasks = [ecsTask(START), bdrcTask(START), cloudControlTask(START), cloudControlTask(START, { id: "task-abroad", region: "cn-hongkong" })];
  const { cloud, ecs, bdrc, cloudControl } = await rehearse(t, { tasks });
  const abroad = { host: "cloudcontrol.ap-southeast-1.aliyuncs.com" };
  /** @param {import("./support/call.mjs").Answer} answer */
  const code = ({ json }) => json.Code ?? json.code ?? "found";
  assert.equal(code(await ecs("DescribeTaskAttribute", { TaskId: "t-bp1import" })), "found");
  assert.equal(code(await ecs("DescribeTaskAttribute", { TaskId: "t-bp1import", RegionId: "cn-beijing" })), "InvalidTaskId.NotFound");
  assert.equal(code(await bdrc("t-0004resources")), "found");
  assert.equal(code(await bdrc("t-0004resources", {}, { host: "bdrc.ap-southeast-1.aliyuncs.com" })), "InvalidTask.NotFound");
  assert.equal(code(await cloudControl("task-0123456789abcdef0123456789abc")), "found");
  assert.equal(code(await cloudControl("task-0123456789abcdef0123456789abc", abroad)), "InvalidTask.NotFound");
  assert.equal(code(await cloudControl("task-abroad", abroad)), "found");
  assert.deepEqual(cloud.calls.map(({ host }) => host.split(".").slice(0, 2).join(".")), ["ecs.cn-hangzhou", "ecs.cn-beijing", "bdrc.cn-shanghai", "bdrc.ap-southeast-1", "cloudcontrol.aliyuncs", "cloudcontrol.ap-southeast-1", "cloudcontrol.ap-southeast-1"]);
});

test("a region whose host departs from the rule is signed for that host", async (t) => {
  const { ecs } = await rehearse(t);
  for (const [RegionId, host] of [["cn-hangzhou-finance", "ecs.aliyuncs.com"], ["cn-wuhan", "ecs.aliyuncs.com"], ["cn-edge-1", "ecs.cn-qingdao-nebula.aliyuncs.com"]]) {
    assert.equal((await ecs("DescribeTasks", { RegionId }, { host })).status, 200, RegionId);
    assert.equal((await ecs("DescribeTasks", { RegionId })).json.Code, "SignatureDoesNotMatch", RegionId);
  }
});
