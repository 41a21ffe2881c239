// The types of the packed package as its users' compilers see them: TypeScript's current and its two preceding major versions, in
// a bundler, in Node as ES modules and as CommonJS, with every strictness that such users turn on.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { check, COMPILERS, DOM } from "./support/compilers.mjs";
import { ROOT } from "./support.mjs";

const FILES = path.join(ROOT, "tests/package/types");
const read = (name) => fs.readFileSync(path.resolve(FILES, name), "utf8");

const PROJECTS = {
  "a bundler": {
    files: { "use.mts": read("use.mts"), "page.tsx": read("page.tsx"), "react.d.ts": read("../../../docs/element/react.d.ts") },
    options: { module: "esnext", moduleResolution: "bundler", jsx: "react-jsx", lib: DOM },
  },
  "Node, as ES modules and CommonJS": {
    files: { "use.mts": read("use.mts"), "use.cts": required(read("use.mts")) },
    options: { module: "node16", moduleResolution: "node16", lib: DOM },
  },
};

/** The same with `require`, written as `verbatimModuleSyntax` wants it. */
function required(source) {
  return source.replace(/^import \{ (.*) \} from (".*");$/gm, (_, names, module) => {
    const from = `from_${module.replace(/\W/g, "_")}`;
    const each = names.split(", ").map((name) => {
      const [, type, what, as = what] = /^(type )?(\w+)(?: as (\w+))?$/.exec(name);
      return type ? `type ${as} = ${from}.${what};` : `import ${as} = ${from}.${what};`;
    });
    return [`import ${from} = require(${module});`, ...each].join(" ");
  }).replace(/^export const all = (.*);$/m, "export = $1;");
}

/** The READMEs' examples, which are TypeScript, too. */
function examples(file) {
  const found = [...read(`../../../${file}`).matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code);
  assert.ok(found.length > 1, file);
  return found.map((code, at) => [`${file.replace(/\W/g, "-")}-${at}.mts`, code]);
}

PROJECTS["the READMEs' examples"] = {
  files: { ...Object.fromEntries(["README.md", "pkg-template/README.md"].flatMap(examples)), "node.d.ts": "declare const process: { env: { TASKLENS_TOKEN: string } };" },
  options: { module: "node16", moduleResolution: "node16", lib: DOM },
};

for (const compiler of COMPILERS) {
  for (const [where, project] of Object.entries(PROJECTS)) {
    test(`the types hold in ${where}, with TypeScript ${compiler.version}`, (t) => assert.equal(check(t, compiler, project), ""));
  }
}
