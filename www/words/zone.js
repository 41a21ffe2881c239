// @ts-check
// Which of two time zones comes first on the page: UTC, as the APIs tell their times, or the browser's own.

/** @typedef {"utc" | "local"} Zone */

/** The zone to begin with. @param {string | null} kept @returns {Zone} */
export const firstZone = (kept) => (kept === "local" ? "local" : "utc");

/** What drawing needs of it; undefined is the browser's own. @param {Zone} zone @returns {{ timeZone: string | undefined, otherZone: string | undefined }} */
export function zones(zone) {
  return zone === "local" ? { timeZone: undefined, otherZone: "UTC" } : { timeZone: "UTC", otherZone: undefined };
}
