// @ts-check
// Who may call: a token that whoever runs the proxy gave out, whole, in the one place for it. What is missing closes.
import assert from "node:assert/strict";
import test, { after } from "node:test";
import { startProxy, TOKEN } from "./support/proxy.mjs";
import { startUpstream } from "./support/upstream.mjs";

const TASKS = "/ecs/DescribeTasks?RegionId=cn-hangzhou";
const SECOND = "second-token-0123456789";
const THIRD = "third.token~with_every-legal/char+acter=";

const upstream = await startUpstream();
const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: upstream.url, TASKLENS_TOKENS: `${TOKEN},${SECOND} , ${THIRD}` } });
after(() => Promise.all([proxy.dispose(), upstream.close()]));

/** @param {import("./support/proxy.mjs").Answer} answer */
function assertUnauthorized(answer) {
  assert.equal(answer.status, 401, answer.body);
  assert.equal(answer.headers["content-type"], "application/problem+json");
  assert.match(String(answer.headers["www-authenticate"]), /^Bearer\b/);
  assert.equal(answer.headers["cache-control"], "no-store");
}

for (const [name, token] of [["the first", TOKEN], ["the second", SECOND], ["the third, blanks around it", THIRD]]) {
  test(`${name} token is taken`, async () => {
    assert.equal((await proxy.raw(TASKS, { headers: { authorization: `Bearer ${token}` } })).status, 200);
  });
}

test("the scheme's case does not matter", async () => {
  assert.equal((await proxy.raw(TASKS, { headers: { authorization: `bearer ${TOKEN}` } })).status, 200);
});

/** @type {[string, string | null][]} */
const WRONG = [
  ["no header", null], ["an empty header", ""], ["the scheme alone", "Bearer"], ["the scheme and a space", "Bearer "], ["the token alone", TOKEN],
  ["Basic", `Basic ${Buffer.from(`x:${TOKEN}`).toString("base64")}`], ["Basic with the token", `Basic ${TOKEN}`], ["another scheme", `Token ${TOKEN}`], ["a scheme like it", `Bearerx ${TOKEN}`],
  ["another token", `Bearer ${"x".repeat(TOKEN.length)}`], ["all but its end", `Bearer ${TOKEN.slice(0, -1)}`], ["more than it", `Bearer ${TOKEN}x`], ["its half", `Bearer ${TOKEN.slice(0, TOKEN.length / 2)}`],
  ["its first character", `Bearer ${TOKEN[0]}`], ["another case", `Bearer ${swapCase(TOKEN)}`], ["two at once", `Bearer ${TOKEN},${SECOND}`], ["a blank within", `Bearer ${SECOND.slice(0, 5)} ${SECOND.slice(5)}`],
  ["the whole list", `Bearer ${TOKEN},${SECOND} , ${THIRD}`], ["twice", `Bearer ${TOKEN} Bearer ${TOKEN}`], ["undefined", "Bearer undefined"], ["null", "Bearer null"], ["a comma", "Bearer ,"],
  ["its escapes", `Bearer ${encodeURIComponent(TOKEN)}%`], ["a very long one", `Bearer ${"x".repeat(6000)}`],
];
for (const [name, authorization] of WRONG) {
  test(`${name} is not a token`, async () => {
    upstream.requests.length = 0;
    assertUnauthorized(await proxy.raw(TASKS, { headers: { authorization } }));
    assert.equal(upstream.requests.length, 0);
  });
}

test("a token anywhere else is none", async () => {
  for (const init of [
    { headers: { authorization: null, "x-authorization": `Bearer ${TOKEN}`, "proxy-authorization": `Bearer ${TOKEN}`, cookie: `token=${TOKEN}`, "x-api-key": TOKEN } },
  ]) assertUnauthorized(await proxy.raw(TASKS, init));
  for (const query of [`access_token=${encodeURIComponent(TOKEN)}`, `token=${SECOND}`, `Authorization=Bearer%20${SECOND}`]) {
    assertUnauthorized(await proxy.raw(`${TASKS}&${query}`, { headers: { authorization: null } }));
  }
});

test("without a token nothing is told of what exists, what is allowed and what is configured", async () => {
  const bare = await startProxy({ env: { ALIBABA_CLOUD_ACCESS_KEY_ID: null, ALIBABA_CLOUD_ACCESS_KEY_SECRET: null, TASKLENS_ALLOW_CANCEL: null } });
  try {
    const answers = await Promise.all([
      ["GET", TASKS], ["GET", "/nothing"], ["POST", TASKS], ["GET", `${TASKS}&Foo=1`], ["POST", "/ecs/CancelTask?RegionId=cn-hangzhou&TaskId=t-1"], ["GET", "/ecs/DescribeTasks?RegionId=x"],
    ].map(([method, target]) => bare.raw(target, { method, headers: { authorization: null } })));
    for (const answer of answers) assertUnauthorized(answer);
    assert.equal(new Set(answers.map(({ body }) => body)).size, 1, "all say the same");
  } finally {
    await bare.dispose();
  }
});

for (const TASKLENS_TOKENS of [null, "", " ", ",", " , ,", "\t"]) {
  test(`with the tokens ${JSON.stringify(TASKLENS_TOKENS)} nobody gets in`, async () => {
    const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: upstream.url, TASKLENS_TOKENS } });
    try {
      for (const authorization of [null, "Bearer", "Bearer ", "Bearer ,", "Bearer undefined", "Bearer null", `Bearer ${TOKEN}`, "Bearer \t"]) {
        assertUnauthorized(await proxy.raw(TASKS, { headers: { authorization } }));
      }
    } finally {
      await proxy.dispose();
    }
  });
}

/** @type {[string, Record<string, string | null>][]} */
const KEYLESS = [
  ["no key", { ALIBABA_CLOUD_ACCESS_KEY_ID: null, ALIBABA_CLOUD_ACCESS_KEY_SECRET: null }], ["no id", { ALIBABA_CLOUD_ACCESS_KEY_ID: null }], ["no secret", { ALIBABA_CLOUD_ACCESS_KEY_SECRET: null }],
  ["an empty id", { ALIBABA_CLOUD_ACCESS_KEY_ID: "" }], ["an empty secret", { ALIBABA_CLOUD_ACCESS_KEY_SECRET: "" }],
];
for (const [name, env] of KEYLESS) {
  test(`with ${name} nothing is signed`, async () => {
    upstream.requests.length = 0;
    const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: upstream.url, ...env } });
    try {
      const answer = await proxy.raw(TASKS);
      assert.equal(answer.status, 503, answer.body);
      assert.equal(answer.headers["content-type"], "application/problem+json");
      assert.equal((await proxy.raw(`${TASKS}&Foo=1`)).status, 400, "a wrong parameter is still told");
      assert.equal(upstream.requests.length, 0);
    } finally {
      await proxy.dispose();
    }
  });
}

// ── What a valid token may ask for is narrowed by whoever runs the proxy ──

test("only the word `true` lets cancels pass", async () => {
  for (const TASKLENS_ALLOW_CANCEL of [null, "", "false", "1", "yes", "TRUE", "true,", "true true"]) {
    upstream.requests.length = 0;
    const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: upstream.url, TASKLENS_ALLOW_CANCEL } });
    try {
      for (const target of ["/ecs/CancelTask?RegionId=cn-hangzhou&TaskId=t-1", "/cloudcontrol/CancelTask?taskId=task-1", "/ecs/CancelTask"]) {
        const answer = await proxy.raw(target, { method: "POST" });
        assert.equal(answer.status, 403, `${TASKLENS_ALLOW_CANCEL} ${target}`);
        assert.equal(answer.headers["content-type"], "application/problem+json");
      }
      assert.equal((await proxy.raw(TASKS)).status, 200);
      assert.ok(upstream.requests.every(({ method }) => method === "GET"));
    } finally {
      await proxy.dispose();
    }
  }
});

test("regions that are not listed are refused, for every API", async () => {
  const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: upstream.url, TASKLENS_REGIONS: "cn-hangzhou, ap-southeast-1" } });
  try {
    for (const [target, status] of /** @type {[string, number][]} */ ([
      [TASKS, 200], ["/ecs/DescribeTasks?RegionId=ap-southeast-1", 200], ["/ecs/DescribeTasks?RegionId=cn-beijing", 403], ["/ecs/DescribeTasks?RegionId=cn-hangzhou-finance", 403],
      ["/bdrc/DescribeTasks?RegionId=ap-southeast-1", 200], ["/bdrc/DescribeTasks?RegionId=cn-shanghai", 403], ["/bdrc/DescribeTasks?RegionId=cn-hangzhou", 400],
      ["/cloudcontrol/GetTask?taskId=task-1&RegionId=cn-hangzhou", 200], ["/cloudcontrol/GetTask?taskId=task-1&RegionId=us-west-1", 403], ["/ecs/DescribeTasks?RegionId=x", 400],
    ])) assert.equal((await proxy.raw(target)).status, status, target);
  } finally {
    await proxy.dispose();
  }
});

/** @param {string} text */
function swapCase(text) {
  return text.replace(/[a-z]/gi, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()));
}
