// @ts-check
// ECS, version 2014-05-26 (RPC): the tasks as DescribeTasks, DescribeTaskAttribute and CancelTask tell of them.
// Documented: names, filters, codes. Sample: shapes, minutes, "true" in quotes, IMPORT_IMAGE in XML. Assumed: what a
// running task's TaskProcess looks like, which word a cancelled one has, the codes of a bad parameter.
import { isEcsRegion } from "./endpoints.mjs";
import { Fault } from "./envelope.mjs";

/** @typedef {import("./tasks.mjs").Seen} Seen */
/** @typedef {import("./timeline.mjs").Phase} Phase */
/** @typedef {import("./cloud.mjs").Inside} Inside */
/** @typedef {import("./gateway.mjs").Call} Call */

/** @type {Record<Phase, string>} */
const WORDS = {
  queued: "Waiting", running: "Processing", paused: "Paused", cancelling: "Processing", succeeded: "Finished", partial: "Finished",
  failed: "Failed", expired: "Failed", cancelled: "Deleted", // "Deleted" was documented as cancelled until 2019
};

/** Other values are ignored without a word (documented). */
const EFFECTIVE_FILTERS = ["Finished", "Processing", "Failed"];
const CANCELLABLE_ACTIONS = ["ImportImage", "ExportImage"];
const MOST_IDS = 100;

const OPERATIONS = { DescribeTasks: describeTasks, DescribeTaskAttribute: describeTaskAttribute, CancelTask: cancelTask };

export const ecs = {
  product: "Ecs",
  style: /** @type {const} */ ("rpc"),
  operations: OPERATIONS,
  /** By its name alone: RPC has one path. @param {Call} call @returns {keyof typeof OPERATIONS | null} */
  route({ action, path, method }) {
    if (path !== "/" || !Object.hasOwn(OPERATIONS, action)) return null;
    if (method !== "GET" && method !== "POST") throw new Fault(403, "UnsupportedHTTPMethod", "The HTTP method is not supported by this operation.");
    return /** @type {keyof typeof OPERATIONS} */ (action);
  },
  /** Which tasks a call is about. @param {Call} call */
  ids: ({ query }) => (query.TaskIds ? readIds(query.TaskIds) : query.TaskId ? [query.TaskId] : []),
};

/** @param {Inside} inside */
function describeTasks({ call: { query }, tasks, format, options, id }) {
  const region = readRegion(query);
  const size = readInteger(query, "PageSize", 10, 100);
  const number = readInteger(query, "PageNumber", 1, Infinity);
  const wanted = query.TaskGroupId ? inGroup(query.TaskGroupId) : matching(query);
  const all = tasks.list("ecs", (task) => task.region === region).filter(wanted);
  const items = all.slice((number - 1) * size, number * size).map((seen) => listItem(seen, format, options));
  return { RequestId: id, PageSize: size, PageNumber: number, TotalCount: all.length, RegionId: region, TaskSet: { Task: items } };
}

/** A group's filter stands alone: all others are ignored (documented). @param {string} id @returns {(seen: Seen) => boolean} */
const inGroup = (id) => ({ task }) => task.groupId === id;

/** @param {Record<string, string>} query @returns {(seen: Seen) => boolean} */
function matching(query) {
  const ids = query.TaskIds ? readIds(query.TaskIds) : null;
  if (ids && ids.length > MOST_IDS) throw invalid("TaskIds");
  const status = EFFECTIVE_FILTERS.includes(query.TaskStatus) ? query.TaskStatus : null;
  const resources = Object.keys(query).filter((name) => /^ResourceIds\.\d+$/.test(name)).map((name) => query[name]);
  const from = readTime(query, "StartTime", -Infinity);
  const until = readTime(query, "EndTime", Infinity);
  return ({ task, state }) => (!ids || ids.includes(task.id))
    && (!query.TaskAction || query.TaskAction === task.action)
    && (!status || status === word({ task, state }))
    && (!resources.length || resources.includes(task.resourceId ?? ""))
    && task.plan.createdAt >= from && task.plan.createdAt <= until;
}

/** No progress, no error and no counters: those are in the attribute only. @param {Seen} seen @param {string} format @param {Inside["options"]} options */
function listItem({ task, state }, format, options) {
  return {
    CreationTime: toMinute(task.plan.createdAt),
    TaskStatus: word({ task, state }),
    ...finishedTime(state, options),
    SupportCancel: String(supportsCancel(task)),
    TaskId: task.id,
    TaskAction: format === "xml" ? task.action.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase() : task.action,
    ...(task.resourceId ? { ResourceId: task.resourceId } : {}),
  };
}

/** @param {Inside} inside */
function describeTaskAttribute(inside) {
  const { task, state } = find(inside);
  const parts = (task.parts ?? [{ related: {} }]).map((part, i, all) => operationProgress(task, state, part, (i + 1) / all.length));
  /** @param {string} status */
  const count = (status) => parts.filter((part) => part.OperationStatus === status).length;
  return {
    RequestId: inside.id,
    CreationTime: toMinute(task.plan.createdAt),
    SupportCancel: String(supportsCancel(task)),
    TotalCount: parts.length,
    SuccessCount: count("Success"),
    RegionId: task.region,
    TaskAction: task.action,
    FailedCount: count("Failed"),
    TaskStatus: word({ task, state }),
    TaskProcess: `${Math.floor(state.fraction * 100)}%`,
    ...finishedTime(state, inside.options),
    TaskId: task.id,
    OperationProgressSet: { OperationProgress: parts },
  };
}

/**
 * The sub-tasks settle one after the other as the work goes on. Where the task itself fails, what had not settled fails
 * with it, and with its error.
 * @param {Seen["task"]} task @param {Seen["state"]} state @param {import("./tasks.mjs").Part} part @param {number} settlesAt the fraction
 */
function operationProgress(task, state, part, settlesAt) {
  const settled = state.fraction >= settlesAt || state.phase === "succeeded" || state.phase === "partial";
  const error = settled ? part.error : state.phase === "failed" || state.phase === "expired" ? task.error ?? UNKNOWN : undefined;
  return {
    ErrorMsg: error?.message ?? "",
    ErrorCode: error?.code ?? "",
    OperationStatus: error ? "Failed" : settled ? "Success" : "Processing",
    RelatedItemSet: { RelatedItem: Object.entries(part.related).map(([Name, Value]) => ({ Name, Value })) },
  };
}

const UNKNOWN = { code: "UnknownError", message: "The request processing has failed due to some unknown error." };

/** Only running image tasks can be cancelled (documented). @param {Inside} inside */
function cancelTask(inside) {
  const { task, state } = find(inside);
  if (!CANCELLABLE_ACTIONS.includes(task.action)) throw new Fault(403, "InvalidTaskId.TaskActionNotSupport", "The specified task action does not support cancellation.");
  if (state.phase !== "running") throw new Fault(403, "InvalidTaskId.IncorrectTaskStatus", "The current status of the task does not support this operation.");
  if (!supportsCancel(task)) throw new Fault(403, "CancelTaskFailed", "Cancelling the task failed.");
  inside.tasks.cancel(task, inside.options.cancelMs);
  return { RequestId: inside.id };
}

/** Not found is HTTP 400 here (documented). @param {Inside} inside @returns {Seen} */
function find({ call: { query }, tasks }) {
  const region = readRegion(query);
  const id = needed(query, "TaskId");
  const [seen] = tasks.list("ecs", (task) => task.id === id && task.region === region);
  if (!seen) throw new Fault(400, "InvalidTaskId.NotFound", "The specified \"TaskId\" is not found.");
  return seen;
}

/** @param {Seen} seen */
const word = ({ task, state }) => task.words?.[state.phase] ?? WORDS[state.phase];

/** @param {Seen["task"]} task */
const supportsCancel = (task) => task.supportCancel ?? CANCELLABLE_ACTIONS.includes(task.action);

/** Whether a running task has the field at all is not documented: both forms can be asked for. @param {Seen["state"]} state @param {Inside["options"]} options */
function finishedTime({ endedAt }, { unfinished }) {
  if (endedAt !== null) return { FinishedTime: toMinute(endedAt) };
  return unfinished === "empty" ? { FinishedTime: "" } : {};
}

/** To the minute, as every sample has it. @param {number} t */
const toMinute = (t) => `${new Date(t).toISOString().slice(0, 16)}Z`;

/** Comma-separated (documented), or the JSON array of 2019 that third parties still send. @param {string} text @returns {string[]} */
const readIds = (text) => text.replace(/[[\]"\s]/g, "").split(",").filter(Boolean);

/** @param {Record<string, string>} query */
function readRegion(query) {
  const region = needed(query, "RegionId");
  if (!isEcsRegion(region)) throw new Fault(400, "InvalidRegionId.NotFound", "The specified RegionId does not exist.");
  return region;
}

/** @param {Record<string, string>} query @param {string} name */
function needed(query, name) {
  if (!query[name]) throw new Fault(400, "MissingParameter", `An input parameter "${name}" that is mandatory for processing the request is not supplied.`);
  return query[name];
}

/** @param {Record<string, string>} query @param {string} name @param {number} absent @param {number} most */
function readInteger(query, name, absent, most) {
  if (!query[name]) return absent;
  const n = /^\d+$/.test(query[name]) ? Number(query[name]) : NaN;
  if (!(n >= 1 && n <= most)) throw invalid(name);
  return n;
}

/** To the second or to the minute. @param {Record<string, string>} query @param {string} name @param {number} absent */
function readTime(query, name, absent) {
  if (!query[name]) return absent;
  const t = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(query[name]) ? Date.parse(query[name]) : NaN;
  if (Number.isNaN(t)) throw invalid(name);
  return t;
}

/** @param {string} name */
const invalid = (name) => new Fault(400, "InvalidParameter", `The specified parameter "${name}" is not valid.`);
