import { connect, init, parse } from "tasklens/slim";
import module from "tasklens/core.wasm"; // where esbuild puts it
import { json, xml } from "./replies.js"; // two replies, as the API sent them

async function read() {
  await init(new URL(module, location.href));
  const client = connect({ proxy: "https://proxy.example", headers: { authorization: "Bearer your-token" } });
  const task = await client.task({ api: "ecs", regionId: "cn-hangzhou", id: "t-bp1import" });
  return [parse(json), parse(xml), task];
}

read().then((read) => {
  document.querySelector("pre").textContent = JSON.stringify(read);
});
