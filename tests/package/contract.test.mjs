// What the package declares beside what its contract declares: each type and function of the contract stands in for the package's
// and the other way round, and no field is missing. Both directions are checked by three compilers, as `types.test.mjs` does.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import ts from "typescript-6";
import { check, COMPILERS, DOM } from "./support/compilers.mjs";
import { CONSUMER, ROOT } from "./support.mjs";

const CONTRACT = path.join(ROOT, "tests/package/types/contract.d.ts");

/**
 * The package adds `earliestAt` and `latestAt` to what it tells: so what it gives fits the contract, and what somebody else made by
 * the contract alone lacks them. Everything that hands out an estimate is of that kind.
 */
const TELLS_MORE = new Set(["Estimate", "WatchEvent", "Watch", "Client", "connect"]);

const dist = (name) => path.join(CONSUMER, "node_modules/tasklens/dist", name);
const program = ts.createProgram([CONTRACT, dist("index.d.ts"), dist("proxy.d.ts")], { strict: true, target: ts.ScriptTarget.ES2022, types: [] });
const checker = program.getTypeChecker();
const exportsOf = (file) => checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)));

/** One line for each name: a function is compared by its type and by what its options may hold. */
function comparison() {
  const own = new Set(exportsOf(dist("proxy.d.ts")).map(({ name }) => name));
  const lines = exportsOf(CONTRACT).map(({ name, flags }) => {
    const is = flags & ts.SymbolFlags.Value && !(flags & ts.SymbolFlags.Class) ? "typeof " : "";
    const [theirs, ours] = [`${is}Contract.${name}`, `${is}${own.has(name) ? "Proxy" : "Package"}.${name}`];
    const fits = TELLS_MORE.has(name) ? `Fits<${ours}, ${theirs}>` : `Alike<${ours}, ${theirs}>`;
    return `const ${name}: [${fits}, Whole<${ours}, ${theirs}>] = [true, true];`;
  });
  return { count: lines.length, source: [
    'import type * as Contract from "./contract.js";',
    'import type * as Package from "tasklens";',
    'import type * as Proxy from "tasklens/proxy";',
    "type Fits<A, B> = [A] extends [B] ? true : { this: A; doesNotFit: B };",
    "type Alike<A, B> = Fits<A, B> extends true ? Fits<B, A> : Fits<A, B>;",
    // An optional field that is missing altogether is assignable both ways, and only its name tells.
    "type Names<T> = T extends (...args: infer A) => infer R ? Names<Exclude<A[number], undefined>> | Names<R> : T extends object ? keyof T : never;",
    "type Whole<A, B> = [Names<B>] extends [Names<A>] ? true : { missing: Exclude<Names<B>, Names<A>> };",
    ...lines,
    `export { ${lines.map((line) => /^const (\w+)/.exec(line)?.[1]).join(", ")} };`,
  ].join("\n") };
}

const { count, source } = comparison();

for (const compiler of COMPILERS) {
  test(`the types are the contract's, with TypeScript ${compiler.version}`, (t) => {
    assert.equal(count, 34, "names in the contract");
    const files = { "alike.ts": source, "contract.d.ts": fs.readFileSync(CONTRACT, "utf8") };
    assert.equal(check(t, compiler, { files, options: { module: "esnext", moduleResolution: "bundler", lib: DOM } }), "");
  });
}
