// The rows that compare two pieces of work in one engine: data, for Node and for the browser alike. Those whose peers need Node
// are in node.mjs.

// Twice, so that no loop sees the objects of both.
import * as ourRead from "./read.mjs?ours";
import * as theirRead from "./read.mjs?theirs";
import * as hand from "./peers/normalizer.mjs";
import * as fastXml from "./peers/fast-xml.mjs";

/**
 * @typedef {{ id: string, input: string, work: string, peer: string, goal?: number, inBrowser?: boolean,
 *   ours: (tasklens: typeof import("tasklens"), body: Uint8Array) => number, theirs: (body: Uint8Array) => number }} Row
 */

export const read = (tasklens, body) => ourRead.everyField(tasklens.parse(body));
const slice = (tasklens, body) => ourRead.firstFifty(tasklens.parse(body, { slice: [0, 50] }));
const count = (tasklens, body) => ourRead.ofSummary(tasklens.summarize(body));
const HAND = "hand-written normalizer";
const FAST_XML = "fast-xml-parser + normalizer";

/** @type {Row[]} */
export const shared = [
  { id: "j100", input: "J100", work: "every field", peer: HAND, goal: 0.8, inBrowser: true, ours: read, theirs: (body) => theirRead.everyField(hand.parse(body)) },
  { id: "slice", input: "J10k", work: "counts and the first 50", peer: `${HAND} of all`, goal: 0.3, inBrowser: true, ours: slice, theirs: (body) => theirRead.firstFifty(hand.parse(body)) },
  { id: "x100", input: "X100", work: "every field", peer: FAST_XML, goal: 0.05, inBrowser: true, ours: read, theirs: (body) => theirRead.everyField(fastXml.parse(body)) },
  { id: "summarize-j10k", input: "J10k", work: "summarize", peer: `${HAND} and count`, goal: 0.2, ours: count, theirs: (body) => theirRead.ofSummary(hand.parse(body).summary) },
  { id: "summarize-x10k", input: "X10k", work: "summarize", peer: `${FAST_XML} and count`, goal: 0.02, ours: count, theirs: (body) => theirRead.ofSummary(fastXml.parse(body).summary) },
  { id: "j1", input: "J1", work: "every field", peer: HAND, goal: 1.2, ours: read, theirs: (body) => theirRead.everyField(hand.parse(body)) },
  { id: "x1", input: "X1", work: "every field", peer: FAST_XML, goal: 0.15, ours: read, theirs: (body) => theirRead.everyField(fastXml.parse(body)) },
];
