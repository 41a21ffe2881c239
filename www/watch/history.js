// @ts-check
// What was heard of one task, in the order it was heard: this page's own record. Pure; the clock is an argument.

/** @typedef {"found" | "status" | "progress" | "ended" | "trouble" | "recovered" | "gone" | "given-up" | "again" | "cancel-asked" | "cancel-accepted" | "cancel-refused"} What */
/**
 * @typedef {object} Entry
 * @property {number} at
 * @property {What} what
 * @property {string | null} status as it stood then; null where nothing was known
 * @property {number | null} fraction likewise
 * @property {string | null} [from] the status before, where it changed
 * @property {number | null} [was] the fraction before, where it changed
 * @property {Trouble} [error] what went wrong with the asking
 * @property {number} [delayMs] how long after that it was asked again
 * @property {number} [times] how often in a row, where more than once
 */
/** As much of an error as its headline needs. @typedef {{ code: string, fault?: { kind: string, code: string, requestId: string | null, status: number | null }, cause?: { type: string } }} Trouble */
/** @typedef {import("tasklens").Task} Task */

/** How many entries a task has at most, and how many of them outlast a reload. */
const MOST = 200;
const KEPT = 30;

/** One more entry. The list given stays as it is. @param {Entry[]} list @param {Entry} entry @returns {Entry[]} */
export function note(list, entry) {
  const last = list.at(-1);
  if (last && entry.what === "trouble" && isSame(last, entry)) return [...list.slice(0, -1), { ...last, delayMs: entry.delayMs, times: (last.times ?? 1) + 1 }];
  return shorten([...list, entry], MOST);
}

/** What is worth an entry when a task is heard of; nothing where it is as before. @param {Task | null} before @param {Task} task @param {number} at @returns {Entry | null} */
export function news(before, task, at) {
  const { status, progress: { fraction } } = task;
  const entry = { at, status, fraction };
  if (!before) return { ...entry, what: "found" };
  const moved = before.progress.fraction === fraction ? {} : { was: before.progress.fraction };
  if (before.status !== status) return { ...entry, what: task.terminal ? "ended" : "status", from: before.status, ...moved };
  return "was" in moved ? { ...entry, what: "progress", ...moved } : null;
}

/** What a reload keeps of it. @param {Entry[]} list */
export const kept = (list) => shorten(list, KEPT);

/** @param {any} error @returns {Trouble} */
export function trouble(error) {
  const { code, fault, cause } = error ?? {};
  return {
    code: String(code),
    ...(fault ? { fault: { kind: fault.kind, code: fault.code, requestId: fault.requestId, status: fault.status } } : {}),
    ...(cause?.type ? { cause: { type: String(cause.type) } } : {}),
  };
}

/** Whether it is the same trouble still, whichever request had it. @param {Entry} a @param {Entry} b */
function isSame(a, b) {
  return a.what === b.what && a.error?.code === b.error?.code && a.error?.fault?.code === b.error?.fault?.code && a.error?.cause?.type === b.error?.cause?.type;
}

/** The oldest progress goes first, into the step after it; then what is oldest, but not how the task was found. @param {Entry[]} list @param {number} most */
function shorten(list, most) {
  const left = [...list];
  while (left.length > most) {
    const step = left.findIndex((entry) => entry.what === "progress");
    const [gone] = left.splice(step === -1 ? 1 : step, 1);
    const next = left.slice(Math.max(step, 0)).findIndex((entry) => entry.was !== undefined);
    if (step !== -1 && next !== -1) left[step + next] = { ...left[step + next], was: gone.was };
  }
  return left;
}
