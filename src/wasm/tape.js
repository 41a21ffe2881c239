// Words and text → plain objects: the other half of tape.rs, which says how they are written.

/** @type {Uint32Array} */ let words;
let text = "";
/** @type {string[]} */ let short;
let word = 0;
let unit = 0;

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

// Evaluated in the order of the fields, which is the order of the tape.
const shapes = [
  () => ({
    api: value(), id: value(), action: value(), status: value(), rawStatus: value(), terminal: value(),
    progress: value(), cancellable: value(), createdAt: value(), startedAt: value(), finishedAt: value(),
    expiresAt: value(), timePrecisionMs: value(), counts: value(), subTasks: value(), error: value(),
    resource: value(), regionId: value(), name: value(), description: value(), priority: value(),
    detail: value(), result: value(), extra: value(),
  }),
  () => ({ fraction: value(), origin: value() }),
  () => ({ status: value(), rawStatus: value(), error: value(), related: value() }),
  () => ({ code: value(), message: value(), cause: value() }),
  () => ({ name: value(), value: value() }),
  () => ({ id: value(), type: value(), product: value(), paths: value() }),
  () => ({ total: value(), succeeded: value(), failed: value() }),
  () => ({ requestId: value(), code: value(), message: value() }),
  () => ({ code: value(), path: value(), message: value(), line: value(), column: value() }),
];

function cut(/** @type {number} */ length) {
  return text.substring(unit, (unit += length));
}

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
    default: return shapes[number]();
  }
}

/** Makes the value that `written` and `characters` describe. */
export function unwind(/** @type {Uint32Array} */ written, /** @type {string} */ characters) {
  words = written;
  text = characters;
  short = [];
  word = unit = 0;
  return value();
}
