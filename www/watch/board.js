// @ts-check
// The tasks that are watched, as rows: what is known of each, in which order they stand, how many stand how. Pure: the
// clock is an argument, and nothing is drawn.

import { keyOf } from "./address.js";
import { news, note, trouble } from "./history.js";

/** @typedef {import("tasklens").Task} Task */
/** @typedef {import("tasklens").TaskRef} TaskRef */
/** @typedef {import("tasklens").TasklensError} TasklensError */
/** @typedef {import("tasklens").Estimate} Estimate */
/**
 * `live`: asked for again and again. `ended`: no later poll can differ. `gone`: no longer listed. `given-up`: asking had no use.
 * @typedef {"live" | "ended" | "gone" | "given-up"} Standing
 */
/**
 * @typedef {object} Row
 * @property {string} key
 * @property {TaskRef} ref
 * @property {Task | null} task null until something was heard of it
 * @property {Estimate | null} estimate ours, never the API's
 * @property {Standing} standing
 * @property {number | null} heardAt
 * @property {number} foundAt when the page first knew of it
 * @property {number | null} newAt when it was found, if that was after the start
 * @property {number | null} endedAt when its end was seen here
 * @property {{ error: any, until: number | null } | null} trouble why the last poll told nothing, and when the next one is
 * @property {"asking" | "accepted" | { error: any } | null} cancel what became of the wish to cancel it
 * @property {import("./history.js").Entry[]} history what was heard of it here, the oldest first
 * @property {number} quiet how many answers told nothing new since its last entry
 * @property {boolean} lookedUp whether its particulars were asked for, which a list does not tell
 */

/** @typedef {ReturnType<typeof createBoard>} Board */

const FIRST = new Set(["running", "cancelling", "unknown"]);
/** A failure that was no older than this when it was found needs a look as much as one that happens here. */
const FRESH_MS = 60 * 60_000;

export function createBoard() {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  /** In their order, unless something moved since: then what was added stands at the end. @type {Row[]} */
  let ordered = [];
  let isOrdered = true;
  /** @type {ReturnType<typeof counts> | null} */
  let counted = null;

  /** A row for a task; the one there is already, if there is. @param {TaskRef} ref @param {Task | null} task @param {{ now: number, isNew?: boolean }} options */
  function add(ref, task, { now, isNew = false }) {
    const key = keyOf(ref);
    const found = rows.get(key);
    if (found) return found;
    /** @type {Row} */
    const row = {
      key, ref, task, estimate: null, standing: task?.terminal ? "ended" : "live", heardAt: task ? now : null,
      foundAt: now, newAt: isNew ? now : null, endedAt: null, trouble: null, cancel: null, history: [], quiet: 0, lookedUp: false,
    };
    if (task) record(row, news(null, task, now));
    rows.set(key, row);
    if (isOrdered) ordered = [...ordered]; // whoever has the list keeps it as it was
    ordered.push(row);
    isOrdered = false;
    counted = null;
    return row;
  }

  /** What was heard of a task. @param {Row} row @param {Task} task @param {Estimate | null} estimate @param {number} now */
  function hear(row, task, estimate, now) {
    const place = [rank(row), moment(row)];
    // Only who saw it running knows when it ended here; for all others the API's own word has to do.
    if (task.terminal && row.standing === "live" && row.task) row.endedAt = now;
    if (row.trouble) enter(row, "recovered", now);
    record(row, news(row.task, task, now));
    // A list tells an ECS task's resource, its particulars do not.
    row.task = task.resource || !row.task?.resource ? task : { ...task, resource: row.task.resource };
    row.estimate = task.terminal ? null : estimate;
    row.heardAt = now;
    row.trouble = null;
    if (task.terminal) {
      row.standing = "ended";
      row.cancel = null;
    }
    if (rank(row) !== place[0] || moment(row) !== place[1]) isOrdered = false;
    counted = null;
  }

  /** @param {Row} row @param {"gone" | "given-up"} standing @param {any} error @param {number} now */
  function leave(row, standing, error, now) {
    row.standing = standing;
    row.estimate = null;
    row.trouble = error && { error, until: null };
    if (standing === "gone") row.endedAt = now;
    isOrdered = false;
    enter(row, standing, now, error ? { error: trouble(error) } : {});
  }

  /** Something that happened, with how the task stood. @param {Row} row @param {import("./history.js").What} what @param {number} at @param {Partial<import("./history.js").Entry>} [more] */
  function enter(row, what, at, more) {
    record(row, { at, what, status: row.task?.status ?? null, fraction: row.task?.progress.fraction ?? null, ...more });
    counted = null;
  }

  return {
    rows, add, hear, leave, enter,
    /** What went wrong lately or before one's eyes first, then those that run, then those that wait, then the ended; the newest on top. The same list while none moved. */
    order() {
      if (!isOrdered) ordered = ordered.toSorted((a, b) => rank(a) - rank(b) || moment(b) - moment(a) || (a.key < b.key ? -1 : 1));
      isOrdered = true;
      return ordered;
    },
    counts: () => (counted ??= counts(rows.values())),
  };
}

/** @param {Row} row @param {import("./history.js").Entry | null} entry */
function record(row, entry) {
  if (!entry) return;
  row.history = note(row.history, entry);
  row.quiet = 0;
}

/** @param {Row} row */
function rank({ task, standing, endedAt, foundAt }) {
  if ((task?.status === "failed" || task?.status === "partial") && (endedAt !== null || foundAt - (task.finishedAt ?? -Infinity) < FRESH_MS)) return -1;
  if (standing === "gone" || task?.terminal) return 2;
  return task && FIRST.has(task.status) ? 0 : 1;
}

/** @param {Row} row */
function moment({ task, endedAt }) {
  return endedAt ?? (task?.terminal ? task.finishedAt : null) ?? task?.startedAt ?? task?.createdAt ?? 0;
}

/** How many stand how; those not heard of yet are in no status. @param {Iterable<Row>} rows */
function counts(rows) {
  /** @type {Record<string, number>} */
  const byStatus = {};
  const byStanding = { live: 0, ended: 0, gone: 0, "given-up": 0 };
  let total = 0;
  for (const { task, standing } of rows) {
    total++;
    byStanding[standing]++;
    // What is gone runs no more, whatever it did when it was last seen.
    if (task && standing !== "gone") byStatus[task.status] = (byStatus[task.status] ?? 0) + 1;
  }
  return { total, byStatus, byStanding };
}

/** What is known of a task, its region too where only its list names that. @param {Row} row */
export const known = ({ task, ref }) => task && { ...task, regionId: task.regionId ?? ref.regionId ?? null };

/** Whether there is more to learn than what a list told: ECS names neither failed parts nor reasons there. @param {Row} row */
export function isShallow({ task, lookedUp }) {
  return task !== null && !lookedUp && task.api === "ecs" && task.terminal && task.counts === null && task.subTasks.length === 0;
}
