/**
 * tasklens with its WebAssembly module as a file of its own: `init()` fetches `core.wasm` from beside the script. For
 * bundlers that copy what `new URL(…, import.meta.url)` names, and for servers that keep the package's files together.
 */
export * from "./index.js";
