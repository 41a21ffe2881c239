// @ts-check
// What is found while somebody reads: it waits until it is asked for, or nothing is read any more, and moves nothing till then. Pure.

/** @typedef {import("./board.js").Row} Row */

export function createArrivals() {
  /** Those that were found since the start and are shown, with since when. @type {Map<string, number>} */
  const met = new Map();
  return {
    /** Those that would be shown. @type {Row[]} */
    waiting: [],
    /**
     * Those that may be shown.
     * @param {Row[]} order @param {number} now @param {() => boolean} isRead whether somebody reads
     * @param {(key: string) => boolean} isWanted whether it was asked for by name
     */
    admit(order, now, isRead, isWanted) {
      const fresh = order.filter((row) => row.newAt !== null && !met.has(row.key));
      this.waiting = fresh.length > 0 && isRead() ? fresh.filter(({ key }) => !isWanted(key)) : [];
      const waits = new Set(this.waiting);
      for (const row of fresh) if (!waits.has(row)) met.set(row.key, now);
      return waits.size > 0 ? order.filter((row) => !waits.has(row)) : order;
    },
    /** All of them. @param {number} now @returns {Row} the first */
    letIn(now) {
      for (const { key } of this.waiting) met.set(key, now);
      return this.waiting[0];
    },
    /** A row that waited is new from when it is seen. @param {Row} row */
    newSince: (row) => row.newAt && Math.max(row.newAt, met.get(row.key) ?? 0),
  };
}
