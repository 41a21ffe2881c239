// CommonJS in Node: the module lies beside this file and is ready when it is required.

import { readFileSync } from "node:fs";
import { start } from "./api.js";

export { buildRequest, connect, parse, summarize, TasklensError } from "./api.js";

start(readFileSync(new URL("./core.wasm", import.meta.url)));

/** @type {typeof import("./index.d.ts").init} */
export async function init() {}
