// Browsers, bundlers and file://: the module travels along in a script, so that no bundler, path or server can lose it.

import { load, tooOld } from "./api.js";
import { decoded } from "./base64.js";
import packed from "./core.packed.js";

export { buildRequest, connect, parse, summarize, TasklensError } from "./api.js";

/** @type {typeof import("./index.d.ts").init} */
export function init(source) {
  return load(source, unpacked);
}

async function unpacked() {
  if (typeof DecompressionStream !== "function") throw tooOld("cannot unpack the module");
  return new Response(new Blob([decoded(packed)]).stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
}
