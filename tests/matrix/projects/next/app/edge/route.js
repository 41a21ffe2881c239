import { connect, parse } from "tasklens";
import { json, xml } from "../replies.js"; // two replies, as the API sent them

export const runtime = "edge";

export async function GET() {
  const client = connect({ proxy: "https://proxy.example", headers: { authorization: "Bearer your-token" } });
  const task = await client.task({ api: "ecs", regionId: "cn-hangzhou", id: "t-bp1import" });
  return Response.json([parse(json), parse(xml), task]);
}
