// @ts-check
// The tasks that the cloud knows, and the ones that will arrive.
import { at, cancel } from "./timeline.mjs";

/**
 * A sub-task of an ECS task: what it is about, and the error it ends with, if it does.
 * @typedef {object} Part
 * @property {Record<string, string>} related
 * @property {{ code: string, message: string }} [error]
 */

/**
 * @typedef {object} Task
 * @property {import("./endpoints.mjs").Api} api
 * @property {string} region
 * @property {string} id only letters, digits and hyphens
 * @property {string} action ECS TaskAction, BDRC TaskType, Cloud Control taskAction
 * @property {import("./timeline.mjs").Plan} plan
 * @property {{ code: string, message: string }} [error] what it fails with
 * @property {Partial<Record<import("./timeline.mjs").Phase, string>>} [words] raw statuses instead of the API's own
 * @property {string} [resourceId]
 * @property {Part[]} [parts] ECS: the sub-tasks
 * @property {string} [groupId] ECS: TaskGroupId
 * @property {boolean} [supportCancel] ECS: true for image tasks if absent
 * @property {string} [name] BDRC
 * @property {string} [description] BDRC
 * @property {"HIGH" | "LOW"} [priority] BDRC
 * @property {unknown} [detail] BDRC: sent as JSON in a string
 * @property {unknown} [result] BDRC: likewise, once complete
 * @property {number} [expiresAt] BDRC
 * @property {string} [product] Cloud Control
 * @property {string} [resourceType] Cloud Control
 * @property {string} [resourcePath] Cloud Control
 */

/** A task with what is so now. @typedef {{ task: Task, state: import("./timeline.mjs").State }} Seen */

/** @param {() => number} now */
export function createTasks(now) {
  /** @type {Map<string, Task>} */
  const known = new Map();
  /** @type {{ next: Task, rest: Iterator<Task> }[]} */
  const arriving = [];

  /** @param {...Task} tasks */
  function add(...tasks) {
    for (const task of tasks) known.set(task.id, task);
  }

  /** Takes tasks from here as their time comes, in order of creation; it may have no end. @param {Iterable<Task>} tasks */
  function arrive(tasks) {
    pull(tasks[Symbol.iterator]());
  }

  /** @param {Iterator<Task>} rest */
  function pull(rest) {
    const { value, done } = rest.next();
    if (!done) arriving.push({ next: value, rest });
  }

  function admitArrived() {
    for (let i = 0; i < arriving.length; i++) {
      const { next, rest } = arriving[i];
      if (next.plan.createdAt > now()) continue;
      add(next);
      arriving.splice(i--, 1);
      pull(rest);
    }
  }

  /** All that is there now, the newest first, then by id. @param {import("./endpoints.mjs").Api} api @param {(task: Task) => boolean} [filter] @returns {Seen[]} */
  function list(api, filter = () => true) {
    admitArrived();
    const t = now();
    return [...known.values()]
      .filter((task) => task.api === api && filter(task))
      .flatMap((task) => { const state = at(task.plan, t); return state ? [{ task, state }] : []; })
      .sort((a, b) => b.task.plan.createdAt - a.task.plan.createdAt || (a.task.id < b.task.id ? -1 : 1));
  }

  return {
    add, arrive, list,
    /** @param {string} id */
    remove: (id) => known.delete(id),
    /** @param {string} id */
    get: (id) => known.get(id),
    /** @param {Task} task @param {number} cancelMs */
    cancel: (task, cancelMs) => add({ ...task, plan: cancel(task.plan, now(), cancelMs) }),
  };
}

/** @typedef {ReturnType<typeof createTasks>} Tasks */
