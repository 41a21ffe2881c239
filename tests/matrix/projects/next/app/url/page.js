"use client"; // in the browser

import { useEffect, useState } from "react";
import { connect, init, parse } from "tasklens/url";
import { json, xml } from "../replies.js"; // two replies, as the API sent them

async function read() {
  await init();
  const client = connect({ proxy: "https://proxy.example", headers: { authorization: "Bearer your-token" } });
  const task = await client.task({ api: "ecs", regionId: "cn-hangzhou", id: "t-bp1import" });
  return [parse(json), parse(xml), task];
}

export default function Page() {
  const [shown, show] = useState(null);
  useEffect(() => {
    read().then(show);
  }, []);
  return <pre>{shown && JSON.stringify(shown)}</pre>;
}
