// Browsers, bundlers and file://: the module travels along in a script, so that no bundler, path or server can lose it.

import { load, unpack } from "./api.js";
import packed from "./core.packed.js";

export { buildRequest, connect, parse, summarize, TasklensError } from "./api.js";

/** @type {typeof import("./index.d.ts").init} */
export function init(source) {
  return load(source, () => unpack(packed));
}
