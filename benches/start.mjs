// From import to the first parsed reply, in processes that did nothing before: node benches/start.mjs [--quick]
// The process measures itself; node's own start is not in the figure. fast-xml-parser alone, without a model: the harder goal.

import { execFile } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { figure } from "./measure.mjs";
import { inputs } from "./generate.mjs";
import { PKG, isQuick, tell, wanted } from "./report.mjs";

const run = promisify(execFile);
const ROW = { id: "start", input: "X1", work: "import to the first parsed reply", peer: "fast-xml-parser alone", goal: 1 };
const xml = new TextDecoder().decode(inputs().X1);

const ours = (module) => `const { parse } = await import(${module}); parse(xml);`;
const theirs = (module) => `const { XMLParser } = await import(${module}); new XMLParser({ parseTagValue: false }).parse(xml);`;

async function measured(body) {
  const script = `const [, xml] = process.argv; const begun = performance.now(); ${body} console.log(performance.now() - begun);`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script, xml], { cwd: import.meta.dirname });
  return Number(stdout);
}

if (wanted(ROW)) {
  const ourModule = JSON.stringify(pathToFileURL(path.resolve(PKG, "dist/node.js")));
  const works = [ours(ourModule), theirs('"fast-xml-parser"')];
  const pairs = [];
  // The first pair brings the files into the system's cache.
  for (let i = -1; i < (isQuick ? 15 : 41); i++) {
    const first = await measured(works[i & 1]);
    const second = await measured(works[1 - (i & 1)]);
    if (i >= 0) pairs.push(i & 1 ? [second, first] : [first, second]);
  }
  tell(ROW, "Node", figure(pairs));
}
