// The rows in Node: node benches/node.mjs [--quick] [row…]
// TASKLENS_PKG names the package's folder; one line of JSON a row goes to stdout.

import { spawnSync } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { inputs } from "./generate.mjs";
import { compare } from "./measure.mjs";
import { decode } from "./peers/normalizer.mjs";
import * as sdk from "./peers/sdk.mjs";
import * as txml from "./peers/txml.mjs";
import * as zod from "./peers/zod.mjs";
import { everyField } from "./read.mjs?theirs";
import { EFFORT, PKG, tell, wanted } from "./report.mjs";
import { read, shared } from "./rows.mjs";

/** Some have peers that are for Node. @type {import("./rows.mjs").Row[]} */
const ROWS = [
  ...shared,
  { id: "j100-zod", input: "J100", work: "every field", peer: "zod 4", goal: 0.6, ours: read, theirs: (body) => everyField(zod.parse(body)) },
  { id: "j100-sdk", input: "J100", work: "every field", peer: "SDK's model cast", goal: 0.5, ours: read, theirs: (body) => sdk.everyField(sdk.parse(body)) },
  // What the goal above asks to stay below: half of that peer, most of whose time is this.
  { id: "j100-sdk-limit", input: "J100", work: "JSON.parse alone, nothing read", peer: "SDK's model cast", ours: (_, body) => Object.keys(JSON.parse(decode(body))).length, theirs: (body) => sdk.everyField(sdk.parse(body)) },
  { id: "x100-txml", input: "X100", work: "every field", peer: "txml, parse alone", goal: 0.5, ours: read, theirs: (body) => txml.parse(body).length },
];

const rows = ROWS.filter(wanted);
if (rows.length > 1) {
  // Each in a process of its own: what an engine learnt from one row would make it guess wrong in the next.
  for (const { id } of rows) {
    const flags = process.argv.slice(2).filter((arg) => arg.startsWith("--"));
    const { status } = spawnSync(process.execPath, [import.meta.filename, ...flags, id], { stdio: "inherit" });
    if (status !== 0) process.exit(1);
  }
} else {
  const tasklens = await import(pathToFileURL(path.resolve(PKG, "dist/node.js")).href);
  const bodies = inputs();
  for (const row of rows) {
    const body = bodies[row.input];
    tell(row, "Node", compare(() => row.ours(tasklens, body), () => row.theirs(body), EFFORT));
  }
}
