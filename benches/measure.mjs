// Two pieces of work beside each other, by turns, in Node and in a browser. A figure is the median of the ratios of the pairs;
// the spread is their quartiles.

/** @typedef {{ oursMs: number, peerMs: number, ratio: number, low: number, high: number, pairs: number }} Figure */

const at = (sorted, share) => sorted[Math.round((sorted.length - 1) * share)];
const sorted = (list) => list.toSorted((a, b) => a - b);

/** @param {[ours: number, peer: number][]} pairs @returns {Figure} */
export function figure(pairs) {
  const ratios = sorted(pairs.map(([ours, peer]) => ours / peer));
  const median = (which) => at(sorted(pairs.map((pair) => pair[which])), 0.5);
  return { oursMs: median(0), peerMs: median(1), ratio: at(ratios, 0.5), low: at(ratios, 0.25), high: at(ratios, 0.75), pairs: pairs.length };
}

/** Keeps an engine from leaving out work whose result nobody takes. */
export let sink = 0;

function time(work, repeat) {
  const start = performance.now();
  for (let i = 0; i < repeat; i++) sink += work();
  return (performance.now() - start) / repeat;
}

/** Warms up, and says how many repeats fill a run. */
function calibrate(work, { warmUpMs, runMs }) {
  const start = performance.now();
  let runs = 0;
  do {
    sink += work();
    runs++;
  } while (performance.now() - start < warmUpMs);
  return Math.max(1, Math.ceil(runMs / time(work, Math.min(20, runs))));
}

/**
 * @param {() => number} ours
 * @param {() => number} peer
 * @param {{ pairs: number, warmUpMs: number, runMs: number }} effort
 */
export function compare(ours, peer, effort) {
  const repeat = [calibrate(ours, effort), calibrate(peer, effort)];
  // No collection is forced between runs: it throws out compiled code with the objects it was compiled for, and made the
  // hand-written normalizer 1.8 times slower than it is.
  const run = (work, which) => time(work, repeat[which]);
  /** @type {[number, number][]} */ const pairs = [];
  for (let i = 0; i < effort.pairs; i++) {
    // Who goes first changes from pair to pair.
    const first = i % 2 ? run(ours, 0) : run(peer, 1);
    const second = i % 2 ? run(peer, 1) : run(ours, 0);
    pairs.push(i % 2 ? [first, second] : [second, first]);
  }
  return figure(pairs);
}
