// The design's own promises, computed from tokens.css: contrast on every ground, and tones that stay apart for whoever sees
// colours otherwise, or a shape that tells where they do not.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { ICONS } from "../../www/draw/icons.js";

/** @typedef {[red: number, green: number, blue: number]} Colour linear light, 0 to 1 */

const CSS = readFileSync(new URL("../../www/tokens.css", import.meta.url), "utf8");
const GROUNDS = ["page", "surface", "sunken"];
const STATUSES = [...CSS.matchAll(/\[data-status="(\w+)"\]/g)].map(([, status]) => status);
const TEXTS = ["ink", "muted", "accent", "finding", ...STATUSES, ...[...CSS.matchAll(/--(code-\w+):/g)].map(([, name]) => name)];

/** Of dichromats: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, severity 1.0; on linear light. */
const SEEN_BY = {
  trichromats: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopes: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopes: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
  tritanopes: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
};

/** How far two tones are apart that tell of the same moment opposite things, in hundredths of OKLab: 2 is just seen. */
const FAR = 8;
const OPPOSITES = [["failed", "succeeded"], ["failed", "running"], ["failed", "partial"], ["partial", "succeeded"], ["partial", "running"], ["succeeded", "running"]];

/** @param {string} name @param {"light" | "dark"} scheme @returns {Colour} */
function colour(name, scheme) {
  const [, light, dark] = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`).exec(CSS) ?? assert.fail(`--${name} is no light-dark() of two colours`);
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt((scheme === "light" ? light : dark).slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return [red, green, blue];
}

/** WCAG 2.2. @param {Colour} a @param {Colour} b */
function contrast(a, b) {
  const [low, high] = [a, b].map(([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05).sort((x, y) => x - y);
  return high / low;
}

/** @param {number[][]} matrix @param {number[]} vector @returns {Colour} */
const times = (matrix, vector) => /** @type {Colour} */ (matrix.map((line) => line.reduce((sum, one, i) => sum + one * vector[i], 0)));

/** Björn Ottosson, "A perceptual color space for image processing", 2020. @param {Colour} linear */
function oklab(linear) {
  const cones = times([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]], linear);
  return times([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]], cones.map(Math.cbrt));
}

/** @param {Colour} a @param {Colour} b @param {keyof typeof SEEN_BY} eyes */
function distance(a, b, eyes) {
  const [one, other] = [a, b].map((each) => oklab(/** @type {Colour} */ (times(SEEN_BY[eyes], each).map((value) => Math.min(1, Math.max(0, value))))));
  return 100 * Math.hypot(...one.map((value, i) => value - other[i]));
}

for (const scheme of /** @type {const} */ (["light", "dark"])) {
  describe(`in the ${scheme} half`, () => {
    test("every text and tone keeps 4.5:1 on every ground", () => {
      for (const ground of GROUNDS) {
        for (const text of TEXTS) {
          const found = contrast(colour(text, scheme), colour(ground, scheme));
          assert.ok(found >= 4.5, `--${text} on --${ground}: ${found.toFixed(2)}:1`);
        }
      }
      assert.ok(contrast(colour("accent", scheme), colour("accent-ground", scheme)) >= 4.5, "--accent on its own ground");
      for (const ground of GROUNDS) assert.ok(contrast(colour("edge", scheme), colour(ground, scheme)) >= 3, `--edge, the outline of a field, on --${ground}`);
    });

    for (const eyes of /** @type {(keyof typeof SEEN_BY)[]} */ (Object.keys(SEEN_BY))) {
      test(`${eyes} tell apart by tone alone what must not be confused`, (t) => {
        const pairs = STATUSES.flatMap((one, i) => STATUSES.slice(i + 1).map((other) => ({ one, other, far: distance(colour(one, scheme), colour(other, scheme), eyes) }))).sort((a, b) => a.far - b.far);
        t.diagnostic(`nearest: ${pairs.slice(0, 5).map(({ one, other, far }) => `${one}/${other} ${far.toFixed(1)}`).join(", ")}`);
        for (const [one, other] of OPPOSITES) {
          const found = distance(colour(one, scheme), colour(other, scheme), eyes);
          assert.ok(found >= FAR, `${one} and ${other}: ${found.toFixed(1)}`);
        }
      });
    }
  });
}

test("every status has a shape of its own, however near its tone", () => {
  assert.equal(STATUSES.length, 10);
  const shapes = STATUSES.map((status) => JSON.stringify(ICONS[status] ?? assert.fail(`no shape for ${status}`)));
  assert.equal(new Set(shapes).size, STATUSES.length);
});
