import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import "../../www/words/page.js";
import { firstLanguage, LANGUAGES, TABLE, texts } from "../../www/words/text.js";

const read = (name) => readFileSync(new URL(`../../www/${name}`, import.meta.url), "utf8");

describe("the table of words", () => {
  const names = (template) => [...new Set([...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort();
  for (const [key, [en, zh]] of Object.entries(TABLE)) {
    test(`${key} says the same thing in both languages, with the same values`, () => {
      assert.ok(en.trim() && zh.trim());
      assert.deepEqual(names(zh), names(en));
      if (/[a-z]{4}/.test(en) && !key.startsWith("api.")) assert.match(zh, /\p{Script=Han}/u);
    });
  }
  test("has every key the page asks for, and no other", () => {
    const sources = ["index.html", ...readdirSync(new URL("../../www/", import.meta.url), { recursive: true }).map(String).filter((name) => name.endsWith(".js") && !["words/page.js", "words/text.js"].includes(name))].map(read).join("\n");
    const missing = [...sources.matchAll(/\bt\("([\w.-]+)"|data-(?:text|title|label)="([\w.-]+)"|part\("([\w.-]+)"/g)].map(([, a, b, c]) => a ?? b ?? c).filter((key) => !Object.hasOwn(TABLE, key));
    assert.deepEqual(missing, []);
    const families = /^(status|progress|kind|api|group|fault\.kind|fault\.do|problem|problem\.do|finding|cancellable|list|save|filter\.(?:sort|by)|error\.OperationFailure|page\.(?:skip|private)|watch\.(?:column|do|origin|problem|problem\.proxy|status|title)|notify\.wrong|views\.wrong)\./;
    const unused = Object.keys(TABLE).filter((key) => !families.test(key) && !sources.includes(`"${key}"`));
    assert.deepEqual(unused, []);
  });
  test("puts values in, and picks by number", () => {
    const t = texts("en");
    assert.equal(t("reading.findings", { n: 1 }), "1 finding");
    assert.equal(t("reading.findings", { n: 2 }), "2 findings");
    assert.equal(texts("zh")("reading.findings", { n: 2 }), "2 处差异");
  });
  test("does not read a value as a template", () => {
    assert.equal(texts("en")("say.problem", { message: "{message} $& {n|a|b}" }), "Not readable: {message} $& {n|a|b}");
  });
});

describe("the first language", () => {
  /** @type {[string | null, string[], string][]} */
  const cases = [[null, ["zh-CN", "en"], "zh"], [null, ["en-US", "zh"], "en"], [null, ["de-DE", "zh-TW"], "zh"], [null, ["fr"], "en"], ["zh", ["en"], "zh"], ["en", ["zh"], "en"], ["<x>", ["en"], "en"]];
  for (const [kept, preferred, first] of cases) test(`kept ${kept}, preferred ${preferred} → ${first}`, () => assert.equal(firstLanguage(kept, preferred), first));
  test("is one of those there are", () => assert.deepEqual(LANGUAGES, ["en", "zh"]));
});
