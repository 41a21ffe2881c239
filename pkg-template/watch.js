// A watch as its users have it: events to iterate over, the tasks as last seen, a promise of the end.

import * as core from "./core.js";
import { ask, known } from "./bridge.js";
import { signalOf } from "./connection.js";
import { TasklensError } from "./error.js";
import { drive } from "./polling.js";

/** Events nobody has taken yet; beyond, an update takes the place of an older one of the same task. */
const PATIENT = 10_000;

/** @typedef {import("./index.d.ts").WatchEvent} WatchEvent */

/** @implements {AsyncIterableIterator<WatchEvent>} */
export class Watch {
  #machine;
  #drive;
  /** In the order in which events call them by number. */
  #refs;
  /** By number, as last seen. */
  #seen;
  #list;
  /** @type {WatchEvent[]} */
  #events = [];
  #taken = 0;
  /** Who waits for an event. */
  #waiting = [];
  /** @type {{ error?: unknown } | undefined} */
  #end;
  #done;

  constructor(connection, refs, options) {
    const signal = signalOf(options?.signal);
    const machine = (this.#machine = ask(() => new core.Watching(refs, options ?? {})));
    this.#refs = machine.refs();
    // What `state` put there.
    this.#seen = JSON.parse(machine.kept ?? "[]");
    const isPage = typeof document !== "undefined";
    const unhide = isPage && (options?.pauseWhenHidden ?? true) ? this.#pauseWith(document) : () => {};
    this.#done = new Promise((resolve, reject) => {
      const end = (error) => {
        unhide();
        this.#finish(error);
        if (error) reject(error);
        else resolve([...this.tasks]);
      };
      const tell = (events, error) => events.forEach((event) => this.#take(event, error));
      this.#drive = drive(connection, machine, signal, tell, end);
    });
    // Who only iterates hears of it there.
    this.#done.catch(() => {});
  }

  get done() {
    return this.#done;
  }

  get tasks() {
    return (this.#list ??= Object.freeze(this.#seen.filter((task) => task)));
  }

  state() {
    const kept = JSON.stringify(this.#refs.map((_, at) => this.#seen[at] ?? null));
    return ask(() => this.#machine.state(kept));
  }

  stop() {
    this.#drive.finish();
  }

  /** For the client: the task was cancelled, and will soon be another. @param {import("./index.d.ts").TaskRef} ref */
  hurry(ref) {
    ask(() => this.#machine.hurry(ref, Date.now()));
    this.#drive.soon();
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  // No async function, which makes an object more for each event.
  next() {
    if (this.#taken < this.#events.length) return Promise.resolve({ done: false, value: this.#shift() });
    if (!this.#end) return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    const { error } = this.#end;
    // Once, as from a generator.
    this.#end = {};
    return error ? Promise.reject(error) : Promise.resolve({ done: true, value: undefined });
  }

  /** What `break` in a `for await` calls: who listens no more needs no polls. */
  async return(value) {
    this.stop();
    this.#events = [];
    this.#taken = 0;
    this.#end = {};
    return { done: true, value };
  }

  async throw(error) {
    await this.return();
    throw error;
  }

  toReadableStream() {
    return new ReadableStream({
      pull: async (controller) => {
        const { done, value } = await this.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => this.return().then(() => {}),
    }, { highWaterMark: 0 });
  }

  /** Gives on what is told: an event in which tasks are still called by number. */
  #take(event, error) {
    const { type } = event;
    if (type === "retry" || type === "error") {
      event.refs = event.refs.map((at) => this.#refs[at]);
      event.error = error ?? known(event.error);
      return this.#give(event);
    }
    const at = event.ref;
    const last = this.#seen[at] ?? null;
    event.ref = this.#refs[at];
    if (type === "update") {
      event.previous = last;
      this.#seen[at] = event.task;
      this.#list = undefined;
    } else if (type === "end") event.task = last ?? event.task;
    else event.last = last;
    this.#give(event);
  }

  /** @param {WatchEvent} event */
  #give(event) {
    if (this.#waiting.length > 0) return this.#waiting.shift().resolve({ done: false, value: event });
    if (this.#events.length - this.#taken >= PATIENT && event.type === "update") {
      const same = this.#events.findIndex((other, at) => at >= this.#taken && other.type === "update" && other.ref === event.ref);
      if (same >= 0) return void (this.#events[same] = { ...event, previous: /** @type {any} */ (this.#events[same]).previous });
    }
    this.#events.push(event);
  }

  #shift() {
    const event = this.#events[this.#taken++];
    // Cut now and then: at each event it would cost as much as there are.
    if (this.#taken > 1000 && this.#taken * 2 > this.#events.length) {
      this.#events.splice(0, this.#taken);
      this.#taken = 0;
    }
    return event;
  }

  /** Pauses while the page is hidden, and catches up at once; returns what ends that. */
  #pauseWith(page) {
    const follow = () => {
      if (page.visibilityState === "hidden") return this.#machine.pause();
      this.#machine.resume(Date.now());
      this.#drive.soon();
    };
    if (page.visibilityState === "hidden") this.#machine.pause();
    page.addEventListener("visibilitychange", follow);
    return () => page.removeEventListener("visibilitychange", follow);
  }

  #finish(error) {
    this.#end ??= { error };
    for (const { resolve, reject } of this.#waiting.splice(0)) {
      if (this.#end.error) reject(this.#end.error);
      else resolve({ done: true, value: undefined });
      this.#end = {};
    }
  }
}

/**
 * Watches one task to its end.
 *
 * @param {Watch} watch over that task alone
 */
export async function ended(watch) {
  try {
    for await (const event of watch) {
      if (event.type === "error") throw event.error;
      if (event.type === "gone") {
        throw new TasklensError("gone", `task \`${event.ref.id}\` is no longer listed`, { task: event.last });
      }
      if (event.type === "end") {
        const { task } = event;
        if (task.status === "succeeded") return task;
        const why = task.error?.message ?? task.subTasks.find((part) => part.status === "failed")?.error?.message;
        throw new TasklensError("ended", `task \`${task.id}\` ended ${task.status}${why ? `: ${why}` : ""}`, { task });
      }
    }
    throw new TasklensError("aborted", "the watch was stopped");
  } finally {
    watch.stop();
  }
}
