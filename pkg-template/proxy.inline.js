// Hosts that are none of those: the module travels along in a script, and is made when the first request comes. Servers may do
// that at once, unlike pages; `sign` has to, and the platform inflates only while one waits.

import { unzlibSync } from "fflate";
import { decoded } from "./base64.js";
import packed from "./proxy.packed.js";
import { onFirstUse, start } from "./proxy.js";

export { createProxy, sign } from "./proxy.js";

onFirstUse(() => {
  start(new WebAssembly.Module(unzlibSync(decoded(packed))));
});
