// @ts-check
// The filter of the watch → DOM: a field to type in, what else can be chosen, and what of it holds. Decides nothing: filter.js does.

import { attribute, h, icon, menu, write } from "../draw/dom.js";
import { count, duration } from "../words/format.js";
import { AGES, FACETS, facets, hides, LENGTHS, NO_FILTER, SORTS, toggled } from "./filter.js";

/** @typedef {import("./filter.js").Filter} Filter */
/** @typedef {import("./filter.js").Facet} Facet */
/** @typedef {import("../draw/task.js").Context} Context */

/**
 * @param {() => Context} context
 * @param {(filter: Filter) => void} changed
 * @param {HTMLElement} views the menu of saved ones
 */
export function createToolbar(context, changed, views) {
  const { t, language } = context();
  let filter = NO_FILTER;
  /** @type {import("./board.js").Row[]} */
  let rows = [];

  const field = h("input", { type: "search", id: "watch-find", placeholder: t("filter.find"), title: t("filter.find.key"), "aria-keyshortcuts": "/", autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
  const groups = FACETS.map((facet) => createGroup(facet, context, (value) => change(toggled(filter, facet, value))));
  const age = select("age", [["", t("filter.any")], ...lengths("filter.age", AGES, context())], (value) => change({ ...filter, age: value || null }), t);
  const longer = select("longer", [["", t("filter.any")], ...lengths("filter.longer", LENGTHS, context())], (value) => change({ ...filter, longer: value || null }), t);
  const sort = select("sort", SORTS.map((one) => [one, t(`filter.sort.${one}`)]), (value) => change({ ...filter, sort: /** @type {any} */ (value) }), t);
  const chosen = h("span", { class: "tag", hidden: true });
  const more = h("details", { class: "filter-more" }, h("summary", { class: "button" }, t("filter.more"), chosen, icon("chevron")),
    h("div", { class: "filter-panel" }, groups.map((group) => group.element), h("div", { class: "filter-times" }, age.element, longer.element)));
  const chips = h("ul", { class: "filter-chips", "aria-label": t("filter.chips") });
  const shown = h("span");
  const all = h("button", { type: "button", class: "button", id: "filter-all", on: { click: showAll } }, t("filter.all"));
  const hidden = h("p", { class: "filter-hidden", hidden: true }, shown, all);
  const element = h("div", { class: "filter", role: "search", "aria-label": t("filter.label") },
    h("div", { class: "filter-bar" },
      h("p", { class: "filter-find" }, h("label", { for: "watch-find" }, t("filter.find.label")), field, h("kbd", { "aria-hidden": "true" }, "/")),
      more, sort.element, views),
    h("div", { class: "filter-state" }, chips, hidden));

  /** @param {Filter} next */
  function change(next) {
    set(next);
    changed(next);
  }

  function showAll() {
    change({ ...NO_FILTER, sort: filter.sort });
    field.focus({ preventScroll: true });
  }

  field.addEventListener("input", () => change({ ...filter, text: field.value }));
  field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || event.isComposing || !field.value) return;
    event.preventDefault(); // a browser that clears by itself says so too late
    change({ ...filter, text: "" });
  });
  menu(more);
  more.addEventListener("toggle", drawGroups);

  /** Shows a filter, whoever changed it. @param {Filter} next */
  function set(next) {
    filter = next;
    if (field.value.trim() !== next.text.trim()) field.value = next.text;
    age.control.value = next.age ?? "";
    longer.control.value = next.longer ?? "";
    sort.control.value = next.sort;
    const n = FACETS.reduce((sum, facet) => sum + next[facet].length, 0) + Number(next.age !== null) + Number(next.longer !== null);
    chosen.hidden = n === 0;
    write(chosen, count(n, language));
    drawChips();
    drawGroups();
  }

  /** Each can be taken away by itself; the focus goes to the next one. */
  function drawChips() {
    const conditions = [
      ...(filter.text.trim() ? [{ by: t("filter.by.text"), value: `“${filter.text.trim()}”`, without: { ...filter, text: "" } }] : []),
      ...FACETS.flatMap((facet) => filter[facet].map((value) => ({ by: t(`filter.by.${facet}`), value: valueWords(facet, value, t), without: toggled(filter, facet, value) }))),
      ...(filter.age ? [{ by: t("filter.by.age"), value: lengthWords("filter.age", AGES[filter.age], context()), without: { ...filter, age: null } }] : []),
      ...(filter.longer ? [{ by: t("filter.by.longer"), value: lengthWords("filter.longer", LENGTHS[filter.longer], context()), without: { ...filter, longer: null } }] : []),
    ];
    const at = [...chips.children].findIndex((one) => one.contains(document.activeElement));
    chips.replaceChildren(...conditions.map(({ by, value, without }) => {
      const what = `${by}${t("watch.colon")}${value}`;
      return h("li", null, h("button", { type: "button", class: "filter-chip", "aria-label": t("filter.remove", { what }), title: t("filter.remove", { what }), on: { click: () => change(without) } },
        h("span", { class: "muted" }, by), value, icon("close")));
    }));
    chips.hidden = conditions.length === 0;
    if (at >= 0) (chips.children[Math.min(at, conditions.length - 1)]?.firstElementChild ?? field).focus({ preventScroll: true });
  }

  /** Counting all of them is of use only to who sees it. */
  function drawGroups() {
    if (!more.open) return;
    const there = facets(rows);
    for (const group of groups) group.draw(there[group.facet], filter[group.facet]);
  }

  return {
    element, set,
    /** @param {import("./board.js").Row[]} next all rows @param {number} found how many of them are shown @param {number} waiting how many would be, but wait */
    draw(next, found, waiting) {
      rows = next;
      const left = next.length - found - waiting;
      hidden.hidden = left === 0 && !hides(filter);
      write(shown, t("filter.shown", { shown: count(found, language), total: count(next.length, language), hidden: count(left, language) }));
      drawGroups();
    },
    said: () => shown.textContent,
    focus() { field.focus(); field.select(); },
  };
}

/** The values of one facet, to be ticked. @param {Facet} facet @param {() => Context} context @param {(value: string) => void} toggle */
function createGroup(facet, context, toggle) {
  const { t, language } = context();
  const list = h("div", { class: "filter-values" });
  const element = h("fieldset", { class: "filter-group" }, h("legend", null, t(`filter.by.${facet}`)), list);
  let listed = "";

  /** @param {[value: string, n: number][]} there @param {string[]} chosen those stay to be unticked, though no task has them any more */
  function draw(there, chosen) {
    const all = [...there, ...chosen.filter((value) => !there.some(([one]) => one === value)).map((value) => /** @type {[string, number]} */ ([value, 0]))];
    const as = JSON.stringify(all.map(([value]) => value));
    if (as !== listed) {
      listed = as;
      const focused = list.contains(document.activeElement) ? /** @type {any} */ (document.activeElement).value : null;
      list.replaceChildren(...all.map(([value]) => h("label", null,
        h("input", { type: "checkbox", value, on: { change: () => toggle(value) } }), h("span", null, valueWords(facet, value, t)), h("span", { class: "muted" }))));
      if (focused !== null) [...list.querySelectorAll("input")].find((one) => one.value === focused)?.focus({ preventScroll: true });
    }
    all.forEach(([value, n], i) => {
      const label = list.children[i];
      label.firstElementChild.checked = chosen.includes(value);
      write(label.lastElementChild, count(n, language));
    });
    attribute(element, "hidden", all.length === 0 ? "" : null);
  }
  return { facet, element, draw };
}

/** @param {string} name @param {string[][]} options @param {(value: string) => void} chosen @param {import("../words/text.js").Text} t */
function select(name, options, chosen, t) {
  const control = h("select", { id: `filter-${name}` }, options.map(([value, words]) => h("option", { value }, words)));
  control.addEventListener("change", () => chosen(control.value));
  return { control, element: h("p", { class: "filter-select" }, h("label", { for: `filter-${name}` }, t(name === "sort" ? "filter.sort" : `filter.by.${name}`)), control) };
}

/** @param {string} key @param {Record<string, number>} among @param {Context} context @returns {string[][]} */
const lengths = (key, among, context) => Object.entries(among).map(([value, ms]) => [value, lengthWords(key, ms, context)]);

/** @param {string} key @param {number} ms @param {Context} context */
const lengthWords = (key, ms, { t, language }) => t(key, { duration: duration(ms, language) });

/** @param {Facet} facet @param {string} value @param {import("../words/text.js").Text} t */
function valueWords(facet, value, t) {
  if (facet === "api") return ["ecs", "bdrc", "cloudcontrol"].includes(value) ? t(`api.${value}`) : value;
  if (facet !== "status") return value;
  if (value === "given-up") return t("filter.given-up");
  return t(value === "gone" || value === "unheard" ? `watch.status.${value}` : `status.${value}`);
}
