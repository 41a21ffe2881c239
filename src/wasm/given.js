// What the core asks of a value that it was given; given.rs says why.

const encoder = new TextEncoder();

/** Nothing, where it is left out; else the number of its kind in given.rs. */
export function kind(value) {
  if (value == null) return;
  switch (typeof value) {
    case "number": return 0;
    case "boolean": return 1;
    case "object": {
      try {
        // Every reply is one of these.
        if (value instanceof Uint8Array) return 4;
        if (value instanceof Date) return 2;
        if (Array.isArray(value)) return 3;
      } catch {}
      return 5;
    }
  }
  return 6;
}

/** A text in UTF-8. */
export function utf8(text) {
  if (typeof text === "string") return encoder.encode(text);
}

export function property(object, /** @type {string} */ name) {
  try {
    return object[name];
  } catch {}
}

export function header(/** @type {Headers} */ headers, /** @type {string} */ name) {
  try {
    return headers.get(name);
  } catch {}
}
