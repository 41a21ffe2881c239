// @ts-check
// The raw text as lines, places and tokens. Pure; places are counted as the package counts them: lines end at a line feed,
// columns are characters, both from 1.

/** @typedef {{ text: string, starts: number[], longest: number }} Lines `longest`: the index of the longest line */

/** @param {string} text @returns {Lines} */
export function splitLines(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  let longest = 0;
  let most = -1;
  for (let i = 0; i < starts.length; i++) {
    const length = (starts[i + 1] ?? text.length + 1) - starts[i];
    if (length > most) [most, longest] = [length, i];
  }
  return { text, starts, longest };
}

/** The line at an index from 0, without its line feed. @param {Lines} lines @param {number} index */
export function lineAt(lines, index) {
  const end = lines.starts[index + 1];
  return lines.text.slice(lines.starts[index], end === undefined ? undefined : end - 1);
}

/** Where in the line a column begins: characters beyond the BMP are two units long. @param {string} line @param {number} column */
export function unitOf(line, column) {
  let unit = 0;
  for (let passed = 1; passed < column && unit < line.length; passed++) unit += /** @type {number} */ (line.codePointAt(unit)) > 0xffff ? 2 : 1;
  return unit;
}

/** The token that begins at a unit: a string, a tag, a word or number, else one character. @param {string} line @param {number} from @returns {number} its end */
export function tokenEnd(line, from) {
  const match = /^(?:"(?:[^"\\]|\\.)*"|<!?[/?]?[^<>]*>?|[\p{L}\p{N}_.+-]+)/u.exec(line.slice(from, from + 2000));
  if (match) return from + match[0].length;
  const point = line.codePointAt(from);
  return point === undefined ? from : from + (point > 0xffff ? 2 : 1);
}

/** Where a text stands, as line and column. @param {Lines} lines @param {number} at @returns {{ line: number, column: number }} */
export function placeOf(lines, at) {
  let low = 0;
  let high = lines.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lines.starts[middle] <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: [...lines.text.slice(lines.starts[low], at)].length + 1 };
}

/** @typedef {{ kind: string, text: string }} Token `kind` is "" for what has no colour */

const JSON_TOKEN = /(?<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<string>"(?:[^"\\]|\\.)*")|(?<number>-?\b\d[\d.eE+-]*)|(?<word>\b(?:true|false|null)\b)|(?<mark>[{}[\],:]+)/g;
const XML_TOKEN = /(?<note><!--.*?(?:-->|$)|<\?.*?(?:\?>|$)|<!\[CDATA\[|\]\]>)|(?<mark><\/?|\/?>)|(?<=<\/?)(?<key>[\w:.-]+)|(?<number>&[#\w]+;)/g;

/** One line in colours; a line is enough, since no JSON string spans two. @param {string} line @param {"json" | "xml"} format @returns {Token[]} */
export function tokens(line, format) {
  /** @type {Token[]} */
  const found = [];
  let end = 0;
  for (const match of line.matchAll(format === "xml" ? XML_TOKEN : JSON_TOKEN)) {
    if (match.index > end) found.push({ kind: "", text: line.slice(end, match.index) });
    const [kind] = /** @type {[string, string]} */ (Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined));
    found.push({ kind, text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < line.length) found.push({ kind: "", text: line.slice(end) });
  return found;
}

/** Which of the two it will be read as: decided by the first character, as the package does. @param {string} text @returns {"json" | "xml"} */
export function formatOf(text) {
  return /^[\s\uFEFF]*</.test(text) ? "xml" : "json";
}

/**
 * The same JSON, a value a line. Only white space between tokens changes: a number of thirty digits or a doubled key, which
 * `JSON.parse` would lose, is still there. For well-formed text; elsewhere words that stood apart could meet.
 * @param {string} text
 */
export function indentJson(text) {
  let depth = 0;
  let out = "";
  const line = () => `\n${"  ".repeat(depth)}`;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[{[]\s*[}\]]|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    if (token.length > 1 && (token[0] === "{" || token[0] === "[")) out += token[0] + token.at(-1);
    else if (token === "{" || token === "[") { depth++; out += token + line(); }
    else if (token === "}" || token === "]") { depth = Math.max(0, depth - 1); out += line() + token; }
    else if (token === ",") out += token + line();
    else if (token === ":") out += ": ";
    else out += token;
  }
  return out;
}
