// @ts-check
// What a Worker of one's own may hand to `createProxy`: who may enter, the time, a nonce, a fetch, a path above it.
import assert from "node:assert/strict";
import test, { after } from "node:test";
import { startProxy, TOKEN } from "./support/proxy.mjs";
import { EMPTY, refuse, startUpstream } from "./support/upstream.mjs";

const TASKS = "/ecs/DescribeTasks?RegionId=cn-hangzhou";
const upstream = await startUpstream();
after(() => upstream.close());

/** @param {string} options the source of an object @param {(proxy: import("./support/proxy.mjs").Proxy) => Promise<void>} use @param {Record<string, string | null>} [env] */
async function with_(options, use, env = {}) {
  upstream.requests.length = 0;
  const worker = `import { createProxy } from "tasklens/proxy"; export default createProxy(${options});`;
  const proxy = await startProxy({ worker, env: { TASKLENS_UPSTREAM: upstream.url, ...env } });
  try {
    await use(proxy);
  } finally {
    await proxy.dispose();
  }
}

for (const [says, status] of /** @type {[string, number][]} */ ([
  ["true", 200], ["Promise.resolve(true)", 200], ["false", 401], ["Promise.resolve(false)", 401], ["1", 401], ['"true"', 401], ["({})", 401], ["undefined", 401], ["null", 401],
  ['(() => { throw new Error("no") })()', 401], ['Promise.reject(new Error("no"))', 401],
])) {
  test(`authorize that says ${says} → ${status}, token or not`, () => with_(`{ authorize: () => ${says} }`, async (proxy) => {
    for (const headers of [{}, { authorization: null }]) {
      const answer = await proxy.raw(TASKS, { headers: /** @type {Record<string, string | null>} */ (headers) });
      assert.equal(answer.status, status, answer.body);
    }
    assert.equal(upstream.requests.length, status === 200 ? 2 : 0);
  }));
}

test("authorize may read the request and the settings", () => with_('{ authorize: ({ headers }, { TEAM }) => headers.get("x-team") === TEAM }', async (proxy) => {
  assert.equal((await proxy.raw(TASKS, { headers: { authorization: null, "x-team": "blue" } })).status, 200);
  assert.equal((await proxy.raw(TASKS, { headers: { authorization: `Bearer ${TOKEN}`, "x-team": "red" } })).status, 401);
}, { TEAM: "blue", TASKLENS_TOKENS: null }));

test("authorize is not asked where the origin is refused or the page only asks first", () => with_('{ authorize: () => { console.log("asked"); return true; } }', async (proxy) => {
  assert.equal((await proxy.raw(TASKS, { headers: { origin: "https://evil.example" } })).status, 403);
  assert.equal((await proxy.raw(TASKS, { method: "OPTIONS", headers: { origin: "https://a.example", "access-control-request-method": "GET" } })).status, 204);
  assert.doesNotMatch(proxy.logs.text, /asked/);
}, { TASKLENS_ORIGINS: "https://a.example" }));

test("what authorize throws is neither told nor printed", () => with_("{ authorize: (_, env) => { throw new Error(env.ALIBABA_CLOUD_ACCESS_KEY_SECRET); } }", async (proxy) => {
  const answer = await proxy.raw(TASKS);
  assert.equal(answer.status, 401);
  for (const text of [answer.body, answer.rawHeaders.join(), proxy.logs.text]) assert.ok(!text.includes(SECRET));
}, { ALIBABA_CLOUD_ACCESS_KEY_SECRET: "a-secret-to-look-for" }));
const SECRET = "a-secret-to-look-for";

test("the time and the nonce are those that were handed in", () => with_('{ now: () => Date.UTC(2024, 1, 29), nonce: () => "nonce-1" }', async (proxy) => {
  await proxy.raw(TASKS);
  const [{ headers }] = upstream.requests;
  assert.equal(headers["x-acs-date"], "2024-02-29T00:00:00Z");
  assert.equal(headers["x-acs-signature-nonce"], "nonce-1");
}));

test("what a fetch of one's own throws or answers is told as any other trouble", async () => {
  for (const [fetch, status] of /** @type {[string, number][]} */ ([
    ['() => { throw new Error("secret-detail"); }', 502], ['() => Promise.reject(new Error("secret-detail"))', 502], ["() => undefined", 502], ["async () => new Response(null, { status: 302, headers: { location: '/' } })", 502],
    [`async () => new Response(${JSON.stringify(EMPTY)})`, 200],
  ])) {
    await with_(`{ fetch: ${fetch} }`, async (proxy) => {
      const answer = await proxy.raw(TASKS);
      assert.equal(answer.status, status, `${fetch} ${answer.body}`);
      assert.doesNotMatch(answer.body + proxy.logs.text, /secret-detail/);
    });
  }
});

test("below another path it is found there alone", () => with_('{ base: "/api/tasks" }', async (proxy) => {
  assert.equal((await proxy.raw(`/api/tasks${TASKS}`)).status, 200);
  for (const target of [TASKS, `/api${TASKS}`, `/api/tasks/${TASKS}`, `/api/tasksecs/DescribeTasks?RegionId=cn-hangzhou`]) assert.equal((await proxy.raw(target)).status, 404, target);
}));

test("a call outlives no answer: nothing is sent after the caller has one", () => with_("{}", async (proxy) => {
  upstream.follow(refuse(429, "Throttling"));
  await proxy.raw(TASKS);
  const sent = upstream.requests.length;
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.equal(upstream.requests.length, sent);
}));
