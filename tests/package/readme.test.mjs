// The READMEs' examples, as a reader runs them: against the rehearsal cloud, through the real proxy. And the Chinese README beside
// the English one: the same examples, nothing left out.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { createCloud } from "../cloud/cloud.mjs";
import { ecsTask } from "../cloud/scenarios.mjs";
import { CREDENTIAL, startProxy } from "../worker/support/proxy.mjs";
import { CONSUMER, ROOT } from "./support.mjs";

const read = (file) => fs.readFileSync(path.join(ROOT, file), "utf8");

for (const file of ["README.md", "README.zh-CN.md", "pkg-template/README.md"]) {
  test(`the JavaScript examples of ${file} print what they say`, async (t) => {
    const cloud = createCloud({ credential: CREDENTIAL, tasks: [ecsTask(Date.now(), { plan: { runMs: 1000 } })] });
    await cloud.listen();
    const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: cloud.url } });
    t.after(async () => {
      await proxy.dispose();
      await cloud.close();
    });
    const examples = [...read(file).matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1]);
    assert.ok(examples.length > 1);
    for (const example of examples) {
      const expected = [...example.matchAll(/console\.log\(.*\);? *\/\/ (.*)$/gm)].map((match) => match[1].trim());
      assert.ok(expected.length > 0, "an example prints something");
      const code = example.replace("https://proxy.example", proxy.url);
      const env = { ...process.env, TASKLENS_TOKEN: proxy.token };
      const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], { cwd: CONSUMER, env });
      assert.deepEqual(stdout.trim().split("\n"), expected);
    }
  });
}

/** What is in both languages the same: examples but for their comments, headings' levels, tables' first words, links' targets. */
function frame(file) {
  const text = read(file).replaceAll("README.zh-CN.md", "README.md");
  const code = [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language, source]) => [language, source.replace(/ *(?:\/\/|(?<=\s)#) .*$/gm, "")]);
  const prose = text.replace(/```[\s\S]*?```/g, "");
  return {
    code,
    headings: [...prose.matchAll(/^(#+) /gm)].map(([, level]) => level),
    rows: [...prose.matchAll(/^\| (`[^`]+`) \|/gm)].map(([, word]) => word),
    links: [...prose.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target).sort(),
    names: [...new Set(prose.match(/`[^`\n]+`/g))].sort(),
  };
}

test("the Chinese README has all that the English one has", () => {
  const [english, chinese] = [frame("README.md"), frame("README.zh-CN.md")];
  assert.ok(english.code.length >= 4 && english.rows.length > 20, "something is compared");
  assert.deepEqual(chinese, english);
  assert.match(read("README.md"), /\]\(README\.zh-CN\.md\)/);
  assert.match(read("README.zh-CN.md"), /\]\(README\.md\)/);
});

test("what the READMEs link to is there", () => {
  for (const file of ["README.md", "README.zh-CN.md"]) {
    const targets = [...read(file).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => target);
    assert.deepEqual(targets.filter((target) => !fs.existsSync(path.join(ROOT, target))), [], file);
  }
});
