// @ts-check
// The dialog that adds tasks to those that are watched: what it asks stands in index.html; here it is read while it is typed,
// and what was understood is shown.

import { h, icon, write } from "../draw/dom.js";
import { count } from "../words/format.js";
import { keyOf, REGION } from "./address.js";
import { problemBody } from "./problem.js";
import { readRefs } from "./refs.js";

/** @typedef {import("tasklens").TaskRef} TaskRef */
/** @typedef {{ api: import("tasklens").Api, regionId?: string }} Place */

/** So many are shown one by one. */
const SHOWN = 5;
/** Any region: with it, what is not understood but for want of a region is. */
const SOME = "cn-hangzhou";

/**
 * @param {(id: string) => any} find
 * @param {() => { t: import("../words/text.js").Text, language: import("../words/text.js").Language }} context
 * @param {object} watch
 * @param {(text: string) => import("tasklens").Reply} watch.parse
 * @param {() => Place[]} watch.places where what is watched is: where other tasks will be as well
 * @param {(ref: TaskRef) => boolean} watch.has whether it is watched
 * @param {(refs: TaskRef[]) => void} watch.add
 * @param {(group: { regionId: string, id: string }) => Promise<TaskRef[]>} watch.members
 */
export function createAdd(find, context, { parse, places, has, add, members }) {
  const dialog = find("add");
  const text = find("add-text");
  const api = find("add-api");
  const region = find("add-region");
  const submit = find("add-submit");
  /** Nothing is said to be wrong before somebody tried. */
  let isTried = false;
  /** The listing of a group that is under way. */
  let asking = 0;

  const likely = () => places().find((place) => place.api === api.value && place.regionId)?.regionId ?? "";
  /** What stands in the region's field unless somebody typed another. */
  let offered = "";
  function offer() {
    if (region.value !== offered) return;
    region.value = offered = likely();
  }

  function read(regionId = region.value.trim()) {
    return readRefs(text.value, { api: api.value, regionId: REGION.test(regionId) ? regionId : undefined, parse });
  }

  function draw() {
    const { t, language } = context();
    const found = read();
    const { refs, unknown, group } = found;
    const known = refs.filter(has).length;
    write(find("add-understood"), [
      refs.length > 0 && t("add.tasks", { n: count(refs.length, language) }),
      known > 0 && t("add.known", { n: count(known, language) }),
      group && t("add.group", { id: group.id }),
      unknown.length > 0 && t("add.unknown", { words: [...unknown.slice(0, SHOWN).map((word) => word.slice(0, 64)), ...(unknown.length > SHOWN ? ["…"] : [])].join(t("add.comma")) }),
    ].filter(Boolean).join(t("add.stop")) || t("add.nothing"));
    find("add-list").replaceChildren(
      ...refs.slice(0, SHOWN).map((ref) => h("li", null, h("span", null, [t(`api.${ref.api}`), ref.regionId].filter(Boolean).join(" ")), " ", h("code", null, ref.id),
        has(ref) && h("span", { class: "tag" }, t("add.there")))),
      ...(refs.length > SHOWN ? [h("li", { class: "muted" }, t("add.rest", { n: count(refs.length - SHOWN, language) }))] : []));
    const odd = region.value.trim();
    const isLacking = unknown.length > read(odd || SOME).unknown.length;
    wrong("region", odd && !REGION.test(odd) ? t("watch.wrong.region", { region: odd.slice(0, 64) }) : isLacking ? t("add.wrong.region") : "");
    wrong("text", isTried && !isLacking && refs.length === 0 && !group ? t("add.wrong.none") : "");
    return found;
  }

  /** @param {"text" | "region"} field @param {string} words none where nothing is wrong */
  function wrong(field, words) {
    const place = find(`add-${field}-error`);
    place.hidden = !words;
    if (place.textContent !== words) place.replaceChildren(...(words ? [icon("failed"), h("span", null, words)] : []));
    if (words) find(`add-${field}`).setAttribute("aria-invalid", "true");
    else find(`add-${field}`).removeAttribute("aria-invalid");
  }

  /** @param {boolean} isBusy */
  function busy(isBusy) {
    asking += 1;
    submit.toggleAttribute("aria-disabled", isBusy);
    write(submit, context().t(isBusy ? "add.asking" : "add.do"));
  }

  function refused(/** @type {import("../draw/dom.js").Child} */ words) {
    find("add-problem").replaceChildren(...(words ? [h("div", { class: "callout", "data-tone": "bad" }, icon("failed"), words)] : []));
  }

  async function take() {
    if (submit.hasAttribute("aria-disabled")) return;
    isTried = true;
    refused(null);
    const { refs, group } = draw();
    if (!find("add-region-error").hidden) return region.focus();
    if (refs.length === 0 && !group) return text.focus();
    if (!group) return done(refs);
    busy(true);
    const mine = asking;
    const { t } = context();
    try {
      const listed = await members(group);
      if (mine !== asking) return;
      if (listed.length + refs.length > 0) done([...refs, ...listed.filter((one) => !refs.some((ref) => keyOf(ref) === keyOf(one)))]);
      else refused(h("p", null, t("add.group.none", { id: group.id })));
    } catch (error) {
      if (mine === asking) refused(problemBody(/** @type {any} */ (error), t));
    }
    if (mine === asking) busy(false);
  }

  /** @param {TaskRef[]} refs */
  function done(refs) {
    text.value = "";
    dialog.close();
    add(refs);
  }

  find("add-form").addEventListener("submit", (/** @type {Event} */ event) => { event.preventDefault(); take(); });
  find("add-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => { isTried = false; refused(null); busy(false); });
  text.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); take(); }
  });
  for (const field of [text, region]) field.addEventListener("input", () => { refused(null); busy(false); draw(); });
  api.addEventListener("change", () => { offer(); draw(); });

  return {
    /** @param {string} [words] what is to be added */
    open(words) {
      if (words !== undefined) text.value = words;
      api.value = places()[0]?.api ?? "ecs";
      region.value = offered = likely();
      find("add-regions").replaceChildren(...[...new Set(places().flatMap(({ regionId }) => regionId ?? []))].map((value) => h("option", { value })));
      busy(false);
      draw();
      // The focus goes back there, from wherever the dialog was opened.
      find("watch-add").focus();
      dialog.showModal();
      text.focus();
    },
    close: () => dialog.close(),
  };
}
