// @ts-check
// Where things stand on the timeline: how much of time is shown, its ticks, and each task's bar. Pure: the clock and the
// zone are arguments, and places are fractions of the width.

import { offset } from "../words/format.js";
import { since } from "../words/task.js";

/** @typedef {import("./board.js").Row} Row */
/** @typedef {{ from: number, to: number }} Domain */
/** @typedef {"fit" | "1h" | "6h" | "24h" | "all"} Reach how far back is shown */
/**
 * A bar; all places from 0 to 1.
 * @typedef {object} Bar
 * @property {number} from
 * @property {number} to
 * @property {number} begun where waiting ended and work began; `from` where both are not known
 * @property {boolean} isCut it began before what is shown
 * @property {boolean} isBefore all of it lies before what is shown
 * @property {{ from: number, to: number } | null} estimate
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [...[1, 5, 10, 30].map((n) => n * SECOND), ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE), ...[1, 2, 3, 6, 12].map((n) => n * HOUR), ...[1, 2, 7, 14, 28, 91, 365].map((n) => n * DAY)];
/** @type {Record<string, number>} */
const BACK = { "1h": HOUR, "6h": 6 * HOUR, "24h": DAY };
/** Nothing shorter is shown, so that the times of the APIs, exact to a minute, do not look more exact. */
const LEAST = 10 * MINUTE;
/** How long what has ended still counts as having just ended. */
const RECENT = 15 * MINUTE;
/** A guess far ahead does not press what has happened together: it takes at most this part of what lies behind. */
const AHEAD = 0.5;

/** From when to when a task was on its way, as far as that is known. @param {Row} row @param {number} now @returns {{ created: number, started: number, end: number } | null} */
export function extent({ task, standing, endedAt, heardAt }, now) {
  const created = task && (task.createdAt ?? task.startedAt);
  if (!task || created === null) return null;
  const started = Math.max(created, since(task) ?? created);
  // Of what is asked for no more nobody knows whether it goes on.
  const end = task.terminal ? task.finishedAt ?? endedAt ?? started : standing === "live" ? now : heardAt ?? now;
  return { created, started, end: Math.max(started, end) };
}

/** What is shown: by `fit`, all that runs, and what has just ended, no further back than a day. @param {Row[]} rows @param {number} now @param {Reach} reach @returns {Domain} */
export function domain(rows, now, reach) {
  let first = now - LEAST;
  let last = now;
  let guess = now;
  for (const row of rows) {
    const found = extent(row, now);
    if (!found) continue;
    const isOpen = row.standing === "live" && !row.task?.terminal;
    if (reach === "all" || isOpen || found.end > now - RECENT) first = Math.min(first, found.created);
    last = Math.max(last, found.end);
    if (isOpen) guess = Math.max(guess, row.estimate?.latestAt ?? 0);
  }
  const from = reach === "all" ? first : reach === "fit" ? Math.max(first, now - DAY) : now - BACK[reach];
  const back = last - from;
  return { from, to: Math.max(last, Math.min(guess, last + back * AHEAD)) + back * 0.03 };
}

/** Round moments of the reader's zone, at most `most` of them. @param {Domain} domain @param {number} most @param {string | undefined} timeZone @returns {{ step: number, at: number[] }} */
export function ticks({ from, to }, most, timeZone) {
  const step = STEPS.find((one) => (to - from) / one <= most) ?? Math.ceil((to - from) / most / DAY) * DAY;
  const at = /** @type {number[]} */ ([]);
  const shift = zoneOffset(from, timeZone);
  for (let local = Math.ceil((from + shift) / step) * step; ; local += step) {
    // Across a change of the clocks the round moments move with the zone.
    const ms = local - zoneOffset(local - shift, timeZone);
    if (ms > to) return { step, at };
    if (ms >= from && ms !== at.at(-1)) at.push(ms);
  }
}

/** @param {number} ms @param {string | undefined} timeZone */
function zoneOffset(ms, timeZone) {
  const [, sign, hours, minutes = "0", seconds = "0"] = /([+-])(\d+):?(\d+)?:?(\d+)?/.exec(offset(ms, timeZone)) ?? [];
  return sign ? (sign === "-" ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * SECOND) : 0;
}

/** @param {number} ms @param {Domain} domain */
export const part = (ms, { from, to }) => Math.min(1, Math.max(0, (ms - from) / (to - from)));

/** Null where the API tells no time. @param {Row} row @param {Domain} domain @param {number} now @returns {Bar | null} */
export function bar(row, domain, now) {
  const found = extent(row, now);
  if (!found) return null;
  const { created, started, end } = found;
  const guess = row.standing === "live" && !row.task?.terminal && row.estimate && row.estimate.latestAt > now ? row.estimate : null;
  return {
    from: part(created, domain), to: part(end, domain),
    begun: part(row.task?.createdAt !== null && row.task?.startedAt !== null ? started : created, domain),
    isCut: created < domain.from, isBefore: end < domain.from,
    estimate: guess && { from: part(Math.max(now, guess.earliestAt), domain), to: part(guess.latestAt, domain) },
  };
}
