// @ts-check
// What the page says of tasks that end while it is hidden: before its title and on its icon always, by a notification of the
// system only to who asked for it. Asking means as well that a hidden page goes on watching.

import { attribute, h, icon, write } from "../draw/dom.js";
import { badge, notification, prefix } from "./endings.js";

/** @typedef {import("./board.js").Row} Row */

const KEPT = "tasklens.notify";
/** What ends within this time is told by one notification; after it, there is none for a while. */
const BURST_MS = 1000;
const GAP_MS = 5000;

/**
 * @param {object} page
 * @param {() => import("../draw/task.js").Context} page.context
 * @param {(words: string) => void} page.say
 * @param {() => void} page.turned on or off, by whomever: the browser's settings have a word in it, too
 * @param {() => void} page.changed the title is another
 * @param {(row: Row | null) => void} page.open a task, or only the watch, since its notification was pressed
 */
export function createNotify({ context, say, turned, changed, open }) {
  /** Whether the reader wants it; whether it can be is the browser's. */
  let isWanted = kept();
  let isMissing = !("Notification" in globalThis);
  /** What ended since the page was hidden. @type {Row[]} */
  let unseen = [];
  /** What no notification told yet. @type {Row[]} */
  let waiting = [];
  let timer = 0;
  /** @type {Set<Notification>} */
  let shown = new Set();
  /** @type {ReturnType<typeof build> | null} */
  let parts = null;
  const usual = document.querySelector("link[rel=icon]")?.getAttribute("href") ?? "";

  const isOn = () => isWanted && !isMissing && Notification.permission === "granted";
  let wasOn = isOn();

  /** Draws how it stands, and tells if that is not as it was. */
  function update() {
    if (parts) {
      const { t } = context();
      attribute(parts.button, "aria-pressed", String(isOn()));
      attribute(parts.button, "title", t(isOn() ? "notify.hint.on" : "notify.hint"));
      parts.button.disabled = isMissing;
      write(parts.note, problem());
      parts.note.hidden = problem() === "";
      attribute(parts.button, "aria-describedby", problem() !== "" && parts.note.id);
    }
    if (isOn() === wasOn) return;
    wasOn = isOn();
    turned();
  }

  /** Why there are none, though they are wanted. */
  function problem() {
    const { t } = context();
    if (isMissing) return t("notify.missing");
    return isWanted && Notification.permission === "denied" ? t("notify.denied") : "";
  }

  async function press() {
    if (isOn()) isWanted = false;
    else isWanted = await Notification.requestPermission() !== "default";
    keep(isWanted);
    update();
    say(problem() || context().t(isOn() ? "notify.say.on" : "notify.say.off"));
  }

  /** @param {import("../words/text.js").Text} t */
  function build(t) {
    const note = h("span", { class: "notify-note", id: "notify-note" });
    const button = h("button", { type: "button", class: "button", id: "notify", on: { click: press } }, icon("bell"), icon("copied"), t("notify.button"));
    return { button, note };
  }

  /** A moment later, when the rest of the burst, and the reasons that are looked up, are there. */
  function tell() {
    timer = 0;
    const rows = waiting;
    waiting = [];
    if (rows.length === 0) return;
    const said = notification(rows, context());
    show(said, said.first);
    timer = window.setTimeout(tell, GAP_MS);
  }

  /** @param {{ title: string, body: string, tag: string }} said @param {Row | null} row */
  function show({ title, body, tag }, row) {
    if (!document.hidden || !isOn()) return;
    try {
      const one = new Notification(title, { body, tag, lang: document.documentElement.lang });
      one.addEventListener("click", () => { one.close(); focus(); open(row); });
      one.addEventListener("close", () => shown.delete(one));
      shown.add(one);
    } catch {
      // There are browsers that have the name and let no page use it.
      isMissing = true;
      update();
    }
  }

  /** What there was to see was seen, unless nobody looks. */
  function seen() {
    if (document.hidden) return;
    clearTimeout(timer);
    timer = 0;
    for (const one of shown) one.close();
    shown = new Set();
    waiting = [];
    if (unseen.length === 0) return;
    unseen = [];
    mark();
  }

  function mark() {
    document.querySelector("link[rel=icon]")?.setAttribute("href", unseen.length > 0 ? badge(unseen) : usual);
    changed();
  }

  document.addEventListener("visibilitychange", () => {
    seen();
    update();
  });

  return {
    isOn, seen,
    /** The button and what is to be said beside it, in the language of now. */
    control() {
      parts = build(context().t);
      update();
      return [parts.button, parts.note];
    },
    /** A task ended before the page's eyes. @param {Row} row */
    ended(row) {
      if (!document.hidden) return;
      unseen.push(row);
      mark();
      if (!isOn()) return;
      waiting.push(row);
      timer ||= window.setTimeout(tell, BURST_MS);
    },
    /** The asking came to an end, and some tasks had not. @param {string} title @param {string} body */
    lost: (title, body) => show({ title, body, tag: "tasklens" }, null),
    /** What stands before the title. */
    prefix: () => prefix(unseen, context()),
  };
}

/** Storage may be forbidden; the page then forgets, and works. */
function kept() {
  try { return localStorage.getItem(KEPT) === "on"; } catch { return false; }
}

/** @param {boolean} isWanted */
function keep(isWanted) {
  try {
    if (isWanted) localStorage.setItem(KEPT, "on");
    else localStorage.removeItem(KEPT);
  } catch { /* not kept */ }
}
