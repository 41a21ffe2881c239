// How tools find the packed package's files and types, under each way of resolving that there is.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { CONSUMER } from "./support.mjs";

/** What is as it must be: one reason for each. */
const KNOWN = [
  // Node 10 and TypeScript's `moduleResolution: "node10"` know no `exports`, so that no package's subpaths exist for them without a
  // second set of files at the root; only `.` is for them.
  ...["./url", "./slim", "./proxy", "./element", "./core.wasm", "./proxy.wasm"].map((entry) => `NoResolution ${entry} node10`),
  // They are modules of WebAssembly: what `require` finds there is a file, and its types are those of an `import`.
  "CJSResolvesToESM ./core.wasm node16-cjs",
  "CJSResolvesToESM ./proxy.wasm node16-cjs",
  // Custom elements are for pages. CommonJS in Node has `import()` for them, or `require` from 22.12 on.
  "CJSResolvesToESM ./element node16-cjs",
];

const tarball = fs.readdirSync(CONSUMER).find((name) => name.endsWith(".tgz"));

test("arethetypeswrong finds nothing in the packed package that is not known", async () => {
  const bytes = fs.readFileSync(path.join(CONSUMER, tarball));
  const { types, problems, entrypoints } = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)));
  assert.deepEqual(types, { kind: "included" });
  assert.ok(Object.keys(entrypoints).length >= 8, Object.keys(entrypoints).join());
  const found = problems.map((problem) => [problem.kind, problem.entrypoint ?? JSON.stringify(problem), problem.resolutionKind].join(" "));
  assert.deepEqual(found.sort(), KNOWN.sort());
});

test("publint finds nothing in the packed package", async () => {
  const bytes = fs.readFileSync(path.join(CONSUMER, tarball));
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) }, strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});
