// The way to the signing proxy: one attempt, and a call with its retries. What is sent, what an answer means and how long is
// waited is Rust's (src/wasm/client.rs): here is the I/O around it.

import * as core from "./core.js";
import { ask } from "./bridge.js";
import { TasklensError } from "./error.js";

/** @typedef {{ method: string, path: string, operation: number, again: boolean, xml: boolean }} Sending what Rust wants sent; `again`: more
 *   than once, if need be; `xml`: the API can answer so */
/** @typedef {{ status: number, headers: Headers, body: Uint8Array }} Answer */
/** @typedef {Pick<AbortSignal, "aborted" | "reason" | "addEventListener" | "removeEventListener">} Signal */
/** @typedef {{ answer?: Answer, error?: TasklensError, hint?: number }} Outcome an answer of the API, or why there is none */

export class Connection {
  #base;
  #patience;
  #fetch;
  #headers;
  #wantsXml;

  /** @param {string} base ends in a slash */
  constructor(base, options) {
    this.#base = base;
    this.#patience = ask(() => core.patienceOf(options));
    const { fetch, headers, format } = options;
    if (fetch != null && typeof fetch !== "function") throw wrong("fetch", "expected a function");
    this.#fetch = fetch;
    this.#headers = typeof headers === "function" ? headers : headersOf(headers ?? {});
    if (!["json", "xml"].includes(format ?? "json")) throw wrong("format", "expected `json` or `xml`");
    this.#wantsXml = format === "xml";
  }

  /**
   * A call, tried again where that is safe.
   *
   * @template T
   * @param {Sending} sending
   * @param {Signal | undefined} signal
   * @param {(answer: Answer) => T} read throws what the core does where the answer is a refusal
   */
  async call(sending, signal, read) {
    const { retry } = this.#patience;
    for (let nth = 1; ; nth++) {
      let { answer, error, hint = NaN } = await this.attempt(sending, signal);
      if (answer) {
        try {
          return ask(() => read(answer));
        } catch (refusal) {
          error = refusal;
          hint = hintOf(answer);
        }
      }
      if (!sending.again || !error.retryable || nth > retry.attempts) throw error;
      const delay = core.retryDelay(retry, nth, Math.random(), hint);
      await new Promise((resolve, reject) => alarm(delay, signal, (error) => (error ? reject(error) : resolve())));
    }
  }

  /**
   * One try. A promise that never rejects; by its end nothing is left behind, also with a `fetch` that heeds no signal.
   *
   * @param {Sending} sending
   * @param {Signal | undefined} signal
   * @returns {Promise<Outcome>}
   */
  attempt(sending, signal) {
    if (signal?.aborted) return Promise.resolve({ error: aborted(signal) });
    return new Promise((resolve) => {
      const stop = new AbortController();
      const fail = (cause) => {
        off();
        resolve({ error: cause instanceof TasklensError ? cause : this.#noAnswer(cause) });
        stop.abort();
      };
      const { timeoutMs } = this.#patience;
      const off = alarm(timeoutMs, signal, (error) => fail(error ?? failure("timeout", `no whole answer within ${timeoutMs} ms`)));
      // To abort even a request that is done would cost more than reading a small reply: an exception with its stack.
      const succeed = (/** @type {Answer} */ answer) => {
        off();
        resolve(isProblem(answer) ? { error: refused(answer), hint: hintOf(answer) } : { answer });
      };
      this.#exchange(sending, stop.signal).then(succeed).catch(fail);
    });
  }

  /** A request and its answer, read whole. @param {Sending} sending @returns {Promise<Answer>} */
  async #exchange({ method, path, xml }, signal) {
    const given = typeof this.#headers === "function" ? await asked(this.#headers) : this.#headers;
    // A copy, so that nothing a caller sees is ours to change.
    const asking = new Headers(given);
    asking.set("accept", this.#wantsXml && xml ? "application/xml" : "application/json");
    // Where a redirect leads, the caller's headers have no business.
    /** @type {RequestInit} */ const init = { method, headers: asking, signal, redirect: "manual" };
    // Workers of before 2024-11 throw where a request names its cache.
    if ("cache" in (globalThis.Request?.prototype ?? {})) init.cache = "no-store";
    // The platform's is looked up now: a page may have put its own there meanwhile.
    const send = this.#fetch ?? globalThis.fetch;
    if (typeof send !== "function") throw wrong("fetch", "this platform has no `fetch`; give one");
    const response = await send(this.#base + path, init);
    if (typeof response !== "object" || response === null) throw this.#noAnswer(response);
    const { status, headers = new Headers() } = response;
    // Browsers hide a redirect behind the status 0.
    if (status === 0 || (status >= 300 && status < 400)) {
      throw failure("proxy", "the proxy answered with a redirect; give `connect` the address that it leads to", status);
    }
    this.#bound(Number(headers.get("content-length")));
    const body = new Uint8Array(await response.arrayBuffer());
    this.#bound(body.length);
    return { status, headers, body };
  }

  /** What kept the answer from coming. */
  #noAnswer(cause) {
    const check = "check the address, that the proxy runs, that it allows this page's origin (CORS), and that this machine is online";
    return failure("network", `no answer from ${this.#base}; ${check}`, undefined, cause);
  }

  #bound(/** @type {number} */ length) {
    const { mostBytes } = this.#patience;
    if (length > mostBytes) throw failure("limit", `the answer is over ${mostBytes} bytes`);
  }
}

/** The caller's signal, if there is one. @returns {AbortSignal | undefined} */
export function signalOf(signal) {
  // Not by its class: every realm and every polyfill has one of its own.
  if (signal != null && typeof signal.addEventListener !== "function") throw wrong("signal", "expected an AbortSignal");
  return signal ?? undefined;
}

export function aborted(/** @type {Signal} */ signal) {
  return new TasklensError("aborted", "aborted by the caller's signal", { cause: signal.reason });
}

export function wrong(/** @type {string} */ path, /** @type {string} */ detail, cause) {
  return new TasklensError("request", `\`${path}\`: ${detail}`, { path, cause });
}

/** @param {number} [status] of the proxy */
function failure(/** @type {string} */ code, /** @type {string} */ detail, status = 0, cause) {
  return new TasklensError(code, detail, { retryable: core.isRetryable(code, status), cause });
}

/** Rings once, when the time is over or, with an error, when the signal comes before that; what it returns turns it off. */
function alarm(/** @type {number} */ ms, signal, /** @type {(error?: TasklensError) => void} */ ring) {
  const off = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
  };
  const leave = () => {
    off();
    ring(aborted(signal));
  };
  const timer = setTimeout(() => {
    off();
    ring();
  }, ms);
  if (signal?.aborted) leave();
  else signal?.addEventListener("abort", leave);
  return off;
}

/** What the caller's function gives, asked before each attempt: tokens expire. */
async function asked(ask) {
  let given;
  try {
    given = await ask();
  } catch (cause) {
    throw wrong("headers", "the function that gives them failed", cause);
  }
  return headersOf(given);
}

function headersOf(given) {
  if (typeof given !== "object" || given === null || Array.isArray(given)) throw wrong("headers", "expected an object");
  try {
    return new Headers(given);
  } catch (cause) {
    // What cannot be one is quoted by the platform, not by us: it may be a secret.
    throw wrong("headers", "expected names and values of headers", cause);
  }
}

function hintOf(/** @type {Answer} */ { headers }) {
  return core.hintOf(headers, Date.now());
}

/** Did the proxy itself refuse (RFC 9457)? */
function isProblem(/** @type {Answer} */ { headers }) {
  return /^\s*application\/problem\+json\s*(;|$)/i.test(headers.get("content-type") ?? "");
}

function refused(/** @type {Answer} */ { status, body }) {
  let document;
  try {
    document = JSON.parse(new TextDecoder().decode(body));
  } catch {}
  const text = (value) => typeof value === "string" && value;
  const detail = text(document?.detail) || text(document?.title) || `the proxy refused: HTTP ${status}`;
  return failure("proxy", detail, status, document);
}
