// Every task of a list, once, though the list shifts while it is read.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import test from "node:test";
import { client, fault, never, refused, serve, sleep } from "./support.mjs";

const ECS = { operation: "ecs.DescribeTasks", regionId: "cn-hangzhou" };
const BDRC = { operation: "bdrc.DescribeTasks", regionId: "cn-shanghai" };
const ids = (from, to) => Array.from({ length: to - from }, (_, index) => `t-${from + index}`);

async function collect(iterator) {
  const found = [];
  for await (const task of iterator) found.push(task.id);
  return found;
}

/** A list of ECS that is read by page number; `before` may change it before each look. */
function ecs(list, { total = true, before = () => {} } = {}) {
  const server = { list };
  server.answer = ({ query }, _, look) => {
    before(server, look);
    const [number, size] = [Number(query.PageNumber), Number(query.PageSize)];
    const page = server.list.slice((number - 1) * size, number * size);
    const Task = page.map((TaskId) => ({ TaskId, TaskStatus: "Processing", TaskAction: "ImportImage" }));
    return { body: { RequestId: "r", PageNumber: number, PageSize: size, ...(total && { TotalCount: server.list.length }), TaskSet: { Task } } };
  };
  return server;
}

/** A list of BDRC that is read by token. */
const bdrc = (pages) => ({ query }) => {
  const at = pages.findIndex(({ token }) => token === (query.NextToken ?? ""));
  const Content = pages[at].tasks.map((TaskId) => ({ TaskId, TaskStatus: "RUNNING" }));
  return { body: { RequestId: "r", Data: { Content, MaxResults: Number(query.MaxResults), NextToken: pages[at].next } } };
};

for (const [what, count, pages] of [["no task", 0, 1], ["one", 1, 1], ["one less than a page", 99, 1], ["a full page", 100, 1], ["one more", 101, 2], ["three full pages", 300, 3], ["1,234", 1234, 13]]) {
  test(`ECS: a list of ${what} takes ${pages} request(s)`, async (t) => {
    const { proxy, requests } = await serve(t, ecs(ids(0, count)).answer);
    assert.deepEqual(await collect(client(proxy).tasks(ECS)), ids(0, count));
    assert.equal(requests.length, pages);
    assert.deepEqual(requests.map(({ query }) => [query.PageNumber, query.PageSize]), Array.from({ length: pages }, (_, index) => [String(index + 1), "100"]));
  });
}

test("ECS: without a total, a page that is not full is the last", async (t) => {
  for (const [count, pages] of [[0, 1], [150, 2], [200, 3]]) {
    const { proxy, requests } = await serve(t, ecs(ids(0, count), { total: false }).answer);
    assert.equal((await collect(client(proxy).tasks(ECS))).length, count);
    assert.equal(requests.length, pages);
  }
});

test("ECS: the caller's page size, first page and conditions are kept", async (t) => {
  const { proxy, requests } = await serve(t, ecs(ids(0, 25)).answer);
  assert.deepEqual(await collect(client(proxy).tasks({ ...ECS, pageSize: 10, pageNumber: 2, taskStatus: "Failed" })), ids(10, 25));
  assert.deepEqual(requests.map(({ query }) => query), [2, 3].map((page) => ({ RegionId: "cn-hangzhou", PageNumber: String(page), PageSize: "10", TaskStatus: "Failed" })));
});

test("ECS: tasks that are put in before come once", async (t) => {
  let fresh = 0;
  const server = ecs(ids(0, 50), { before: (server, look) => look > 1 && look < 5 && server.list.unshift(`new-${fresh++}`, `new-${fresh++}`, `new-${fresh++}`) });
  const { proxy } = await serve(t, server.answer);
  assert.deepEqual(await collect(client(proxy).tasks({ ...ECS, pageSize: 10 })), ids(0, 50));
});

test("ECS: tasks that slip onto a page already read are found, in order", async (t) => {
  const server = ecs(ids(0, 50), { before: (server, look) => [2, 5].includes(look) && server.list.splice(0, 3) });
  const { proxy, requests } = await serve(t, server.answer);
  assert.deepEqual(await collect(client(proxy).tasks({ ...ECS, pageSize: 10 })), ids(0, 50));
  assert.deepEqual(requests.map(({ query }) => query.PageNumber), ["1", "2", "1", "2", "3", "2", "3", "4", "5"]);
});

test("ECS: a whole page that goes takes as many steps back", async (t) => {
  const server = ecs(ids(0, 50), { before: (server, look) => look === 4 && server.list.splice(0, 25) });
  const { proxy } = await serve(t, server.answer);
  assert.deepEqual(await collect(client(proxy).tasks({ ...ECS, pageSize: 10 })), ids(0, 50));
});

test("ECS: a list that shrinks with every look is read to its end all the same", async (t) => {
  const server = ecs(ids(0, 400), { before: (server) => server.list.shift() });
  const { proxy, requests } = await serve(t, server.answer);
  const found = await collect(client(proxy).tasks({ ...ECS, pageSize: 10 }));
  assert.equal(new Set(found).size, found.length);
  assert.ok(requests.length < 400, `${requests.length} requests`);
});

test("ECS: a server that does not page is found out", async (t) => {
  const { proxy, requests } = await serve(t, { body: { RequestId: "r", TaskSet: { Task: ids(0, 10).map((TaskId) => ({ TaskId, TaskStatus: "Processing" })) } } });
  const found = [];
  const error = await refused((async () => { for await (const task of client(proxy).tasks({ ...ECS, pageSize: 10 })) found.push(task.id); })());
  assert.deepEqual([error.code, found], ["invalid", ids(0, 10)]);
  assert.ok(requests.length < 20);
});

test("BDRC: pages follow by token until there is none", async (t) => {
  const pages = [{ token: "", tasks: ["a", "b"], next: "x" }, { token: "x", tasks: [], next: "y" }, { token: "y", tasks: ["b", "c"], next: "" }];
  const { proxy, requests } = await serve(t, bdrc(pages));
  assert.deepEqual(await collect(client(proxy).tasks(BDRC)), ["a", "b", "c"]);
  assert.deepEqual(requests.map(({ query }) => [query.NextToken, query.MaxResults]), [[undefined, "100"], ["x", "100"], ["y", "100"]]);
});

test("BDRC: the caller's token and size are where it begins", async (t) => {
  const pages = [{ token: "", tasks: ["a"], next: "x" }, { token: "x", tasks: ["b"], next: "" }];
  const { proxy, requests } = await serve(t, bdrc(pages));
  assert.deepEqual(await collect(client(proxy).tasks({ ...BDRC, nextToken: "x", maxResults: 10, taskType: "CHECK_RULES" })), ["b"]);
  assert.deepEqual(requests[0].query, { RegionId: "cn-shanghai", MaxResults: "10", NextToken: "x", TaskType: "CHECK_RULES" });
});

for (const [what, pages, requested] of [
  ["its own token", [{ token: "", tasks: ["a"], next: "x" }, { token: "x", tasks: ["b"], next: "x" }], 2],
  ["an earlier token", [{ token: "", tasks: ["a"], next: "x" }, { token: "x", tasks: ["b"], next: "y" }, { token: "y", tasks: ["c"], next: "x" }], 3],
]) {
  test(`BDRC: ${what} again ends in an error, after the tasks before it`, async (t) => {
    const { proxy, requests } = await serve(t, bdrc(pages));
    const found = [];
    const error = await refused((async () => { for await (const task of client(proxy).tasks(BDRC)) found.push(task.id); })());
    assert.deepEqual([error.code, error.path], ["invalid", "$.Data.NextToken"]);
    assert.deepEqual([found, requests.length], [pages.flatMap(({ tasks }) => tasks), requested]);
  });
}

for (const operation of ["ecs.DescribeTaskAttribute", "bdrc.DescribeTask", "cloudcontrol.GetTask"]) {
  test(`${operation} has no pages to walk`, async (t) => {
    const { proxy, requests } = await serve(t, {});
    const error = await refused(client(proxy).tasks({ operation, regionId: "cn-shanghai", taskId: "t-1" }).next());
    assert.deepEqual([error.code, error.path, requests.length], ["request", "operation", 0]);
  });
}

test("a page that is refused ends the walk with its fault; one that may pass is tried again", async (t) => {
  const list = ecs(ids(0, 15));
  const once = new Set();
  const { proxy } = await serve(t, (asked) => (asked.query.PageNumber === "2" && !once.has(2) ? (once.add(2), fault("Throttling")) : list.answer(asked)));
  assert.deepEqual(await collect(client(proxy).tasks({ ...ECS, pageSize: 10 })), ids(0, 15));

  const refusing = await serve(t, (asked) => (asked.query.PageNumber === "2" ? fault("Forbidden.RAM", 403) : list.answer(asked)));
  const iterator = client(refusing.proxy).tasks({ ...ECS, pageSize: 10 });
  const error = await refused(collect(iterator));
  assert.equal(error.fault.kind, "denied");
  assert.deepEqual(await iterator.next(), { done: true, value: undefined }, "and it is over");
});

test("nothing is asked before the first task is wanted, nor a page before its time", async (t) => {
  const { proxy, requests } = await serve(t, ecs(ids(0, 30)).answer);
  const iterator = client(proxy).tasks({ ...ECS, pageSize: 10 });
  await sleep(10);
  assert.equal(requests.length, 0);
  for (let i = 0; i < 10; i++) await iterator.next();
  await sleep(10);
  assert.equal(requests.length, 1);
});

test("an early break asks no more", async (t) => {
  const { proxy, requests } = await serve(t, ecs(ids(0, 30)).answer);
  const iterator = client(proxy).tasks({ ...ECS, pageSize: 10 });
  for await (const { id } of iterator) if (id === "t-11") break;
  await sleep(10);
  assert.equal(requests.length, 2);
  assert.deepEqual(await iterator.next(), { done: true, value: undefined });
});

test("return() ends the request under way, and what waits for it", async (t) => {
  const { proxy, requests } = await serve(t, never);
  const iterator = client(proxy).tasks(ECS);
  const [first, second] = [iterator.next(), iterator.next()];
  while (requests.length === 0) await sleep(1);
  assert.deepEqual(await iterator.return("x"), { done: true, value: "x" });
  assert.deepEqual([await first, await second], [{ done: true, value: undefined }, { done: true, value: undefined }]);
  assert.equal(await requests[0].gone, true);
  await sleep(10);
  assert.equal(requests.length, 1);
});

test("throw() ends it likewise, with the error", async (t) => {
  const { proxy } = await serve(t, ecs(ids(0, 5)).answer);
  const iterator = client(proxy).tasks(ECS);
  await iterator.next();
  await assert.rejects(iterator.throw(new RangeError("mine")), RangeError);
  assert.deepEqual(await iterator.next(), { done: true, value: undefined });
});

test("next() may be called ahead: the tasks come in turn, from one request", async (t) => {
  const { proxy, requests } = await serve(t, ecs(ids(0, 5)).answer);
  const iterator = client(proxy).tasks(ECS);
  const results = await Promise.all(Array.from({ length: 7 }, () => iterator.next()));
  assert.deepEqual(results.map(({ value }) => value?.id), [...ids(0, 5), undefined, undefined]);
  assert.equal(requests.length, 1);
});

test("a signal that comes between two tasks ends it at the next", async (t) => {
  const { proxy, requests } = await serve(t, ecs(ids(0, 30)).answer);
  const controller = new AbortController();
  const found = [];
  const error = await refused((async () => {
    for await (const { id } of client(proxy).tasks({ ...ECS, pageSize: 10 }, { signal: controller.signal })) {
      found.push(id);
      assert.equal(getEventListeners(controller.signal, "abort").length, 0, "none is left while nobody waits");
      if (id === "t-2") controller.abort(new Error("enough"));
    }
  })());
  assert.deepEqual([error.code, error.cause.message, found, requests.length], ["aborted", "enough", ids(0, 3), 1]);
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
});

test("each call of tasks() is a walk of its own, and an iterator is its own iterable", async (t) => {
  const { proxy } = await serve(t, ecs(ids(0, 3)).answer);
  const tasklens = client(proxy);
  const [a, b] = [tasklens.tasks(ECS), tasklens.tasks(ECS)];
  assert.equal(a[Symbol.asyncIterator](), a);
  assert.deepEqual(await Promise.all([collect(a), collect(b)]), [ids(0, 3), ids(0, 3)]);
});
