// @ts-check
// The page's two modes, to read and to watch: links in the frame, and the address, which says which of them is shown.

/** @typedef {"read" | "watch"} Mode */

const MODES = /** @type {Mode[]} */ (["read", "watch"]);

/** @returns {Mode} */
const addressed = () => (/^#watch(?:&|$)/.test(location.hash) ? "watch" : "read");

/** @param {(id: string) => any} find @param {(mode: Mode) => void} entered */
export function createModes(find, entered) {
  /** The address each was left with. @type {Record<Mode, string>} */
  const left = { read: "", watch: "#watch" };
  /** @type {Mode | null} */
  let mode = null;

  function show() {
    const next = addressed();
    left[next] = location.hash;
    if (next === mode) return;
    mode = next;
    for (const one of MODES) {
      find(`mode-${one}`).hidden = one !== mode;
      if (one === mode) find(`to-${one}`).setAttribute("aria-current", "page");
      else find(`to-${one}`).removeAttribute("aria-current");
    }
    document.documentElement.dataset.mode = mode;
    entered(mode);
  }

  /** @param {Mode} next */
  function go(next) {
    if (addressed() === next) return;
    left[addressed()] = location.hash;
    history.pushState(null, "", location.pathname + location.search + left[next]);
    show();
  }

  for (const one of MODES) {
    find(`to-${one}`).addEventListener("click", (/** @type {MouseEvent} */ event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // another tab or window
      event.preventDefault();
      go(one);
    });
  }
  return { show, go, get mode() { return mode ?? addressed(); } };
}
