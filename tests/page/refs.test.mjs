// Which tasks are meant by what was pasted, without a page; the package's reading is played.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readRefs, wordsOf } from "../../www/watch/refs.js";
import { keyOf } from "../../www/watch/address.js";

/** @param {any} reply */
const parses = (reply) => () => ({ requestId: "R", findings: [], ...reply });
const fails = () => { throw new Error("no reply"); };
/** @param {string} text @param {any} [where] */
const read = (text, where = {}) => {
  const { refs, unknown, group } = readRefs(text, { api: "ecs", regionId: "cn-hangzhou", parse: fails, ...where });
  return [refs.map(keyOf), unknown, group && [group.regionId, group.id]];
};
const started = { kind: "started", id: null, groupId: null, subTasks: [], extra: {} };

describe("ids", () => {
  /** @type {[what: string, text: string, where: any, expected: any[]][]} */
  const cases = [
    ["nothing", " \n ", {}, [[], [], null]],
    ["one", "t-bp1a", {}, [["ecs:cn-hangzhou:t-bp1a"], [], null]],
    ["many, parted by anything, each once", "t-1, t-2；t-3、t-4|\"t-5\"\n['t-6',\"t-7\"] t-1.", {}, [[1, 2, 3, 4, 5, 6, 7].map((n) => `ecs:cn-hangzhou:t-${n}`), [], null]],
    ["among words, which are not understood", "Task t-1 started: cn-hangzhou 任务", {}, [["ecs:cn-hangzhou:t-1"], ["Task", "started", "cn-hangzhou", "任务"], null]],
    ["of Cloud Control by their form", "task-1", {}, [["cloudcontrol::task-1"], [], null]],
    ["of Cloud Control without a region", "task-1", { api: undefined, regionId: undefined }, [["cloudcontrol::task-1"], [], null]],
    ["of Cloud Control with the region that is meant for it", "task-1", { api: "cloudcontrol", regionId: "ap-southeast-1" }, [["cloudcontrol:ap-southeast-1:task-1"], [], null]],
    ["of BDRC where that is meant: their form is that of ECS", "t-0004d9", { api: "bdrc", regionId: "cn-shanghai" }, [["bdrc:cn-shanghai:t-0004d9"], [], null]],
    ["of ECS by their form, whatever is meant", "t-1", { api: "cloudcontrol" }, [["ecs:cn-hangzhou:t-1"], [], null]],
    ["of ECS without a region", "t-1", { regionId: undefined }, [[], ["t-1"], null]],
    ["of another form go where is meant", "job42x7", { api: "bdrc", regionId: "cn-shanghai" }, [["bdrc:cn-shanghai:job42x7"], [], null]],
    ["of requests, and masked ones", "473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E t-bp1**** ap-southeast-1", {}, [[], ["473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E", "t-bp1****", "ap-southeast-1"], null]],
    ["written out", "bdrc:cn-shanghai:t-1 cloudcontrol::task-2 ecs::t-3 ecs:cn-beijing:t-4****", {}, [["bdrc:cn-shanghai:t-1", "cloudcontrol::task-2"], ["ecs::t-3", "ecs:cn-beijing:t-4****"], null]],
    ["of a group, beside others", "g-2ze t-1 g-3ze", {}, [["ecs:cn-hangzhou:t-1"], ["g-3ze"], ["cn-hangzhou", "g-2ze"]]],
    ["of a group without a region", "g-2ze", { regionId: undefined }, [[], ["g-2ze"], null]],
  ];
  for (const [what, text, where, expected] of cases) test(what, () => assert.deepEqual(read(text, where), expected));
});

describe("a reply", () => {
  test("that started a task", () => {
    assert.deepEqual(read("{}", { parse: parses({ ...started, id: "t-1" }) }), [["ecs:cn-hangzhou:t-1"], [], null]);
    assert.deepEqual(read("<a/>", { parse: parses({ ...started, id: "t-1", extra: { RegionId: "cn-beijing" } }) }), [["ecs:cn-beijing:t-1"], [], null]);
    assert.deepEqual(read("{}", { parse: parses({ ...started, id: "task-1" }) }), [["cloudcontrol::task-1"], [], null]);
    assert.deepEqual(read("{}", { regionId: undefined, parse: parses({ ...started, id: "t-1" }) }), [[], ["t-1"], null]);
  });
  test("that started a group", () => assert.deepEqual(read("{}", { parse: parses({ ...started, groupId: "g-1" }) }), [[], [], ["cn-hangzhou", "g-1"]]));
  test("that is a task or has several says their API, and mostly their region", () => {
    const task = { api: "ecs", id: "t-1", regionId: "cn-beijing" };
    assert.deepEqual(read("{}", { parse: parses({ kind: "task", task }) }), [["ecs:cn-beijing:t-1"], [], null]);
    const tasks = [{ api: "bdrc", id: "t-1", regionId: null }, { api: "bdrc", id: "t-2", regionId: null }];
    assert.deepEqual(read("{}", { regionId: "cn-shanghai", parse: parses({ kind: "tasks", tasks }) }), [["bdrc:cn-shanghai:t-1", "bdrc:cn-shanghai:t-2"], [], null]);
    assert.deepEqual(read("{}", { regionId: undefined, parse: parses({ kind: "tasks", tasks }) }), [[], ["t-1", "t-2"], null]);
  });
  test("without a task is not understood", () => assert.deepEqual(read('{"Code":"Throttling"}', { parse: parses({ kind: "fault" }) }), [[], ['{"Code":"Throttling"}'], null]));
  test("that is cut off still has ids in it", () => {
    const [refs] = read('{"RequestId":"9A1B2C3D4E","TaskId":"t-1","RegionId":"cn-hangzhou","Imag');
    assert.deepEqual(refs, ["ecs:cn-hangzhou:t-1"], "and what is no id by its form is none");
  });
});

test("the task of a reply, in words to be read again", () => {
  /** @param {any} reply */
  const words = (reply) => wordsOf(reply);
  assert.equal(words({ ...started, id: "t-1", extra: { RegionId: "cn-hangzhou" } }), "ecs:cn-hangzhou:t-1");
  assert.equal(words({ ...started, id: "t-1" }), "t-1");
  assert.equal(words({ ...started, id: "task-1" }), "cloudcontrol::task-1");
  assert.equal(words({ ...started, groupId: "g-1" }), "g-1");
  assert.equal(words({ ...started, id: "t-1****" }), "", "a masked id cannot be asked for");
  const task = { api: "ecs", id: "t-1", regionId: "cn-hangzhou", terminal: false };
  assert.equal(words({ kind: "task", task }), "ecs:cn-hangzhou:t-1");
  assert.equal(words({ kind: "task", task: { ...task, api: "cloudcontrol", id: "task-1", regionId: null } }), "cloudcontrol::task-1");
  for (const other of [{ terminal: true }, { regionId: null }, { id: "t-1****" }]) assert.equal(words({ kind: "task", task: { ...task, ...other } }), "");
  assert.equal(words({ kind: "accepted" }), "");
});
