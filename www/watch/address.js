// @ts-check
// What to watch, as the page's address says it: `#watch&proxy=/&ecs=cn-hangzhou&bdrc=cn-shanghai&tasks=cloudcontrol::task-1`,
// and what of it is looked at: `&find=image&status=failed&sort=newest&open=ecs:cn-hangzhou:t-1&view=timeline`.
// Pure. A token may come in with it and never goes out again: what is written here can be sent to anybody.

import { NO_LOOK, readLook, writeLook } from "./filter.js";

/** @typedef {import("tasklens").TaskRef} TaskRef */
/** @typedef {"ecs" | "bdrc"} Listed APIs that can list their tasks */
/**
 * @typedef {object} Settings
 * @property {string} proxy address of the signing proxy; `/` is where the page comes from
 * @property {string[]} ecs regions whose tasks are listed
 * @property {string[]} bdrc likewise
 * @property {string[]} tasks `api:region:id`; the region may be empty for Cloud Control
 */

/** @type {Settings} */
export const NOTHING = { proxy: "/", ecs: [], bdrc: [], tasks: [] };

/** As in the names of regions; whether there is such a region the API says. */
export const REGION = /^[a-z]{2}(?:-[a-z0-9]+)+$/;

/** Null where the address is not the watch's. @param {string} hash @returns {{ settings: Settings, token: string, look: import("./filter.js").Look } | null} */
export function readAddress(hash) {
  if (!/^#watch(?:&|$)/.test(hash)) return null;
  const parts = new URLSearchParams(hash.slice(1));
  const list = (/** @type {string} */ name) => split(parts.get(name) ?? "");
  return {
    settings: { proxy: parts.get("proxy") || NOTHING.proxy, ecs: list("ecs"), bdrc: list("bdrc"), tasks: list("tasks") },
    // A token has no space in it; a plus that was not encoded reads as one.
    token: (parts.get("token") ?? "").trim().replaceAll(" ", "+"),
    look: readLook(parts),
  };
}

/** @param {Settings} settings @param {import("./filter.js").Look} [look] */
export function writeAddress(settings, look = NO_LOOK) {
  const { proxy, ecs, bdrc, tasks } = settings;
  const said = look.open !== null && look.open === followed(settings) ? { ...look, open: null } : look;
  const encode = (/** @type {string} */ text) => encodeURIComponent(text).replaceAll("%3A", ":").replaceAll("%2F", "/");
  const parts = [...Object.entries({ ecs, bdrc, tasks }).filter(([, list]) => list.length > 0), ...writeLook(said)].map(([name, value]) => `${name}=${[value].flat().map(encode).join(",")}`);
  return ["#watch", ...(proxy === NOTHING.proxy ? [] : [`proxy=${encode(proxy)}`]), ...parts].join("&");
}

/** What shows one task to another: by itself where it was asked for by name, else in its region's list. @param {Settings} settings @param {TaskRef} ref */
export function writeLink({ proxy, tasks }, ref) {
  const key = keyOf(ref);
  const listed = ref.regionId && ref.api !== "cloudcontrol" && !tasks.includes(key) ? { [ref.api]: [ref.regionId] } : { tasks: [key] };
  return writeAddress({ ...NOTHING, proxy, ...listed }, { ...NO_LOOK, open: key });
}

/** One a line, or with commas. Each once. @param {string} text */
export function split(text) {
  return [...new Set(text.split(/[\s,，;；]+/).filter(Boolean))];
}

/** @param {Settings} settings */
export const isEmpty = ({ ecs, bdrc, tasks }) => ecs.length + bdrc.length + tasks.length === 0;

/** The key of the one task that is all there is to watch: it is followed, open to its end without a click. @param {Settings} settings */
export function followed({ ecs, bdrc, tasks }) {
  const ref = ecs.length + bdrc.length === 0 && tasks.length === 1 ? readRef(tasks[0]) : null;
  return ref && keyOf(ref);
}

/** Null where it is no `api:region:id`. @param {string} text @returns {TaskRef | null} */
export function readRef(text) {
  const [, api, regionId, id] = /^(ecs|bdrc|cloudcontrol):([\w-]*):([^:]+)$/.exec(text) ?? [];
  if (!api || (api !== "cloudcontrol" && !regionId)) return null;
  return /** @type {TaskRef} */ (regionId ? { api, regionId, id } : { api, id });
}

/** The reverse of `readRef`; also what tells two tasks apart. @param {TaskRef} ref */
export const keyOf = ({ api, regionId, id }) => `${api}:${regionId ?? ""}:${id}`;

/**
 * Which tasks a request through the proxy asked for by their id, as keys.
 * @param {string} url
 */
export function keysAsked(url) {
  const { pathname, searchParams } = new URL(url, "http://page");
  const api = pathname.split("/").at(-2);
  const named = (/** @type {RegExp} */ name) => [...searchParams].filter(([key]) => name.test(key)).map(([, value]) => value);
  const [region = ""] = named(/^regionId$/i);
  return named(/^taskIds?$/i).flatMap((value) => value.split(",")).map((id) => `${api}:${region}:${id}`);
}
