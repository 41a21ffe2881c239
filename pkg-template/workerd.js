// Cloudflare Workers: the module is compiled at deploy time; at run time compiling is forbidden there.

import { initSync } from "./core.js";
import module from "./core.wasm";
import { markReady } from "./bridge.js";

export { buildRequest, connect, parse, summarize, TasklensError } from "./api.js";

initSync({ module });
markReady();

/** @type {typeof import("./index.d.ts").init} */
export async function init() {}
