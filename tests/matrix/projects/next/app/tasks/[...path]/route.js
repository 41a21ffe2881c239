// The signing proxy of the pages beside it: connect({ proxy: "/tasks" })
import { createProxy } from "tasklens/proxy";

const proxy = createProxy({ base: "/tasks" });

export const GET = (request) => proxy.fetch(request, process.env);
export const POST = GET;
