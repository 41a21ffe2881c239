import { connect, init, parse } from "tasklens/slim";
import module from "tasklens/core.wasm";
import { json, xml } from "./replies.js"; // two replies, as the API sent them

init(module); // compiled when it was deployed: ready at once

export default {
  async fetch() {
    const client = connect({ proxy: "https://proxy.example", headers: { authorization: "Bearer your-token" } });
    const task = await client.task({ api: "ecs", regionId: "cn-hangzhou", id: "t-bp1import" });
    return Response.json([parse(json), parse(xml), task]);
  },
};
