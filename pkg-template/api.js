// What every entry offers once its module is there, and how each gets it there.

import * as core from "./core.js";
import { ask } from "./bridge.js";

export { TasklensError } from "./error.js";
export { connect } from "./client.js";
export { load, start, tooOld } from "./load.js";

// wasm-bindgen would copy a string character by character.
const encoder = new TextEncoder();

/** @type {typeof import("./index.d.ts").parse} */
export function parse(body, options) {
  return ask(() => core.parse(bytes(body), options));
}

/** @type {typeof import("./index.d.ts").summarize} */
export function summarize(body, options) {
  return ask(() => core.summarize(bytes(body), options));
}

/** @type {typeof import("./index.d.ts").buildRequest} */
export function buildRequest(call) {
  return ask(() => core.buildRequest(call));
}

function bytes(body) {
  return typeof body === "string" ? encoder.encode(wellFormed(body)) : body;
}

// UTF-8 cannot hold half a surrogate pair. In JSON it is written as its escape, so that the core reports it in its place.
function wellFormed(/** @type {string} */ body) {
  if (body.isWellFormed?.() ?? true) return body;
  if (/^\ufeff?\s*</.test(body)) return body.toWellFormed();
  return body.replace(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}
