// The drive of a watch: asks Rust's machine what to do (src/watch.rs), does it, hands in what came of it, and tells the events.

import * as core from "./core.js";
import { ask } from "./bridge.js";
import { aborted, signalOf } from "./connection.js";

/** No timer holds more milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

export class Polling {
  #connection;
  #core;
  /** The caller's own. */
  #signal;
  /** Ends what is under way when the watch is over. */
  #over = new Over();
  #timer;
  #isDue = false;
  #tell;
  #end;

  /** @param {import("./connection.js").Connection} connection */
  constructor(connection, refs, options) {
    this.#signal = signalOf(options?.signal);
    this.#connection = connection;
    this.#core = ask(() => new core.Watching(refs, options ?? {}));
  }

  /** The tasks, in the order in which events call them by number. */
  get refs() {
    return this.#core.refs();
  }

  /** What the caller kept in the state that this went on from. */
  get kept() {
    return this.#core.kept;
  }

  state(/** @type {string} */ kept) {
    return ask(() => this.#core.state(kept));
  }

  /**
   * @param {(events: any[], error?: import("./error.js").TasklensError) => void} tell the events of one answer; the error where
   *   there was none
   * @param {(error?: unknown) => void} end no task is left, or `stop` was called; or aborted, or past the deadline
   */
  begin(tell, end) {
    this.#tell = tell;
    this.#end = end;
    this.#signal?.addEventListener("abort", this.#soon);
    this.#soon();
  }

  stop() {
    this.#finish();
  }

  pause() {
    this.#core.pause();
  }

  /** Goes on, and catches up at once. */
  resume() {
    this.#core.resume(Date.now());
    this.#soon();
  }

  /** Asks for this task soon: it was cancelled. */
  hurry(ref) {
    ask(() => this.#core.hurry(ref, Date.now()));
    this.#soon();
  }

  // Not at once: whoever is told something may want to stop.
  #soon = () => {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#go();
    });
  };

  /** Does what the machine says, until that is to wait. */
  #go() {
    clearTimeout(this.#timer);
    try {
      while (!this.#over.aborted) {
        if (this.#signal?.aborted) throw aborted(this.#signal);
        const next = ask(() => this.#core.next(Date.now()));
        if (next === undefined) return this.#finish();
        if (typeof next === "number") return void (this.#timer = setTimeout(() => this.#go(), Math.min(next, LONGEST_MS)));
        this.#poll(next.id, next.sending);
      }
    } catch (error) {
      this.#finish(error);
    }
  }

  /** One poll, from its request to the telling of what it brought. @param {import("./connection.js").Sending} sending */
  async #poll(/** @type {number} */ id, sending) {
    const { answer, error, hint = NaN } = await this.#connection.attempt(sending, this.#over);
    if (this.#over.aborted) return;
    try {
      const [now, random] = [Date.now(), Math.random()];
      const events = answer
        ? this.#core.replied(id, now, random, sending.operation, answer.status, answer.headers, answer.body)
        : this.#core.failed(id, now, random, error.code, error.retryable, hint);
      if (events) this.#tell(events, error);
      this.#soon();
    } catch (broken) {
      this.#finish(broken);
    }
  }

  #finish(/** @type {unknown} */ error) {
    if (this.#over.aborted) return;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#soon);
    this.#over.abort();
    this.#end?.(error);
  }
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
