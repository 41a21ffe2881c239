// TypeScript's current and its two preceding major versions, over a project beside the installed package.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { CONSUMER, ROOT } from "../support.mjs";

export const COMPILERS = ["typescript", "typescript-6", "typescript-5"].map((name) => {
  const dir = path.join(ROOT, "node_modules", name);
  return { tsc: path.join(dir, "bin/tsc"), version: JSON.parse(fs.readFileSync(path.join(dir, "package.json"), "utf8")).version };
});

export const DOM = ["es2022", "dom", "dom.iterable", "dom.asynciterable"];

/** Every strictness that users turn on. */
const STRICT = {
  strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true, isolatedModules: true,
  noPropertyAccessFromIndexSignature: true, noImplicitOverride: true, noImplicitReturns: true,
  noEmit: true, skipLibCheck: false, target: "es2022", types: [],
};

/**
 * What a compiler says of a project: nothing where all is well.
 * @param {import("node:test").TestContext} t
 * @param {{ tsc: string }} compiler
 * @param {{ files: Record<string, string>, options: Record<string, unknown> }} project
 */
export function check(t, { tsc }, { files, options }) {
  const dir = fs.mkdtempSync(path.join(CONSUMER, "types-"));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(dir, name), text);
  fs.writeFileSync(path.join(dir, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files: Object.keys(files) }));
  try {
    return execFileSync(process.execPath, [tsc, "-p", "."], { cwd: dir, encoding: "utf8" });
  } catch (error) {
    return error.stdout + error.stderr;
  }
}
