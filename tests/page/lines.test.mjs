import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatOf, indentJson, lineAt, placeOf, splitLines, tokenEnd, tokens, unitOf } from "../../www/draw/lines.js";

describe("lines", () => {
  test("end at a line feed, and the last needs none", () => {
    const lines = splitLines("a\n\nbcd");
    assert.deepEqual(lines.starts.map((_, i) => lineAt(lines, i)), ["a", "", "bcd"]);
    assert.equal(lineAt(lines, lines.longest), "bcd");
  });
  test("of an empty text are one", () => assert.deepEqual(splitLines("").starts, [0]));
});

describe("a place", () => {
  test("counts characters, so an emoji is one column and two units", () => {
    assert.equal(unitOf("😀x", 2), 2);
    assert.equal(unitOf("中文x", 3), 2);
    assert.deepEqual(placeOf(splitLines("a\n😀x"), 4), { line: 2, column: 2 });
  });
  test("beyond the line is its end", () => assert.equal(unitOf("ab", 99), 2));
});

describe("the token at a place", () => {
  /** @type {[string, string][]} */
  const cases = [['"a\\"b": 1', '"a\\"b"'], ["<TaskId>t</TaskId>", "<TaskId>"], ["-12.5e3,", "-12.5e3"], ["true}", "true"], ["，x", "，"], ["😀x", "😀"], ['"open', '"'], ["", ""]];
  for (const [line, token] of cases) test(`${line} → ${token}`, () => assert.equal(line.slice(0, tokenEnd(line, 0)), token));
});

describe("colours", () => {
  test("leave every character where it was", () => {
    for (const line of ['  "a": [1, -2.5e3, true, null, "x\\"y"], // no', "<a b='c'>x &amp; y<!-- z --><![CDATA[q]]></a>", '"unclosed', "", "<"]) {
      for (const format of /** @type {const} */ (["json", "xml"])) assert.equal(tokens(line, format).map(({ text }) => text).join(""), line);
    }
  });
  test("tell a name from a string", () => {
    assert.deepEqual(tokens('"a" : "b"', "json").filter(({ kind }) => kind).map(({ kind, text }) => [kind, text]), [["key", '"a"'], ["mark", ":"], ["string", '"b"']]);
  });
});

describe("the format", () => {
  test("is XML where the first character after a byte-order mark and white space is <", () => {
    assert.equal(formatOf("\uFEFF \n<a/>"), "xml");
    assert.equal(formatOf(' {"a":"<"}'), "json");
    assert.equal(formatOf(""), "json");
  });
});

describe("indenting", () => {
  test("puts a value on a line and changes nothing else", () => {
    assert.equal(indentJson('{"a":[1,{"b":"x, y: {z}"}],"c":{},"d":[ ]}'), '{\n  "a": [\n    1,\n    {\n      "b": "x, y: {z}"\n    }\n  ],\n  "c": {},\n  "d": []\n}');
  });
  test("keeps what JSON.parse would lose: long numbers, doubled names", () => {
    const text = '{"n":123456789012345678901234567890,"a":1,"a":2}';
    assert.equal(indentJson(text).replace(/\s/g, ""), text);
  });
  test("gives the same value as before", () => {
    const value = { a: [1, "two", { three: null }], "四": "5\n6", empty: { x: [] } };
    assert.deepEqual(JSON.parse(indentJson(JSON.stringify(value))), value);
  });
});
