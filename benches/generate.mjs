// ECS replies of any length, from a seed: the same bytes in every run, the same tasks in JSON and in XML.

const SEED = 20140526;

/** mulberry32 */
function dice(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** What is drawn from one seed. */
function fields(seed) {
  const roll = dice(seed);
  const pick = (list) => list[Math.floor(roll() * list.length)];
  return {
    pick,
    id: (prefix) => prefix + Array.from({ length: 17 }, () => pick("abcdefghijklmnopqrstuvwxyz0123456789")).join(""),
    minute: () => new Date(1.4e12 + Math.floor(roll() * 4e11)).toISOString().slice(0, 16) + "Z",
  };
}

/** A reply as ECS would send it; a list stands in an element of its own name, in XML repeated. */
function reply(root, members) {
  const element = (name, value) => {
    if (Array.isArray(value)) return value.map((item) => element(name, item)).join("");
    return `<${name}>${typeof value === "object" ? elements(value) : value}</${name}>`;
  };
  const elements = (value) => Object.entries(value).map(([name, value]) => element(name, value)).join("");
  return { json: JSON.stringify(members), xml: `<?xml version="1.0" encoding="UTF-8"?>${element(root, members)}` };
}

/** A page of so many tasks. */
export function describeTasks(count, seed = SEED) {
  const { pick, id, minute } = fields(seed);
  const tasks = Array.from({ length: count }, () => ({
    CreationTime: minute(),
    TaskStatus: pick(["Finished", "Finished", "Processing", "Failed", "Waiting"]),
    FinishedTime: minute(),
    SupportCancel: pick(["true", "false"]),
    TaskId: id("t-bp1"),
    TaskAction: pick(["ImportImage", "ExportImage", "ModifyDiskSpec", "RedeployInstance"]),
    ResourceId: id("m-bp1"),
  }));
  return reply("DescribeTasksResponse", {
    PageSize: 100,
    PageNumber: 1,
    RequestId: "473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E",
    TotalCount: count,
    RegionId: "cn-hangzhou",
    TaskSet: { Task: tasks },
  });
}

/** One task at work, with its parts. */
export function describeTaskAttribute(seed = SEED) {
  const { id, minute } = fields(seed);
  const part = (OperationStatus, ErrorCode, ErrorMsg) => ({
    OperationStatus,
    ErrorCode,
    ErrorMsg,
    RelatedItemSet: { RelatedItem: [{ Name: "OSSBucket", Value: "images" }, { Name: "OSSObject", Value: `${id("m-bp1")}.raw` }] },
  });
  return reply("DescribeTaskAttributeResponse", {
    RequestId: "473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E",
    RegionId: "cn-hangzhou",
    TaskId: id("t-bp1"),
    TaskAction: "ExportImage",
    TaskStatus: "Processing",
    TaskProcess: "64%",
    SupportCancel: "true",
    CreationTime: minute(),
    FinishedTime: "",
    TotalCount: 3,
    SuccessCount: 1,
    FailedCount: 1,
    OperationProgressSet: {
      OperationProgress: [part("Success", "", ""), part("Failed", "InternalError", "The disk could not be read."), part("Processing", "", "")],
    },
  });
}

/** The inputs of the table, as bytes. */
export function inputs() {
  const encoder = new TextEncoder();
  const [one, hundred, many] = [describeTaskAttribute(), describeTasks(100), describeTasks(10_000)];
  return {
    J1: encoder.encode(one.json), J100: encoder.encode(hundred.json), J10k: encoder.encode(many.json),
    X1: encoder.encode(one.xml), X100: encoder.encode(hundred.xml), X10k: encoder.encode(many.xml),
  };
}
