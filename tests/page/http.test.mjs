// The HTTP status of a reply: typed, or from the head that stands before it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { splitHttp, statusOf } from "../../www/read/http.js";
import { drop, pages, paste, pick } from "./support/page.mjs";
import { ecsTask } from "./support/replies.mjs";

const open = pages();
const PAGE = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>nginx</body>\n</html>\n";

describe("a head", () => {
  /** @type {[string, string, ReturnType<typeof splitHttp>][]} */
  const cases = [
    ["with headers", "HTTP/1.1 503 Service Unavailable\r\nDate: Fri, 20 Nov 2026 12:00:00 GMT\r\nX-Empty:\r\n\r\n{\"a\":1}\n", { status: 503, body: "{\"a\":1}\n" }],
    ["without a phrase, its lines as a terminal has them", "HTTP/2 200 \ncontent-type: application/json\n\n{}", { status: 200, body: "{}" }],
    ["after another one", "HTTP/1.1 200 Connection established\n\nHTTP/1.1 100 Continue\n\nHTTP/1.1 404 Not Found\nA: b\n\n<x/>", { status: 404, body: "<x/>" }],
    ["without headers", "HTTP/1.0 502 Bad Gateway\n\n<html/>", { status: 502, body: "<html/>" }],
    ["without a body", "HTTP/1.1 504 Gateway Timeout\nContent-Length: 0", { status: 504, body: "" }],
    ["that a body only mentions", "{\"Message\":\"HTTP/1.1 503 x\"}", null],
    ["with something else in it", "HTTP/1.1 503 Service Unavailable\nnot a header\n\n{}", null],
    ["that is no status", "HTTP/1.1 999 Denied\n\n{}", null],
    ["of a text without one", "<html/>", null],
  ];
  for (const [what, text, wanted] of cases) test(what, () => assert.deepEqual(splitHttp(text), wanted));
  test("is found in no time, however long it is", () => {
    const began = Date.now();
    splitHttp(`HTTP/1.1 200 OK\n${"a: b\n".repeat(100_000)}x`);
    splitHttp(" \n".repeat(500_000));
    assert.ok(Date.now() - began < 1000);
  });
});

test("a status has three digits, of which the first is 1 to 5", () => {
  assert.deepEqual(["502", " 404 ", "", "50", "5020", "099", "600", "5e2"].map(statusOf), [502, 404, undefined, undefined, undefined, undefined, undefined, undefined]);
});

describe("the status", () => {
  test("that is typed makes an error page a fault, worth another try; Clear empties it", async (t) => {
    const page = await open(t);
    await paste(page, PAGE);
    await page.waitForSelector(".problem");
    await page.getByLabel("HTTP status").fill("502");
    await page.waitForSelector(".fault");
    assert.match(await page.locator(".fault .task-head").textContent() ?? "", /Server trouble.*Worth another try/);
    await page.locator("#clear").click();
    assert.equal(await page.getByLabel("HTTP status").inputValue(), "");
    await page.locator("#undo").click();
    assert.equal(await page.getByLabel("HTTP status").inputValue(), "502");
    await pick(page, "ecs-partial");
    await page.waitForSelector(".subtasks");
    assert.equal(await page.getByLabel("HTTP status").inputValue(), "");
  });

  test("that is none is said to be, and read without", async (t) => {
    const page = await open(t);
    await paste(page, ecsTask({}));
    const field = page.getByLabel("HTTP status");
    await field.fill("99");
    assert.equal(await field.getAttribute("aria-invalid"), null);
    await field.blur();
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    assert.equal(await page.locator("#raw-status-wrong").textContent(), "100 to 599");
    await field.fill("200");
    assert.equal(await field.getAttribute("aria-invalid"), null);
    assert.equal(await page.locator(".task h3").textContent(), "ExportImage");
  });

  test("comes from the head that is pasted, which is left out, so that places are those of the text shown", async (t) => {
    const page = await open(t);
    await paste(page, `HTTP/1.1 400 Bad Request\nServer: nginx\n\n${PAGE}`);
    await page.waitForSelector(".fault");
    assert.equal(await page.locator("#raw-text").inputValue(), PAGE);
    assert.equal(await page.getByLabel("HTTP status").inputValue(), "400");
    assert.match(await page.locator(".place-number").textContent() ?? "", /^1:1$/);
    await drop(page, "main", { text: `HTTP/1.1 200 OK\n\n${ecsTask({})}` });
    await page.waitForSelector(".task-id");
    assert.equal(await page.locator("#raw-text").inputValue(), ecsTask({}));
    assert.equal(await page.getByLabel("HTTP status").inputValue(), "200");
    await paste(page, PAGE);
    assert.equal(await page.getByLabel("HTTP status").inputValue(), "", "another reply, of which nothing is known");
  });

  test("is told alone where nothing came with it", async (t) => {
    const page = await open(t);
    await paste(page, "HTTP/1.1 504 Gateway Timeout\nContent-Length: 0\n\n");
    await page.waitForSelector(".fault");
    assert.match(await page.locator(".fault h3").textContent() ?? "", /504/);
    await page.locator("#clear").click();
    await page.waitForSelector(".empty");
  });
});
