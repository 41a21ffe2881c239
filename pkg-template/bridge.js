// The way into the core: it must be there, and what it throws becomes TasklensError.

import { TasklensError } from "./error.js";

let ready = false;

/** Called when the module is instantiated. */
export function markReady() {
  ready = true;
}

export function isReady() {
  return ready;
}

/**
 * @template T
 * @param {() => T} use
 */
export function ask(use) {
  if (!ready) throw new TasklensError("request", "the module is not loaded; call `await init()` first");
  try {
    return use();
  } catch (thrown) {
    throw known(thrown);
  }
}

/** The core throws plain objects; anything else is not its own. */
export function known(thrown) {
  if (thrown instanceof Error || typeof thrown?.code !== "string") return thrown;
  return new TasklensError(thrown.code, thrown.message, thrown);
}
