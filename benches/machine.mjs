// What a table was measured with: the head of RESULTS.md.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const root = path.join(import.meta.dirname, "..");
const ask = (program, ...args) => execFileSync(program, args, { cwd: root, encoding: "utf8" }).trim();
const { devDependencies } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
const peers = ["fast-xml-parser", "txml", "zod", "@alicloud/ecs20140526"].map((name) => `${name} ${devDependencies[name]}`);
const isDirty = ask("git", "status", "--porcelain", "--", "src", "pkg-template", "benches", "xtask", "Cargo.toml", "Cargo.lock") !== "";

console.log(`# How fast it reads

Made by \`cargo xtask bench\`; not written by hand. A ratio is tasklens ÷ peer, the median over pairs measured by turns in one run
after warm-up; the times are medians of their own. The inputs are \`benches/generate.mjs\`'s, in bytes: J1 one
DescribeTaskAttribute, J100 and J10k DescribeTasks with 100 and 10,000 tasks, X the same in XML. The peers are in \`benches/peers/\`;
"every field" is read by one loop, \`benches/read.mjs\`. fast-xml-parser runs without its validator. Start-up is beside
fast-xml-parser's bare tree. The native rows are criterion's. The watch is measured twice: natively as the machine on made-up
time, and in Node as its users have it, in processor time of all threads, over a fetch that has the answers at hand; each half of a
pair collects what it allocated. In the row without a goal JSON.parse stands in tasklens's place: what the engine alone takes of a
peer's time.

- ${new Date().toISOString().slice(0, 10)}, commit ${ask("git", "rev-parse", "--short", "HEAD")}${isDirty ? " with changes" : ""}
- ${os.cpus()[0].model}, ${os.cpus().length} cores, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release()}; load ${os.loadavg()[0].toFixed(1)}
- Node ${process.versions.node} (V8 ${process.versions.v8}), ${ask("rustc", "--version")}
- ${peers.join(", ")}`);
