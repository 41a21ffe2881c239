// `tasklens/url`: the module is a file of its own, fetched from beside this one, where a bundler puts it that knows
// `new URL(…, import.meta.url)`.

import { load } from "./api.js";

export { buildRequest, connect, parse, summarize, TasklensError } from "./api.js";

/** @type {typeof import("./index.d.ts").init} */
export function init(source) {
  return load(source, () => new URL("./core.wasm", import.meta.url));
}
