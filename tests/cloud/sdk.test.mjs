// @ts-check
// The official SDK's own client calls the cloud: what it takes for an answer is one. It signs for the address it calls.
import assert from "node:assert/strict";
import { test } from "node:test";
import openApiCore from "@alicloud/openapi-core";
import dara from "@darabonba/typescript";
import { createCloud } from "./cloud.mjs";
import { bdrcTask, cloudControlTask, ecsTask } from "./scenarios.mjs";
import { credential as madeUp } from "./support/call.mjs";

const { default: Client, $OpenApiUtil } = /** @type {any} */ (openApiCore);

/** @param {import("node:test").TestContext} t @param {{ secret?: string, securityToken?: string }} [client] what the client has instead */
async function connect(t, client = {}) {
  const now = Date.now();
  const credential = { ...madeUp(), ...(client.securityToken ? { securityToken: client.securityToken } : {}) };
  const cloud = createCloud({ credential, tasks: [ecsTask(now - 30_000), bdrcTask(now - 30_000), cloudControlTask(now - 30_000)] });
  const endpoint = (await cloud.listen()).slice("http://".length);
  t.after(() => cloud.close());
  const sdk = new Client(new $OpenApiUtil.Config({ ...credential, accessKeySecret: client.secret ?? credential.accessKeySecret, endpoint, protocol: "http", regionId: "cn-hangzhou" }));
  /** @param {Record<string, string>} params @param {Record<string, string>} [query] @returns {Promise<any>} */
  const call = async (params, query = {}) => (await sdk.callApi(
    new $OpenApiUtil.Params({ protocol: "HTTP", authType: "AK", reqBodyType: "json", bodyType: "json", ...params }),
    new $OpenApiUtil.OpenApiRequest({ query }), new dara.RuntimeOptions({ autoretry: false }))).body;
  return {
    cloud,
    /** @param {string} action @param {Record<string, string>} [query] */
    rpc: (action, query) => call({ style: "RPC", version: "2014-05-26", method: "POST", pathname: "/", action }, { RegionId: "cn-hangzhou", ...query }),
    /** @param {string} version @param {string} action @param {string} pathname @param {string} [method] */
    roa: (version, action, pathname, method = "GET") => call({ style: "ROA", version, method, pathname, action }),
  };
}

test("the SDK reads a list and a task of ECS, and cancels it", async (t) => {
  const { cloud, rpc } = await connect(t);
  assert.deepEqual((await rpc("DescribeTasks")).TaskSet.Task.map((/** @type {any} */ task) => task.TaskId), ["t-bp1import"]);
  assert.equal((await rpc("DescribeTaskAttribute", { TaskId: "t-bp1import" })).TaskStatus, "Processing");
  assert.deepEqual(Object.keys(await rpc("CancelTask", { TaskId: "t-bp1import" })), ["RequestId"]);
  assert.deepEqual(cloud.calls.map(({ operation, method, status }) => [operation, method, status]), [
    ["ecs.DescribeTasks", "POST", 200], ["ecs.DescribeTaskAttribute", "POST", 200], ["ecs.CancelTask", "POST", 200],
  ]);
});

test("the SDK's query arrives as it was meant, special characters and all", async (t) => {
  const { rpc } = await connect(t);
  assert.equal((await rpc("DescribeTasks", { "ResourceIds.1": "m-bp1image", TaskGroupId: "" })).TotalCount, 1);
  assert.equal((await rpc("DescribeTasks", { TaskIds: "t ä*~+/'()!,t-bp1import" })).TotalCount, 1);
});

test("the SDK reads BDRC and Cloud Control, and cancels", async (t) => {
  const { roa } = await connect(t);
  assert.equal((await roa("2023-08-08", "DescribeTask", "/api/v1/tasks/t-0004resources")).Data.TaskStatus, "RUNNING");
  assert.equal((await roa("2023-08-08", "DescribeTasks", "/api/v1/tasks")).Data.Content.length, 1);
  const id = "task-0123456789abcdef0123456789abc";
  assert.equal((await roa("2022-08-30", "GetTask", `/api/v1/tasks/${id}`)).task.status, "Running");
  assert.deepEqual(Object.keys(await roa("2022-08-30", "CancelTask", `/api/v1/tasks/${id}/operation/cancel`, "PUT")), ["requestId"]);
  assert.equal((await roa("2022-08-30", "GetTask", `/api/v1/tasks/${id}`)).task.status, "Cancelling");
});

test("the SDK's temporary credential is taken", async (t) => {
  const { rpc } = await connect(t, { securityToken: "token-of-this-run" });
  assert.equal((await rpc("DescribeTasks")).TotalCount, 1);
});

test("the SDK with another secret is refused, in either style", async (t) => {
  const { rpc, roa } = await connect(t, { secret: "another" });
  await assert.rejects(rpc("DescribeTasks"), { code: "SignatureDoesNotMatch", statusCode: 400 });
  await assert.rejects(roa("2023-08-08", "DescribeTasks", "/api/v1/tasks"), { code: "SignatureDoesNotMatch", statusCode: 400 });
});

test("the SDK reads a fault of each API", async (t) => {
  const { rpc, roa } = await connect(t);
  await assert.rejects(rpc("DescribeTaskAttribute", { TaskId: "t-none" }), { code: "InvalidTaskId.NotFound", statusCode: 400 });
  await assert.rejects(roa("2023-08-08", "DescribeTask", "/api/v1/tasks/t-none"), { code: "InvalidTask.NotFound", statusCode: 404 });
  await assert.rejects(roa("2022-08-30", "GetTask", "/api/v1/tasks/task-none"), { code: "InvalidTask.NotFound", statusCode: 400 });
});

test("the SDK takes the throttling for one, and its hint", async (t) => {
  const { cloud, rpc } = await connect(t);
  cloud.fail({ with: { kind: "throttle", status: 429, retryAfterMs: 1500 } });
  await assert.rejects(rpc("DescribeTasks"), { code: "Throttling.User", retryAfter: 1500 });
});
