// What every entry of `tasklens/proxy` offers. Every decision is Rust's (src/proxy.rs): here is the I/O around it. Nothing of
// a request is written to any log.

import * as core from "./gate.js";
import { ours } from "./module.js";

let load = () => {};

/** Told by an entry that has the module. @param {WebAssembly.Module | BufferSource} module */
export function start(module) {
  core.initSync({ module: ours(module) });
}

/** Told by an entry that makes its module only when it is needed. */
export function onFirstUse(/** @type {() => void} */ make) {
  load = () => {
    make();
    load = () => {};
  };
}

/** @type {typeof import("./proxy.d.ts").createProxy} */
export function createProxy({ authorize, base = "/", now = Date.now, nonce = () => crypto.randomUUID(), fetch: send } = {}) {
  return {
    async fetch(request, env) {
      load();
      const arrived = performance.now();
      let unused; // A nonce is made for each request that is sent, not for each report.
      const clock = () => ({
        now: now(), elapsedMs: performance.now() - arrived, random: Math.random(), nonce: (unused ??= nonce()),
      });
      const exchange = new core.Exchange(parts(request), env, base, authorize !== undefined, clock());
      try {
        for (;;) {
          const step = exchange.step();
          switch (step.kind) {
            case "authorize": {
              const asked = async () => (await authorize(request, env)) === true;
              exchange.answered(await asked().catch(() => false), clock());
              break;
            }
            case "peek": {
              const { value } = await within(PEEK_MS, request.signal, (signal) => hasBytes(request.body, signal));
              exchange.answered(value ?? true, clock());
              break;
            }
            case "send": {
              unused = undefined;
              const use = (signal) => exchanged(send ?? fetch, step, signal);
              const { value, failure } = await within(step.timeoutMs, request.signal, use);
              if (value) exchange.replied(value.status, value.headers, value.body, clock());
              else exchange.failed(failure, clock());
              break;
            }
            case "wait":
              await new Promise((resolve) => setTimeout(resolve, step.delayMs));
              exchange.waited(clock());
              break;
            default:
              return new Response(step.body, { status: step.status, headers: step.headers });
          }
        }
      } finally {
        exchange.free();
      }
    },
  };
}

/** @type {typeof import("./proxy.d.ts").sign} */
export function sign({ method, host, path, query, headers, body = "", accessKeyId, accessKeySecret, securityToken, date, nonce }) {
  load();
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const [names, given] = [query.flat(), Object.entries(headers).flat()];
  const signed = core.sign(method, host, path, names, given, bytes, accessKeyId, accessKeySecret, securityToken, date, nonce);
  return { ...signed, headers: Object.fromEntries(signed.headers) };
}

/** How long a caller may take to show that its body is empty. */
const PEEK_MS = 1000;

/** What is thrown where an answer is too large. */
const OVERSIZE = Symbol();

/** @param {Request} request */
function parts({ method, url, headers, body }) {
  const { origin: ownOrigin, pathname: path, search: query } = new URL(url);
  const [origin, authorization, accept, contentLength] =
    ["origin", "authorization", "accept", "content-length"].map((name) => headers.get(name));
  return { method, ownOrigin, path, query, origin, authorization, accept, contentLength, hasBody: Boolean(body) };
}

/** One request to the API, its answer read whole. */
async function exchanged(send, { url, method, headers, mostBytes }, signal) {
  const reply = await send(url, { method, headers, redirect: "manual", signal });
  const chunks = [];
  let length = Number(reply.headers.get("content-length"));
  if (length <= mostBytes) length = 0;
  await read(reply.body, signal, (chunk) => {
    length += chunk.length;
    return length <= mostBytes && chunks.push(chunk);
  });
  if (length > mostBytes) throw OVERSIZE;
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return { status: reply.status, headers: Object.fromEntries(reply.headers), body };
}

async function hasBytes(body, signal) {
  let found = false;
  await read(body, signal, (chunk) => !(found = chunk.length > 0));
  return found;
}

/** Reads chunk by chunk for as long as `take` wants more; what is left is not read. */
async function read(/** @type {ReadableStream<Uint8Array> | null} */ body, signal, take) {
  if (!body) return;
  const reader = body.getReader();
  const cancel = () => reader.cancel().catch(() => {});
  signal.addEventListener("abort", cancel);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || !take(value)) return;
    }
  } finally {
    cancel();
  }
}

/** Does something that must end in time, and ends it when the caller leaves: `{ value }` or `{ failure }`. */
async function within(ms, /** @type {AbortSignal | undefined} */ caller, use) {
  const stop = new AbortController();
  let timer, leave;
  // Not every `fetch` ends when it is told to: whoever waits must not wait for it.
  const ended = new Promise((resolve) => {
    timer = setTimeout(() => resolve({ failure: "timeout" }), ms);
    leave = () => resolve({ failure: "aborted" });
    if (caller?.aborted) leave();
    caller?.addEventListener("abort", leave);
  });
  const used = use(stop.signal).then(
    (value) => ({ value }),
    (error) => ({ failure: error === OVERSIZE ? "oversize" : "network" }),
  );
  try {
    return await Promise.race([ended, used]);
  } finally {
    clearTimeout(timer);
    caller?.removeEventListener("abort", leave);
    stop.abort();
  }
}
