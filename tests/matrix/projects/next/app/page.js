// On the server, for each request.
import { connect, parse } from "tasklens";
import { json, xml } from "./replies.js"; // two replies, as the API sent them

export const dynamic = "force-dynamic";

export default async function Page() {
  const client = connect({ proxy: "https://proxy.example", headers: { authorization: "Bearer your-token" } });
  const task = await client.task({ api: "ecs", regionId: "cn-hangzhou", id: "t-bp1import" });
  return <pre>{JSON.stringify([parse(json), parse(xml), task])}</pre>;
}
