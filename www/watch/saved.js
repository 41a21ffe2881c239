// @ts-check
// "Views": ways of looking kept under a name, in this browser alone. What a view is, views.js says.

import { attribute, h, icon, menu } from "../draw/dom.js";
import { count } from "../words/format.js";
import { LONGEST, lookAt, lookOf, MOST, nameOf, readViews, withoutView, withView, writeViews } from "./views.js";

/** @typedef {import("./filter.js").Look} Look */
/** @typedef {import("../draw/task.js").Context} Context */

const KEPT = "tasklens.views";

/**
 * A button that opens into the views there are, and a field to name the present one.
 * @param {() => Context} context
 * @param {{ look: () => Look, pick: (look: Look) => void, say: (words: string) => void }} actions
 */
export function createSaved(context, { look, pick, say }) {
  const { t, language } = context();
  const list = h("ul", { class: "views-list", "aria-label": t("views.list") });
  const none = h("p", { class: "views-lead" }, t("views.none"));
  const field = h("input", { type: "text", id: "views-name", maxlength: LONGEST, autocomplete: "off", "aria-describedby": "views-said" });
  const said = h("p", { class: "views-lead", id: "views-said" }, t("views.lead"));
  const form = h("form", { class: "views-form" }, h("label", { for: "views-name" }, t("views.name")), h("div", null, field, h("button", { class: "button" }, t("views.save"))), said);
  const element = h("details", { class: "views" }, h("summary", { class: "button", on: { click: () => { if (!element.open) prepare(); } } }, t("views"), icon("chevron")), h("div", { class: "views-panel" }, none, list, form));
  const close = menu(element);

  function draw() {
    const views = read();
    const present = lookAt(look());
    none.hidden = views.length > 0;
    list.hidden = views.length === 0;
    list.replaceChildren(...views.map((view) => h("li", null,
      h("button", { type: "button", class: "views-pick", "aria-current": view.at === present ? "true" : null, on: { click: () => show(view) } }, view.name, view.at === present && icon("copied")),
      h("button", { type: "button", class: "button quiet", "aria-label": t("views.remove", { name: view.name }), title: t("views.remove", { name: view.name }), on: { click: () => remove(view.name) } }, icon("close")))));
  }

  /** Before it opens: another tab may have changed them, and nothing is to be replaced under a key that is pressed next. */
  function prepare() {
    draw();
    said.textContent = t("views.lead");
    attribute(said, "data-tone", null);
    attribute(field, "aria-invalid", null);
  }

  /** @param {import("./views.js").View} view */
  function show(view) {
    close();
    pick(/** @type {Look} */ (lookOf(view)));
    say(t("views.shown", { name: view.name }));
  }

  /** The focus goes to the next one. @param {string} name */
  function remove(name) {
    const at = read().findIndex((view) => view.name === name);
    const isKept = write(withoutView(read(), name));
    draw();
    (list.children[Math.min(at, list.children.length - 1)]?.lastElementChild ?? field).focus({ preventScroll: true });
    tell(t(isKept ? "views.removed" : "views.failed", { name }), !isKept);
  }

  form.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const name = nameOf(field.value);
    const views = withView(read(), name, look());
    if (typeof views === "string") {
      field.focus({ preventScroll: true });
      return tell(t(`views.wrong.${views}`, { n: count(MOST, language) }), true);
    }
    if (!write(views)) return tell(t("views.failed"), true);
    field.value = "";
    draw();
    tell(t("views.saved", { name }), false);
  });

  /** @param {string} words @param {boolean} isWrong */
  function tell(words, isWrong) {
    said.textContent = words;
    attribute(said, "data-tone", isWrong ? "bad" : null);
    attribute(field, "aria-invalid", isWrong ? "true" : null);
    say(words);
  }

  return element;
}

function read() {
  try { return readViews(localStorage.getItem(KEPT)); } catch { return []; }
}

/** Storage may be forbidden, or full. @param {import("./views.js").View[]} views */
function write(views) {
  try { localStorage.setItem(KEPT, writeViews(views)); return true; } catch { return false; }
}
