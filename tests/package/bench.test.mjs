// The peers of the benchmark do the same work: where they make our model, they make the same.

import assert from "node:assert/strict";
import test from "node:test";
import { inputs } from "../../benches/generate.mjs";
import * as fastXml from "../../benches/peers/fast-xml.mjs";
import * as hand from "../../benches/peers/normalizer.mjs";
import * as zod from "../../benches/peers/zod.mjs";
import { everyField } from "../../benches/read.mjs";
import { cases, PKG } from "./support.mjs";

const { parse, summarize } = await import(`${PKG}/dist/node.js`);
const bodies = inputs();

for (const [name, peer, input] of [
  ["the hand-written normalizer", hand, "J1"],
  ["the hand-written normalizer", hand, "J100"],
  ["zod", zod, "J1"],
  ["zod", zod, "J100"],
  ["fast-xml-parser with the normalizer", fastXml, "X1"],
  ["fast-xml-parser with the normalizer", fastXml, "X100"],
]) {
  test(`${name} gives what we give: ${input}`, () => {
    const [ours, theirs] = [parse(bodies[input]), peer.parse(bodies[input])];
    assert.deepEqual(theirs, ours);
    assert.equal(everyField(theirs), everyField(ours));
    if (ours.kind === "tasks") assert.deepEqual(theirs.summary, summarize(bodies[input]));
  });
}

/** What JSON.parse hides: the first of two members of one name, and the order of fields of which some are checked first. */
const HIDDEN = [
  "ecs/json_duplicate_key_deep_down/response.json",
  "ecs/json_duplicate_key_last_wins/response.json",
  "ecs/several_findings_in_the_order_of_the_document/response.json",
];

test("the normalizer reads every published and odd JSON reply of ECS as we do, findings included", () => {
  const of = cases().filter(({ name, options, expected }) => /^ecs\/.*\.json$/.test(name) && !options && expected);
  assert.ok(of.length > 100, `${of.length} cases`);
  for (const { name, body, expected } of of.filter(({ name }) => !HIDDEN.includes(name))) {
    const reply = hand.parse(body);
    const findings = reply.findings.map(({ code, path }) => ({ code, path }));
    assert.deepEqual({ ...reply, findings }, expected, name);
  }
});
