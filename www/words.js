// @ts-check
// What a task's times are in words, for the drawing of a task and for its plain text. Pure.

import { duration, span } from "./format.js";

/** @typedef {{ t: import("./text.js").Text, language: import("./text.js").Language }} Words */

/** How long a task took, or null. @param {import("tasklens").Task} task @param {Words} words */
export function length(task, { t, language }) {
  const took = span(task.startedAt ?? task.createdAt, task.finishedAt, task.timePrecisionMs);
  if (!took) return null;
  const words = duration(took.ms, language);
  return took.under ? t("duration.under", { duration: words }) : words;
}

/** @param {number} ms @param {Words} words */
export function precision(ms, { t, language }) {
  if (ms === 60_000) return t("precision.minute");
  return ms === 1000 ? t("precision.second") : t("precision.other", { duration: duration(ms, language) });
}
