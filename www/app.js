// @ts-check
// Wiring: text in, reading out. Holds the page's state; rules of reading are the package's, drawing is in draw/, watching in watch/.

import { init, parse, TasklensError } from "./tasklens/dist/inline.js";
import { attribute, h, icon, openDetails } from "./draw/dom.js";
import { formatOf, indentJson, placeOf, splitLines, lineAt } from "./draw/lines.js";
import { problemView, replyView, ROWS } from "./draw/replies.js";
import { createModes } from "./modes.js";
import { splitHttp, statusOf } from "./read/http.js";
import { createRawPane } from "./read/raw.js";
import { listen, loadSamples, readFile, readSample, sampleList } from "./read/source.js";
import { createSave } from "./share/save.js";
import { createWatch } from "./watch/mode.js";
import { wordsOf } from "./watch/refs.js";
import { age, count, size } from "./words/format.js";
import "./words/page.js";
import { firstLanguage, texts } from "./words/text.js";
import { firstZone, zones } from "./words/zone.js";

/** Typing settles before it is read; a large reply waits longer, so that typing stays smooth. */
const SETTLE = { small: 150, large: 500, from: 200_000 };

for (const place of document.querySelectorAll("[data-icon]")) place.replaceWith(icon(/** @type {any} */ (place).dataset.icon));

const find = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
const raw = createRawPane(find);
const body = find("reading-body");
/** Where the HTTP status is typed. @type {HTMLInputElement} */
const statusField = find("raw-status");

/** @type {import("./words/text.js").Language} */
let language = firstLanguage(kept("language"), navigator.languages);
let t = texts(language);
let zone = firstZone(kept("zone"));
/** @type {import("./read/source.js").Sample[]} */
let samples = [];
/** What is read: the text as received, and the reading of it. @type {{ taken: import("./read/source.js").Taken, edited: boolean, reply: any, error: any }} */
let state = { taken: { text: "" }, edited: false, reply: null, error: null };
/** What the last whole replacement took away. @type {import("./read/source.js").Taken | null} */
let replaced = null;

/** Whether the package is there to be used. */
let loaded = false;

const modes = createModes(find, (mode) => {
  find("skip").setAttribute("href", mode === "read" ? "#reading" : "#watch");
  find("skip").dataset.text = `page.skip.${mode}`;
  find("private").dataset.text = `page.private.${mode}`;
  drawTexts();
  if (loaded && mode === "watch") watch.enter();
  drawTitle();
});
const watch = createWatch({
  find, say, changed: drawTitle,
  enter: () => modes.go("watch"),
  read: (text, status) => { take({ text, status }); find("reading").focus(); },
  context: () => ({ t, language, now: Date.now(), ...zones(zone), copy, find: null }),
});

// ── reading ──

/** Takes a whole new reply. @param {import("./read/source.js").Taken} taken */
function take(taken) {
  modes.go("read");
  const before = { ...state.taken, text: raw.area.value, status: statusOf(statusField.value) };
  if (before.text.trim() && !before.sample && before.text !== taken.text) replaced = before;
  else if (taken === replaced) replaced = null;
  state = { ...state, taken, edited: false };
  const head = splitHttp(taken.text);
  if (head) state.taken = { ...taken, text: head.body, bytes: taken.bytes?.subarray(taken.text.length - head.body.length) };
  raw.set(state.taken.text);
  setStatus(head?.status ?? taken.status);
  address(taken.sample);
  read();
}

/** Reads what stands in the text area, and draws it. */
function read() {
  clearTimeout(settling);
  settling = 0;
  state.reply = state.error = null;
  // An error without a body is told by its status alone.
  if (raw.area.value.trim() || Number(statusOf(statusField.value)) >= 400) {
    try {
      state.reply = parsed(0, ROWS);
    } catch (error) {
      state.error = error;
      // Anything else is a defect of ours: shown, but not passed over in silence.
      if (!(error instanceof TasklensError)) reportError(error);
    }
  }
  draw();
  const { line, column } = state.error ?? {};
  if (line) raw.show({ line, column: column ?? 1, tone: "problem" });
  say(summary());
}

/** The reply, with these tasks of a list. @param {number} from @param {number} to */
function parsed(from, to) {
  return parse(state.taken.bytes ?? raw.area.value, { slice: [from, to], httpStatus: statusOf(statusField.value) });
}

/** @param {number | undefined} status */
function setStatus(status) {
  statusField.value = String(status ?? "");
  checkStatus();
}

function checkStatus() {
  const wrong = statusField.value.trim() !== "" && statusOf(statusField.value) === undefined;
  attribute(statusField, "aria-invalid", wrong ? "true" : null);
  find("raw-status-wrong").textContent = wrong ? t("raw.status.wrong") : "";
}

statusField.addEventListener("input", () => {
  if (statusField.hasAttribute("aria-invalid")) checkStatus(); // half a number is no mistake yet
  settle();
});
statusField.addEventListener("change", checkStatus);

let settling = 0;
raw.area.addEventListener("input", (event) => {
  const head = splitHttp(raw.area.value);
  if (head) {
    raw.set(head.body);
    setStatus(head.status);
  } else raw.refresh();
  state.edited = state.edited || Boolean(state.taken.text);
  state.taken = { text: raw.area.value };
  address(undefined);
  drawFrame();
  // A half-written character must not be disturbed; its end is an input as well, or a compositionend.
  if (!(/** @type {InputEvent} */ (event).isComposing)) settle();
});
raw.area.addEventListener("compositionend", settle);
// Pasted over all of another reply it is a new one; pasted into nothing the status may have been typed before.
raw.area.addEventListener("paste", () => {
  const { value, selectionStart, selectionEnd } = raw.area;
  if (value.trim() && selectionStart === 0 && selectionEnd === value.length) setStatus(undefined);
});

function settle() {
  clearTimeout(settling);
  settling = window.setTimeout(readSettled, raw.area.value.length > SETTLE.from ? SETTLE.large : SETTLE.small);
}

/** As `read`, but a place of error must not pull the text away from under the typing. */
function readSettled() {
  const { scrollTop, scrollLeft } = find("raw-view");
  const { selectionStart, selectionEnd } = raw.area;
  read();
  raw.area.setSelectionRange(selectionStart, selectionEnd);
  find("raw-view").scrollTo(scrollLeft, scrollTop);
}

raw.area.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  read();
  find("reading").focus();
});

// ── drawing ──

function context() {
  return {
    t, language, now: Date.now(), ...zones(zone), copy, format: formatOf(raw.area.value),
    find: findTask,
    show: (/** @type {{ line: number, column: number }} */ place, /** @type {"finding" | "problem"} */ tone) => {
      raw.show({ ...place, tone });
      say(t("raw.place.shown", place));
    },
    excerpt: raw.excerpt,
    save: (/** @type {() => import("./share/save.js").Shown} */ shown) => createSave(context, shown, say),
    more: (/** @type {number} */ from, /** @type {number} */ to) => /** @type {any} */ (parsed(from, to)).tasks,
    watch: (/** @type {import("tasklens").Reply} */ reply) => {
      const words = wordsOf(reply);
      return words ? () => { modes.go("watch"); watch.bring(words); } : null;
    },
  };
}

function draw() {
  const { reply, error } = state;
  if (reply) body.replaceChildren(...replyView(reply, context()).flat(2).filter(Boolean));
  else if (error) body.replaceChildren(...problemView(error, context()));
  else body.replaceChildren(empty());
  raw.flag((reply?.findings ?? []).filter((/** @type {any} */ one) => one.line).map((/** @type {any} */ one) => [one.line, "finding"]));
  drawFrame();
}

function drawFrame() {
  const { reply, error, edited, taken } = state;
  const text = raw.area.value;
  const format = formatOf(text);
  const sample = samples.find((one) => one.id === taken.sample);
  drawTitle();
  find("raw-foot").replaceChildren(...(text
    ? [h("span", null, format.toUpperCase()), h("span", null, t("raw.lines", { n: count(raw.lines.starts.length, language) })),
      h("span", null, size(taken.bytes?.length ?? new Blob([text]).size, language)),
      sample && h("span", { class: "raw-origin", title: sample.origin[language] }, sample.origin[language]),
      edited && h("span", null, t("raw.edited"))].filter(Boolean)
    : [h("span", null, t("raw.empty"))]));
  find("clear").hidden = text === "" && statusField.value === "";
  find("undo").hidden = replaced === null;
  const long = lineAt(raw.lines, raw.lines.longest).length;
  const crowded = long > 400 || (long > 80 && raw.lines.starts.length <= 2);
  find("indent").hidden = !(format === "json" && crowded && (reply || error?.code !== "syntax"));
}

function drawTitle() {
  const { reply, error } = state;
  const words = modes.mode === "watch" ? watch.title()
    : reply?.kind === "task" ? `${t(`status.${reply.task.status}`)} · ${reply.task.id}` : reply || error ? t(`kind.${reply?.kind ?? "error"}`) : "";
  document.title = [watch.unseen(), words ? `${words} · tasklens` : t("page.title")].filter(Boolean).join(" · ");
}

function empty() {
  return h("div", { class: "empty" },
    h("h3", null, t("empty.heading")),
    h("p", { class: "lead" }, t("empty.lead")),
    samples.length > 0 && [h("h4", null, t("empty.samples")), h("p", { class: "muted" }, t("empty.samples.note")), sampleList(samples, t, language, 5, pick)]);
}

/** One sentence for those who hear the page. */
function summary() {
  const { reply, error } = state;
  if (error) return t("say.problem", { message: error.message });
  if (!reply) return raw.area.value ? t("say.empty") : "";
  const n = reply.findings.length;
  const noted = n > 0 ? t("reading.findings", { n }) : "";
  switch (reply.kind) {
    case "task": return t("say.task", { id: reply.task.id, status: t(`status.${reply.task.status}`), findings: noted });
    case "tasks": return t("say.tasks", { n: reply.summary.total, findings: noted });
    case "started": return t("say.started", { id: reply.id ?? reply.groupId ?? "" });
    case "fault": return t("say.fault", { code: reply.fault.code });
    default: return t("say.accepted");
  }
}

/** @param {string} words */
function say(words) {
  find("say").textContent = words;
}

// The age of a moment goes on; nothing else on the page changes by itself.
setInterval(() => {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-age]"))) element.textContent = age(Number(element.dataset.age), Date.now(), language);
}, 30_000);

// ── what buttons do ──

/** @param {string} value @param {string} what */
async function copy(value, what) {
  try {
    await navigator.clipboard.writeText(value);
    say(t("copied", { what }));
    return true;
  } catch {
    say(t("copy.failed"));
    return false;
  }
}

/** Marks the nth place where an id stands as a whole value. @param {string} id @param {number} nth */
function findTask(id, nth) {
  const text = raw.area.value;
  let at = -1;
  for (let left = nth; left >= 0; ) {
    at = text.indexOf(id, at + 1);
    if (at === -1) return say(t("task.find.none"));
    const closed = /^\s*["<]/.test(text.slice(at + id.length, at + id.length + 40)) && /[">]\s*$/.test(text.slice(Math.max(0, at - 40), at));
    if (closed) left--;
  }
  const place = placeOf(splitLines(text), at);
  raw.show({ ...place, tone: "task" });
  say(t("raw.place.shown", place));
}

/** @param {import("./read/source.js").Sample} sample */
async function pick(sample) {
  find("samples").close();
  try {
    take(await readSample(sample));
    find("reading").focus({ preventScroll: true });
  } catch (error) {
    notice(t("samples.failed", { message: /** @type {Error} */ (error).message }));
  }
}

/** @param {File} file */
async function takeFile(file) {
  try {
    take(await readFile(file, t, language));
  } catch (error) {
    notice(/** @type {Error} */ (error).message);
  }
}

/** What went wrong before there was anything to read. @param {string} message */
function notice(message) {
  body.prepend(h("p", { class: "callout", "data-tone": "bad" }, message));
  say(message);
}

/** Links within the page move the focus; the address stays the sample's. */
addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("a[href^='#']:not(.modes a)");
  const target = link && document.querySelector(/** @type {string} */ (link.getAttribute("href")));
  if (!target) return;
  event.preventDefault();
  /** @type {HTMLElement} */ (target).focus();
});

find("samples-open").addEventListener("click", () => find("samples").showModal());
find("samples-close").addEventListener("click", () => find("samples").close());
find("samples").addEventListener("click", (/** @type {MouseEvent} */ event) => { if (event.target === event.currentTarget) find("samples").close(); });
find("file-open").addEventListener("click", () => find("file").click());
find("file").addEventListener("change", () => {
  const [file] = find("file").files;
  find("file").value = "";
  if (file) takeFile(file);
});
find("clear").addEventListener("click", () => { take({ text: "" }); raw.area.focus(); });
find("undo").addEventListener("click", () => { if (replaced) { take(replaced); raw.area.focus(); } });
find("indent").addEventListener("click", () => { take({ text: indentJson(raw.area.value), sample: state.taken.sample, status: statusOf(statusField.value) }); raw.area.focus(); });
listen(find("drop"), take, takeFile);

// ── language, time zone and address ──

/** Storage may be forbidden; the page then forgets, and works. @param {"language" | "zone"} name */
function kept(name) {
  try { return localStorage.getItem(`tasklens.${name}`); } catch { return null; }
}

function drawTexts() {
  t = texts(language);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = t(/** @type {any} */ (element).dataset.text);
  for (const element of document.querySelectorAll("[data-title]")) element.setAttribute("title", t(/** @type {any} */ (element).dataset.title));
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(/** @type {any} */ (element).dataset.label));
  raw.area.placeholder = t("raw.placeholder");
  checkStatus();
  find("samples-list").replaceChildren(sampleList(samples, t, language, 3, pick));
}

/** A choice in the frame: it is kept, and both modes are drawn anew. @param {"language" | "zone"} name @param {string} value @param {(value: any) => void} chosen */
function choice(name, value, chosen) {
  for (const radio of document.querySelectorAll(`input[name=${name}]`)) {
    const input = /** @type {HTMLInputElement} */ (radio);
    input.checked = input.value === value;
    input.addEventListener("change", () => {
      chosen(input.value);
      try { localStorage.setItem(`tasklens.${name}`, input.value); } catch { /* not kept */ }
      redraw();
    });
  }
}
choice("language", language, (value) => { language = value; drawTexts(); });
choice("zone", zone, (value) => { zone = value; });

/** All of it again: what was open stays open, and the page where it was. */
function redraw() {
  const top = scrollY;
  const reopen = openDetails(body);
  draw();
  reopen(body);
  watch.redraw();
  scrollTo(scrollX, top);
}

/** The sample shown stands in the address, so that it can be sent to somebody; what was pasted never does. @param {string | undefined} sample */
function address(sample) {
  const hash = sample ? `#sample=${sample}` : "";
  if (location.hash !== hash) history.replaceState(null, "", location.pathname + location.search + hash);
}

const addressed = () => samples.find((sample) => location.hash === `#sample=${sample.id}`);
addEventListener("hashchange", () => {
  modes.show();
  if (loaded) watch.enter();
  const sample = addressed();
  if (sample) pick(sample);
});

// ── start ──

modes.show();
draw();
try {
  [, samples] = await Promise.all([init(), loadSamples()]);
  loaded = true;
  drawTexts();
  watch.enter();
  const sample = addressed();
  if (sample) take(await readSample(sample));
  else read();
} catch (error) {
  notice(t("page.broken", { message: /** @type {Error} */ (error).message }));
}
document.documentElement.dataset.ready = "";
