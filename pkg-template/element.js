// A task and a list of tasks as custom elements, drawn as the page draws them. They take plain data: only who gives `reply`, a
// text as the API sent it, also loads the package itself. In Node this module loads and defines nothing.

import { write } from "./www/draw/dom.js";
import { formatOf } from "./www/draw/lines.js";
import { problemView, replyView, ROWS, rows } from "./www/draw/replies.js";
import { taskCard } from "./www/draw/task.js";
import task from "./www/task.css";
import tokens from "./www/tokens.css";
import { age } from "./www/words/format.js";
import { texts } from "./www/words/text.js";

const HOST = `
:host { display: block; color: var(--ink); font: var(--text-m)/1.5 var(--sans); text-align: start; }
:host([hidden]) { display: none; }
.frame { container: reading / inline-size; display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--s4); }
`;

/** What can be styled from outside by `::part()`. */
const PARTS = { task: ".task", list: ".list", row: ".rows > li", badge: ".badge", progress: "progress", error: ".callout[data-tone='bad']", section: ".part", id: ".task-id" };

/** The properties that may have been set before the element was defined. */
const PROPERTIES = ["task", "tasks", "reply", "timeZone"];

/** One set of style sheets for all elements of a page. */
let sheets;
const styles = () => (sheets ??= [tokens, task, HOST].map((text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}));

const AGE_MS = 30_000;

/** The elements that stand in the page. What goes on by itself is one timer and one observer for all, and none without any. */
const standing = new Set();
let timer;
let observer;

function stand(element) {
  if (standing.size === 0) {
    timer = setInterval(() => standing.forEach((one) => one.tick()), AGE_MS);
    observer ??= new MutationObserver(() => standing.forEach((one) => one.speak()));
    observer.observe(document, { attributes: true, attributeFilter: ["lang"], subtree: true });
  }
  standing.add(element);
}

function leave(element) {
  standing.delete(element);
  if (standing.size > 0) return;
  clearInterval(timer);
  observer?.disconnect();
}

/** What both elements are: a shadow root, a language, a time zone, and a drawing that is renewed once for many changes. */
class TasklensElement extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = ["lang", "time-zone"];
  #frame;
  #due = false;
  #held = false;
  /** The one drawn. */
  #language;

  connectedCallback() {
    if (!this.#frame) {
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = styles();
      this.#frame = root.appendChild(document.createElement("div"));
      this.#frame.className = "frame";
      this.#frame.addEventListener("toggle", () => this.#name(), true);
      this.#frame.addEventListener("pointerdown", ({ button }) => { if (button === 0) this.#hold(); });
      this.#frame.addEventListener("click", (event) => this.pressed(event.target));
      for (const name of PROPERTIES) {
        if (!Object.hasOwn(this, name)) continue;
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
    stand(this);
    this.renew();
  }

  disconnectedCallback() {
    leave(this);
  }

  attributeChangedCallback() {
    this.renew();
  }

  get timeZone() {
    return this.getAttribute("time-zone");
  }

  set timeZone(zone) {
    if (zone === null || zone === undefined) this.removeAttribute("time-zone");
    else this.setAttribute("time-zone", zone);
  }

  /** Draws soon, once. The focus and the open details stay where they are as long as the same is shown. */
  renew() {
    if (!this.#frame || this.#due) return;
    this.#due = true;
    queueMicrotask(() => this.#renewed());
  }

  #renewed() {
    if (this.#held) return;
    this.#due = false;
    const controls = () => [...this.#frame.querySelectorAll("summary, button, a")];
    const focused = controls().indexOf(this.shadowRoot.activeElement);
    const language = this.#language = this.#spoken();
    this.#frame.lang = language === "zh" ? "zh-CN" : "en";
    this.draw(this.#frame, {
      t: texts(language), language, now: Date.now(), timeZone: "UTC", otherZone: known(this.timeZone), find: null,
      copy: (value, what) => this.#copy(value, what),
      more: () => [], excerpt: () => null, format: "json",
      show: (place) => this.tell("tasklens-place", place),
    });
    if (focused >= 0) controls()[focused]?.focus({ preventScroll: true });
    this.#name();
  }

  /** A row that was drawn anew between press and release would miss its click. */
  #hold() {
    this.#held = true;
    const over = new AbortController();
    const release = () => {
      over.abort();
      setTimeout(() => {
        this.#held = false;
        if (this.#due) this.#renewed();
      });
    };
    for (const type of ["pointerup", "pointercancel"]) addEventListener(type, release, { signal: over.signal });
  }

  /** The ages go on; nothing else changes by itself. */
  tick() {
    const now = Date.now();
    for (const time of this.#frame.querySelectorAll("[data-age]")) write(time, age(Number(time.dataset.age), now, this.#language));
  }

  /** The language of something above may be another one. */
  speak() {
    if (this.#spoken() !== this.#language) this.renew();
  }

  /** @returns {boolean} whether nobody forbade what follows */
  tell(type, detail, cancelable = false) {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable }));
  }

  pressed() {}

  #spoken() {
    const { lang } = this.closest("[lang]") ?? document.documentElement;
    return /^zh\b/i.test(lang) ? "zh" : "en";
  }

  /** A page that copies in its own way prevents ours. */
  async #copy(value, what) {
    if (!this.tell("tasklens-copy", { value, what }, true)) return true;
    return navigator.clipboard.writeText(value).then(() => true, () => false);
  }

  #name() {
    for (const [name, selector] of Object.entries(PARTS)) {
      for (const element of this.#frame.querySelectorAll(selector)) element.setAttribute("part", name);
    }
  }
}

/** A zone the browser knows, or its own. */
function known(zone) {
  try {
    return zone ? new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone : undefined;
  } catch {
    return undefined;
  }
}

export class TasklensTask extends TasklensElement {
  #task = null;
  #reply = null;
  #read = null;

  get task() {
    return this.#task;
  }

  set task(task) {
    this.#task = task ?? null;
    this.#reply = this.#read = null;
    this.renew();
  }

  get reply() {
    return this.#reply;
  }

  set reply(text) {
    this.#reply = text ?? null;
    this.#task = this.#read = null;
    this.renew();
    if (this.#reply !== null) this.#parse(this.#reply);
  }

  async #parse(text) {
    let read;
    try {
      const { init, parse } = await import("tasklens");
      await init();
      read = { reply: parse(text) };
    } catch (error) {
      read = { error };
    }
    // Another one may have been given meanwhile.
    if (this.#reply !== text) return;
    this.#read = read;
    if (read.reply?.kind === "task") this.#task = read.reply.task;
    this.renew();
  }

  draw(frame, context) {
    const { reply, error } = this.#read ?? {};
    if (this.#task) return frame.replaceChildren(taskCard(this.#task, context));
    if (!reply && !error) return frame.replaceChildren();
    const whole = { ...context, format: formatOf(this.#reply), more: (from, to) => reply.tasks.slice(from, to) };
    const drawn = error ? problemView(error, whole) : replyView(reply.kind === "tasks" ? { ...reply, tasks: reply.tasks.slice(0, ROWS) } : reply, whole);
    frame.replaceChildren(...drawn.flat(9).filter(Boolean));
  }
}

export class TasklensList extends TasklensElement {
  #tasks = [];
  /** Those drawn, to know a row's task. */
  #drawn = [];

  get tasks() {
    return this.#tasks;
  }

  set tasks(tasks) {
    this.#tasks = [...(tasks ?? [])];
    this.renew();
  }

  draw(frame, context) {
    const all = this.#tasks;
    const details = () => [...frame.querySelectorAll(".row-details")];
    const open = new Set(details().flatMap((row, i) => (row.open ? [this.#drawn[i]?.id] : [])));
    const shown = Math.max(ROWS, details().length);
    this.#drawn = all;
    frame.replaceChildren(rows({ api: all[0]?.api, summary: { total: all.length }, tasks: all.slice(0, shown) }, { ...context, more: (from, to) => all.slice(from, to) }, 3));
    // Nothing opens by itself, not even a row alone: a watch begins with one, too.
    details().forEach((row, i) => { row.open = open.has(all[i].id); });
  }

  pressed(target) {
    const row = target.closest("summary.row")?.parentElement;
    if (!row || row.open) return;
    const nth = [...row.closest(".rows").querySelectorAll(".row-details")].indexOf(row);
    this.tell("tasklens-select", { task: this.#drawn[nth] });
  }
}

/** Defines both elements, unless they are. */
export function define(registry = globalThis.customElements) {
  if (!registry) return;
  if (!registry.get("tasklens-task")) registry.define("tasklens-task", TasklensTask);
  if (!registry.get("tasklens-list")) registry.define("tasklens-list", TasklensList);
}

define();
