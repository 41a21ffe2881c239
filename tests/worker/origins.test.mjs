// @ts-check
// Which pages may call: an origin is compared as a whole, and what is not named is not allowed.
import assert from "node:assert/strict";
import test, { after } from "node:test";
import { startProxy } from "./support/proxy.mjs";
import { startUpstream } from "./support/upstream.mjs";

const PAGE = "https://tasks.example.com";
const OTHER = "http://localhost:5173";
const TASKS = "/ecs/DescribeTasks?RegionId=cn-hangzhou";
const CANCEL = "/ecs/CancelTask?RegionId=cn-hangzhou&TaskId=t-1";

const upstream = await startUpstream();
const [proxy, closed] = await Promise.all([
  startProxy({ env: { TASKLENS_UPSTREAM: upstream.url, TASKLENS_ORIGINS: `${PAGE}, ${OTHER}` } }),
  startProxy({ env: { TASKLENS_UPSTREAM: upstream.url } }),
]);
after(() => Promise.all([proxy.dispose(), closed.dispose(), upstream.close()]));

const LOOKALIKES = [
  "null", "*", "https://tasks.example.com.evil.example", "https://evil-tasks.example.com", "https://eviltasks.example.com", "https://example.com", "https://sub.tasks.example.com",
  "http://tasks.example.com", "https://tasks.example.com:443", "https://tasks.example.com:8443", "https://tasks.example.com/", "https://tasks.example.com/x", "https://tasks-example.com",
  "https://tasksXexample.com", "HTTPS://TASKS.EXAMPLE.COM", "https://user@tasks.example.com", "tasks.example.com", "//tasks.example.com", "https://tasks.example.co",
  "https://tasks.example.com,http://localhost:5173", "https://tasks.example.com http://localhost:5173", "http://localhost", "http://localhost:51730", "http://127.0.0.1:5173", "file://", "https://",
];

/** @param {string[]} names */
const listed = (names) => names.map((name) => name.trim().toLowerCase());

for (const origin of [PAGE, OTHER]) {
  test(`${origin} may call, and is named alone`, async () => {
    const answer = await proxy.raw(TASKS, { headers: { origin } });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["access-control-allow-origin"], origin);
    assert.equal(answer.headers["access-control-allow-credentials"], undefined);
    assert.ok(listed((answer.headers.vary ?? "").split(",")).includes("origin"));
    const exposed = listed((answer.headers["access-control-expose-headers"] ?? "").split(","));
    for (const name of ["x-acs-request-id", "x-acs-retry-after", "retry-after"]) assert.ok(exposed.includes(name), name);
  });
  test(`${origin} can read a refusal too`, async () => {
    for (const [target, headers] of /** @type {[string, Record<string, string | null>][]} */ ([[TASKS, { authorization: null }], ["/nothing", {}], [`${TASKS}&Foo=1`, {}]])) {
      const answer = await proxy.raw(target, { headers: { origin, ...headers } });
      assert.ok(answer.status >= 400);
      assert.equal(answer.headers["access-control-allow-origin"], origin, `${answer.status}`);
    }
  });
}

for (const origin of LOOKALIKES) {
  test(`${JSON.stringify(origin)} may not`, async () => {
    upstream.requests.length = 0;
    for (const init of /** @type {import("./support/proxy.mjs").Init[]} */ ([{}, { headers: { authorization: null } }, { method: "OPTIONS", headers: { "access-control-request-method": "GET" } }])) {
      const answer = await proxy.raw(TASKS, { ...init, headers: { ...init.headers, origin } });
      assert.equal(answer.status, 403, answer.body);
      assert.equal(answer.headers["access-control-allow-origin"], undefined);
      assert.ok(listed((answer.headers.vary ?? "").split(",")).includes("origin"));
    }
    assert.equal(upstream.requests.length, 0);
  });
}

test("two Origin headers are nobody's", async () => {
  const answer = await proxy.raw(TASKS, { headers: { origin: [PAGE, "https://evil.example"] } });
  assert.ok([400, 403].includes(answer.status), answer.body);
  assert.notEqual(answer.headers["access-control-allow-origin"], "https://evil.example");
});

test("without Origin the token decides, and no origin is named", async () => {
  const answer = await proxy.raw(TASKS);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers["access-control-allow-origin"], undefined);
  assert.ok(listed((answer.headers.vary ?? "").split(",")).includes("origin"));
});

test("the page beside the proxy may call without being named", async () => {
  const answer = await closed.raw(TASKS, { headers: { origin: closed.url, host: new URL(closed.url).host } });
  assert.equal(answer.status, 200, answer.body);
});

test("with no origin named, every other page is refused", async () => {
  for (const origin of [PAGE, "null", "*", "http://localhost", "http://localhost:1"]) {
    assert.equal((await closed.raw(TASKS, { headers: { origin } })).status, 403, origin);
  }
});

test("an empty list, blanks and stars allow nobody", async () => {
  for (const TASKLENS_ORIGINS of ["", " ", ",", "*", "null,", "https://*.example.com"]) {
    const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: upstream.url, TASKLENS_ORIGINS } });
    try {
      for (const origin of ["", "https://a.example.com", "https://evil.example"]) {
        const answer = await proxy.raw(TASKS, { headers: { origin } });
        if (origin) assert.equal(answer.status, 403, `${TASKLENS_ORIGINS} ${origin}`);
        assert.notEqual(answer.headers["access-control-allow-origin"], "*");
      }
    } finally {
      await proxy.dispose();
    }
  }
});

for (const [target, method] of [[TASKS, "GET"], [CANCEL, "POST"]]) {
  test(`a preflight for ${method} needs no token and is answered for the page that asks`, async () => {
    upstream.requests.length = 0;
    const answer = await proxy.raw(target, { method: "OPTIONS", headers: { authorization: null, origin: PAGE, "access-control-request-method": method, "access-control-request-headers": "authorization" } });
    assert.equal(answer.status, 204, answer.body);
    assert.equal(answer.body, "");
    assert.equal(answer.headers["access-control-allow-origin"], PAGE);
    assert.ok(listed(String(answer.headers["access-control-allow-methods"]).split(",")).includes(method.toLowerCase()));
    assert.ok(listed(String(answer.headers["access-control-allow-headers"]).split(",")).includes("authorization"));
    assert.ok(listed((answer.headers.vary ?? "").split(",")).includes("origin"));
    assert.equal(answer.headers["access-control-allow-credentials"], undefined);
    assert.equal(answer.headers["access-control-allow-private-network"], undefined);
    assert.equal(upstream.requests.length, 0);
  });
}

test("what a preflight asks for is not what it gets: the headers are fixed", async () => {
  const asked = "authorization, x-evil, x-acs-action, cookie";
  const answer = await proxy.raw(TASKS, { method: "OPTIONS", headers: { authorization: null, origin: PAGE, "access-control-request-method": "DELETE", "access-control-request-headers": asked } });
  const text = JSON.stringify(answer.rawHeaders).toLowerCase();
  assert.doesNotMatch(text, /x-evil|x-acs-action|cookie|delete|\*/);
});

test("OPTIONS that is no preflight reaches no API", async () => {
  upstream.requests.length = 0;
  for (const headers of /** @type {Record<string, string | null>[]} */ ([{}, { origin: PAGE }, { authorization: null }])) {
    const answer = await proxy.raw(TASKS, { method: "OPTIONS", headers });
    assert.ok([204, 401, 405].includes(answer.status), String(answer.status));
  }
  assert.equal(upstream.requests.length, 0);
});
