import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ecsTask } from "../cloud/scenarios.mjs";
import { drop, pages, paste, pick } from "./support/page.mjs";
import { fault, hostile, hostileBdrc, hostileCloudControl, hostileTask } from "./support/replies.mjs";
import { row, watched } from "./support/watched.mjs";

const open = pages();
const watching = watched();

/** Counts what breaks the policy, from now on. @param {import("playwright-core").Page} page @returns {string[]} */
function violations(page) {
  const found = /** @type {string[]} */ ([]);
  page.on("console", (message) => { if (message.text().startsWith("violation: ")) found.push(message.text().split(" ")[1]); });
  return found;
}

describe("markup in a reply stays text", () => {
  /** @type {[string, string, number][]} */
  const cases = [
    ["of an ECS task", hostileTask(), 15],
    ["of a BDRC task", hostileBdrc(), 10],
    ["of a Cloud Control task", hostileCloudControl(), 13],
    ["of a fault", fault(hostile(7)), 7],
  ];
  for (const [name, text, last] of cases) {
    test(name, async (t) => {
      const page = await open(t);
      await page.evaluate(() => { Object.assign(globalThis, { pwned: () => { Object.assign(globalThis, { hit: true }); } }); });
      await paste(page, text);
      await page.waitForSelector(".task");
      await unharmed(page);
      const seen = await page.locator("#reading-body").textContent();
      // Each value, except those the model turns into something else, such as a number, can be read.
      const missing = Array.from({ length: last }, (_, i) => i + 1).filter((n) => !seen?.includes(`<script>pwned(${n})</script>`));
      assert.ok(missing.length <= 2, `all but ${missing} are shown`);
    });
  }

  test("of a list, its rows open", async (t) => {
    const page = await open(t);
    await paste(page, JSON.stringify({ RequestId: hostile(1), TaskSet: { Task: [1, 2].map((n) => ({ TaskId: hostile(n), TaskStatus: hostile(n), TaskAction: hostile(n), ResourceId: hostile(n) })) } }));
    await page.waitForSelector(".rows");
    for (const row of await page.locator(".rows summary").all()) await row.click();
    await page.waitForSelector(".row-body .task-body");
    await unharmed(page);
  });

  test("of an error, XML that never ends", async (t) => {
    const page = await open(t);
    await paste(page, `<Error><Code>${hostile(1)}`);
    await page.waitForSelector(".problem");
    await unharmed(page);
  });

  test("of a file's name", async (t) => {
    const page = await open(t);
    await page.evaluate(() => {
      const file = new File(["x"], '<img src=x onerror="pwned()">.json');
      Object.defineProperty(file, "size", { value: 2 ** 40 });
      Object.assign(globalThis, { big: file });
      const transfer = new DataTransfer();
      Object.defineProperty(transfer, "types", { value: ["Files"] });
      Object.defineProperty(transfer, "files", { value: [file] });
      dispatchEvent(new DragEvent("drop", { dataTransfer: transfer }));
      const event = new Event("drop");
      dispatchEvent(Object.assign(event, { dataTransfer: { types: ["Files"], files: [file] } }));
    });
    await page.waitForSelector(".callout");
    assert.match(/** @type {string} */ (await page.locator(".callout").first().textContent()), /<img src=x.*reads up to/);
    await unharmed(page);
  });

  /** @param {import("playwright-core").Page} page */
  async function unharmed(page) {
    assert.equal(await page.locator("#reading-body :is(img, script, iframe, b, svg[onload])").count(), 0);
    assert.equal(await page.evaluate(() => "hit" in globalThis), false);
  }
});

describe("a link from a server", () => {
  for (const address of ["javascript:alert(1)", "http://example.com/", "data:text/html,x", "//example.com", "https://", "JaVaScRiPt://https://x"]) {
    test(`${address} stays text`, async (t) => {
      const page = await open(t);
      await paste(page, fault(address));
      await page.waitForSelector(".fault");
      assert.equal(await page.locator(".fault a").count(), 0);
      assert.ok((await page.locator(".fault").textContent())?.includes(address));
    });
  }
});

describe("the policy", () => {
  test("lets no string become markup, not even by an attribute", async (t) => {
    const page = await open(t, { mayComplain: true });
    assert.equal(await page.evaluate(() => { try { document.body.innerHTML = "<b>x</b>"; return "taken"; } catch (error) { return /** @type {Error} */ (error).name; } }), "TypeError");
    assert.equal(await page.evaluate(() => { try { document.body.setAttribute("onclick", "window.hit = 1"); return "taken"; } catch (error) { return /** @type {Error} */ (error).name; } }), "TypeError");
  });

  test("lets nothing out", async (t) => {
    const page = await open(t, { mayComplain: true });
    const refused = await page.evaluate(() => fetch("https://example.com/").then(() => "sent", () => "refused"));
    assert.equal(refused, "refused");
  });

  test("is broken by nothing on the way through both modes", async (t) => {
    const { page, token } = await watching(t, { tasks: (now) => [ecsTask(now, { id: "t-bp1good", plan: { runMs: 3_600_000 } })], token: null });
    const found = violations(page);
    await page.locator("#watch-token").fill(token);
    await page.locator("#watch-form [type=submit]").click();
    await row(page, "t-bp1good").locator("progress[value]").waitFor();
    await row(page, "t-bp1good").locator(".watch-toggle").click();
    await page.locator(".watch-record details > summary").click();
    await page.locator(".record-raw code").first().waitFor();
    await page.locator(".filter-more > summary").click();
    await page.locator(".filter-panel [value=running]").check();
    await page.keyboard.press("Escape");
    await page.locator("label:has([value=timeline])").click();
    await page.locator(".timeline-run").first().waitFor();
    for (const kind of ["CSV", "JSON", "HTML"]) {
      await page.locator(".save:visible > summary").click();
      await Promise.all([page.waitForEvent("download"), page.locator(".save:visible .save-as").filter({ hasText: new RegExp(`^${kind}`) }).click()]);
    }
    await page.locator("#watch-add").click();
    await page.locator("#add-text").fill("t-bp1other");
    await page.locator("#add-close").click();
    await page.locator("#to-read").click();
    for (const id of ["ecs-mixed", "cloudcontrol-failed", "fault-parameter", "damaged"]) await pick(page, id);
    for (const value of ["zh", "utc"]) await page.locator(`label:has([value=${value}])`).click();
    await drop(page, "body", { text: hostileTask() });
    await page.waitForSelector(".task");
    await page.locator("#to-watch").click();
    await page.locator("#watch-stop").click();
    await page.locator("#watch-form").waitFor();
    assert.deepEqual(found, []);
  });

  test("and whatever breaks it is counted", async (t) => {
    const page = await open(t, { mayComplain: true });
    const found = violations(page);
    await page.evaluate(async () => {
      try { document.body.innerHTML = "<b>x</b>"; } catch { /* the first */ }
      await fetch("https://example.com/").catch(() => {});
      document.body.append(Object.assign(document.createElement("style"), { textContent: "b { color: red }" }));
    });
    const wanted = ["connect-src", "require-trusted-types-for", "style-src-elem"];
    for (const until = Date.now() + 5000; found.length < wanted.length && Date.now() < until;) await page.waitForTimeout(20);
    assert.deepEqual(found.sort(), wanted);
  });

  test("keeps what is read out of storage and out of the address", async (t) => {
    const page = await open(t);
    await drop(page, "body", { text: '{"RequestId":"R-secret"}' });
    await page.waitForSelector(".task");
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + location.href + document.cookie);
    assert.doesNotMatch(kept, /R-secret/);
  });
});
