// @ts-check
// What stands above the rows: how many tasks stand how, how the asking goes, what is watched, and what is wrong.

import { attribute, h, icon, write } from "../draw/dom.js";
import { tally } from "../draw/replies.js";
import { age, count, duration } from "../words/format.js";
import { headline, problemBody } from "./problem.js";

/** @typedef {import("../draw/task.js").Context} Context */
/** @typedef {import("./session.js").Session} Session */

/**
 * @param {Context} words
 * @param {{ controls: (Node | Node[])[], again: () => void, pick: (status: string) => void }} options `controls` stand at the end of the first line; `pick` takes a status of the tally
 */
export function createStrip({ t }, { controls, again, pick }) {
  const heading = h("h2", { id: "watch-heading" });
  const said = h("span");
  const state = h("p", { class: "watch-state" }, h("span", { class: "watch-dot", "aria-hidden": "true" }), said);
  const counts = h("div", { class: "watch-tally" });
  const what = h("p", { class: "muted" });
  const problems = h("div", { class: "watch-problems" });
  const element = h("section", { class: "tally" }, h("div", { class: "watch-strip" }, heading, state, h("div", { class: "watch-actions" }, controls)), counts, what);
  let tallied = "";
  let troubled = "";

  /** @param {Session} session @param {string[]} picked the statuses that are filtered by @param {Context} words */
  function drawCounts({ board }, picked, { t, language }) {
    const { total, byStatus } = board.counts();
    const as = JSON.stringify([total, byStatus]);
    if (as !== tallied) {
      tallied = as;
      write(heading, t("watch.heading", { n: count(total, language) }));
      const focused = /** @type {HTMLElement | null} */ (counts.querySelector(":focus"))?.dataset.pick;
      counts.replaceChildren(...tally(byStatus, { t, language }, pick));
      if (focused) /** @type {HTMLElement | null} */ (counts.querySelector(`[data-pick="${focused}"]`))?.focus({ preventScroll: true });
    }
    for (const one of counts.querySelectorAll("[data-pick]")) {
      attribute(one, "aria-pressed", String(picked.includes(/** @type {HTMLElement} */ (one).dataset.pick ?? "")));
      attribute(one, "title", t("filter.pick"));
    }
  }

  /** @param {Session} session @param {Context} words */
  function drawProblems({ board, sources }, { t }) {
    const failing = sources.filter((source) => source.problem);
    const lost = board.counts().byStanding["given-up"];
    const as = JSON.stringify([failing.map((source) => [source.regionId, source.api, headline(source.problem, t)]), lost]);
    if (as === troubled) return;
    troubled = as;
    const callout = (/** @type {any[]} */ ...body) => h("div", { class: "callout", "data-tone": "bad" }, icon("failed"), h("div", { class: "callout-body" }, body));
    problems.replaceChildren(
      ...failing.map((source) => callout(h("p", null, t("watch.list.failed", { where: `${t(`api.${source.api}`)} ${source.regionId}` })), problemBody(source.problem, t, `${source.api}.DescribeTasks`))),
      ...(lost > 0 ? [callout(h("p", null, t("watch.lost", { n: lost })), h("p", null, h("button", { type: "button", class: "button", on: { click: again } }, t("watch.again"))))] : []));
  }

  return {
    element, problems,
    /** @param {Session} session @param {string[]} picked @param {Context} words */
    draw(session, picked, words) {
      drawCounts(session, picked, words);
      drawProblems(session, words);
      write(what, whatWords(session, words));
    },
    /** What goes on by itself. @param {Session} session @param {Context} words */
    tick(session, words) {
      const [as, text] = connection(session, words);
      attribute(state, "data-state", as);
      write(said, text);
    },
  };
}

/** What is watched, and what was left out. @param {Session} session @param {{ t: import("../words/text.js").Text, language: import("../words/text.js").Language }} words */
function whatWords({ sources, settings, listMs }, { t, language }) {
  return [
    ...sources.map((source) => `${t(`api.${source.api}`)} ${source.regionId}`),
    settings.tasks.length > 0 && t("watch.named", { n: count(settings.tasks.length, language) }),
    sources.length > 0 && t("watch.every", { duration: duration(listMs, language) }),
    sources.some((source) => source.cut) && t("watch.cut"),
  ].filter(Boolean).join(" · ");
}

/** How the asking goes. @param {Session} session @param {Context} context @returns {[state: string, words: string]} */
function connection({ board, sources, answeredAt, isListing }, { t, language, now }) {
  if (!navigator.onLine) return ["trouble", t("watch.state.offline")];
  const { live, "given-up": lost } = board.counts().byStanding;
  const waits = live > 0 ? [...board.rows.values()].filter((row) => row.standing === "live" && row.trouble?.until) : [];
  const answered = answeredAt === null ? "" : age(Math.min(answeredAt, now), now, language, "narrow");
  if (waits.length > 0 && waits.length === live) {
    const [first] = waits.sort((a, b) => (a.trouble?.until ?? 0) - (b.trouble?.until ?? 0));
    const left = Math.max(0, (first.trouble?.until ?? now) - now);
    return ["trouble", t("watch.retry", { reason: headline(first.trouble?.error, t), duration: duration(Math.ceil(left / 1000) * 1000, language) })];
  }
  if (answeredAt === null || isListing) return ["starting", t("watch.state.starting")];
  if (live > 0) return ["live", t("watch.state.live", { age: answered })];
  if (lost > 0) return ["trouble", t("watch.state.lost", { age: answered })];
  return ["idle", t(sources.length > 0 ? "watch.state.looking" : "watch.state.ended", { age: answered })];
}
