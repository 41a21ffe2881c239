// Deno: the module is imported, which asks for no permission, and is ready when the import is.

import source module from "./proxy.wasm";
import { start } from "./proxy.js";

export { createProxy, sign } from "./proxy.js";

start(module);
