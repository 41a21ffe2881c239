// @ts-check
// A user's project and the tools that work on it: each with an environment of its own, nothing sent anywhere, all ended.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { PACKAGE, REPLIES, ROOT } from "./world.mjs";

/** The tools are installed here, above the projects, where each finds them as it would find its own. */
export const HOME = path.join(ROOT, "target/matrix");
const PROJECTS = new URL("../projects/", import.meta.url);

/** The tools' own settings and caches: none of whoever runs this. */
const NOBODY = fs.mkdtempSync(path.join(os.tmpdir(), "tasklens-nobody-"));

const ENV = {
  PATH: [path.join(HOME, "node_modules/.bin"), path.join(ROOT, "node_modules/.bin"), process.env.PATH].join(path.delimiter),
  HOME: NOBODY, XDG_CONFIG_HOME: NOBODY,
  CI: "1", NO_COLOR: "1", DO_NOT_TRACK: "1",
  BROWSERSLIST_IGNORE_OLD_DATA: "1", CLOUDFLARE_CF_FETCH_ENABLED: "false", DENO_NO_UPDATE_CHECK: "1", NEXT_TELEMETRY_DISABLED: "1",
  PARCEL_WORKERS: "0", WRANGLER_HIDE_BANNER: "true", WRANGLER_SEND_ERROR_REPORTS: "false", WRANGLER_SEND_METRICS: "false",
};

/**
 * A fresh project: folders of projects/ over one another, the replies, the installed package, and the address and the token
 * of this run in the place of those that are written.
 * @param {string} name
 * @param {string[]} folders
 * @param {import("./world.mjs").World} world
 * @param {{ from?: string }} [options] `from`: the entry that is imported instead of `tasklens`
 */
export function project(name, folders, { proxy }, { from = "tasklens" } = {}) {
  const dir = path.join(HOME, "projects", name);
  fs.rmSync(dir, { recursive: true, force: true });
  fs.mkdirSync(path.join(dir, "node_modules"), { recursive: true });
  fs.cpSync(PACKAGE, path.join(dir, "node_modules/tasklens"), { recursive: true });
  fs.writeFileSync(path.join(dir, "package.json"), `{ "name": "my-${name}", "private": true, "type": "module", "dependencies": { "tasklens": "*" } }\n`);
  for (const folder of folders) fs.cpSync(new URL(`${folder}/`, PROJECTS), dir, { recursive: true });
  const replies = `export const json = ${JSON.stringify(REPLIES.json)};\nexport const xml = ${JSON.stringify(REPLIES.xml)};\n`;
  const beside = new Set();
  for (const file of sources(dir)) {
    const text = fs.readFileSync(file, "utf8");
    if (text.includes("./replies.js")) beside.add(path.dirname(file));
    const put = text.replaceAll("https://proxy.example", proxy.url).replaceAll("your-token", proxy.token).replaceAll('"tasklens"', `"${from}"`);
    if (put !== text && path.basename(file) !== "package.json") fs.writeFileSync(file, put);
  }
  for (const folder of beside) fs.writeFileSync(path.join(folder, "replies.js"), replies);
  fs.writeFileSync(path.join(dir, "reply.json"), REPLIES.json);
  fs.writeFileSync(path.join(dir, "reply.xml"), REPLIES.xml);
  return dir;
}

/** @param {string} dir @returns {string[]} */
function sources(dir) {
  return fs.readdirSync(dir, { withFileTypes: true }).filter(({ name }) => name !== "node_modules")
    .flatMap((entry) => (entry.isDirectory() ? sources(path.join(dir, entry.name)) : [path.join(dir, entry.name)]));
}

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/** @param {string} dir @param {string} command @param {Record<string, string>} env */
function start(dir, command, env) {
  const [program, ...args] = command.split(" ");
  // A group of its own, for tools start more of themselves.
  const child = spawn(program, args, { cwd: dir, env: { ...ENV, ...env }, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  const said = { out: "", all: "" };
  child.stdout.on("data", (chunk) => { said.out += chunk; said.all += chunk; });
  child.stderr.on("data", (chunk) => { said.all += chunk; });
  const ended = new Promise((resolve) => {
    child.once("error", (error) => { said.all += error; resolve(-1); });
    child.once("close", resolve);
  });
  ended.then(() => running.delete(child));
  return { child, said, ended };
}

/** @param {import("node:child_process").ChildProcess} child */
function end(child, signal = "SIGTERM") {
  try {
    if (child.pid) process.kill(-child.pid, signal);
  } catch { /* it has ended by itself */ }
}

export function endAll() {
  for (const child of running) end(child, "SIGKILL");
  fs.rmSync(NOBODY, { recursive: true, force: true });
}

/**
 * Runs a command to its end; what it prints on stdout.
 * @param {string} dir
 * @param {string} command words, none with a space in it
 * @param {{ env?: Record<string, string>, limitMs?: number }} [options]
 * @returns {Promise<string>}
 */
export async function run(dir, command, { env = {}, limitMs = 180_000 } = {}) {
  const { child, said, ended } = start(dir, command, env);
  const timer = setTimeout(() => end(child, "SIGKILL"), limitMs);
  const code = await ended;
  clearTimeout(timer);
  if (code !== 0) throw new Error(`\`${command}\` ended with ${code}\n${said.all.trim()}`);
  return said.out;
}

/**
 * Runs a server for as long as `use` does.
 * @template T
 * @param {string} dir
 * @param {string} command
 * @param {string} origin where it answers when it is ready
 * @param {() => Promise<T>} use
 * @param {{ env?: Record<string, string>, limitMs?: number }} [options]
 * @returns {Promise<T>}
 */
export async function during(dir, command, origin, use, { env = {}, limitMs = 60_000 } = {}) {
  const { child, said, ended } = start(dir, command, env);
  let over = false;
  ended.then(() => { over = true; });
  try {
    const until = Date.now() + limitMs;
    while (!(await answers(origin))) {
      if (over || Date.now() > until) throw new Error(`\`${command}\` does not answer`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return await use();
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n\`${command}\` said:\n${said.all.trim()}`, { cause: error });
  } finally {
    end(child);
    const timer = setTimeout(() => end(child, "SIGKILL"), 3000);
    await ended;
    clearTimeout(timer);
    end(child, "SIGKILL"); // what has left the group's leader behind
  }
}

/** @param {string} origin */
async function answers(origin) {
  try {
    await (await fetch(origin, { signal: AbortSignal.timeout(20_000) })).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
