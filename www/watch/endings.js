// @ts-check
// What ended while nobody looked, in words: a notification, what stands before the page's title, the mark on its icon. Pure.

import { count } from "../words/format.js";
import { reason } from "../words/task.js";

/** @typedef {import("./board.js").Row} Row */
/** @typedef {{ t: import("../words/text.js").Text, language: import("../words/text.js").Language }} Words */

/** More than so many are only counted, and no line of a notification is longer: systems cut them anyway. */
const MOST = 3;
const LONGEST = 160;
/** What is named by itself, the worst first. What is gone may have gone well: nobody knows. */
const NAMED = /** @type {const} */ (["failed", "partial", "gone"]);

/** What a notification says of them. @param {readonly Row[]} rows at least one @param {Words} words */
export function notification(rows, { t, language }) {
  const [first, ...others] = worstFirst(rows);
  // Two tabs that saw the same end show it once.
  const tag = `tasklens:${first.key}`;
  if (others.length === 0) {
    return { first, tag, title: actionOf(first, t) + t("watch.colon") + statusOf(first, t), body: [first.ref.id, why(first)].filter(Boolean).join("\n") };
  }
  const named = wrong(rows, { t, language });
  const n = count(rows.length, language);
  const lines = [first, ...others].slice(0, MOST).map((row) => clip([`${statusOf(row, t)}${t("watch.colon")}${actionOf(row, t)} ${row.ref.id}`, why(row)].filter(Boolean).join(" · ")));
  if (rows.length > MOST) lines.push(t("notify.more", { n: count(rows.length - MOST, language) }));
  return { first, tag, title: named ? t("notify.many.wrong", { n, wrong: named }) : t("notify.many", { n }), body: lines.join("\n") };
}

/** What stands before the title: a tab shows little more of it. @param {readonly Row[]} rows @param {Words} words */
export function prefix(rows, words) {
  if (rows.length === 0) return "";
  const named = wrong(rows, words);
  if (!named) return `✓ ${words.t("notify.ended", { n: count(rows.length, words.language) })}`;
  return `${rows.some(isBad) ? "✗" : "?"} ${named}`;
}

/** The page's icon with a mark on it; one of another shape where something went wrong. @param {readonly Row[]} rows */
export function badge(rows) {
  const mark = rows.some(isBad) ? '<path d="M15.5 0 22 6.5 15.5 13 9 6.5z" fill="#d0203f"/>' : '<circle cx="16" cy="6" r="5.5" fill="#08866c"/>';
  return `data:image/svg+xml,${encodeURIComponent(ICON.replace("</svg>", `${mark}</svg>`))}`;
}

/** As icon.svg has it: a mark can be laid over nothing but the drawing itself. */
const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 22"><g fill="none" stroke="#4f46e5" stroke-width="2.2" stroke-linecap="round"><circle cx="9.5" cy="9.5" r="7"/><path d="m15 15 4.6 4.6"/><path d="M6 8h7M6 11h4.2" stroke-width="1.8"/></g></svg>';

/** `1 failed, 2 partly succeeded`, or nothing. @param {readonly Row[]} rows @param {Words} words */
function wrong(rows, { t, language }) {
  return NAMED.flatMap((how) => {
    const n = rows.filter((row) => howOf(row) === how).length;
    return n > 0 ? [t(`notify.wrong.${how}`, { n: count(n, language) })] : [];
  }).join(t("notify.comma"));
}

/** @param {readonly Row[]} rows */
function worstFirst(rows) {
  return [...NAMED, undefined].flatMap((how) => rows.filter((row) => NAMED.find((one) => one === howOf(row)) === how));
}

/** @param {Row} row */
function why({ task }) {
  const said = task && reason(task);
  return said ? clip([said.code, said.message].filter(Boolean).join(": ")) : "";
}

/** @param {Row} row @param {import("../words/text.js").Text} t */
const actionOf = ({ task }, t) => task?.action ?? t("kind.task");
/** @param {Row} row @param {import("../words/text.js").Text} t */
const statusOf = (row, t) => t(howOf(row) === "gone" ? "watch.status.gone" : `status.${howOf(row)}`);
/** @param {Row} row */
const howOf = ({ task, standing }) => (standing === "gone" ? "gone" : task?.status ?? "unknown");
/** @param {Row} row */
const isBad = (row) => howOf(row) === "failed" || howOf(row) === "partial";
/** @param {string} text */
const clip = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
