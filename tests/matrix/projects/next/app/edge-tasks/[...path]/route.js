// The same at the edge, which adds the route's parameter to the query.
import { createProxy } from "tasklens/proxy";

export const runtime = "edge";

const proxy = createProxy({ base: "/edge-tasks" });

export function GET(request) {
  const url = new URL(request.url);
  url.searchParams.delete("path");
  return proxy.fetch(new Request(url, request), process.env);
}
export const POST = GET;
