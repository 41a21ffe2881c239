// @ts-check
// What this page itself knows of a watched task: how fresh that is, what it saw happen, and the reply it saw last. Stays where it
// is between two polls: entries are put in and taken out, and a reply that is open is replaced only on request.

import { h, icon, message, write } from "../draw/dom.js";
import { formatOf, indentJson } from "../draw/lines.js";
import { code, copyButton, copyWith, drawRest, focusOn } from "../draw/task.js";
import { age, count, duration, isoMoment, moment, offset, percent, size } from "../words/format.js";
import { hasText } from "../words/text.js";
import { headline } from "./problem.js";

/** @typedef {import("./board.js").Row} Row */
/** @typedef {import("./history.js").Entry} Entry */
/** @typedef {import("../draw/task.js").Context} Context */
/** @typedef {import("tasklens").Finding} Finding */
/**
 * An answer that named the task.
 * @typedef {object} Answer
 * @property {number} at
 * @property {string} request its operation and query
 * @property {number} status of HTTP
 * @property {string} text as received, or its beginning
 * @property {boolean} cut
 * @property {number} tasks how many tasks were asked for at once
 */
/** @typedef {{ answer: (row: Row) => Answer | undefined, findings: (answer: Answer, row: Row) => Finding[], read: (answer: Answer) => void, curl: (answer: Answer) => string | null }} Asking */

const STEP = 10;
const FINDINGS = 5;

/** @param {() => Context} context @param {Asking} asking */
export function createRecord(context, asking) {
  const { t, now, timeZone } = context();
  const fresh = h("p", { class: "record-fresh muted" });
  const list = h("ol", { class: "record-list" });
  const rest = h("p", { class: "rest", hidden: true });
  const raw = createRaw(context, asking);
  const element = h("div", { class: "watch-record" },
    h("section", { class: "part" }, h("h4", null, t("seen.heading"), h("span", { class: "part-note" }, offset(now, timeZone))), h("p", { class: "muted record-lead" }, t("seen.lead")), fresh, list, rest),
    raw.element);

  /** @type {WeakMap<Entry, HTMLElement>} */
  const items = new WeakMap();
  /** @type {Entry[]} */
  let entries = [];
  let shown = 0;

  /** @param {Entry} entry */
  function item(entry) {
    const made = items.get(entry) ?? entryItem(entry, context());
    items.set(entry, made);
    return made;
  }

  /** The newest first. @param {Entry[]} next */
  function drawEntries(next) {
    if (next === entries) return;
    const more = Math.max(0, shown - STEP);
    entries = next;
    show(STEP + more);
  }

  /** @param {number} n */
  function show(n) {
    const wanted = entries.toReversed().slice(0, n).map(item);
    for (const old of [...list.children]) if (!wanted.includes(old)) old.remove();
    wanted.forEach((one, i) => { if (list.children[i] !== one) list.insertBefore(one, list.children[i] ?? null); });
    shown = n;
    if (rest.dataset.of === `${n}/${entries.length}`) return;
    rest.dataset.of = `${n}/${entries.length}`;
    drawRest(rest, wanted.length, entries.length, STEP, context(), () => {
      show(shown + STEP);
      focusOn(/** @type {HTMLElement} */ (list.children[n]));
    });
  }

  return {
    element,
    /** After each poll, and once a second. @param {Row} row */
    draw(row) {
      const { language, now } = context();
      write(fresh, freshness(row, context()));
      drawEntries(row.history);
      if (!isSelected(list)) for (const time of list.querySelectorAll("[data-age]")) write(time, age(Math.min(Number(time.dataset.age), now), now, language));
      raw.draw(row);
    },
  };
}

/** When it was heard of and, where that is known, when it is asked for next. @param {Row} row @param {Context} context */
function freshness({ heardAt, trouble, standing, quiet }, { t, language, now }) {
  const left = standing === "live" && trouble?.until ? Math.max(0, trouble.until - now) : 0;
  return [
    heardAt !== null && t("seen.heard", { age: age(Math.min(heardAt, now), now, language) }),
    left > 0 && t("seen.next", { duration: duration(Math.ceil(left / 1000) * 1000, language) }),
    quiet > 0 && t("seen.quiet", { n: count(quiet, language) }),
  ].filter(Boolean).join(" · ");
}

/** @param {Entry} entry @param {Context} context */
function entryItem(entry, context) {
  const { language, timeZone, now } = context;
  return h("li", { "data-what": entry.what, "data-status": entry.status },
    h("time", { datetime: isoMoment(entry.at, 1000) }, moment(entry.at, { language, timeZone, precisionMs: 1000 })),
    h("span", { class: "record-words" }, entryWords(entry, context)),
    h("span", { class: "muted", "data-age": entry.at }, age(Math.min(entry.at, now), now, language)));
}

/** @param {Entry} entry @param {Context} context */
export function entryWords({ what, status, fraction, from, was, error, delayMs = 0, times = 1 }, { t, language }) {
  const share = (/** @type {number | null | undefined} */ one) => (one === null || one === undefined ? t("progress.none.short") : percent(one, language));
  const name = (/** @type {string | null | undefined} */ one) => t(one ? `status.${one}` : "watch.status.unheard");
  const reason = headline(error, t);
  switch (what) {
    case "found": return t("seen.found", { status: [name(status), fraction !== null && share(fraction)].filter(Boolean).join(" · ") });
    case "status": case "ended": return [`${name(from)} → ${name(status)}`, was !== undefined && fraction !== null && share(fraction)].filter(Boolean).join(" · ");
    case "progress": return t("seen.progress", { was: share(was), fraction: share(fraction) });
    case "trouble": return t(times > 1 ? "seen.trouble.times" : "seen.trouble", { reason, n: times, duration: duration(delayMs < 1000 ? 1000 : Math.round(delayMs / 1000) * 1000, language) });
    case "recovered": return t("seen.recovered");
    case "gone": return t("seen.gone");
    case "given-up": return t("watch.givenup", { reason });
    case "again": return t("seen.again");
    case "cancel-asked": return t("seen.cancel.asked");
    case "cancel-accepted": return t("seen.cancel.accepted");
    default: return t("watch.cancel.failed", { reason });
  }
}

/** The reply itself, folded; it is drawn when it is opened. @param {() => Context} context @param {Asking} asking */
function createRaw(context, asking) {
  const { t } = context();
  const about = h("span", { class: "part-note" });
  const inside = h("div", { class: "record-raw" });
  const newer = h("button", { type: "button", class: "button", hidden: true }, t("reply.newer"));
  const findings = h("div", { class: "record-findings" });
  const details = h("details", { class: "more" }, h("summary", null, t("reply.heading"), about), newer, inside);
  const element = h("section", { class: "part", hidden: true }, h("h4", { class: "unseen" }, t("reply.heading")), details, findings);
  /** What is drawn, and what was heard since. @type {Answer | undefined} */
  let shown;
  /** @type {Answer | undefined} */
  let last;
  let found = "";

  function show() {
    shown = last;
    newer.hidden = true;
    if (!last) return;
    drawAbout(last);
    inside.replaceChildren(...replyBody(last, context(), asking));
  }
  /** @param {Answer} answer */
  function drawAbout({ status, text, at }) {
    const { language, timeZone } = context();
    write(about, [`HTTP ${status}`, size(text.length, language), moment(at, { language, timeZone, precisionMs: 1000 })].join(" · "));
  }
  details.addEventListener("toggle", () => { if (details.open && shown !== last) show(); });
  newer.addEventListener("click", () => {
    show();
    details.querySelector("summary")?.focus({ preventScroll: true });
  });

  return {
    element,
    /** @param {Row} row */
    draw(row) {
      const answer = asking.answer(row);
      if (!answer || answer === last) return;
      const words = context();
      last = answer;
      element.hidden = false;
      // Above a reply that is open stands what that one is.
      if (!details.open) drawAbout(answer);
      newer.hidden = !details.open || shown === answer;
      if (isSelected(findings)) return;
      const list = asking.findings(answer, row);
      const as = JSON.stringify(list);
      if (as === found) return;
      found = as;
      findings.replaceChildren(...(list.length > 0 ? findingList(list, words) : []));
    },
  };
}

/** @param {Answer} answer @param {Context} context @param {Asking} asking */
function replyBody(answer, context, { read, curl }) {
  const { t, language } = context;
  const format = formatOf(answer.text);
  const isOneLine = format === "json" && !answer.cut && !answer.text.trim().includes("\n");
  return [
    h("p", { class: "record-request" }, h("span", { class: "muted" }, t("reply.request")), " ", h("code", null, answer.request)),
    answer.tasks > 1 && h("p", { class: "muted" }, t("reply.shared", { n: count(answer.tasks, language) })),
    answer.cut && h("p", { class: "muted" }, t("reply.cut", { size: size(answer.text.length, language) })),
    h("p", { class: "record-do" }, copyButton(answer.text, "reply.what", context),
      h("button", { type: "button", class: "button", on: { click: () => read(answer) } }, t("reply.read")),
      copyWith("curl.copy", "curl.what", "copy-curl", () => curl(answer), context)),
    ...[code(isOneLine ? indentJson(answer.text) : answer.text, format, context)].flat(),
  ].filter(Boolean);
}

/** @param {Finding[]} list @param {Context} context */
function findingList(list, { t, language }) {
  return [
    h("h4", null, t("findings.heading"), h("span", { class: "part-note" }, count(list.length, language))),
    h("ul", null, list.slice(0, FINDINGS).map(({ code, path, message: said }) => {
      const known = `finding.${code}`;
      return h("li", null, icon("note"), h("span", null, hasText(known) && h("strong", null, t(known)), " ", h("code", null, path), " ", message(said)));
    })),
    list.length > FINDINGS && h("p", { class: "muted" }, t("reply.findings.more", { n: count(list.length - FINDINGS, language) })),
  ].filter(Boolean);
}

/** Whether somebody is marking text there. @param {Element} place */
function isSelected(place) {
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && place.contains(selection.anchorNode);
}
