// @ts-check
// Which tasks somebody means: ids in a row, `api:region:id`, or the pasted reply of what started them. Pure: the package's
// `parse` is an argument.

import { keyOf, readRef, REGION } from "./address.js";

/** @typedef {import("tasklens").Api} Api */
/** @typedef {import("tasklens").Task} Task */
/** @typedef {import("tasklens").TaskRef} TaskRef */
/**
 * Where an id belongs that does not say so itself; without a region only a task of Cloud Control can be meant.
 * @typedef {{ api?: Api, regionId?: string, parse: (text: string) => import("tasklens").Reply }} Where
 */
/**
 * @typedef {object} Refs
 * @property {TaskRef[]} refs each once
 * @property {string[]} unknown what was not understood, or has no region to be asked in
 * @property {{ regionId: string, id: string } | null} group of tasks of ECS (CloneDisks), to be listed
 */

/** Masked ids (`t-bp1****`) stand in documents; they cannot be asked for. */
const ID = /^[\w-]+$/;
/** Request ids stand beside the ids of tasks wherever those are copied from. */
const REQUEST = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** An id of no documented form: at least it is no word. */
const OTHER = /^(?=[\w-]*\d)\w[\w-]{5,}$/;
const BETWEEN = /[\s,，;；、。|"'“”‘’`()（）[\]{}<>]+/;

/** @param {string} text @param {Where} where @returns {Refs} */
export function readRefs(text, where) {
  const trimmed = text.trim();
  const isReply = /^\ufeff?[{<]/.test(trimmed);
  const read = (isReply && readReply(trimmed, where)) || readWords(trimmed, where, isReply);
  return { ...read, refs: [...new Map(read.refs.map((ref) => [keyOf(ref), ref])).values()], unknown: [...new Set(read.unknown)] };
}

/** Null where it is no reply. @param {string} text @param {Where} where @returns {Refs | null} */
function readReply(text, { parse, ...where }) {
  try {
    const reply = parse(text);
    switch (reply.kind) {
      case "task": return collect([reply.task].map((task) => refOfTask(task, where) ?? task.id));
      case "tasks": return collect(reply.tasks.map((task) => refOfTask(task, where) ?? task.id));
      case "started": return collect(startedIds(reply).map((id) => place(id, { ...where, regionId: regionOf(reply) ?? where.regionId }) ?? id));
      // A refusal, or an operation without a task.
      default: return { refs: [], unknown: [text.slice(0, 40)], group: null };
    }
  } catch {
    return null;
  }
}

/** @param {string} text @param {Omit<Where, "parse">} where @param {boolean} isReply a damaged one: what in it is no id by its form is something else */
function readWords(text, where, isReply) {
  return collect(text.split(BETWEEN).map((word) => word.replace(/^[.:]+|[.:]+$/g, "")).filter(Boolean).map((word) => {
    const ref = readRef(word);
    if (ref) return ID.test(ref.id) ? ref : word;
    const isOther = !isReply && OTHER.test(word) && !REQUEST.test(word) && !REGION.test(word);
    return (/^(?:t|task|g)-/.test(word) || isOther) ? place(word, where) ?? word : word;
  }));
}

/** @param {({ group: string, regionId: string } | TaskRef | string)[]} all @returns {Refs} */
function collect(all) {
  /** @type {Refs} */
  const found = { refs: [], unknown: [], group: null };
  for (const one of all) {
    if (typeof one === "string") found.unknown.push(one);
    else if (!("group" in one)) found.refs.push(one);
    else if (found.group && found.group.id !== one.group) found.unknown.push(one.group);
    else found.group = { regionId: one.regionId, id: one.group };
  }
  return found;
}

/**
 * What an id is by its form, as documented: `task-…` of Cloud Control, `g-…` a group of ECS, `t-…` of ECS or, where that is
 * meant, of BDRC.
 * @param {string} id @param {Omit<Where, "parse">} where
 */
function place(id, { api, regionId }) {
  if (!ID.test(id)) return null;
  if (id.startsWith("task-")) return api === "cloudcontrol" && regionId ? refOf(api, regionId, id) : refOf("cloudcontrol", undefined, id);
  if (id.startsWith("g-")) return regionId ? { group: id, regionId } : null;
  if (id.startsWith("t-")) return refOf(api === "bdrc" ? "bdrc" : "ecs", regionId, id);
  return api ? refOf(api, regionId, id) : null;
}

/** @param {Api} api @param {string | undefined} regionId @param {string} id */
const refOf = (api, regionId, id) => readRef(keyOf(/** @type {TaskRef} */ ({ api, regionId, id })));

/** Null where its region is not known, or its id cannot be asked for. @param {Pick<Task, "api" | "id" | "regionId">} task @param {{ regionId?: string }} [where] */
function refOfTask({ api, id, regionId }, where = {}) {
  return ID.test(id) ? refOf(api, regionId ?? (api === "cloudcontrol" ? undefined : where.regionId), id) : null;
}

/** @typedef {Extract<import("tasklens").Reply, { kind: "started" }>} Started */
/** The task of a reply in words that can be read again; none where there is nothing to watch. @param {import("tasklens").Reply} reply */
export function wordsOf(reply) {
  if (reply.kind === "task") {
    const ref = reply.task.terminal ? null : refOfTask(reply.task);
    return ref ? keyOf(ref) : "";
  }
  if (reply.kind !== "started") return "";
  return startedIds(reply).filter((id) => ID.test(id)).map((id) => {
    const ref = place(id, { regionId: regionOf(reply) });
    return ref && !("group" in ref) ? keyOf(ref) : id;
  }).join(" ");
}

/** @param {Started} reply */
const startedIds = ({ id, groupId }) => [id, groupId].flatMap((one) => one ?? []);

/** Some operations tell it beside the id. @param {Started} reply */
function regionOf({ extra: { RegionId } }) {
  return typeof RegionId === "string" && REGION.test(RegionId) ? RegionId : undefined;
}
