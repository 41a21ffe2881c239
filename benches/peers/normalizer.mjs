// What a careful engineer writes without us: JSON.parse, then checks and one model. `tests/package/bench.test.mjs` proves that
// it gives what `parse` gives. It knows ECS's two replies alone, and its findings have no lines: JSON.parse tells none.

export const STATUS = new Map([
  ["Finished", "succeeded"], ["Processing", "running"], ["Failed", "failed"], ["Waiting", "queued"], ["Pending", "queued"],
  ["Paused", "paused"], ["Deleted", "cancelled"], ["Cancelled", "cancelled"], ["Canceled", "cancelled"],
]);
export const PART_STATUS = new Map([["Processing", "running"], ["Success", "succeeded"], ["Failed", "failed"]]);
export const TERMINAL = new Set(["succeeded", "partial", "failed", "cancelled", "expired"]);
const ACTIONS = new Map(
  ["ImportImage", "ExportImage", "RedeployInstance", "ModifyDiskSpec", "ArchiveSnapshot"].map((name) => [name.toLowerCase(), name]),
);
const SPELLED = new Set(ACTIONS.values());

/** Fields that have a property of the model, and documented ones that have none. */
export const TASK = new Set([
  "TaskId", "TaskStatus", "TaskAction", "TaskProcess", "SupportCancel", "CreationTime", "FinishedTime", "ResourceId", "RegionId",
  "TotalCount", "SuccessCount", "FailedCount", "OperationProgressSet",
]);
export const ROOT = new Set([...TASK, "RequestId"]);
/** Without a total they are in no `counts`. */
const PARTS = new Set(["SuccessCount", "FailedCount"]);
const LIST = new Set(["RequestId", "RegionId", "PageNumber", "PageSize", "TotalCount", "TaskSet"]);
const PART = new Set(["OperationStatus", "ErrorCode", "ErrorMsg", "RelatedItemSet"]);
const ITEM = new Set(["Name", "Value"]);
export const UNMODELLED = new Set(["Source", "FailedReason", "TaskGroupId", "ResourceIds"]);

const decoder = new TextDecoder("utf-8", { fatal: true });

/** @returns the text of a body; not UTF-8 throws */
export function decode(body) {
  return typeof body === "string" ? body : decoder.decode(body);
}

export function parse(body) {
  return normalize(JSON.parse(decode(body)), false);
}

/** One reply → the model. In XML one item and a list of one look alike, and there is always a root around. */
export function normalize(root, isXml) {
  if (typeof root !== "object" || root === null) throw new Error("unrecognized");
  const reader = new Reader(isXml);
  if (root.TaskSet !== undefined) return reader.tasks(root);
  if (root.TaskStatus !== undefined) {
    const requestId = reader.text(root, "RequestId");
    const task = reader.task(root, reader.text(root, "RegionId"), ROOT);
    return { kind: "task", api: "ecs", task, requestId, findings: reader.findings };
  }
  throw new Error("unrecognized");
}

class Reader {
  findings = [];
  /** Names and numbers that lead to the object at hand. */
  path = [];
  /** Fields of parts without an `extra` of their own, by their path from the task. */
  nested = null;
  /** Names of fields that were of the wrong kind: they are kept, too. */
  rejected = null;

  constructor(isXml) {
    this.isXml = isXml;
  }

  tasks(root) {
    const requestId = this.text(root, "RequestId");
    const regionId = this.text(root, "RegionId");
    const page = {
      number: this.integer(root, "PageNumber"), size: this.integer(root, "PageSize"), total: this.integer(root, "TotalCount"),
      nextToken: null,
    };
    for (const name in root) if (!LIST.has(name)) this.unknown(root, name);
    let set = root.TaskSet;
    // The pages of 2019 to 2021 print an array of one object.
    if (Array.isArray(set) && set.length === 1) set = set[0];
    const raw = this.list(set, "TaskSet", "Task");
    if (raw === null) throw new Error("invalid: $.TaskSet");
    this.path.push("TaskSet", "Task", 0);
    const tasks = new Array(raw.length);
    for (let i = 0; i < raw.length; i++) {
      this.path[2] = i;
      const item = raw[i];
      if (typeof item !== "object" || item === null) throw new Error(`invalid: ${this.where()}`);
      tasks[i] = this.task(item, this.text(item, "RegionId") ?? regionId, TASK);
    }
    return { kind: "tasks", api: "ecs", tasks, offset: 0, summary: summarize(tasks), page, requestId, findings: this.findings };
  }

  task(raw, regionId, known) {
    const id = this.required(raw, "TaskId");
    const rawStatus = this.required(raw, "TaskStatus");
    let status = STATUS.get(rawStatus);
    if (status === undefined) {
      status = "unknown";
      this.report("unknown-status", "TaskStatus", `\`${rawStatus}\` is no documented status`);
    }
    const action = this.text(raw, "TaskAction");
    const percent = this.percent(raw);
    const total = this.integer(raw, "TotalCount");
    const succeeded = this.integer(raw, "SuccessCount") ?? 0;
    const failed = this.integer(raw, "FailedCount") ?? 0;
    const created = this.time(raw, "CreationTime");
    const finished = this.time(raw, "FinishedTime");
    const cancellable = this.boolean(raw, "SupportCancel");
    const resource = this.text(raw, "ResourceId");
    const subTasks = this.subTasks(raw);
    if (status === "succeeded") status = end(total, succeeded, failed, subTasks, percent);
    const terminal = TERMINAL.has(status);
    const extra = {};
    for (const name in raw) {
      if (known.has(name) && (total !== null || !PARTS.has(name)) && !this.rejected?.has(name)) continue;
      if (raw[name] === null && known.has(name)) continue;
      extra[name] = raw[name];
      if (!known.has(name) && !UNMODELLED.has(name)) this.unknown(raw, name);
    }
    if (this.nested !== null) {
      Object.assign(extra, this.nested);
      this.nested = null;
    }
    this.rejected = null;
    return {
      api: "ecs",
      id,
      action: action === null ? null : spelled(action),
      status,
      rawStatus,
      terminal,
      progress: progress(status, percent, total, succeeded + failed, subTasks),
      cancellable: terminal ? false : cancellable,
      createdAt: created,
      startedAt: null,
      finishedAt: finished,
      expiresAt: null,
      timePrecisionMs: precision(created, raw.CreationTime, finished, raw.FinishedTime),
      counts: total === null ? null : { total, succeeded, failed },
      subTasks,
      error: null,
      resource: resource === null ? null : { id: resource, type: null, product: null, paths: [] },
      regionId,
      name: null,
      description: null,
      priority: null,
      detail: null,
      result: null,
      extra,
    };
  }

  subTasks(raw) {
    const set = raw.OperationProgressSet;
    if (set === undefined || set === null) return [];
    const items = this.list(set, "OperationProgressSet", "OperationProgress");
    if (items === null) {
      this.wrong("OperationProgressSet", "an object that holds a list");
      return [];
    }
    this.path.push("OperationProgressSet", "OperationProgress", 0);
    const parts = items.map((item, index) => {
      this.path[this.path.length - 1] = index;
      return this.subTask(typeof item === "object" && item !== null ? item : {});
    });
    this.path.length -= 3;
    return parts;
  }

  subTask(raw) {
    const rawStatus = this.text(raw, "OperationStatus");
    const status = rawStatus === null ? "unknown" : PART_STATUS.get(rawStatus) ?? "unknown";
    if (status === "unknown" && rawStatus !== null) {
      this.report("unknown-status", "OperationStatus", `\`${rawStatus}\` is no documented status`);
    }
    const code = this.text(raw, "ErrorCode");
    const message = this.string(raw, "ErrorMsg") || null;
    const hasError = code !== null || message !== null;
    if (hasError && status !== "failed") {
      this.report("error-without-failure", code !== null ? "ErrorCode" : "ErrorMsg", `an error beside the status \`${rawStatus}\``);
    }
    const items = raw.RelatedItemSet == null ? [] : this.list(raw.RelatedItemSet, "RelatedItemSet", "RelatedItem");
    if (items === null) this.wrong("RelatedItemSet", "an object that holds a list");
    this.path.push("RelatedItemSet", "RelatedItem", 0);
    const related = (items ?? []).map((item, index) => {
      this.path[this.path.length - 1] = index;
      this.keepRest(item, ITEM);
      return { name: this.string(item, "Name") ?? "", value: this.string(item, "Value") ?? "" };
    });
    this.path.length -= 3;
    this.keepRest(raw, PART);
    return { status, rawStatus, error: hasError ? { code, message: message ?? "", cause: null } : null, related };
  }

  /** The items of `set[name]`, the field of that name; `null` where there is no list. */
  list(set, field, name) {
    if (set === null || set === "" || (this.isXml && typeof set === "string" && set.trim() === "")) return [];
    if (typeof set !== "object") return null;
    for (const other in set) {
      if (other === name) continue;
      this.path.push(field);
      this.keep(set, other);
      this.path.pop();
    }
    const items = set[name];
    if (Array.isArray(items)) return items;
    if (items === undefined || items === null) return [];
    if (!this.isXml) this.report("unexpected-shape", name, "expected an array, found a single item");
    return [items];
  }

  string(raw, name) {
    const value = raw[name];
    if (typeof value === "string") return value;
    if (value !== undefined && value !== null) this.wrong(name, "a string");
    return null;
  }

  text(raw, name) {
    const value = raw[name];
    if (typeof value === "string") return value.trim() || null;
    if (value !== undefined && value !== null) this.wrong(name, "a string");
    return null;
  }

  required(raw, name) {
    const value = raw[name];
    const text = typeof value === "string" ? value.trim() : "";
    if (text === "") throw new Error(`invalid: ${this.where(name)}: expected a string`);
    return text;
  }

  integer(raw, name) {
    const value = raw[name];
    if (value === undefined || value === null || value === "") return null;
    const number = typeof value === "string" && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
    if (Number.isInteger(number) && number >= 0) return number;
    this.wrong(name, "an integer from 0");
    return null;
  }

  boolean(raw, name) {
    const value = raw[name];
    if (value === undefined || value === null || value === "") return null;
    if (value === true || value === "true") return true;
    if (value === false || value === "false") return false;
    const word = typeof value === "string" ? value.trim().toLowerCase() : null;
    if (word === "true" || word === "false") return word === "true";
    this.wrong(name, "true or false");
    return null;
  }

  time(raw, name) {
    const value = raw[name];
    if (value === undefined || value === null || value === "" || value === "0" || value === 0) return null;
    const moment = typeof value === "string" ? readTime(value.trim()) : null;
    if (moment === null) {
      const isText = typeof value === "string" || typeof value === "number";
      this.reject(isText ? "bad-time" : "wrong-kind", name, "expected a UTC time such as `2015-11-23T02:13Z`");
    }
    return moment;
  }

  /** TaskProcess as a number from 0 to 100. */
  percent(raw) {
    const value = raw.TaskProcess;
    if (value === undefined || value === null || value === "") return null;
    const digits = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim().replace(/%$/, "").trim() : "";
    if (!/^-?\d+(\.\d+)?$/.test(digits)) {
      this.wrong("TaskProcess", "a percentage such as `64%`");
      return null;
    }
    const percent = Math.min(100, Math.max(0, Number(digits)));
    if (percent !== Number(digits)) this.report("progress-out-of-range", "TaskProcess", `expected 0 % to 100 %, found ${digits}`);
    return percent;
  }

  keepRest(raw, known) {
    for (const name in raw) if (!known.has(name)) this.keep(raw, name);
  }

  /** For the `extra` of the task, by its path from there: a task in a list stands three steps down, and what is above has no room. */
  keep(raw, name) {
    this.unknown(raw, name);
    const above = this.path[0] === "TaskSet" ? 3 : 0;
    if (this.path.length < above) return;
    this.nested ??= {};
    this.nested[join([...this.path.slice(above), name])] = raw[name];
  }

  unknown(raw, name) {
    this.report("unknown-field", name, `no documentation names \`${name}\`; found ${JSON.stringify(raw[name])}`);
  }

  wrong(name, expected) {
    this.reject("wrong-kind", name, `expected ${expected}`);
  }

  reject(code, name, message) {
    this.report(code, name, message);
    (this.rejected ??= new Set()).add(name);
  }

  report(code, name, message) {
    this.findings.push({ code, path: this.where(name), message, line: null, column: null });
  }

  where(...more) {
    return `$.${join([...this.path, ...more])}`;
  }
}

function join(steps) {
  return steps.map((step, i) => (typeof step === "number" ? `[${step}]` : i === 0 ? step : `.${step}`)).join("");
}

/** What `Finished` means: ECS says it also of a task whose parts failed. */
export function end(total, succeeded, failed, subTasks, percent) {
  if (failed > 0 && succeeded === 0 && total !== null && failed >= total) return "failed";
  if (failed > 0 || subTasks.some(({ status }) => status === "failed") || (percent !== null && percent !== 100)) return "partial";
  return "succeeded";
}

export function progress(status, percent, total, settled, subTasks) {
  if (status === "succeeded") return { fraction: 1, origin: percent === null ? "status" : "reported" };
  if (percent !== null) return { fraction: Math.round(percent * 100) / 10000, origin: "reported" };
  if (total !== null && total > 0) return counted(settled, total);
  if (subTasks.length === 0) return { fraction: null, origin: "none" };
  return counted(subTasks.filter(({ status }) => status === "succeeded" || status === "failed").length, subTasks.length);
}

function counted(part, whole) {
  return { fraction: Math.round((Math.min(part, whole) / whole) * 10000) / 10000, origin: "counted" };
}

export function spelled(action) {
  return SPELLED.has(action) ? action : ACTIONS.get(action.replaceAll("_", "").toLowerCase()) ?? action;
}

/** That of the vaguer of two moments; minutes where there is none. */
export function precision(created, createdText, finished, finishedText) {
  const toSeconds = (text) => text.trim()[16] === ":";
  if (created === null && finished === null) return 60000;
  return (created === null || toSeconds(createdText)) && (finished === null || toSeconds(finishedText)) ? 1000 : 60000;
}

const ODD = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:Z|([+-])(\d\d):?(\d\d))$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** `yyyy-MM-ddTHH:mmZ` → milliseconds; every other form by the regular expression. `null` for an impossible date. */
export function readTime(text) {
  if (
    text.length === 17 && text[4] === "-" && text[7] === "-" && text[10] === "T" && text[13] === ":" && text[16] === "Z"
  ) {
    return moment(two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8), two(text, 11), two(text, 14), 0, 0);
  }
  const found = ODD.exec(text);
  if (found === null) return null;
  const [, year, month, day, hour, minute, second = 0, fraction = "", sign, hours = 0, minutes = 0] = found;
  const at = moment(+year, +month, +day, +hour, +minute, +second, +fraction.slice(0, 3).padEnd(3, "0"));
  if (at === null || hours > 23 || minutes > 59) return null;
  return at - (sign === "-" ? -1 : 1) * (hours * 60 + +minutes) * 60000;
}

function two(text, at) {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens < 10 && ones >= 0 && ones < 10 ? tens * 10 + ones : -1000;
}

function moment(year, month, day, hour, minute, second, millis) {
  if (year < 0 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second > 59) return null;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > DAYS[month - 1] + (isLeap && month === 2 ? 1 : 0)) return null;
  // Days since 1970, in years that begin in March, in integers; with Date.UTC the normalizer takes a tenth longer.
  // 400 years more keep all positive.
  const march = (month > 2 ? year : year - 1) + 400;
  const leaps = (march >> 2) - ((march / 100) | 0) + ((march / 400) | 0);
  const days = march * 365 + leaps + (((153 * ((month + 9) % 12) + 2) / 5) | 0) + day - 865566;
  return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + millis;
}

/** Counts by status, and the mean progress where it is known. */
export function summarize(tasks) {
  const byStatus = {};
  let terminal = 0;
  let known = 0;
  let sum = 0;
  for (const task of tasks) {
    byStatus[task.status] = (byStatus[task.status] ?? 0) + 1;
    if (task.terminal) terminal++;
    if (task.progress.fraction === null) continue;
    known++;
    sum += task.progress.fraction * 10000;
  }
  const fraction = known === 0 ? null : Math.round(sum / known) / 10000;
  return { total: tasks.length, byStatus, terminal, progress: { fraction, known } };
}
