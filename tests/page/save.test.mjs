// What is shown, saved as a file: in both modes, all of it and nothing else.
import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { ecsTask } from "../cloud/scenarios.mjs";
import { pages, paste, pick, reach } from "./support/page.mjs";
import { hostileBdrc, hostileCloudControl, hostileTask, longList } from "./support/replies.mjs";
import { row, watched } from "./support/watched.mjs";

/** @typedef {import("playwright-core").Page} Page */

const reading = pages();
const watching = watched();
const MINUTE = 60_000;
const BAD_FILE = { code: "InvalidImageFormat", message: "=The image file, it is not a valid QCOW2 file." };
/** @param {number} now */
const two = (now) => [
  ecsTask(now, { id: "t-bp1good", action: "ExportImage", plan: { createdAt: now - MINUTE, runMs: 30 * MINUTE } }),
  ecsTask(now, { id: "t-bp1bad", error: BAD_FILE, plan: { createdAt: now - 60 * MINUTE, end: "failed", reach: 0.2 } }),
];

/** Saves by the menu. @param {Page} page @param {string} kind */
async function save(page, kind) {
  await page.locator(".save:visible > summary").click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(".save:visible .save-as").filter({ hasText: new RegExp(`^${kind}`) }).click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

describe("a reading is saved", () => {
  test("one task as CSV and JSON", async (t) => {
    const page = await reading(t);
    await pick(page, "cloudcontrol-failed");
    const csv = await save(page, "CSV");
    assert.match(csv.name, /^tasks-\d{4}-\d\d-\d\dT\d{4}Z\.csv$/);
    assert.match(csv.text, /^\uFEFFapi,.*\r\ncloudcontrol,/);
    const { tasks } = JSON.parse((await save(page, "JSON")).text);
    assert.equal(tasks.length, 1);
    assert.equal(tasks[0].status, "failed");
    assert.match(await page.locator("#say").textContent() ?? "", /^Saved 1 task as tasks-.*\.json$/);
  });

  test("a long list whole, not only what is drawn of it", async (t) => {
    const page = await reading(t);
    await paste(page, longList(1234));
    await page.waitForSelector(".rows");
    assert.equal((await save(page, "CSV")).text.split("\r\n").length, 1 + 1234 + 1);
  });

  test("by the keyboard alone; Escape closes the menu", async (t) => {
    const page = await reading(t);
    await pick(page, "ecs-task-json");
    await reach(page, ".save > summary");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(".save").getAttribute("open"), null);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    assert.match(download.suggestedFilename(), /\.csv$/);
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Save");
  });

  test("but not where there is no task", async (t) => {
    const page = await reading(t);
    await pick(page, "fault-parameter");
    assert.equal(await page.locator(".save").count(), 0);
  });
});

describe("what is watched is saved", () => {
  test("as CSV and JSON, as the filter shows it, without the token", async (t) => {
    const { page, token } = await watching(t, { tasks: two });
    await page.locator(".row-error", { hasText: "InvalidImageFormat" }).waitFor();
    const csv = await save(page, "CSV");
    assert.match(csv.text, /ecs,cn-hangzhou,t-bp1bad,\w+,failed,.*,InvalidImageFormat,"'=The image file, it is not a valid QCOW2 file\."/);
    assert.match(csv.text, /,t-bp1good,ExportImage,running,.*,live,\d{4}-/);
    await page.locator("#watch-find").fill("t-bp1good");
    await row(page, "t-bp1bad").waitFor({ state: "detached" });
    const json = await save(page, "JSON");
    const { tasks, seen } = JSON.parse(json.text);
    assert.deepEqual(tasks.map((/** @type {any} */ one) => [one.id, one.regionId]), [["t-bp1good", "cn-hangzhou"]]);
    assert.equal(seen[0].standing, "live");
    for (const { text } of [csv, json]) assert.ok(!text.includes(token));
  });

  test("not before a task was heard of, and that is said in the menu", async (t) => {
    const { page } = await watching(t);
    await page.locator(".watch-nothing").filter({ hasText: "No task is listed" }).waitFor();
    await page.locator(".save:visible > summary").click();
    await page.locator(".save:visible .save-as").first().click();
    assert.equal(await page.locator(".save-said:visible").innerText(), "There is no task to save yet.");
  });
});

describe("a task is copied as text", () => {
  /** @param {Page} page */
  const copied = (page) => page.evaluate(() => navigator.clipboard.readText());

  test("from a reading", async (t) => {
    const page = await reading(t);
    await pick(page, "cloudcontrol-failed");
    await page.getByRole("button", { name: "Copy as text" }).click();
    await page.waitForFunction(() => document.querySelector("#say")?.textContent === "Copied the task as text");
    assert.match(await copied(page), /^Create\nStatus: Failed .*\nTask: task-/);
  });

  test("from an open row, as it stands when it is pressed, without the token", async (t) => {
    const { page, token, pass } = await watching(t, { tasks: two });
    await row(page, "t-bp1good").getByRole("button", { name: /^Details/ }).click();
    const button = row(page, "t-bp1good").getByRole("button", { name: "Copy as text" });
    await button.click();
    const before = await copied(page);
    assert.match(before, /^ExportImage\nStatus: Running .*\nTask: t-bp1good\nAPI: ECS · cn-hangzhou\nProgress: \d/);
    pass(600);
    const figure = row(page, "t-bp1good").locator(".watch-figure");
    await page.waitForFunction((was) => document.querySelector("[data-key$='t-bp1good'] .watch-figure")?.textContent !== was, await figure.textContent());
    await button.click();
    assert.ok((await copied(page)).includes(`Progress: ${await figure.textContent()}`));
    assert.ok(!before.includes(token));
  });
});

describe("a snapshot", () => {
  /**
   * Opens what was saved as anybody does who got the file.
   * @param {import("node:test").TestContext} t @param {Page} page @param {string} text @param {import("playwright-core").BrowserContextOptions} [options]
   */
  async function opened(t, page, text, options = {}) {
    const dir = await mkdtemp(path.join(tmpdir(), "tasklens-"));
    const address = path.join(dir, "tasks.html");
    await writeFile(address, text);
    const context = await /** @type {import("playwright-core").Browser} */ (page.context().browser()).newContext({ viewport: { width: 1440, height: 900 }, ...options });
    /** @type {string[]} */
    const complaints = [];
    /** @type {string[]} */
    const requests = [];
    const file = await context.newPage();
    file.on("console", (message) => complaints.push(message.text()));
    file.on("pageerror", (error) => complaints.push(String(error)));
    context.on("request", (request) => requests.push(request.url()));
    const href = pathToFileURL(address).href;
    await file.goto(href);
    t.after(async () => {
      await context.close();
      await rm(dir, { recursive: true });
      assert.deepEqual(complaints, [], "the console stays silent");
      assert.deepEqual(requests, [href], "nothing is asked for but the file");
    });
    return file;
  }
  const POLICY = /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'$/;

  test("of what is watched opens from a disk, and says what failed and why", async (t) => {
    const { page, token } = await watching(t, { tasks: two });
    await page.locator(".row-error", { hasText: "InvalidImageFormat" }).waitFor();
    const { name, text } = await save(page, "HTML");
    assert.match(name, /^tasks-.*Z\.html$/);
    assert.ok(!text.includes(token));
    const file = await opened(t, page, text);
    assert.match(await file.locator("meta[http-equiv]").getAttribute("content") ?? "", POLICY);
    assert.match(await file.title(), /^2 tasks · \d+ \w+ \d{4}, \d\d:\d\d:\d\d UTC · .* UTC\+08:00$/);
    assert.equal(await file.locator(".tally-bar > [data-status=failed]").evaluate((piece) => getComputedStyle(piece).flexGrow), "1");
    const bad = file.locator(".row-details").filter({ hasText: "t-bp1bad" });
    await bad.locator("summary").click();
    await bad.getByText("it is not a valid QCOW2 file").waitFor();
    assert.equal(await file.locator("button, .time-age").count(), 0, "nothing in it goes on or can be pressed in vain");
    assert.deepEqual((await new AxeBuilder({ page: file }).analyze()).violations.map(({ id, nodes }) => `${id} ${nodes[0].html}`), []);
    const data = JSON.parse(await file.locator("script[type='application/json']").textContent() ?? "");
    assert.deepEqual(data.tasks.map((/** @type {any} */ one) => one.id).sort(), ["t-bp1bad", "t-bp1good"]);
  });

  test("says what the filter hid, and what is no longer listed", async (t) => {
    const { page, cloud } = await watching(t, { tasks: two });
    await row(page, "t-bp1good").waitFor();
    cloud.tasks.remove("t-bp1good");
    await row(page, "t-bp1good").filter({ hasText: "No longer listed" }).waitFor();
    await page.locator("#watch-find").fill("t-bp1good");
    await row(page, "t-bp1bad").waitFor({ state: "detached" });
    const file = await opened(t, page, (await save(page, "HTML")).text);
    await file.getByText("1 of 2 shown").waitFor();
    assert.match(await file.locator("summary").innerText(), /^Not listed/);
    assert.equal(await file.locator(".tally li").count(), 0);
    await file.getByText("No longer listed: it ended or was removed").waitFor();
  });

  for (const [name, text] of /** @type {const} */ ([["an ECS", hostileTask()], ["a BDRC", hostileBdrc()], ["a Cloud Control", hostileCloudControl()]])) {
    test(`of ${name} task keeps hostile markup text`, async (t) => {
      const page = await reading(t);
      await paste(page, text);
      await page.waitForSelector(".task");
      const file = await opened(t, page, (await save(page, "HTML")).text);
      assert.equal(await file.locator(":is(img, iframe, b, script:not([type='application/json']), [onload], [onerror])").count(), 0);
      assert.match(await file.locator("main").textContent() ?? "", /<img src=x onerror=pwned\(\d+\)><script>pwned/);
    });
  }

  test("is whole and in the reader's language, what waited behind a button too", async (t) => {
    const page = await reading(t, { locale: "zh-CN" });
    const parts = Array.from({ length: 120 }, (_, i) => ({ OperationStatus: "Failed", ErrorCode: `E${i}`, ErrorMsg: "x", RelatedItemSet: { RelatedItem: [] } }));
    await paste(page, JSON.stringify({ RequestId: "R", RegionId: "cn-hangzhou", TaskId: "t-1", TaskAction: "A", TaskStatus: "Failed", SupportCancel: "false", CreationTime: "2026-11-20T12:00Z", OperationProgressSet: { OperationProgress: parts } }));
    await page.waitForSelector(".subtask");
    const file = await opened(t, page, (await save(page, "HTML")).text);
    assert.equal(await file.locator("html").getAttribute("lang"), "zh-CN");
    assert.equal(await file.locator(".subtask").count(), 120);
    await file.getByText(/^截至 2026/).waitFor();
  });

  test("of a long list has each of its rows, and does not scroll sideways on a phone", async (t) => {
    const page = await reading(t);
    await paste(page, longList(300));
    await page.waitForSelector(".rows");
    const file = await opened(t, page, (await save(page, "HTML")).text, { viewport: { width: 375, height: 812 } });
    assert.equal(await file.locator(".rows > li").count(), 300);
    assert.ok(await file.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  });

  test("is not offered where the browser makes no hashes, and that is said", async (t) => {
    const page = await reading(t);
    await page.evaluate(() => Object.defineProperty(crypto, "subtle", { value: undefined }));
    await pick(page, "ecs-task-json");
    await page.locator(".save > summary").click();
    const html = page.locator(".save-as").filter({ hasText: "HTML" });
    assert.equal(await html.getAttribute("aria-disabled"), "true");
    assert.match(await html.innerText(), /Needs https/);
  });
});
