// @ts-check
// The bundlers and Vite, each with its defaults: a page is built, served from 127.0.0.1 and opened in Chromium.
import path from "node:path";
import { look, serving } from "../support/page.mjs";
import { during, project, run } from "../support/tool.mjs";

/** @typedef {import("../run.mjs").Row} Row */

/** A tool that builds into dist/. @param {string[]} folders @param {string[]} commands @returns {Row["run"]} */
const builds = (folders, ...commands) => async (world, name, entry) => {
  // What differs is only the name.
  const dir = project(name, folders, world, { from: entry === "tasklens/url" ? entry : "tasklens" });
  for (const command of commands) await run(dir, command);
  return serving(path.join(dir, "dist"), world.port, () => look(`${world.origin}/`));
};

/** A tool that serves while it is worked on. @param {string[]} folders @param {(port: number) => string} command @returns {Row["run"]} */
const serves = (folders, command) => async (world, name, entry) => {
  // What differs is only the name.
  const dir = project(name, folders, world, { from: entry === "tasklens/url" ? entry : "tasklens" });
  return during(dir, command(world.port), world.origin, () => look(`${world.origin}/`));
};

const viteDev = (/** @type {number} */ port) => `vite --host 127.0.0.1 --port ${port} --strictPort`;
const viteBuild = "vite build";
const webpack = "webpack --mode=production";
const rspack = "rspack build --mode=production";
const rollup = "rollup src/index.js --dir dist --plugin node-resolve";
const rolldown = "rolldown src/index.js --dir dist";
const esbuild = "esbuild src/index.js --bundle --outfile=dist/main.js";
const esbuildLoader = "esbuild src/index.js --bundle --outfile=dist/main.js --loader:.wasm=file";
const esbuildModule = "esbuild src/index.js --bundle --format=esm --outdir=dist";
const copy = "cp node_modules/tasklens/dist/core.wasm dist/";
const parcelDev = (/** @type {number} */ port) => `parcel index.html --host 127.0.0.1 --port ${port}`;
const parcelBuild = "parcel build index.html";

/**
 * What each tool runs with no more than its defaults.
 * @type {{ where: string, tool: string, quick?: boolean, entries: Record<string, Row["run"]> }[]}
 */
const TOOLS = [
  {
    where: "Vite, dev server", tool: "vite", quick: true,
    entries: {
      "tasklens": serves(["page"], viteDev), "tasklens/url": serves(["page"], viteDev), "tasklens/slim": serves(["page", "slim-vite"], viteDev),
      "tasklens/element": serves(["page", "element"], viteDev),
    },
  },
  {
    where: "Vite, build", tool: "vite", quick: true,
    entries: {
      "tasklens": builds(["page"], viteBuild), "tasklens/url": builds(["page"], viteBuild), "tasklens/slim": builds(["page", "slim-vite"], viteBuild),
      "tasklens/element": builds(["page", "element"], viteBuild),
    },
  },
  {
    where: "webpack", tool: "webpack", quick: true,
    entries: {
      "tasklens": builds(["page", "bundled"], webpack), "tasklens/url": builds(["page", "bundled"], webpack),
      "tasklens/slim": builds(["page", "bundled", "slim-webpack"], webpack), "tasklens/element": builds(["page", "bundled", "element"], webpack),
    },
  },
  {
    where: "Rspack", tool: "@rspack/core",
    entries: {
      "tasklens": builds(["page", "bundled"], rspack), "tasklens/url": builds(["page", "bundled"], rspack),
      "tasklens/slim": builds(["page", "bundled", "slim-webpack"], rspack), "tasklens/element": builds(["page", "bundled", "element"], rspack),
    },
  },
  {
    where: "Rollup", tool: "rollup", quick: true,
    entries: { "tasklens": builds(["page", "bundled-module"], rollup), "tasklens/url": builds(["page", "bundled-module"], rollup, copy), "tasklens/element": builds(["page", "bundled-module", "element"], rollup) },
  },
  {
    where: "Rolldown", tool: "rolldown",
    entries: { "tasklens": builds(["page", "bundled-module"], rolldown), "tasklens/url": builds(["page", "bundled-module"], rolldown, copy), "tasklens/element": builds(["page", "bundled-module", "element"], rolldown) },
  },
  {
    where: "esbuild", tool: "esbuild", quick: true,
    entries: {
      "tasklens": builds(["page", "bundled"], esbuild), "tasklens/url": builds(["page", "bundled-module"], esbuildModule, copy), "tasklens/slim": builds(["page", "bundled", "slim-esbuild"], esbuildLoader),
      "tasklens/element": builds(["page", "bundled", "element"], esbuild),
    },
  },
  {
    where: "Parcel, dev server", tool: "parcel",
    entries: { "tasklens": serves(["page"], parcelDev), "tasklens/url": serves(["page", "parcel"], parcelDev), "tasklens/element": serves(["page", "element", "parcel"], parcelDev) },
  },
  {
    where: "Parcel, build", tool: "parcel",
    entries: { "tasklens": builds(["page"], parcelBuild), "tasklens/url": builds(["page", "parcel"], parcelBuild), "tasklens/element": builds(["page", "element", "parcel"], parcelBuild) },
  },
];

/** A worker made by `new Worker(new URL(…, import.meta.url))`. @type {Row[]} */
const workers = [
  { where: "web worker, Vite dev server", tool: "vite", entry: "tasklens", quick: true, run: serves(["worker-bundled"], viteDev) },
  { where: "web worker, Vite build", tool: "vite", entry: "tasklens", quick: true, run: builds(["worker-bundled"], viteBuild) },
  { where: "web worker, webpack", tool: "webpack", entry: "tasklens", quick: true, run: builds(["worker-bundled", "bundled"], webpack) },
];

/** @type {Row[]} */
export const rows = [
  ...TOOLS.flatMap(({ where, tool, quick, entries }) => Object.entries(entries).map(([entry, run]) => ({ where, tool, entry, quick, run }))),
  ...workers,
];
