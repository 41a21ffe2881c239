import { createProxy } from "tasklens/proxy";

const proxy = createProxy();

export default {
  fetch: (request) => proxy.fetch(request, process.env),
};
