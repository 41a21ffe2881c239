const { readFileSync } = require("node:fs");
const { connect, parse } = require("tasklens");

const [json, xml] = [readFileSync("reply.json"), readFileSync("reply.xml")]; // two replies, as the API sent them

const client = connect({ proxy: "https://proxy.example", headers: { authorization: "Bearer your-token" } });
client.task({ api: "ecs", regionId: "cn-hangzhou", id: "t-bp1import" }).then((task) => {
  console.log(JSON.stringify([parse(json), parse(xml), task]));
});
