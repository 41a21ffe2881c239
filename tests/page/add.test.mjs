// Adding tasks to a watch that goes on, against the rehearsal cloud through the real proxy.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bdrcTask, cloudControlTask, ecsTask } from "../cloud/scenarios.mjs";
import { paste, reach } from "./support/page.mjs";
import { ecsTask as ecsReply, hostile, sample } from "./support/replies.mjs";
import { row, watched } from "./support/watched.mjs";

/** @typedef {import("playwright-core").Page} Page */

const open = watched();
const MINUTE = 60_000;
const CLOUD_CONTROL = "task-0123456789abcdef0123456789abc";
/** One that is watched, and others that are not. @param {number} now */
const world = (now) => [
  ecsTask(now, { id: "t-bp1one", plan: { runMs: 5 * MINUTE } }),
  ecsTask(now, { id: "t-bp1two", action: "ExportImage", plan: { runMs: 5 * MINUTE } }),
  ...["a", "b", "c"].map((name) => ecsTask(now, { id: `t-bp1disk${name}`, action: "CloneDisk", groupId: "g-bp1disks", plan: { runMs: 5 * MINUTE } })),
  bdrcTask(now, { plan: { runMs: 5 * MINUTE } }),
  cloudControlTask(now, { plan: { runMs: 5 * MINUTE } }),
];
const ONE = { tasks: world, watch: "tasks=ecs:cn-hangzhou:t-bp1one" };

/** @param {Page} page @param {string} selector @param {string | RegExp} words */
const says = (page, selector, words) => page.locator(selector).filter({ hasText: words }).first().waitFor();
/** @param {Page} page */
const focused = (page) => page.evaluate(() => document.activeElement?.id);
/** @param {Page} page */
const understood = (page) => page.locator("#add-understood").textContent();
/** @param {Page} page */
const openDialog = async (page) => {
  await page.locator("#watch-add").click();
  await page.locator("#add").waitFor();
};

describe("tasks are added", () => {
  test("with the keyboard alone, and the others go on as they are", async (t) => {
    const { page, cloud, token } = await open(t, ONE);
    await says(page, ".watch-row", /Running.*t-bp1one/);
    await row(page, "t-bp1one").locator(".watch-toggle").focus();
    await reach(page, "#watch-add", "Shift+Tab");
    await page.keyboard.press("Enter");
    assert.equal(await focused(page), "add-text");
    assert.equal(await page.locator("#add-region").inputValue(), "cn-hangzhou", "what is watched says where");
    await page.keyboard.type("t-bp1two\nhello");
    assert.equal(await understood(page), "1 task; not understood: hello");
    assert.match(await page.locator("#add-list").textContent() ?? "", /ECS cn-hangzhou t-bp1two/);
    const asked = cloud.count("ecs.DescribeTaskAttribute");
    await page.keyboard.press("ControlOrMeta+Enter");
    await says(page, ".watch-row", /Running.*t-bp1two/);
    assert.equal(await focused(page), "watch-add");
    assert.equal(await page.locator("#say").textContent(), "1 task added.");
    assert.ok(cloud.count("ecs.DescribeTaskAttribute") > asked);
    assert.ok(await row(page, "t-bp1one").locator(".watch-detail").isVisible(), "what was open is");
    const hash = new URL(page.url()).hash;
    assert.equal(hash, "#watch&tasks=ecs:cn-hangzhou:t-bp1one,ecs:cn-hangzhou:t-bp1two&open=ecs:cn-hangzhou:t-bp1one");
    assert.ok(!(await page.evaluate(() => document.documentElement.outerHTML)).includes(token));
    await says(page, ".tally .muted", "2 named tasks");
    await page.reload();
    await says(page, ".watch-row", /Running.*t-bp1two/);
    assert.equal(await page.locator(".watch-row").count(), 2);
  });

  test("of other APIs and regions, with the pointer", async (t) => {
    const { page } = await open(t, ONE);
    await openDialog(page);
    await page.locator("#add-api").selectOption("bdrc");
    assert.equal(await page.locator("#add-region").inputValue(), "", "nothing of BDRC is watched");
    await page.locator("#add-text").fill(`t-0004resources, ${CLOUD_CONTROL}`);
    assert.match(await page.locator("#add-region-error").textContent() ?? "", /Name the region/);
    await page.locator("#add-submit").click();
    assert.equal(await focused(page), "add-region", "nothing is added in part");
    await page.locator("#add-region").fill("cn-shanghai");
    assert.equal(await understood(page), "2 tasks");
    assert.ok(await page.locator("#add-region-error").isHidden());
    await page.locator("#add-submit").click();
    await says(page, ".watch-row", /Running.*UPDATE_RESOURCES/);
    await says(page, ".watch-row", /Running.*Create/);
  });

  test("by the reply that started them", async (t) => {
    const { page } = await open(t, ONE);
    await openDialog(page);
    await page.locator("#add-text").fill('{"RequestId":"473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E","RegionId":"cn-hangzhou","TaskId":"t-bp1two","ImageId":"m-bp1image"}');
    assert.equal(await understood(page), "1 task");
    await page.locator("#add-text").fill("<ImportImageResponse><RequestId>R</RequestId><TaskId>t-bp1two</TaskId></ImportImageResponse>");
    await page.locator("#add-submit").click();
    await says(page, ".watch-row", /Running.*t-bp1two/);
  });

  test("by their group, which is listed once", async (t) => {
    const { page, cloud } = await open(t, ONE);
    await openDialog(page);
    await page.locator("#add-text").fill('{"RequestId":"R","TaskGroupId":"g-bp1none"}');
    assert.equal(await understood(page), "a group of tasks, g-bp1none");
    await page.locator("#add-submit").click();
    await says(page, "#add-problem", /g-bp1none has no tasks/);
    await page.locator("#add-text").fill('{"RequestId":"R","TaskGroupId":"g-bp1disks"}');
    assert.equal(await page.locator("#add-problem").textContent(), "");
    await page.locator("#add-submit").click();
    for (const name of ["a", "b", "c"]) await says(page, ".watch-row", new RegExp(`Running.*t-bp1disk${name}`));
    assert.equal(cloud.calls.filter(({ operation, ids }) => operation === "ecs.DescribeTasks" && ids.length === 0).length, 2);
    assert.equal(await page.locator("#say").textContent(), "3 tasks added.");
  });

  test("not by a group that cannot be listed, and it is said why", async (t) => {
    const { page } = await open(t, { ...ONE, env: { TASKLENS_REGIONS: "cn-hangzhou" } });
    await openDialog(page);
    await page.locator("#add-region").fill("cn-beijing");
    await page.locator("#add-text").fill("g-bp1disks");
    await page.locator("#add-submit").click();
    await says(page, "#add-problem", /does not allow this region/);
    await page.keyboard.press("Escape");
    assert.equal(await focused(page), "watch-add");
  });
});

describe("adding", () => {
  test("one that is watched opens it, though a filter hides it", async (t) => {
    const { page } = await open(t, { tasks: world, watch: "ecs=cn-hangzhou&find=two" });
    await row(page, "t-bp1two").waitFor();
    assert.equal(await row(page, "t-bp1one").count(), 0);
    await openDialog(page);
    await page.locator("#add-text").fill("t-bp1one");
    assert.equal(await understood(page), "1 task; 1 watched already");
    await page.locator("#add-submit").click();
    await row(page, "t-bp1one").locator(".watch-detail").waitFor();
    assert.equal(await page.locator("#say").textContent(), "t-bp1one is watched already.");
    assert.equal(await page.evaluate(() => document.activeElement?.closest("tbody")?.dataset.key), "ecs:cn-hangzhou:t-bp1one");
    assert.equal(new URL(page.url()).hash, "#watch&ecs=cn-hangzhou&open=ecs:cn-hangzhou:t-bp1one");
  });

  test("nothing says so where it was typed", async (t) => {
    const { page } = await open(t, ONE);
    await openDialog(page);
    await page.locator("#add-submit").click();
    assert.match(await page.locator("#add-text-error").textContent() ?? "", /at least one task id/);
    assert.equal(await focused(page), "add-text");
    await page.locator("#add-region").fill("Hangzhou");
    assert.match(await page.locator("#add-region-error").textContent() ?? "", /Hangzhou is not the name/);
    await page.locator("#add-close").click();
    assert.ok(await page.locator("#add").isHidden());
  });

  test("what is pasted is text, whatever it holds", async (t) => {
    const { page } = await open(t, ONE);
    await openDialog(page);
    await page.locator("#add-text").fill(`${hostile(1)} ${JSON.stringify({ TaskId: hostile(2) })}`);
    assert.match(await understood(page) ?? "", /not understood/);
    assert.equal(await page.locator("#add img, #add svg[onload]").count(), 0);
  });
});

describe("the form takes the same", () => {
  test("an id alone is of the one region there is", async (t) => {
    const { page, token } = await open(t, { tasks: world, watch: "ecs=cn-hangzhou", token: null });
    await page.locator("#watch-token").fill(token);
    await page.locator("#watch-tasks").fill(`t-bp1two, ${CLOUD_CONTROL}`);
    await page.locator("#watch-form [type=submit]").click();
    await says(page, ".watch-row", /Running.*Create/);
    assert.equal(new URL(page.url()).hash, `#watch&ecs=cn-hangzhou&tasks=ecs:cn-hangzhou:t-bp1two,cloudcontrol::${CLOUD_CONTROL}`);
  });

  test("the reply that started a task, but no id that may be anywhere, and no group", async (t) => {
    const { page, token } = await open(t, { tasks: world, watch: "", token: null });
    const mistake = () => page.locator("#watch-tasks-error").textContent();
    await page.locator("#watch-token").fill(token);
    for (const [ecs, bdrc] of [["", ""], ["", "cn-shanghai"], ["cn-hangzhou", "cn-shanghai"], ["cn-hangzhou, cn-beijing", ""]]) {
      await page.locator("#watch-ecs").fill(ecs);
      await page.locator("#watch-bdrc").fill(bdrc);
      await page.locator("#watch-tasks").fill("t-bp1two");
      await page.locator("#watch-form [type=submit]").click();
      assert.match(await mistake() ?? "", /found t-bp1two/, `${ecs} ${bdrc}`);
    }
    await page.locator("#watch-bdrc").fill("");
    await page.locator("#watch-ecs").fill("cn-hangzhou");
    await page.locator("#watch-tasks").fill('{"RequestId":"R","TaskGroupId":"g-bp1disks"}');
    await page.locator("#watch-form [type=submit]").click();
    assert.match(await mistake() ?? "", /g-bp1disks is a group/);
    await page.locator("#watch-ecs").fill("");
    await page.locator("#watch-tasks").fill('{"RequestId":"R","RegionId":"cn-hangzhou","TaskId":"t-bp1two"}');
    await page.locator("#watch-form [type=submit]").click();
    await says(page, ".watch-row", /Running.*t-bp1two/);
    assert.equal(new URL(page.url()).hash, "#watch&tasks=ecs:cn-hangzhou:t-bp1two");
  });
});

describe("what is read can be watched", () => {
  const STARTED = '{"RequestId":"R","RegionId":"cn-hangzhou","TaskId":"t-bp1two"}';
  const button = (/** @type {Page} */ page) => page.locator("#reading").getByRole("button", { name: "Watch this task" });
  /** @param {Page} page @param {string} text */
  const readReply = async (page, text) => {
    await page.locator("#to-read").click();
    await page.locator("#reading-body > *").first().evaluate((old) => old.setAttribute("data-old", ""));
    await paste(page, text);
    await page.locator("#reading-body:not(:has([data-old])) .headline").waitFor();
  };

  test("in the watch that runs, which goes on", async (t) => {
    const { page } = await open(t, ONE);
    await says(page, ".watch-row", /Running.*t-bp1one/);
    await readReply(page, STARTED);
    await button(page).focus();
    await page.keyboard.press("Enter");
    await says(page, ".watch-row", /Running.*t-bp1two/);
    assert.equal(await page.evaluate(() => document.activeElement?.closest("tbody")?.dataset.key), "ecs:cn-hangzhou:t-bp1two");
    assert.ok(await row(page, "t-bp1two").locator(".watch-detail").isVisible());
    assert.equal(await page.locator(".watch-row").count(), 2);
    await readReply(page, ecsReply({ TaskId: "t-bp1one" }));
    await button(page).click();
    await row(page, "t-bp1one").locator(".watch-detail").waitFor();
    assert.equal(await page.locator("#say").textContent(), "t-bp1one is watched already.");
  });

  test("where its region is asked for, if the reply does not say it", async (t) => {
    const { page } = await open(t, ONE);
    await readReply(page, '{"RequestId":"R","TaskId":"t-bp1two"}');
    await button(page).click();
    await page.locator("#add").waitFor();
    assert.equal(await page.locator("#add-text").inputValue(), "t-bp1two");
    assert.equal(await understood(page), "1 task");
    await page.locator("#add-submit").click();
    await says(page, ".watch-row", /Running.*t-bp1two/);
    assert.equal(await focused(page), "watch-add");
  });

  test("by the form, where nothing is watched", async (t) => {
    const { page, token } = await open(t, { tasks: world, watch: "", token: null });
    await readReply(page, STARTED);
    await button(page).click();
    await readReply(page, `{"requestId":"R","taskId":"${CLOUD_CONTROL}"}`);
    await button(page).click();
    assert.equal(await page.locator("#watch-tasks").inputValue(), `ecs:cn-hangzhou:t-bp1two\ncloudcontrol::${CLOUD_CONTROL}`);
    assert.equal(await focused(page), "watch-token");
    await page.keyboard.type(token);
    await page.keyboard.press("Enter");
    await says(page, ".watch-row", /Running.*t-bp1two/);
    await says(page, ".watch-row", /Running.*Create/);
  });

  test("but not what has ended, cannot be found or asked for", async (t) => {
    const { page } = await open(t, { tasks: world, watch: "", token: null });
    for (const text of [ecsReply({ TaskStatus: "Finished" }), ecsReply({ RegionId: undefined }), sample("ecs-task-json"), sample("accepted"), sample("fault-throttling")]) {
      await readReply(page, text);
      assert.equal(await button(page).count(), 0, text);
    }
  });
});
