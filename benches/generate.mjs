// DescribeTasks replies of any length, from a seed: the same bytes in every run.

/** mulberry32 */
function dice(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** @returns the page as ECS would send it: `json` and `xml` hold the same tasks */
export function describeTasks(count, seed = 20140526) {
  const roll = dice(seed);
  const pick = (list) => list[Math.floor(roll() * list.length)];
  const id = (prefix) => prefix + Array.from({ length: 17 }, () => pick("abcdefghijklmnopqrstuvwxyz0123456789")).join("");
  const minute = () => new Date(1.4e12 + Math.floor(roll() * 4e11)).toISOString().slice(0, 16) + "Z";
  const tasks = Array.from({ length: count }, () => ({
    CreationTime: minute(),
    TaskStatus: pick(["Finished", "Finished", "Processing", "Failed", "Waiting"]),
    FinishedTime: minute(),
    SupportCancel: pick(["true", "false"]),
    TaskId: id("t-bp1"),
    TaskAction: pick(["ImportImage", "ExportImage", "ModifyDiskSpec", "RedeployInstance"]),
    ResourceId: id("m-bp1"),
  }));
  const head = { PageSize: 100, PageNumber: 1, RequestId: "473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E", TotalCount: count, RegionId: "cn-hangzhou" };
  const elements = (fields) => Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`).join("");
  return {
    json: JSON.stringify({ ...head, TaskSet: { Task: tasks } }),
    xml:
      `<?xml version="1.0" encoding="UTF-8"?><DescribeTasksResponse>${elements(head)}<TaskSet>` +
      tasks.map((task) => `<Task>${elements(task)}</Task>`).join("") +
      "</TaskSet></DescribeTasksResponse>",
  };
}
