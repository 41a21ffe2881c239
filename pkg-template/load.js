// How the module gets in: at once where the host has it compiled already, awaited elsewhere. All entries of one program
// share what is loaded here, so that a library may import `tasklens/slim` and leave it to the program how it is loaded.

import { isReady, markReady } from "./bridge.js";
import { initSync } from "./core.js";
import { TasklensError } from "./error.js";
import { isModule, ours } from "./module.js";

/** @typedef {NonNullable<Parameters<typeof import("./index.d.ts").init>[0]>} Source */

/** @type {Promise<void> | undefined} */ let loading;

/** At once. @param {WebAssembly.Module | BufferSource} module */
export function start(module) {
  if (isReady()) return;
  initSync({ module: ours(module) });
  markReady();
}

/**
 * Loads what is given, or else what the entry has of its own.
 *
 * @param {Source | undefined} source
 * @param {() => Source | Promise<BufferSource>} own
 */
export async function load(source, own) {
  // What is there already is waited for by nobody: a Worker must not await what another request began.
  if (isModule(source)) fit(source);
  if (isReady()) return;
  // Cleared on failure, so that a later call may try again.
  loading ??= begin(source, own).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function begin(source, own) {
  if (typeof WebAssembly !== "object") throw tooOld("has no WebAssembly");
  fit(await compile(await (source ?? own())));
}

/** Starts a module, unless it is another, such as an older copy. */
function fit(/** @type {WebAssembly.Module} */ module) {
  try {
    // Without imports anything starts; with others than ours, or than those of this version, nothing does.
    if (WebAssembly.Module.imports(ours(module)).length === 0) throw new TypeError("it imports nothing");
    start(module);
  } catch (cause) {
    throw refused(`expected core.wasm of this very version, found another module; ${COPY}: ${cause.message}`, cause);
  }
}

/** @param {Awaited<Source>} source */
async function compile(source) {
  if (isModule(source)) return source;
  if (typeof source === "string" || source instanceof URL) source = await fetched(source);
  if (typeof Response !== "undefined" && source instanceof Response) {
    const { ok, status, url } = source;
    if (!ok) throw new TasklensError("network", `expected core.wasm from ${url}, found HTTP ${status}; ${COPY}`);
    // Engines keep what they compiled from a stream, under its address. One without is here already, and a stream of it takes longer.
    if (url && source.headers.get("content-type") === "application/wasm") return compiled(WebAssembly.compileStreaming(source));
    source = await source.arrayBuffer();
  }
  const bytes = ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source);
  const head = String.fromCharCode(...bytes.subarray(0, 12));
  // Development servers answer what they do not know with their start page.
  if (!head.startsWith("\0asm")) throw refused(`expected core.wasm, found ${JSON.stringify(head)}; ${COPY}`);
  return compiled(WebAssembly.compile(bytes));
}

async function compiled(/** @type {Promise<WebAssembly.Module>} */ module) {
  try {
    return await module;
  } catch (cause) {
    throw refused(`${reason(cause.message)}: ${cause.message}`, cause);
  }
}

async function fetched(source) {
  try {
    return await fetch(source);
  } catch (cause) {
    throw new TasklensError("network", `core.wasm could not be fetched from ${source}; ${COPY}: ${cause.message}`, { cause });
  }
}

const COPY = "copy it from the package (`tasklens/core.wasm`) to there, or import `tasklens`, which carries it";
const NEEDED = "needed are Chrome or Edge 96, Firefox 113, Safari 16.4 or newer";

/** Each engine has words of its own for the same three reasons. */
function reason(/** @type {string} */ message) {
  if (/disallowed by embedder/i.test(message)) {
    return "this host compiles WebAssembly only when it is deployed; let its bundler resolve the condition `workerd` or `edge-light`, or hand a WebAssembly.Module to init()";
  }
  if (/unsafe-eval|content.security|CSP/i.test(message)) {
    return "this page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to its script-src";
  }
  return `this engine cannot compile the module; ${NEEDED}`;
}

export function tooOld(/** @type {string} */ why) {
  return refused(`this browser ${why}; ${NEEDED}`);
}

function refused(message, cause) {
  return new TasklensError("request", message, { cause });
}
