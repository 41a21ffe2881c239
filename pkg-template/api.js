// What every entry offers once its module is there.

import * as core from "./core.js";
import { TasklensError } from "./error.js";

export { TasklensError };

// wasm-bindgen would copy a string character by character.
const encoder = new TextEncoder();

let ready = false;

/** Called by each entry when the module is instantiated. */
export function markReady() {
  ready = true;
}

/** @type {typeof import("./index.d.ts").parse} */
export function parse(body, options) {
  return call(core.parse, body, options);
}

/** @type {typeof import("./index.d.ts").summarize} */
export function summarize(body, options) {
  return call(core.summarize, body, options);
}

function call(read, body, options) {
  if (!ready) throw new TasklensError("request", "the module is not loaded; call `await init()` first");
  try {
    return read(typeof body === "string" ? encoder.encode(wellFormed(body)) : body, options);
  } catch (thrown) {
    // The core throws plain objects; anything else is not its own.
    if (thrown instanceof Error || typeof thrown?.code !== "string") throw thrown;
    throw new TasklensError(thrown.code, thrown.message, thrown);
  }
}

// UTF-8 cannot hold half a surrogate pair. In JSON it is written as its escape, so that the core reports it in its place.
function wellFormed(/** @type {string} */ body) {
  if (body.isWellFormed?.() ?? true) return body;
  if (/^\ufeff?\s*</.test(body)) return body.toWellFormed();
  return body.replace(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}
