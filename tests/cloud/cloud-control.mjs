// @ts-check
// Cloud Control, version 2022-08-30 (ROA): GetTask and CancelTask. There is no list and no progress (documented).
// Documented: names, words, codes, who can be cancelled. Sample: the failure as JSON text, indented, in error.message.
// Assumed: a fault's lower camel case; a task of one half is not found in the other.
import { cloudControlHost } from "./endpoints.mjs";
import { Fault, requestId } from "./envelope.mjs";

/** @typedef {import("./tasks.mjs").Seen} Seen */
/** @typedef {import("./cloud.mjs").Inside} Inside */
/** @typedef {import("./gateway.mjs").Call} Call */

/** @type {Record<import("./timeline.mjs").Phase, string>} */
const WORDS = {
  queued: "Pending", running: "Running", paused: "Running", cancelling: "Cancelling", succeeded: "Succeeded", partial: "Failed",
  failed: "Failed", expired: "Failed", cancelled: "Cancelled",
};

const OPERATIONS = { GetTask: getTask, CancelTask: cancelTask };

export const cloudControl = {
  product: "cloudcontrol",
  style: /** @type {const} */ ("roa"),
  operations: OPERATIONS,
  /** @param {Call} call @returns {keyof typeof OPERATIONS | null} */
  route({ action, method, path }) {
    const { cancels } = parse(path) ?? {};
    const found = cancels === undefined ? null : method === "GET" && !cancels ? "GetTask" : method === "PUT" && cancels ? "CancelTask" : null;
    return found === action ? found : null;
  },
  /** @param {Call} call */
  ids: ({ path }) => [parse(path)?.id ?? ""].filter((id) => id !== ""),
};

/** @param {Inside} inside */
function getTask(inside) {
  const { task, state } = find(inside);
  return {
    requestId: inside.id,
    task: {
      createTime: `${new Date(task.plan.createdAt).toISOString().slice(0, 19)}Z`,
      ...failure(task, state),
      product: task.product ?? "ECS",
      regionId: task.region,
      ...(task.resourceId ? { resourceId: task.resourceId } : {}),
      ...(task.resourcePath ? { resourcePath: task.resourcePath } : {}),
      resourceType: task.resourceType ?? "Instance",
      status: word({ task, state }),
      taskAction: task.action,
      taskId: task.id,
    },
  };
}

/** `partial`: some of it was done and stays, there is no rollback (documented). @param {Seen["task"]} task @param {Seen["state"]} state */
function failure(task, { phase }) {
  if (phase !== "failed" && phase !== "partial" && phase !== "expired") return {};
  const { code, message } = task.error ?? { code: "InternalError", message: "The request processing has failed due to an internal error." };
  return {
    error: {
      code: phase === "partial" ? "OperationFailure.PartialOperationFailed" : "OperationFailure.OperationFailed",
      message: JSON.stringify({ requestId: requestId(), errorCode: code, errorMsg: message }, null, 5),
    },
  };
}

/** Takes a task that waits or runs; it is Cancelling for a while, then Cancelled. @param {Inside} inside */
function cancelTask(inside) {
  const seen = find(inside);
  if (!["queued", "running", "paused"].includes(seen.state.phase)) throw new Fault(400, "InvalidOperation.InvalidTaskStatus", "The task status does not support this operation.");
  inside.tasks.cancel(seen.task, inside.options.cancelMs);
  return { requestId: inside.id };
}

/** @param {Inside} inside @returns {Seen} */
function find({ call: { path }, region: host, tasks }) {
  const id = parse(path)?.id;
  const [seen] = tasks.list("cloudcontrol", (task) => task.id === id && (host === null || host === cloudControlHost(task.region)));
  if (!seen) throw new Fault(400, "InvalidTask.NotFound", "The specified task does not exist.");
  return seen;
}

/** @param {Seen} seen */
const word = ({ task, state }) => task.words?.[state.phase] ?? WORDS[state.phase];

/** @param {string} path */
function parse(path) {
  const [, id, cancel] = /^\/api\/v1\/tasks\/([\w-]+)(\/operation\/cancel)?$/.exec(path) ?? [];
  return id === undefined ? null : { id, cancels: cancel !== undefined };
}
