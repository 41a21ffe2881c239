// @ts-check
// The whole way: a caller, the proxy in workerd, the rehearsal cloud that checks the signature with the official SDK's
// signer, and back, read by the package.
import assert from "node:assert/strict";
import path from "node:path";
import test, { after, beforeEach } from "node:test";
import { createCloud } from "../cloud/cloud.mjs";
import { bdrcTask, cloudControlTask, ecsTask } from "../cloud/scenarios.mjs";
import { CREDENTIAL, ROOT, startProxy } from "./support/proxy.mjs";

const CONSUMER = process.env.TASKLENS_CONSUMER ?? path.join(ROOT, "target/consumer");
const { parse } = await import(path.join(CONSUMER, "node_modules/tasklens/dist/node.js"));

const now = Date.now();
const hour = { runMs: 3_600_000 };
const cloud = createCloud({
  credential: { ...CREDENTIAL },
  tasks: [ecsTask(now, { id: "t-1", plan: hour }), bdrcTask(now, { id: "t-2", plan: hour }), cloudControlTask(now, { id: "task-3", plan: hour }), cloudControlTask(now, { id: "task-4", region: "cn-hongkong", plan: hour })],
});
const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: await cloud.listen() } });
after(() => Promise.all([proxy.dispose(), cloud.close()]));
beforeEach(() => void (cloud.calls.length = 0));

for (const [method, target, host, kind] of [
  ["GET", "/ecs/DescribeTasks?RegionId=cn-hangzhou&TaskIds=t-1,t-9&PageSize=100&StartTime=2020-01-01T00:00:00Z&ResourceIds.1=m-bp1image", "ecs.cn-hangzhou.aliyuncs.com", "tasks"],
  ["GET", "/ecs/DescribeTaskAttribute?RegionId=cn-hangzhou&TaskId=t-1", "ecs.cn-hangzhou.aliyuncs.com", "task"],
  ["GET", "/bdrc/DescribeTask?RegionId=cn-shanghai&TaskId=t-2", "bdrc.cn-shanghai.aliyuncs.com", "task"],
  ["GET", "/bdrc/DescribeTasks?RegionId=cn-shanghai&MaxResults=10&TaskStatus=RUNNING&TaskType=UPDATE_RESOURCES", "bdrc.cn-shanghai.aliyuncs.com", "tasks"],
  ["GET", "/cloudcontrol/GetTask?taskId=task-3", "cloudcontrol.aliyuncs.com", "task"],
  ["GET", "/cloudcontrol/GetTask?taskId=task-4&RegionId=cn-hongkong", "cloudcontrol.ap-southeast-1.aliyuncs.com", "task"],
  ["POST", "/ecs/CancelTask?RegionId=cn-hangzhou&TaskId=t-1", "ecs.cn-hangzhou.aliyuncs.com", "accepted"],
  ["POST", "/cloudcontrol/CancelTask?taskId=task-3", "cloudcontrol.aliyuncs.com", "accepted"],
]) {
  test(`${method} ${target.split("&")[0]} is signed for ${host}`, async () => {
    const answer = await proxy.dispatch(target, { method });
    const body = await answer.text();
    assert.equal(answer.status, 200, body);
    const reply = parse(body, { httpStatus: answer.status });
    assert.equal(reply.kind, kind);
    assert.deepEqual(cloud.calls.map(({ host, operation }) => [host, `/${operation?.replace(".", "/")}`]), [[host, target.split("?")[0]]]);
    assert.equal(answer.headers.get("x-acs-request-id"), cloud.calls[0].id);
    assert.equal(reply.requestId, cloud.calls[0].id);
  });
}

test("XML where it is asked for", async () => {
  const answer = await proxy.dispatch("/ecs/DescribeTasks?RegionId=cn-hangzhou", { headers: { accept: "text/xml" } });
  assert.equal(answer.headers.get("content-type"), "text/xml;charset=utf-8");
  assert.equal(parse(await answer.text()).tasks[0].action, "ImportImage");
});

test("a cloud of another time is signed for by its own clock, cancels too", async () => {
  for (const off of [-2, 26]) {
    cloud.setClock(() => Date.now() + off * 3_600_000);
    try {
      cloud.tasks.add(ecsTask(now - 10 * 3_600_000, { id: "t-clock", plan: { runMs: 100 * 3_600_000 } }));
      for (const [method, target] of [["GET", "/ecs/DescribeTaskAttribute?RegionId=cn-hangzhou&TaskId=t-clock"], ["POST", "/ecs/CancelTask?RegionId=cn-hangzhou&TaskId=t-clock"]]) {
        const answer = await proxy.dispatch(target, { method });
        assert.equal(answer.status, 200, await answer.text());
      }
      assert.deepEqual(cloud.calls.map(({ code }) => code), ["InvalidTimeStamp.Expired", null, "InvalidTimeStamp.Expired", null]);
    } finally {
      cloud.setClock(Date.now);
      cloud.calls.length = 0;
    }
  }
});

test("a temporary key works until it ends, and its end is told", async () => {
  const credential = { ...CREDENTIAL, securityToken: "CAIS+a/security=token", expiresAt: Date.now() + 3_600_000 };
  const cloud = createCloud({ credential, tasks: [cloudControlTask(now, { id: "task-3", plan: hour })] });
  const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: await cloud.listen(), ALIBABA_CLOUD_SECURITY_TOKEN: credential.securityToken } });
  try {
    assert.equal((await proxy.dispatch("/cloudcontrol/GetTask?taskId=task-3")).status, 200);
    credential.expiresAt = Date.now() - 1;
    const answer = await proxy.dispatch("/cloudcontrol/GetTask?taskId=task-3");
    const { fault } = parse(await answer.text(), { httpStatus: answer.status });
    assert.deepEqual([fault.code, fault.kind], ["InvalidSecurityToken.Expired", "credentials"]);
    assert.equal(cloud.calls.length, 2);
  } finally {
    await Promise.all([proxy.dispose(), cloud.close()]);
  }
});

test("a wrong secret is told without what was signed", async () => {
  const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: cloud.url, ALIBABA_CLOUD_ACCESS_KEY_SECRET: "another" } });
  try {
    const answer = await proxy.dispatch("/ecs/DescribeTasks?RegionId=cn-hangzhou");
    const body = await answer.text();
    assert.equal(answer.status, 400);
    assert.equal(parse(body, { httpStatus: 400 }).fault.code, "SignatureDoesNotMatch");
    assert.doesNotMatch(body, new RegExp(`${CREDENTIAL.accessKeyId}|x-acs-signature-nonce|RegionId=`));
    assert.equal(cloud.calls.length, 1);
  } finally {
    await proxy.dispose();
  }
});

test("a used-up quota comes back with the cloud's own hint", async () => {
  const cloud = createCloud({ credential: { ...CREDENTIAL }, quotas: { "ecs.DescribeTasks": 1 } });
  const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: await cloud.listen() } });
  try {
    await proxy.dispatch("/ecs/DescribeTasks?RegionId=cn-hangzhou");
    const answer = await proxy.dispatch("/ecs/DescribeTasks?RegionId=cn-hangzhou");
    assert.equal(parse(await answer.text(), { httpStatus: answer.status }).fault.kind, "throttled");
    const hint = Number(answer.headers.get("x-acs-retry-after"));
    assert.ok(hint > 0 && hint <= 60_000, String(hint));
    assert.equal(cloud.calls.length, 2);
  } finally {
    await Promise.all([proxy.dispose(), cloud.close()]);
  }
});
