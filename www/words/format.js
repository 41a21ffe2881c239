// @ts-check
// Moments, spans and amounts as words. Pure: the clock, the language and the time zone are arguments.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The last moment a Date can hold; beyond it Intl throws. */
const LAST = 8.64e15;

const LOCALES = { en: "en-GB", zh: "zh-CN" };
/** @typedef {"en" | "zh"} Language */

/** Building an Intl object costs far more than using it, and a list formats thousands of moments. @type {Map<string, any>} */
const cache = new Map();
/** @template T @param {new (locale: string, options: any) => T} Kind @param {Language} language @param {object} options @returns {T} */
function intl(Kind, language, options) {
  const key = Kind.name + language + JSON.stringify(options);
  let found = cache.get(key);
  if (!found) cache.set(key, (found = new Kind(LOCALES[language], options)));
  return found;
}

/** `23 Nov 2015, 02:13`; seconds only where the API gave them. Null where no calendar holds the moment.
 * @param {number} ms @param {{ language: Language, timeZone: string | undefined, precisionMs: number }} options */
export function moment(ms, { language, timeZone, precisionMs }) {
  if (!Number.isFinite(ms) || Math.abs(ms) > LAST) return null;
  return intl(Intl.DateTimeFormat, language, {
    year: "numeric", month: language === "zh" ? "2-digit" : "short", day: language === "zh" ? "2-digit" : "numeric",
    hour: "2-digit", minute: "2-digit", second: precisionMs < MINUTE ? "2-digit" : undefined,
    hourCycle: "h23", timeZone,
  }).format(ms);
}

/** The moment for machines, no more exact than it was given: `2015-11-23T02:13Z`. @param {number} ms @param {number} precisionMs */
export function isoMoment(ms, precisionMs) {
  if (!Number.isFinite(ms) || Math.abs(ms) > LAST) return null;
  const iso = new Date(ms).toISOString();
  if (precisionMs >= MINUTE) return iso.replace(/:\d\d\.\d+Z$/, "Z");
  return precisionMs >= SECOND ? iso.replace(/\.\d+Z$/, "Z") : iso;
}

/** How far a zone is from UTC at that moment: `UTC+08:00`, `UTC`. @param {number} ms @param {string | undefined} timeZone */
export function offset(ms, timeZone) {
  if (!Number.isFinite(ms) || Math.abs(ms) > LAST) return "UTC";
  const parts = intl(Intl.DateTimeFormat, "en", { timeZone, timeZoneName: "longOffset" }).formatToParts(ms);
  return (parts.find((part) => part.type === "timeZoneName")?.value ?? "").replace(/^GMT(?:[+-]00:00)?/, "UTC") || "UTC";
}

/** `3 hours ago`, in the largest unit that fits; narrow, `3h ago`. @param {number} ms @param {number} now @param {Language} language @param {"long" | "narrow"} [style] */
export function age(ms, now, language, style = "long") {
  const distance = ms - now;
  const size = Math.abs(distance);
  /** @type {[Intl.RelativeTimeFormatUnit, number][]} */
  const units = [["year", 365.25 * DAY], ["month", 30.44 * DAY], ["day", DAY], ["hour", HOUR], ["minute", MINUTE], ["second", SECOND]];
  const [unit, length] = units.find(([, one]) => size >= one) ?? ["second", SECOND];
  return intl(Intl.RelativeTimeFormat, language, { numeric: "auto", style }).format(Math.trunc(distance / length), unit);
}

/** `6 min`, `1 hr 5 min`: the largest unit that fits and the one below it. @param {number} ms @param {Language} language */
export function duration(ms, language) {
  /** @type {[string, number][]} */
  const units = [["day", DAY], ["hour", HOUR], ["minute", MINUTE], ["second", SECOND]];
  const largest = units.findIndex(([, length]) => ms >= length);
  let rest = ms;
  const words = [];
  for (const [unit, length] of largest < 0 ? units.slice(-1) : units.slice(largest, largest + 2)) {
    const amount = Math.floor(rest / length);
    rest %= length;
    if (amount === 0 && words.length > 0) continue;
    words.push(intl(Intl.NumberFormat, language, { style: "unit", unit, unitDisplay: "short" }).format(amount));
  }
  return words.join(language === "zh" ? "" : " ");
}

/**
 * From one moment to another as exactly as both are known: null where that runs backwards; `under` where it is shorter than
 * the precision, so that a task of one minute's resolution never took "0 minutes".
 * @param {number | null} from @param {number | null} to @param {number} precisionMs
 * @returns {{ ms: number, under: boolean } | null}
 */
export function span(from, to, precisionMs) {
  if (from === null || to === null || to < from) return null;
  return to - from < precisionMs ? { ms: precisionMs, under: true } : { ms: to - from, under: false };
}

/** `33.33%`; the four decimals of a fraction are all shown, so 0.9999 never reads as done. @param {number} fraction @param {Language} language */
export function percent(fraction, language) {
  return intl(Intl.NumberFormat, language, { style: "percent", maximumFractionDigits: 2 }).format(fraction);
}

/** `12,345`. @param {number} n @param {Language} language */
export function count(n, language) {
  return intl(Intl.NumberFormat, language, {}).format(n);
}

/** `1.2 kB`. @param {number} n @param {Language} language */
export function size(n, language) {
  const [unit, one] = n < 1000 ? ["byte", 1] : n < 1e6 ? ["kilobyte", 1e3] : ["megabyte", 1e6];
  return intl(Intl.NumberFormat, language, { style: "unit", unit, unitDisplay: n < 1000 ? "long" : "short", maximumFractionDigits: 1 }).format(n / /** @type {number} */ (one));
}

/** A guess is not told to the second: `40 s`, `3.5 min` and `1 hr 5 min` away are steps of 5 s, 30 s and 5 min. @param {number} ms */
export function roughly(ms) {
  const step = ms < MINUTE ? 5 * SECOND : ms < 10 * MINUTE ? 30 * SECOND : ms < HOUR ? MINUTE : 5 * MINUTE;
  return Math.max(step, Math.round(ms / step) * step);
}
