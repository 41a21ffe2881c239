import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { drop, pages, paste, pick, reach } from "./support/page.mjs";
import { ecsTask, longList, sample, samples } from "./support/replies.mjs";

const open = pages();
const text = (page, selector) => page.locator(selector).first().textContent();

describe("a reply comes in", () => {
  test("by a paste into the text area, and is read at once", async (t) => {
    const page = await open(t);
    await paste(page, sample("bdrc-task"));
    await page.waitForSelector(".task[data-status=running]");
    assert.equal(await text(page, ".task-id code"), "t-xxxxxxxx");
    assert.match(await text(page, "#say"), /Task t-xxxxxxxx: Running\. 1 finding/);
    assert.match(await page.title(), /^Running · t-xxxxxxxx/);
  });

  test("by a paste anywhere else", async (t) => {
    const page = await open(t);
    await page.evaluate((text) => navigator.clipboard.writeText(text), sample("cloudcontrol-failed"));
    await page.locator("#samples-open").focus();
    await page.keyboard.press("ControlOrMeta+V");
    await page.waitForSelector(".task[data-status=failed]");
    assert.equal(await page.locator("#raw-text").inputValue(), sample("cloudcontrol-failed"));
  });

  test("by typing", async (t) => {
    const page = await open(t);
    await page.locator("#raw-text").click();
    await page.keyboard.type('{"RequestId":"R-7"}');
    await page.waitForFunction(() => document.querySelector(".task h3")?.textContent === "Request accepted");
  });

  for (const target of ["#raw-text", "#reading", ".bar"]) {
    test(`by a file dropped on ${target}`, async (t) => {
      const page = await open(t);
      await drop(page, target, { file: ["reply.xml", sample("ecs-task-xml")] });
      await page.waitForSelector(".task[data-status=succeeded]");
      assert.ok(await page.locator("#drop").isHidden());
    });
  }

  test("by dropped text", async (t) => {
    const page = await open(t);
    await drop(page, "#reading", { text: sample("started") });
    await page.waitForFunction(() => document.querySelector(".task h3")?.textContent === "Task started");
  });

  for (const [way, press] of /** @type {const} */ ([
    ["pointer", async (page) => page.locator("#file-open").click()],
    ["keyboard", async (page) => { await reach(page, "#file-open"); await page.keyboard.press("Enter"); }],
  ])) {
    test(`by opening a file, by ${way}`, async (t) => {
      const page = await open(t);
      const chooser = page.waitForEvent("filechooser");
      await press(page);
      await (await chooser).setFiles({ name: "r.json", mimeType: "application/json", buffer: Buffer.from(sample("ecs-tasks-json")) });
      await page.waitForSelector(".tally");
      assert.match(await text(page, ".tally h3"), /^2 tasks/);
    });
  }

  test("from a file that is not UTF-8, and the place of the fault is told", async (t) => {
    const page = await open(t);
    const chooser = page.waitForEvent("filechooser");
    await page.locator("#file-open").click();
    await (await chooser).setFiles({ name: "r.json", mimeType: "application/json", buffer: Buffer.concat([Buffer.from('{\n"RequestId":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]) });
    await page.waitForSelector(".problem .place");
    assert.match(await text(page, ".place-number"), /^2:/);
  });

  test("from a sample picked by pointer, and its origin is told", async (t) => {
    const page = await open(t);
    await page.locator("#reading [data-sample=fault-parameter]").click();
    await page.waitForSelector(".fault");
    assert.match(await text(page, "#raw-foot"), /AcknowledgeTaskResult/);
    assert.equal(new URL(page.url()).hash, "#sample=fault-parameter");
  });

  test("from a sample picked by keyboard, and the focus goes on to the reading", async (t) => {
    const page = await open(t);
    await reach(page, "#samples-open");
    await page.keyboard.press("Enter");
    await reach(page, "#samples [data-sample=bdrc-tasks]");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".tally");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "reading");
  });

  test("from a sample in the address, but what is pasted never stands there", async (t) => {
    const page = await open(t, { address: "/#sample=ecs-failed" });
    assert.equal(await page.locator(".task").getAttribute("data-status"), "failed");
    await paste(page, sample("bdrc-task"));
    await page.waitForSelector(".task[data-status=running]");
    assert.equal(new URL(page.url()).hash, "");
    await pick(page, "bdrc-task");
    await page.evaluate(() => { location.hash = "#sample=nobody"; });
    assert.equal(await text(page, ".task-id code"), "t-xxxxxxxx");
  });

  test("and goes again: what was replaced or cleared can be brought back", async (t) => {
    const page = await open(t);
    await paste(page, ecsTask({ TaskId: "t-mine" }));
    await page.waitForSelector(".task");
    await pick(page, "started");
    await page.locator("#undo").click();
    await page.waitForFunction(() => document.querySelector(".task-id code")?.textContent === "t-mine");
    await page.locator("#clear").click();
    await page.waitForSelector(".empty");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "raw-text");
    await page.locator("#undo").click();
    await page.waitForFunction(() => document.querySelector(".task-id code")?.textContent === "t-mine");
  });
});

test("every sample is read as what its title says, each finding in words of ours", async (t) => {
  const page = await open(t);
  const wanted = {
    ".tally": ["ecs-tasks-json", "ecs-tasks-xml", "ecs-mixed", "bdrc-tasks"], ".fault": ["fault-parameter", "fault-throttling"], ".problem": ["damaged"],
    ".task[data-status=succeeded]": ["ecs-task-json", "ecs-task-xml", "cloudcontrol-succeeded"], ".task[data-status=partial]": ["ecs-partial"],
    ".task[data-status=failed]": ["ecs-failed", "cloudcontrol-failed"], ".task[data-status=running]": ["bdrc-task"], ".task:not([data-status])": ["started", "accepted"],
  };
  assert.deepEqual(Object.values(wanted).flat().sort(), samples.map(({ id }) => id).sort());
  for (const [selector, ids] of Object.entries(wanted)) {
    for (const id of ids) {
      await pick(page, id);
      await page.waitForFunction((text) => /** @type {any} */ (document.querySelector("#raw-text"))?.value === text, sample(id));
      assert.equal(await page.locator(selector).count(), 1, `${id} shows ${selector}`);
      for (const head of await page.locator(".finding-head").all()) assert.equal(await head.locator("strong").count(), 1, id);
    }
  }
});

describe("a place", () => {
  for (const [way, press] of /** @type {const} */ ([
    ["pointer", async (page) => page.locator(".place").click()],
    ["keyboard", async (page) => { await reach(page, ".place"); await page.keyboard.press("Enter"); }],
  ])) {
    test(`of a finding is marked in the reply and brought into view, by ${way}`, async (t) => {
      const page = await open(t, { address: "/#sample=ecs-mixed" });
      assert.equal(await page.locator(".raw-line[data-marked]").count(), 0);
      await press(page);
      await page.waitForSelector(".raw-mark");
      assert.equal(await text(page, ".raw-mark"), '"Verifying"');
      assert.equal(await text(page, ".raw-line[data-marked] .raw-number"), "90");
      assert.ok(await inside(page, ".raw-mark", "#raw-view"));
      assert.equal(await page.locator(".place").getAttribute("aria-current"), "true");
      assert.match(await text(page, "#say"), /Line 90, column 23/);
      assert.ok(await page.locator(".place").evaluate((place) => place === document.activeElement), "the focus stays");
    });
  }

  test("far to the right is scrolled to as well", async (t) => {
    const page = await open(t);
    await paste(page, JSON.stringify({ RequestId: "R", RegionId: "x".repeat(900), TaskId: "t-1", TaskStatus: "Strange" }));
    await page.locator(".place").first().click();
    assert.equal(await text(page, ".raw-mark"), '"Strange"');
    assert.ok(await inside(page, ".raw-mark", "#raw-view"));
  });

  test("behind characters of two units and of double width is the right one", async (t) => {
    const page = await open(t);
    await paste(page, '{"RequestId":"R","RegionId":"中文😀😀","TaskId":"t-1","TaskStatus":"Strange"}');
    await page.locator(".place").first().click();
    assert.equal(await text(page, ".raw-mark"), '"Strange"');
  });

  test("where reading stopped is marked by itself, and a full-width comma is called so", async (t) => {
    const page = await open(t, { address: "/#sample=damaged" });
    assert.equal(await text(page, ".raw-mark"), "，");
    assert.equal(await text(page, ".raw-line[data-marked] .raw-number"), "6");
    assert.match(await text(page, ".problem .callout"), /full-width/);
  });

  test("where a comment stands in JSON is called so", async (t) => {
    const page = await open(t);
    await paste(page, '{ "RequestId": "R" /* the request */ }');
    await page.waitForSelector(".problem");
    assert.match(await text(page, ".problem .callout"), /JSON has no comments/);
  });

  test("is gone, and the reply read, once it is corrected in the text", async (t) => {
    const page = await open(t, { address: "/#sample=damaged" });
    // The caret waits at the place of the error.
    await page.locator("#raw-text").focus();
    await page.keyboard.type(",");
    await page.waitForSelector(".tally");
    assert.equal(await page.locator(".raw-mark").count(), 0);
    assert.match(await text(page, "#raw-foot"), /edited/);
  });

  test("of a task's id is found in the reply, each of two of the same id at its own", async (t) => {
    const page = await open(t);
    await paste(page, JSON.stringify({ RequestId: "t-1", TaskSet: { Task: [{ TaskId: "t-1", TaskStatus: "Finished" }, { TaskId: "t-12", TaskStatus: "Finished" }, { TaskId: "t-1", TaskStatus: "Failed" }] } }, null, 1));
    await page.waitForSelector(".rows");
    await page.locator(".rows summary").nth(2).click();
    await page.locator(".rows li").nth(2).locator(".task-id button").nth(1).click();
    assert.equal(await text(page, ".raw-mark"), "t-1");
  });

  test("stays under its text when the pane scrolls", async (t) => {
    const page = await open(t);
    await paste(page, longList(500));
    await page.waitForSelector(".tally");
    await page.locator("#raw-view").evaluate((view) => { view.scrollTop = 30_000; });
    await page.waitForFunction(() => Number(document.querySelector(".raw-line .raw-number")?.textContent) > 1000);
    const [number, top, viewTop] = await page.evaluate(() => {
      const line = [...document.querySelectorAll(".raw-line")][20];
      return [Number(line.querySelector(".raw-number")?.textContent), line.getBoundingClientRect().top, document.querySelector("#raw-text")?.getBoundingClientRect().top ?? 0];
    });
    const height = await page.locator("#raw-text").evaluate((area) => Number.parseFloat(getComputedStyle(area).lineHeight));
    assert.ok(Math.abs(top - viewTop - (number - 1) * height) < 1, "a drawn line lies on its own line of text");
  });
});

describe("a task", () => {
  test("shows unknown progress as unknown, not as nothing", async (t) => {
    const page = await open(t, { address: "/#sample=cloudcontrol-failed" });
    assert.equal(await page.locator(".progress progress").getAttribute("value"), null);
    assert.match(await text(page, ".progress"), /Unknown/);
    assert.doesNotMatch(await text(page, ".progress"), /\d/);
  });

  for (const [origin, fields, words] of /** @type {const} */ ([
    ["reported", { TaskProcess: "64%" }, /64%.*reported by the API/],
    ["counted", { TotalCount: 4, SuccessCount: 1, FailedCount: 0 }, /25%.*counted from sub-tasks.*1 of 4 succeeded, 0 failed/],
    ["status", { TaskStatus: "Finished" }, /100%.*implied by the status/],
    ["none", {}, /Unknown: this reply says nothing about it/],
  ])) {
    test(`says where its progress comes from: ${origin}`, async (t) => {
      const page = await open(t);
      await paste(page, ecsTask(fields));
      await page.waitForSelector(".task");
      assert.match(await text(page, ".progress"), words);
    });
  }

  test("shows its times in UTC and here, with their precision and how long it took", async (t) => {
    const page = await open(t, { address: "/#sample=ecs-task-json" });
    const times = page.locator(".times");
    assert.match(await text(page, ".part:has(.times) h4"), /exact to the minute/);
    assert.equal(await times.locator("time").first().getAttribute("datetime"), "2015-11-23T02:13Z");
    const words = /** @type {string} */ (await times.textContent());
    assert.match(words, /23 Nov 2015, 02:13 UTC/);
    assert.match(words, /23 Nov 2015, 10:13 UTC\+08:00/);
    assert.match(words, /years ago/);
    assert.match(words, /6 mins/);
  });

  test("that failed puts what went wrong first, with its cause decoded", async (t) => {
    const page = await open(t, { address: "/#sample=cloudcontrol-failed" });
    assert.equal(await text(page, ".task-body .part h4"), "What went wrong");
    const words = await text(page, ".callout");
    for (const one of ["OperationFailure.OperationFailed", "Nothing was done.", "InvalidRamUser.NoPermission", "Ram user is not authorized"]) assert.ok(words?.includes(one), one);
  });

  test("that succeeded is no failure for the error text beside it", async (t) => {
    const page = await open(t, { address: "/#sample=cloudcontrol-succeeded" });
    assert.equal(await page.locator(".callout").getAttribute("data-tone"), "note");
    assert.match(await text(page, ".callout"), /The status decides, and it says “Succeeded”/);
  });

  test("shows its sub-tasks with their errors and related items, and marks the first of several failures", async (t) => {
    const page = await open(t, { address: "/#sample=ecs-failed" });
    assert.equal(await page.locator(".subtask").count(), 2);
    assert.equal(await page.locator(".subtask .tag").count(), 1);
    assert.match(await text(page, ".subtask"), /First failure.*OSSBucket\.AccessDenied.*OSSBucket.*nightly-exports/);
  });

  test("shows detail and result as JSON, and what no field holds", async (t) => {
    const page = await open(t, { address: "/#sample=bdrc-task" });
    const blocks = await page.locator(".json").allTextContents();
    assert.deepEqual(JSON.parse(blocks[0]).resourceTypes.length, 4);
    assert.equal(JSON.parse(blocks[1]).resourceCounts[1].count, 3);
    assert.equal(JSON.parse(blocks[2]).ExecutionId, " empty");
  });

  test("gives its id to the clipboard", async (t) => {
    const page = await open(t, { address: "/#sample=bdrc-task" });
    await page.getByRole("button", { name: "Copy task id: t-xxxxxxxx" }).click();
    await page.waitForFunction(() => document.querySelector("#say")?.textContent === "Copied task id");
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "t-xxxxxxxx");
  });

  test("with a long result shows its beginning, and all of it on request", async (t) => {
    const page = await open(t);
    const result = { list: Array.from({ length: 60 }, (_, i) => `item ${i}`) };
    await paste(page, JSON.stringify({ RequestId: "R", Data: { TaskId: "t", TaskStatus: "COMPLETE", TaskResult: JSON.stringify(result) } }));
    await page.getByRole("button", { name: "Show all 64 lines" }).click();
    assert.deepEqual(JSON.parse(/** @type {string} */ (await text(page, ".json"))), result);
  });
});

describe("a list", () => {
  test("counts its tasks by status, and tells of further pages", async (t) => {
    const page = await open(t, { address: "/#sample=ecs-mixed" });
    assert.deepEqual(await page.locator(".tally li").allTextContents(), ["Failed1", "Unknown status1", "Running2", "Paused1", "Queued1", "Succeeded3", "Cancelled1"]);
    assert.match(await text(page, ".tally h3"), /37 in all.*More pages follow/);
  });

  for (const [way, press] of /** @type {const} */ ([
    ["pointer", async (page) => page.locator(".rows summary").nth(4).click()],
    ["keyboard", async (page) => { await reach(page, ".rows li:nth-child(5) summary"); await page.keyboard.press("Enter"); }],
  ])) {
    test(`opens a task in its place, by ${way}`, async (t) => {
      const page = await open(t, { address: "/#sample=ecs-mixed" });
      await press(page);
      await page.waitForSelector(".rows li:nth-child(5) .task-body");
      assert.match(await text(page, ".rows li:nth-child(5) .row-body"), /Final.*m-bp19u3l5p7d1g8jf/);
    });
  }

  test("of one task shows that task open", async (t) => {
    const page = await open(t, { address: "/#sample=bdrc-tasks" });
    assert.ok(await page.locator(".row-body .callout").isVisible());
  });

  test("without a task says so", async (t) => {
    const page = await open(t);
    await paste(page, '{"RequestId":"R","PageNumber":1,"PageSize":10,"TotalCount":0,"RegionId":"cn-hangzhou","TaskSet":{"Task":[]}}');
    await page.waitForSelector(".headline");
    assert.match(await text(page, "#reading-body"), /The list is empty/);
  });
});

describe("a fault", () => {
  test("says its kind in words, what to do, and where to read on", async (t) => {
    const page = await open(t, { address: "/#sample=fault-parameter" });
    assert.match(await text(page, ".fault .badge"), /Request is wrong/);
    assert.match(await text(page, ".fault .part"), /Correct the parameter/);
    const link = page.locator(".fault a");
    assert.equal(await link.getAttribute("href"), "https://error-center.aliyun.com/status/search?Keyword=MissingTaskDetailNo&source=PopGw");
    assert.equal(await link.getAttribute("rel"), "noopener noreferrer");
  });

  test("that is throttling is worth another try", async (t) => {
    const page = await open(t, { address: "/#sample=fault-throttling" });
    assert.match(await text(page, ".fault .task-state"), /Throttled.*Worth another try/);
  });
});

describe("the language", () => {
  test("is the browser's at first", async (t) => {
    const page = await open(t, { locale: "zh-CN", address: "/#sample=bdrc-task" });
    assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-CN");
    assert.match(await text(page, ".badge"), /运行中/);
  });

  for (const [way, press] of /** @type {const} */ ([
    ["pointer", async (page) => page.locator("label:has([value=zh])").click()],
    ["keyboard", async (page) => { await reach(page, "input[name=language]:checked"); await page.keyboard.press("ArrowRight"); }],
  ])) {
    test(`changes everything but the reply, by ${way}, and is kept`, async (t) => {
      const page = await open(t, { address: "/#sample=ecs-mixed" });
      await page.locator(".rows summary").nth(1).evaluate((summary) => /** @type {HTMLElement} */ (summary).click());
      await press(page);
      await page.waitForSelector("html[lang=zh-CN]");
      assert.ok(await page.locator(".rows details").nth(1).evaluate((row) => /** @type {HTMLDetailsElement} */ (row).open), "an open row stays open");
      assert.match(await text(page, ".tally h3"), /本响应中有 10 个任务/);
      assert.equal(await page.locator("#samples-open").textContent(), "示例");
      assert.match(await page.locator("#raw-text").getAttribute("placeholder") ?? "", /粘贴/);
      await page.reload();
      await page.waitForSelector("html[data-ready][lang=zh-CN]");
    });
  }

  test("can be changed where nothing may be kept", async (t) => {
    const page = await open(t);
    await page.addInitScript(() => Object.defineProperty(globalThis, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } }));
    await page.reload();
    await page.waitForSelector("html[data-ready]");
    await page.locator("label:has([value=zh])").click();
    await page.waitForSelector("html[lang=zh-CN]");
  });
});

describe("the keyboard", () => {
  test("skips to the reading first of all", async (t) => {
    const page = await open(t, { address: "/#sample=bdrc-task" });
    await page.locator("body").press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.className), "skip");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "reading");
    assert.equal(new URL(page.url()).hash, "#sample=bdrc-task");
  });

  test("leaves the text area by Tab, and by Ctrl+Enter for the reading", async (t) => {
    const page = await open(t);
    await paste(page, ecsTask({}));
    await page.keyboard.press("Control+Enter");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "reading");
    assert.equal(await page.locator(".task").getAttribute("data-status"), "running");
    await page.locator("#raw-text").focus();
    await page.keyboard.press("Tab");
    assert.notEqual(await page.evaluate(() => document.activeElement?.id), "raw-text");
  });

  test("closes the samples by Escape and stands where it was", async (t) => {
    const page = await open(t);
    await reach(page, "#samples-open");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    assert.ok(await page.locator("#samples").isHidden());
    assert.equal(await page.evaluate(() => document.activeElement?.id), "samples-open");
  });

  test("sees where it is on everything it reaches", async (t) => {
    const page = await open(t, { address: "/#sample=ecs-mixed" });
    const seen = new Set();
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("Tab");
      const bare = await page.evaluate(() => {
        const element = /** @type {HTMLElement} */ (document.activeElement);
        if (!element || element === document.body) return null;
        const drawn = element.matches("input[name=language]") ? /** @type {HTMLElement} */ (element.nextElementSibling) : element.id === "raw-text" ? /** @type {HTMLElement} */ (document.querySelector("#raw-view")) : element;
        const style = getComputedStyle(drawn);
        return (style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none" ? "" : element.outerHTML.slice(0, 120);
      });
      if (bare === null) break;
      assert.equal(bare, "");
      seen.add(i);
    }
    assert.ok(seen.size > 15);
  });
});

describe("one long line", () => {
  test("can be indented, and reads the same", async (t) => {
    const page = await open(t);
    await paste(page, longList(20, 0));
    await page.waitForSelector(".tally");
    assert.equal(await page.locator(".raw-line").count(), 1);
    await page.locator("#indent").click();
    await page.waitForFunction(() => document.querySelectorAll(".raw-line").length > 20);
    assert.match(await text(page, ".tally h3"), /^20 tasks/);
    assert.deepEqual(JSON.parse(await page.locator("#raw-text").inputValue()), JSON.parse(longList(20, 0)));
  });
});

/** @param {import("playwright-core").Page} page @param {string} inner @param {string} outer */
async function inside(page, inner, outer) {
  const [a, b] = await Promise.all([page.locator(inner).boundingBox(), page.locator(outer).boundingBox()]);
  return a && b && a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width + 1 && a.y + a.height <= b.y + b.height + 1;
}
