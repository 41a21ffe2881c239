// Node, and what does as it does: the module lies beside this file and is ready when the import is.

import { readFileSync } from "node:fs";
import { start } from "./proxy.js";

export { createProxy, sign } from "./proxy.js";

start(readFileSync(new URL("./proxy.wasm", import.meta.url)));
