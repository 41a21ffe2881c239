// @ts-check
// "Save": what is shown, as a file. Nothing is sent anywhere: the browser writes what the page already has.

import { h, icon, menu } from "../draw/dom.js";
import { fileName, toCsv, toJson } from "../words/export.js";
import { count } from "../words/format.js";
import { canSnapshot, snapshot } from "./snapshot.js";

/** @typedef {import("../draw/task.js").Context} Context */
/** @typedef {{ tasks: import("tasklens").Task[], seen?: import("../words/export.js").Seen[], of?: number }} Shown all tasks shown, drawn or not; `seen` where they are watched, `of` how many there are with the hidden ones */

/** A file's kind: its type, and what stands in it. @type {Record<string, { type: string, write: (shown: Shown, context: Context) => string | Promise<string> }>} */
const KINDS = {
  csv: { type: "text/csv;charset=utf-8", write: ({ tasks, seen }) => toCsv(tasks, seen) },
  html: { type: "text/html;charset=utf-8", write: snapshot },
  json: { type: "application/json", write: ({ tasks, seen }, { now }) => toJson(tasks, { now, seen }) },
};

/** A button that opens into the kinds of files. @param {() => Context} context @param {() => Shown} shown @param {(words: string) => void} say */
export function createSave(context, shown, say) {
  const { t } = context();
  const isPossible = (/** @type {string} */ kind) => kind !== "html" || canSnapshot();
  const said = h("p", { class: "save-said", hidden: true });
  const element = h("details", { class: "save" }, h("summary", { class: "button" }, icon("save"), t("save")), h("div", { class: "save-panel" },
    h("p", { class: "save-lead" }, t("save.lead")),
    Object.keys(KINDS).map((kind) => h("button", { type: "button", class: "save-as", "aria-disabled": isPossible(kind) ? null : "true", on: { click: () => { if (isPossible(kind)) save(kind); } } },
      h("strong", null, kind.toUpperCase()), " ", h("span", { class: "muted" }, t(isPossible(kind) ? `save.${kind}` : "save.html.none")))), said));

  const close = menu(element);

  /** Tells it in the menu as well, which stays open. @param {string} words */
  function tell(words) {
    said.hidden = false;
    said.textContent = words;
    say(words);
  }

  let isBusy = false;
  /** @param {string} kind */
  async function save(kind) {
    if (isBusy) return;
    const words = context();
    const what = shown();
    if (what.tasks.length === 0) return tell(t("save.none"));
    isBusy = true;
    tell(t("save.busy"));
    const name = fileName(words.now, kind);
    try {
      download(name, new Blob([await KINDS[kind].write(what, words)], { type: KINDS[kind].type }));
      close();
      say(t("save.done", { n: count(what.tasks.length, words.language), name }));
    } catch (error) {
      tell(t("save.failed", { message: /** @type {Error} */ (error).message }));
      throw error;
    } finally {
      isBusy = false;
    }
  }

  element.addEventListener("toggle", () => { said.hidden = !isBusy; });
  return element;
}

/** @param {string} name @param {Blob} blob */
function download(name, blob) {
  const href = URL.createObjectURL(blob);
  h("a", { href, download: name }).click();
  // The browser takes the file after this turn; then its copy in memory may go.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
