// Makes docs/reference.md from the types and their comments. `node docs/reference.mjs` writes it anew; a test compares.
// Not TypeDoc: it wants the TypeScript at the root to be one with an API in JavaScript, and with its Markdown plugin lists for each
// element all that `HTMLElement` has.

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript-6";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const PAGE = path.join(ROOT, "docs/reference.md");

/** Of the contents: each entry, and how its exports come together. What no group names stands at the end. */
const ENTRIES = [
  { entry: "tasklens", file: "index.d.ts", groups: {
    Loading: ["init"],
    Reading: ["parse", "summarize", "ParseOptions", "Reply", "Summary", "Page", "Finding", "Fault"],
    "A task": ["Task", "Status", "Progress", "SubTask", "TaskError", "Resource", "Api"],
    Calling: ["connect", "ConnectOptions", "RetryPolicy", "Client", "CallOptions", "Call", "TaskRef", "Operation", "buildRequest", "UnsignedRequest"],
    Watching: ["WatchOptions", "Watch", "WatchEvent", "Estimate"],
    Errors: ["TasklensError"],
  } },
  { entry: "tasklens/url", file: "url.d.ts" },
  { entry: "tasklens/slim", file: "slim.d.ts" },
  { entry: "tasklens/element", file: "element.d.ts" },
  { entry: "tasklens/proxy", file: "proxy.d.ts" },
];

const files = ENTRIES.map(({ file }) => path.join(ROOT, "pkg-template", file));
const program = ts.createProgram(files, { strict: true, target: ts.ScriptTarget.ES2022, types: [] });
const checker = program.getTypeChecker();
/** Where each declared name has its heading. @type {Map<string, string>} */
const anchors = new Map();

/** The whole page. */
export function reference() {
  const parts = ENTRIES.map(({ entry, file, groups = {} }) => section(entry, program.getSourceFile(path.join(ROOT, "pkg-template", file)), groups));
  for (const { names, anchor } of parts) names.forEach((name) => anchors.has(name) || anchors.set(name, anchor(name)));
  const contents = parts.map(({ entry, groups, anchor }) => [
    `- [\`${entry}\`](#${slug(entry)})`,
    ...groups.map(([group, names]) => `  - ${group ? `${group}: ` : ""}${names.map((name) => `[\`${name}\`](#${anchor(name)})`).join(", ")}`),
  ].join("\n"));
  return [
    "# Reference",
    "<!-- Made by `node docs/reference.mjs` from pkg-template/*.d.ts; change those, and run it again. -->",
    "Everything that the package exports. An editor shows the same on hover. `field?` may be left out.",
    contents.join("\n"),
    ...parts.flatMap(({ write }) => write()),
  ].join("\n\n") + "\n";
}

/** @param {string} entry @param {ts.SourceFile} source @param {Record<string, string[]>} wanted */
function section(entry, source, wanted) {
  // Declared in this very file: what it passes on has its place already.
  const symbols = new Map(checker.getExportsOfModule(checker.getSymbolAtLocation(source))
    .filter((symbol) => symbol.declarations.some((declaration) => declaration.getSourceFile() === source)).map((symbol) => [symbol.name, symbol]));
  const grouped = Object.values(wanted).flat();
  const rest = [...symbols.keys()].filter((name) => !grouped.includes(name));
  const groups = [...Object.entries(wanted), ...(rest.length > 0 ? [["", rest]] : [])];
  const anchor = (name) => `${slug(entry)}-${name.toLowerCase()}`;
  const write = () => [
    `## ${entry}`,
    ...introduction(source),
    ...groups.flatMap(([, names]) => names.flatMap((name) => [`<a id="${anchor(name)}"></a>\n### ${name}`, ...one(symbols.get(name))])),
  ];
  return { entry, groups, names: [...symbols.keys()], anchor, write };
}

const slug = (text) => text.toLowerCase().replace(/[^\w-]/g, "");

/** The file's own comment: the first, where a second one or an import follows it. */
function introduction(source) {
  const [first, second] = ts.getLeadingCommentRanges(source.text, 0) ?? [];
  const isOwn = first && (second || !ts.isFunctionDeclaration(source.statements[0]));
  const text = isOwn && source.text.startsWith("/**") ? source.text.slice(first.pos + 3, first.end - 2).replace(/^ *\* ?/gm, "").trim() : "";
  return text ? [linked(text)] : [];
}

/** What a name is: its signature, its words, and a table of its fields. */
function one(symbol) {
  const [declaration] = symbol.declarations;
  const words = [linked(said(symbol)), ...tags(symbol)];
  if (ts.isFunctionDeclaration(declaration)) return [code(signature(declaration)), ...words];
  if (ts.isTypeAliasDeclaration(declaration)) {
    const literals = alternatives(declaration.type);
    if (literals.length === 0) return [code(declaration.getText().replace(/^export /, "")), ...words];
    return [...words, ...literals.flatMap(([title, members]) => [...title, table(members)])];
  }
  const members = symbol.declarations.flatMap((one) => [...(one.members ?? [])]);
  const base = symbol.declarations.flatMap((one) => one.heritageClauses ?? []).flatMap((clause) => clause.types.map((type) => type.getText()));
  return [
    ...(base.length > 0 ? [`Extends ${[...new Set(base)].map(linkTypes).join(", ")}.`] : []),
    ...words, table(members.filter(({ kind }) => kind !== ts.SyntaxKind.SetAccessor)),
  ];
}

/** The objects of a union, each with a title that tells it from the others. @returns {[string[], readonly ts.TypeElement[]][]} */
function alternatives(type) {
  if (ts.isTypeLiteralNode(type)) {
    const telling = type.members.find(({ type }) => type && /^("[^"]*"( \| )?)+$/.test(type.getText()));
    const title = telling ? [`**\`${telling.name.getText()}: ${telling.type.getText()}\`** ${linked(said(checker.getSymbolAtLocation(telling.name)))}`.trim()] : [];
    return [[title, type.members.filter((member) => member !== telling)]];
  }
  if (ts.isParenthesizedTypeNode(type)) return alternatives(type.type);
  return ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type) ? type.types.flatMap(alternatives) : [];
}

/** @param {readonly (ts.TypeElement | ts.ClassElement)[]} members */
function table(members) {
  const rows = members.map((member) => {
    const symbol = checker.getSymbolAtLocation(member.name);
    const name = `\`${member.name.getText()}${member.questionToken ? "?" : ""}\``;
    const type = ts.isMethodSignature(member) ? signature(member).replace(/^\w+/, "") : member.type?.getText() ?? "";
    return `| ${[name, linkTypes(type), [linked(said(symbol)), ...tags(symbol)].join(" ")].map((cell) => cell.replace(/\s+/g, " ").replace(/(?<!\\)\|/g, "\\|")).join(" | ")} |`;
  });
  return rows.length > 0 ? ["| field | type | |", "|---|---|---|", ...rows].join("\n") : "";
}

/** Without its comments and modifiers. */
function signature(node) {
  const printer = ts.createPrinter({ removeComments: true });
  return printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile()).replace(/^(export |declare )+|;$/g, "");
}

const code = (text) => `\`\`\`ts\n${text}\n\`\`\``;

/** A type as code, each of our names in it a link. @param {string} type */
function linkTypes(type) {
  const plain = type.replace(/\/\*\*[^]*?\*\/\s*/g, "");
  const pieces = plain.split(new RegExp(`\\b(${[...anchors.keys()].join("|")})\\b`));
  const code = (piece) => piece.replace(/^(\s*)([^]*?)(\s*)$/, "$1`$2`$3").replace("``", "");
  return pieces.map((piece, at) => (at % 2 === 1 ? `[\`${piece}\`](#${anchors.get(piece)})` : code(piece))).join("");
}

const said = (symbol) => ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();

function tags(symbol) {
  return symbol.getJsDocTags(checker).map(({ name, text }) => {
    const words = linked(ts.displayPartsToString(text)).replace(/\{(\w+)\}/, (_, type) => linkTypes(type));
    return name === "throws" ? `**Throws** ${words}` : words.replace(/^(\w+) /, "`$1`: ");
  });
}

/** `{@link x}` as Markdown has it. @param {string} text */
const linked = (text) => text.replace(/\{@link (\w+)\}/g, (_, name) => (anchors.has(name) ? `[\`${name}\`](#${anchors.get(name)})` : `\`${name}\``));

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) fs.writeFileSync(PAGE, reference());
