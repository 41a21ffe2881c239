// `sign` of the built package beside both official signers from npm, and the reference vectors through it.
//
// Where the official signers differ from each other or from the specification (api.md 5.5), there is nothing to compare:
// the path is encoded and never empty, names of the query are ASCII (both leave names unencoded and sort them by UTF-16
// units), values hold no lone surrogates.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import openApiCore from "@alicloud/openapi-core";
import openApiUtil from "@alicloud/openapi-util";
import { PKG, ROOT } from "./support.mjs";

const { sign } = await import(`${PKG}/dist/proxy.node.js`);
const signers = {
  "@alicloud/openapi-util": openApiUtil.default ?? openApiUtil,
  "@alicloud/openapi-core": openApiCore.OpenApiUtil,
};
const ALGORITHM = "ACS3-HMAC-SHA256";
const REQUESTS = 1000;
const SEED = 20_260_102;

/** Mulberry32: the same requests at every run. */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One request after another. */
function* requests(count) {
  const next = random(SEED);
  const below = (n) => Math.floor(next() * n);
  const one = (of) => of[below(of.length)];
  const many = (most, make) => Array.from({ length: below(most + 1) }, make);
  const alphabets = [
    "abcXYZ019", "-_.~", "!*'();:@&=+$,/?#[]", " %\"<>\\^`{|}", "测试用户任务", "éßøñЖ", "\u{1F600}\u{10000}\u{2F800}", "\u0000\u0009\u000a\u007f",
  ];
  const text = (most, from = alphabets) => many(most, () => one([...one(from)])).join("");
  const word = (most) => `${one("abcXYZ")}${text(most, ["abcXYZ019", "-_.~"])}`;
  const encode = (raw) => encodeURIComponent(raw).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  for (let n = 0; n < count; n++) {
    const headers = {
      "x-acs-action": word(12), "X-Acs-Version": "2014-05-26", accept: "application/json", "user-agent": text(8, ["abc", " /"]),
    };
    if (next() < 0.5) headers["Content-Type"] = one(["application/json", " text/plain;charset=utf-8  ", ""]);
    for (const name of many(3, () => `x-acs-${word(6)}`)) headers[name] = `${one(["", " ", "\t"])}${text(9, ["abc", "019", " ;,="])}`;
    // One name in two cases: the values are sorted and joined.
    if (next() < 0.3) [headers["x-acs-twice"], headers["X-ACS-TWICE"]] = [word(3), word(3)];
    const key = { accessKeyId: word(20), accessKeySecret: text(80, ["abcXYZ019", "+/=", "测é"]) || "s" };
    if (next() < 0.4) key.securityToken = `CAIS${text(60, ["abcXYZ019", "+/="])}`;
    yield {
      method: one(["GET", "POST", "PUT", "DELETE"]), host: `${word(5)}.${one(["cn-hangzhou", "eu-central-1"])}.aliyuncs.com`,
      path: `/${many(4, () => encode(text(8).replaceAll("\u0000", ""))).join("/")}`,
      query: Object.entries(Object.fromEntries(many(6, () => [word(8), one([text(12), ""])]))),
      headers, body: one([undefined, "", text(40), new Uint8Array(many(40, () => below(256)))]), ...key,
      date: new Date(1_500_000_000_000 + below(10 ** 12)).toISOString().replace(/\.\d+/, ""), nonce: word(30),
    };
  }
}

test(`${REQUESTS} random requests are signed as the official signers sign them`, () => {
  const seen = { sts: 0, empty: 0, beyond: 0, reserved: 0, body: 0 };
  for (const [n, input] of [...requests(REQUESTS)].entries()) {
    const { method, host, path: pathname, query, headers, body = "", accessKeyId, accessKeySecret, securityToken, date, nonce } = input;
    const signed = sign(input);
    const payload = createHash("sha256").update(body).digest("hex");
    const sent = { ...headers, host, "x-acs-date": date, "x-acs-signature-nonce": nonce, "x-acs-content-sha256": payload };
    if (securityToken) Object.assign(sent, { "x-acs-accesskey-id": accessKeyId, "x-acs-security-token": securityToken });
    const request = { method, pathname, query: Object.fromEntries(query), headers: sent };
    for (const [name, signer] of Object.entries(signers)) {
      const expected = signer.getAuthorization(request, ALGORITHM, payload, accessKeyId, accessKeySecret);
      assert.equal(signed.authorization, expected, `request ${n} of seed ${SEED}, by ${name}: ${JSON.stringify(input)}`);
    }
    assert.equal(signed.headers.authorization, signed.authorization);
    assert.ok(signed.authorization.endsWith(`Signature=${signed.signature}`));
    // What is sent is what was signed.
    const again = signers["@alicloud/openapi-core"].getAuthorization({ ...request, headers: signed.headers }, ALGORITHM, payload, accessKeyId, accessKeySecret);
    assert.equal(again, signed.authorization);
    seen.sts += securityToken ? 1 : 0;
    seen.empty += query.some(([, value]) => value === "") ? 1 : 0;
    seen.beyond += /\p{Extended_Pictographic}|\u{10000}/u.test(JSON.stringify(query)) ? 1 : 0;
    seen.reserved += /[*'()!+~]/.test(JSON.stringify(query)) ? 1 : 0;
    seen.body += body.length > 0 ? 1 : 0;
  }
  for (const [what, count] of Object.entries(seen)) assert.ok(count > 100, `${what}: only ${count} requests`);
});

const { vectors } = JSON.parse(fs.readFileSync(path.join(ROOT, "tests/vectors/acs3.json"), "utf8"));
const ADDED = /^(host|x-acs-(date|signature-nonce|content-sha256|accesskey-id|security-token))$/i;

for (const vector of vectors.filter(({ request }) => request.host !== null)) {
  test(`${vector.id} comes out stage by stage, with the headers it was sent with and without those that signing adds`, () => {
    const { method, host, path: sentTo, query, headers, body } = vector.request;
    const bare = Object.fromEntries(Object.entries(headers).filter(([name]) => !ADDED.test(name)));
    const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
    for (const given of [headers, bare, upper]) {
      const signed = sign({
        method, host, path: sentTo, query: Object.entries(query), headers: given, body: body ?? undefined,
        accessKeyId: vector.accessKeyId, accessKeySecret: vector.accessKeySecret, securityToken: vector.securityToken ?? undefined,
        date: vector.timestamp, nonce: vector.nonce,
      });
      for (const stage of ["canonicalRequest", "stringToSign", "signature", "authorization"]) {
        assert.equal(signed[stage], vector.expected[stage], stage);
      }
    }
  });
}
