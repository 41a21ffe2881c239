// @ts-check
// One watched task → a row of the table, and what opens beneath it. Writes only what changed, and reads nothing of the layout.

import { attribute, h, icon, write } from "../draw/dom.js";
import { badge, copyAsText, copyWith, part, progressBar, taskBody, taskId } from "../draw/task.js";
import { age, duration, moment, offset, percent, roughly } from "../words/format.js";
import { length, reason, since } from "../words/task.js";
import { known } from "./board.js";
import { headline, reasonWords } from "./problem.js";
import { createRecord } from "./record.js";

/** @typedef {import("./board.js").Row} Row */
/** @typedef {import("tasklens").Task} Task */
/** @typedef {import("../draw/task.js").Context} Context */
/** @typedef {{ element: HTMLElement, update: (row: Row, context: Context) => void, tick: (context: Context) => void, isAsking: () => boolean, open: (open: boolean) => void, isOpen: () => boolean }} Drawn */

/** How long the question whether to cancel stands. */
const ASKED_MS = 4000;
/** How long a row that was found later is called new. */
const NEW_MS = 60_000;

let numbers = 0;

/**
 * @param {Row} first
 * @param {() => Context} context
 * @param {{ cancel: (row: Row) => void, opened: (row: Row) => void, closed: (row: Row) => void, newSince: (row: Row) => number | null, link: (row: Row) => string | null, say: (words: string) => void } & import("./record.js").Asking} actions
 * @returns {Drawn}
 */
export function createRow(first, context, actions) {
  let row = first;
  const { t } = context();
  const id = `watched-${++numbers}`;

  const toggle = h("button", { type: "button", class: "button quiet watch-toggle", "aria-expanded": "false", "aria-controls": id }, icon("chevron"));
  const status = h("span", { class: "watch-status" });
  const isNew = h("span", { class: "tag watch-new", hidden: true }, t("watch.new"));
  const action = h("span", { class: "row-action" });
  const failure = h("span", { class: "row-error", hidden: true });
  const note = h("span", { class: "row-note", hidden: true });
  const bar = h("progress", { max: 1 });
  const figure = h("span", { class: "watch-figure" });
  const origin = h("span", { class: "watch-origin" });
  const estimate = h("span", { class: "watch-estimate", hidden: true });
  const elapsed = h("span");
  const heard = h("span");
  const cancel = h("button", { type: "button", class: "button watch-cancel", hidden: true });

  const name = (/** @type {string} */ key) => h("span", { class: "watch-name" }, t(key));
  const cell = (/** @type {string} */ kind, /** @type {any[]} */ ...children) => h("td", { role: "cell", class: `watch-${kind}` }, children);
  const line = h("tr", { role: "row", class: "watch-line" },
    cell("cell-status", h("span", { class: "watch-first" }, toggle, status)),
    h("th", { role: "rowheader", scope: "row", class: "watch-cell-task" }, h("span", { class: "watch-title" }, action, isNew), h("code", null, first.ref.id), failure, note),
    cell("cell-where", h("span", null, t(`api.${first.ref.api}`)), first.ref.regionId && h("span", { class: "watch-region" }, first.ref.regionId)),
    cell("cell-progress", bar, h("span", { class: "watch-figures" }, figure, origin), estimate),
    cell("cell-elapsed", name("watch.elapsed"), elapsed),
    cell("cell-heard", name("watch.heard"), heard),
    cell("cell-cancel", cancel));
  const inside = h("div", { class: "task-body" });
  const record = createRecord(context, actions);
  const detail = h("tr", { role: "row", class: "watch-detail", id, hidden: true }, h("td", { role: "cell", colspan: 7 }, inside, record.element));
  const element = h("tbody", { role: "rowgroup", class: "watch-row", "data-key": first.key }, line, detail);
  const drawDetail = createDetail(inside, actions.link);

  // ── what opens ──

  const isOpen = () => !detail.hidden;
  /** @param {boolean} open */
  function open(open) {
    detail.hidden = !open;
    attribute(toggle, "aria-expanded", String(open));
    if (!open) return actions.closed(row);
    drawDetail(row, context());
    record.draw(row);
    actions.opened(row);
  }
  toggle.addEventListener("click", () => open(!isOpen()));
  line.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    if (!(/** @type {Element} */ (event.target).closest("button, a")) && String(getSelection()) === "") open(!isOpen());
  });

  // ── cancelling, asked twice ──

  let isAsking = false;
  let patience = 0;
  function withdraw() {
    clearTimeout(patience);
    isAsking = false;
    drawCancel(context());
  }
  cancel.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    // The second half of a double click is no second answer.
    if (typeof row.cancel === "string" || event.detail > 1) return;
    const { t } = context();
    if (isAsking) {
      withdraw();
      return actions.cancel(row);
    }
    isAsking = true;
    patience = window.setTimeout(withdraw, ASKED_MS);
    drawCancel(context());
    actions.say(t("watch.cancel.asked", { id: row.ref.id }));
  });
  cancel.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape" && isAsking) withdraw();
    if (event.repeat) event.preventDefault(); // nor is a key held down
  });
  cancel.addEventListener("blur", () => { if (isAsking) withdraw(); });

  /** @param {Context} context */
  function drawCancel({ t }) {
    const { task, standing, cancel: wish } = row;
    const offered = standing === "live" && task?.cancellable === true && wish !== "accepted" && task.status !== "cancelling";
    if (!offered) { clearTimeout(patience); isAsking = false; }
    const words = t(wish === "asking" ? "watch.cancel.sent" : isAsking ? "watch.cancel.sure" : "watch.cancel");
    cancel.hidden = !offered;
    write(cancel, words);
    attribute(cancel, "aria-label", `${words}${t("watch.colon")}${task?.action ?? t("kind.task")} ${row.ref.id}`);
    attribute(cancel, "data-asked", isAsking ? "" : null);
    attribute(cancel, "aria-disabled", wish === "asking" ? "true" : null);
  }

  // ── drawing ──

  /** @type {string} */
  let shownStatus = "";
  /** @param {Context} context */
  function drawStatus({ t }) {
    const { task, standing } = row;
    const next = standing === "gone" ? "gone" : task?.status ?? "unheard";
    attribute(element, "data-standing", standing);
    attribute(line, "data-status", standing === "gone" ? "cancelled" : task?.status ?? "queued");
    if (next === shownStatus) return;
    attribute(element, "data-changed", shownStatus && shownStatus !== "unheard" ? next : null);
    shownStatus = next;
    status.replaceChildren(task && standing !== "gone" ? badge(task.status, t)
      : h("span", { class: "badge", "data-status": standing === "gone" ? "cancelled" : "queued" }, icon(standing === "gone" ? "unknown" : "queued"), t(`watch.status.${next}`)));
  }

  /** @param {Context} context */
  function drawProgress(context) {
    const { t, language } = context;
    const { task } = row;
    const fraction = task?.progress.fraction ?? null;
    const drawn = progressBar(task ?? /** @type {any} */ ({ progress: { fraction: null }, status: "queued" }), context);
    for (const name of ["value", "data-status", "aria-label"]) attribute(bar, name, drawn.getAttribute(name));
    write(figure, fraction === null ? t("progress.none.short") : percent(fraction, language));
    attribute(figure, "data-unknown", fraction === null ? "" : null);
    write(origin, fraction === null ? "" : t(`watch.origin.${task?.progress.origin}`));
  }

  /** The operation that was refused last. */
  function asked() {
    const last = actions.answer(row);
    return last && last.status >= 400 ? last.request.split("?")[0].replace("/", ".") : null;
  }

  /** What there is to say besides: of the cancelling, of the asking, of the end. @param {Context} context @returns {[tone: "bad" | "note", words: string] | null} */
  function noteWords({ t, language, now }) {
    const { cancel: wish, standing, trouble, task } = row;
    if (wish && typeof wish === "object") return ["bad", t("watch.cancel.failed", { reason: reasonWords(wish.error, t, `${row.ref.api}.CancelTask`) })];
    if (standing === "gone") return ["note", t("watch.gone")];
    if (standing === "given-up") return ["bad", t("watch.givenup", { reason: reasonWords(trouble?.error, t, asked()) })];
    if (trouble) {
      const left = Math.max(0, (trouble.until ?? now) - now);
      return ["note", t(left > 0 ? "watch.retry" : "watch.retry.now", { reason: headline(trouble.error, t), duration: duration(Math.ceil(left / 1000) * 1000, language) })];
    }
    if (wish === "accepted" && task?.status !== "cancelling") return ["note", t("watch.cancel.accepted")];
    return null;
  }

  /** @param {Context} context */
  function drawNotes(context) {
    const found = row.task && reason(row.task);
    failure.hidden = !found;
    const words = found ? [found.code, found.message].filter(Boolean).join(": ") : "";
    if (failure.textContent !== words) failure.replaceChildren(...(found ? [icon("failed"), h("span", { class: "server" }, words)] : []));
    const said = noteWords(context);
    note.hidden = !said;
    if (!said || note.textContent === said[1]) return;
    if (note.dataset.tone === said[0] && note.lastElementChild) return write(note.lastElementChild, said[1]);
    attribute(note, "data-tone", said[0]);
    note.replaceChildren(icon(said[0] === "bad" ? "failed" : "note"), h("span", null, said[1]));
  }

  /** What goes on between two polls. @param {Context} context */
  function tick(context) {
    const { t, language, now } = context;
    const { task, standing } = row;
    const newAt = actions.newSince(row);
    isNew.hidden = newAt === null || now - newAt > NEW_MS;
    // Of what is asked for no more nobody knows whether it goes on.
    write(elapsed, task ? lasted(task, standing === "live" ? now : row.heardAt ?? now, context) : "");
    attribute(elapsed, "title", task && !task.terminal && task.timePrecisionMs > 1000 && since(task) !== null ? t("watch.elapsed.minute") : null);
    const ended = row.endedAt ?? task?.finishedAt ?? null;
    write(heard, standing === "ended" ? (ended === null ? "" : t("watch.ended", { age: age(Math.min(ended, now), now, language, "narrow") }))
      : row.heardAt === null ? "" : age(Math.min(row.heardAt, now), now, language, "narrow"));
    const left = row.estimate && standing === "live" ? row.estimate.finishAt - now : null;
    estimate.hidden = left === null;
    if (left !== null && row.estimate) {
      write(estimate, estimateWords(left, context));
      attribute(estimate, "title", estimateTitle(row.estimate, context));
    }
    if (row.trouble?.until) drawNotes(context);
    if (isOpen()) record.draw(row);
  }

  /** What was drawn last. @type {unknown[]} */
  let drawn = [];
  /** @param {Row} next @param {Context} context */
  function update(next, context) {
    const { task, standing, trouble, cancel } = next;
    const draws = [task, standing, trouble, cancel];
    if (drawn.length > 0 && draws.every((one, i) => one === drawn[i])) return;
    drawn = draws;
    row = next;
    drawStatus(context);
    write(action, row.task?.action ?? context.t("kind.task"));
    attribute(toggle, "aria-label", `${context.t("watch.details")}${context.t("watch.colon")}${action.textContent} ${row.ref.id}`);
    drawProgress(context);
    drawNotes(context);
    drawCancel(context);
    tick(context);
    if (isOpen()) drawDetail(row, context);
  }

  update(first, context());
  return { element, update, tick, open, isOpen, isAsking: () => isAsking };
}

/** How long it took, or had taken by a moment. @param {Task} task @param {number} until @param {Context} context */
function lasted(task, until, context) {
  if (task.terminal) return length(task, context) ?? "";
  const from = since(task);
  return from === null ? "" : duration(Math.max(0, until - from), context.language);
}

/** @param {number} left @param {Context} context */
function estimateWords(left, { t, language }) {
  return left < 1000 ? t("watch.estimate.over") : t("watch.estimate", { duration: duration(roughly(left), language) });
}

/** @param {import("./board.js").Estimate} estimate @param {Context} context */
function estimateTitle({ finishAt, confidence, earliestAt, latestAt }, { t, language, timeZone }) {
  const [at, from, to] = [finishAt, earliestAt, latestAt].map((ms) => moment(ms, { language, timeZone, precisionMs: 1000 }));
  return t("watch.estimate.title", { at: `${at} ${offset(finishAt, timeZone)}`, from: `${from}`, to: `${to}`, confidence: percent(Math.round(confidence * 100) / 100, language) });
}

/**
 * What opens beneath a row: the reading mode's view of a task. Of it only the parts that changed are replaced, so that what was opened
 * in the others stays open; the focus stays where it was, and nothing is replaced under a selection.
 * @param {HTMLElement} place @param {(row: Row) => string | null} link
 */
function createDetail(place, link) {
  /** @type {{ part: HTMLElement, as: string }[]} */
  let shown = [];
  return (/** @type {Row} */ row, /** @type {Context} */ context) => {
    const selection = getSelection();
    if (selection && !selection.isCollapsed && place.contains(selection.anchorNode)) return;
    const parts = detailParts(row, link, context).map((part) => {
      const as = part.outerHTML;
      return shown.find((old) => old.as === as) ?? { part, as };
    });
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    const held = shown.find(({ part }) => part.contains(focused))?.part;
    const at = held ? focusable(held).indexOf(focused) : -1;
    for (const old of shown) if (!parts.includes(old)) old.part.remove();
    parts.forEach(({ part }, i) => { if (place.children[i] !== part) place.insertBefore(part, place.children[i] ?? null); });
    shown = parts;
    if (!held || place.contains(document.activeElement)) return;
    const now = parts.find(({ part }) => heading(part) === heading(held))?.part;
    const next = (now && focusable(now)[at]) ?? focusable(place)[0];
    next.focus({ preventScroll: true });
  };
}

/** @param {Element} element */
const focusable = (element) => [.../** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll("button, summary, a"))];

/** What a part is known by. @param {Element} part */
const heading = (part) => part.querySelector("h3, h4")?.firstChild?.textContent;

/** @param {Row} row @param {(row: Row) => string | null} link @param {Context} context @returns {HTMLElement[]} */
function detailParts(row, link, context) {
  const { t } = context;
  const { task, ref, estimate } = row;
  const head = h("div", { class: "part wide watch-head" }, h("h3", { class: "unseen" }, `${task?.action ?? t("kind.task")} ${ref.id}`), h("div", { class: "watch-id" }, taskId(ref.id, 0, context), copyWith("link.copy", "link.what", "copy-link", () => link(row), context)),
    task && h("p", { class: "task-state" }, h("code", { class: "raw-word", title: t("status.raw") }, task.rawStatus), h("span", { class: "muted" }, t(task.terminal ? "status.terminal" : "status.open")), copyAsText(() => known(row), context)));
  if (!task) return [head, h("p", { class: "part wide muted" }, t("watch.silent"))];
  const guess = estimate && part("watch.estimate.heading", 4, context, { class: "wide" }, h("p", null, estimateTitle(estimate, context)));
  const body = taskBody(task, 4, context);
  return [head, ...[...body.children].flatMap((one, i) => (i === 0 && guess ? [one, guess] : [one]))];
}
