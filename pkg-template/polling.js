// The drive of a watch: asks Rust's machine what to do (src/watch.rs), does it, hands in what came of it, and tells the events.

import { ask } from "./bridge.js";
import { aborted } from "./connection.js";

/** No timer holds more milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * @param {import("./connection.js").Connection} connection
 * @param machine a `Watching`
 * @param {AbortSignal | undefined} signal the caller's own
 * @param {(events: any[], error?: import("./error.js").TasklensError) => void} tell the events of one answer; the error where
 *   there was none
 * @param {(error?: unknown) => void} end no task is left, or `finish` was called; or aborted, or past the deadline
 * @returns what looks at the machine again, soon, and what ends it
 */
export function drive(connection, machine, signal, tell, end) {
  // Ends what is under way when the watch is over.
  const over = new Over();
  let timer, isDue;
  /** By the number of a poll: the machine tells again only what has changed. @type {import("./connection.js").Sending[]} */
  const sendings = [];

  // Not at once: whoever is told something may want to stop.
  function soon() {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      go();
    });
  }

  /** Does what the machine says, until that is to wait. */
  function go() {
    clearTimeout(timer);
    try {
      while (!over.aborted) {
        if (signal?.aborted) throw aborted(signal);
        const next = ask(() => machine.next(Date.now()));
        if (next === undefined) return finish();
        if (typeof next === "number") return void (timer = setTimeout(go, Math.min(next, LONGEST_MS)));
        poll(next.id, (sendings[next.id] = next.sending ?? sendings[next.id]));
      }
    } catch (error) {
      finish(error);
    }
  }

  /** One poll, from its request to the telling of what it brought. @param {import("./connection.js").Sending} sending */
  async function poll(/** @type {number} */ id, sending) {
    const { answer, error, hint = NaN } = await connection.attempt(sending, over);
    if (over.aborted) return;
    try {
      const [now, random] = [Date.now(), Math.random()];
      const events = answer
        ? machine.replied(id, now, random, sending.operation, answer.status, answer.headers, answer.body)
        : machine.failed(id, now, random, error.code, error.retryable, hint);
      if (events) tell(events, error);
      soon();
    } catch (broken) {
      finish(broken);
    }
  }

  function finish(/** @type {unknown} */ error) {
    if (over.aborted) return;
    clearTimeout(timer);
    signal?.removeEventListener("abort", soon);
    over.abort();
    end(error);
  }

  signal?.addEventListener("abort", soon);
  soon();
  return { soon, finish };
}

/** As much of an AbortSignal as an attempt asks for. One of the platform's own would be a tenth of what a poll costs. */
class Over {
  aborted = false;
  reason;
  #listeners = new Set();

  addEventListener(_, listener) {
    this.#listeners.add(listener);
  }

  removeEventListener(_, listener) {
    this.#listeners.delete(listener);
  }

  abort() {
    this.aborted = true;
    for (const listener of this.#listeners) listener();
  }
}
