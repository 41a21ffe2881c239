import { connect, init, parse } from "tasklens/url";
import { json, xml } from "./replies.js"; // two replies, as the API sent them

async function read() {
  await init();
  const client = connect({ proxy: "https://proxy.example", headers: { authorization: "Bearer your-token" } });
  const task = await client.task({ api: "ecs", regionId: "cn-hangzhou", id: "t-bp1import" });
  return [parse(json), parse(xml), task];
}

read().then((read) => {
  document.querySelector("pre").textContent = JSON.stringify(read);
});
