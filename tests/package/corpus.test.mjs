// Every case of the corpus through the built package: what Rust reads is what JavaScript gets.

import assert from "node:assert/strict";
import test from "node:test";
import { cases, PKG } from "./support.mjs";

const { parse, TasklensError } = await import(`${PKG}/dist/node.js`);

/** Of a finding what a case states; the rest has a kind. */
function stated(reply) {
  const findings = reply.findings.map(({ code, path, message, line, column }) => {
    assert.equal(typeof message, "string");
    assert.ok(line > 0 && column > 0);
    return { code, path };
  });
  return { ...reply, findings };
}

const found = cases();

test("the corpus is there", () => assert.ok(found.length > 600, `${found.length} replies`));

for (const { name, body, options, expected, error } of found) {
  test(`${name} reads as it must, from bytes and from text`, () => {
    const text = body.toString("utf8");
    for (const form of Buffer.from(text).equals(body) ? [body, text] : [body]) {
      if (error) {
        assert.throws(() => parse(form, options), (thrown) => {
          assert.ok(thrown instanceof TasklensError && thrown instanceof Error);
          for (const [key, value] of Object.entries(error)) assert.equal(thrown[key], value, key);
          return true;
        });
      } else {
        const reply = parse(form, options);
        assert.deepEqual(stated(reply), expected);
        assert.deepEqual(structuredClone(reply), reply);
        assert.deepEqual(JSON.parse(JSON.stringify(reply)), reply);
      }
    }
  });
}
