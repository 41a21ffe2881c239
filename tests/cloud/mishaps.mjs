// @ts-check
// What goes wrong by order: a fault instead of an answer, an answer that is none, or one that never comes whole.
// Timers are here, at the edge, and nowhere else.
import { Fault } from "./envelope.mjs";

/**
 * @typedef {object} Mishap
 * @property {keyof typeof FAULTS | keyof typeof BODIES | keyof typeof DELIVERIES} kind
 * @property {number} [status] of HTTP, instead of the usual one
 * @property {string} [code] `fault`
 * @property {string} [message] `fault`
 * @property {number} [retryAfterMs] the gateway's own x-acs-retry-after, milliseconds
 * @property {number | Date} [retryAfter] HTTP's Retry-After, seconds or a date
 * @property {string} [location] `redirect`
 * @property {string} [type] `type`: the content type
 * @property {number} [bytes] `oversize`: length of the body; `cut`: how many bytes of it come
 * @property {number} [pieces] `slow`: in how many the body comes
 * @property {number} [everyMs] `slow`: one piece
 */

/** A mishap, or only its kind. @typedef {Mishap | Mishap["kind"]} With */

/** The API refuses. @satisfies {Record<string, (mishap: Mishap) => Fault>} */
const FAULTS = {
  /** Too many calls: HTTP 400 in the documents, 429 seen in newer outputs. */
  throttle: (mishap) => refuse(mishap, 400, "Throttling.User", "Request was denied due to user flow control."),
  unavailable: (mishap) => refuse(mishap, 503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server."),
  internal: (mishap) => refuse(mishap, 500, "InternalError", "The request processing has failed due to some unknown error, exception or failure."),
  /** The key may not do this. */
  denied: (mishap) => refuse(mishap, 403, "Forbidden.RAM", "User not authorized to operate on the specified resource, or this API doesn't support RAM.", { AccessDeniedDetail: { NoPermissionType: "ImplicitDeny", PolicyType: "AccountLevelIdentityBasedPolicy", AuthPrincipalType: "SubUser" } }),
  /** Any other: give `code`, `message` and `status`. */
  fault: (mishap) => refuse(mishap, 400, "UnknownError", "The request processing has failed due to some unknown error."),
};

/** What comes is not the answer. @satisfies {Record<string, (reply: Reply, mishap: Mishap) => Reply>} */
const BODIES = {
  /** A load balancer speaks instead of the API. */
  html: (_, { status = 502 }) => of(status, "text/html", "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"),
  /** Whoever follows this takes the signature along. */
  redirect: (_, { status = 302, location = "http://127.0.0.1:9/" }) => ({ ...of(status, "text/plain", ""), headers: { location } }),
  /** A readable reply, but for its length. */
  oversize: (reply, { bytes = 9 << 20 }) => ({ ...reply, body: Buffer.concat([reply.body, Buffer.alloc(Math.max(0, bytes - reply.body.length), " ")]) }),
  /** The right body under the wrong name. */
  type: (reply, { type = "text/plain" }) => ({ ...reply, headers: { ...reply.headers, "content-type": type } }),
  /** Half of the text, and the length says so: nothing but the reading can find out. */
  damaged: (reply) => ({ ...reply, body: reply.body.subarray(0, reply.body.length >> 1) }),
  empty: (reply, { status = reply.status }) => of(status, "application/json;charset=utf-8", ""),
};

/** The answer does not come, or not whole, or late. @satisfies {Record<string, (response: Response, reply: Reply, mishap: Mishap) => void>} */
const DELIVERIES = {
  /** Takes the request and says nothing. */
  hang(_response, _reply, _mishap) {},
  /** The connection breaks before an answer. */
  reset: (response, _reply, _mishap) => void response.socket?.resetAndDestroy(),
  /** The connection breaks in the middle of the body. */
  cut(response, reply, { bytes = reply.body.length >> 1 }) {
    response.writeHead(reply.status, { ...reply.headers, "content-length": reply.body.length });
    response.write(reply.body.subarray(0, bytes), () => response.socket?.destroy());
  },
  /** The headers at once, the body in pieces. */
  slow(response, reply, { pieces = 10, everyMs = 50 }) {
    response.writeHead(reply.status, { ...reply.headers, "content-length": reply.body.length });
    response.flushHeaders();
    const size = Math.ceil(reply.body.length / pieces) || 1;
    let sent = 0;
    const timer = setInterval(() => {
      response.write(reply.body.subarray(sent, sent += size));
      if (sent >= reply.body.length) response.end();
    }, everyMs);
    response.once("close", () => clearInterval(timer));
  },
};

/** @typedef {import("./envelope.mjs").Reply} Reply */
/** @typedef {import("node:http").ServerResponse} Response */

/** @param {With} what @returns {Mishap} */
export const toMishap = (what) => (typeof what === "string" ? { kind: what } : what);

/** The fault that a mishap is, if it is one. @param {Mishap | null} mishap */
export const faultOf = (mishap) => (mishap && own(FAULTS, mishap.kind)?.(mishap)) || null;

/** @param {Mishap | null} mishap @param {Reply} reply @returns {Reply} */
export const distort = (mishap, reply) => (mishap && own(BODIES, mishap.kind)?.(reply, mishap)) || reply;

/** @param {Mishap | null} mishap @param {Response} response @param {Reply} reply */
export function deliver(mishap, response, reply) {
  const way = mishap && own(DELIVERIES, mishap.kind);
  if (mishap && way) return way(response, reply, mishap);
  response.writeHead(reply.status, { ...reply.headers, "content-length": reply.body.length });
  response.end(reply.body);
}

/** @template T @param {Record<string, T>} table @param {string} name @returns {T | null} */
const own = (table, name) => (Object.hasOwn(table, name) ? table[name] : null);

/** @param {number} status @param {string} type @param {string} text @returns {Reply} */
const of = (status, type, text) => ({ status, headers: { "content-type": type }, body: Buffer.from(text) });

/** @param {Mishap} mishap @param {number} status @param {string} code @param {string} message @param {Record<string, unknown>} [fields] */
function refuse(mishap, status, code, message, fields) {
  return new Fault(mishap.status ?? status, mishap.code ?? code, mishap.message ?? message, { headers: hints(mishap), fields });
}

/** @param {Mishap} mishap @returns {Record<string, string>} */
function hints({ retryAfterMs, retryAfter }) {
  return {
    ...(retryAfterMs === undefined ? {} : { "x-acs-retry-after": String(retryAfterMs) }),
    ...(retryAfter === undefined ? {} : { "retry-after": retryAfter instanceof Date ? retryAfter.toUTCString() : String(retryAfter) }),
  };
}
