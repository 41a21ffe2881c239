// @ts-check
// The list: a table of which only the rows near the viewport are drawn, and that moves nothing under the reader's hands.

import { attribute, h, openDetails } from "../draw/dom.js";
import { createRow } from "./row.js";
import { createWindow } from "./window.js";

/** @typedef {import("./board.js").Row} Row */
/** @typedef {import("../draw/task.js").Context} Context */
/** @typedef {Parameters<typeof createRow>[2]} Actions */

const COLUMNS = ["status", "task", "where", "progress", "elapsed", "heard"];

/**
 * @param {() => Context} context @param {Actions} actions
 * @param {() => void} left the focus was in a row that is shown no more
 */
export function createTable(context, actions, left) {
  const { t } = context();
  const head = h("thead", { role: "rowgroup" }, h("tr", { role: "row" },
    COLUMNS.map((name) => h("th", { role: "columnheader", scope: "col", class: `watch-cell-${name}` }, t(`watch.column.${name}`))),
    h("td", { role: "cell" })));
  const table = h("table", { role: "table", class: "watch-table", "aria-labelledby": "watch-heading" }, head);
  const element = h("div", { class: "list watch-frame" }, table);
  /** @type {Map<string, import("./row.js").Drawn>} */
  const drawn = new Map();
  /** The rows as they stand, drawn or not. @type {Row[]} */
  let standing = [];
  /** The row that is drawn wherever it is. @type {string | null} */
  let wanted = null;
  const near = createWindow();
  /** Where the page stood, and how wide it was, when the rows near the viewport were drawn. */
  let drawnAt = 0;
  let width = 0;
  let scrolled = 0;

  /** @param {Row[]} order @param {string | null} key a row that is drawn wherever it is */
  function draw(order, key) {
    // Nobody is to press another row's button because the rows moved under the question.
    const isHeld = [...drawn.values()].some((one) => one.isAsking());
    standing = isHeld ? [...new Set([...standing, ...order])] : order;
    wanted = key;
    drawNear();
  }

  function drawNear() {
    const words = context();
    const isLong = near.isNeeded(standing.length);
    let top = 0;
    if (isLong) {
      [drawnAt, width] = [scrollY, innerWidth];
      near.measure(table.offsetWidth, [...drawn].map(([key, { element }]) => [key, element.getBoundingClientRect().height]));
      top = -(table.getBoundingClientRect().top + head.offsetHeight);
    }
    const kept = new Set(wanted === null ? [] : [wanted]);
    for (const [key, one] of drawn) if (one.isOpen() || one.isAsking() || one.element.contains(document.activeElement)) kept.add(key);
    const pieces = near.pieces(standing, { top: top - innerHeight, bottom: top + 2 * innerHeight }, kept);
    const rows = pieces.flatMap((piece) => ("nth" in piece ? [standing[piece.nth]] : []));
    for (const row of rows) {
      const known = drawn.get(row.key);
      if (known) known.update(row, words);
      else drawn.set(row.key, createRow(row, context, actions));
    }
    leaveOut(new Set(rows.map(({ key }) => key)));
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

  /** Takes out what does not match, or is far away. @param {Set<string>} kept */
  function leaveOut(kept) {
    for (const [key, { element }] of drawn) {
      if (kept.has(key)) continue;
      const isFocused = element.contains(document.activeElement);
      element.remove();
      drawn.delete(key);
      if (isFocused) left();
    }
  }

  function moved() {
    if (!near.isNeeded(standing.length) || !element.checkVisibility()) return;
    // Drawn is a viewport's height more above and below: half of that is left.
    if (width === innerWidth && Math.abs(scrollY - drawnAt) < innerHeight / 2) return;
    scrolled ||= requestAnimationFrame(() => { scrolled = 0; if (element.checkVisibility()) drawNear(); });
  }
  addEventListener("scroll", moved, { passive: true });
  addEventListener("resize", moved);

  return {
    element, draw,
    /** The rows that are open, the topmost first, each with what opens its inner parts again. */
    open: () => [...drawn].filter(([, one]) => one.isOpen()).map(([key, one]) => ({ key, reopen: openDetails(one.element) })),
    /** Opens a row that is drawn. @param {string} key @returns {HTMLElement | null} it, unless it is not there or was open before */
    opened(key) {
      const one = drawn.get(key);
      if (!one?.element.isConnected || one.isOpen()) return null;
      one.open(true);
      return one.element;
    },
    /** @param {string} key */
    has: (key) => drawn.get(key)?.element.isConnected ?? false,
    /** Leads the eye and the focus to a row that is drawn. @param {string} key */
    point(key) {
      const toggle = /** @type {HTMLElement | null | undefined} */ (drawn.get(key)?.element.querySelector(".watch-toggle"));
      toggle?.focus({ preventScroll: true });
      toggle?.scrollIntoView({ block: "center" });
    },
    /** Whether a row that came in between would move what somebody is reading. */
    isRead() {
      if (standing.length === 0 || !element.checkVisibility()) return false;
      const selection = getSelection();
      return scrollY > 0 || table.contains(document.activeElement) || [...drawn.values()].some((one) => one.isOpen())
        || Boolean(selection && !selection.isCollapsed && table.contains(selection.anchorNode));
    },
    /** What goes on by itself. @param {Context} words */
    tick(words) { for (const one of drawn.values()) one.tick(words); },
    /** It is shown no more. */
    end() {
      removeEventListener("scroll", moved);
      removeEventListener("resize", moved);
      cancelAnimationFrame(scrolled);
    },
  };
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
