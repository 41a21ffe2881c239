// What the measuring scripts have in common: their arguments, and how a row is told.

import path from "node:path";

const args = process.argv.slice(2);
const ids = args.filter((arg) => !arg.startsWith("--"));

/** The package that is measured. */
export const PKG = process.env.TASKLENS_PKG ?? path.join(import.meta.dirname, "../pkg");

export const isQuick = args.includes("--quick");

/** In a hurry, too, there are 15 pairs; they are only shorter. */
export const EFFORT = isQuick ? { pairs: 15, warmUpMs: 200, runMs: 8 } : { pairs: 31, warmUpMs: 1000, runMs: 25 };

/** Is it among those that were asked for? */
export function wanted(/** @type {{ id: string }} */ { id }) {
  return ids.length === 0 || ids.includes(id);
}

/** One line of JSON for the table, which `cargo xtask bench` makes. */
export function tell({ id, input, work, peer, goal }, where, figure) {
  console.log(JSON.stringify({ id, where, input, work, peer, goal, ...figure }));
}
