// @ts-check
// Which of the watched tasks are looked at, and in which order. Pure: the clock is an argument, and nothing is drawn.

import { ORDER, reason, since } from "../words/task.js";

/** @typedef {import("./board.js").Row} Row */
/** @typedef {"attention" | "newest" | "oldest" | "longest" | "action" | "status"} Sort */
/** @typedef {"api" | "status" | "action" | "region"} Facet */
/**
 * Of a facet any value will do, an empty list is no condition; all conditions must hold.
 * @typedef {object} Filter
 * @property {string} text every word must be found
 * @property {string[]} api
 * @property {string[]} status also `gone`, `given-up` and `unheard`
 * @property {string[]} action
 * @property {string[]} region
 * @property {string | null} age created or started within, one of AGES
 * @property {string | null} longer on its way for more than, one of LENGTHS
 * @property {Sort} sort
 */
/** What is looked at: a filter, the task whose particulars are open, and whether along time; null is as the reader likes. @typedef {{ filter: Filter, open: string | null, view: "list" | "timeline" | null }} Look */

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
/** @type {Record<string, number>} */
export const AGES = { "1h": HOUR, "1d": DAY, "7d": 7 * DAY };
/** @type {Record<string, number>} */
export const LENGTHS = { "10m": 10 * MINUTE, "1h": HOUR, "1d": DAY };
export const FACETS = /** @type {Facet[]} */ (["status", "api", "action", "region"]);
export const SORTS = /** @type {Sort[]} */ (["attention", "newest", "oldest", "longest", "action", "status"]);

const STATUSES = ["given-up", ...ORDER, "unheard", "gone"];

/** @type {Filter} */
export const NO_FILTER = { text: "", api: [], status: [], action: [], region: [], age: null, longer: null, sort: "attention" };
/** @type {Look} */
export const NO_LOOK = { filter: NO_FILTER, open: null, view: null };

/** Whether anything may be hidden by it; an order hides nothing. @param {Filter} filter */
export const hides = ({ text, age, longer, ...filter }) => wordsOf(text).length > 0 || age !== null || longer !== null || FACETS.some((facet) => filter[facet].length > 0);

/** How a task stands; one that is asked for no more also as it was last seen. @param {Row} row */
function statuses({ task, standing }) {
  if (standing === "gone") return ["gone"];
  return [task?.status ?? "unheard", ...(standing === "given-up" ? ["given-up"] : [])];
}

/** @type {Record<Facet, (row: Row) => string[]>} */
const VALUES = {
  status: statuses,
  api: ({ ref }) => [ref.api],
  action: ({ task }) => (task?.action ? [task.action] : []),
  region: ({ ref, task }) => [ref.regionId || task?.regionId].flatMap((one) => one || []),
};

/** How long a task has been, or was, on its way; null where that is not told. @param {Row} row @param {number} now */
export function elapsed({ task, standing, heardAt }, now) {
  const from = task && since(task);
  if (!task || from === null) return null;
  const until = task.terminal ? task.finishedAt : standing === "live" ? now : heardAt ?? now;
  return until === null ? null : Math.max(0, until - from);
}

/** @param {string} text */
const wordsOf = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

/** What the words of a filter are looked for in; made once for what is known of a task. @type {WeakMap<object, string>} */
const searched = new WeakMap();

/** @param {Row} row */
function searchable({ ref, task }) {
  const about = task ?? ref;
  const known = searched.get(about);
  if (known !== undefined) return known;
  const found = task && reason(task);
  const error = task?.error;
  const text = [ref.id, ref.api, ref.regionId, ...(task ? [task.action, task.name, task.regionId, task.resource?.id, ...(task.resource?.paths ?? []), found?.code, found?.message, error?.code, error?.message] : [])]
    .filter(Boolean).join("\n").toLowerCase();
  searched.set(about, text);
  return text;
}

/** The test of a filter, for many rows. @param {Filter} filter @param {number} now @returns {(row: Row) => boolean} */
export function matcher(filter, now) {
  const words = wordsOf(filter.text);
  const facets = FACETS.filter((facet) => filter[facet].length > 0);
  const newest = filter.age === null ? null : now - AGES[filter.age];
  const least = filter.longer === null ? null : LENGTHS[filter.longer];
  return (row) => {
    for (const facet of facets) if (!VALUES[facet](row).some((value) => filter[facet].includes(value))) return false;
    // Where the API tells no moment, a task counts from when it was found here.
    if (newest !== null && Math.max(row.task?.startedAt ?? row.task?.createdAt ?? row.newAt ?? 0, row.task?.createdAt ?? 0) < newest) return false;
    if (least !== null && (elapsed(row, now) ?? 0) <= least) return false;
    return words.length === 0 || words.every((word) => searchable(row).includes(word));
  };
}

/** @param {Row} row @param {Filter} filter @param {number} now */
export const matches = (row, filter, now) => matcher(filter, now)(row);

/** @type {Record<Sort, ((now: number) => (a: Row, b: Row) => number) | null>} */
const COMPARE = {
  attention: null,
  newest: () => (a, b) => began(b, 0) - began(a, 0),
  oldest: () => (a, b) => began(a, Infinity) - began(b, Infinity) || 0,
  longest: (now) => (a, b) => (elapsed(b, now) ?? -1) - (elapsed(a, now) ?? -1),
  action: () => (a, b) => compare(a.task?.action ?? "\uffff", b.task?.action ?? "\uffff"),
  status: () => (a, b) => STATUSES.indexOf(statuses(a)[0]) - STATUSES.indexOf(statuses(b)[0]),
};

/** When it was created; what does not tell comes last. @param {Row} row @param {number} untold */
const began = ({ task }, untold) => task?.createdAt ?? task?.startedAt ?? untold;
/** @param {string} a @param {string} b */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Those that match, in the order wished for; what is alike keeps the order it came in. @param {Row[]} rows @param {Filter} filter @param {number} now */
export function arrange(rows, filter, now) {
  const order = COMPARE[filter.sort];
  const found = hides(filter) ? rows.filter(matcher(filter, now)) : rows;
  return order ? [...found].sort(order(now)) : found;
}

/** Which values there are, and how many tasks have each. @param {Iterable<Row>} rows @returns {Record<Facet, [value: string, n: number][]>} */
export function facets(rows) {
  const counted = FACETS.map(() => /** @type {Map<string, number>} */ (new Map()));
  for (const row of rows) {
    FACETS.forEach((facet, i) => { for (const value of VALUES[facet](row)) counted[i].set(value, (counted[i].get(value) ?? 0) + 1); });
  }
  const byName = (/** @type {[string, number]} */ [a], /** @type {[string, number]} */ [b]) => compare(a, b);
  const byStatus = (/** @type {[string, number]} */ [a], /** @type {[string, number]} */ [b]) => STATUSES.indexOf(a) - STATUSES.indexOf(b);
  return /** @type {any} */ (Object.fromEntries(FACETS.map((facet, i) => [facet, [...counted[i]].sort(facet === "status" ? byStatus : byName)])));
}

/** A filter with one value of a facet added, or taken away where it is there. @param {Filter} filter @param {Facet} facet @param {string} value @returns {Filter} */
export function toggled(filter, facet, value) {
  const list = filter[facet];
  return { ...filter, [facet]: list.includes(value) ? list.filter((one) => one !== value) : [...list, value] };
}

// ── as a part of an address ──

/** As names and values, only what differs from no filter. @param {Look} look @returns {[name: string, value: string | string[]][]} */
export function writeLook({ filter, open, view }) {
  /** @type {[string, string | string[] | null][]} */
  const all = [["find", filter.text.trim()], ...FACETS.map((facet) => /** @type {[string, string[]]} */ ([facet, filter[facet]])),
    ["age", filter.age], ["longer", filter.longer], ["sort", filter.sort === NO_FILTER.sort ? null : filter.sort], ["open", open], ["view", view === "timeline" ? view : null]];
  return all.flatMap(([name, value]) => (value && value.length > 0 ? [[name, value]] : []));
}

/** What is no value of ours is left out: an address may come from anybody. @param {URLSearchParams} parts @returns {Look} */
export function readLook(parts) {
  const list = (/** @type {string} */ name) => [...new Set((parts.get(name) ?? "").split(",").map((one) => one.trim()).filter(Boolean))];
  const one = (/** @type {string} */ name, /** @type {string[]} */ among) => { const value = parts.get(name) ?? ""; return among.includes(value) ? value : null; };
  return {
    filter: {
      text: parts.get("find") ?? "", api: list("api"), status: list("status").filter((status) => STATUSES.includes(status)), action: list("action"), region: list("region"),
      age: one("age", Object.keys(AGES)), longer: one("longer", Object.keys(LENGTHS)), sort: /** @type {Sort} */ (one("sort", SORTS) ?? NO_FILTER.sort),
    },
    open: parts.get("open") || null,
    view: /** @type {"list" | "timeline" | null} */ (one("view", ["list", "timeline"])),
  };
}
