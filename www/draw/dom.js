// @ts-check
// Builds elements. Every string becomes text or an attribute value, never markup: what a server wrote stays what it is.

import { ICONS } from "./icons.js";

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | number | null | undefined | false | Child[]} Child */

/**
 * An element with attributes and children; null and false children are left out.
 * @param {string} tag
 * @param {Record<string, unknown> | null} [attributes] `on` holds listeners; null, undefined and false leave one out, true is "".
 * @param {...Child} children
 * @returns {any}
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name === "on") {
      for (const [type, listener] of Object.entries(/** @type {any} */ (value))) element.addEventListener(type, listener);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  append(element, children);
  return element;
}

/** @param {Element} parent @param {Child[]} children */
function append(parent, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(parent, child);
    else if (child !== null && child !== undefined && child !== false) parent.append(typeof child === "number" ? String(child) : child);
  }
}

/** One of the icons; silent, since a word always stands beside it. @param {string} name */
export function icon(name) {
  const svg = shape("svg", { class: "icon", "aria-hidden": "true", width: 16, height: 16, viewBox: "0 0 16 16" });
  svg.append(...ICONS[name].map(([tag, attributes]) => shape(tag, attributes)));
  return svg;
}

/** @param {string} tag @param {Record<string, string | number>} attributes */
function shape(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** A link a server suggested: only https, and it learns nothing about this page. Anything else stays text. @param {string} address */
export function outsideLink(address) {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== "https:") return h("span", { class: "mono" }, address);
  return h("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", referrerpolicy: "no-referrer" }, address, icon("outside"));
}

/** What stands in backticks is code. @param {string} text @returns {Child[]} */
export function coded(text) {
  return text.split("`").map((piece, i, all) => (i % 2 === 1 && i < all.length - 1 ? h("code", null, piece) : i % 2 === 1 ? `\`${piece}` : piece));
}

/** One of the package's own messages, which are in English. @param {string} message */
export function message(message) {
  return h("span", { class: "server", lang: "en" }, coded(message));
}

/**
 * Which details are open, to open them again in a drawing that replaces this one. A row's own are drawn when it opens.
 * @param {Element} root @returns {(root: Element) => void}
 */
export function openDetails(root) {
  const was = /** @type {HTMLDetailsElement[]} */ ([...root.querySelectorAll("details:not(.row-details:not([open]) details)")]).map((one) => one.open);
  return (root) => {
    const all = root.getElementsByTagName("details"); // live: it grows as rows open
    for (let i = 0; i < Math.min(was.length, all.length); i++) {
      if (all[i].open === was[i]) continue;
      all[i].open = was[i];
      all[i].dispatchEvent(new Event("toggle")); // the browser's own comes later
    }
  };
}

/** Writes only what changed: a text that stays is not laid out again, nor read out. @param {Element} element @param {string} text */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {Element} element @param {string} name @param {string | number | null | false} value null and false take it away */
export function attribute(element, name, value) {
  if (value === null || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/**
 * Makes a menu of `details`: a click elsewhere, a focus that moves on and Escape close it. Whoever was in it is then on its summary.
 * @param {HTMLDetailsElement} details @returns {() => void} closes it
 */
export function menu(details) {
  const summary = /** @type {HTMLElement} */ (details.querySelector("summary"));
  function close() {
    details.open = false;
    listen(false);
  }
  function leave() {
    if (details.contains(document.activeElement) || document.activeElement === document.body) summary.focus({ preventScroll: true });
    close();
  }
  /** @param {MouseEvent} event */
  function clicked(event) {
    if (!details.contains(/** @type {Node} */ (event.target))) close();
  }
  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.key !== "Escape" || event.isComposing || !details.open) return;
    event.preventDefault();
    leave();
  }
  /** The page is listened to only while there is something to close; a click on what cannot have the focus leaves it nowhere. @param {boolean} isOpen */
  function listen(isOpen) {
    const act = isOpen ? "addEventListener" : "removeEventListener";
    // Before whoever was clicked takes it out of the page.
    document[act]("click", /** @type {EventListener} */ (clicked), true);
    document[act]("keydown", /** @type {EventListener} */ (pressed));
  }
  details.addEventListener("toggle", () => listen(details.open)); // a moment after it opened
  details.addEventListener("keydown", pressed);
  details.addEventListener("focusout", ({ relatedTarget }) => { if (relatedTarget && !details.contains(/** @type {Node} */ (relatedTarget))) close(); });
  return leave;
}
