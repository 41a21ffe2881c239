// @ts-check
// The default world, for people: at any moment something moves, something ends well, something ends badly, and something
// new begins. Which sub-task names the actions other than ExportImage have is not documented; these are assumed.
import { createNames } from "./names.mjs";
import { eager, late, linear, steps } from "./timeline.mjs";

/** @typedef {import("./tasks.mjs").Task} Task */
/** @typedef {import("./tasks.mjs").Part} Part */
/** @typedef {import("./timeline.mjs").Plan} Plan */
/** @typedef {import("./names.mjs").Names} Names */
/** @typedef {{ code: string, message: string }} Problem */
/** @typedef {{ api: "bdrc" | "cloudcontrol", regionId: string, id: string }} Watched */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const REGION = "cn-hangzhou";

/** How long a task that arrived is listed after its end, so that the list stays readable. */
const KEPT_MS = 10 * MINUTE;

const NO_FILE = { code: "InvalidOssObject.NotFound", message: "The specified OSS object does not exist: backups/web-2024-11.vhd." };
const BAD_FILE = { code: "InvalidImageFormat", message: "The file debian-13.qcow2 is not a valid QCOW2 image: its header is damaged. Upload it again." };
const NO_CATEGORY = { code: "InvalidDiskCategory.NotSupported", message: "The specified disk category is not supported in this zone." };
const NO_CAPACITY = { code: "OperationDenied.NoStock", message: "The requested resource is sold out in the specified zone; try another zone." };
const NO_SNAPSHOT = { code: "InvalidSnapshotId.NotFound", message: "The specified snapshot does not exist; it may have been deleted by its retention rule." };
const NO_PERMISSION = { code: "InvalidRamUser.NoPermission", message: "Ram user is not authorized to perform the operation." };

/**
 * @param {number} now @param {number} [seed] the same gives the same names and times
 * @returns {{ tasks: Task[], arrivals: Iterable<Task>, watch: Watched[] }} `watch`: what has no list to be found in, or is worth a look
 */
export function lively(now, seed = 1) {
  const names = createNames(seed);
  const others = [...bdrcTasks(now, names), ...cloudControlTasks(now, names)];
  return {
    tasks: [...ecsTasks(now, names), ...others],
    arrivals: arrivals(now, createNames(seed + 1)),
    watch: others.map(({ api, region, id }) => ({ api: /** @type {Watched["api"]} */ (api), regionId: region, id })),
  };
}

/** 24, each made for one thing that can be seen. @param {number} now @param {Names} names @returns {Task[]} */
function ecsTasks(now, names) {
  /** Ended some minutes ago. @param {number} minutes @param {Partial<Plan>} [plan] */
  const ago = (minutes, plan) => ({ createdAt: now - minutes * MINUTE, queuedMs: 5 * SECOND, runMs: names.between(60, 400) * SECOND, ...plan });
  /** Runs already, and for some seconds more. @param {number} seconds @param {Partial<Plan>} [plan] */
  const left = (seconds, plan) => {
    const past = names.between(20, 90) * SECOND;
    return { createdAt: now - past, runMs: past + seconds * SECOND, ...plan };
  };
  /** @type {[string, Plan, { error?: Problem, parts?: Part[] }?][]} */
  const table = [
    ["ImportImage", ago(183)],
    ["ImportImage", ago(124, { end: "failed", reach: 0.08 }), { error: NO_FILE }],
    ["ExportImage", ago(121)],
    ["RedeployInstance", ago(95)],
    ["ModifyDiskSpec", ago(71)],
    ["ArchiveSnapshot", ago(55), { parts: snapshots(names, 3, 0) }],
    ["ModifyDiskSpec", ago(40)],
    ["ModifyDiskSpec", ago(33, { end: "failed", reach: 0.35 }), { error: NO_CATEGORY }],
    ["ExportImage", ago(26)],
    ["ExportImage", ago(18, { runMs: 10 * MINUTE, cancelledAt: now - 16 * MINUTE, cancelMs: 4 * SECOND })],
    ["ArchiveSnapshot", left(35, { end: "partial" }), { parts: snapshots(names, 5, 2) }],
    ["ImportImage", left(25, { curve: eager })],
    ["ImportImage", left(20, { end: "failed", reach: 0.62 }), { error: BAD_FILE }],
    ["ImportImage", left(90)],
    ["ImportImage", { createdAt: now - 30 * SECOND, runMs: 100 * SECOND, stalls: [{ at: 0.45, forMs: 5 * MINUTE }] }],
    ["ExportImage", left(180)],
    ["ExportImage", left(360, { curve: late })],
    ["ExportImage", { createdAt: now - 20 * SECOND, runMs: 80 * SECOND, stalls: [{ at: 0.3, forMs: MINUTE, paused: true }] }],
    ["RedeployInstance", left(45, { curve: steps(4) })],
    ["RedeployInstance", { createdAt: now - 10 * SECOND, queuedMs: 40 * SECOND, runMs: MINUTE }],
    ["ModifyDiskSpec", left(60)],
    ["ModifyDiskSpec", left(150, { curve: steps(10) })],
    ["ModifyDiskSpec", left(40, { end: "vanishes", reach: 0.9 })],
    ["ArchiveSnapshot", left(240), { parts: snapshots(names, 8, 0) }],
  ];
  return table.map(([action, plan, more]) => ecsTask(names, action, plan, more));
}

/** Without end: a new task every 25 to 55 s, each of which runs longer than that, so that one always does. @param {number} now @param {Names} names @returns {Generator<Task, never>} */
function* arrivals(now, names) {
  for (let createdAt = now + 8 * SECOND; ; createdAt += names.between(25, 55) * SECOND) {
    const action = names.pick(ACTIONS);
    const lot = names.next();
    const end = lot < 0.1 ? "failed" : lot < 0.17 ? "partial" : "succeeded";
    yield ecsTask(names, end === "partial" ? "ArchiveSnapshot" : action, {
      createdAt, queuedMs: names.between(2, 12) * SECOND, runMs: names.between(60, 180) * SECOND, keptMs: KEPT_MS,
      curve: names.pick([linear, linear, eager, late, steps(5)]), end, reach: end === "failed" ? names.between(10, 90) / 100 : 1,
    }, end === "partial" ? { parts: snapshots(names, names.between(3, 7), 1) } : end === "failed" ? { error: PROBLEMS[action] } : {});
  }
}

const ACTIONS = ["ImportImage", "ExportImage", "RedeployInstance", "ModifyDiskSpec", "ArchiveSnapshot"];

/** @type {Record<string, Problem>} */
const PROBLEMS = { ImportImage: BAD_FILE, ExportImage: NO_PERMISSION, RedeployInstance: NO_CAPACITY, ModifyDiskSpec: NO_CATEGORY, ArchiveSnapshot: NO_SNAPSHOT };

/** @param {Names} names @param {string} action @param {Plan} plan @param {{ error?: Problem, parts?: Part[] }} [more] @returns {Task} */
function ecsTask(names, action, plan, more = {}) {
  const id = names.ecsTask();
  const [resourceId, related] = about(names, action, id);
  return { api: "ecs", region: REGION, id, action, plan, ...(resourceId ? { resourceId } : {}), parts: [{ related }], ...more };
}

/** What the task is about, and how its one sub-task names it. @param {Names} names @param {string} action @param {string} id @returns {[string, Record<string, string>]} */
function about(names, action, id) {
  const image = names.image();
  if (action === "ImportImage") return [image, { OSSBucket: "images", OSSObject: `${names.pick(["debian-13", "ubuntu-24-04", "web", "batch"])}.qcow2` }];
  if (action === "ExportImage") return [image, { OSSBucket: "image-exports", OSSObject: `nightly_${image}_${id}.vhd`, ImageFormat: "vhd" }];
  if (action === "RedeployInstance") { const instance = names.instance(); return [instance, { InstanceId: instance }]; }
  if (action === "ModifyDiskSpec") { const disk = names.disk(); return [disk, { DiskId: disk }]; }
  const snapshot = names.snapshot();
  return [snapshot, { SnapshotId: snapshot }];
}

/** Sub-tasks, the last of which go wrong. @param {Names} names @param {number} n @param {number} failing @returns {Part[]} */
function snapshots(names, n, failing) {
  return Array.from({ length: n }, (_, i) => ({ related: { SnapshotId: names.snapshot() }, ...(i >= n - failing ? { error: NO_SNAPSHOT } : {}) }));
}

/** @param {number} now @param {Names} names @returns {Task[]} */
function bdrcTasks(now, names) {
  const resourceTypes = ["ACS::ECS::Instance", "ACS::OSS::Bucket", "ACS::OTS::Instance", "ACS::NAS::FileSystem"];
  const result = { resourceCounts: resourceTypes.map((resourceType) => ({ resourceType, count: names.between(1, 90) })) };
  /** @type {[string, string, Plan, Partial<Task>?][]} */
  const table = [
    ["UPDATE_RESOURCES", "refresh all resources", { createdAt: now - 40 * SECOND, runMs: 190 * SECOND }],
    ["CHECK_RULES", "nightly backup rules", { createdAt: now - 5 * SECOND, queuedMs: 20 * SECOND, runMs: 90 * SECOND, curve: steps(20) }],
    ["CHECK_RULES", "cross-region copies", { createdAt: now - 50 * SECOND, runMs: 95 * SECOND, end: "failed", reach: 0.7 }, { error: { code: "", message: "too many requests." } }],
    ["UPDATE_RESOURCES", "buckets of the archive", { createdAt: now - 90 * MINUTE, runMs: 4 * MINUTE }, { priority: "LOW" }],
    ["UPDATE_RESOURCES", "file systems", { createdAt: now - 26 * 60 * MINUTE, runMs: 24 * 60 * MINUTE, end: "expired", reach: 0.31 }, { priority: "LOW" }],
  ];
  return table.map(([action, name, plan, more]) => ({ api: "bdrc", region: "cn-shanghai", id: names.bdrcTask(), action, name, plan, detail: { resourceTypes }, result, ...more }));
}

/** @param {number} now @param {Names} names @returns {Task[]} */
function cloudControlTasks(now, names) {
  /** @type {[string, string, Plan, Partial<Task>?][]} */
  const table = [
    ["Create", REGION, { createdAt: now - 15 * SECOND, runMs: 90 * SECOND }],
    ["Update", "cn-beijing", { createdAt: now - 30 * SECOND, runMs: 80 * SECOND, end: "partial" }, { error: NO_PERMISSION }],
    ["Delete", REGION, { createdAt: now - 3 * SECOND, queuedMs: 25 * SECOND, runMs: 150 * SECOND }],
    ["Create", "cn-beijing", { createdAt: now - 47 * MINUTE, runMs: 20 * SECOND, end: "failed" }, { error: NO_CAPACITY }],
    ["Create", "ap-southeast-1", { createdAt: now - 20 * SECOND, runMs: 140 * SECOND }],
  ];
  return table.map(([action, region, plan, more]) => {
    const instance = names.instance(region);
    return { api: "cloudcontrol", region, id: names.cloudControlTask(), action, plan, product: "ECS", resourceType: "Instance", resourceId: instance, resourcePath: `Instance/${instance}`, ...more };
  });
}
