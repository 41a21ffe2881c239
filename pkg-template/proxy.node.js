// Node, and what does as it does: ready when the import is. The module travels along in a script, for whoever bundles a server,
// as Next.js does, loses what lies beside one.

import { inflateSync } from "node:zlib";
import packed from "./proxy.packed.js";
import { start } from "./proxy.js";

export { createProxy, sign } from "./proxy.js";

start(inflateSync(Buffer.from(packed, "base64")));
