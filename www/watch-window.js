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
  let width = 0;
  /** @type {HTMLElement[]} */
  const spaces = [];

  /** Remembers how tall the rows are. In another width all of them are others. @param {HTMLElement} table @param {Iterable<[key: string, element: HTMLElement]>} drawn */
  function measure(table, drawn) {
    if (table.offsetWidth !== width) heights = new Map();
    width = table.offsetWidth;
    for (const [key, element] of drawn) {
      const tall = element.isConnected ? element.getBoundingClientRect().height : 0;
      if (tall > 0) heights.set(key, tall);
    }
  }

  /**
   * What to draw, from the first to the last.
   * @param {string[]} order @param {{ top: number, bottom: number }} view from the first row's upper edge, margins included
   * @param {(key: string) => boolean} isKept whether it is drawn wherever it is
   * @returns {Piece[]}
   */
  function pieces(order, { top, bottom }, isKept) {
    if (order.length <= FEW) return order.map((key) => ({ key }));
    let sum = 0;
    for (const tall of heights.values()) sum += tall;
    const usual = heights.size > 0 ? sum / heights.size : ESTIMATE;
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

  /** An element that takes the room of the rows left out. @param {number} nth @param {number} height */
  function space(nth, height) {
    spaces[nth] ??= h("tbody", { class: "watch-space", "aria-hidden": "true" }, h("tr", null, h("td", { colspan: 7 })));
    const [cell] = spaces[nth].getElementsByTagName("td");
    const wanted = `${Math.round(height)}px`;
    if (cell.style.height !== wanted) cell.style.height = wanted;
    return spaces[nth];
  }

  return {
    measure, pieces, space,
    /** Takes out those not needed now. @param {number} used */
    trim(used) { for (const one of spaces.slice(used)) one.remove(); },
    /** Whether some are left out. @param {number} n */
    isNeeded: (n) => n > FEW,
  };
}
