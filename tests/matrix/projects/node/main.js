import { readFile } from "node:fs/promises";
import { connect, parse } from "tasklens";

const [json, xml] = [await readFile("reply.json"), await readFile("reply.xml")]; // two replies, as the API sent them

const client = connect({ proxy: "https://proxy.example", headers: { authorization: "Bearer your-token" } });
const task = await client.task({ api: "ecs", regionId: "cn-hangzhou", id: "t-bp1import" });

console.log(JSON.stringify([parse(json), parse(xml), task]));
