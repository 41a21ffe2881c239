// @ts-check
// What a screen reader hears of the watch: no more than a sentence or two every few seconds, whatever happens.

const GAP_MS = 3000;
/** More than this at once is only counted. */
const MOST = 3;

/**
 * @param {(words: string) => void} say
 * @param {(n: number) => string} counted the words for too many to tell
 */
export function createHerald(say, counted) {
  /** By what they are about: only the last word on each counts. @type {Map<string, string>} */
  let waiting = new Map();
  let timer = 0;

  function speak() {
    timer = 0;
    if (waiting.size === 0) return;
    const words = [...waiting.values()];
    waiting = new Map();
    say(words.length > MOST ? counted(words.length) : words.join(" "));
    timer = window.setTimeout(speak, GAP_MS);
  }

  return {
    /** @param {string} about @param {string} words */
    tell(about, words) {
      waiting.set(about, words);
      // A moment's wait brings together what came at once.
      if (!timer) timer = window.setTimeout(speak, 300);
    },
    hush() { waiting = new Map(); },
  };
}
