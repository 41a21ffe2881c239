// @ts-check
// Every platform that the package is for, each as its user would have it: a project of the tool's own defaults, the packed
// tarball installed, built, and run. Each program parses one JSON and one XML reply and makes one call through the proxy, and
// what it says must be what Node reads. It prints the table of the README.
//
//     node tests/matrix/run.mjs [--quick] [--write] [word…]      words pick rows by a part of their name
//
// `--write` puts the results of a whole run into docs/platforms/matrix.json and the README.
import { origins } from "./rows/pages.mjs";
import { browserVersion, closeBrowser } from "./support/page.mjs";
import { table, version, write } from "./support/report.mjs";
import { endAll } from "./support/tool.mjs";
import { createWorld } from "./support/world.mjs";

/**
 * @typedef {object} Row
 * @property {string} where the platform as the table calls it, and after a comma which part of it
 * @property {string} [how] where that is tried in more than one way
 * @property {string} tool whose version the table tells
 * @property {string} entry what is imported
 * @property {boolean} [calls] false where it cannot call a proxy, and only parses
 * @property {RegExp} [refuses] what it says where it cannot work
 * @property {boolean} [tests] its program is a test, which fails by itself
 * @property {boolean} [quick] part of `cargo xtask test`
 * @property {(world: import("./support/world.mjs").World, name: string, entry: string) => Promise<string>} run what the program says
 */

const args = process.argv.slice(2);
const [quick, writes] = ["--quick", "--write"].map((flag) => args.includes(flag));
const words = args.filter((arg) => !arg.startsWith("--"));
if (writes && (quick || words.length > 0)) throw new Error("`--write` is for a whole run");

/** @type {Row[]} */
const all = (await Promise.all(["bundlers", "next", "servers", "pages", "doors"].map((name) => import(`./rows/${name}.mjs`)))).flatMap(({ rows }) => rows);
const called = (/** @type {Row} */ { where, how = "", entry }) => `${where} ${how} ${entry}`.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
const chosen = all.filter((row) => (!quick || row.quick) && (words.length === 0 || words.some((word) => called(row).includes(word))));
if (chosen.length === 0) throw new Error(`no row is called so; there are ${all.map(called).join(", ")}`);

const world = await createWorld(origins);
// However this ends: what it meets ends itself on a signal.
process.once("exit", endAll);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(130));
/** @type {(Row & { passed: boolean })[]} */
const ran = [];
try {
  for (const row of chosen) {
    const begun = performance.now();
    const title = [row.where, row.how, row.entry].filter(Boolean).join(" · ");
    try {
      world.check((await row.run(world, called(row), row.entry)).trim(), row);
      ran.push({ ...row, passed: true });
      console.error(`  ok    ${title} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
    } catch (error) {
      ran.push({ ...row, passed: false });
      console.error(`  FAIL  ${title}\n${String(error instanceof Error ? error.message : error).slice(0, 4000).replace(/^/gm, "        ")}`);
    }
  }
  const works = ran.filter(({ refuses }) => !refuses).map(({ where, tool, entry, passed }) => ({ where, tool, entry, passed }));
  const tools = [...new Set(["node", ...works.map(({ tool }) => tool)])].filter((tool) => tool !== "chromium").sort();
  const versions = { chromium: await browserVersion(), ...Object.fromEntries(tools.map((tool) => [tool, version(tool)])) };
  const results = { date: new Date().toISOString().slice(0, 10), versions, rows: works };
  console.error();
  console.log(table(results));
  if (writes) write(results);
} finally {
  await closeBrowser();
  await world.end();
}
const failed = ran.filter(({ passed }) => !passed).length;
console.error(`${ran.length - failed} of ${ran.length} passed`);
process.exitCode = failed > 0 ? 1 : 0;
