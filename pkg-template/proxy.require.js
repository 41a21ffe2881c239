// CommonJS in Node: the module lies beside this file and is ready when it is required.

import { readFileSync } from "node:fs";
import { start } from "./proxy.js";

export { createProxy, sign } from "./proxy.js";

start(readFileSync(new URL("./proxy.wasm", import.meta.url)));
