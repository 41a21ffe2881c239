// @ts-check
// The watching mode: the form, one session after another, and the address that says what is watched and looked at. What is
// asked and heard is in session.js, what is drawn in view.js; a token stays in this tab and goes nowhere but to its proxy.

import { parse } from "../tasklens/dist/inline.js";
import { createAdd } from "./add.js";
import { isEmpty, keyOf, NOTHING, readAddress, readRef, writeAddress, writeLink } from "./address.js";
import { curlOf, findingsOf } from "./answers.js";
import { isShallow } from "./board.js";
import { matches, NO_FILTER, NO_LOOK } from "./filter.js";
import { createForm } from "./form.js";
import { createHerald } from "./herald.js";
import { createNotify } from "./notify.js";
import { headline } from "./problem.js";
import { readRefs } from "./refs.js";
import { createSession } from "./session.js";
import { createWatchView } from "./view.js";

/** @typedef {import("tasklens").Task} Task */
/** @typedef {import("tasklens").TaskRef} TaskRef */
/** @typedef {import("./board.js").Row} Row */
/** @typedef {import("./address.js").Settings} Settings */
/** @typedef {import("./session.js").Session} Session */

const KEPT = "tasklens.watch";
const TOKEN = "tasklens.token";

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
  const notify = createNotify({ context, say, changed, turned: () => session?.turned(), open });
  const form = createForm(find, words, parse, (settings, token) => {
    if (writeAddress(settings) !== writeAddress(wanted)) look = NO_LOOK;
    address(settings);
    begin(settings, token, keep.read(KEPT));
    find("watch").focus({ preventScroll: true });
    scrollTo(0, 0);
  });
  const view = createWatchView(find("watch-body"), context, {
    say, cancel, looked,
    again: () => { session?.again(); drawNow(); },
    notify: notify.control,
    answer: (row) => session?.answers.get(row.key),
    findings: (answer, row) => findingsOf(answer, row.ref.id, parse),
    read: (answer) => read(answer.text, answer.status),
    curl: (answer) => session && curlOf(answer.request, proxyOf(session.settings)),
    link: (row) => session && location.origin + location.pathname + writeLink(session.settings, row.ref),
    add: () => adding.open(),
    stop: () => { stop(); form.focus(); },
    opened: (row) => { if (isShallow(row)) session?.lookUp(row); },
  });

  const adding = createAdd(find, context, { parse, places, add, members: (group) => /** @type {Session} */ (session).members(group), has: (ref) => session?.board.rows.has(keyOf(ref)) ?? false });

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
      session = createSession(settings, token, heard);
    } catch (error) {
      return ask(settings, token, error);
    }
    keep.write(TOKEN, { proxy: proxyOf(settings), token });
    find("watch-start").hidden = true;
    find("watch-body").hidden = false;
    keep.remove(KEPT);
    session.start(kept);
    drawNow();
  }

  function end() {
    session?.end();
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

  /** @type {import("./session.js").Listener} */
  const heard = {
    changed: draw,
    moved(row) {
      const t = words();
      const task = /** @type {Task} */ (row.task);
      herald.tell(row.key, t("watch.say.status", { action: task.action ?? t("kind.task"), id: row.ref.id, status: t(`status.${task.status}`) }));
      if (task.terminal) notify.ended(row);
    },
    gone(row) {
      herald.tell(row.key, words()("watch.say.gone", { id: row.ref.id }));
      notify.ended(row);
    },
    lost(n, error) {
      herald.tell("lost", words()("watch.lost", { n }));
      notify.lost(words()("watch.lost", { n }), headline(error, words()));
    },
    found: (n) => herald.tell("new", words()("watch.say.new", { n })),
    refused: stop,
    isPatient: () => notify.isOn(),
  };

  /** @param {Row} row */
  async function cancel(row) {
    const made = session;
    if (!made) return;
    const isAccepted = await made.cancel(row);
    if (made === session) say(words()(isAccepted ? "watch.say.cancel" : "watch.say.cancel.failed", { id: row.ref.id }));
  }

  // ── adding ──

  /** Where what is watched is. */
  function places() {
    return [...session?.sources ?? [], ...session?.settings.tasks.flatMap((text) => readRef(text) ?? []) ?? []];
  }

  /** @param {TaskRef[]} refs */
  function add(refs) {
    if (!session) return;
    const n = session.add(refs);
    if (n === 0) {
      open(session.board.rows.get(keyOf(refs[0])) ?? null);
      return say(words()("add.say.known", { id: refs[0].id }));
    }
    address(session.settings);
    drawNow();
    say(words()("add.say", { n }));
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

  // ── what a reload keeps ──

  function save() {
    if (session) keep.write(KEPT, session.kept());
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
    if (session && !session.isWaiting()) session.list();
    drawNow();
  });
  addEventListener("online", () => session?.list());
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
