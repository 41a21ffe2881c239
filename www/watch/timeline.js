// @ts-check
// What is watched as bars along time: the same rows in the same order as the list, which says all of it in words.

import { attribute, h, icon, write } from "../draw/dom.js";
import { badge } from "../draw/task.js";
import { count, duration, moment, offset } from "../words/format.js";
import { precision, reason } from "../words/task.js";
import { bar, domain, extent, part, ticks } from "./scale.js";

/** @typedef {import("./board.js").Row} Row */
/** @typedef {import("../draw/task.js").Context} Context */
/** @typedef {import("./scale.js").Domain} Domain */

/** More rows than anybody compares at a glance; the list has them all. */
const MOST = 500;
/** More parts than these are drawn as one stretch a status. */
const PARTS = 60;

/** @param {() => Context} context @param {(key: string) => void} open shows the row's particulars */
export function createTimeline(context, open) {
  const { t } = context();
  /** @type {Map<string, ReturnType<typeof createBar>>} */
  const drawn = new Map();
  /** @type {Row[]} */
  let rows = [];
  const reach = h("select", { id: "timeline-reach", on: { change: () => tick() } },
    [["fit", t("timeline.fit")], ["1h", t("timeline.1h")], ["6h", t("timeline.6h")], ["24h", t("timeline.24h")], ["all", t("timeline.all")]].map(([value, words]) => h("option", { value }, words)));
  const axis = h("div", { class: "timeline-axis" });
  const zone = h("span", { class: "timeline-zone" });
  const list = h("ol", { class: "timeline-rows", "aria-label": t("timeline.label"), "aria-describedby": "timeline-note" });
  const rest = h("p", { class: "muted timeline-rest", hidden: true });
  const element = h("div", { class: "timeline" },
    h("div", { class: "timeline-head" }, h("label", { for: "timeline-reach" }, t("timeline.reach")), reach, h("p", { class: "muted", id: "timeline-note" }, t("timeline.note"))),
    h("div", { class: "timeline-scale", "aria-hidden": "true" }, zone, axis),
    list, rest);

  list.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const buttons = [...list.querySelectorAll("button")];
    const at = buttons.indexOf(/** @type {any} */ (document.activeElement));
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    buttons[Math.min(buttons.length - 1, Math.max(0, next))].focus();
  });
  list.addEventListener("focusin", (/** @type {FocusEvent} */ event) => reachable(/** @type {HTMLElement} */ (event.target)));

  /** One of the rows is in the order of the Tab key; the arrows go on from there. @param {HTMLElement | null} target */
  function reachable(target) {
    for (const one of drawn.values()) attribute(one.button, "tabindex", one.button === target ? 0 : -1);
  }

  /** @param {Row[]} order */
  function draw(order) {
    rows = order.slice(0, MOST);
    const keys = new Set(rows.map(({ key }) => key));
    for (const [key, one] of drawn) if (!keys.has(key)) { one.element.remove(); drawn.delete(key); }
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    rows.forEach((row, nth) => {
      const one = drawn.get(row.key) ?? createBar(row, open);
      drawn.set(row.key, one);
      if (list.children[nth] !== one.element) list.insertBefore(one.element, list.children[nth] ?? null);
    });
    if (focused !== document.activeElement && focused && list.contains(focused)) focused.focus({ preventScroll: true });
    if (!list.querySelector("[tabindex='0']")) reachable(list.querySelector("button"));
    rest.hidden = order.length <= MOST;
    write(rest, t("timeline.rest", { shown: count(MOST, context().language), total: count(order.length, context().language) }));
    tick();
  }

  function tick() {
    const words = context();
    const shown = domain(rows, words.now, reach.value);
    drawAxis(shown, words);
    for (const row of rows) drawn.get(row.key)?.draw(row, shown, words);
  }

  /** @param {Domain} shown @param {Context} context */
  function drawAxis(shown, { language, timeZone, now }) {
    write(zone, offset(now, timeZone));
    const { step, at } = ticks(shown, axis.clientWidth < 500 ? 4 : 8, timeZone);
    const isDays = step >= 24 * 3_600_000;
    const locale = language === "zh" ? "zh-CN" : "en-GB";
    const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone });
    const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: step < 60_000 ? "2-digit" : undefined, hourCycle: "h23", timeZone });
    axis.replaceChildren(...at.map((ms) => {
      const time = clock.format(ms);
      return placed(h("span", { class: "timeline-tick" }, isDays || /^00:00(?::00)?$/.test(time) ? day.format(ms) : time), part(ms, shown));
    }), placed(h("span", { class: "timeline-now" }), part(now, shown)));
  }

  return { element, draw, tick };
}

/** @param {Row} first @param {(key: string) => void} open */
function createBar(first, open) {
  const status = h("span");
  const [queue, run, guess, now, mark, before] = ["queue", "run", "guess", "now", "mark", "before"].map((name) => h("span", { class: `timeline-${name}` }));
  const guessWord = h("span");
  guess.append(guessWord);
  const action = h("span", { class: "row-action" });
  const failure = h("span", { class: "row-error" });
  const track = h("span", { class: "timeline-track" }, queue, run, guess, now, mark, before);
  const parts = h("span", { class: "timeline-parts" });
  const partsWords = h("span", { class: "timeline-parts-words" });
  const below = h("span", { class: "timeline-below" }, parts, partsWords);
  const button = h("button", { type: "button", class: "timeline-row", tabindex: -1, on: { click: () => open(first.key) } },
    h("span", { class: "timeline-label" }, h("span", { class: "timeline-title" }, status, action), h("code", null, first.ref.id), failure),
    h("span", { class: "timeline-lane" }, track, below));
  const element = h("li", { "data-key": first.key }, button);
  let shownTask = /** @type {unknown} */ (undefined);

  /** What a poll changes. @param {Row} row @param {Context} context */
  function drawTask({ task, standing }, context) {
    const { t } = context;
    const state = task && standing !== "gone" ? task.status : "unknown";
    attribute(button, "data-status", state);
    attribute(button, "data-standing", standing);
    status.replaceChildren(task && standing !== "gone" ? badge(task.status, t) : h("span", { class: "badge", "data-status": "unknown" }, icon("unknown"), t(standing === "gone" ? "watch.status.gone" : "watch.status.unheard")));
    write(action, task?.action ?? t("kind.task"));
    const found = task && reason(task);
    write(failure, found ? [found.code, found.message].filter(Boolean).join(": ") : "");
    mark.replaceChildren(icon(state));
    const list = task && partsOf(task);
    parts.replaceChildren(...segments(list));
    write(partsWords, partsText(list, context));
  }

  return {
    element, button,
    /** @param {Row} row @param {Domain} shown @param {Context} context */
    draw(row, shown, context) {
      const { t } = context;
      if (shownTask !== row.task || button.dataset.standing !== row.standing) {
        shownTask = row.task;
        drawTask(row, context);
      }
      const its = bar(row, shown, context.now);
      track.toggleAttribute("data-empty", !its || its.isBefore);
      for (const one of [queue, run, mark]) one.hidden = !its || its.isBefore;
      guess.hidden = !its?.estimate;
      write(before, !its ? t("times.none") : its.isBefore ? t("timeline.before") : "");
      if (its) {
        attribute(track, "data-cut", its.isCut && !its.isBefore ? "" : null);
        below.style.setProperty("--from", `${(its.isBefore ? 0 : its.from) * 100}%`);
        span(queue, its.from, its.begun);
        queue.hidden ||= its.begun <= its.from;
        span(run, its.begun, its.to);
        placed(mark, its.to);
        if (its.estimate) {
          span(guess, its.to, its.estimate.to);
          write(guessWord, t("timeline.estimated"));
        }
      }
      placed(now, part(context.now, shown));
      const words = sentence(row, context, failure.textContent, partsWords.textContent);
      attribute(button, "aria-label", words);
      attribute(button, "title", words);
    },
  };
}

/** All that the bar shows, in words. @param {Row} row @param {Context} context @param {string} failure @param {string} parts */
function sentence(row, context, failure, parts) {
  const { t, language, timeZone, now } = context;
  const { task, ref, standing } = row;
  const head = `${task?.action ?? t("kind.task")} ${ref.id}${t("watch.colon")}${task && standing !== "gone" ? t(`status.${task.status}`) : t(standing === "gone" ? "watch.status.gone" : "watch.status.unheard")}`;
  const its = extent(row, now);
  const at = (/** @type {number} */ ms) => moment(ms, { language, timeZone, precisionMs: Math.max(task?.timePrecisionMs ?? 0, 1000) });
  const isOpen = task && !task.terminal && standing === "live";
  // While it runs the second hand is no news: the sentence is as exact as a minute.
  const lasted = its && (isOpen ? Math.floor((its.end - its.started) / 60_000) * 60_000 : its.end - its.started);
  const times = its && task && t(isOpen ? "timeline.times.open" : "timeline.times", { from: at(its.created) ?? "", to: at(its.end) ?? "", duration: duration(lasted ?? 0, language), precision: precision(task.timePrecisionMs, context) });
  const guess = isOpen && row.estimate && t("timeline.guess", { from: at(row.estimate.earliestAt) ?? "", to: at(row.estimate.latestAt) ?? "" });
  return [head, times || t("times.none"), guess, parts, failure].filter(Boolean).join(language === "zh" ? "；" : "; ");
}

/** The status of each part, in the reply's order where it tells the parts; else only how many there are of each. @param {import("tasklens").Task} task @returns {{ list: string[], isOrdered: boolean } | null} */
function partsOf({ subTasks, counts }) {
  if (Math.max(subTasks.length, counts?.total ?? 0) < 2) return null; // one part is the task itself
  if (subTasks.length > 0) return { list: subTasks.map((one) => one.status), isOrdered: true };
  if (!counts || counts.total > 100_000) return null;
  const left = Math.max(0, counts.total - counts.succeeded - counts.failed);
  const of = (/** @type {string} */ status, /** @type {number} */ n) => Array(Math.max(0, n)).fill(status);
  return { list: [...of("succeeded", counts.succeeded), ...of("failed", counts.failed), ...of("running", left)], isOrdered: false };
}

/** @param {ReturnType<typeof partsOf>} parts */
function segments(parts) {
  if (!parts) return [];
  const { list, isOrdered } = parts;
  const first = isOrdered ? list.indexOf("failed") : -1;
  if (list.length <= PARTS) return list.map((status, nth) => h("i", { "data-status": status, "data-first": nth === first }));
  return [...Map.groupBy(list, (status) => status)].map(([status, some]) => {
    const one = h("i", { "data-status": status });
    one.style.flexGrow = String(some.length);
    return one;
  });
}

/** `12 parts: 1 failed`. @param {ReturnType<typeof partsOf>} parts @param {Context} context */
function partsText(parts, { t, language }) {
  if (!parts) return "";
  const { list, isOrdered } = parts;
  const failed = list.filter((status) => status === "failed").length;
  const words = t("timeline.parts", { n: list.length, total: count(list.length, language), failed: count(failed, language) });
  return failed > 0 && isOrdered ? `${words} · ${t("timeline.first", { n: list.indexOf("failed") + 1 })}` : words;
}

/** @param {any} element @param {number} at */
function placed(element, at) {
  element.style.insetInlineStart = `${(at * 100).toFixed(2)}%`;
  return element;
}

/** @param {any} element @param {number} from @param {number} to */
function span(element, from, to) {
  placed(element, from).style.inlineSize = `${(Math.max(0, to - from) * 100).toFixed(2)}%`;
}
