const { readFileSync } = require("node:fs");
const { connect, parse } = require("tasklens");

test("replies are read", () => {
  const [json, xml] = [readFileSync("reply.json", "utf8"), readFileSync("reply.xml", "utf8")]; // two replies, as the API sent them
  expect(parse(json).task.status).toBe("running");
  expect(parse(xml).task.action).toBe("ExportImage");
});

test("a task is asked for", async () => {
  const client = connect({ proxy: "https://proxy.example", headers: { authorization: "Bearer your-token" } });
  const task = await client.task({ api: "ecs", regionId: "cn-hangzhou", id: "t-bp1import" });
  expect(task.status).toBe("succeeded");
});
