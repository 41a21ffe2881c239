// @ts-check
// Every platform that the package is for, each as its user would have it: a project of the tool's own defaults, the packed
// tarball installed, built, and run. Each program parses one JSON and one XML reply and makes one call through the proxy, and
// what it says must be what Node says.
//
//     node tests/matrix/run.mjs [--quick] [--write] [word…]      words pick rows by a part of their name
import { origins } from "./rows/pages.mjs";
import { closeBrowser } from "./support/page.mjs";
import { endAll } from "./support/tool.mjs";
import { createWorld } from "./support/world.mjs";

/**
 * @typedef {object} Row
 * @property {string} where the platform, as the table calls it
 * @property {string} tool whose version the table tells
 * @property {string} entry what is imported
 * @property {boolean} [calls] false where it cannot call a proxy, and only parses
 * @property {boolean} [quick] part of `cargo xtask test`
 * @property {(world: import("./support/world.mjs").World, name: string, from: string) => Promise<string>} run what the program says
 */

const args = process.argv.slice(2);
const [quick, write] = ["--quick", "--write"].map((flag) => args.includes(flag));
const words = args.filter((arg) => !arg.startsWith("--"));

/** @type {Row[]} */
const all = (await Promise.all(["bundlers", "pages", "servers", "next"].map((name) => import(`./rows/${name}.mjs`)))).flatMap(({ rows }) => rows);
const called = (/** @type {Row} */ { where, entry }) => `${where} ${entry}`.toLowerCase().replace(/[^a-z]+/g, "-").replace(/^-|-$/g, "");
const chosen = all.filter((row) => (!quick || row.quick) && (words.length === 0 || words.some((word) => called(row).includes(word))));

const world = await createWorld(origins);
let failed = 0;
try {
  for (const row of chosen) {
    const begun = performance.now();
    try {
      world.check(await row.run(world, called(row), row.entry), row);
      console.log(`ok   ${row.where} · ${row.entry} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed++;
      console.log(`FAIL ${row.where} · ${row.entry}\n${String(error instanceof Error ? error.message : error).replace(/^/gm, "     ").slice(0, 3000)}`);
    }
  }
} finally {
  endAll();
  await closeBrowser();
  await world.end();
}
process.exitCode = failed > 0 ? 1 : 0;
