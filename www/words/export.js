// @ts-check
// Tasks as what can be taken elsewhere: a table, data, and a text for a ticket. Pure; knows the tasks alone, so no secret gets in.

import { isoMoment, moment, percent } from "./format.js";
import { length, precision } from "./task.js";

/** @typedef {import("tasklens").Task} Task */
/** @typedef {{ standing: string, heardAt: string | null }} Seen what the page knows of a watched task: whether it is still asked for, and when it was last heard */

/** A spreadsheet takes what begins so for a formula, the full-width forms too. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** The table's columns. Their names are for machines: the same in every language. @type {[name: string, value: (task: Task, seen?: Seen) => string | number | boolean | null | undefined][]} */
const COLUMNS = [
  ["api", (task) => task.api],
  ["region", (task) => task.regionId],
  ["id", (task) => task.id],
  ["action", (task) => task.action],
  ["status", (task) => task.status],
  ["rawStatus", (task) => task.rawStatus],
  ["terminal", (task) => task.terminal],
  ["progress", (task) => task.progress.fraction],
  ["progressOrigin", (task) => task.progress.origin],
  ["createdAt", (task) => iso(task.createdAt, task)],
  ["startedAt", (task) => iso(task.startedAt, task)],
  ["finishedAt", (task) => iso(task.finishedAt, task)],
  ["expiresAt", (task) => iso(task.expiresAt, task)],
  ["partsTotal", (task) => task.counts?.total],
  ["partsSucceeded", (task) => task.counts?.succeeded],
  ["partsFailed", (task) => task.counts?.failed],
  ["errorCode", (task) => failure(task)?.error.code],
  ["errorMessage", (task) => failure(task)?.error.message],
  ["causeCode", (task) => failure(task)?.error.cause?.code],
  ["causeMessage", (task) => failure(task)?.error.cause?.message],
  ["causeRequestId", (task) => failure(task)?.error.cause?.requestId],
  ["resourceId", (task) => task.resource?.id],
  ["resourceType", (task) => task.resource?.type],
  ["resourceProduct", (task) => task.resource?.product],
  ["resourcePaths", (task) => task.resource?.paths.join("\n")],
  ["name", (task) => task.name],
  ["description", (task) => task.description],
  ["priority", (task) => task.priority],
  ["cancellable", (task) => task.cancellable],
  ["standing", (_, seen) => seen?.standing],
  ["heardAt", (_, seen) => seen?.heardAt],
];

/** RFC 4180, with the mark by which Excel knows UTF-8. @param {Task[]} tasks @param {Seen[]} [seen] one for each task that is watched */
export function toCsv(tasks, seen = []) {
  const lines = [COLUMNS.map(([name]) => name), ...tasks.map((task, i) => COLUMNS.map(([, value]) => cell(value(task, seen[i]))))];
  return `\uFEFF${lines.map((line) => `${line.join(",")}\r\n`).join("")}`;
}

/** @param {string | number | boolean | null | undefined} value */
function cell(value) {
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The tasks as the package gives them. @param {Task[]} tasks @param {{ now: number, seen?: Seen[] }} options */
export function toJson(tasks, { now, seen }) {
  return `${JSON.stringify({ exportedAt: isoMoment(now, 1000), tasks, ...(seen && { seen }) }, null, 2)}\n`;
}

/**
 * One task for a ticket or a chat: what it is, how it stands, and what went wrong innermost.
 * @param {Task} task @param {{ t: import("./text.js").Text, language: import("./text.js").Language, now: number }} context
 */
export function toText(task, context) {
  const { t, language, now } = context;
  const { fraction, origin } = task.progress;
  const colon = t("watch.colon");
  const utc = (/** @type {number} */ ms, /** @type {number} */ precisionMs) => `${moment(ms, { language, timeZone: "UTC", precisionMs }) ?? ms} UTC`;
  const time = (/** @type {number | null} */ ms) => ms !== null && `${utc(ms, task.timePrecisionMs)} (${precision(task.timePrecisionMs, context)})`;
  /** @type {[name: string, value: string | false | null | undefined][]} */
  const lines = [
    [t("list.status"), `${t(`status.${task.status}`)} (${t("status.raw")}${colon}${task.rawStatus})`],
    [t("kind.task"), task.id],
    ["API", [t(`api.${task.api}`), task.regionId].filter(Boolean).join(" · ")],
    [t("task.progress"), fraction === null ? t("progress.none.short") : `${percent(fraction, language)} (${t(`progress.${origin}`)})`],
    ...failureLines(task, t),
    [t("task.resource"), task.resource && [task.resource.product, task.resource.type, task.resource.id, ...(task.resource.id ? [] : task.resource.paths.slice(0, 1))].filter(Boolean).join(" · ")],
    [t("task.created"), time(task.createdAt)],
    [t("task.started"), time(task.startedAt)],
    [t("task.finished"), time(task.finishedAt)],
    [t("task.duration"), task.terminal && length(task, context)],
    [t("text.copied"), utc(now, 1000)],
  ];
  return [task.action ?? t("kind.task"), ...lines.flatMap(([name, value]) => (value ? [`${name}${colon}${indented(value)}`] : []))].join("\n");
}

/** What went wrong, the first part that failed and the innermost cause. @param {Task} task @param {import("./text.js").Text} t @returns {[string, string | null][]} */
function failureLines(task, t) {
  const found = failure(task);
  if (!found) return [];
  const { error, nth } = found;
  const { cause } = error;
  const words = (/** @type {{ code: string | null, message: string | null }} */ { code, message }) => [code, message?.trim()].filter(Boolean).join(t("watch.colon"));
  const isFailure = task.status === "failed" || task.status === "partial";
  return [
    [t("subtask.first"), nth === null ? null : t("text.part", { n: nth + 1, total: task.subTasks.length })],
    // The message of an error with a cause is that cause once more, as it came.
    [t(isFailure || nth !== null ? "task.error" : "task.error.beside"), words({ code: error.code, message: cause ? null : error.message }) || t("error.untold")],
    [t("error.cause"), cause && words(cause)],
    [t("reading.request"), cause?.requestId ?? null],
  ];
}

/** The error of the task, or else of the first part that failed. @param {Task} task */
function failure(task) {
  if (task.error) return { error: task.error, nth: null };
  const nth = task.subTasks.findIndex((one) => one.status === "failed" && one.error);
  const error = task.subTasks[nth]?.error;
  return error ? { error, nth } : null;
}

/** So that a server's further lines are not taken for ours. @param {string} value */
const indented = (value) => value.trim().split(/\r\n?|\n/).join("\n  ");

/** @param {number | null} ms @param {Task} task */
const iso = (ms, task) => ms !== null ? isoMoment(ms, task.timePrecisionMs) ?? ms : null;

/** `tasks-2026-11-25T0830Z.csv`: the moment without what a file's name may not hold. @param {number} now @param {string} extension */
export const fileName = (now, extension) => `tasks-${isoMoment(now, 60_000)?.replaceAll(":", "")}.${extension}`;
