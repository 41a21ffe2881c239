// The client against the rehearsal cloud through the real proxy in workerd: in Node, in a Worker, and in Chromium.

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import test from "node:test";
import { createCloud } from "../cloud/cloud.mjs";
import { bdrcTask, cloudControlTask, ecsTask } from "../cloud/scenarios.mjs";
import { launch } from "../page/support/browser.mjs";
import { CREDENTIAL, startProxy } from "../worker/support/proxy.mjs";
import { journey } from "./journey.mjs";
import { connect, DIST } from "./support.mjs";

const ids = { done: "t-bp1done", fails: "t-bp1fails", partial: "t-bp1partial", vanishes: "t-bp1vanishes", cancelled: "t-bp1cancelled", bdrc: "t-0004moves", cloudControl: "task-moves" };

function tasks(now) {
  const error = { code: "InvalidImageFormat", message: "The image file is not a valid QCOW2 file." };
  const parts = [{ related: { SnapshotId: "s-1" } }, { related: { SnapshotId: "s-2" }, error: { code: "InvalidSnapshotId.NotFound", message: "no such snapshot" } }];
  const past = { createdAt: now - 120_000 };
  return [
    ecsTask(now, { id: ids.done, plan: { ...past, runMs: 60_000 } }),
    ecsTask(now, { id: ids.fails, error, plan: { ...past, runMs: 121_000, end: "failed", reach: 0.6 } }),
    ecsTask(now, { id: ids.partial, action: "ArchiveSnapshot", parts, plan: { ...past, runMs: 121_000, end: "partial" } }),
    ecsTask(now, { id: ids.vanishes, plan: { ...past, runMs: 122_500, end: "vanishes", reach: 0.7 } }),
    ecsTask(now, { id: ids.cancelled, plan: { ...past, runMs: 600_000 } }),
    bdrcTask(now, { id: ids.bdrc, plan: { createdAt: now, runMs: 2_500 } }),
    cloudControlTask(now, { id: ids.cloudControl, plan: { ...past, runMs: 121_000 } }),
  ];
}

/** A world of its own, in which `begin` lets tasks live for seconds. @param {import("node:test").TestContext} t */
async function world(t, { site } = {}) {
  const cloud = createCloud({ credential: CREDENTIAL, cancelMs: 300 });
  await cloud.listen();
  const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: cloud.url }, site });
  t.after(async () => {
    await proxy.dispose();
    await cloud.close();
  });
  const begin = () => cloud.tasks.add(...tasks(Date.now()));
  return { cloud, begin, proxy: proxy.url, token: proxy.token, ids };
}

function check(seen, cloud) {
  const { done, fails, partial, vanishes, cancelled, bdrc, cloudControl } = ids;
  assert.deepEqual(seen.listed.toSorted(), [done, fails, partial, vanishes, cancelled].toSorted());
  assert.deepEqual(seen.alike[0], seen.alike[1], "JSON and XML are read alike");
  assert.deepEqual(seen.ends, {
    [done]: "succeeded", [fails]: "failed", [partial]: "partial", [vanishes]: "gone", [cancelled]: "cancelled",
    [bdrc]: "succeeded", [cloudControl]: "succeeded", "t-nobody": "fault not-found",
  });
  assert.ok(seen.progress.length > 3 && seen.progress.at(-1) === 1, `progress was told: ${seen.progress}`);
  assert.deepEqual(seen.refusals, { ended: "ended", cancelEnded: "fault conflict", cancelBdrc: "request", token: "proxy" });
  const signatures = cloud.calls.filter(({ code }) => code === "SignatureDoesNotMatch");
  assert.deepEqual(signatures, [], "every signature was right");
}

test("in Node, a user lists, watches, cancels and waits", async (t) => {
  const { cloud, begin, ...rest } = await world(t);
  begin();
  check(await journey({ connect }, rest), cloud);
});

test("in workerd, likewise", async (t) => {
  const { cloud, begin, ...rest } = await world(t);
  const program = `import * as tasklens from "tasklens";
    import { journey } from "../tests/client/journey.mjs";
    export default { fetch: async (request) => Response.json(await journey(tasklens, await request.json())) };`;
  const worker = await startProxy({ worker: program });
  t.after(() => worker.dispose());
  begin();
  check(await (await worker.dispatch("/", { method: "POST", body: JSON.stringify(rest) })).json(), cloud);
});

test("in Chromium, likewise", async (t) => {
  const site = fs.mkdtempSync(path.join(os.tmpdir(), "tasklens-site-"));
  fs.cpSync(DIST, site, { recursive: true });
  fs.copyFileSync(new URL("journey.mjs", import.meta.url), path.join(site, "journey.mjs"));
  fs.writeFileSync(path.join(site, "index.html"), "<!doctype html><title>a page</title>");
  const { cloud, begin, ...rest } = await world(t, { site });
  const browser = await launch();
  t.after(async () => {
    await browser.close();
    fs.rmSync(site, { recursive: true });
  });
  const page = await browser.newPage();
  await page.goto(rest.proxy);
  await page.evaluate(async () => {
    const at = (/** @type {string} */ name) => import(new URL(name, location.href).href);
    const [tasklens, journey] = await Promise.all([at("inline.js"), at("journey.mjs")]);
    await tasklens.init();
    Object.assign(globalThis, { tasklens, ...journey });
  });
  begin();
  const seen = await page.evaluate((world) => /** @type {any} */ (globalThis).journey(/** @type {any} */ (globalThis).tasklens, world), rest);
  check(seen, cloud);

  // A hidden tab asks nothing, and catches up when it is shown again.
  const hidden = await page.evaluate(async ({ proxy, token, id }) => {
    const { connect } = await import(new URL("inline.js", location.href).href);
    let state = "visible";
    Object.defineProperty(document, "visibilityState", { get: () => state });
    const show = (/** @type {string} */ next) => { state = next; document.dispatchEvent(new Event("visibilitychange")); };
    let sent = 0;
    const counted = (/** @type {any[]} */ ...args) => { sent++; return fetch(...args); };
    const client = connect({ proxy, headers: { authorization: `Bearer ${token}` }, fetch: counted });
    const watch = client.watch({ api: "ecs", regionId: "cn-hangzhou", id }, { intervalMs: 50, maxIntervalMs: 50, progress: false });
    const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
    while (sent < 3) await wait(5);
    show("hidden");
    await wait(100);
    const before = sent;
    await wait(300);
    const asleep = sent - before;
    show("visible");
    await wait(30);
    const awake = sent - before;
    watch.stop();
    return { asleep, awake };
  }, { ...rest, id: (cloud.tasks.add(ecsTask(Date.now(), { id: "t-bp1long", plan: { runMs: 600_000 } })), "t-bp1long") });
  assert.deepEqual([hidden.asleep, hidden.awake >= 1], [0, true]);
});

test("what the cloud does wrong is an event, and the watch outlives it", async (t) => {
  const { cloud, begin, proxy, token } = await world(t);
  begin();
  for (const trouble of ["html", "redirect", "oversize", "reset", "damaged", { kind: "throttle", retryAfterMs: 50 }]) cloud.fail({ operation: "bdrc.DescribeTask", with: trouble, times: 1 });
  const client = connect({ proxy, headers: { authorization: `Bearer ${token}` } });
  const watch = client.watch({ api: "bdrc", regionId: "cn-shanghai", id: ids.bdrc }, { intervalMs: 50, maxIntervalMs: 200 });
  const codes = [];
  let end;
  for await (const event of watch) {
    if (event.type === "retry") codes.push(event.error.fault?.kind ?? event.error.code);
    if (event.type === "end") end = event.task.status;
  }
  assert.equal(end, "succeeded");
  assert.ok(codes.length >= 2, `${codes}`);
});
