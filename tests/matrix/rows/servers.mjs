// @ts-check
// Programs without a page.
import fs from "node:fs";
import path from "node:path";
import { during, project, run } from "../support/tool.mjs";
import { answered, fetched } from "../support/world.mjs";

/** @typedef {import("../run.mjs").Row} Row */

/** @param {string[]} folders @param {string} command @returns {Row["run"]} */
const prints = (folders, command) => async (world, name) => run(project(name, folders, world), command);

/** @param {string} folder @param {(port: number) => string} command @returns {Row["run"]} */
const answers = (folder, command) => async (world, name) =>
  during(project(name, [folder], world), command(world.port), world.origin, () => fetched(world.origin));

/** @param {string} folder @param {(port: number, env: Record<string, string>) => string} command @returns {Row["run"]} */
const proxies = (folder, command) => async (world, name) => {
  const env = { ...world.env, PORT: `${world.port}` };
  return during(project(name, [folder], world), command(world.port, world.env), world.origin, () => answered(world), { env });
};

const wrangler = (/** @type {number} */ port) => `wrangler dev --ip 127.0.0.1 --port ${port} --inspector-port 0`;
const vars = (/** @type {Record<string, string>} */ env) => Object.entries(env).map(([name, value]) => ` --var ${name}:${value}`).join("");

/** A program that is built first, and runs beside the package. @param {string} command @param {string} made @returns {Row["run"]} */
const built = (command, made) => async (world, name) => {
  const dir = project(name, ["node"], world);
  await run(dir, command);
  return run(dir, `node ${made}`);
};

/** A program that is bundled first, and runs where the package is not. @param {string} command @param {string} made @returns {Row["run"]} */
const bundled = (command, made) => async (world, name) => {
  const dir = project(name, ["node"], world);
  await run(dir, command);
  fs.rmSync(path.join(dir, "node_modules"), { recursive: true });
  return run(dir, `node ${made}`);
};

/** @type {Row[]} */
export const rows = [
  { where: "Node, ES module", tool: "node", entry: "tasklens", quick: true, run: prints(["node"], "node main.js") },
  { where: "Node, CommonJS", tool: "node", entry: "tasklens", quick: true, run: prints(["node"], "node main.cjs") },
  { where: "Node, ES module", tool: "node", entry: "tasklens/proxy", quick: true, run: proxies("node-proxy", () => "node main.js") },
  { where: "Node, bundled by esbuild", tool: "node", entry: "tasklens", quick: true, run: bundled("esbuild main.js --bundle --platform=node --format=esm --outfile=dist/main.js", "dist/main.js") },
  { where: "Vite, build for a server", tool: "vite", entry: "tasklens", quick: true, run: built("vite build --ssr main.js", "dist/main.js") },
  { where: "Vitest", tool: "vitest", entry: "tasklens", tests: true, run: prints(["vitest"], "vitest run") },
  { where: "Jest", tool: "jest", entry: "tasklens", tests: true, run: prints(["jest"], "jest") },
  { where: "tsx", tool: "tsx", entry: "tasklens", run: prints(["node", "tsx"], "tsx main.js") },
  { where: "Deno", tool: "deno", entry: "tasklens", run: prints(["node"], "deno run --allow-read --allow-net main.js") },
  { where: "Deno", tool: "deno", entry: "tasklens/proxy", run: proxies("deno-proxy", (port) => `deno serve --allow-net --allow-env --host 127.0.0.1 --port ${port} main.js`) },
  { where: "Bun", tool: "bun", entry: "tasklens", run: prints(["node"], "bun main.js") },
  { where: "Bun", tool: "bun", entry: "tasklens/proxy", run: proxies("bun-proxy", () => "bun main.js") },
  { where: "Cloudflare Workers", tool: "wrangler", entry: "tasklens", quick: true, run: answers("cloudflare", wrangler) },
  { where: "Cloudflare Workers", tool: "wrangler", entry: "tasklens/slim", quick: true, run: answers("cloudflare-slim", wrangler) },
  { where: "Cloudflare Workers", tool: "wrangler", entry: "tasklens/proxy", quick: true, run: proxies("cloudflare-proxy", (port, env) => wrangler(port) + vars(env)) },
];
