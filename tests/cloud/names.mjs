// @ts-check
// Ids and numbers that look like the real ones and are made up: the same seed gives the same names.

/** A source of numbers from 0 to 1 (mulberry32). @param {number} seed */
export function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const HEX = "0123456789abcdef";

/** How ids of a region begin, as in published samples. @type {Record<string, string>} */
const PREFIX = { "cn-hangzhou": "bp1", "cn-beijing": "2ze", "cn-shanghai": "uf6", "ap-southeast-1": "t4n" };

/** @param {number} seed */
export function createNames(seed) {
  const next = numbers(seed);
  /** @param {string} from @param {number} length */
  const text = (from, length) => Array.from({ length }, () => from[Math.floor(next() * from.length)]).join("");
  /** @param {string} kind @param {string} region */
  const ecs = (kind, region) => `${kind}-${PREFIX[region] ?? "bp1"}${text(LETTERS, 17)}`;
  return {
    next,
    /** From low to high. @param {number} low @param {number} high */
    between: (low, high) => low + Math.floor(next() * (high - low)),
    /** @template T @param {readonly T[]} from @returns {T} */
    pick: (from) => from[Math.floor(next() * from.length)],
    ecsTask: (region = "cn-hangzhou") => ecs("t", region),
    image: (region = "cn-hangzhou") => ecs("m", region),
    instance: (region = "cn-hangzhou") => ecs("i", region),
    disk: (region = "cn-hangzhou") => ecs("d", region),
    snapshot: (region = "cn-hangzhou") => ecs("s", region),
    bdrcTask: () => `t-0004${text(LETTERS, 16)}`,
    cloudControlTask: () => `task-${text(HEX, 29)}`,
  };
}

/** @typedef {ReturnType<typeof createNames>} Names */
