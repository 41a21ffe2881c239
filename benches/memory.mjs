// What the module's memory comes to: node benches/memory.mjs [--quick]
// A WebAssembly memory never shrinks, so that its length is its peak.

import path from "node:path";
import { pathToFileURL } from "node:url";
import { inputs } from "./generate.mjs";
import { PKG, isQuick, tell, wanted } from "./report.mjs";

const PEAK = { id: "memory-peak", input: "J10k", work: "memory at its peak ÷ input", peer: "", goal: 4 };
const times = isQuick ? 50 : 1000;
const GROWTH = { id: "memory-growth", input: "J10k", work: `growth in ${times} further parses`, peer: "", goal: 0 };

if (wanted(PEAK) || wanted(GROWTH)) {
  /** @type {WebAssembly.Memory[]} */ const memories = [];
  const { Instance } = WebAssembly;
  // The package keeps its memory to itself; seen is what it instantiates.
  WebAssembly.Instance = class extends Instance {
    constructor(module, imports) {
      super(module, imports);
      memories.push(...Object.values(this.exports).filter((it) => it instanceof WebAssembly.Memory));
    }
  };
  const { parse } = await import(pathToFileURL(path.resolve(PKG, "dist/node.js")).href);
  const [memory] = memories;
  const { J10k } = inputs();
  parse(J10k);
  const peak = memory.buffer.byteLength;
  tell(PEAK, "Node", { ratio: peak / J10k.length });
  for (let i = 0; i < times; i++) parse(J10k);
  tell(GROWTH, "Node", { bytes: memory.buffer.byteLength - peak });
}
