// @ts-check
// Why something could not be asked, in the reader's language: a headline, what to do, and what was said itself.

import { h, message } from "../draw/dom.js";
import { adviceKey, deniedOf, neededAction } from "../words/fault.js";
import { hasText } from "../words/text.js";

/** @typedef {import("../words/text.js").Text} Text */

/** Stable names of what went wrong. @param {any} error */
export function kindOf(error) {
  switch (error?.code) {
    // The proxy's own refusal is a problem document, whose type ends in a stable name.
    case "proxy": {
      const name = String(error.cause?.type ?? "").split(":").at(-1);
      return hasText(`watch.problem.proxy.${name}`) ? `proxy.${name}` : "proxy";
    }
    // Whatever stands at an address where no proxy is, its answer is no reply of these APIs, and has no request id.
    case "fault": return error.fault?.requestId === null && error.fault?.status === 404 ? "elsewhere" : "fault";
    case "syntax": case "unrecognized": case "invalid": return "elsewhere";
    case "network": return navigator.onLine ? "network" : "offline";
    case "timeout": case "deadline": case "limit": case "request": return error.code;
    default: return "other";
  }
}

/** Whether nothing can be asked before there is another token. @param {any} error */
export const isTokenProblem = (error) => kindOf(error) === "proxy.token";

/** The headline alone. @param {any} error @param {Text} t */
export function headline(error, t) {
  const kind = kindOf(error);
  if (kind === "fault") return `${t(`fault.kind.${error.fault.kind}`)}${t("watch.colon")}${error.fault.code}`;
  return t(`watch.problem.${kind}`);
}

/** The headline, and of a denied call the RAM action it needs. @param {any} error @param {Text} t @param {string | null} operation */
export function reasonWords(error, t, operation) {
  const needed = neededAction(error?.fault, operation);
  return needed ? `${headline(error, t)} · ${t(needed.isNamed ? "denied.action" : "denied.needs")}${t("watch.colon")}${needed.action}` : headline(error, t);
}

/** What to do about it. @param {any} error @param {Text} t @param {string | null} [operation] what was asked */
export function advice(error, t, operation = null) {
  const kind = kindOf(error);
  if (kind === "fault") return t(adviceKey(error.fault, operation));
  return hasText(`watch.do.${kind}`) ? t(`watch.do.${kind}`) : "";
}

/** All of it, for a callout; a server's words stay as they are. @param {any} error @param {Text} t @param {string | null} [operation] */
export function problemBody(error, t, operation = null) {
  const words = error?.fault?.message ?? error?.message;
  const what = advice(error, t, operation);
  const needed = neededAction(error?.fault, operation);
  const denied = deniedOf(error?.fault?.accessDenied ?? null);
  return h("div", { class: "callout-body" },
    h("p", null, h("strong", null, headline(error, t))),
    what && h("p", null, what),
    needed && h("p", null, t(needed.isNamed ? "denied.action" : "denied.needs"), t("watch.colon"), h("code", null, needed.action)),
    denied?.principal && h("p", null, t("denied.principal"), t("watch.colon"), denied.principal),
    words && h("p", { class: "watch-words muted" }, error.fault ? h("span", { class: "server" }, words) : message(words)));
}
