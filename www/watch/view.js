// @ts-check
// Everything watched → DOM: the strip with the counts, what is wrong, and the table. A row alone is watch/row.js.
// Draws what it is given; asks nobody.

import { attribute, h, icon, openDetails, write } from "../draw/dom.js";
import { tally } from "../draw/replies.js";
import { createSave } from "../share/save.js";
import { age, count, duration, isoMoment } from "../words/format.js";
import { followed } from "./address.js";
import { known } from "./board.js";
import { arrange, NO_LOOK, toggled } from "./filter.js";
import { headline, problemBody } from "./problem.js";
import { createRow } from "./row.js";
import { createSaved } from "./saved.js";
import { createTimeline } from "./timeline.js";
import { createToolbar } from "./toolbar.js";
import { createWindow } from "./window.js";

/** @typedef {import("./board.js").Row} Row */
/** @typedef {import("./board.js").Board} Board */
/** @typedef {import("../draw/task.js").Context} Context */
/** @typedef {import("./filter.js").Filter} Filter */
/** @typedef {import("./filter.js").Look} Look */
/** @typedef {import("./session.js").Session} Session */

/** Where the choice between list and timeline is kept. */
const KEPT = "tasklens.view";
const COLUMNS = ["status", "task", "where", "progress", "elapsed", "heard"];

/**
 * @param {HTMLElement} root
 * @param {() => Context} context
 * @param {{ cancel: (row: Row) => void, opened: (row: Row) => void, link: (row: Row) => string | null, say: (words: string) => void, add: () => void, stop: () => void, again: () => void, looked: (look: Partial<Look>) => void, notify: () => Node[] } & import("./record.js").Asking} actions
 */
export function createWatchView(root, context, actions) {
  /** @type {Map<string, import("./row.js").Drawn>} */
  let drawn = new Map();
  /** @type {ReturnType<typeof frame> | null} */
  let parts = null;
  /** @type {Session | null} */
  let watching = null;
  let look = NO_LOOK;
  /** Whether the task that the address names, or the one that is followed, was opened. */
  let isArrived = false;
  /** What is shown is told once the typing has settled. */
  let telling = 0;
  /** The rows as they stand, drawn or not. @type {Row[]} */
  let standing = [];
  /** Those that were found since the start and are shown, with since when. @type {Map<string, number>} */
  let met = new Map();
  /** Those that would be. @type {Row[]} */
  let waiting = [];
  /** Those that are to be opened again. @type {Set<string>} */
  let pinned = new Set();
  const near = createWindow();
  let scrolled = 0;
  /** Where the page stood, and how wide it was, when the rows near the viewport were drawn. */
  let drawnAt = 0;
  let width = 0;
  let tallied = "";
  let troubled = "";
  let view = keptView();

  /** By the reader's wish, which is the default from now on. @param {"list" | "timeline"} next */
  function show(next) {
    try { localStorage.setItem(KEPT, next); } catch { /* not kept */ }
    look = { ...look, view: next };
    actions.looked({ view: next });
    turn(next);
    if (watching) drawRows(context());
  }

  /** @param {"list" | "timeline"} next */
  function turn(next) {
    view = next;
    for (const radio of parts?.views.querySelectorAll("input") ?? []) radio.checked = radio.value === view;
  }

  /** A row, opened in the list, whichever view is shown. @param {string} key */
  function reveal(key) {
    isArrived = false;
    look = { ...look, open: key };
    actions.looked({ open: key });
    show("list");
    point(key);
  }

  /** Leads the eye and the focus to a row that is drawn. @param {string} key */
  function point(key) {
    const toggle = /** @type {HTMLElement | null | undefined} */ (drawn.get(key)?.element.querySelector(".watch-toggle"));
    toggle?.focus({ preventScroll: true });
    toggle?.scrollIntoView({ block: "center" });
  }

  /** What the filter leaves, drawn or not; of a task not heard of yet there is nothing to tell. */
  function shown() {
    const rows = standing.flatMap((row) => { const task = known(row); return task ? [{ row, task }] : []; });
    return {
      tasks: rows.map(({ task }) => task),
      seen: rows.map(({ row }) => ({ standing: row.standing, heardAt: row.heardAt === null ? null : isoMoment(row.heardAt, 1000) })),
      of: watching?.board.rows.size,
    };
  }

  /** Whatever changed since the last time. @param {Session} next @param {Look} [at] */
  function draw(next, at = look) {
    watching = next;
    if (at.open !== look.open) isArrived = false;
    const isOther = at.filter !== look.filter;
    look = at;
    // Of one task alone there is more to read than a bar.
    if (!parts && !look.view) view = followed(next.settings) ? "list" : keptView();
    if (look.view && look.view !== view) turn(look.view);
    const words = context();
    if (!parts) {
      parts = frame(words, actions, root, { view, show, toolbar: createToolbar(context, filtered, createSaved(context, { look: () => look, pick, say: actions.say })), timeline: createTimeline(context, reveal), save: createSave(context, shown, actions.say), letIn });
      if (!look.view) actions.looked({ view });
      parts.toolbar.set(look.filter);
    } else if (isOther) parts.toolbar.set(look.filter);
    drawStrip(words);
    drawProblems(words);
    drawRows(words);
    tick();
  }

  /** @param {Context} words */
  function drawStrip({ t, language }) {
    if (!parts || !watching) return;
    const { total, byStatus } = watching.board.counts();
    const as = JSON.stringify([total, byStatus]);
    if (as !== tallied) {
      tallied = as;
      write(parts.heading, t("watch.heading", { n: count(total, language) }));
      const focused = /** @type {HTMLElement | null} */ (parts.tally.querySelector(":focus"))?.dataset.pick;
      parts.tally.replaceChildren(...tally(byStatus, { t, language }, (status) => filtered(toggled(look.filter, "status", status))));
      if (focused) /** @type {HTMLElement | null} */ (parts.tally.querySelector(`[data-pick="${focused}"]`))?.focus({ preventScroll: true });
    }
    for (const pick of parts.tally.querySelectorAll("[data-pick]")) {
      attribute(pick, "aria-pressed", String(look.filter.status.includes(/** @type {HTMLElement} */ (pick).dataset.pick ?? "")));
      attribute(pick, "title", t("filter.pick"));
    }
    write(parts.what, whatWords(watching, { t, language }));
  }

  /** @param {Context} words */
  function drawProblems({ t }) {
    if (!parts || !watching) return;
    const failing = watching.sources.filter((source) => source.problem);
    const lost = watching.board.counts().byStanding["given-up"];
    const as = JSON.stringify([failing.map((source) => [source.regionId, source.api, headline(source.problem, t)]), lost]);
    if (as === troubled) return;
    troubled = as;
    parts.problems.replaceChildren(
      ...failing.map((source) => h("div", { class: "callout", "data-tone": "bad" }, icon("failed"), h("div", { class: "callout-body" },
        h("p", null, t("watch.list.failed", { where: `${t(`api.${source.api}`)} ${source.regionId}` })), problemBody(source.problem, t, `${source.api}.DescribeTasks`)))),
      ...(lost > 0 ? [h("div", { class: "callout", "data-tone": "bad" }, icon("failed"), h("div", { class: "callout-body" },
        h("p", null, t("watch.lost", { n: lost })),
        h("p", null, h("button", { type: "button", class: "button", on: { click: actions.again } }, t("watch.again")))))] : []));
  }

  /** @param {Context} words */
  function drawRows(words) {
    if (!parts || !watching) return;
    const all = watching.board.order();
    const order = admitted(arrange(all, look.filter, words.now), words.now);
    parts.toolbar.draw(all, order.length, waiting.length);
    parts.waiting.hidden = waiting.length === 0;
    write(parts.waiting, words.t("waiting", { n: waiting.length }));
    parts.toolbar.element.hidden = all.length === 0;
    parts.frame.hidden = order.length === 0 || view !== "list";
    parts.timeline.element.hidden = order.length === 0 || view !== "timeline";
    parts.nothing.hidden = order.length > 0;
    write(parts.nothing, all.length > 0 ? words.t("filter.none", { n: all.length }) : words.t(watching.isListing ? "watch.listing" : "watch.nothing"));
    if (view === "timeline") return parts.timeline.draw(order);
    // Nobody is to press another row's button because the rows moved under the question.
    const isHeld = [...drawn.values()].some((one) => one.isAsking());
    standing = isHeld ? [...new Set([...standing, ...order])] : order;
    drawNear(words);
    arrive();
  }

  // ── what was found since ──

  /** Whether a row that came in between would move what somebody is reading. */
  function isReading() {
    if (!parts || view !== "list" || standing.length === 0) return false;
    const selection = getSelection();
    return scrollY > 0 || parts.table.contains(document.activeElement) || [...drawn.values()].some((one) => one.isOpen())
      || Boolean(selection && !selection.isCollapsed && parts.table.contains(selection.anchorNode));
  }

  /** Those that may be shown; what was found while somebody reads waits, but for what was asked for by name. @param {Row[]} order @param {number} now */
  function admitted(order, now) {
    const fresh = order.filter((row) => row.newAt !== null && !met.has(row.key));
    const named = fresh.length > 0 && isReading() ? new Set(watching?.settings.tasks) : null;
    waiting = named ? fresh.filter(({ key }) => key !== look.open && !named.has(key)) : [];
    const waits = new Set(waiting);
    for (const row of fresh) if (!waits.has(row)) met.set(row.key, now);
    return waits.size > 0 ? order.filter((row) => !waits.has(row)) : order;
  }

  /** By the reader's wish, who is led to the first of them. */
  function letIn() {
    const [first] = waiting;
    const { now } = context();
    for (const { key } of waiting) met.set(key, now);
    pinned = new Set([first.key]);
    drawRows(context());
    pinned = new Set();
    point(first.key);
  }

  /** The rows near the viewport. @param {Context} words */
  function drawNear(words) {
    if (!parts) return;
    const { table, head } = parts;
    const isLong = near.isNeeded(standing.length);
    let top = 0;
    if (isLong) {
      [drawnAt, width] = [scrollY, innerWidth];
      near.measure(table.offsetWidth, [...drawn].map(([key, { element }]) => [key, element.getBoundingClientRect().height]));
      top = -(table.getBoundingClientRect().top + head.offsetHeight);
    }
    const kept = new Set(pinned);
    if (!isArrived && look.open) kept.add(look.open);
    for (const [key, one] of drawn) if (one.isOpen() || one.isAsking() || one.element.contains(document.activeElement)) kept.add(key);
    const pieces = near.pieces(standing, { top: top - innerHeight, bottom: top + 2 * innerHeight }, kept);
    const wanted = pieces.flatMap((piece) => ("nth" in piece ? [standing[piece.nth]] : []));
    for (const row of wanted) {
      const known = drawn.get(row.key);
      if (known) known.update(row, words);
      else drawn.set(row.key, createRow(row, context, rowActions));
    }
    leaveOut(new Set(wanted.map(({ key }) => key)));
    const elements = pieces.map((piece, i) => {
      const after = pieces[i + 1];
      if ("space" in piece) return near.space(after && "nth" in after ? standing[after.nth].key : "", piece.space);
      const { element } = /** @type {import("./row.js").Drawn} */ (drawn.get(standing[piece.nth].key));
      attribute(/** @type {Element} */ (element.firstElementChild), "aria-rowindex", isLong ? piece.nth + 2 : null);
      return element;
    });
    near.trim(new Set(elements));
    attribute(table, "aria-rowcount", isLong ? standing.length + 1 : null);
    attribute(head.rows[0], "aria-rowindex", isLong ? 1 : null);
    place(table, elements);
  }

  function moved() {
    if (!near.isNeeded(standing.length) || view !== "list") return;
    // Drawn is a viewport's height more above and below: half of that is left.
    if (width === innerWidth && Math.abs(scrollY - drawnAt) < innerHeight / 2) return;
    scrolled ||= requestAnimationFrame(() => { scrolled = 0; if (parts && root.checkVisibility()) drawNear(context()); });
  }
  addEventListener("scroll", moved, { passive: true });
  addEventListener("resize", moved);

  /** Takes out what does not match, or is far away. The focus that was there goes to the search. @param {Set<string>} wanted */
  function leaveOut(wanted) {
    for (const [key, { element }] of drawn) {
      if (wanted.has(key)) continue;
      const isFocused = element.contains(document.activeElement);
      element.remove();
      drawn.delete(key);
      if (isFocused) parts?.toolbar.focus();
    }
  }

  /** Opens the task that the address names, or the only one there is, as soon as it is there. */
  function arrive() {
    const key = isArrived ? null : look.open ?? (watching && followed(watching.settings));
    const one = key && drawn.get(key);
    if (!one || !one.element.isConnected) return;
    isArrived = true;
    if (one.isOpen()) return;
    one.open(true);
    if (standing.length > 1) one.element.scrollIntoView({ block: "nearest" });
  }

  const rowActions = {
    ...actions,
    /** A row that waited is new from when it is seen. @param {Row} row */
    newSince: (row) => row.newAt && Math.max(row.newAt, met.get(row.key) ?? 0),
    /** @param {Row} row */
    opened(row) {
      isArrived = true;
      look = { ...look, open: row.key };
      actions.looked({ open: row.key });
      actions.opened(row);
    },
    /** @param {Row} row */
    closed(row) {
      if (look.open !== row.key) return;
      const open = [...drawn].find(([, one]) => one.isOpen())?.[0] ?? null;
      look = { ...look, open };
      actions.looked({ open });
    },
  };

  /** @param {Filter} filter */
  function filtered(filter) {
    actions.looked({ filter });
    clearTimeout(telling);
    telling = window.setTimeout(() => { if (parts) actions.say(parts.toolbar.said() ?? ""); }, 700);
  }

  /** A saved view; of what is open it says nothing. @param {Look} saved */
  function pick({ filter, view }) {
    actions.looked({ filter, view: view ?? "list" });
  }

  /** The usual key for a search, where nothing else is typed in. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !parts || !root.checkVisibility()) return;
    if (/** @type {Element} */ (event.target).closest("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
    event.preventDefault();
    parts.toolbar.focus();
  });

  /** What goes on by itself, once a second. */
  function tick() {
    if (!parts || !watching) return;
    const words = context();
    if (view === "timeline") parts.timeline.tick();
    else for (const one of drawn.values()) one.tick(words);
    const [state, said] = connection(watching, words);
    attribute(parts.state, "data-state", state);
    write(parts.said, said);
  }

  return {
    draw, tick, reveal,
    /** In another language or time zone: all of it again, what was open stays open. */
    redraw() {
      if (!watching) return;
      const open = new Map([...drawn].filter(([, one]) => one.isOpen()).map(([key, one]) => [key, openDetails(one.element)]));
      const next = watching;
      const wasThere = isArrived;
      clear();
      isArrived = wasThere;
      pinned = new Set(open.keys());
      draw(next);
      for (const [key, reopen] of open) {
        const one = drawn.get(key);
        if (!one) continue;
        one.open(true);
        reopen(one.element);
      }
      pinned = new Set();
    },
    clear,
  };

  function clear() {
    root.replaceChildren();
    drawn = new Map();
    standing = waiting = [];
    met = new Map();
    parts = watching = null;
    tallied = troubled = "";
    isArrived = false;
    clearTimeout(telling);
  }
}

/** Storage may be forbidden; the page then forgets, and works. @returns {"list" | "timeline"} */
function keptView() {
  try { return localStorage.getItem(KEPT) === "timeline" ? "timeline" : "list"; } catch { return "list"; }
}

/**
 * @param {Context} words @param {{ add: () => void, stop: () => void, notify: () => Node[] }} actions @param {HTMLElement} root
 * @param {{ view: "list" | "timeline", show: (view: "list" | "timeline") => void, toolbar: ReturnType<typeof createToolbar>, timeline: ReturnType<typeof createTimeline>, save: HTMLElement, letIn: () => void }} pieces
 */
function frame({ t }, { add, stop, notify }, root, { view: shown, show, toolbar, timeline, save, letIn }) {
  const view = (/** @type {"list" | "timeline"} */ value, /** @type {string} */ words) => h("label", null,
    h("input", { type: "radio", name: "watch-view", value, checked: shown === value, on: { change: () => show(value) } }), h("span", null, words));
  const views = h("fieldset", { class: "languages watch-views" }, h("legend", { class: "unseen" }, t("timeline.view")),
    view("list", t("timeline.list")), view("timeline", t("timeline.timeline")));
  const heading = h("h2", { id: "watch-heading" });
  const said = h("span");
  const state = h("p", { class: "watch-state" }, h("span", { class: "watch-dot", "aria-hidden": "true" }), said);
  const counts = h("div", { class: "watch-tally" });
  const what = h("p", { class: "muted" });
  const problems = h("div", { class: "watch-problems" });
  const nothing = h("p", { class: "watch-nothing muted" });
  const head = h("thead", { role: "rowgroup" }, h("tr", { role: "row" },
    COLUMNS.map((name) => h("th", { role: "columnheader", scope: "col", class: `watch-cell-${name}` }, t(`watch.column.${name}`))),
    h("td", { role: "cell" })));
  const table = h("table", { role: "table", class: "watch-table", "aria-labelledby": "watch-heading" }, head);
  const waiting = h("button", { type: "button", class: "button watch-waiting", hidden: true, on: { click: letIn } });
  const frame = h("div", { class: "list watch-frame" }, table);
  root.replaceChildren(
    h("section", { class: "tally" },
      h("div", { class: "watch-strip" }, heading, state, h("div", { class: "watch-actions" }, views, notify(), save,
        h("button", { type: "button", class: "button", id: "watch-add", "aria-haspopup": "dialog", on: { click: add } }, t("add.open")),
        h("button", { type: "button", class: "button", id: "watch-stop", on: { click: stop } }, t("watch.stop")))),
      counts, what),
    toolbar.element, problems, h("div", { class: "watch-waits" }, waiting), frame, timeline.element, nothing);
  return { toolbar, waiting, heading, said, state, tally: counts, what, problems, nothing, table, head, frame, timeline, views };
}

/** What is watched, and what was left out. @param {Session} watching @param {{ t: import("../words/text.js").Text, language: import("../words/text.js").Language }} words */
function whatWords({ sources, settings, listMs }, { t, language }) {
  return [
    ...sources.map((source) => `${t(`api.${source.api}`)} ${source.regionId}`),
    settings.tasks.length > 0 && t("watch.named", { n: count(settings.tasks.length, language) }),
    sources.length > 0 && t("watch.every", { duration: duration(listMs, language) }),
    sources.some((source) => source.cut) && t("watch.cut"),
  ].filter(Boolean).join(" · ");
}

/** How the asking goes. @param {Session} watching @param {Context} context @returns {[state: string, words: string]} */
function connection({ board, sources, answeredAt, isListing }, { t, language, now }) {
  if (!navigator.onLine) return ["trouble", t("watch.state.offline")];
  const { live, "given-up": lost } = board.counts().byStanding;
  const waits = live > 0 ? [...board.rows.values()].filter((row) => row.standing === "live" && row.trouble?.until) : [];
  const answered = answeredAt === null ? "" : age(Math.min(answeredAt, now), now, language, "narrow");
  if (waits.length > 0 && waits.length === live) {
    const [first] = waits.sort((a, b) => (a.trouble?.until ?? 0) - (b.trouble?.until ?? 0));
    const left = Math.max(0, (first.trouble?.until ?? now) - now);
    return ["trouble", t("watch.retry", { reason: headline(first.trouble?.error, t), duration: duration(Math.ceil(left / 1000) * 1000, language) })];
  }
  if (answeredAt === null || isListing) return ["starting", t("watch.state.starting")];
  if (live > 0) return ["live", t("watch.state.live", { age: answered })];
  if (lost > 0) return ["trouble", t("watch.state.lost", { age: answered })];
  return ["idle", t(sources.length > 0 ? "watch.state.looking" : "watch.state.ended", { age: answered })];
}

/**
 * Brings the rows into order with as few moves as the order needs. The row that has the focus stays, and the others go around it: a
 * browser loses the focus of what is moved, or scrolls to where it is moved.
 * @param {HTMLElement} table @param {HTMLElement[]} order
 */
function place(table, order) {
  const move = (/** @type {Element} */ row, /** @type {Element | null} */ before) => (row.isConnected && /** @type {any} */ (table).moveBefore || table.insertBefore).call(table, row, before);
  /** Those from here on are in their places. @type {Element | null} */
  let next = null;
  for (const row of order.toReversed()) {
    if (row.parentNode === table && row.contains(document.activeElement)) {
      for (let other; (other = row.nextElementSibling) && other !== next; ) move(other, row);
    } else if (row.nextElementSibling !== next || row.parentNode !== table) move(row, next);
    next = row;
  }
}
