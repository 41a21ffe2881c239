// Replies made for tests, and the page's own samples.
import { readFileSync } from "node:fs";

const SAMPLES = new URL("../../../www/samples/", import.meta.url);

/** @type {{ id: string, file: string }[]} */
export const samples = JSON.parse(readFileSync(new URL("index.json", SAMPLES), "utf8"));

/** @param {string} id */
export function sample(id) {
  return readFileSync(new URL(/** @type {any} */ (samples.find((one) => one.id === id)).file, SAMPLES), "utf8");
}

const WORDS = ["Finished", "Processing", "Failed", "Waiting"];

/** A reply of DescribeTasks with n tasks. @param {number} n @param {number} [indent] */
export function longList(n, indent = 1) {
  const tasks = Array.from({ length: n }, (_, i) => ({
    CreationTime: "2026-11-20T12:00Z", SupportCancel: "true", TaskAction: "ImportImage", TaskStatus: WORDS[i % 4], TaskId: `t-${String(i).padStart(6, "0")}`, ResourceId: `m-${i}`,
  }));
  return JSON.stringify({ PageNumber: 1, PageSize: n, TotalCount: n, RegionId: "cn-hangzhou", RequestId: "R", TaskSet: { Task: tasks } }, null, indent);
}

/** Markup that would run, were it ever markup. @param {number} n */
export const hostile = (n) => `"><img src=x onerror=pwned(${n})><script>pwned(${n})</script><svg onload=pwned(${n})>&lt;b&gt;${n}`;

/** A task with hostile markup wherever a server's string can stand. */
export function hostileTask() {
  return JSON.stringify({
    RequestId: hostile(1), RegionId: hostile(2), TaskId: hostile(3), TaskAction: hostile(4), TaskStatus: hostile(5), TaskProcess: hostile(6),
    CreationTime: hostile(7), SupportCancel: hostile(8), [hostile(9)]: hostile(10),
    OperationProgressSet: { OperationProgress: [{ OperationStatus: hostile(11), ErrorCode: hostile(12), ErrorMsg: hostile(13), RelatedItemSet: { RelatedItem: [{ Name: hostile(14), Value: hostile(15) }] } }] },
  });
}

export function hostileBdrc() {
  return JSON.stringify({ RequestId: hostile(1), Data: {
    TaskId: hostile(2), TaskName: hostile(3), TaskDescription: hostile(4), TaskType: hostile(5), TaskPriority: hostile(6), TaskStatus: "FAILED", ErrorMessage: hostile(7),
    TaskDetail: JSON.stringify({ [hostile(8)]: hostile(9) }), TaskResult: hostile(10), StartTime: 1724983927 } });
}

export function hostileCloudControl() {
  return JSON.stringify({ requestId: hostile(1), task: {
    taskId: hostile(2), status: "Failed", taskAction: hostile(3), product: hostile(4), resourceType: hostile(5), resourceId: hostile(6), resourcePath: `${hostile(7)}\n${hostile(8)}`, regionId: hostile(9), createTime: "2022-10-09T00:46:03Z",
    error: { code: hostile(10), message: JSON.stringify({ requestId: hostile(11), errorCode: hostile(12), errorMsg: hostile(13) }) } } });
}

/** @param {string} recommend */
export function fault(recommend) {
  return JSON.stringify({ RequestId: hostile(1), HostId: hostile(2), Code: hostile(3), Message: hostile(4), Recommend: recommend, AccessDeniedDetail: { [hostile(5)]: hostile(6) } });
}

/** An ECS task with these fields on top. @param {Record<string, unknown>} fields */
export function ecsTask(fields) {
  return JSON.stringify({ RequestId: "R-1", RegionId: "cn-hangzhou", TaskId: "t-1", TaskAction: "ExportImage", TaskStatus: "Processing", SupportCancel: "true", CreationTime: "2026-11-20T12:00Z", ...fields }, null, 2);
}
