// The watching mode, against the rehearsal cloud through the real proxy.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bdrcTask, cloudControlTask, ecsTask } from "../cloud/scenarios.mjs";
import { drop, reach } from "./support/page.mjs";
import { hostile, sample } from "./support/replies.mjs";
import { row, watched } from "./support/watched.mjs";

/** @typedef {import("playwright-core").Page} Page */

const open = watched();
const MINUTE = 60_000;

/** Waits until an element says something. @param {Page} page @param {string} selector @param {RegExp} words */
const says = (page, selector, words) => page.locator(selector).filter({ hasText: words }).first().waitFor();
/** @param {Page} page */
const spoken = (page) => page.locator("#say").textContent();
/** Keeps all that a screen reader is told. @param {Page} page */
const listen = (page) => page.evaluate(() => {
  const heard = /** @type {string[]} */ ([]);
  Object.assign(globalThis, { heard });
  new MutationObserver(() => heard.push(document.querySelector("#say")?.textContent ?? "")).observe(/** @type {Node} */ (document.querySelector("#say")), { childList: true, characterData: true, subtree: true });
});
/** @param {Page} page @param {string} words */
const heard = (page, words) => page.waitForFunction((words) => /** @type {any} */ (globalThis).heard.some((/** @type {string} */ one) => one.includes(words)), words);
/** New tasks are looked for as soon as there is a network again. @param {Page} page */
const lookAgain = (page) => page.evaluate(() => { dispatchEvent(new Event("online")); });

const BAD_FILE = { code: "InvalidImageFormat", message: "The image file is not a valid QCOW2 file.\nUpload it again." };
/** One that runs, one that fails, one that was done before. @param {number} now */
const three = (now) => [
  ecsTask(now, { id: "t-bp1good", action: "ExportImage", plan: { createdAt: now - MINUTE, runMs: 3 * MINUTE } }),
  ecsTask(now, { id: "t-bp1bad", error: BAD_FILE, plan: { createdAt: now - MINUTE, runMs: 2 * MINUTE, end: "failed", reach: 0.6 } }),
  ecsTask(now, { id: "t-bp1old", action: "ModifyDiskSpec", plan: { createdAt: now - 90 * MINUTE, runMs: 5 * MINUTE } }),
];

describe("a watch begins", () => {
  test("by the address alone, which then holds no token", async (t) => {
    const { page, token, cloud } = await open(t, { tasks: three });
    await row(page, "t-bp1good").waitFor();
    assert.equal(new URL(page.url()).hash, "#watch&ecs=cn-hangzhou");
    const kept = await page.evaluate(() => [JSON.stringify({ ...localStorage }) + document.cookie + location.href + document.documentElement.outerHTML, JSON.stringify({ ...sessionStorage })]);
    assert.ok(!kept[0].includes(token), "no other tab, no link and no element has it");
    assert.ok(kept[1].includes(token), "a reload of this tab has it");
    assert.equal(await page.locator(".watch-row").count(), 3);
    assert.match(await page.title(), /^2 running · tasklens$/);
    assert.ok(cloud.count("ecs.DescribeTasks") > 0);
  });

  test("by the form, with the keyboard alone", async (t) => {
    const { page, token } = await open(t, { tasks: three, token: null });
    assert.equal(await page.locator("#watch-ecs").inputValue(), "cn-hangzhou", "the rest of the address is filled in");
    await reach(page, "#watch-token");
    await page.keyboard.type(token);
    await page.keyboard.press("Enter");
    await row(page, "t-bp1good").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), "watch");
    assert.equal(new URL(page.url()).hash, "#watch&ecs=cn-hangzhou");
  });

  test("with single tasks, of an API that has no list, too", async (t) => {
    const { page, token } = await open(t, { tasks: (now) => [cloudControlTask(now), bdrcTask(now)], token: null, watch: "" });
    await page.locator("#watch-token").fill(token);
    await page.locator("#watch-bdrc").fill("cn-shanghai");
    await page.locator("#watch-tasks").fill("cloudcontrol::task-0123456789abcdef0123456789abc\n");
    await page.getByRole("button", { name: "Start watching" }).click();
    await says(page, ".watch-row", /Running.*Create/);
    await says(page, ".watch-row", /Running.*UPDATE_RESOURCES/);
    assert.equal(await row(page, "Create").locator("progress").getAttribute("value"), null, "what is unknown is neither empty nor full");
  });

  test("not with an address that cannot be asked, and each mistake is told where it was made", async (t) => {
    const { page } = await open(t, { token: null, watch: "" });
    await page.getByRole("button", { name: "Start watching" }).click();
    assert.match(await page.locator("#watch-token-error").textContent() ?? "", /Enter a token/);
    assert.match(await page.locator("#watch-ecs-error").textContent() ?? "", /at least one region/);
    assert.equal(await page.evaluate(() => document.activeElement?.id), "watch-token");
    await page.locator("#watch-proxy").fill("https://proxy.example");
    await page.locator("#watch-token").fill("two words");
    await page.locator("#watch-ecs").fill("cn-hangzhou, Hangzhou");
    await page.locator("#watch-tasks").fill("t-1");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.match(await page.locator("#watch-proxy-error").textContent() ?? "", /connect-src 'self' https:\/\/proxy\.example/);
    assert.match(await page.locator("#watch-token-error").textContent() ?? "", /without spaces/);
    assert.match(await page.locator("#watch-ecs-error").textContent() ?? "", /Hangzhou is not the name/);
    assert.match(await page.locator("#watch-tasks-error").textContent() ?? "", /found t-1/);
    await page.locator("label:has([value=zh])").click();
    assert.match(await page.locator("#watch-token-error").textContent() ?? "", /不能有空格/);
  });

  for (const [locale, words] of /** @type {const} */ ([["en-GB", /The proxy does not know this token/], ["zh-CN", /代理不认可此令牌/]])) {
    test(`not with a token that the proxy does not know, and it is said: ${locale}`, async (t) => {
      const { page } = await open(t, { tasks: three, token: "another", locale });
      await says(page, "#watch-form-problem", words);
      assert.equal(await page.locator("#watch-token").getAttribute("aria-invalid"), "true");
      assert.equal(await page.locator("#watch-ecs").inputValue(), "cn-hangzhou");
      assert.equal(await page.evaluate(() => sessionStorage.getItem("tasklens.token")), null);
    });
  }

  test("after a token that was refused as if for the first time: nothing is new, or waits", async (t) => {
    const { page, token } = await open(t, { tasks: (now) => [...three(now), cloudControlTask(now)], token: "another", watch: "ecs=cn-hangzhou&tasks=cloudcontrol::task-0123456789abcdef0123456789abc", viewport: { width: 375, height: 600 } });
    await page.waitForSelector("#watch-form-problem .callout");
    await page.locator("#watch-token").fill(token);
    await page.locator("#watch-form [type=submit]").click();
    await row(page, "t-bp1good").waitFor();
    assert.equal(await page.evaluate(() => scrollY), 0);
    assert.equal(await page.locator(".watch-new:visible").count(), 0);
  });

  test("in part, where one of the regions is not allowed", async (t) => {
    const { page } = await open(t, { tasks: three, watch: "ecs=cn-hangzhou,cn-beijing", env: { TASKLENS_REGIONS: "cn-hangzhou" } });
    await row(page, "t-bp1good").waitFor();
    await says(page, ".watch-problems", /ECS cn-beijing.*does not allow this region/);
  });
});

describe("a task", () => {
  test("runs and ends before one's eyes", async (t) => {
    const { page, pass } = await open(t, { tasks: three });
    const good = row(page, "t-bp1good");
    await says(page, ".watch-row", /Running.*t-bp1good.*3\d%reported/);
    await listen(page);
    const before = await good.locator(".watch-cell-elapsed").textContent();
    await page.waitForFunction((before) => document.querySelector("[data-key$='t-bp1good'] .watch-cell-elapsed")?.textContent !== before, before);
    assert.equal(await page.locator(".watch-row").first().getAttribute("data-key"), "ecs:cn-hangzhou:t-bp1bad");
    pass(150);
    await says(page, ".watch-row", /Succeeded.*t-bp1good.*100%/);
    await heard(page, "ExportImage t-bp1good: Succeeded.");
    await page.waitForFunction(() => document.title === "1 failed · tasklens");
    await says(page, ".watch-state", /All ended/);
  });

  test("that fails says why in its row, and all of it when opened", async (t) => {
    const { page, pass } = await open(t, { tasks: three });
    await says(page, ".watch-row", /Running.*t-bp1bad/);
    pass(90);
    await says(page, ".watch-row", /Failed.*t-bp1bad.*InvalidImageFormat: The image file is not a valid QCOW2 file\.$|Failed.*t-bp1bad.*InvalidImageFormat: The image file/s);
    const bad = row(page, "t-bp1bad");
    assert.doesNotMatch(await bad.locator(".row-error").textContent() ?? "", /Upload it again/, "the first line alone");
    await bad.getByRole("button", { name: /^Details/ }).click();
    assert.match(await bad.locator(".task-body .callout").first().textContent() ?? "", /Upload it again/);
    assert.equal(await bad.locator(".task-body h4").first().textContent().then((words) => words?.startsWith("Sub-tasks") || words?.startsWith("What went wrong") || words?.startsWith("Progress")), true);
  });

  test("that had failed before says why as well, though the list does not", async (t) => {
    const { page, cloud } = await open(t, { tasks: (now) => [ecsTask(now, { error: BAD_FILE, plan: { createdAt: now - 60 * MINUTE, end: "failed", reach: 0.2 } })] });
    await says(page, ".row-error", /InvalidImageFormat/);
    assert.equal(cloud.count("ecs.DescribeTaskAttribute"), 1, "and is asked for once");
  });

  test("that is new is found and told of", async (t) => {
    const { page, cloud, now } = await open(t, { tasks: three });
    await row(page, "t-bp1good").waitFor();
    await listen(page);
    cloud.tasks.add(ecsTask(now(), { id: "t-bp1new" }), ecsTask(now(), { id: "t-bp1newer", plan: { runMs: 0 } }));
    await lookAgain(page);
    await says(page, ".watch-row", /Running.*NewT?.*t-bp1new/i);
    await says(page, ".watch-row", /Succeeded.*t-bp1newer/);
    await heard(page, "2 new tasks.");
  });

  test("that is in no reply any more is said to be gone", async (t) => {
    const { page, cloud } = await open(t, { tasks: three });
    await says(page, ".watch-row", /Running.*t-bp1good/);
    cloud.tasks.remove("t-bp1good");
    await says(page, ".watch-row", /Not listed.*t-bp1good.*No longer listed/);
    assert.equal(await page.locator(".watch-problems .callout").count(), 0, "which is no trouble of the asking");
    assert.match(await page.title(), /^1 running/);
  });

  test("is one of at most fifty that are looked up unasked, those that failed first; any other when it is opened", async (t) => {
    const ended = (/** @type {number} */ now) => Array.from({ length: 80 }, (_, n) =>
      ecsTask(now, { id: `t-bp1past${n}`, error: BAD_FILE, plan: { createdAt: now - (90 + n) * MINUTE, runMs: MINUTE, ...(n === 79 ? { end: /** @type {const} */ ("failed"), reach: 0.2 } : {}) } }));
    const { page, cloud } = await open(t, { tasks: ended });
    await says(page, ".row-error", /InvalidImageFormat/);
    const looks = () => cloud.count("ecs.DescribeTaskAttribute");
    while (looks() < 50) await page.waitForTimeout(50);
    await page.waitForTimeout(500);
    assert.equal(looks(), 50);
    await page.locator("[data-key$='t-bp1past78'] .watch-toggle").click();
    while (looks() < 51) await page.waitForTimeout(50);
  });

  test("that nobody knows is given up, with the reason, and asked for again on request", async (t) => {
    const { page, cloud, now } = await open(t, { watch: "tasks=cloudcontrol::task-0123456789abcdef0123456789abc" });
    await says(page, ".watch-row", /No longer asked for\. Not found: InvalidTask\.NotFound/);
    cloud.tasks.add(cloudControlTask(now()));
    await page.getByRole("button", { name: "Ask again" }).click();
    await says(page, ".watch-row", /Running.*Create/);
    assert.equal(await page.locator(".watch-problems .callout").count(), 0);
  });
});

describe("the asking", () => {
  test("that is throttled says so, and when it goes on", async (t) => {
    const { page, cloud } = await open(t, { tasks: (now) => [bdrcTask(now, { plan: { runMs: 5 * MINUTE } })], watch: "bdrc=cn-shanghai" });
    await says(page, ".watch-row", /Running/);
    const refusal = cloud.fail({ operation: "bdrc.DescribeTask", with: { kind: "throttle", retryAfterMs: 4000 }, times: Infinity });
    await says(page, ".row-note", /Throttled: Throttling\.User; next try in \d/);
    await says(page, ".watch-state[data-state=trouble]", /Throttled/);
    refusal.stop();
    await says(page, ".watch-state[data-state=live]", /Live/);
    assert.ok(await page.locator(".row-note").isHidden());
  });

  test("without a network says so, and goes on by itself", async (t) => {
    const { page } = await open(t, { tasks: three });
    await says(page, ".watch-state", /Live/);
    await page.context().setOffline(true);
    await says(page, ".watch-state", /Offline/);
    await page.context().setOffline(false);
    await says(page, ".watch-state", /Live/);
  });

  test("tells when the last answer came, though nothing changed", async (t) => {
    const { page } = await open(t, { tasks: (now) => [cloudControlTask(now, { plan: { runMs: 5 * MINUTE } })], watch: "tasks=cloudcontrol::task-0123456789abcdef0123456789abc" });
    await says(page, ".watch-row", /Running/);
    await says(page, ".watch-cell-heard", /[23] sec ago/);
    await says(page, ".watch-cell-heard", /now|1 sec ago/);
  });

  test("is over when it is stopped, and the token with it", async (t) => {
    const { page, cloud } = await open(t, { tasks: three });
    await row(page, "t-bp1good").waitFor();
    await page.locator("#watch-stop").click();
    assert.ok(await page.locator("#watch-form").isVisible());
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    const asked = cloud.calls.length;
    await page.waitForTimeout(2500);
    assert.ok(cloud.calls.length <= asked + 1, "but for what was under way");
    assert.equal(await page.title(), "tasklens: what a cloud task is doing");
  });
});

describe("a cancellation", () => {
  const running = (/** @type {number} */ now) => [ecsTask(now, { plan: { runMs: 5 * MINUTE } }), ecsTask(now, { id: "t-bp1fixed", action: "ModifyDiskSpec", plan: { runMs: 5 * MINUTE } })];
  /** @param {Page} page */
  const button = (page) => row(page, "t-bp1import").locator(".watch-cancel");

  test("is asked twice, done, and its outcome shown", async (t) => {
    const { page, cloud } = await open(t, { tasks: running });
    await button(page).click();
    assert.equal(await button(page).textContent(), "Really cancel?");
    assert.match(await spoken(page) ?? "", /Press again/);
    assert.equal(cloud.count("ecs.CancelTask"), 0);
    await button(page).click();
    await says(page, ".watch-row", /Cancelled.*t-bp1import/);
    assert.equal(cloud.count("ecs.CancelTask"), 1);
    assert.ok(await button(page).isHidden());
  });

  test("is offered for what can be cancelled only", async (t) => {
    const { page } = await open(t, { tasks: running });
    await button(page).waitFor();
    assert.ok(await row(page, "t-bp1fixed").locator(".watch-cancel").isHidden());
  });

  test("is not done by a double click, by a key held down, by Escape, by leaving, or by waiting", async (t) => {
    const { page, cloud } = await open(t, { tasks: running });
    await button(page).dblclick();
    assert.equal(await button(page).textContent(), "Really cancel?");
    await page.keyboard.press("Escape");
    assert.equal(await button(page).textContent(), "Cancel");
    for (let i = 0; i < 4; i++) await page.keyboard.down("Enter");
    await page.keyboard.up("Enter");
    assert.equal(await button(page).textContent(), "Really cancel?");
    await page.keyboard.press("Tab");
    assert.equal(await button(page).textContent(), "Cancel");
    await button(page).click();
    await page.waitForFunction(() => document.querySelector(".watch-cancel:not([hidden])")?.textContent === "Cancel", null, { timeout: 6000 });
    assert.equal(cloud.count("ecs.CancelTask"), 0);
  });

  test("works by the keyboard", async (t) => {
    const { page } = await open(t, { tasks: running });
    await button(page).waitFor();
    await reach(page, ".watch-cancel:not([hidden])");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await says(page, ".watch-row", /Cancelled.*t-bp1import/);
  });

  test("that the proxy does not allow says so", async (t) => {
    const { page } = await open(t, { tasks: running, env: { TASKLENS_ALLOW_CANCEL: null } });
    await button(page).click();
    await button(page).click();
    await says(page, ".row-note", /Not cancelled\. The proxy does not allow cancelling/);
    await says(page, ".watch-row", /Running.*t-bp1import/);
  });
});

test("a token that is no longer known is asked for again, and the watch goes on where it was", async (t) => {
  const { page, token, pass } = await open(t, { tasks: three });
  await says(page, ".watch-row", /Running.*t-bp1good.*%/);
  await page.route(/\/ecs\//, (route) => route.continue({ headers: { ...route.request().headers(), authorization: "Bearer another" } }));
  await says(page, "#watch-form-problem", /does not know this token/);
  await page.unroute(/\/ecs\//);
  await page.locator("#watch-token").fill(token);
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".watch-row").count(), 3, "at once");
  pass(150);
  await says(page, ".watch-row", /Succeeded.*t-bp1good/);
});

describe("a reload", () => {
  test("goes on where it was, without a token in the address", async (t) => {
    const { page, cloud, pass } = await open(t, { tasks: three });
    await says(page, ".watch-row", /Running.*t-bp1good.*%/);
    const lookedUp = () => cloud.calls.filter((call) => call.operation === "ecs.DescribeTaskAttribute" && call.ids[0] === "t-bp1old").length;
    await page.reload();
    await says(page, ".watch-row", /Running.*t-bp1good/);
    assert.equal(await page.locator(".watch-row").count(), 3);
    assert.equal(await page.locator(".watch-new:visible").count(), 0, "nothing of it is new");
    pass(150);
    await says(page, ".watch-row", /Succeeded.*t-bp1good/);
    assert.equal(lookedUp(), 1, "what was known is not asked for again");
  });

  test("in another tab has no token, and asks for one", async (t) => {
    const { page } = await open(t, { tasks: three });
    await row(page, "t-bp1good").waitFor();
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.waitForSelector("#watch-form:visible");
    assert.equal(await other.locator("#watch-ecs").inputValue(), "cn-hangzhou");
    assert.equal(await other.locator("#watch-token").inputValue(), "");
  });
});

describe("the two modes", () => {
  test("each keep what they have, and the address tells which is shown", async (t) => {
    const { page } = await open(t, { tasks: three });
    await row(page, "t-bp1good").waitFor();
    await page.locator("#to-read").click();
    await page.locator("#reading [data-sample=bdrc-task]").click();
    await page.waitForSelector(".task[data-status=running]");
    assert.match(await page.title(), /^Running · t-xxxxxxxx/);
    await page.locator("#to-watch").click();
    assert.ok(await row(page, "t-bp1good").isVisible());
    assert.equal(new URL(page.url()).hash, "#watch&ecs=cn-hangzhou");
    await page.goBack();
    assert.ok(await page.locator(".task[data-status=running]").isVisible());
    assert.equal(await page.locator("[aria-current=page]").textContent(), "Read");
  });

  test("a reply that is dropped on the watch is read", async (t) => {
    const { page } = await open(t, { tasks: three });
    await row(page, "t-bp1good").waitFor();
    await drop(page, "body", { text: sample("started") });
    await page.waitForFunction(() => document.querySelector(".task h3")?.textContent === "Task started");
    assert.ok(await page.locator("#mode-watch").isHidden());
  });

  test("what was typed into the form is still there", async (t) => {
    const { page } = await open(t, { token: null, watch: "" });
    await page.locator("#watch-ecs").fill("cn-beijing");
    await page.locator("#to-read").click();
    await page.locator("#to-watch").click();
    assert.equal(await page.locator("#watch-ecs").inputValue(), "cn-beijing");
  });
});

describe("an open row", () => {
  test("shows what the reading mode shows, stays open as its task moves, and in another language", async (t) => {
    const { page, pass } = await open(t, { tasks: three });
    const good = row(page, "t-bp1good");
    await good.locator(".watch-toggle").click();
    await says(page, ".watch-detail", /Sub-tasks|About/);
    await good.locator(".watch-detail summary, .watch-detail .button").first().focus();
    pass(30);
    await says(page, ".watch-row", /t-bp1good.*(5\d|6\d)%/);
    assert.ok(await good.locator(".watch-detail").isVisible());
    assert.ok(await good.locator(".watch-detail").evaluate((detail) => detail.contains(document.activeElement)), "the focus stays in it");
    await page.locator("label:has([value=zh])").click();
    await says(page, ".watch-row", /运行中.*t-bp1good/);
    assert.ok(await row(page, "t-bp1good").locator(".watch-detail").isVisible());
    assert.match(await page.title(), /个运行中/);
  });

  test("keeps the focus when its own reply comes and has more to show", async (t) => {
    const { page } = await open(t, { tasks: three });
    const good = row(page, "t-bp1good");
    await good.waitFor();
    let answer = () => {};
    const wanted = new Promise((resolve) => { answer = () => resolve(null); });
    await page.route(/DescribeTaskAttribute/, async (route) => { await wanted; await route.continue(); });
    await good.locator(".watch-toggle").click();
    const parts = good.locator(".watch-detail .task-body > *");
    const listed = await parts.count();
    await good.locator(".watch-detail .button").first().focus();
    answer();
    await parts.nth(listed).waitFor();
    assert.ok(await good.locator(".watch-detail .button").first().evaluate((button) => button === document.activeElement));
  });

  test("opens by the keyboard, and the focus stays when rows change places", async (t) => {
    const { page, pass } = await open(t, { tasks: (now) => [ecsTask(now, { id: "t-bp1newer", plan: { createdAt: now, runMs: 5 * MINUTE } }), ...three(now)] });
    const first = () => page.locator(".watch-row").first().getAttribute("data-key");
    await row(page, "t-bp1bad").waitFor();
    assert.match(await first() ?? "", /newer$/);
    await reach(page, "[data-key$='t-bp1bad'] .watch-toggle");
    await page.keyboard.press("Enter");
    assert.ok(await row(page, "t-bp1bad").locator(".watch-detail").isVisible());
    pass(90);
    await says(page, ".watch-row", /Failed.*t-bp1bad/);
    await page.waitForFunction(() => document.querySelector(".watch-row")?.getAttribute("data-key")?.endsWith("bad"));
    assert.ok(await row(page, "t-bp1bad").locator(".watch-toggle").evaluate((toggle) => toggle === document.activeElement));
  });

  test("does not call the page back to itself when another takes its place, out of sight", async (t) => {
    const old = (/** @type {number} */ now) => Array.from({ length: 40 }, (_, i) => ecsTask(now, { id: `t-bp1old${i}`, plan: { createdAt: now - (600 + i) * MINUTE, runMs: MINUTE } }));
    const { page, pass } = await open(t, { tasks: (now) => [ecsTask(now, { id: "t-bp1newer", plan: { createdAt: now, runMs: 9 * MINUTE } }), ...three(now), ...old(now)] });
    await row(page, "t-bp1old39").waitFor();
    await row(page, "t-bp1newer").locator(".watch-toggle").click();
    const foot = await page.evaluate(() => { scrollTo(0, document.documentElement.scrollHeight); return scrollY; });
    assert.ok(foot > 1000);
    pass(90);
    await page.waitForFunction(() => document.querySelector(".watch-row")?.getAttribute("data-key")?.endsWith("bad"));
    await page.waitForFunction(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))); }));
    assert.ok(Math.abs(await page.evaluate(() => scrollY) - foot) < 400, `${await page.evaluate(() => scrollY)} of ${foot}`);
  });
});

test("markup in a server's words stays text, in rows and in what opens", async (t) => {
  const { page, pass } = await open(t, {
    watch: "ecs=cn-hangzhou&bdrc=cn-shanghai&tasks=cloudcontrol::task-x",
    tasks: (now) => [
      ecsTask(now, { action: hostile(1), error: { code: hostile(2), message: hostile(3) }, parts: [{ related: { [hostile(4)]: hostile(5) } }], plan: { end: "failed", reach: 0.5 } }),
      bdrcTask(now, { action: hostile(6), name: hostile(7), error: { code: "", message: hostile(8) }, detail: { [hostile(9)]: hostile(10) }, plan: { end: "failed" } }),
      cloudControlTask(now, { id: "task-x", action: hostile(11), resourceId: hostile(12), words: { running: hostile(13) } }),
    ],
  });
  await page.evaluate(() => { Object.assign(globalThis, { pwned: () => { Object.assign(globalThis, { hit: true }); } }); });
  await says(page, ".watch-row", /Unknown status.*pwned\(11\)/);
  await page.waitForFunction(() => document.querySelectorAll(".watch-toggle").length === 3);
  // By key, for rows may change places between two clicks.
  const keys = await page.locator(".watch-row").evaluateAll((rows) => rows.map((one) => one.getAttribute("data-key")));
  for (const key of keys) await page.locator(`.watch-row[data-key=${JSON.stringify(key)}] .watch-toggle`).click();
  pass(70);
  await says(page, ".row-error", /pwned\(3\)/);
  await says(page, ".row-error", /pwned\(8\)/);
  await says(page, ".watch-detail", /pwned\(10\)/);
  assert.equal(await page.locator("#watch-body :is(img, script, iframe, b, svg[onload])").count(), 0);
  assert.equal(await page.evaluate(() => "hit" in globalThis), false);
});
