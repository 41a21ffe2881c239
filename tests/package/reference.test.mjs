// docs/reference.md is made from the types, and cannot fall behind them.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { reference } from "../../docs/reference.mjs";
import { ROOT } from "./support.mjs";

const page = fs.readFileSync(path.join(ROOT, "docs/reference.md"), "utf8");

test("the reference is that of the types; `node docs/reference.mjs` writes it anew", () => {
  assert.equal(page, reference());
});

test("every link in the reference has its heading, and every row its words", () => {
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target);
  const headings = new Set([...page.matchAll(/<a id="([^"]+)">|^## (.*)$/gm)].map(([, id, entry]) => id ?? entry.replace("/", "")));
  assert.ok(links.length > 100);
  assert.deepEqual(links.filter((target) => !headings.has(target)), []);
  assert.deepEqual([...page.matchAll(/^\| `.*\|\s*\|$/gm)].map(([row]) => row), []);
});
