// A watch as its users have it: events to iterate over, the tasks as last seen, a promise of the end.

import { asked, ask, known } from "./bridge.js";
import { TasklensError } from "./error.js";

/** Events nobody has taken yet; beyond, an update takes the place of an older one of the same task. */
const PATIENT = 10_000;

/** @typedef {import("./index.d.ts").WatchEvent} WatchEvent */

/** @implements {AsyncIterableIterator<WatchEvent>} */
export class Watch {
  #core;
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

  constructor(core, { pauseWhenHidden = typeof document !== "undefined" } = {}) {
    this.#core = core;
    this.#refs = core.refs();
    this.#seen = JSON.parse(core.kept ?? "[]");
    const unhide = pauseWhenHidden && typeof document !== "undefined" ? pauseWith(document, core) : () => {};
    this.#done = asked(() => core.run((told) => told.forEach((event) => this.#take(event)))).then(
      () => this.#finish({}, unhide),
      (error) => this.#finish({ error }, unhide),
    );
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
    return ask(() => this.#core.state(JSON.stringify(this.#refs.map((_, at) => this.#seen[at] ?? null))));
  }

  stop() {
    this.#core.stop();
  }

  /** For the client: the task was cancelled, and will soon be another. @param {import("./index.d.ts").TaskRef} ref */
  hurry(ref) {
    ask(() => this.#core.hurry(ref));
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async next() {
    if (this.#taken < this.#events.length) return { done: false, value: this.#shift() };
    if (!this.#end) return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    const { error } = this.#end;
    // Once, as from a generator.
    this.#end = {};
    if (error) throw error;
    return { done: true, value: undefined };
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

  #take(told) {
    const { at } = told;
    const ref = (one) => this.#refs[one];
    switch (told.type) {
      case "update": {
        const previous = this.#seen[at] ?? null;
        this.#seen[at] = told.task;
        this.#list = undefined;
        return this.#give({ type: "update", ref: ref(at), task: told.task, previous, estimate: told.estimate });
      }
      case "end": return this.#give({ type: "end", ref: ref(at), task: this.#seen[at] ?? told.task });
      case "gone": return this.#give({ type: "gone", ref: ref(at), last: this.#seen[at] ?? null });
      case "retry": return this.#give({ type: "retry", refs: at.map(ref), error: known(told.error), delayMs: told.delayMs });
      default: return this.#give({ type: "error", refs: at.map(ref), error: known(told.error) });
    }
  }

  /** @param {WatchEvent} event */
  #give(event) {
    const waiting = this.#waiting.shift();
    if (waiting) return waiting.resolve({ done: false, value: event });
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

  #finish(end, unhide) {
    unhide();
    this.#end ??= end;
    for (const { resolve, reject } of this.#waiting.splice(0)) {
      if (this.#end.error) reject(this.#end.error);
      else resolve({ done: true, value: undefined });
      this.#end = {};
    }
    if (end.error) throw end.error;
    return [...this.tasks];
  }
}

/** Pauses while the page is hidden; returns what ends that. */
function pauseWith(page, core) {
  const follow = () => (page.visibilityState === "hidden" ? core.pause() : core.resume());
  if (page.visibilityState === "hidden") core.pause();
  page.addEventListener("visibilitychange", follow);
  return () => page.removeEventListener("visibilitychange", follow);
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
