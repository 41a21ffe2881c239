// @ts-check
// The form that starts a watch: what it asks stands in index.html; here it is filled, checked and read.

import { coded, h, icon } from "../draw/dom.js";
import { isEmpty, keyOf, REGION, split } from "./address.js";
import { isTokenProblem, problemBody } from "./problem.js";
import { readRefs } from "./refs.js";

/** @typedef {import("./address.js").Settings} Settings */
/** @typedef {"proxy" | "token" | "ecs" | "bdrc" | "tasks"} Field */

const FIELDS = /** @type {Field[]} */ (["proxy", "token", "ecs", "bdrc", "tasks"]);

/**
 * @param {(id: string) => any} find
 * @param {() => import("../words/text.js").Text} words
 * @param {(text: string) => import("tasklens").Reply} parse
 * @param {(settings: Settings, token: string) => void} start
 */
export function createForm(find, words, parse, start) {
  const form = find("watch-form");
  const input = (/** @type {Field} */ field) => find(`watch-${field}`);
  /** What was wrong when it was last looked at. @type {[Field, import("../draw/dom.js").Child][]} */
  let wrong = [];
  /** @type {any} */
  let refused = null;

  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    refused = null;
    const { settings, token, named } = read();
    wrong = mistakes(settings, token, named);
    drawProblems();
    if (wrong.length > 0) return input(wrong[0][0]).focus();
    start(settings, token);
  });
  for (const field of FIELDS) {
    input(field).addEventListener("input", () => {
      wrong = wrong.filter(([one]) => one !== field);
      drawProblems();
    });
  }

  function read() {
    const value = (/** @type {Field} */ field) => input(field).value.trim();
    const [ecs, bdrc] = [split(value("ecs")), split(value("bdrc"))];
    // An id alone is of the one region there is.
    const named = readRefs(value("tasks"), { regionId: ecs.length === 1 && bdrc.length === 0 && REGION.test(ecs[0]) ? ecs[0] : undefined, parse });
    return { settings: { proxy: value("proxy") || "/", ecs, bdrc, tasks: named.refs.map(keyOf) }, token: value("token"), named };
  }

  /** @param {Settings} settings @param {string} token @param {import("./refs.js").Refs} named @returns {[Field, import("../draw/dom.js").Child][]} */
  function mistakes(settings, token, { unknown: [odd], group }) {
    const t = words();
    /** @type {[Field, import("../draw/dom.js").Child][]} */
    const found = [];
    const proxy = URL.canParse(settings.proxy, document.baseURI) ? new URL(settings.proxy, document.baseURI) : null;
    if (connects() === "'none'") found.push(["proxy", t("watch.wrong.file")]);
    else if (!proxy || !/^https?:$/.test(proxy.protocol)) found.push(["proxy", t("watch.wrong.proxy")]);
    else if (!maySpeakWith(proxy.origin)) found.push(["proxy", coded(t("watch.wrong.foreign", { here: location.origin, there: proxy.origin }))]);
    if (!token) found.push(["token", t("watch.wrong.token.none")]);
    else if (!/^[\x21-\x7e]+$/.test(token)) found.push(["token", t("watch.wrong.token")]);
    for (const field of /** @type {const} */ (["ecs", "bdrc"])) {
      const other = settings[field].find((region) => !REGION.test(region));
      if (other !== undefined) found.push([field, t("watch.wrong.region", { region: other.slice(0, 64) })]);
    }
    if (odd !== undefined) found.push(["tasks", coded(t("watch.wrong.task", { task: odd.slice(0, 64) }))]);
    else if (group) found.push(["tasks", t("watch.wrong.group", { id: group.id })]);
    else if (isEmpty(settings)) found.push(["ecs", t("watch.wrong.nothing")]);
    return found;
  }

  function drawProblems() {
    const t = words();
    for (const field of FIELDS) {
      const mistake = wrong.find(([one]) => one === field)?.[1];
      const place = find(`watch-${field}-error`);
      place.hidden = mistake === undefined;
      place.replaceChildren(...(mistake === undefined ? [] : [icon("failed"), h("span", null, mistake)]));
      if (mistake === undefined) input(field).removeAttribute("aria-invalid");
      else input(field).setAttribute("aria-invalid", "true");
    }
    find("watch-form-problem").replaceChildren(...(refused ? [h("div", { class: "callout", "data-tone": "bad" }, icon("failed"), problemBody(refused, t))] : []));
  }

  return {
    /** @param {Settings} settings @param {string} token @param {any} [error] why the last start came to nothing */
    fill(settings, token, error = null) {
      input("proxy").value = settings.proxy;
      input("token").value = token;
      input("ecs").value = settings.ecs.join(", ");
      input("bdrc").value = settings.bdrc.join(", ");
      input("tasks").value = settings.tasks.join("\n");
      refused = error;
      wrong = error && isTokenProblem(error) ? [["token", words()("watch.wrong.token.other")]] : [];
      drawProblems();
    },
    /** One more task, beside what stands there. @param {string} text */
    bring(text) {
      input("tasks").value = [...new Set([...split(input("tasks").value), text])].join("\n");
      wrong = wrong.filter(([field]) => field !== "tasks");
      drawProblems();
      this.focus();
    },
    /** After the language changed. */
    redraw() {
      const { settings, token, named } = read();
      if (wrong.length > 0) wrong = mistakes(settings, token, named).filter(([field]) => wrong.some(([one]) => one === field));
      drawProblems();
    },
    /** Where there is something to do. */
    focus() {
      (wrong.length > 0 ? input(wrong[0][0]) : [...FIELDS].map(input).find((one) => !one.value) ?? form.querySelector("[type=submit]")).focus();
    },
  };
}

/** Whether this page's own policy lets it send there. @param {string} origin */
function maySpeakWith(origin) {
  if (origin === location.origin) return true;
  return connects().split(/\s+/).includes(origin);
}

/** Where the page's policy lets it send: nowhere, when it is all in one file. */
function connects() {
  const policy = document.querySelector("meta[http-equiv=Content-Security-Policy]")?.getAttribute("content") ?? "";
  return /connect-src ([^;]*)/.exec(policy)?.[1] ?? "";
}
