// @ts-check
// One task → DOM. Draws what it is given; parses nothing and fetches nothing.

import { toText } from "../words/export.js";
import { age, count, isoMoment, moment, offset, percent } from "../words/format.js";
import { length, precision } from "../words/task.js";
import { hasText } from "../words/text.js";
import { h, icon } from "./dom.js";
import { tokens } from "./lines.js";

/** @typedef {import("tasklens").Task} Task */
/** @typedef {import("tasklens").SubTask} SubTask */
/** @typedef {import("tasklens").TaskError} TaskError */
/**
 * What drawing needs from outside: words, the clock, and what a button does.
 * @typedef {object} Context
 * @property {import("../words/text.js").Text} t
 * @property {import("../words/text.js").Language} language
 * @property {number} now
 * @property {string | undefined} timeZone the one times are told in; undefined is the browser's own
 * @property {string | undefined} otherZone the one told beside it, where it differs; likewise
 * @property {(value: string, what: string) => Promise<boolean>} copy
 * @property {((id: string, nth: number) => void) | null} find null where there is no text to find it in
 */

const FAILED = new Set(["failed", "partial"]);
/** What is shown at once of something long; the rest waits for a button. */
const STEP = 50;
const JSON_LINES = 24;

/** A task alone. @param {Task} task @param {Context} context */
export function taskCard(task, context) {
  const { t } = context;
  return h("article", { class: "task", "data-status": task.status },
    h("header", { class: "task-head" },
      h("p", { class: "task-state" },
        badge(task.status, t), rawWord(task.rawStatus, t),
        h("span", { class: "muted" }, t(task.terminal ? "status.terminal" : "status.open")), copyAsText(() => task, context)),
      h("h3", null, task.action ?? t("kind.task")),
      taskId(task.id, 0, context)),
    taskBody(task, 4, context));
}

/** Everything below a task's headline: of a failure first what went wrong. @param {Task} task @param {number} level of its headings @param {Context} context */
export function taskBody(task, level, context) {
  const failed = FAILED.has(task.status);
  const wide = { class: "wide" };
  const error = task.error && part(failed ? "task.error" : "task.error.beside", level, context, wide, errorBox(task.error, task.status, context));
  const parts = task.subTasks.length > 0
    && part("task.subtasks", level, context, { ...wide, note: count(task.subTasks.length, context.language) }, subTasks(task.subTasks, context));
  return h("div", { class: "task-body" },
    failed && error,
    part("task.progress", level, context, wide, progress(task, context)),
    failed ? parts : error,
    part("task.times", level, context, { ...wide, note: hasTimes(task) && precision(task.timePrecisionMs, context) }, times(task, context)),
    part("task.facts", level, context, { class: "wide facts" }, facts(task, context)),
    !failed && parts,
    task.resource && part("task.resource", level, context, wide, resource(task.resource, context)),
    task.detail !== null && part("task.detail", level, context, task.result === null ? wide : {}, json(task.detail, context)),
    task.result !== null && part("task.result", level, context, task.detail === null ? wide : {}, json(task.result, context)),
    Object.keys(task.extra).length > 0 && part("task.extra", level, context, wide, json(task.extra, context)));
}

/** @param {string} key @param {number} level @param {Context} context @param {{ class?: string, note?: any }} options @param {...any} children */
export function part(key, level, { t }, options, ...children) {
  return h("section", { class: `part ${options.class ?? ""}` },
    h(`h${level}`, null, t(key), options.note && h("span", { class: "part-note" }, options.note)), children);
}

/** A status as shape, word and tone. @param {string} status @param {import("../words/text.js").Text} t */
export function badge(status, t) {
  return h("span", { class: "badge", "data-status": status }, icon(status), t(`status.${status}`));
}

/** @param {string | null} word @param {import("../words/text.js").Text} t */
function rawWord(word, t) {
  return word && h("code", { class: "raw-word", title: t("status.raw") }, word);
}

/** @param {string} id @param {number} nth how many tasks of the same id stand before it @param {Context} context */
export function taskId(id, nth, context) {
  const { t, find } = context;
  return h("p", { class: "task-id" }, h("code", null, id), copyButton(id, "copy.id", context),
    find && h("button", { type: "button", class: "button quiet", title: t("task.find"), "aria-label": `${t("task.find")}: ${id}`, on: { click: () => find(id, nth) } }, icon("find")));
}

/** @param {string} value @param {string} what @param {Context} context */
export function copyButton(value, what, { t, copy }) {
  const name = t("copy", { what: t(what) });
  const button = h("button", { type: "button", class: "button quiet", title: name, "aria-label": `${name}: ${value}` }, icon("copy"));
  button.addEventListener("click", async () => {
    if (!(await copy(value, t(what)))) return;
    button.replaceChildren(icon("copied"));
    setTimeout(() => button.replaceChildren(icon("copy")), 1600);
  });
  return button;
}

/** All that matters of a task, for a ticket. @param {() => Task | null} task as it is when it is asked for @param {Context} context */
export function copyAsText(task, context) {
  const text = () => { const one = task(); return one && toText(one, { ...context, now: Date.now() }); };
  return copyWith("text.copy", "text.what", "copy-text", text, context);
}

/** A button that says in words what it copies. @param {string} words @param {string} what @param {string} name its class @param {() => string | null} text as it is when it is asked for @param {Context} context */
export function copyWith(words, what, name, text, { t, copy }) {
  const place = h("span", { class: "copy-text-icon" }, icon("copy"));
  return h("button", { type: "button", class: `button ${name}`, on: {
    click: async () => {
      const value = text();
      if (!value || !(await copy(value, t(what)))) return;
      place.replaceChildren(icon("copied"));
      setTimeout(() => place.replaceChildren(icon("copy")), 1600);
    },
  } }, place, t(words));
}

/** @param {Task} task @param {Context} context */
function progress(task, context) {
  const { t, language } = context;
  const { fraction, origin } = task.progress;
  const words = fraction === null ? t("progress.none") : percent(fraction, language);
  return h("div", { class: "progress" },
    progressBar(task, context),
    h("p", { class: "progress-words" },
      h("strong", { "data-unknown": fraction === null }, words),
      fraction !== null && h("span", { class: "muted" }, t(`progress.${origin}`)),
      task.counts && h("span", { class: "muted" }, t("progress.counts", counted(task.counts, language)))));
}

/** @param {{ total: number, succeeded: number, failed: number }} counts @param {import("../words/text.js").Language} language */
function counted({ total, succeeded, failed }, language) {
  return { total: count(total, language), succeeded: count(succeeded, language), failed: count(failed, language) };
}

/** Without a value where nothing is known: the browser, too, then calls it indeterminate. @param {Task} task @param {Context} context */
export function progressBar({ progress: { fraction }, status }, { t, language }) {
  const label = `${t("task.progress")}: ${fraction === null ? t("progress.none.short") : percent(fraction, language)}`;
  return h("progress", { max: 1, value: fraction, "data-status": status, "aria-label": label });
}

/** @param {Task} task */
function hasTimes(task) {
  return [task.createdAt, task.startedAt, task.finishedAt, task.expiresAt].some((at) => at !== null);
}

/** @param {Task} task @param {Context} context */
function times(task, context) {
  const { t } = context;
  if (!hasTimes(task)) return h("p", { class: "muted" }, t("times.none"));
  const took = task.terminal ? length(task, context) : null;
  return h("dl", { class: "times" },
    time("task.created", task.createdAt, task, context),
    time("task.started", task.startedAt, task, context),
    time("task.finished", task.finishedAt, task, context),
    time("task.expires", task.expiresAt, task, context),
    took && h("div", null, h("dt", null, t("task.duration")), h("dd", null, h("span", { class: "time-main" }, took),
      h("span", { class: "time-beside muted" }, t(task.startedAt === null ? "duration.from.created" : "duration.from.started")))));
}

/** @param {string} key @param {number | null} ms @param {Task} task @param {Context} context */
function time(key, ms, task, context) {
  if (ms === null) return null;
  const { t, language, timeZone, otherZone } = context;
  const options = { language, precisionMs: task.timePrecisionMs };
  const main = moment(ms, { ...options, timeZone });
  if (main === null) return h("div", null, h("dt", null, t(key)), h("dd", null, h("code", null, ms)));
  const [here, there] = [offset(ms, timeZone), offset(ms, otherZone)];
  return h("div", null, h("dt", null, t(key)), h("dd", null,
    h("time", { class: "time-main", datetime: isoMoment(ms, task.timePrecisionMs) }, `${main} ${here}`),
    here !== there && h("span", { class: "time-beside muted" }, `${moment(ms, { ...options, timeZone: otherZone })} ${there}`),
    h("span", { class: "time-age muted", "data-age": ms }, age(ms, context.now, language))));
}

/** @param {Task} task @param {Context} context */
function facts(task, context) {
  const { t } = context;
  return pairs([
    [t("task.name"), task.name],
    [t("task.description"), task.description],
    ["API", t(`api.${task.api}`)],
    [t("task.region"), task.regionId],
    [t("task.priority"), task.priority],
    [t("task.cancellable"), t(`cancellable.${task.cancellable}`)],
  ]);
}

/** A list of names and values; what is null is left out. @param {[name: any, value: any][]} list */
export function pairs(list) {
  return h("dl", { class: "pairs" }, list.map(([name, value]) => value !== null && value !== undefined && value !== "" && h("div", null, h("dt", null, name), h("dd", null, value))));
}

/** @param {NonNullable<Task["resource"]>} resource @param {Context} context */
function resource({ id, type, product, paths }, context) {
  const { t } = context;
  return pairs([
    [t("resource.id"), id && h("span", { class: "with-copy" }, h("code", null, id), copyButton(id, "copy.value", context))],
    [t("resource.product"), product],
    [t("resource.type"), type],
    [t("resource.paths", { n: paths.length }), paths.length > 0 ? h("ol", { class: "paths" }, paths.map((path) => h("li", null, resourcePath(path)))) : null],
  ]);
}

/** A long path breaks before a slash. @param {string} path */
function resourcePath(path) {
  return h("code", null, path.split(/(?=\/)/).flatMap((piece, i) => (i > 0 ? [h("wbr"), piece] : [piece])));
}

/** @param {TaskError} error @param {string} status @param {Context} context */
export function errorBox(error, status, context) {
  const { t } = context;
  const failed = FAILED.has(status);
  const { cause } = error;
  const hint = `error.${error.code}`;
  return h("div", { class: "callout", "data-tone": failed ? "bad" : "note" },
    icon(failed ? "failed" : "note"),
    h("div", { class: "callout-body" },
      error.code && h("p", { class: "error-code" }, h("code", null, error.code)),
      !cause && h("p", { class: "server" }, error.message || t("error.untold")),
      failed && hasText(hint) && h("p", null, t(hint)),
      cause && h("div", { class: "cause" },
        h("p", { class: "label" }, t("error.cause")),
        cause.code && h("p", { class: "error-code" }, h("code", null, cause.code)),
        cause.message && h("p", { class: "server" }, cause.message),
        cause.requestId && h("p", { class: "with-copy muted" }, t("reading.request"), " ", h("code", null, cause.requestId), copyButton(cause.requestId, "copy.request", context))),
      !failed && h("p", { class: "muted" }, t("task.error.note", { status: t(`status.${status}`) })),
      cause && error.message !== cause.message && h("details", { class: "more" }, h("summary", null, t("error.raw")), h("pre", { class: "server" }, error.message))));
}

/** @param {SubTask[]} list @param {Context} context */
export function subTasks(list, context) {
  const { t } = context;
  const failures = list.filter((one) => one.status === "failed");
  // Later failures often only follow from the first.
  const first = failures.length > 1 ? failures[0] : null;
  return paged(list, STEP, context, "ol", "subtasks", (one, i) =>
    h("li", { class: "subtask", "data-status": one.status },
      h("p", { class: "task-state" },
        h("span", { class: "subtask-number" }, i + 1), badge(one.status, t), rawWord(one.rawStatus, t),
        one === first && h("span", { class: "tag", "data-tone": "bad" }, t("subtask.first"))),
      one.error && errorBox(one.error, one.status, context),
      one.related.length > 0 && pairs(one.related.map(({ name, value }) => [h("span", { class: "server" }, name), h("code", null, value || "“”")]))));
}

/**
 * A long list, a step at a time; the focus goes to what was added.
 * @template T @param {T[]} list @param {number} step @param {Context} context @param {string} tag @param {string} kind
 * @param {(item: T, index: number) => any} draw
 */
export function paged(list, step, { t, language }, tag, kind, draw) {
  const holder = h(tag, { class: kind });
  let shown = 0;
  const rest = h("p", { class: "rest" });
  const add = () => {
    const items = list.slice(shown, shown + step).map((item, i) => draw(item, shown + i));
    holder.append(...items);
    shown += items.length;
    drawRest(rest, shown, list.length, step, { t, language }, () => focusOn(add()));
    return items[0];
  };
  add();
  return [holder, rest];
}

/** @param {HTMLElement} rest @param {number} shown @param {number} total @param {number} step @param {{ t: import("../words/text.js").Text, language: import("../words/text.js").Language }} context @param {() => void} more */
export function drawRest(rest, shown, total, step, { t, language }, more) {
  rest.hidden = shown >= total;
  rest.replaceChildren(
    h("button", { type: "button", class: "button", on: { click: more } }, t("more", { n: count(Math.min(step, total - shown), language) })),
    h("span", { class: "muted" }, t("more.rest", { shown: count(shown, language), total: count(total, language) })));
}

/** @param {HTMLElement | undefined} element */
export function focusOn(element) {
  const target = element?.querySelector("summary, button, a") ?? element;
  if (target === element) element?.setAttribute("tabindex", "-1");
  /** @type {HTMLElement | undefined} */ (target)?.focus({ preventScroll: true });
}

/** A value as indented JSON in colours; a string that is no JSON as itself. @param {unknown} value @param {Context} context */
export function json(value, { t, language }) {
  if (typeof value === "string") return h("p", { class: "server boxed" }, value);
  return code(JSON.stringify(value, null, 2) ?? String(value), "json", { t, language });
}

/** A text in colours, its beginning first. @param {string} text @param {"json" | "xml"} format @param {{ t: import("../words/text.js").Text, language: import("../words/text.js").Language }} context */
export function code(text, format, { t, language }) {
  const lines = text.split("\n");
  const draw = (/** @type {string[]} */ some) => some.map((line, i) => [i > 0 && "\n", tokens(line, format).map(({ kind, text }) => (kind ? h("span", { class: `t-${kind}` }, text) : text))]);
  const block = h("pre", { class: "json" }, draw(lines.slice(0, JSON_LINES)));
  if (lines.length <= JSON_LINES) return block;
  const more = h("button", { type: "button", class: "button" }, t("json.more", { n: count(lines.length, language) }));
  more.addEventListener("click", () => {
    block.append("\n", ...draw(lines.slice(JSON_LINES)).flat(2).filter((piece) => piece !== false));
    block.setAttribute("tabindex", "-1");
    block.focus({ preventScroll: true });
    more.remove();
  });
  return [block, more];
}
