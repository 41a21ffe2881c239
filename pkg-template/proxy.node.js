// Node: the module lies beside this file and is ready when the import is.

import { readFileSync } from "node:fs";
import { initSync } from "./gate.js";

export { createProxy, sign } from "./proxy.js";

initSync({ module: readFileSync(new URL("./proxy.wasm", import.meta.url)) });
