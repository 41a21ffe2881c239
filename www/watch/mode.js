// @ts-check
// The watching mode: what is asked, when, and what becomes of the answers. Asks through the package alone, draws through
// watch/view.js; a token stays in this tab and goes nowhere but to its proxy.

import { connect, parse } from "../tasklens/dist/inline.js";
import { createAdd } from "./add.js";
import { isEmpty, keyOf, keysAsked, NOTHING, readAddress, readRef, writeAddress } from "./address.js";
import { createAnswers, findingsOf } from "./answers.js";
import { createBoard, isShallow } from "./board.js";
import { matches, NO_FILTER, NO_LOOK } from "./filter.js";
import { createForm } from "./form.js";
import { createHerald } from "./herald.js";
import { kept as keptHistory, trouble } from "./history.js";
import { createNotify } from "./notify.js";
import { headline, isTokenProblem } from "./problem.js";
import { readRefs } from "./refs.js";
import { createWatchView } from "./view.js";

/** @typedef {import("tasklens").Task} Task */
/** @typedef {import("tasklens").TaskRef} TaskRef */
/** @typedef {import("./board.js").Row} Row */
/** @typedef {import("./address.js").Settings} Settings */
/**
 * One watching, from its start to its stop.
 * @typedef {import("./view.js").Watching & { settings: Settings, token: string, client: any, abort: AbortController, watches: Map<any, Row[]>, since: Map<object, number>, answers: ReturnType<typeof createAnswers>, isBusy: boolean, isLookingUp: boolean }} Session
 */

const KEPT = "tasklens.watch";
const TOKEN = "tasklens.token";
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

/**
 * @param {object} page
 * @param {(id: string) => any} page.find
 * @param {() => import("../draw/task.js").Context} page.context
 * @param {(words: string) => void} page.say
 * @param {(text: string, status: number) => void} page.read opens a reply in the other mode
 * @param {() => void} page.enter shows this mode
 * @param {() => void} page.changed the counts are others: the page's title may be, too
 */
export function createWatch({ find, context, say, read, enter: show, changed }) {
  /** @type {Session | null} */
  let session = null;
  /** What the form holds while nothing is watched. @type {Settings} */
  let wanted = NOTHING;
  /** What of it is looked at. It is a matter of showing alone: no change of it asks anybody anything. @type {import("./filter.js").Look} */
  let look = NO_LOOK;
  const words = () => context().t;
  const herald = createHerald(say, (n) => words()("watch.say.many", { n }));
  const notify = createNotify({ context, say, changed, turned: followAgain, open });
  const form = createForm(find, words, parse, (settings, token) => {
    if (writeAddress(settings) !== writeAddress(wanted)) look = NO_LOOK;
    address(settings);
    begin(settings, token, keep.read(KEPT));
    find("watch").focus({ preventScroll: true });
  });
  const view = createWatchView(find("watch-body"), context, {
    say, cancel, again, looked,
    notify: notify.control,
    answer: (row) => session?.answers.get(row.key),
    findings: (answer, row) => findingsOf(answer, row.ref.id, parse),
    read: (answer) => read(answer.text, answer.status),
    add: () => adding.open(),
    stop: () => { stop(); form.focus(); },
    opened: (row) => { if (session && isShallow(row)) lookUp(session, row); },
  });

  const adding = createAdd(find, context, { parse, places, add, members, has: (ref) => session?.board.rows.has(keyOf(ref)) ?? false });

  // ── start and stop ──

  /** A token that came with the address, on its way to where it is used. */
  let brought = "";

  /** Takes a token out of the address at once: whoever sees or shares the address afterwards sees none. */
  function takeToken() {
    const said = readAddress(location.hash);
    if (!said?.token) return;
    brought = said.token;
    look = said.look;
    address(said.settings);
  }

  /** Does what the address says. */
  function enter() {
    takeToken();
    const said = readAddress(location.hash);
    if (!said) return;
    const { settings } = said;
    // Whoever comes back by the bare address finds what was left.
    if (!session || !isEmpty(settings)) look = said.look;
    const isSame = session !== null && (isEmpty(settings) || writeAddress(settings) === writeAddress(session.settings));
    if (session && isSame && !brought) {
      address(session.settings);
      return drawNow();
    }
    const token = brought || keptToken(settings.proxy);
    brought = "";
    if (!isEmpty(settings) && token) return begin(settings, token, keep.read(KEPT));
    // What was typed before the mode was left is still there.
    if (find("watch-start").hidden || !isEmpty(settings) || token) ask(settings, token);
  }

  /** @param {Settings} settings */
  function address(settings) {
    const hash = isEmpty(settings) ? "#watch" : writeAddress(settings, look);
    if (location.hash !== hash) history.replaceState(history.state, "", location.pathname + location.search + hash);
  }

  /** Another filter, or another task opened. @param {Partial<import("./filter.js").Look>} next */
  function looked(next) {
    look = { ...look, ...next };
    if (!session) return;
    address(session.settings);
    draw();
  }

  /** A task that was told of or is wanted, whatever is shown or hidden at the moment. @param {Row | null} row */
  function open(row) {
    show();
    if (!row || session?.board.rows.get(row.key) !== row) return;
    if (!matches(row, look.filter, Date.now())) looked({ filter: NO_FILTER });
    drawNow();
    view.reveal(row.key);
  }

  /** Shows the form. @param {Settings} settings @param {string} token @param {any} [error] */
  function ask(settings, token, error) {
    wanted = settings;
    find("watch-start").hidden = false;
    find("watch-body").hidden = true;
    form.fill(settings, token, error);
    changed();
  }

  /** @param {Settings} settings @param {string} token @param {any} kept what a reload left behind */
  function begin(settings, token, kept) {
    end();
    try {
      session = createSession(settings, token);
    } catch (error) {
      return ask(settings, token, error);
    }
    keep.write(TOKEN, { proxy: proxyOf(settings), token });
    find("watch-start").hidden = true;
    find("watch-body").hidden = false;
    keep.remove(KEPT);
    if (kept?.address === writeAddress(settings)) restore(session, kept);
    const named = settings.tasks.flatMap((text) => readRef(text) ?? []).filter((ref) => !session?.board.rows.has(keyOf(ref)));
    follow(session, named.map((ref) => /** @type {Session} */ (session).board.add(ref, null, { now: Date.now() })));
    list(session);
    drawNow();
  }

  /** @param {Settings} settings @param {string} token @returns {Session} */
  function createSession(settings, token) {
    /** @type {Session} */
    const made = {
      settings, token, board: createBoard(), abort: new AbortController(), watches: new Map(), since: new Map(), answers: createAnswers(), isBusy: false, isLookingUp: false,
      sources: /** @type {const} */ (["ecs", "bdrc"]).flatMap((api) => settings[api].map((regionId) => ({ api, regionId, problem: null, cut: false }))),
      named: settings.tasks.length, isListing: true, answeredAt: null, listMs: LIST_MS,
      client: connect({
        proxy: settings.proxy,
        headers: () => ({ authorization: `Bearer ${token}` }),
        // An answer without news is no event of the watch, but it is news that there was one.
        fetch: async (input, init) => {
          const keys = keysAsked(String(input));
          const response = await made.answers.keep(String(input), keys, await fetch(input, init));
          if (response.ok) answered(made, keys);
          return response;
        },
      }),
    };
    return made;
  }

  /** @param {Session} made @param {string[]} keys */
  function answered(made, keys) {
    made.answeredAt = Date.now();
    for (const key of keys) {
      const row = made.board.rows.get(key);
      if (!row?.task || row.standing !== "live") continue;
      row.heardAt = made.answeredAt; // shown at the next second
      row.quiet++;
      if (!row.trouble) continue;
      made.board.enter(row, "recovered", made.answeredAt);
      row.trouble = null;
      draw();
    }
  }

  function end() {
    session?.abort.abort();
    session = null;
    herald.hush();
    notify.seen();
    adding.close();
    view.clear();
  }

  /** By the reader's wish, or for want of another token. @param {any} [error] */
  function stop(error) {
    const { settings, token } = session ?? { settings: wanted, token: "" };
    if (error) {
      save();
      notify.lost(words()("notify.stopped"), headline(error, words()));
    } else keep.remove(KEPT);
    keep.remove(TOKEN);
    end();
    ask(settings, token, error);
  }

  // ── what happens ──

  /** Watches these tasks until they end. @param {Session} made @param {Row[]} rows @param {string} [resume] */
  async function follow(made, rows, resume) {
    if (rows.length === 0) return;
    try {
      const watch = made.client.watch(resume ? [] : rows.map((row) => row.ref), { signal: made.abort.signal, progress: rows.length <= MOST_ALONE, pauseWhenHidden: !notify.isOn(), ...(resume ? { resume } : {}) });
      made.watches.set(watch, rows);
      watch.done.catch(() => {}); // told below
      try {
        for await (const event of watch) happened(made, event);
      } finally {
        made.watches.delete(watch);
      }
    } catch (error) {
      if (made.abort.signal.aborted) return;
      const left = rows.filter((row) => row.standing === "live");
      // What was kept belongs to another version, or to another task by now: begin again.
      if (resume && /** @type {any} */ (error).code === "request") return follow(made, left);
      giveUp(made, left, error);
    }
  }

  /** Goes on where every watch is, by another rule for a hidden page. */
  function followAgain() {
    const made = session;
    if (!made) return;
    for (const [watch, rows] of [...made.watches]) {
      const state = watch.state();
      watch.stop();
      if (rows.some((row) => row.standing === "live")) follow(made, rows, state);
    }
  }

  /** @param {Session} made @param {any} event */
  function happened(made, event) {
    if (made !== session) return;
    const now = Date.now();
    const rows = (event.refs ?? [event.ref]).flatMap((/** @type {TaskRef} */ ref) => made.board.rows.get(keyOf(ref)) ?? []);
    switch (event.type) {
      case "update": case "end":
        for (const row of rows) learn(made, row, event.task, event.estimate ?? null);
        break;
      case "retry":
        for (const row of rows) {
          row.trouble = { error: event.error, until: now + event.delayMs };
          made.board.enter(row, "trouble", now, { error: trouble(event.error), delayMs: event.delayMs });
        }
        break;
      case "gone":
        for (const row of rows) {
          if (!row.task) row.task = event.last;
          lose(made, row);
        }
        break;
      case "error":
        return giveUp(made, rows, event.error);
    }
    draw();
  }

  /** @param {Session} made @param {Row} row @param {Task} task @param {import("./board.js").Estimate | null} estimate */
  function learn(made, row, task, estimate) {
    const before = row.task?.status;
    made.board.hear(row, task, estimate, Date.now());
    if (before && before !== task.status) {
      tellOf(row, task);
      if (task.terminal) notify.ended(row);
    }
    if (isShallow(row)) lookUp(made);
  }

  /** @param {Row} row @param {Task} task */
  function tellOf(row, task) {
    const t = words();
    herald.tell(row.key, t("watch.say.status", { action: task.action ?? t("kind.task"), id: row.ref.id, status: t(`status.${task.status}`) }));
  }

  /** @param {Session} made @param {Row[]} rows @param {any} error */
  function giveUp(made, rows, error) {
    if (made !== session) return;
    // Found in a list before the watch could see it: not unknown, but gone.
    const isGone = (/** @type {Row} */ row) => error?.fault?.kind === "not-found" && row.task !== null;
    for (const row of rows) {
      if (isGone(row)) lose(made, row);
      else made.board.leave(row, "given-up", error, Date.now());
    }
    if (isTokenProblem(error)) return stop(error);
    const n = rows.filter((row) => row.standing === "given-up").length;
    if (n > 0) {
      herald.tell("lost", words()("watch.lost", { n }));
      notify.lost(words()("watch.lost", { n }), headline(error, words()));
    }
    draw();
  }

  /** @param {Session} made @param {Row} row */
  function lose(made, row) {
    made.board.leave(row, "gone", null, Date.now());
    herald.tell(row.key, words()("watch.say.gone", { id: row.ref.id }));
    notify.ended(row);
  }

  /** Asks again for those given up. */
  function again() {
    const rows = [...session?.board.rows.values() ?? []].filter((row) => row.standing === "given-up");
    for (const row of rows) {
      Object.assign(row, { standing: "live", trouble: null });
      session?.board.enter(row, "again", Date.now());
    }
    if (session) follow(session, rows);
    drawNow();
  }

  // ── adding ──

  /** Where what is watched is. */
  function places() {
    return [...session?.sources ?? [], ...session?.settings.tasks.flatMap((text) => readRef(text) ?? []) ?? []];
  }

  /** More tasks; the others go on as they are. @param {TaskRef[]} refs */
  function add(refs) {
    const made = session;
    if (!made) return;
    const { board } = made;
    const fresh = refs.filter((ref) => !board.rows.has(keyOf(ref)));
    if (fresh.length === 0) {
      open(board.rows.get(keyOf(refs[0])) ?? null);
      return say(words()("add.say.known", { id: refs[0].id }));
    }
    made.settings = { ...made.settings, tasks: [...made.settings.tasks, ...fresh.map(keyOf)] };
    made.named = made.settings.tasks.length;
    address(made.settings);
    follow(made, fresh.map((ref) => board.add(ref, null, { now: Date.now(), isNew: true })));
    drawNow();
    say(words()("add.say", { n: fresh.length }));
  }

  /** What the other mode has read: added, asked about where something is missing, or put into the form. @param {string} text */
  function bring(text) {
    if (!session) {
      form.bring(text);
      return say(words()("add.say.form", { words: text }));
    }
    const { refs, unknown, group } = readRefs(text, { parse });
    if (unknown.length > 0 || group) return adding.open(text);
    add(refs);
    open(session.board.rows.get(keyOf(refs[0])) ?? null);
  }

  /** The tasks of a group, which are as many for ever. @param {{ regionId: string, id: string }} group @returns {Promise<TaskRef[]>} */
  async function members({ regionId, id }) {
    const made = /** @type {Session} */ (session);
    /** @type {TaskRef[]} */
    const found = [];
    try {
      for await (const task of made.client.tasks({ operation: "ecs.DescribeTasks", regionId, taskGroupId: id }, { signal: made.abort.signal })) found.push({ api: "ecs", regionId, id: task.id });
    } catch (error) {
      if (made === session && isTokenProblem(error)) stop(error);
      throw error;
    }
    return found;
  }

  // ── lists ──

  let listing = 0;
  /** Lists every region, and does so again after a while. @param {Session} made */
  async function list(made) {
    if (made.isBusy) return;
    made.isBusy = true;
    clearTimeout(listing);
    listing = 0;
    const found = (await Promise.all(made.sources.map((source) => listOne(made, source)))).reduce((sum, n) => sum + n, 0);
    made.isBusy = false;
    if (made !== session) return;
    if (!made.isListing && found > 0) herald.tell("new", words()("watch.say.new", { n: found }));
    made.isListing = false;
    drawNow();
    lookUp(made);
    if (made.sources.length > 0) listing = window.setTimeout(() => { listing = 0; if (made === session && (!document.hidden || notify.isOn())) list(made); }, LIST_MS);
  }

  /** How many were not known before. @param {Session} made @param {Session["sources"][number]} source */
  async function listOne(made, source) {
    const began = Date.now();
    /** @type {Row[]} */
    const fresh = [];
    try {
      let n = 0;
      for await (const task of made.client.tasks(listCall(source, made.since.get(source)), { signal: made.abort.signal })) {
        const ref = /** @type {TaskRef} */ ({ api: source.api, regionId: source.regionId, id: task.id });
        if (!made.board.rows.has(keyOf(ref))) fresh.push(made.board.add(ref, task, { now: Date.now(), isNew: !made.isListing }));
        source.cut = ++n >= MOST;
        if (n % 100 === 0) draw();
        if (source.cut) break;
      }
      source.problem = null;
      made.since.set(source, began - MARGIN_MS);
    } catch (error) {
      if (made !== session || made.abort.signal.aborted) return 0;
      if (isTokenProblem(error)) stop(error);
      source.problem = error;
    }
    follow(made, fresh.filter((row) => row.standing === "live"));
    draw();
    return fresh.length;
  }

  /** What was found in the lists, one by one: which part failed, and why. @param {Session} made @param {Row} [first] */
  async function lookUp(made, first) {
    if (first) await lookAt(made, first);
    if (made.isLookingUp || made.isListing) return;
    made.isLookingUp = true;
    for (let row; made === session && (row = nextToLookUp(made)); ) await lookAt(made, row);
    made.isLookingUp = false;
  }

  /** @param {Session} made */
  function nextToLookUp({ board }) {
    if ([...board.rows.values()].filter((row) => row.lookedUp).length >= MOST_LOOKED_UP) return undefined;
    const shallow = board.order().filter(isShallow);
    return shallow.find((row) => row.task?.status === "failed") ?? shallow[0];
  }

  /** @param {Session} made @param {Row} row */
  async function lookAt(made, row) {
    row.lookedUp = true;
    try {
      const task = await made.client.task(row.ref, { signal: made.abort.signal });
      if (made === session) learn(made, row, task, row.estimate);
    } catch {
      // What the list told is still true.
    }
    if (made === session) draw();
  }

  // ── cancelling ──

  /** @param {Row} row */
  async function cancel(row) {
    const made = session;
    if (!made) return;
    row.cancel = "asking";
    made.board.enter(row, "cancel-asked", Date.now());
    drawNow();
    try {
      await made.client.cancel(row.ref, { signal: made.abort.signal });
      if (row.standing === "live") row.cancel = "accepted";
      made.board.enter(row, "cancel-accepted", Date.now());
      say(words()("watch.say.cancel", { id: row.ref.id }));
    } catch (error) {
      if (made !== session) return;
      row.cancel = { error };
      made.board.enter(row, "cancel-refused", Date.now(), { error: trouble(error) });
      say(words()("watch.say.cancel.failed", { id: row.ref.id }));
    }
    drawNow();
  }

  // ── what a reload keeps ──

  function save() {
    if (!session) return;
    const { settings, watches, board } = session;
    let ended = 0;
    const rows = board.order().filter((row) => row.standing === "live" || row.lookedUp || ended++ < MOST_KEPT);
    keep.write(KEPT, { address: writeAddress(settings), watches: [...watches].map(([watch, rows]) => ({ state: watch.state(), keys: rows.filter((row) => row.standing === "live").map((row) => row.key) })), isWhole: rows.length === board.rows.size, rows: rows.map(({ trouble, cancel, ...row }) => ({ ...row, history: keptHistory(row.history) })) });
  }

  /** @param {Session} made @param {{ watches: { state: string, keys: string[] }[], isWhole: boolean, rows: Row[] }} kept */
  function restore(made, { watches, isWhole, rows }) {
    for (const kept of rows) {
      const row = made.board.add(kept.ref, kept.task, { now: Date.now() });
      Object.assign(row, kept, { trouble: null, cancel: null, standing: kept.standing === "given-up" ? "live" : kept.standing });
    }
    // What was left behind is not new when it is listed again.
    made.isListing = !isWhole || rows.length === 0;
    const left = new Map([...made.board.rows].filter(([, row]) => row.standing === "live"));
    for (const { state, keys } of watches) {
      const some = keys.flatMap((key) => left.get(key) ?? []);
      for (const key of keys) left.delete(key);
      follow(made, some, state);
    }
    follow(made, [...left.values()]);
  }

  /** @param {string} proxy */
  function keptToken(proxy) {
    const kept = keep.read(TOKEN);
    return kept && kept.proxy === proxyOf({ ...NOTHING, proxy }) ? String(kept.token) : "";
  }

  takeToken();
  addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return save();
    if (session && !listing) list(session);
    drawNow();
  });
  addEventListener("online", () => { if (session) list(session); });
  addEventListener("offline", () => drawNow());

  // ── drawing ──

  let asked = 0;
  /** At the next frame, however much happened before it. */
  function draw() {
    asked ||= requestAnimationFrame(drawNow);
    if (document.hidden) changed();
  }

  function drawNow() {
    cancelAnimationFrame(asked);
    asked = 0;
    if (session) view.draw(session, look);
    changed();
  }

  setInterval(() => { if (session && !document.hidden && !find("mode-watch").hidden) view.tick(); }, 1000);

  return {
    enter, bring,
    /** In another language or time zone. */
    redraw() { form.redraw(); view.redraw(); },
    /** What ended while nobody looked, or nothing. */
    unseen: notify.prefix,
    /** `3 running · 1 failed`, or nothing where nothing is watched. */
    title() {
      if (!session) return "";
      const t = words();
      const { byStatus } = session.board.counts();
      return ["running", "failed"].filter((status) => byStatus[status]).map((status) => t(`watch.title.${status}`, { n: byStatus[status] })).join(" · ") || t("watch.title.none");
    },
  };
}

/** @param {import("./view.js").Source} source @param {number | undefined} since */
function listCall({ api, regionId }, since) {
  return api === "ecs" ? { operation: "ecs.DescribeTasks", regionId, pageSize: 100, ...(since ? { startTime: since } : {}) }
    : { operation: "bdrc.DescribeTasks", regionId, maxResults: 100 };
}

/** Whose token it is. @param {Settings} settings */
const proxyOf = ({ proxy }) => (URL.canParse(proxy, document.baseURI) ? new URL(proxy, document.baseURI).href : proxy);

/** This tab's own storage; it may be forbidden, or full: the page then forgets, and works. */
const keep = {
  /** @param {string} name */
  read(name) { try { return JSON.parse(sessionStorage.getItem(name) ?? "null"); } catch { return null; } },
  /** @param {string} name @param {unknown} value */
  write(name, value) { try { sessionStorage.setItem(name, JSON.stringify(value)); } catch { this.remove(name); } },
  /** @param {string} name */
  remove(name) { try { sessionStorage.removeItem(name); } catch { /* nothing was kept */ } },
};
