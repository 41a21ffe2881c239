// @ts-check
// What goes wrong at the door, and the one sentence that says what to do about it.
import path from "node:path";
import { look, serving } from "../support/page.mjs";
import { project, run } from "../support/tool.mjs";

/** @typedef {import("../run.mjs").Row} Row */

/** esbuild knows nothing of `new URL(…, import.meta.url)`, so the module stays behind. @param {{ lost?: string }} options @returns {Row["run"]} */
const leftBehind = (options) => async (world, name) => {
  const dir = project(name, ["page", "bundled-module", "door"], world);
  await run(dir, "esbuild src/index.js --bundle --format=esm --outdir=dist");
  return serving(path.join(dir, "dist"), world.port, () => look(`${world.origin}/`, { forgiving: true }), options);
};

/** @param {string} policy @returns {Row["run"]} */
const under = (policy) => async (world, name) =>
  serving(project(name, ["door-plain"], world), world.port, () => look(`${world.origin}/`, { forgiving: true }), { headers: { "content-security-policy": policy } });

/** @type {Row[]} */
export const rows = [
  {
    where: "a policy without 'wasm-unsafe-eval'", tool: "chromium", entry: "tasklens", quick: true, run: under("script-src 'self'"),
    refuses: /^TasklensError: this page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to its script-src: /,
  },
  {
    where: "a module that was not copied", tool: "esbuild", entry: "tasklens/url", quick: true, run: leftBehind({}),
    refuses: /^TasklensError: expected core\.wasm from http:\S+\/core\.wasm, found HTTP 404; copy it from the package \(`tasklens\/core\.wasm`\) to there, or import `tasklens`, which carries it$/,
  },
  {
    where: "a server that answers its start page instead", tool: "esbuild", entry: "tasklens/url", quick: true, run: leftBehind({ lost: "index.html" }),
    refuses: /^TasklensError: expected core\.wasm, found "<!doctype ht"; copy it from the package \(`tasklens\/core\.wasm`\) to there, or import `tasklens`, which carries it$/,
  },
];
