// Cloudflare Workers: the module is compiled at deploy time; at run time compiling is forbidden there.

import { start } from "./api.js";
import module from "./core.wasm";

export { buildRequest, connect, parse, summarize, TasklensError } from "./api.js";

start(module);

/** @type {typeof import("./index.d.ts").init} */
export async function init() {}
