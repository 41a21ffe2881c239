// Where bars and ticks stand on the timeline, without a page.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bar, domain, ticks } from "../../www/watch/scale.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 10, 20, 12);

/** @param {object} [task] @param {object} [fields] @returns {any} */
const row = (task, fields) => ({ key: "k", task: { status: "running", terminal: false, createdAt: NOW - 20 * MINUTE, startedAt: null, finishedAt: null, ...task }, standing: "live", estimate: null, endedAt: null, heardAt: NOW, ...fields });
const ended = (/** @type {number} */ ago) => row({ terminal: true, status: "succeeded", createdAt: NOW - ago - MINUTE, finishedAt: NOW - ago }, { standing: "ended" });

describe("what is shown", () => {
  test("begins with the oldest that runs, and not with what ended long ago", () => assert.equal(domain([row(), ended(5 * HOUR)], NOW, "fit").from, NOW - 20 * MINUTE));
  test("takes in what has just ended", () => {
    const long = row({ terminal: true, createdAt: NOW - 60 * MINUTE, finishedAt: NOW - 5 * MINUTE }, { standing: "ended" });
    assert.equal(domain([row(), long], NOW, "fit").from, NOW - 60 * MINUTE);
  });
  test("goes back a day at most, unless all is wanted", () => {
    const old = row({ createdAt: NOW - 72 * HOUR });
    assert.equal(domain([old], NOW, "fit").from, NOW - 24 * HOUR);
    assert.equal(domain([old], NOW, "all").from, NOW - 72 * HOUR);
    assert.equal(domain([old], NOW, "1h").from, NOW - HOUR);
  });
  test("is never empty", () => {
    const { from, to } = domain([], NOW, "fit");
    assert.equal(from, NOW - 10 * MINUTE);
    assert.ok(to > NOW);
  });
  test("leaves what has happened its room beside a guess far ahead", () => {
    const { to } = domain([row({}, { estimate: { earliestAt: NOW + HOUR, latestAt: NOW + 99 * HOUR } })], NOW, "fit");
    assert.ok(to <= NOW + 11 * MINUTE, String(to - NOW));
  });
});

describe("ticks", () => {
  /** @type {[number, number, number, string, string[]][]} */
  const cases = [
    [NOW - 50 * MINUTE, NOW, 6, "UTC", ["11:10", "11:20", "11:30", "11:40", "11:50", "12:00"]],
    [NOW - 2 * HOUR, NOW, 3, "Asia/Kolkata", ["10:30", "11:30"]],
    [NOW - 30 * HOUR, NOW, 2, "Asia/Shanghai", ["16:00"]],
  ];
  for (const [from, to, most, zone, wanted] of cases) {
    test(`are round where the reader is: ${zone}`, () => assert.deepEqual(ticks({ from, to }, most, zone).at.map((ms) => new Date(ms).toISOString().slice(11, 16)), wanted));
  }
  test("stay round when the clocks change", () => {
    const from = Date.UTC(2026, 9, 24, 12);
    const hours = ticks({ from, to: from + 36 * HOUR }, 6, "Europe/Berlin").at.map((ms) => new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone: "Europe/Berlin" }).format(ms));
    assert.ok(hours.every((hour) => Number(hour) % 6 === 0), hours.join());
  });
});

describe("a bar", () => {
  const shown = { from: NOW - 100, to: NOW };
  test("tells waiting from work where both are known", () => {
    const { from, begun, to } = /** @type {any} */ (bar(row({ createdAt: NOW - 80, startedAt: NOW - 60, finishedAt: NOW - 20, terminal: true }), shown, NOW));
    assert.deepEqual([from, begun, to], [0.2, 0.4, 0.8]);
  });
  test("goes on to now while it runs, and says where it is cut", () => {
    const found = bar(row(), shown, NOW);
    assert.deepEqual([found?.from, found?.to, found?.isCut, found?.isBefore], [0, 1, true, false]);
  });
  test("of what is no longer listed ends where it was last seen", () => assert.equal(bar(row({ createdAt: NOW - 90 }, { standing: "gone", heardAt: NOW - 50 }), shown, NOW)?.to, 0.5));
  test("never runs backwards", () => {
    const found = bar(row({ createdAt: NOW - 50, finishedAt: NOW - 70, terminal: true }), shown, NOW);
    assert.deepEqual([found?.from, found?.to], [0.5, 0.5]);
  });
  test("is none where the API tells no time", () => assert.equal(bar(row({ createdAt: null }), shown, NOW), null));
});
