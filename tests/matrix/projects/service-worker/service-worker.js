// A service worker has no import map, and may not wait at its top level.
import { connect, init, parse } from "./node_modules/tasklens/dist/inline.js";
import { json, xml } from "./replies.js"; // two replies, as the API sent them

async function read() {
  await init(); // at once, if it has run since this worker was started
  const client = connect({ proxy: "https://proxy.example", headers: { authorization: "Bearer your-token" } });
  const task = await client.task({ api: "ecs", regionId: "cn-hangzhou", id: "t-bp1import" });
  return [parse(json), parse(xml), task];
}

self.onmessage = (event) => event.waitUntil(read().then((read) => event.source.postMessage(read)));
