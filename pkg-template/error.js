// The one class every throw of this package is of.

export class TasklensError extends Error {
  /**
   * @param {string} code stable; branch on this
   * @param {string} message for people: the place first, then what was expected and what was found
   * @param {{ path?: string | null, line?: number | null, column?: number | null, fault?: object | null, task?: object | null,
   *   retryable?: boolean, cause?: unknown }} [details]
   */
  constructor(code, message, details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    for (const name of /** @type {const} */ (["path", "line", "column", "fault", "task"])) {
      if (details[name] != null) this[name] = details[name];
    }
    this.retryable = details.retryable ?? details.fault?.retryable ?? false;
  }

  // Minified, the class would be called something else in every log.
  static {
    Object.defineProperty(this, "name", { value: "TasklensError" });
  }
}

// On the prototype and not an own property, as `Error` has it: an error that is logged shows its name once.
Object.defineProperty(TasklensError.prototype, "name", { value: "TasklensError", configurable: true, writable: true });
