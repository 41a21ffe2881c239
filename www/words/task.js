// @ts-check
// What is to be said of a task wherever it is told: drawn, in a list, as plain text. Pure.

import { duration, span } from "./format.js";

/** @typedef {import("tasklens").Task} Task */
/** @typedef {{ t: import("./text.js").Text, language: import("./text.js").Language }} Words */

/** The order in which statuses are told: what needs a look comes first. */
export const ORDER = ["failed", "partial", "unknown", "running", "cancelling", "paused", "queued", "succeeded", "cancelled", "expired"];

/** How long a task took, or null. @param {Task} task @param {Words} words */
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

/** Since when a task is on its way: the start where the API tells it. @param {Task} task */
export const since = (task) => task.startedAt ?? task.createdAt;

/** What went wrong, at a glance: the innermost cause, or the first sub-task that failed. @param {Task} task @returns {{ code: string | null, message: string } | null} */
export function reason(task) {
  if (task.status !== "failed" && task.status !== "partial") return null;
  const error = task.error ?? task.subTasks.find((one) => one.status === "failed" && one.error)?.error;
  if (!error) return null;
  const { code, message } = { ...error, ...withoutNulls(error.cause ?? {}) };
  return { code, message: message.trim().split(/\r?\n/)[0] };
}

/** @param {object} value */
const withoutNulls = (value) => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null));
