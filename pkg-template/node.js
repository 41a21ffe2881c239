// Node, and what does as it does: ready when the import is. The module travels along in a script, for whoever bundles a server,
// as Next.js does, loses what lies beside one.

import { inflateSync } from "node:zlib";
import { start } from "./api.js";
import packed from "./core.packed.js";

export { buildRequest, connect, parse, summarize, TasklensError } from "./api.js";

start(inflateSync(Buffer.from(packed, "base64")));

/** @type {typeof import("./index.d.ts").init} */
export async function init() {}
