// Cloudflare Workers: the module is compiled at deploy time; at run time compiling is forbidden there.

import module from "./proxy.wasm";
import { start } from "./proxy.js";

export { createProxy, sign } from "./proxy.js";

start(module);
