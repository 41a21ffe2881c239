// Words and text → plain objects: the other half of tape.rs, which says how they are written.

/** @type {Uint32Array} */ let words;
let characters = "";
/** @type {string[]} */ let short;
/** @type {any[]} */ let rows;
let word = 0;
let unit = 0;

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

// In the order of the variants in Rust.
const APIS = ["ecs", "bdrc", "cloudcontrol"];
const STATUSES = ["queued", "running", "paused", "cancelling", "succeeded", "partial", "failed", "cancelled", "expired", "unknown"];
const ORIGINS = ["reported", "counted", "status", "none"];
const PARTS = ["running", "succeeded", "failed", "unknown"];
const KINDS = ["throttled", "transient", "not-found", "denied", "credentials", "clock", "invalid", "conflict", "other"];

/** @returns {any} */
function value() {
  const next = words[word++];
  const number = next >>> 4;
  switch (next & 15) {
    case 0: return null;
    case 1: return false;
    case 2: return true;
    case 3: return number;
    case 4: {
      halves[0] = words[word++];
      halves[1] = words[word++];
      return double[0];
    }
    case 5: return cut(number);
    case 6: return Number(cut(number));
    case 7: return short[short.push(cut(number)) - 1];
    case 8: return short[number];
    case 9: {
      const list = new Array(number);
      for (let i = 0; i < number; i++) list[i] = value();
      return list;
    }
    case 10: {
      /** @type {Record<string, unknown>} */ const map = {};
      for (let i = 0; i < number; i++) {
        const name = value();
        // Assigned, `__proto__` would set the prototype instead of a property.
        if (name === "__proto__") {
          Object.defineProperty(map, name, { value: value(), enumerable: true, configurable: true, writable: true });
        } else map[name] = value();
      }
      return map;
    }
    case 11: return task();
    case 12: return rows;
    default: return shape(number);
  }
}

function cut(/** @type {number} */ length) {
  return characters.substring(unit, (unit += length));
}

/** A value that is a text or null, by a shorter way. */
function text() {
  const next = words[word++];
  const number = next >>> 4;
  switch (next & 15) {
    case 5: return cut(number);
    case 7: return short[short.push(cut(number)) - 1];
    case 8: return short[number];
    default: return null;
  }
}

function moment() {
  return words[word++] + (words[word++] | 0) * 2 ** 32;
}

// The fields are evaluated in their order, which is the order of the tape; here and below.
function task() {
  const head = words[word++];
  return {
    api: APIS[head & 3],
    id: text(),
    action: text(),
    status: STATUSES[(head >> 2) & 15],
    rawStatus: text(),
    terminal: (head & 0x100) !== 0,
    progress: { fraction: head & 0x800 ? words[word++] / 10000 : null, origin: ORIGINS[(head >> 6) & 3] },
    cancellable: head & 0x200 ? (head & 0x400) !== 0 : null,
    createdAt: head & 0x1000 ? moment() : null,
    startedAt: head & 0x2000 ? moment() : null,
    finishedAt: head & 0x4000 ? moment() : null,
    expiresAt: head & 0x8000 ? moment() : null,
    timePrecisionMs: words[word++],
    counts: head & 0x10000 ? value() : null,
    subTasks: head & 0x20000 ? value() : [],
    error: head & 0x40000 ? value() : null,
    resource: head & 0x80000 ? resource(head) : null,
    regionId: text(),
    name: head & 0x200000 ? text() : null,
    description: head & 0x400000 ? text() : null,
    priority: head & 0x800000 ? text() : null,
    detail: head & 0x1000000 ? value() : null,
    result: head & 0x2000000 ? value() : null,
    extra: head & 0x4000000 ? value() : {},
  };
}

function resource(/** @type {number} */ head) {
  return head & 0x100000
    ? { id: text(), type: text(), product: text(), paths: value() }
    : { id: text(), type: null, product: null, paths: [] };
}

function shape(/** @type {number} */ index) {
  switch (index) {
    case 0: return { kind: "task", api: APIS[words[word++]], task: value(), requestId: text(), findings: value() };
    case 1: return {
      kind: "tasks", api: APIS[words[word++]], tasks: value(), offset: value(), summary: value(), page: value(),
      requestId: text(), findings: value(),
    };
    case 2: return {
      kind: "started", id: text(), groupId: text(), subTasks: value(), extra: value(), requestId: text(), findings: value(),
    };
    case 3: return { kind: "accepted", extra: value(), requestId: text(), findings: value() };
    case 4: return { kind: "fault", fault: value(), requestId: text(), findings: value() };
    case 5: return { status: PARTS[words[word++]], rawStatus: text(), error: value(), related: value() };
    case 6: return { code: text(), message: text(), cause: value() };
    case 7: return { requestId: text(), code: text(), message: text() };
    case 8: return { name: text(), value: text() };
    case 9: return { total: value(), succeeded: value(), failed: value() };
    case 10: return { code: text(), path: text(), message: text(), line: value(), column: value() };
    case 11: return { total: value(), byStatus: value(), terminal: value(), progress: value() };
    case 12: return { fraction: value(), known: value() };
    case 13: return { number: value(), size: value(), total: value(), nextToken: text() };
    case 14: return {
      code: text(), message: text(), requestId: text(), hostId: text(), recommend: text(), status: value(),
      kind: KINDS[words[word++]], retryable: value(), accessDenied: value(),
    };
    case 15: return {
      code: text(), message: text(), path: text(), line: value(), column: value(), fault: value(), retryable: value(),
    };
    case 16: return { method: text(), host: text(), path: text(), query: value(), headers: value() };
    case 17: return { method: text(), path: text(), operation: words[word++], again: value(), xml: value() };
    case 18: return { id: value(), sending: value() };
    case 19: {
      const api = APIS[words[word++]];
      const regionId = text();
      return regionId === null ? { api, id: text() } : { api, regionId, id: text() };
    }
    case 20: return { remainingMs: value(), finishAt: value(), confidence: value(), earliestAt: value(), latestAt: value() };
    case 21: return {
      timeoutMs: value(), mostBytes: value(),
      retry: { attempts: value(), initialMs: value(), factor: value(), capMs: value(), jitter: text() },
    };
    // `watch.js` fills in what it knows: references for numbers, the task as last seen.
    case 22: return { type: "update", ref: value(), task: value(), previous: null, estimate: value() };
    case 23: return { type: "end", ref: value(), task: value() };
    case 24: return { type: "gone", ref: value(), last: null };
    case 25: return { type: "retry", refs: value(), error: value(), delayMs: value() };
    default: return { type: "error", refs: value(), error: value() };
  }
}

/**
 * Makes the tasks and the value that `written` and `text` describe; the tasks go behind those in `before`.
 *
 * @param {Uint32Array} written
 * @param {string} pool
 * @param {number} count
 * @param {any[] | undefined} before
 */
export function unwind(written, pool, count, before) {
  words = written;
  characters = pool;
  short = [];
  word = unit = 0;
  rows = before ?? [];
  for (let i = 0; i < count; i++) rows.push(task());
  const made = value();
  // Whoever throws it away is rid of it.
  rows = short = [];
  characters = "";
  return made;
}
