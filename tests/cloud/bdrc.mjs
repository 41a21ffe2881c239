// @ts-check
// BDRC, version 2023-08-08 (ROA): DescribeTask and DescribeTasks. There is no cancel operation (documented).
// Documented: names, words, progress from 0 to 10,000, the bounds of MaxResults, "" as the last NextToken. Assumed: which
// fields a task that runs has not, the code of a task that is not there (no error of BDRC is published), the cursor.
import { createHash } from "node:crypto";
import { Fault } from "./envelope.mjs";

/** @typedef {import("./tasks.mjs").Seen} Seen */
/** @typedef {import("./cloud.mjs").Inside} Inside */
/** @typedef {import("./gateway.mjs").Call} Call */

/** @type {Record<import("./timeline.mjs").Phase, string>} */
const WORDS = {
  queued: "CREATED", running: "RUNNING", paused: "RUNNING", cancelling: "RUNNING", succeeded: "COMPLETE", partial: "FAILED",
  failed: "FAILED", expired: "EXPIRED", cancelled: "CANCELED", // one L
};

/** Progress is told in basis points. */
const WHOLE = 10_000;
const DAY_MS = 86_400_000;

const OPERATIONS = { DescribeTask: describeTask, DescribeTasks: describeTasks };

export const bdrc = {
  product: "bdrc",
  style: /** @type {const} */ ("roa"),
  operations: OPERATIONS,
  /** @param {Call} call @returns {keyof typeof OPERATIONS | null} */
  route({ action, method, path }) {
    if (method !== "GET") return null;
    const found = path === "/api/v1/tasks" ? "DescribeTasks" : idIn(path) ? "DescribeTask" : null;
    return found === action ? found : null;
  },
  /** @param {Call} call */
  ids: ({ path }) => [idIn(path)].filter((id) => id !== ""),
};

/** @param {Inside} inside */
function describeTask({ call, region, tasks, id }) {
  const taskId = idIn(call.path);
  const [seen] = tasks.list("bdrc", (task) => task.id === taskId && isIn(task, region));
  if (!seen) throw new Fault(404, "InvalidTask.NotFound", "The specified task does not exist.");
  return { Data: data(seen), RequestId: id };
}

/** @param {Inside} inside */
function describeTasks({ call: { query }, region, tasks, id }) {
  const size = Math.min(500, Math.max(10, Number.parseInt(query.MaxResults ?? "", 10) || 10));
  const after = query.NextToken ? readToken(query.NextToken) : null;
  const rest = tasks.list("bdrc", (task) => isIn(task, region)).filter((seen) => (!query.TaskStatus || query.TaskStatus === word(seen))
    && (!query.TaskType || query.TaskType === seen.task.action) && (!after || isAfter(seen.task, after)));
  const content = rest.slice(0, size);
  const last = content.at(-1)?.task;
  return { Data: { Content: content.map(data), MaxResults: size, NextToken: last && rest.length > size ? token(last) : "" }, RequestId: id };
}

/** @param {Seen} seen */
function data({ task, state }) {
  const { startedAt, endedAt, phase } = state;
  return {
    TaskId: task.id,
    TaskName: task.name ?? task.id,
    TaskDescription: task.description ?? "",
    TaskType: task.action,
    TaskPriority: task.priority ?? "HIGH",
    RequestId: innerRequestId(task.id),
    TaskDetail: JSON.stringify(task.detail ?? {}),
    ExecutionId: "",
    Progress: phase === "succeeded" ? WHOLE : Math.floor(state.fraction * WHOLE),
    TaskStatus: word({ task, state }),
    ...(phase === "failed" || phase === "partial" ? { ErrorMessage: task.error?.message ?? "internal error." } : {}),
    ...(startedAt === null ? {} : { StartTime: toSeconds(startedAt) }),
    ...(endedAt === null ? {} : { CompleteTime: toSeconds(endedAt) }),
    ExpireTime: toSeconds(task.expiresAt ?? task.plan.createdAt + DAY_MS),
    ...(phase === "succeeded" && task.result !== undefined ? { TaskResult: JSON.stringify(task.result) } : {}),
  };
}

/** @param {Seen} seen */
const word = ({ task, state }) => task.words?.[state.phase] ?? WORDS[state.phase];

/** @param {number} t */
const toSeconds = (t) => Math.floor(t / 1000);

/** The request that started the task: not the one that asks now. @param {string} id */
function innerRequestId(id) {
  const hex = createHash("sha256").update(id).digest("hex").toUpperCase();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

/** @param {Seen["task"]} task @param {string | null} region null: any */
const isIn = (task, region) => region === null || task.region === region;

/** @param {string} path */
const idIn = (path) => /^\/api\/v1\/tasks\/([\w-]+)$/.exec(path)?.[1] ?? "";

// The cursor names the last task of a page, so that tasks which come or go between two pages repeat and hide nothing.
/** @typedef {{ createdAt: number, id: string }} Cursor */

/** @param {Seen["task"]} task */
const token = ({ plan: { createdAt }, id }) => Buffer.from(`${createdAt} ${id}`).toString("hex");

/** @param {string} text @returns {Cursor} */
function readToken(text) {
  const [createdAt, id] = Buffer.from(text, "hex").toString().split(" ");
  if (!id) throw new Fault(400, "InvalidParameter", "The specified parameter \"NextToken\" is not valid.");
  return { createdAt: Number(createdAt), id };
}

/** In the order of a list: the newest first, then by id. @param {Seen["task"]} task @param {Cursor} cursor */
const isAfter = ({ plan: { createdAt }, id }, cursor) => createdAt < cursor.createdAt || (createdAt === cursor.createdAt && id > cursor.id);
