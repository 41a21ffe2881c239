// The rows in Node: node benches/node.mjs [--quick] [row…]
// TASKLENS_PKG names the package's folder; one line of JSON a row goes to stdout, progress to stderr.

import { pathToFileURL } from "node:url";
import path from "node:path";
import { inputs } from "./generate.mjs";
import { compare } from "./measure.mjs";
import { forNode, shared } from "./rows.mjs";
import { EFFORT, tell, wanted } from "./report.mjs";

const pkg = process.env.TASKLENS_PKG ?? path.join(import.meta.dirname, "../pkg");
const tasklens = await import(pathToFileURL(path.resolve(pkg, "dist/node.js")).href);
const bodies = inputs();

for (const row of [...shared, ...(await forNode())].filter(wanted)) {
  const body = bodies[row.input];
  tell(row, "Node", compare(() => row.ours(tasklens, body), () => row.theirs(body), EFFORT));
}
