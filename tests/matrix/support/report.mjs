// @ts-check
// The table of the README, from what the last whole run found; kept as docs/platforms/matrix.json, so that a test can compare.
import fs from "node:fs";
import path from "node:path";
import { HOME } from "./tool.mjs";
import { ROOT } from "./world.mjs";

const RESULTS = path.join(ROOT, "docs/platforms/matrix.json");
const READMES = ["README.md", "README.zh-CN.md"].map((name) => path.join(ROOT, name));
const [BEGIN, END] = ["<!-- matrix -->\n", "<!-- /matrix -->\n"];
const ENTRIES = ["tasklens", "tasklens/url", "tasklens/slim", "tasklens/element", "tasklens/proxy"];

/** @typedef {{ date: string, versions: Record<string, string>, rows: { where: string, tool: string, entry: string, passed: boolean }[] }} Results */

/** A tool's version, as it is installed. @param {string} tool */
export function version(tool) {
  if (tool === "node") return process.versions.node;
  const places = [HOME, ROOT].map((home) => path.join(home, "node_modules", tool, "package.json"));
  const place = places.find((file) => fs.existsSync(file));
  if (!place) throw new Error(`${tool} is not installed`);
  return JSON.parse(fs.readFileSync(place, "utf8")).version;
}

/** @returns {Results} */
export const kept = () => JSON.parse(fs.readFileSync(RESULTS, "utf8"));

/** Lines that differ only in the part after the comma are one. @param {Results} results */
export function table({ date, versions, rows }) {
  /** @type {Map<string, Map<string, boolean>>} */
  const places = new Map();
  for (const { where, entry, passed } of rows) {
    const cells = places.get(where) ?? new Map();
    places.set(where, cells.set(entry, (cells.get(entry) ?? true) && passed));
  }
  /** @type {{ name: string, line: string, parts: string[] }[]} */
  const lines = [];
  for (const [where, cells] of places) {
    const [platform, ...part] = where.split(", ");
    const tool = rows.find((row) => row.where === where)?.tool ?? "";
    const sameName = tool.toLowerCase().startsWith(platform.toLowerCase().split(".")[0]) || tool === "@rspack/core";
    const name = tool === "chromium" || /worker$/.test(platform) ? platform : sameName ? `${platform} ${versions[tool]}` : `${platform} (${tool} ${versions[tool]})`;
    const line = ENTRIES.map((entry) => (cells.has(entry) ? (cells.get(entry) ? "✓" : "✗") : "")).join(" | ");
    const same = lines.find((other) => other.name === name && other.line === line);
    if (same) same.parts.push(part.join(", "));
    else lines.push({ name, line, parts: [part.join(", ")] });
  }
  const head = [`| | ${ENTRIES.map((entry) => `\`${entry}\``).join(" | ")} |`, `|---${"|---".repeat(ENTRIES.length)}|`];
  const body = lines.map(({ name, line, parts }) => `| ${name}${parts[0] ? `: ${parts.join(", ")}` : ""} | ${line} |`);
  return `${[...head, ...body].join("\n")}\n\n${date} · Chromium ${versions.chromium} · Node ${versions.node}\n`;
}

/** What stands in each README that has a place for it. */
export function shown() {
  const texts = READMES.filter((file) => fs.existsSync(file)).map((file) => fs.readFileSync(file, "utf8")).filter((text) => text.includes(BEGIN));
  return texts.map((text) => text.slice(text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)));
}

/** @param {Results} results */
export function write(results) {
  fs.writeFileSync(RESULTS, `${JSON.stringify(results, null, 1)}\n`);
  for (const file of READMES) {
    const text = fs.readFileSync(file, "utf8");
    if (text.includes(BEGIN)) fs.writeFileSync(file, text.slice(0, text.indexOf(BEGIN) + BEGIN.length) + table(results) + text.slice(text.indexOf(END)));
  }
}
