// Deno: the module is imported, which asks for no permission, and is ready when the import is.

import source module from "./core.wasm";
import { start } from "./api.js";

export { buildRequest, connect, parse, summarize, TasklensError } from "./api.js";

start(module);

/** @type {typeof import("./index.d.ts").init} */
export async function init() {}
