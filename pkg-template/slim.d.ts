/**
 * tasklens without its WebAssembly module: `init(source)` takes it from where you put it. For libraries, which leave the
 * choice to the program they end up in, and for Workers and pages that place `tasklens/core.wasm` themselves.
 */
export * from "./index.js";

/**
 * Loads the WebAssembly module from what you hand over; `tasklens/core.wasm` is its file. Where the program has loaded it
 * already, by any of the package's entries, this resolves at once.
 *
 * @throws {TasklensError} `request`: nothing was handed over, or no module; `network`: it could not be fetched
 */
export function init(source: URL | string | Response | BufferSource | WebAssembly.Module | Promise<Response>): Promise<void>;
