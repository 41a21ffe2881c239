// The client: calls through a signing proxy.

import * as core from "./core.js";
import { ask } from "./bridge.js";
import { Connection, signalOf, wrong } from "./connection.js";
import { TasklensError } from "./error.js";
import { Watch, ended } from "./watch.js";

/** @type {typeof import("./index.d.ts").connect} */
export function connect(options) {
  if (typeof options !== "object" || options === null) throw wrong("options", "expected an object");
  const connection = new Connection(baseOf(options.proxy), options);
  /** @param {() => import("./connection.js").Sending} what */
  const send = async (what, options) => {
    const sending = ask(what);
    const read = ({ status, headers, body }) => core.readAnswer(sending.operation, status, headers, body);
    return connection.call(sending, signalOf(options?.signal), read);
  };
  /** Under way: what is cancelled is soon asked for. @type {Set<Watch>} */
  const watches = new Set();
  /** @type {import("./index.d.ts").Client["watch"]} */
  const watch = (refs, options) => {
    const begun = new Watch(connection, refs, options);
    const forget = () => watches.delete(begun);
    begun.done.then(forget, forget);
    watches.add(begun);
    return begun;
  };
  return /** @type {import("./index.d.ts").Client} */ ({
    call: (call, options) => send(() => core.sendCall(call), options),
    task: async (ref, options) => {
      const { task } = await send(() => core.sendDescribe(ref), options);
      if (task) return task;
      throw new TasklensError("unrecognized", "expected a task, found a reply of another kind");
    },
    cancel: async (ref, options) => {
      await send(() => core.sendCancel(ref), options);
      for (const each of watches) each.hurry(ref);
    },
    tasks: (list, options) => new Tasks(connection, list, options?.signal),
    watch,
    wait: async (ref, options) => ended(watch(ref, options)),
  });
}

/** The proxy's address, ending in a slash, so that an operation's path can follow. */
function baseOf(proxy) {
  let url;
  try {
    if (!proxy || !/^string$|^object$/.test(typeof proxy)) throw new TypeError("neither a text nor a URL");
    // A page's own addresses may be relative, as its links are.
    url = new URL(proxy, globalThis.document?.baseURI ?? globalThis.location?.href);
  } catch (cause) {
    throw wrong("proxy", "expected the address of the signing proxy, such as `https://proxy.example/tasks`", cause);
  }
  if (!/^https?:$/.test(url.protocol)) throw wrong("proxy", `expected an http or https address, found one of \`${url.protocol}\``);
  if (url.username || url.password) throw wrong("proxy", "expected an address without a user; put the token into `headers`");
  if (url.search || url.hash) throw wrong("proxy", "expected an address without a query or a fragment: each call adds its own");
  return url.href.replace(/[?#]*$/, "").replace(/\/*$/, "/");
}

/**
 * The tasks of a list, a page at a time. `return` ends a request under way, which a generator could not: it would wait.
 *
 * @implements {AsyncIterableIterator<import("./index.d.ts").Task>}
 */
class Tasks {
  #connection;
  #list;
  /** @type {core.Walk | undefined} */ #walk;
  #signal;
  #page = [];
  #at = 0;
  #over = false;
  #stop = new AbortController();
  #turn = Promise.resolve();

  constructor(connection, list, signal) {
    this.#connection = connection;
    this.#list = list;
    this.#signal = signal;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** Each waits for the one before, as in a generator. */
  next() {
    const next = this.#turn.then(() => this.#next());
    this.#turn = next.then(() => {}, () => {});
    return next;
  }

  async return(value) {
    this.#end();
    this.#stop.abort();
    await this.#turn;
    return { done: true, value };
  }

  async throw(error) {
    await this.return();
    throw error;
  }

  async #next() {
    while (!this.#over && (this.#at === this.#page.length || this.#signal?.aborted)) {
      this.#at = 0;
      this.#page = [];
      try {
        const page = await this.#more();
        if (page === undefined) this.#end();
        else if (!this.#over) this.#page = page;
      } catch (error) {
        // Ended by `return`, whose caller wants no more of it.
        if (this.#over) break;
        this.#end();
        throw error;
      }
    }
    return this.#over ? { done: true, value: undefined } : { done: false, value: this.#page[this.#at++] };
  }

  #end() {
    this.#over = true;
    this.#page = [];
    // Not every platform would do so by itself.
    this.#walk?.free();
    this.#walk = undefined;
  }

  async #more() {
    const signal = signalOf(this.#signal) ?? this.#stop.signal;
    const follow = () => this.#stop.abort(signal.reason);
    if (signal.aborted) follow();
    signal.addEventListener("abort", follow);
    try {
      const walk = (this.#walk ??= ask(() => new core.Walk(this.#list)));
      const sending = ask(() => walk.next());
      if (sending === undefined) return undefined;
      const take = ({ status, headers, body }) => walk.take(sending.operation, status, headers, body);
      return await this.#connection.call(sending, this.#stop.signal, take);
    } finally {
      signal.removeEventListener("abort", follow);
    }
  }
}
