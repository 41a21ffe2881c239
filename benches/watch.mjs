// What a watch costs in Node: node benches/watch.mjs [--quick] [row…]
// The client, its events and the tasks in them, over a fetch that has the answers at hand; processor time, since a watch mostly
// waits. Every task changes in every round: 100 polls of 100 tasks.

import { setMaxListeners } from "node:events";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { figure } from "./measure.mjs";
import { PKG, isQuick, tell, wanted } from "./report.mjs";

const POLLS = 100;
const IDS_A_POLL = 100;
const INPUT = "100 replies, 10,000 changed tasks";
const ROUND = { id: "watch-round", input: INPUT, work: "one round, processor time", peer: "parse of those replies alone", goal: 1.5 };
const SCALE = { id: "watch-scale", input: INPUT, work: "one round of one watch", peer: "of 100 watches over 100 tasks each", goal: 1.2 };
/** Before the first round that counts: compiling is not watching. */
const WARM_UP = isQuick ? 5 : 15;
const ROUNDS = isQuick ? 15 : 61;
/** Short, so that nothing is idle: each poll is due when the one before is done. */
const options = { intervalMs: 20, maxIntervalMs: 20 };

const { connect, parse } = await import(pathToFileURL(path.resolve(PKG, "dist/node.js")).href);
const encoder = new TextEncoder();
const headers = new Headers();
const refs = Array.from({ length: POLLS * IDS_A_POLL }, (_, n) => ({ api: "ecs", regionId: "cn-hangzhou", id: `t-bp1${String(n).padStart(17, "0")}` }));

/** The page that was asked for, in one of two states. */
function answer(ids, TaskStatus) {
  const Task = ids.map((TaskId) => ({
    CreationTime: "2026-03-01T08:00Z", TaskStatus, FinishedTime: "", SupportCancel: "true", TaskId, TaskAction: "ExportImage",
    ResourceId: "m-bp1mft29cx39ybl69tlx",
  }));
  const head = { PageSize: 100, PageNumber: 1, RequestId: "473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E", TotalCount: ids.length, RegionId: "cn-hangzhou" };
  return encoder.encode(JSON.stringify({ ...head, TaskSet: { Task } }));
}

setFlagsFromString("--expose-gc");
/** @type {(options: { type: "minor" }) => void} */ const collect = runInNewContext("gc");

/**
 * Milliseconds of all processors, of every thread, with the collecting of what was allocated until now: twice, for what lives on is
 * old only then, and young memory empty. Else whoever comes first to its end pays for both halves, and that is the watch: the engine
 * collects ahead when the loop turns.
 */
function spent() {
  collect({ type: "minor" });
  collect({ type: "minor" });
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Watches the tasks in so many watches; gives the processor time of each round, and of parsing what it read. */
async function rounds(watches) {
  /** By what is asked: both states, and which is next. */
  const pages = new Map();
  /** @type {{ watching: number, parsing: number }[]} */ const measured = [];
  let read = [];
  let kept = [];
  let begun = spent();
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);

  async function fetch(url) {
    if (read.length === POLLS) {
      const watched = spent();
      // Kept until the next round, as the watch keeps them: collecting what lives costs more than what is gone.
      kept = read.map((body) => parse(body, { operation: "ecs.DescribeTasks", httpStatus: 200 }));
      const parsed = spent();
      measured.push({ watching: watched - begun, parsing: parsed - watched });
      read = [];
      if (measured.length === WARM_UP + ROUNDS) stop.abort();
      begun = parsed;
    }
    let page = pages.get(url);
    if (page === undefined) {
      const ids = new URL(url).searchParams.get("TaskIds").split(",");
      page = { states: [answer(ids, "Waiting"), answer(ids, "Processing")], next: 0 };
      pages.set(url, page);
    }
    const body = page.states[page.next];
    page.next = 1 - page.next;
    read.push(body);
    // An answer comes from outside: until then whoever listens has taken the events before it.
    await new Promise(setImmediate);
    return { status: 200, headers, arrayBuffer: async () => body.buffer };
  }

  const client = connect({ proxy: "http://proxy.invalid", fetch });
  let updates = 0;
  const each = refs.length / watches;
  const all = Array.from({ length: watches }, async (_, n) => {
    const watch = client.watch(refs.slice(n * each, (n + 1) * each), { ...options, signal: stop.signal });
    watch.done.catch(() => {});
    for await (const event of watch) if (event.type === "update") updates++;
  });
  await Promise.allSettled(all);
  if (kept.length !== POLLS) throw new Error("nothing was parsed");
  // The last polls may still be under way.
  if (updates < (measured.length - 1) * refs.length) throw new Error(`${updates} updates in ${measured.length} rounds`);
  return measured.slice(WARM_UP);
}

if (wanted(ROUND) || wanted(SCALE)) {
  const one = await rounds(1);
  if (wanted(ROUND)) tell(ROUND, "Node", figure(one.map(({ watching, parsing }) => [watching, parsing])));
  if (wanted(SCALE)) {
    const hundred = await rounds(100);
    tell(SCALE, "Node", figure(one.map(({ watching }, i) => [watching, hundred[i].watching])));
  }
}
