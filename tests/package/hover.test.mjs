// What an editor shows on hover: everything that the package declares says what it is, in which unit, and what it throws.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import ts from "typescript-6";
import { CONSUMER, ROOT } from "./support.mjs";

const dist = path.join(CONSUMER, "node_modules/tasklens/dist");
const entries = fs.readdirSync(dist).filter((name) => name.endsWith(".d.ts"));
const program = ts.createProgram(entries.map((name) => path.join(dist, name)), { strict: true, target: ts.ScriptTarget.ES2022, types: [] });
const checker = program.getTypeChecker();

/** They hand out what was made before, define, or answer by a Response. */
const NEVER_THROW = new Set(["Watch.state", "Watch.stop", "Watch.toReadableStream", "define", "createProxy", "createProxy.fetch", "sign"]);
const CODES = checker.getTypeAtLocation(property(path.join(dist, "index.d.ts"), "TasklensError", "code")).types.map((type) => type.value);

function property(file, name, member) {
  const found = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file))).find((symbol) => symbol.name === name);
  return found.members.get(member).declarations[0];
}

/** What is declared here, by its path: exports, their members, and those of the alternatives of a union. */
function* declared(file) {
  const isOurs = (symbol) => symbol.declarations?.some((declaration) => declaration.getSourceFile().fileName.startsWith(dist));
  for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)))) {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    yield { name: symbol.name, symbol: target };
    for (const declaration of target.declarations) {
      const literals = declaration.members ? [declaration] : [...inside(declaration)];
      for (const { members } of literals) {
        for (const member of members) {
          const one = member.name && checker.getSymbolAtLocation(member.name);
          // `api: "ecs"` tells an alternative from the others, and its value says all.
          if (!one || !isOurs(one) || (!declaration.members && tells(member.type))) continue;
          yield { name: `${symbol.name}.${one.name}`, symbol: one };
        }
      }
    }
  }
}

/** A word, or one of some: what an alternative is known by. */
const tells = (type) => type && (ts.isLiteralTypeNode(type) || (ts.isUnionTypeNode(type) && type.types.every(ts.isLiteralTypeNode)));

/** The object types of an alias, or of what a function returns; not those within their members. */
function* inside(node) {
  if (ts.isTypeLiteralNode(node)) yield node;
  else for (const child of node.getChildren()) if (!ts.isParameter(child)) yield* inside(child);
}

const said = (symbol) => ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
const all = entries.flatMap((name) => [...declared(path.join(dist, name))].map((one) => ({ ...one, file: name })));
const callable = ({ symbol }) => checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0 && !(symbol.flags & ts.SymbolFlags.Property);

test("everything that is declared says what it is", () => {
  assert.ok(all.length > 150, `only ${all.length} declarations were found`);
  const silent = all.filter(({ symbol, name }) => said(symbol) === "" && name !== "default");
  assert.deepEqual(silent.map(({ file, name }) => `${file}: ${name}`), []);
});

test("what counts time or bytes says in which unit", () => {
  const units = [[/Ms$/, /millisecond/i], [/At$/, /milliseconds since the Unix epoch/i], [/Bytes$/, /[KM]iB/], [/^date$/, /UTC/]];
  const wrong = [];
  let seen = 0;
  for (const { file, name, symbol } of all) {
    for (const [of, unit] of units) {
      if (!of.test(symbol.name)) continue;
      seen++;
      if (!unit.test(said(symbol))) wrong.push(`${file}: ${name}`);
    }
  }
  assert.ok(seen > 12, `only ${seen} were found`);
  assert.deepEqual(wrong, []);
});

test("every function says what it throws, by codes that exist", () => {
  const wrong = [];
  for (const { file, name, symbol } of all.filter(callable)) {
    const throws = symbol.getJsDocTags(checker).filter(({ name }) => name === "throws").map(({ text }) => ts.displayPartsToString(text));
    if (throws.length === 0) {
      if (!NEVER_THROW.has(name)) wrong.push(`${file}: ${name} has no @throws`);
      continue;
    }
    assert.ok(!NEVER_THROW.has(name), `${name} is said to never throw`);
    if (!throws.some((text) => text.includes("TasklensError"))) wrong.push(`${file}: ${name} throws no TasklensError`);
    if (!throws.some((text) => CODES.some((code) => text.includes(`\`${code}\``)))) wrong.push(`${file}: ${name} names no code`);
  }
  assert.deepEqual(wrong, []);
});

test("each code of TasklensError is explained", () => {
  const error = all.find(({ name }) => name === "TasklensError");
  assert.deepEqual(CODES.filter((code) => !said(error.symbol).includes(`\`${code}\``)), []);
});

test("an editor shows it where it is used, after narrowing, too", () => {
  const source = fs.readFileSync(path.join(ROOT, "tests/package/types/use.mts"), "utf8");
  const file = path.join(CONSUMER, "hovered.mts");
  const options = { strict: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.Node16, types: [] };
  const service = ts.createLanguageService({
    ...ts.createCompilerHost(options), getCompilationSettings: () => options, getScriptFileNames: () => [file], getScriptVersion: () => "1",
    fileExists: (name) => name === file || ts.sys.fileExists(name), readFile: (name) => (name === file ? source : ts.sys.readFile(name)),
    getScriptSnapshot: (name) => {
      const text = name === file ? source : ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  });
  const shown = (text) => {
    const at = source.indexOf(text) + text.lastIndexOf(".") + 1;
    const info = service.getQuickInfoAtPosition(file, at);
    return [...(info?.documentation ?? []), ...(info?.tags ?? []).flatMap(({ name, text }) => [{ text: `@${name}` }, ...(text ?? [])])].map(({ text }) => text).join(" ");
  };
  assert.match(shown("event.delayMs"), /Milliseconds until the next try/);
  assert.match(shown("event.last"), /last seen/);
  assert.match(shown("estimate?.remainingMs"), /Milliseconds/);
  assert.match(shown("reply.kind"), /A list of tasks/);
  assert.match(shown("ref.regionId ?? "), /endpoint/);
  assert.match(shown("call.pageNumber;"), /From 1/);
  assert.match(shown("client.watch"), /Polls one task or thousands[^]*@throws[^]*request/);
  assert.match(shown("error.line"), /from 1/);
  assert.match(shown("summarize(body)"), /Counts[^]*@throws/);
});
