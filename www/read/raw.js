// @ts-check
// The raw reply: one text area to read and to edit, over a layer that draws the lines in view with numbers, colours and
// marks. Only those lines exist in the layer, so a reply of a hundred thousand lines scrolls like one of ten.

import { h } from "../draw/dom.js";
import { formatOf, lineAt, splitLines, tokenEnd, tokens, unitOf } from "../draw/lines.js";

/** @typedef {{ line: number, column: number, tone: "finding" | "problem" | "task" }} Mark */

/** Beyond this no line is drawn by us: the browser wraps it, and a mark becomes a selection. */
const LONGEST_LINE = 20_000;
const BEYOND_VIEW = 12;

/** @param {(id: string) => any} find */
export function createRawPane(find) {
  const view = find("raw-view");
  const sheet = find("raw-sheet");
  const sizer = find("raw-sizer");
  const layer = find("raw-lines");
  /** @type {HTMLTextAreaElement} */
  const area = find("raw-text");

  let lines = splitLines("");
  let plain = false;
  /** @type {Mark | null} */
  let mark = null;
  /** @type {Map<number, Mark["tone"]>} */
  let flags = new Map();
  let drawn = "";

  const lineHeight = () => Number.parseFloat(getComputedStyle(area).lineHeight);

  /** Takes what the text area holds; call it after every change. */
  function refresh() {
    lines = splitLines(area.value);
    const longest = lineAt(lines, lines.longest);
    plain = longest.length > LONGEST_LINE;
    view.classList.toggle("plain", plain);
    area.wrap = plain ? "soft" : "off";
    sizer.textContent = plain ? "" : longest;
    sheet.style.setProperty("--lines", String(plain ? 1 : lines.starts.length));
    sheet.style.setProperty("--digits", String(Math.max(2, String(lines.starts.length).length)));
    mark = null;
    flags = new Map();
    draw(true);
  }

  function draw(anew = false) {
    if (plain) return layer.replaceChildren();
    const height = lineHeight();
    const top = view.scrollTop - layer.offsetTop;
    const first = Math.max(0, Math.floor(top / height) - BEYOND_VIEW);
    const last = Math.min(lines.starts.length, Math.ceil((top + view.clientHeight) / height) + BEYOND_VIEW);
    if (!anew && drawn === `${first} ${last}`) return;
    drawn = `${first} ${last}`;
    const format = formatOf(lines.text);
    const rows = [];
    for (let i = first; i < last; i++) rows.push(row(i, format, height));
    layer.replaceChildren(...rows);
  }

  /** @param {number} index @param {"json" | "xml"} format @param {number} height */
  function row(index, format, height) {
    const text = lineAt(lines, index);
    const colours = (/** @type {string} */ part) => tokens(part, format).map(({ kind, text }) => (kind ? h("span", { class: `t-${kind}` }, text) : text));
    const marked = mark?.line === index + 1 ? mark : null;
    const range = marked && markedUnits(text, marked.column);
    const code = range
      ? [colours(text.slice(0, range.from)), h("mark", { class: "raw-mark" }, text.slice(range.from, range.to) || " "), colours(text.slice(range.to))]
      : colours(text);
    const element = h("div", { class: "raw-line", "data-tone": marked?.tone ?? flags.get(index + 1), "data-marked": Boolean(marked) },
      h("span", { class: "raw-number" }, index + 1), h("span", { class: "raw-code" }, code));
    element.style.top = `${index * height}px`;
    return element;
  }

  /** @param {string} text @param {number} column */
  function markedUnits(text, column) {
    const from = unitOf(text, column);
    return { from, to: tokenEnd(text, from) };
  }

  /** Marks a place and brings it into view; the focus stays where it is. @param {Mark} wanted */
  function show(wanted) {
    const index = Math.min(wanted.line, lines.starts.length) - 1;
    mark = { ...wanted, line: index + 1 };
    const range = markedUnits(lineAt(lines, index), wanted.column);
    // Whoever tabs into the text finds the caret there.
    area.setSelectionRange(lines.starts[index] + range.from, lines.starts[index] + range.to);
    if (plain) return area.focus();
    const height = lineHeight();
    view.scrollTop = layer.offsetTop + index * height - view.clientHeight / 2 + height;
    draw(true);
    const found = layer.querySelector(".raw-mark");
    if (found) {
      const left = found.offsetLeft;
      const gutter = layer.querySelector(".raw-number")?.offsetWidth ?? 0;
      if (left < view.scrollLeft + gutter || left + found.offsetWidth > view.scrollLeft + view.clientWidth) {
        view.scrollLeft = Math.max(0, left - view.clientWidth / 3);
      }
    }
    view.closest("section")?.scrollIntoView({ block: "nearest" });
  }

  let waiting = false;
  const redraw = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; draw(); });
  };
  view.addEventListener("scroll", redraw, { passive: true });
  new ResizeObserver(redraw).observe(view);

  return {
    area,
    refresh,
    show,
    get lines() { return lines; },
    /** Replaces the text. @param {string} text */
    set(text) {
      area.value = text;
      area.setSelectionRange(0, 0);
      view.scrollTo(0, 0);
      refresh();
    },
    /** Points at lines from the margin. @param {Iterable<[number, Mark["tone"]]>} wanted */
    flag(wanted) {
      flags = new Map(wanted);
      draw(true);
    },
    unmark() {
      mark = null;
      draw(true);
    },
    /** The line of a place, cut around the token that stands there. @param {number} line @param {number} column */
    excerpt(line, column) {
      if (line > lines.starts.length) return null;
      const text = lineAt(lines, line - 1);
      const { from, to } = markedUnits(text, column);
      const start = Math.max(text.length - text.trimStart().length, from - 60);
      const end = Math.min(to, from + 120);
      return {
        before: (start > 0 && from - 60 >= start && text.slice(0, start).trim() ? "…" : "") + text.slice(Math.min(start, from), from),
        found: text.slice(from, end) + (end < to ? "…" : ""),
        after: text.slice(to, to + 60) + (to + 60 < text.length ? "…" : ""),
      };
    },
  };
}
