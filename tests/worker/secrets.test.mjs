// @ts-check
// The property: whatever is asked and whatever the API answers, nothing that the proxy sends back or prints holds the
// secret, the security token, a caller's token or an Authorization value. Here the API repeats all it received, in every
// place and every writing it can think of. TASKLENS_SEED runs another round.
import assert from "node:assert/strict";
import test, { after } from "node:test";
import { CREDENTIAL, startProxy, TOKEN } from "./support/proxy.mjs";
import { startUpstream } from "./support/upstream.mjs";

const SEED = Number(process.env.TASKLENS_SEED ?? 20261125);
const ROUNDS = 300;
const SECURITY_TOKEN = "CAIS5+security/token==with\u0041ll";
const SECRET = `${CREDENTIAL.accessKeySecret}/+x`;

const upstream = await startUpstream();
const proxy = await startProxy({
  env: { TASKLENS_UPSTREAM: upstream.url, ALIBABA_CLOUD_ACCESS_KEY_SECRET: SECRET, ALIBABA_CLOUD_SECURITY_TOKEN: SECURITY_TOKEN, TASKLENS_ORIGINS: "https://tasks.example.com" },
});
after(() => Promise.all([proxy.dispose(), upstream.close()]));

/** mulberry32 @param {number} seed */
function randomness(seed) {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    /** @template T @param {T[]} list @returns {T} */
    pick: (list) => list[Math.floor(next() * list.length)],
  };
}

/** @typedef {ReturnType<typeof randomness>} Random */

/** How a text can be written. @type {Record<string, (text: string, random: Random) => string>} */
const WRITINGS = {
  plain: (text) => text,
  json: (text) => JSON.stringify(text),
  "json in json": (text) => JSON.stringify(JSON.stringify({ echo: text })),
  "json with escapes": (text, { next }) => JSON.stringify(text).replace(/[^\\"]/g, (c) => (next() < 0.2 ? `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}` : c)),
  "json with slashes": (text) => JSON.stringify(text).replaceAll("/", "\\/"),
  uri: (text) => encodeURIComponent(text),
  "uri, small": (text) => encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
  "uri twice": (text) => encodeURIComponent(encodeURIComponent(text)),
  xml: (text) => `<Error><Code>x</Code><Message>${text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)}</Message></Error>`,
  "xml with references": (text, { next }) => `<Error><Message>${[...text].map((c) => (/[&<>]/.test(c) || next() < 0.2 ? `&#x${c.charCodeAt(0).toString(16)};` : c)).join("")}</Message></Error>`,
  cdata: (text) => `<Error><Message><![CDATA[${text}]]></Message></Error>`,
  html: (text) => `<html><body><pre>${text}</pre></body></html>`,
};

/** What there is to repeat. @param {import("./support/upstream.mjs").Received} request @returns {string[]} */
function parts({ headers, rawHeaders, target, method }) {
  const authorization = String(headers.authorization);
  return [
    authorization, authorization.split("Signature=")[1], rawHeaders.join("\n"), JSON.stringify(headers), `${method} ${target}\n${rawHeaders.join("\r\n")}`,
    `server string to sign is:${method}\n/\n${target.slice(2)}\n${rawHeaders.join("\n")}`, `the canonical request is ${authorization}`,
    // The API knows them, though it is not sent the first.
    SECRET, SECURITY_TOKEN, `key ${SECRET} token ${SECURITY_TOKEN}.`, `${SECRET}${SECRET}`,
  ];
}

/** @param {Random} random @returns {import("./support/upstream.mjs").Script} */
const echo = (random) => (response, request) => {
  const text = random.pick(parts(request));
  const writing = WRITINGS[random.pick(Object.keys(WRITINGS))];
  const written = writing(text, random);
  const inHeader = text.replace(/[\r\n]+/g, " ");
  const status = random.pick([200, 200, 202, 302, 400, 400, 401, 403, 404, 409, 429, 500, 502, 503, 599]);
  const headers = {
    "content-type": random.pick(["application/json", "text/xml;charset=utf-8", "text/html", "text/plain", `application/json; boundary=${inHeader.slice(0, 100)}`, inHeader.slice(0, 120)]),
    "x-acs-request-id": random.pick(["R-1", inHeader, encodeURIComponent(inHeader)]),
    "x-acs-retry-after": random.pick(["100", inHeader]),
    "retry-after": random.pick(["1", inHeader]),
    date: random.pick([new Date().toUTCString(), inHeader]),
    location: `http://127.0.0.1:1/?${encodeURIComponent(inHeader)}`,
    "set-cookie": `echo=${inHeader}`,
    authorization: inHeader,
    "x-echo": inHeader,
  };
  const body = random.pick([
    written, `{"Code":"SignatureDoesNotMatch","Message":${JSON.stringify(written)},"RequestId":"R-1"}`, `{"code":"InvalidTimeStamp.Expired","message":${JSON.stringify(written)}}`,
    `{"Code":"InternalError","Message":"m","Detail":${JSON.stringify(written)}}`, `{"RequestId":"R-1","TaskId":${JSON.stringify(written)},"TaskStatus":"Processing"`, `\ufeff${written}`, written.repeat(20),
  ]);
  try {
    response.writeHead(status, headers);
  } catch {
    response.writeHead(status); // not a value that HTTP can carry
  }
  if (random.next() < 0.05) response.write(body, () => response.socket?.destroy());
  else response.end(body);
};

/** A text as it is, and as whoever reads it may take it apart, twice over. @param {string} text */
function readings(text) {
  const readers = [
    (/** @type {string} */ text) => text.replace(/\\u([0-9a-fA-F]{4})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))).replace(/\\([\\/"])/g, "$1"),
    (/** @type {string} */ text) => text.replace(/(%[0-9a-fA-F]{2})+/g, (escape) => { try { return decodeURIComponent(escape); } catch { return escape; } }),
    (/** @type {string} */ text) => text.replace(/&#x([0-9a-fA-F]+);/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))).replace(/&#(\d+);/g, (_, n) => String.fromCharCode(Number(n))).replaceAll("&amp;", "&"),
  ];
  const found = new Set([text]);
  for (let layer = 0; layer < 2; layer++) for (const seen of [...found]) for (const read of readers) found.add(read(seen));
  return found;
}

/** @param {string} text @param {string} where */
function assertNothingSecret(text, where) {
  for (const reading of readings(text)) {
    for (const [name, secret] of [["the secret", SECRET], ["the security token", SECURITY_TOKEN], ["a caller's token", TOKEN]]) {
      assert.ok(!reading.includes(secret), `${where} holds ${name}`);
    }
    assert.doesNotMatch(reading, /Signature=[0-9a-f]{32}/, `${where} holds an Authorization value`);
    for (const { headers } of upstream.requests) {
      const signature = String(headers.authorization).split("Signature=")[1];
      assert.ok(!reading.includes(signature), `${where} holds a signature`);
    }
  }
}

/** @param {Random} random @returns {[string, import("./support/proxy.mjs").Init]} */
function request({ pick, next }) {
  const [method, target] = pick([
    ["GET", "/ecs/DescribeTasks?RegionId=cn-hangzhou"], ["GET", "/ecs/DescribeTaskAttribute?RegionId=cn-hangzhou&TaskId=t-1"], ["POST", "/ecs/CancelTask?RegionId=cn-hangzhou&TaskId=t-1"],
    ["GET", "/bdrc/DescribeTask?RegionId=cn-shanghai&TaskId=t-1"], ["GET", "/bdrc/DescribeTasks?RegionId=cn-shanghai"], ["GET", "/cloudcontrol/GetTask?taskId=task-1"], ["POST", "/cloudcontrol/CancelTask?taskId=task-1"],
  ]);
  const wrong = next() < 0.15 ? pick(["&Foo=1", "&RegionId=", "&RegionId=%00", "%"]) : "";
  const headers = pick(/** @type {Record<string, string | null>[]} */ ([{}, {}, {}, { origin: "https://tasks.example.com" }, { origin: "https://evil.example" }, { accept: "text/xml" }, { authorization: `Bearer ${TOKEN}x` }, { authorization: `Basic ${TOKEN}` }, { cookie: `t=${TOKEN}`, "x-token": TOKEN }]));
  return [target + wrong, { method: next() < 0.05 ? "PUT" : method, headers }];
}

test(`nothing secret comes back or is printed in ${ROUNDS} rounds (seed ${SEED})`, { timeout: 120_000 }, async () => {
  const random = randomness(SEED);
  /** @type {Record<number, number>} */
  const statuses = {};
  for (let round = 0; round < ROUNDS; round++) {
    upstream.follow(echo(random));
    const [target, init] = request(random);
    const answer = await proxy.raw(target, init);
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    const where = `round ${round}: ${init.method} ${target} → ${answer.status}`;
    assertNothingSecret(answer.body, `${where}, its body`);
    assertNothingSecret(answer.rawHeaders.join("\n"), `${where}, its headers`);
    assertNothingSecret(proxy.logs.text, `${where}, what was printed`);
  }
  for (const status of [200, 400, 401, 403, 502]) assert.ok(statuses[status] > 0, `some answers are HTTP ${status}: ${JSON.stringify(statuses)}`);
});

test("what stands around a secret stays, and JSON stays JSON", async () => {
  upstream.follow((response) => void response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ Code: "SignatureDoesNotMatch", Message: `about ${SECRET}: see`, RequestId: "R-1", HostId: SECURITY_TOKEN })));
  const answer = await proxy.raw("/ecs/DescribeTasks?RegionId=cn-hangzhou");
  const { Code, Message, RequestId } = answer.json();
  assert.deepEqual([Code, RequestId], ["SignatureDoesNotMatch", "R-1"]);
  assert.match(Message, /^about .*: see$/);
});

test("nothing at all is printed for ordinary traffic", async () => {
  const quiet = await startProxy({ env: { TASKLENS_UPSTREAM: upstream.url } });
  try {
    await quiet.raw("/nothing");
    const before = quiet.logs.text.length;
    for (const init of [{}, { headers: { authorization: null } }, { method: "PUT" }]) await quiet.raw("/ecs/DescribeTasks?RegionId=cn-hangzhou", init);
    const printed = quiet.logs.text.slice(before);
    assert.doesNotMatch(printed, /cn-hangzhou|Bearer|LTAI/);
  } finally {
    await quiet.dispose();
  }
});
