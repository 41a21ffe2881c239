// Browsers, bundlers, Deno, Bun, file://: the module travels inside this file, so that no bundler, path or server can
// lose it.

import { initSync } from "./core.js";
import bytes from "./core.wasm";
import { markReady } from "./bridge.js";
import { TasklensError } from "./error.js";

export { buildRequest, connect, parse, summarize, TasklensError } from "./api.js";

/** @type {Promise<void> | undefined} */ let loading;

/** @type {typeof import("./index.d.ts").init} */
export function init(source) {
  // Cleared on failure, so that a later call may try again.
  return (loading ??= load(source).catch((error) => {
    loading = undefined;
    throw error;
  }));
}

/** @param {Parameters<typeof import("./index.d.ts").init>[0]} source */
async function load(source) {
  initSync({ module: await compile((await source) ?? bytes) });
  markReady();
}

async function compile(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (typeof source === "string" || source instanceof URL) source = await fetch(source);
  if (typeof Response !== "undefined" && source instanceof Response) {
    if (!source.ok) throw new TasklensError("network", `the module answered HTTP ${source.status}: ${source.url}`);
    source = await source.arrayBuffer();
  }
  try {
    return await WebAssembly.compile(source);
  } catch (cause) {
    // Without the directive every engine refuses to compile, with words of its own.
    const hint = "if the page has a Content-Security-Policy, its script-src needs 'wasm-unsafe-eval'";
    throw new TasklensError("request", `the module could not be compiled; ${hint}: ${cause.message}`, { cause });
  }
}
