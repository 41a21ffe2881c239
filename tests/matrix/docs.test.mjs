// @ts-check
// The documentation shows what runs: the code, the commands, the table.
import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import { pages } from "./docs.mjs";
import { kept, shown, table } from "./support/report.mjs";

const rows = ["bundlers", "next", "pages", "servers"].map((name) => fs.readFileSync(new URL(`rows/${name}.mjs`, import.meta.url), "utf8")).join("\n");

for (const { name, text, filled } of pages()) {
  test(`the code of docs/platforms/${name} is the code that runs`, () => {
    assert.equal(text, filled, "fill it with `node tests/matrix/docs.mjs --write`");
    assert.match(text, /<!-- code: /);
  });

  test(`the commands of docs/platforms/${name} are those that run`, () => {
    const commands = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block.trim().split("\n")).map((line) => line.replace(/ +#.*/, ""));
    // What installs, and what needs an account, does not run here.
    for (const command of commands.filter((line) => !/^npm |^npx wrangler (secret|deploy)/.test(line))) {
      // A port of one's own, and Next's commands, are put together.
      const words = command.replace(/^npx /, "").replace(/--port \d+/, "--port ${port}").replace(/^next (dev|start)$/, "next ${how}");
      assert.ok(rows.includes(words), `no row runs \`${command}\``);
    }
  });
}

test("the READMEs' table is what the last whole run found", () => {
  assert.ok(shown().length > 0);
  for (const text of shown()) assert.equal(text, table(kept()), "`cargo xtask matrix --write` runs all and writes it");
});

test("no table claims what failed", () => {
  assert.deepEqual(kept().rows.filter(({ passed }) => !passed), []);
});
