// @ts-check
// Every kind of reply → DOM, and what stands where a reply could not be read. One task alone is task.js.

import { adviceKey, apart, deniedOf } from "../words/fault.js";
import { count, duration, isoMoment, moment, offset, percent } from "../words/format.js";
import { length, ORDER, reason } from "../words/task.js";
import { hasText } from "../words/text.js";
import { h, icon, message, outsideLink } from "./dom.js";
import { badge, copyButton, drawRest, errorBox, focusOn, json, paged, pairs, part, progressBar, subTasks, taskBody, taskCard, taskId } from "./task.js";

/** @typedef {import("tasklens").Reply} Reply */
/** @typedef {import("tasklens").Task} Task */
/** @typedef {import("tasklens").Finding} Finding */
/** @typedef {import("tasklens").TasklensError} TasklensError */
/**
 * @typedef {import("./task.js").Context & {
 *   more: (from: number, to: number) => Task[],
 *   show: (place: { line: number, column: number }, tone: "finding" | "problem") => void,
 *   excerpt: (line: number, column: number) => { before: string, found: string, after: string } | null,
 *   format: "json" | "xml",
 *   watch?: (reply: Reply) => (() => void) | null,
 *   save?: (shown: () => import("../share/save.js").Shown) => HTMLElement,
 * }} Context `watch`: what watching the task of a reply does, null where it cannot be watched; left out where there is no watch.
 *   `save` where there is somewhere to save to.
 */

/** How many rows of a list are drawn at once. */
export const ROWS = 100;
const FINDINGS = 20;
const KIND_ICON = { throttled: "paused", transient: "paused", "not-found": "unknown", denied: "cancelled", credentials: "lock", clock: "expired", invalid: "failed", conflict: "partial", other: "failed" };

/** @param {Reply} reply @param {Context} context */
export function replyView(reply, context) {
  const draw = { task: taskReply, tasks: tasksReply, started: startedReply, accepted: acceptedReply, fault: faultReply }[reply.kind];
  return [headline(reply, context), draw(/** @type {any} */ (reply), context), findings(reply.findings, context)];
}

/** What it is, whose it is, and where the findings are. @param {Reply} reply @param {Context} context */
function headline(reply, context) {
  const { t, language } = context;
  const n = reply.findings.length;
  const tasks = reply.kind === "task" ? () => [reply.task] : reply.kind === "tasks" && reply.summary.total > 0 ? () => context.more(0, reply.summary.total) : null;
  return h("div", { class: "headline" },
    h("p", { class: "headline-kind" },
      h("strong", null, t(`kind.${reply.kind}`)),
      "api" in reply && h("span", { class: "tag" }, t(`api.${reply.api}`)),
      h("span", { class: "tag" }, context.format.toUpperCase()),
      n > 0 && h("a", { class: "tag", "data-tone": "finding", href: "#findings" }, icon("note"), t("reading.findings", { n: count(n, language) }))),
    tasks && context.save?.(() => ({ tasks: tasks() })),
    reply.requestId && h("p", { class: "with-copy headline-request" }, h("span", { class: "muted" }, t("reading.request")), " ",
      h("code", null, reply.requestId), copyButton(reply.requestId, "copy.request", context)));
}

/** @param {Extract<Reply, { kind: "task" }>} reply @param {Context} context */
function taskReply(reply, context) {
  const card = taskCard(reply.task, context);
  card.firstElementChild.append(...watchButton(reply, context));
  return card;
}

/** Leads to the other mode. @param {Reply} reply @param {Context} context */
function watchButton(reply, { t, watch }) {
  const go = watch?.(reply);
  return go ? [h("p", { class: "task-watch" }, h("button", { type: "button", class: "button", on: { click: go } }, t("add.watch")))] : [];
}

/** @param {Extract<Reply, { kind: "tasks" }>} reply @param {Context} context */
function tasksReply(reply, context) {
  const { t, language } = context;
  const { summary, page } = reply;
  if (summary.total === 0) return h("p", { class: "callout" }, icon("note"), t("list.none"));
  const paging = [
    page.number !== null && t("list.page", { number: page.number }),
    page.size !== null && t("list.size", { size: count(page.size, language) }),
    page.total !== null && t("list.total", { total: count(page.total, language) }),
    (page.nextToken !== null || (page.number !== null && page.size !== null && page.total !== null && page.number * page.size < page.total)) && t("list.next"),
  ].filter(Boolean).join(" · ");
  const { fraction, known } = summary.progress;
  return [
    h("section", { class: "tally" },
      h("h3", null, t("list.summary", { n: count(summary.total, language) }), paging && h("span", { class: "part-note" }, paging)),
      tally(summary.byStatus, context),
      h("p", { class: "muted" }, [
        t("list.terminal", { n: count(summary.terminal, language) }),
        fraction !== null && t("list.mean", { percent: percent(Math.floor(fraction * 1000) / 1000, language), n: known }),
      ].filter(Boolean).join(" · "))),
    rows(reply, context),
  ];
}

/**
 * How many tasks stand how: as lengths for the eye, in words and figures for everybody.
 * @param {Partial<Record<string, number>>} byStatus @param {{ t: import("../words/text.js").Text, language: import("../words/text.js").Language }} context
 * @param {((status: string) => void) | null} [pick] what pressing one does
 */
export function tally(byStatus, { t, language }, pick = null) {
  const present = ORDER.filter((status) => byStatus[status]);
  const bar = h("div", { class: "tally-bar", "aria-hidden": "true" }, present.map((status) => {
    const piece = h("span", { "data-status": status });
    piece.style.flexGrow = String(byStatus[status]);
    return piece;
  }));
  const words = (/** @type {string} */ status) => [badge(status, t), h("strong", null, count(/** @type {number} */ (byStatus[status]), language))];
  return [bar, h("ul", null, present.map((status) => h("li", null, pick
    ? h("button", { type: "button", class: "tally-pick", "data-pick": status, "aria-pressed": "false", on: { click: () => pick(status) } }, words(status)) : words(status))))];
}

/** @param {{ api: string, summary: { total: number }, tasks: Task[] }} reply its tasks are the first ones @param {Context} context @param {number} [level] of the headings in a row */
export function rows(reply, context, level = 4) {
  const { t } = context;
  const total = reply.summary.total;
  const list = h("ul", { class: "rows" });
  const rest = h("p", { class: "rest" });
  const started = reply.api === "bdrc";
  const zone = offset(reply.tasks.map((task) => startOf(task, started)).find((at) => at !== null) ?? context.now, context.timeZone);
  /** @type {Map<string, number>} */
  const seen = new Map();
  let shown = 0;
  const add = (/** @type {Task[]} */ tasks) => {
    const items = tasks.map((task) => {
      const nth = seen.get(task.id) ?? 0;
      seen.set(task.id, nth + 1);
      return row(task, nth, total === 1, started, zone, level, context);
    });
    list.append(...items);
    shown += items.length;
    drawRest(rest, shown, total, ROWS, context, () => focusOn(add(context.more(shown, shown + ROWS))));
    return items[0];
  };
  add(reply.tasks);
  return h("section", { class: "list" },
    rowNames(started ? "started" : "created", zone, t), list, rest);
}

/** The moment a list is told by. @param {Task} task @param {boolean} started */
const startOf = (task, started) => (started ? task.startedAt : task.createdAt);

/** What stands above the rows. @param {"started" | "created" | "since"} at which moment the rows tell @param {string} zone @param {import("../words/text.js").Text} t */
export function rowNames(at, zone, t) {
  return h("p", { class: "row row-names", "aria-hidden": "true" },
    [["status", "status"], ["task", "task"], ["progress", "progress"], ["created", at], ["duration", "duration"]].map(([cell, name]) => h("span", { class: `cell-${cell}` }, t(`list.${name}`, { zone }))));
}

/** One line of a list; its body is drawn when it is first opened. @param {Task} task @param {number} nth @param {boolean} open @param {boolean} started @param {string} zone the one in the heading @param {number} level @param {import("./task.js").Context} context */
export function row(task, nth, open, started, zone, level, context) {
  const { t, language, timeZone } = context;
  const at = startOf(task, started);
  const took = task.terminal ? length(task, context) : null;
  const fraction = task.progress.fraction;
  const error = task.error ?? reason(task);
  const name = (/** @type {string} */ key) => h("span", { class: "cell-name" }, `${t(key)} `);
  const body = h("div", { class: "row-body" });
  const details = h("details", { class: "row-details", "data-status": task.status },
    h("summary", { class: "row" },
      h("span", { class: "cell-status" }, icon("chevron"), badge(task.status, t)),
      h("span", { class: "cell-task" }, h("span", { class: "row-action" }, task.action ?? t("kind.task")), " ", h("code", null, task.id),
        error && h("span", { class: "row-error" }, icon(task.status === "failed" || task.status === "partial" ? "failed" : "note"), error.code ?? error.message)),
      h("span", { class: "cell-progress" }, name("list.progress"), progressBar(task, context),
        h("span", { class: "row-percent" }, fraction === null ? t("progress.none.short") : percent(fraction, language))),
      h("span", { class: "cell-created" }, at !== null && [h("span", { class: "cell-name" }, `${t(started ? "task.started" : "task.created")} `),
        h("time", { datetime: isoMoment(at, task.timePrecisionMs) }, moment(at, { language, timeZone, precisionMs: task.timePrecisionMs }) ?? at),
        h("span", { class: "cell-zone", "data-other": offset(at, timeZone) !== zone }, ` ${offset(at, timeZone)}`)]),
      h("span", { class: "cell-duration" }, took && [name("list.duration"), took])),
    body);
  const fill = () => {
    if (!details.open || body.firstChild) return;
    body.append(
      h("p", { class: "task-state" }, h("code", { class: "raw-word", title: t("status.raw") }, task.rawStatus), h("span", { class: "muted" }, t(task.terminal ? "status.terminal" : "status.open"))),
      taskId(task.id, nth, context), taskBody(task, level, context));
  };
  details.addEventListener("toggle", fill);
  details.open = open;
  fill();
  return h("li", null, details);
}

/** @param {Extract<Reply, { kind: "started" }>} reply @param {Context} context */
function startedReply(reply, context) {
  const { t } = context;
  const { id, groupId } = reply;
  return h("article", { class: "task" },
    h("header", { class: "task-head" }, h("h3", null, t("kind.started")), h("p", { class: "lead" }, t(id || groupId ? "started.lead" : "started.none")), watchButton(reply, context)),
    h("div", { class: "task-body" },
      (id || groupId) && h("section", { class: "part wide" }, pairs([
        [t("started.id"), id && taskId(id, 0, context)],
        [t("started.group"), groupId && h("span", { class: "with-copy" }, h("code", null, groupId), copyButton(groupId, "copy.group", context))],
      ])),
      reply.subTasks.length > 0 && part("task.subtasks", 4, context, { class: "wide", note: count(reply.subTasks.length, context.language) }, subTasks(reply.subTasks, context)),
      extra(reply.extra, context)));
}

/** @param {Extract<Reply, { kind: "accepted" }>} reply @param {Context} context */
function acceptedReply(reply, context) {
  const { t } = context;
  return h("article", { class: "task" },
    h("header", { class: "task-head" }, h("h3", null, t("kind.accepted")), h("p", { class: "lead" }, t("accepted.lead"))),
    h("div", { class: "task-body" }, extra(reply.extra, context)));
}

/** @param {Record<string, unknown>} fields @param {Context} context */
function extra(fields, context) {
  return Object.keys(fields).length > 0 && part("task.extra", 4, context, { class: "wide" }, json(fields, context));
}

/** @param {Extract<Reply, { kind: "fault" }>} reply @param {Context} context */
function faultReply({ fault }, context) {
  const { t, language } = context;
  const off = fault.kind === "clock" ? apart(fault.message) : null;
  return h("article", { class: "task fault" },
    h("header", { class: "task-head" },
      h("p", { class: "task-state" },
        h("span", { class: "badge", "data-status": "failed" }, icon(KIND_ICON[fault.kind]), t(`fault.kind.${fault.kind}`)),
        h("span", { class: "muted" }, t(fault.retryable ? "fault.retryable" : "fault.final"))),
      h("h3", { class: "server" }, fault.code),
      h("p", { class: "lead server" }, fault.message)),
    h("div", { class: "task-body" },
      part("fault.do", 4, context, { class: "wide" },
        h("p", null, t(adviceKey(fault, null)), off !== null && [" ", t("fault.clock.apart", { duration: duration(off, language) })]),
        h("p", { class: "muted" }, t("fault.lead"))),
      (fault.status !== null || fault.hostId || fault.recommend) && h("section", { class: "part wide" }, pairs([
        [t("fault.status"), fault.status],
        [t("fault.host"), fault.hostId && h("code", null, fault.hostId)],
        [t("fault.recommend"), fault.recommend && outsideLink(fault.recommend)],
      ])),
      fault.accessDenied && part("fault.denied", 4, context, { class: "wide" }, deniedWords(fault.accessDenied, context), json(fault.accessDenied, context))));
}

/** @param {Record<string, unknown>} detail @param {Context} context */
function deniedWords(detail, context) {
  const { t } = context;
  const denied = deniedOf(detail);
  return denied && pairs([
    [t("denied.action"), denied.action && h("span", { class: "with-copy" }, h("code", null, denied.action), copyButton(denied.action, "copy.action", context))],
    [t("denied.principal"), denied.principal],
    [t("denied.policy"), denied.policyType && h("code", null, denied.policyType)],
    [t("denied.why"), denied.deny ? t(denied.deny === "explicit" ? "denied.explicit" : "denied.implicit") : denied.word && h("code", null, denied.word)],
  ]);
}

/** Characters a Chinese keyboard writes where the formats want the narrow one. */
const NARROW = { "，": ",", "：": ":", "“": '"', "”": '"', "｛": "{", "｝": "}", "［": "[", "］": "]", "＜": "<", "＞": ">", "　": " " };

/** Why nothing could be read. @param {TasklensError | Error} error @param {Context} context */
export function problemView(error, context) {
  const { t, format } = context;
  const code = "code" in error && hasText(`problem.${error.code}`) ? error.code : "other";
  const { line, column, path } = /** @type {Partial<TasklensError>} */ (error);
  const place = line !== undefined && line !== null ? { line, column: column ?? 1 } : null;
  const seen = place && context.excerpt(place.line, place.column);
  const wide = seen && /** @type {Record<string, string>} */ (NARROW)[seen.found[0]];
  const name = format.toUpperCase();
  return [
    h("div", { class: "headline" }, h("p", { class: "headline-kind" }, h("strong", null, t("kind.error")), h("span", { class: "tag" }, name))),
    h("article", { class: "task problem" },
      h("header", { class: "task-head" },
        h("p", { class: "task-state" }, h("span", { class: "badge", "data-status": "failed" }, icon("failed"), h("code", null, "code" in error ? error.code : error.name))),
        h("h3", null, t(`problem.${code}`, { format: name })),
        h("p", { class: "lead" }, t(`problem.do.${code}`))),
      h("div", { class: "task-body" },
        h("section", { class: "part wide" },
          wide && h("p", { class: "callout" }, icon("note"), t("problem.width", { found: seen.found[0], wanted: wide, format: name })),
          format === "json" && seen && /^\/[*/]/.test(seen.found + seen.after) && h("p", { class: "callout" }, icon("note"), t("problem.comment")),
          place && placeLine(place, seen, "problem", context),
          h("p", { class: "boxed" }, message(error.message)),
          path && pairs([[t("problem.path"), h("code", null, path)]])))),
  ];
}

/** @param {{ line: number, column: number }} place @param {ReturnType<Context["excerpt"]>} seen @param {"finding" | "problem"} tone @param {Context} context */
function placeLine(place, seen, tone, { t, show }) {
  const button = h("button", { type: "button", class: "place", "data-tone": tone, "aria-label": `${t("findings.show", place)}`, on: {
    click: () => {
      for (const other of document.querySelectorAll(".place[aria-current]")) other.removeAttribute("aria-current");
      button.setAttribute("aria-current", "true");
      show(place, tone);
    },
  } },
  h("span", { class: "place-number" }, `${place.line}:${place.column}`),
  seen && h("code", null, seen.before, h("mark", null, seen.found || " "), seen.after));
  return button;
}

/** @param {Finding[]} list @param {Context} context */
function findings(list, context) {
  const { t, language } = context;
  if (list.length === 0) return null;
  return h("section", { class: "findings", id: "findings", tabindex: "-1" },
    h("h3", null, t("findings.heading"), h("span", { class: "part-note" }, count(list.length, language))),
    h("p", { class: "muted" }, t("findings.lead")),
    paged(list, FINDINGS, context, "ol", "findings-list", (finding) => {
      const known = `finding.${finding.code}`;
      const place = finding.line !== null ? { line: finding.line, column: finding.column ?? 1 } : null;
      return h("li", { class: "finding" },
        h("p", { class: "finding-head" }, icon("note"), hasText(known) && h("strong", null, t(known)), h("code", { class: "raw-word" }, finding.code)),
        place && placeLine(place, context.excerpt(place.line, place.column), "finding", context),
        h("p", { class: "finding-words" }, h("code", null, finding.path), " ", message(finding.message)));
    }));
}
