import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { age, count, duration, isoMoment, moment, offset, percent, roughly, size, span } from "../../www/words/format.js";

const MINUTE = 60_000;
const AT = Date.UTC(2015, 10, 23, 2, 13, 7);

describe("a moment", () => {
  /** @type {[string, object, string][]} */
  const cases = [
    ["to the minute shows no seconds", { language: "en", timeZone: "UTC", precisionMs: MINUTE }, "23 Nov 2015, 02:13"],
    ["to the second shows them", { language: "en", timeZone: "UTC", precisionMs: 1000 }, "23 Nov 2015, 02:13:07"],
    ["in Shanghai is eight hours later", { language: "en", timeZone: "Asia/Shanghai", precisionMs: MINUTE }, "23 Nov 2015, 10:13"],
    ["in Chinese puts the year first", { language: "zh", timeZone: "UTC", precisionMs: MINUTE }, "2015/11/23 02:13"],
  ];
  for (const [claim, options, words] of cases) test(claim, () => assert.equal(moment(AT, /** @type {any} */ (options)), words));

  test("just after midnight is hour 00, not 24", () => {
    assert.equal(moment(Date.UTC(2020, 0, 1), { language: "en", timeZone: "UTC", precisionMs: MINUTE }), "1 Jan 2020, 00:00");
  });
  test("that no calendar holds is null, and throws nothing", () => {
    for (const ms of [9e15, -9e15, Number.NaN, Infinity]) {
      assert.equal(moment(ms, { language: "en", timeZone: "UTC", precisionMs: 1000 }), null);
      assert.equal(isoMoment(ms, 1000), null);
      assert.equal(offset(ms, "UTC"), "UTC");
    }
  });
  test("for machines is no more exact than it was given", () => {
    assert.equal(isoMoment(AT, MINUTE), "2015-11-23T02:13Z");
    assert.equal(isoMoment(AT, 1000), "2015-11-23T02:13:07Z");
    assert.equal(isoMoment(AT + 250, 1), "2015-11-23T02:13:07.250Z");
  });
  test("knows how far its zone was from UTC then", () => {
    assert.equal(offset(AT, "Asia/Shanghai"), "UTC+08:00");
    assert.equal(offset(AT, "UTC"), "UTC");
    assert.equal(offset(Date.UTC(2024, 0, 1), "America/New_York"), "UTC-05:00");
    assert.equal(offset(Date.UTC(2024, 6, 1), "America/New_York"), "UTC-04:00");
  });
});

describe("a duration is told in its two largest units", () => {
  /** @type {[number, string, string][]} */
  const cases = [
    [0, "0 secs", "0秒"],
    [1000, "1 sec", "1秒"],
    [59_999, "59 secs", "59秒"],
    [6 * MINUTE, "6 mins", "6分钟"],
    [93 * MINUTE, "1 hr 33 mins", "1小时33分钟"],
    [24 * 60 * MINUTE, "1 day", "1天"],
    [(25 * 60 + 5) * MINUTE, "1 day 1 hr", "1天1小时"],
    [(24 * 60 + 5) * MINUTE, "1 day", "1天"],
  ];
  for (const [ms, en, zh] of cases) {
    test(`${ms} ms → ${en} → ${zh}`, () => {
      assert.equal(duration(ms, "en"), en);
      assert.equal(duration(ms, "zh"), zh);
    });
  }
});

describe("a span", () => {
  test("is from the first moment to the second", () => assert.deepEqual(span(0, 6 * MINUTE, MINUTE), { ms: 6 * MINUTE, under: false }));
  test("shorter than the precision is under it, never zero", () => assert.deepEqual(span(AT, AT, MINUTE), { ms: MINUTE, under: true }));
  test("that runs backwards is none", () => assert.equal(span(MINUTE, 0, MINUTE), null));
  test("without one of its ends is none", () => {
    assert.equal(span(null, 0, MINUTE), null);
    assert.equal(span(0, null, MINUTE), null);
  });
});

describe("an age", () => {
  const NOW = Date.UTC(2026, 10, 23);
  /** @type {[number, string, string][]} */
  const cases = [
    [0, "now", "现在"],
    [-30_000, "30 seconds ago", "30秒钟前"],
    [-90_000, "1 minute ago", "1分钟前"],
    [-3 * 3600_000, "3 hours ago", "3小时前"],
    [-26 * 3600_000, "yesterday", "昨天"],
    [2 * 3600_000, "in 2 hours", "2小时后"],
    [-11.5 * 365.25 * 86_400_000, "11 years ago", "11年前"],
  ];
  test("can be told in less room", () => assert.equal(age(NOW - 3 * 3600_000, NOW, "zh", "narrow"), "3小时前"));
  for (const [distance, en, zh] of cases) {
    test(`${distance} ms → ${en} → ${zh}`, () => {
      assert.equal(age(NOW + distance, NOW, "en"), en);
      assert.equal(age(NOW + distance, NOW, "zh"), zh);
    });
  }
});

describe("a guess is told in steps", () => {
  /** @type {[number, number][]} */
  const cases = [[1200, 5000], [43_000, 45_000], [3.4 * MINUTE, 3.5 * MINUTE], [12.4 * MINUTE, 12 * MINUTE], [63 * MINUTE, 65 * MINUTE]];
  for (const [ms, told] of cases) test(`${ms} ms → ${told} ms`, () => assert.equal(roughly(ms), told));
});

describe("an amount", () => {
  test("as a percentage keeps all four decimals of the fraction", () => {
    assert.equal(percent(0.01, "en"), "1%");
    assert.equal(percent(0.3333, "en"), "33.33%");
    assert.equal(percent(0.9999, "en"), "99.99%");
    assert.equal(percent(1, "zh"), "100%");
  });
  test("is grouped by thousands", () => assert.equal(count(10_000, "en"), "10,000"));
  test("of bytes has a unit that fits", () => {
    assert.equal(size(717, "en"), "717 bytes");
    assert.equal(size(1240, "en"), "1.2 kB");
    assert.equal(size(16 * 1024 * 1024, "en"), "16.8 MB");
  });
});
