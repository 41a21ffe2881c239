import { readFile } from "node:fs/promises";
import { connect, init, parse } from "tasklens";
import { expect, test } from "vitest";

test("replies are read", async () => {
  await init();
  const [json, xml] = [await readFile("reply.json"), await readFile("reply.xml")]; // two replies, as the API sent them
  expect(parse(json).task.status).toBe("running");
  expect(parse(xml).task.action).toBe("ExportImage");
});

test("a task is asked for", async () => {
  await init();
  const client = connect({ proxy: "https://proxy.example", headers: { authorization: "Bearer your-token" } });
  const task = await client.task({ api: "ecs", regionId: "cn-hangzhou", id: "t-bp1import" });
  expect(task.status).toBe("succeeded");
});
