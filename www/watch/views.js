// @ts-check
// Ways of looking that somebody named, to come back to. Pure: where they are kept is another's matter. Each is what the address
// would say of it and no more: neither what is watched, nor an open task, nor a token.

import { NOTHING, readAddress, writeAddress } from "./address.js";

/** @typedef {import("./filter.js").Look} Look */
/** @typedef {{ name: string, at: string }} View `at`: `#watch&status=failed&sort=newest` */

/** How many are kept, how long a name is, and how long what it stands for. */
export const MOST = 20;
export const LONGEST = 40;
const LONGEST_AT = 2000;

/** @param {Look} look */
export const lookAt = (look) => writeAddress(NOTHING, { ...look, open: null });

/** @param {View} view @returns {Look | null} */
export const lookOf = ({ at }) => readAddress(at)?.look ?? null;

/** One line, however it was typed. @param {string} name */
export const nameOf = (name) => [...name.replace(/\s+/g, " ").trim()].slice(0, LONGEST).join("").trim();

/** What was kept, as far as it can be read: anybody may have written there. @param {string | null} text @returns {View[]} */
export function readViews(text) {
  let kept;
  try { kept = JSON.parse(text ?? "[]"); } catch { return []; }
  if (!Array.isArray(kept)) return [];
  /** @type {View[]} */
  const views = [];
  for (const one of kept) {
    if (views.length >= MOST) break;
    const [name, look] = [nameOf(String(one?.name ?? "")), lookOf({ name: "", at: String(one?.at ?? "") })];
    const at = look && lookAt(look);
    if (name && at && at.length <= LONGEST_AT && !views.some((view) => view.name === name)) views.push({ name, at });
  }
  return views;
}

/** @param {View[]} views */
export const writeViews = (views) => JSON.stringify(views.map(({ name, at }) => ({ name, at })));

/**
 * With one more, or another under a name that is there. Why not is a word: the name is empty, there are too many, or it is too long.
 * @param {View[]} views @param {string} typed @param {Look} look @returns {View[] | "none" | "many" | "long"}
 */
export function withView(views, typed, look) {
  const view = { name: nameOf(typed), at: lookAt(look) };
  if (!view.name) return "none";
  if (view.at.length > LONGEST_AT) return "long";
  const at = views.findIndex(({ name }) => name === view.name);
  if (at >= 0) return views.with(at, view);
  return views.length >= MOST ? "many" : [...views, view];
}

/** @param {View[]} views @param {string} name */
export const withoutView = (views, name) => views.filter((view) => view.name !== name);
