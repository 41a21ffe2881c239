// Deno, Bun and others: the module travels inside this file, and is made when the first request comes. Servers may do that
// at once, unlike pages.

import { initSync } from "./gate.js";
import bytes from "./proxy.wasm";
import { onFirstUse } from "./proxy.js";

export { createProxy, sign } from "./proxy.js";

onFirstUse(() => initSync({ module: new WebAssembly.Module(bytes) }));
