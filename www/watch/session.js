// @ts-check
// One watching, from its start to its stop: what is asked, when, and what becomes of the answers. Asks through the package
// alone and draws nothing; the one who made it hears what happens. A token goes nowhere but to its proxy.

import { connect } from "../tasklens/dist/inline.js";
import { keyOf, keysAsked, readRef, writeAddress } from "./address.js";
import { createAnswers } from "./answers.js";
import { createBoard, isShallow } from "./board.js";
import { kept as keptHistory, trouble } from "./history.js";
import { isTokenProblem } from "./problem.js";

/** @typedef {import("tasklens").Task} Task */
/** @typedef {import("tasklens").TaskRef} TaskRef */
/** @typedef {import("./board.js").Row} Row */
/** @typedef {import("./address.js").Settings} Settings */
/** @typedef {{ api: "ecs" | "bdrc", regionId: string, problem: any, cut: boolean }} Source a region's list; `cut`: it is longer than what is shown */
/** @typedef {ReturnType<typeof createSession>} Session */
/** @typedef {{ address: string, watches: { state: string, keys: string[] }[], isWhole: boolean, rows: Row[] }} Kept what outlasts a reload */
/**
 * @typedef {object} Listener
 * @property {() => void} changed something is other than it was drawn
 * @property {(row: Row) => void} moved a task has another status than before
 * @property {(row: Row) => void} gone a task is no longer listed
 * @property {(n: number, error: any) => void} lost so many are no longer asked for
 * @property {(n: number) => void} found so many are listed that were not there at the start
 * @property {(error: any) => void} refused nothing can be asked before there is another token
 * @property {() => boolean} isPatient whether a hidden page asks on
 */

/** How often a region is listed for new tasks, and how many of them are shown. */
const LIST_MS = 15_000;
const MOST = 10_000;
/** More than so many at once are asked for by the list, which tells no progress: one by one they would be too many calls. */
const MOST_ALONE = 1000;
/** How many ended ECS tasks are asked for what their list does not tell, unless they are opened: each is a call of its own. */
const MOST_LOOKED_UP = 50;
/** How many ended tasks outlast a reload, besides those looked up: the storage of a tab is small, and a list tells them again. */
const MOST_KEPT = 500;
/** What is listed again is what began since then: a little more than the clocks may differ. */
const MARGIN_MS = 20 * 60_000;

/** Asks nobody before `start`; throws where the settings are no proxy's. @param {Settings} settings @param {string} token @param {Listener} on */
export function createSession(settings, token, on) {
  const board = createBoard();
  const answers = createAnswers();
  const abort = new AbortController();
  /** @type {Map<any, Row[]>} */
  const watches = new Map();
  /** From when on each region is listed again. @type {Map<Source, number>} */
  const since = new Map();
  let isBusy = false;
  let isLookingUp = false;
  let listing = 0;
  const { signal } = abort;
  const client = connect({
    proxy: settings.proxy,
    headers: () => ({ authorization: `Bearer ${token}` }),
    // An answer without news is no event of the watch, but it is news that there was one.
    fetch: async (input, init) => {
      const keys = keysAsked(String(input));
      const response = await answers.keep(String(input), keys, await fetch(input, init));
      if (response.ok) answered(keys);
      return response;
    },
  });
  const session = {
    settings, token, board, answers,
    /** @type {Source[]} */
    sources: /** @type {const} */ (["ecs", "bdrc"]).flatMap((api) => settings[api].map((regionId) => ({ api, regionId, problem: null, cut: false }))),
    /** Whether the regions are listed for the first time. */
    isListing: true,
    /** When the proxy last answered anything. @type {number | null} */
    answeredAt: null,
    listMs: LIST_MS,
    start, end, add, members, list, lookUp, cancel, again, turned, kept,
    /** Whether it will list by itself before long. */
    isWaiting: () => listing !== 0,
  };

  /** @param {string[]} keys */
  function answered(keys) {
    const now = Date.now();
    session.answeredAt = now;
    for (const key of keys) {
      const row = board.rows.get(key);
      if (!row?.task || row.standing !== "live") continue;
      row.heardAt = now; // shown at the next second
      row.quiet++;
      if (!row.trouble) continue;
      board.enter(row, "recovered", now);
      row.trouble = null;
      on.changed();
    }
  }

  // ── start and end ──

  /** @param {Kept | null} kept what a reload left behind */
  function start(kept) {
    if (kept?.address === writeAddress(settings)) restore(kept);
    const named = settings.tasks.flatMap((text) => readRef(text) ?? []).filter((ref) => !board.rows.has(keyOf(ref)));
    follow(named.map((ref) => board.add(ref, null, { now: Date.now() })));
    list();
  }

  function end() {
    clearTimeout(listing);
    abort.abort();
  }

  /** @returns {Kept} */
  function kept() {
    let ended = 0;
    const rows = board.order().filter((row) => row.standing === "live" || row.lookedUp || ended++ < MOST_KEPT);
    return {
      address: writeAddress(session.settings),
      watches: [...watches].map(([watch, rows]) => ({ state: watch.state(), keys: rows.filter((row) => row.standing === "live").map((row) => row.key) })),
      isWhole: !session.isListing && rows.length === board.rows.size,
      rows: rows.map((row) => ({ ...row, trouble: null, cancel: null, history: keptHistory(row.history) })),
    };
  }

  /** @param {Kept} kept */
  function restore({ watches, isWhole, rows }) {
    for (const kept of rows) {
      const row = board.add(kept.ref, kept.task, { now: Date.now() });
      Object.assign(row, kept, { standing: kept.standing === "given-up" ? "live" : kept.standing });
    }
    // What was left behind is not new when it is listed again.
    session.isListing = !isWhole || rows.length === 0;
    const left = new Map([...board.rows].filter(([, row]) => row.standing === "live"));
    for (const { state, keys } of watches) {
      const some = keys.flatMap((key) => left.get(key) ?? []);
      for (const key of keys) left.delete(key);
      follow(some, state);
    }
    follow([...left.values()]);
  }

  // ── watching ──

  /** Watches these tasks until they end. @param {Row[]} rows @param {string} [resume] */
  async function follow(rows, resume) {
    if (rows.length === 0) return;
    try {
      const watch = client.watch(resume ? [] : rows.map((row) => row.ref), { signal, progress: rows.length <= MOST_ALONE, pauseWhenHidden: !on.isPatient(), ...(resume ? { resume } : {}) });
      watches.set(watch, rows);
      watch.done.catch(() => {}); // told below
      try {
        for await (const event of watch) happened(event);
      } finally {
        watches.delete(watch);
      }
    } catch (error) {
      if (signal.aborted) return;
      const left = rows.filter((row) => row.standing === "live");
      // What was kept belongs to another version, or to another task by now: begin again.
      if (resume && /** @type {any} */ (error).code === "request") return follow(left);
      giveUp(left, error);
    }
  }

  /** Every watch goes on where it is, by another rule for a hidden page. */
  function turned() {
    for (const [watch, rows] of [...watches]) {
      const state = watch.state();
      watch.stop();
      if (rows.some((row) => row.standing === "live")) follow(rows, state);
    }
  }

  /** @param {any} event */
  function happened(event) {
    if (signal.aborted) return;
    const now = Date.now();
    const rows = (event.refs ?? [event.ref]).flatMap((/** @type {TaskRef} */ ref) => board.rows.get(keyOf(ref)) ?? []);
    switch (event.type) {
      case "update": case "end":
        for (const row of rows) learn(row, event.task, event.estimate ?? null);
        break;
      case "retry":
        for (const row of rows) {
          row.trouble = { error: event.error, until: now + event.delayMs };
          board.enter(row, "trouble", now, { error: trouble(event.error), delayMs: event.delayMs });
        }
        break;
      case "gone":
        for (const row of rows) {
          row.task ??= event.last;
          lose(row);
        }
        break;
      case "error":
        return giveUp(rows, event.error);
    }
    on.changed();
  }

  /** @param {Row} row @param {Task} task @param {import("./board.js").Estimate | null} estimate */
  function learn(row, task, estimate) {
    const before = row.task?.status;
    board.hear(row, task, estimate, Date.now());
    if (before && before !== task.status) on.moved(row);
    if (isShallow(row)) lookUp();
  }

  /** @param {Row[]} rows @param {any} error */
  function giveUp(rows, error) {
    if (signal.aborted) return;
    // Found in a list before the watch could see it: not unknown, but gone.
    const isGone = (/** @type {Row} */ row) => error?.fault?.kind === "not-found" && row.task !== null;
    for (const row of rows) {
      if (isGone(row)) lose(row);
      else board.leave(row, "given-up", error, Date.now());
    }
    if (isTokenProblem(error)) return on.refused(error);
    const n = rows.filter((row) => row.standing === "given-up").length;
    if (n > 0) on.lost(n, error);
    on.changed();
  }

  /** @param {Row} row */
  function lose(row) {
    board.leave(row, "gone", null, Date.now());
    on.gone(row);
  }

  /** Asks again for those given up. */
  function again() {
    const rows = [...board.rows.values()].filter((row) => row.standing === "given-up");
    for (const row of rows) {
      Object.assign(row, { standing: "live", trouble: null });
      board.enter(row, "again", Date.now());
    }
    follow(rows);
  }

  // ── adding ──

  /** Those that are not there yet; the others go on as they are. @param {TaskRef[]} refs @returns {number} how many that are */
  function add(refs) {
    const fresh = refs.filter((ref) => !board.rows.has(keyOf(ref)));
    session.settings = { ...session.settings, tasks: [...session.settings.tasks, ...fresh.map(keyOf)] };
    follow(fresh.map((ref) => board.add(ref, null, { now: Date.now(), isNew: true })));
    return fresh.length;
  }

  /** The tasks of a group, which are as many for ever. @param {{ regionId: string, id: string }} group @returns {Promise<TaskRef[]>} */
  async function members({ regionId, id }) {
    /** @type {TaskRef[]} */
    const found = [];
    try {
      for await (const task of client.tasks({ operation: "ecs.DescribeTasks", regionId, taskGroupId: id }, { signal })) found.push({ api: "ecs", regionId, id: task.id });
    } catch (error) {
      if (!signal.aborted && isTokenProblem(error)) on.refused(error);
      throw error;
    }
    return found;
  }

  // ── lists ──

  /** Lists every region, and does so again after a while. */
  async function list() {
    if (isBusy) return;
    isBusy = true;
    clearTimeout(listing);
    listing = 0;
    const found = (await Promise.all(session.sources.map(listOne))).reduce((sum, n) => sum + n, 0);
    isBusy = false;
    if (signal.aborted) return;
    if (!session.isListing && found > 0) on.found(found);
    session.isListing = false;
    on.changed();
    lookUp();
    if (session.sources.length > 0) listing = window.setTimeout(() => { listing = 0; if (!document.hidden || on.isPatient()) list(); }, LIST_MS);
  }

  /** How many were not known before. @param {Source} source */
  async function listOne(source) {
    const { api, regionId } = source;
    const began = Date.now();
    /** @type {Row[]} */
    const fresh = [];
    try {
      let n = 0;
      for await (const task of client.tasks(listCall(source, since.get(source)), { signal })) {
        const ref = { api, regionId, id: task.id };
        if (!board.rows.has(keyOf(ref))) fresh.push(board.add(ref, task, { now: Date.now(), isNew: !session.isListing }));
        source.cut = ++n >= MOST;
        if (n % 100 === 0) on.changed();
        if (source.cut) break;
      }
      source.problem = null;
      since.set(source, began - MARGIN_MS);
    } catch (error) {
      if (signal.aborted) return 0;
      if (isTokenProblem(error)) on.refused(error);
      source.problem = error;
    }
    follow(fresh.filter((row) => row.standing === "live"));
    on.changed();
    return fresh.length;
  }

  /** What was found in the lists, one by one: which part failed, and why. @param {Row} [first] */
  async function lookUp(first) {
    if (first) await lookAt(first);
    if (isLookingUp || session.isListing) return;
    isLookingUp = true;
    for (let row; !signal.aborted && (row = nextToLookUp()); ) await lookAt(row);
    isLookingUp = false;
  }

  function nextToLookUp() {
    if ([...board.rows.values()].filter((row) => row.lookedUp).length >= MOST_LOOKED_UP) return undefined;
    const shallow = board.order().filter(isShallow);
    return shallow.find((row) => row.task?.status === "failed") ?? shallow[0];
  }

  /** @param {Row} row */
  async function lookAt(row) {
    row.lookedUp = true;
    try {
      const task = await client.task(row.ref, { signal });
      if (!signal.aborted) learn(row, task, row.estimate);
    } catch {
      // What the list told is still true.
    }
    if (!signal.aborted) on.changed();
  }

  // ── cancelling ──

  /** Resolves when it is known whether the wish was accepted. @param {Row} row @returns {Promise<boolean>} */
  async function cancel(row) {
    row.cancel = "asking";
    board.enter(row, "cancel-asked", Date.now());
    on.changed();
    try {
      await client.cancel(row.ref, { signal });
      if (row.standing === "live") row.cancel = "accepted";
      board.enter(row, "cancel-accepted", Date.now());
      return true;
    } catch (error) {
      row.cancel = { error };
      board.enter(row, "cancel-refused", Date.now(), { error: trouble(error) });
      return false;
    } finally {
      on.changed();
    }
  }

  return session;
}

/** @param {Source} source @param {number | undefined} since @returns {Extract<import("tasklens").Call, { operation: "ecs.DescribeTasks" | "bdrc.DescribeTasks" }>} */
function listCall({ api, regionId }, since) {
  return api === "ecs" ? { operation: "ecs.DescribeTasks", regionId, pageSize: 100, ...(since ? { startTime: since } : {}) }
    : { operation: "bdrc.DescribeTasks", regionId, maxResults: 100 };
}
