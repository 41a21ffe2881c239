// @ts-check
// Everything watched → DOM: the strip, the toolbar, and the same rows as a list or along time. Draws what it is given; asks nobody.

import { h, write } from "../draw/dom.js";
import { createSave } from "../share/save.js";
import { isoMoment } from "../words/format.js";
import { followed } from "./address.js";
import { createArrivals } from "./arrivals.js";
import { known } from "./board.js";
import { arrange, NO_LOOK, toggled } from "./filter.js";
import { createSaved } from "./saved.js";
import { createStrip } from "./strip.js";
import { createTable } from "./table.js";
import { createTimeline } from "./timeline.js";
import { createToolbar } from "./toolbar.js";

/** @typedef {import("./board.js").Row} Row */
/** @typedef {import("../draw/task.js").Context} Context */
/** @typedef {import("./filter.js").Filter} Filter */
/** @typedef {import("./filter.js").Look} Look */
/** @typedef {import("./session.js").Session} Session */
/** @typedef {"list" | "timeline"} View */

/** Where the choice between list and timeline is kept. */
const KEPT = "tasklens.view";

/**
 * @param {HTMLElement} root
 * @param {() => Context} context
 * @param {{ cancel: (row: Row) => void, opened: (row: Row) => void, link: (row: Row) => string | null, say: (words: string) => void, add: () => void, stop: () => void, again: () => void, looked: (look: Partial<Look>) => void, notify: () => Node[] } & import("./record.js").Asking} actions
 */
export function createWatchView(root, context, actions) {
  /** @type {ReturnType<typeof createParts> | null} */
  let parts = null;
  /** @type {Session | null} */
  let watching = null;
  let look = NO_LOOK;
  let view = keptView();
  /** What the filter leaves, but for what waits. @type {Row[]} */
  let order = [];
  let arrivals = createArrivals();
  /** Whether the task that the address names, or the one that is followed, was opened. */
  let isArrived = false;
  /** What is shown is told once the typing has settled. */
  let telling = 0;

  function createParts() {
    const { t } = context();
    const radio = (/** @type {View} */ value, /** @type {string} */ words) => h("label", null,
      h("input", { type: "radio", name: "watch-view", value, checked: view === value, on: { change: () => show(value) } }), h("span", null, words));
    const views = h("fieldset", { class: "languages watch-views" }, h("legend", { class: "unseen" }, t("timeline.view")), radio("list", t("timeline.list")), radio("timeline", t("timeline.timeline")));
    const controls = [views, actions.notify(), createSave(context, shown, actions.say),
      h("button", { type: "button", class: "button", id: "watch-add", "aria-haspopup": "dialog", on: { click: actions.add } }, t("add.open")),
      h("button", { type: "button", class: "button", id: "watch-stop", on: { click: actions.stop } }, t("watch.stop"))];
    const strip = createStrip(context(), { controls, again: actions.again, pick: (status) => filtered(toggled(look.filter, "status", status)) });
    const toolbar = createToolbar(context, filtered, createSaved(context, { look: () => look, pick, say: actions.say }));
    const waiting = h("button", { type: "button", class: "button watch-waiting", hidden: true, on: { click: letIn } });
    const table = createTable(context, rowActions, () => toolbar.focus());
    const timeline = createTimeline(context, reveal);
    const nothing = h("p", { class: "watch-nothing muted" });
    root.replaceChildren(strip.element, toolbar.element, strip.problems, h("div", null, h("div", { class: "watch-waits" }, waiting), table.element, timeline.element), nothing);
    toolbar.set(look.filter);
    return { views, strip, toolbar, waiting, table, timeline, nothing };
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
    if (!parts) {
      parts = createParts();
      if (!look.view) actions.looked({ view });
    } else if (isOther) parts.toolbar.set(look.filter);
    parts.strip.draw(next, look.filter.status, context());
    drawRows();
    tick();
  }

  function drawRows() {
    if (!parts || !watching) return;
    const words = context();
    const { toolbar, table, timeline, waiting, nothing } = parts;
    const named = new Set(watching.settings.tasks);
    const all = watching.board.order();
    order = arrivals.admit(arrange(all, look.filter, words.now), words.now, table.isRead, (key) => key === look.open || named.has(key));
    const waits = arrivals.waiting.length;
    toolbar.draw(all, order.length, waits);
    toolbar.element.hidden = all.length === 0;
    waiting.hidden = waits === 0;
    write(waiting, words.t("waiting", { n: waits }));
    table.element.hidden = order.length === 0 || view !== "list";
    timeline.element.hidden = order.length === 0 || view !== "timeline";
    nothing.hidden = order.length > 0;
    write(nothing, all.length > 0 ? words.t("filter.none", { n: all.length }) : words.t(watching.isListing ? "watch.listing" : "watch.nothing"));
    if (view === "timeline") return timeline.draw(order);
    const arriving = isArrived ? null : look.open ?? followed(watching.settings);
    table.draw(order, arriving);
    if (arriving) arrive(arriving);
  }

  /** Opens the task that the address names, or the only one there is, as soon as it is there. @param {string} key */
  function arrive(key) {
    if (!parts?.table.has(key)) return;
    isArrived = true;
    const element = parts.table.opened(key);
    if (element && order.length > 1) element.scrollIntoView({ block: "nearest" });
  }

  /** By the reader's wish, who is led to the first of those that waited. */
  function letIn() {
    const { key } = arrivals.letIn(context().now);
    drawRows();
    parts?.table.draw(order, key);
    parts?.table.point(key);
  }

  /** What goes on by itself, once a second. */
  function tick() {
    if (!parts || !watching) return;
    const words = context();
    if (view === "timeline") parts.timeline.tick();
    else parts.table.tick(words);
    parts.strip.tick(watching, words);
  }

  // ── what the reader does ──

  /** By the reader's wish, which is the default from now on. @param {View} next */
  function show(next) {
    try { localStorage.setItem(KEPT, next); } catch { /* not kept */ }
    look = { ...look, view: next };
    actions.looked({ view: next });
    turn(next);
    drawRows();
  }

  /** @param {View} next */
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
    parts?.table.point(key);
  }

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

  const rowActions = {
    ...actions,
    /** @param {Row} row */
    newSince: (row) => arrivals.newSince(row),
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
      const open = parts?.table.open()[0]?.key ?? null;
      look = { ...look, open };
      actions.looked({ open });
    },
  };

  /** What is shown, drawn or not; of a task not heard of yet there is nothing to tell. */
  function shown() {
    const rows = order.flatMap((row) => { const task = known(row); return task ? [{ row, task }] : []; });
    return {
      tasks: rows.map(({ task }) => task),
      seen: rows.map(({ row }) => ({ standing: row.standing, heardAt: row.heardAt === null ? null : isoMoment(row.heardAt, 1000) })),
      of: watching?.board.rows.size,
    };
  }

  /** The usual key for a search, where nothing else is typed in. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !parts || !root.checkVisibility()) return;
    if (/** @type {Element} */ (event.target).closest("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
    event.preventDefault();
    parts.toolbar.focus();
  });

  function clear() {
    parts?.table.end();
    root.replaceChildren();
    parts = watching = null;
    order = [];
    arrivals = createArrivals();
    isArrived = false;
    clearTimeout(telling);
  }

  return {
    draw, tick, reveal, clear,
    /** In another language or time zone: all of it again, what was open stays open. */
    redraw() {
      if (!watching || !parts) return;
      const next = watching;
      const open = parts.table.open();
      const [wasThere, met] = [isArrived, arrivals];
      clear();
      [isArrived, arrivals] = [wasThere, met];
      draw(next);
      for (const { key, reopen } of open) {
        /** @type {any} */ (parts).table.draw(order, key);
        const element = /** @type {any} */ (parts).table.opened(key);
        if (element) reopen(element);
      }
    },
  };
}

/** Storage may be forbidden; the page then forgets, and works. @returns {View} */
function keptView() {
  try { return localStorage.getItem(KEPT) === "timeline" ? "timeline" : "list"; } catch { return "list"; }
}
