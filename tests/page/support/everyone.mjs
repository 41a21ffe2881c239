// What is asked of the page in each of its states, so that everybody can use it.
import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";

/** @typedef {import("playwright-core").Page} Page */

/** The size of targets is among them, which axe does not look at unless it is asked to. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Axe finds nothing. @param {Page} page @param {string} [state] @param {string} [within] what lies over the rest, which is then not looked at */
export async function clean(page, state, within = "html") {
  // Without frames, the page itself can do all of it; and nobody reads what passed.
  const { violations } = await new AxeBuilder({ page }).include(within).setLegacyMode(true).options({ runOnly: TAGS, resultTypes: ["violations"] }).analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ").slice(0, 400)}`), [], state);
}

/** The page does not scroll sideways. @param {Page} page @param {string} [state] */
export async function fits(page, state) {
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(wide <= room, `${state}: ${wide} px in ${room}`);
}

/** No letter is outside of the page, or of something that cuts it off without a way to scroll there. @param {Page} page @param {string} [state] */
export async function whole(page, state) {
  const cut = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    /** @type {string[]} */
    const found = [];
    const range = document.createRange();
    const top = document.querySelector("dialog[open]") ?? document.body;
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const parent = /** @type {HTMLElement} */ (node.parentElement);
      if (!node.textContent?.trim() || !top.contains(parent) || !parent.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      range.selectNodeContents(node);
      const { left, right, top: above, bottom } = range.getBoundingClientRect();
      if (right - left === 0) continue;
      for (let box = /** @type {HTMLElement | null} */ (parent); box; box = box.parentElement) {
        const { overflowX, overflowY, clipPath } = getComputedStyle(box);
        const at = box.getBoundingClientRect();
        if (clipPath !== "none" || /auto|scroll/.test(overflowX + overflowY)) break; // only to be heard; to be scrolled to
        const isRoot = box === document.body;
        const across = (isRoot || overflowX !== "visible") && (left < (isRoot ? 0 : at.left) - 1 || right > (isRoot ? innerWidth : at.right) + 1);
        const along = !isRoot && overflowY !== "visible" && (above < at.top - 2 || bottom > at.bottom + 2);
        if (!across && !along) continue;
        found.push(`${node.textContent.trim().slice(0, 60)} in ${box.tagName.toLowerCase()}.${box.className}`);
        break;
      }
    }
    return found;
  });
  assert.deepEqual(cut, [], state);
}

/** Whatever can be pressed is 24 px in both directions, but for links within a sentence. @param {Page} page @param {string} [state] */
export async function large(page, state) {
  const small = await page.evaluate(() => [.../** @type {NodeListOf<HTMLElement>} */ ((document.querySelector("dialog[open]") ?? document).querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']"))]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && getComputedStyle(one).display !== "inline")
    .flatMap((one) => {
      // What is drawn for a radio or a box is its label.
      const target = one.matches("[type=radio], [type=checkbox]") ? one.closest("label") ?? one : one;
      const { width, height, right, bottom } = target.getBoundingClientRect();
      if (right <= 0 || bottom <= 0 && getComputedStyle(one).position === "fixed") return [];
      return width >= 24 && height >= 24 ? [] : [`${one.outerHTML.slice(0, 120)}: ${Math.round(width)} × ${Math.round(height)}`];
    }));
  assert.deepEqual(small, [], state);
}

/** Nothing moves by itself. @param {Page} page @param {string} [state] */
export async function still(page, state) {
  const moving = await page.evaluate(() => document.getAnimations()
    .filter(({ effect, playState }) => playState === "running" && Number(effect?.getComputedTiming().duration) > 10)
    .map((one) => `${/** @type {any} */ (one).animationName ?? /** @type {any} */ (one).transitionProperty} of ${/** @type {any} */ (one.effect)?.target?.className}`));
  assert.deepEqual(moving, [], state);
}

/** What some readers need between lines, paragraphs, letters and words (WCAG 1.4.12). @param {Page} page */
export const space = (page) => page.evaluate(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }");
  document.adoptedStyleSheets = [sheet];
});
