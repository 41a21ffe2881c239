// @ts-check
// The cloud as a program of its own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { credential as madeUp, send } from "./support/call.mjs";

const PROGRAM = fileURLToPath(new URL("start.mjs", import.meta.url));

test("it says where it listens and what to watch, answers the given credential, and ends with its input", async (t) => {
  const credential = madeUp();
  const child = spawn(process.execPath, [PROGRAM, "--seed", "3"], { env: { ...process.env, ALIBABA_CLOUD_ACCESS_KEY_ID: credential.accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: credential.accessKeySecret, ALIBABA_CLOUD_SECURITY_TOKEN: "" }, stdio: ["pipe", "pipe", "inherit"] });
  t.after(() => child.kill());
  const [line] = await once(createInterface(child.stdout), "line");
  const { url, watch } = JSON.parse(line);
  const list = await send(url, credential, Date.now(), { action: "DescribeTasks", version: "2014-05-26", host: "ecs.cn-hangzhou.aliyuncs.com", query: { RegionId: "cn-hangzhou" } });
  assert.equal(list.json.TotalCount, 24);
  const { regionId, id } = watch.find((/** @type {any} */ one) => one.api === "bdrc");
  const task = await send(url, credential, Date.now(), { action: "DescribeTask", version: "2023-08-08", host: `bdrc.${regionId}.aliyuncs.com`, path: `/api/v1/tasks/${id}` });
  assert.equal(task.json.Data.TaskStatus, "RUNNING");
  child.stdin.end();
  assert.deepEqual(await once(child, "exit"), [0, null]);
});

test("without a credential it says what to set", async () => {
  const { ALIBABA_CLOUD_ACCESS_KEY_ID: _, ...env } = process.env;
  const child = spawn(process.execPath, [PROGRAM], { env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (piece) => { said += piece; });
  assert.deepEqual(await once(child, "close"), [2, null]);
  assert.match(said, /set `ALIBABA_CLOUD_ACCESS_KEY_ID`/);
});
