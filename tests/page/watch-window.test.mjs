// Which rows of a long table are drawn, without a page.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createWindow } from "../../www/watch/window.js";

const rows = Array.from({ length: 1000 }, (_, i) => ({ key: `k${i}` }));
const NONE = /** @type {Set<string>} */ (new Set());
/** As words: `space 100, 5–9, space 20`. @param {import("../../www/watch/window.js").Piece[]} pieces */
const said = (pieces) => pieces.map((piece) => ("nth" in piece ? piece.nth : `space ${piece.space}`))
  .reduce((all, one) => (typeof one === "number" && all.at(-1)?.[1] === one - 1 ? [...all.slice(0, -1), [all.at(-1)?.[0], one]] : [...all, [one, one]]), /** @type {any[][]} */ ([]))
  .map(([from, to]) => (from === to ? from : `${from}–${to}`)).join(", ");
/** @param {[string, number][]} drawn */
function measured(...drawn) {
  const near = createWindow();
  near.measure(1000, [["k0", 50], ["k1", 50], ...drawn]);
  return near;
}

describe("of a long table", () => {
  /** @type {[string, [string, number][], [top: number, bottom: number], string[], string][]} */
  const cases = [
    ["the first rows are drawn at its top", [], [-900, 220], [], "0–4, space 49750"],
    ["those in the middle", [], [1001, 1199], [], "space 1000, 20–23, space 48800"],
    ["the last ones, when it ends above", [], [49_901, 60_000], [], "space 49900, 998–999"],
    ["none but what is kept, below its end", [], [60_000, 61_000], ["k7"], "space 350, 7, space 49600"],
    ["what is kept, on either side", [], [1001, 1099], ["k3", "k21", "k900"], "space 150, 3, space 800, 20–21, space 43900, 900, space 4950"],
    ["a row that is tall moves those after it", [["k5", 550]], [1001, 1099], [], "space 1000, 10–11, space 49400"],
    ["and one that is cut by the edge is drawn", [["k5", 550]], [400, 600], [], "space 250, 5, space 49700"],
  ];
  for (const [claim, drawn, [top, bottom], kept, wanted] of cases) {
    test(claim, () => assert.equal(said(measured(...drawn).pieces(rows, { top, bottom }, new Set(kept))), wanted));
  }
  test("the room is the same wherever it is looked at", () => {
    const near = measured(["k5", 550], ["k800", 20]);
    for (let top = -1000; top < 52_000; top += 777) {
      const tall = near.pieces(rows, { top, bottom: top + 900 }, NONE).reduce((sum, piece) => sum + ("space" in piece ? piece.space : { 5: 550, 800: 20 }[piece.nth] ?? 50), 0);
      assert.equal(tall, 50 * 998 + 570);
    }
  });
  test("another order and another width are reckoned anew", () => {
    const near = measured(["k5", 550]);
    near.pieces(rows, { top: 0, bottom: 99 }, NONE);
    assert.equal(said(near.pieces(rows.toReversed(), { top: 1001, bottom: 1099 }, NONE)), "space 1000, 20–21, space 49400");
    near.measure(500, [["k0", 100]]);
    assert.equal(said(near.pieces(rows, { top: 1001, bottom: 1199 }, NONE)), "space 1000, 10–11, space 98800");
  });
  test("a row that was closed is as tall as the others again", () => {
    const near = measured(["k5", 550]);
    near.measure(1000, [["k5", 50]]);
    assert.equal(said(near.pieces(rows, { top: 0, bottom: 99 }, NONE)), "0–1, space 49900");
  });
});

test("of a short one all is drawn", () => assert.equal(createWindow().pieces(rows.slice(0, 200), { top: 0, bottom: 1 }, NONE).length, 200));
