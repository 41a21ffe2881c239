// `parse` beside the parsers people use today, in one run: node --expose-gc benches/parse.mjs
//
// Each figure is the median over pairs of runs, ours and the peer's by turns, after warm-up; the spread is the quartiles.

import os from "node:os";
import { XMLParser } from "fast-xml-parser";
import { describeTasks } from "./generate.mjs";

const { parse, summarize } = await import(process.env.TASKLENS_PKG ? `${process.env.TASKLENS_PKG}/dist/node.js` : "../pkg/dist/node.js");

const PAIRS = 31;
const RUN_MS = 20;

function time(work, repeat) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < repeat; i++) work();
  return Number(process.hrtime.bigint() - start) / repeat;
}

/** So many repeats fill a run. */
function calibrate(work) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < 200 && process.hrtime.bigint() - start < 1_000_000_000n; i++) work();
  return Math.max(1, Math.ceil((RUN_MS * 1e6) / time(work, 20)));
}

const at = (sorted, share) => sorted[Math.round((sorted.length - 1) * share)];

function compare(ours, peer) {
  const [oursRepeat, peerRepeat] = [calibrate(ours), calibrate(peer)];
  const pairs = Array.from({ length: PAIRS }, (_, i) => {
    globalThis.gc?.();
    const first = i % 2 ? time(ours, oursRepeat) : time(peer, peerRepeat);
    const second = i % 2 ? time(peer, peerRepeat) : time(ours, oursRepeat);
    return i % 2 ? [first, second] : [second, first];
  });
  const sorted = (list) => list.sort((a, b) => a - b);
  const ratios = sorted(pairs.map(([a, b]) => a / b));
  return {
    ours: at(sorted(pairs.map(([a]) => a)), 0.5),
    peer: at(sorted(pairs.map(([, b]) => b)), 0.5),
    ratio: at(ratios, 0.5),
    spread: [at(ratios, 0.25), at(ratios, 0.75)],
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const page = describeTasks(100);
const list = describeTasks(10_000);
const xmlParser = new XMLParser({ parseTagValue: false });

const rows = [
  ["parse J100, bytes", "JSON.parse alone", encoder.encode(page.json), parse, (body) => JSON.parse(decoder.decode(body))],
  ["parse J100, text", "JSON.parse alone", page.json, parse, JSON.parse],
  ["parse X100, bytes", "fast-xml-parser", encoder.encode(page.xml), parse, (body) => xmlParser.parse(decoder.decode(body))],
  ["parse X100, text", "fast-xml-parser", page.xml, parse, (body) => xmlParser.parse(body)],
  ["summarize J10k, bytes", "JSON.parse alone", encoder.encode(list.json), summarize, (body) => JSON.parse(decoder.decode(body))],
  ["summarize X10k, bytes", "fast-xml-parser", encoder.encode(list.xml), summarize, (body) => xmlParser.parse(decoder.decode(body))],
];

console.log(`Node ${process.version}, ${os.cpus()[0].model}, ${os.cpus().length} cores; medians of ${PAIRS} pairs\n`);
console.log("| work | size | tasklens | MB/s | peer | peer's time | ratio | quartiles |");
console.log("|---|---|---|---|---|---|---|---|");
for (const [work, peer, body, ours, theirs] of rows) {
  const { ours: mine, peer: other, ratio, spread } = compare(() => ours(body), () => theirs(body));
  const microseconds = (ns) => `${(ns / 1000).toFixed(0)} µs`;
  const cells = [
    work, `${(body.length / 1000).toFixed(1)} kB`, microseconds(mine), ((body.length / mine) * 1000).toFixed(0), peer,
    microseconds(other), ratio.toFixed(2), spread.map((share) => share.toFixed(2)).join("–"),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
