// @ts-check
// Of a long table only the rows near the viewport are drawn: which these are, and how much room the others take. The page
// itself scrolls; all rows count as equally tall, but for those that were drawn and were not.

import { h } from "../draw/dom.js";

/** Up to so many rows all are drawn: the browser's own search then finds everything. */
const FEW = 200;
const ESTIMATE = 66;

/** @typedef {{ nth: number } | { space: number }} Piece a row, or the height of those left out */

export function createWindow() {
  /** The height of most rows. Once it is known it stays: were it to move with each row drawn, the end would run away from who scrolls there. */
  let usual = 0;
  /** The heights of those that have another. @type {Map<string, number>} */
  let odd = new Map();
  let width = 0;
  /** @type {readonly { key: string }[]} */
  let order = [];
  /** Where each row begins, and at last where all end; empty where that is to be reckoned anew. @type {Float64Array} */
  let tops = new Float64Array();
  /** By the row they stand before. @type {Map<string, HTMLElement>} */
  const spaces = new Map();

  /** Remembers how tall the rows are. In another width all of them are others. @param {number} wide @param {[key: string, tall: number][]} drawn */
  function measure(wide, drawn) {
    if (wide !== width) [width, usual, odd, tops] = [wide, 0, new Map(), new Float64Array()];
    const seen = drawn.filter(([, tall]) => tall > 0);
    if (usual === 0 && seen.length > 0) {
      usual = seen.map(([, tall]) => tall).sort((a, b) => a - b)[seen.length >> 1];
      tops = new Float64Array();
    }
    for (const [key, tall] of seen) {
      if (Math.abs((odd.get(key) ?? usual) - tall) < 0.5) continue;
      odd.set(key, tall);
      tops = new Float64Array();
    }
  }

  /** @param {readonly { key: string }[]} next */
  function reckon(next) {
    if (next === order && tops.length > 0) return;
    order = next;
    tops = new Float64Array(order.length + 1);
    for (let i = 0; i < order.length; i++) tops[i + 1] = tops[i] + ((odd.size > 0 && odd.get(order[i].key)) || usual || ESTIMATE);
  }

  /** The first row that ends at a height or below it. @param {number} height */
  function at(height) {
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (tops[middle + 1] < height) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * What to draw, from the first to the last.
   * @param {readonly { key: string }[]} rows @param {{ top: number, bottom: number }} view from the first row's upper edge, margins included
   * @param {Set<string>} kept those that are drawn wherever they are
   * @returns {Piece[]}
   */
  function pieces(rows, { top, bottom }, kept) {
    if (rows.length <= FEW) return rows.map((_, nth) => ({ nth }));
    reckon(rows);
    const [from, to] = [at(top), at(bottom)];
    /** @type {Piece[]} */
    const made = [];
    let next = 0;
    for (let nth = kept.size > 0 ? 0 : from; nth < rows.length && (nth <= to || kept.size > 0); nth++) {
      if ((nth < from || nth > to) && !kept.has(rows[nth].key)) continue;
      if (nth > next) made.push({ space: tops[nth] - tops[next] });
      made.push({ nth });
      next = nth + 1;
    }
    if (next < rows.length) made.push({ space: tops[rows.length] - tops[next] });
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
