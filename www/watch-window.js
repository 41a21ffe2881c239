// @ts-check
// Of a long table only the rows near the viewport are drawn: which these are, and how much room the others take. The page
// itself scrolls; a height is measured where a row was drawn, and estimated where it was not.

import { h } from "./dom.js";

/** Up to so many rows all are drawn: the browser's own search then finds everything. */
const FEW = 200;
const ESTIMATE = 66;

/** @typedef {{ key: string } | { space: number }} Piece a row, or the height of those left out */

export function createWindow() {
  /** @type {Map<string, number>} */
  let heights = new Map();
  /** How tall a row is as a rule. Once it is known it stays: were it to move with each row drawn, the end would run away from who scrolls there. */
  let usual = ESTIMATE;
  let width = 0;
  /** By the row they stand before. @type {Map<string, HTMLElement>} */
  const spaces = new Map();

  /** Remembers how tall the rows are. In another width all of them are others. @param {HTMLElement} table @param {Iterable<[key: string, element: HTMLElement]>} drawn */
  function measure(table, drawn) {
    if (table.offsetWidth !== width) heights = new Map();
    width = table.offsetWidth;
    const isFirst = heights.size === 0;
    for (const [key, element] of drawn) {
      const tall = element.isConnected ? element.getBoundingClientRect().height : 0;
      if (tall > 0) heights.set(key, tall);
    }
    if (isFirst && heights.size > 0) usual = [...heights.values()].sort((a, b) => a - b)[heights.size >> 1];
  }

  /**
   * What to draw, from the first to the last.
   * @param {string[]} order @param {{ top: number, bottom: number }} view from the first row's upper edge, margins included
   * @param {(key: string) => boolean} isKept whether it is drawn wherever it is
   * @returns {Piece[]}
   */
  function pieces(order, { top, bottom }, isKept) {
    if (order.length <= FEW) return order.map((key) => ({ key }));
    /** @type {Piece[]} */
    const made = [];
    let at = 0;
    let space = 0;
    for (const key of order) {
      const tall = heights.get(key) ?? usual;
      if ((at + tall >= top && at <= bottom) || isKept(key)) {
        if (space > 0) made.push({ space });
        made.push({ key });
        space = 0;
      } else space += tall;
      at += tall;
    }
    if (space > 0) made.push({ space });
    return made;
  }

  /** An element that takes the room of the rows left out before a row, or at the end. @param {string} before @param {number} height */
  function space(before, height) {
    const one = spaces.get(before) ?? h("tbody", { class: "watch-space", "aria-hidden": "true" }, h("tr", null, h("td", { colspan: 7 })));
    spaces.set(before, one);
    const [cell] = one.getElementsByTagName("td");
    const wanted = `${Math.round(height)}px`;
    if (cell.style.height !== wanted) cell.style.height = wanted;
    return one;
  }

  return {
    measure, pieces, space,
    /** Takes out those not needed now. @param {Set<Element>} used */
    trim(used) {
      for (const [before, one] of spaces) {
        if (used.has(one)) continue;
        one.remove();
        spaces.delete(before);
      }
    },
    /** Whether some are left out. @param {number} n */
    isNeeded: (n) => n > FEW,
  };
}
