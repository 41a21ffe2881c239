// @ts-check
// Pages and workers without a bundler, or with so little that it does not matter.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { extensionOrigin, look, lookInExtension, serving } from "../support/page.mjs";
import { HOME, project, run } from "../support/tool.mjs";

/** @typedef {import("../run.mjs").Row} Row */

/** A static server, without and with headers. @param {string} folder @param {Record<string, string>} [headers] @returns {Row["run"]} */
const plain = (folder, headers) => async (world, name) =>
  serving(project(name, [folder], world), world.port, () => look(`${world.origin}/`), { headers });

const BUNDLES = ["esbuild src/popup.js --bundle --format=esm --outfile=dist/popup.js", "esbuild src/background.js --bundle --format=esm --outfile=dist/background.js"];

const EXTENSION = "extension";
/** Where the proxy must allow pages besides. */
export const origins = [extensionOrigin(path.join(HOME, "projects", EXTENSION))];

/** An unpacked extension, installed in Chromium. @param {"popup" | "background"} part @returns {Row["run"]} */
const extension = (part) => async (world) => {
  const dir = project(EXTENSION, ["extension"], world);
  for (const command of BUNDLES) await run(dir, command);
  // What is packed for the store is no more than this.
  for (const inside of ["node_modules", "src", "package.json"]) fs.rmSync(path.join(dir, inside), { recursive: true });
  return lookInExtension(dir, part);
};

/** One file that is opened from the disk. @type {Row["run"]} */
const file = async (world, name) => {
  const dir = project(name, ["file"], world);
  await run(dir, "esbuild src/index.js --bundle --format=esm --minify --outfile=dist/main.js");
  await run(dir, "node inline.mjs");
  return look(pathToFileURL(path.join(dir, "dist/tasks.html")).href);
};

const MV3 = { "content-security-policy": "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'" };

/** @type {Row[]} */
export const rows = [
  { where: "`<script type=module>`", tool: "chromium", entry: "tasklens", quick: true, run: plain("plain") },
  { where: "`<script type=module>`", tool: "chromium", entry: "tasklens/url", quick: true, run: plain("url-plain") },
  { where: "`<script type=module>`", tool: "chromium", entry: "tasklens/slim", quick: true, run: plain("slim-plain") },
  { where: "`<script type=module>`", tool: "chromium", entry: "tasklens/element", quick: true, run: plain("element-plain") },
  { where: "web worker, no bundler", tool: "chromium", entry: "tasklens", quick: true, run: plain("worker-plain") },
  { where: "service worker", tool: "chromium", entry: "tasklens", quick: true, run: plain("service-worker") },
  { where: "page under the extensions' policy", tool: "chromium", entry: "tasklens", quick: true, run: plain("strict", MV3) },
  { where: "page under the extensions' policy", tool: "chromium", entry: "tasklens/url", quick: true, run: plain("strict-url", MV3) },
  { where: "extension (MV3), popup", tool: "chromium", entry: "tasklens", quick: true, run: extension("popup") },
  { where: "extension (MV3), service worker", tool: "chromium", entry: "tasklens", quick: true, run: extension("background") },
  { where: "one file from `file://`", tool: "chromium", entry: "tasklens", quick: true, calls: false, run: file },
];
