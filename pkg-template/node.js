// Node: the module lies beside this file and is ready when the import is.

import { readFileSync } from "node:fs";
import { initSync } from "./core.js";
import { markReady } from "./bridge.js";

export { buildRequest, connect, parse, summarize, TasklensError } from "./api.js";

initSync({ module: readFileSync(new URL("./core.wasm", import.meta.url)) });
markReady();

/** @type {typeof import("./index.d.ts").init} */
export async function init() {}
