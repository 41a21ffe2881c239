// @ts-check
// Tasks as one HTML file to keep or to send: it has no script, asks nobody, and opens from a disk. What is in it is drawn by the
// page's own functions and written out by the browser, which escapes what a server wrote.

import { h, icon } from "../draw/dom.js";
import { row, rowNames, tally } from "../draw/replies.js";
import { toJson } from "../words/export.js";
import { count, moment, offset } from "../words/format.js";

/** @typedef {import("tasklens").Task} Task */
/** @typedef {import("../draw/task.js").Context} Context */

/** More are left to the data: a file of many megabytes is slow to open. */
const MOST = 2000;
/** After so many tasks the page gets to do other things. */
const PAUSE = 50;

/** The policy of the file names its style by a hash, which a browser only makes where the page came safely. */
export const canSnapshot = () => globalThis.crypto?.subtle !== undefined;

/** @param {import("./save.js").Shown} shown @param {Context} page @returns {Promise<string>} the file */
export async function snapshot({ tasks, seen, of }, page) {
  const { t, language, now } = page;
  const context = { ...page, find: null, copy: async () => false };
  const gone = (/** @type {number} */ i) => seen?.[i].standing === "gone";

  const [bar, statuses] = tally(counts(tasks.filter((_, i) => !gone(i))), context);
  // A length is a rule of the style here: the policy lets no element bring its own.
  const lengths = [...bar.children].map((piece, i) => `.tally-bar > :nth-child(${i + 1}) { flex-grow: ${piece.style.flexGrow}; }`);
  const title = t("watch.heading", { n: count(tasks.length, language) });
  const head = [
    h("header", null, h("h1", null, title), h("p", null, t("snapshot.at", { at: when(context) })), h("p", { class: "muted" }, t("snapshot.still"))),
    h("section", { class: "tally" }, bar, statuses,
      of !== undefined && of > tasks.length && h("p", { class: "muted" }, t("more.rest", { shown: count(tasks.length, language), total: count(of, language) })),
      tasks.length > MOST && h("p", { class: "muted" }, t("snapshot.cut", { n: count(MOST, language), total: count(tasks.length, language) }))),
  ];
  // Where a task runs is told where that is not the same for all.
  const places = tasks.map((task) => [t(`api.${task.api}`), task.regionId].filter(Boolean).join(" "));
  const isOnePlace = new Set(places).size === 1;
  const kinds = new Set(tasks.map((task) => task.api === "bdrc"));
  const zone = offset(now, page.timeZone);
  const names = rowNames(kinds.size > 1 ? "since" : kinds.has(true) ? "started" : "created", zone, t);
  const rows = [];
  for (const [i, task] of tasks.slice(0, MOST).entries()) {
    if (i % PAUSE === PAUSE - 1) await new Promise((resolve) => { setTimeout(resolve); });
    const one = drawn(task, gone(i), tasks.length === 1, zone, context);
    if (!isOnePlace) one.querySelector(".cell-task > code").after(h("span", { class: "snapshot-place" }, places[i]));
    rows.push(still(one).outerHTML);
  }
  const body = `<main class="snapshot">${head.map((one) => still(one).outerHTML).join("")}<section class="list">${names.outerHTML}<ul class="rows">${rows.join("")}</ul></section></main>`;
  return file({ title: `${title} · ${when(context)}`, lang: document.documentElement.lang, style: [styles(), ...lengths].join("\n"), body, data: toJson(tasks, { now, seen }) });
}

/** @param {Task} task @param {boolean} isGone @param {boolean} isOpen @param {string} zone @param {Context} context */
function drawn(task, isGone, isOpen, zone, context) {
  const { t } = context;
  // Open, it is drawn whole.
  const element = row(task, 0, true, task.api === "bdrc", zone, 2, context);
  const details = element.firstElementChild;
  details.open = isOpen;
  if (isGone) {
    details.dataset.status = "cancelled";
    details.querySelector(".badge").replaceWith(h("span", { class: "badge", "data-status": "cancelled" }, icon("unknown"), t("watch.status.gone")));
    details.querySelector(".task-body").before(h("p", { class: "task-state" }, t("watch.gone")));
  }
  return element;
}

/** Takes what waits behind a button into the drawing, and then all that would do nothing in a file. @param {HTMLElement} element */
function still(element) {
  for (let more; (more = /** @type {HTMLElement | null} */ (element.querySelector(".rest:not([hidden]) > button, .json + .button"))); ) more.click();
  for (const one of element.querySelectorAll("button, .rest, .time-age")) one.remove();
  for (const name of ["style", "tabindex"]) for (const one of element.querySelectorAll(`[${name}]`)) one.removeAttribute(name);
  return element;
}

/** The moment in the reader's zone, and in the other one. @param {Context} context */
function when({ language, now, timeZone, otherZone }) {
  const at = (/** @type {string | undefined} */ zone) => `${moment(now, { language, timeZone: zone, precisionMs: 1000 })} ${offset(now, zone)}`;
  return [...new Set([at(timeZone), at(otherZone)])].join(" · ");
}

/** @param {Task[]} tasks */
function counts(tasks) {
  /** @type {Partial<Record<string, number>>} */
  const byStatus = {};
  for (const { status } of tasks) byStatus[status] = (byStatus[status] ?? 0) + 1;
  return byStatus;
}

/** All rules of the page, wherever they stand; those of another origin are not ours. */
function styles() {
  return [...document.styleSheets].filter(({ href }) => href === null || new URL(href).origin === location.origin)
    .flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join("\n").replaceAll("</", "<\\/");
}

/** @param {{ title: string, lang: string, style: string, body: string, data: string }} parts `title`, `style` and `body` are ours or escaped */
async function file({ title, lang, style, body, data }) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
  const policy = `default-src 'none'; style-src 'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="${lang}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta name="referrer" content="no-referrer">
  <meta name="generator" content="tasklens">
  ${h("title", null, title).outerHTML}
  <style>${style}</style>
</head>
<body>
${body}
<script type="application/json" id="tasks">${data.replaceAll("<", "\\u003c")}</script>
</body>
</html>
`;
}
