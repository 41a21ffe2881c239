// Vercel and Next.js edge functions: the module is compiled at deploy time; at run time compiling is forbidden there.

import { initSync } from "./gate.js";
import module from "./proxy.wasm?module";

export { createProxy, sign } from "./proxy.js";

initSync({ module });
