// What leads others to the same task: a link, and a command for a terminal. Neither has the token.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { NOTHING, readAddress, writeLink } from "../../www/watch/address.js";
import { curlOf, requestOf } from "../../www/watch/answers.js";
import { ecsTask } from "../cloud/scenarios.mjs";
import { row, watched } from "./support/watched.mjs";

const open = watched();
const MINUTE = 60_000;
const ECS = /** @type {const} */ ({ api: "ecs", regionId: "cn-hangzhou", id: "t-1" });

describe("a link to a task", () => {
  test("has its region's list, where a list found it, and no other", () => {
    assert.equal(writeLink({ ...NOTHING, ecs: ["cn-beijing", "cn-hangzhou"], bdrc: ["cn-shanghai"] }, ECS), "#watch&ecs=cn-hangzhou&open=ecs:cn-hangzhou:t-1");
    assert.equal(writeLink({ ...NOTHING, proxy: "https://proxy.example/x", bdrc: ["cn-shanghai"] }, { api: "bdrc", regionId: "cn-shanghai", id: "t-2" }), "#watch&proxy=https://proxy.example/x&bdrc=cn-shanghai&open=bdrc:cn-shanghai:t-2");
  });
  test("names it alone, where it was named: it is then followed", () => {
    assert.equal(writeLink({ ...NOTHING, ecs: ["cn-hangzhou"], tasks: ["ecs:cn-hangzhou:t-1", "cloudcontrol::task-2"] }, ECS), "#watch&tasks=ecs:cn-hangzhou:t-1");
    assert.equal(writeLink(NOTHING, { api: "cloudcontrol", id: "task-2" }), "#watch&tasks=cloudcontrol::task-2");
  });
  test("holds any id as it is", () => {
    const id = "t-1&token=x#'\"<b>, 任";
    assert.equal(readAddress(writeLink({ ...NOTHING, ecs: ["cn-hangzhou"] }, { ...ECS, id }))?.look.open, `ecs:cn-hangzhou:${id}`);
    assert.equal(readAddress(writeLink({ ...NOTHING, ecs: ["cn-hangzhou"] }, { ...ECS, id }))?.token, "");
  });
});

/** What a shell makes of a command: the words it would hand to curl. @param {string} command */
const words = (command) => execFileSync("/bin/sh", ["-c", `curl() { printf '%s\\n' "$#" "$@"; }\n${command}`], { env: { TASKLENS_TOKEN: "of-the-shell" }, encoding: "utf8" }).split("\n");

describe("a command", () => {
  test("is that of the request, through the proxy, with the token's name", () => {
    assert.equal(curlOf("ecs/DescribeTaskAttribute?RegionId=cn-hangzhou&TaskId=t-1", "https://proxy.example/"),
      "curl -H \"Authorization: Bearer $TASKLENS_TOKEN\" 'https://proxy.example/ecs/DescribeTaskAttribute?RegionId=cn-hangzhou&TaskId=t-1'");
    assert.match(curlOf("ecs/DescribeTasks", "http://[::1]:8787/"), / 'http:\/\/\[::1\]:8787\/ecs\/DescribeTasks'$/);
    assert.match(curlOf("ecs/DescribeTasks", "http://127.0.0.1:8787/api"), / 'http:\/\/127\.0\.0\.1:8787\/api\/ecs\/DescribeTasks'$/);
  });
  for (const id of ["t-1'; touch /tmp/x; '", "$(id)`id`\\", "a\nb", "-o /etc/passwd", "{a,b}[1-9]", "任务 \u202e\"", "%27"]) {
    test(`is three words to a shell, whatever the id: ${JSON.stringify(id)}`, () => {
      for (const request of [`ecs/DescribeTaskAttribute?TaskId=${id}`, requestOf(`https://p/ecs/DescribeTaskAttribute?${new URLSearchParams({ TaskId: id })}`), `ecs/${id}`]) {
        const [n, h, head, url, ...rest] = words(curlOf(request, "https://proxy.example/it's"));
        assert.deepEqual([n, h, head, rest], ["3", "-H", "Authorization: Bearer of-the-shell", [""]]);
        assert.ok(url.startsWith("https://proxy.example/it's/ecs/"));
        assert.doesNotMatch(url, /[[\]{}\s]/, "nothing that curl takes for a pattern");
      }
    });
  }
});

describe("an opened row", () => {
  test("copies a link that shows the same to another, and a command", async (t) => {
    const { page, token, cloud } = await open(t, { tasks: (now) => [ecsTask(now, { id: "t-bp1good", plan: { createdAt: now - MINUTE, runMs: 30 * MINUTE } })] });
    const one = row(page, "t-bp1good");
    await one.locator(".watch-toggle").click();
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await one.getByRole("button", { name: "Copy link" }).click();
    await page.locator("#say", { hasText: "without the token" }).waitFor();
    const link = await copied();
    assert.equal(link, `${new URL(page.url()).origin}/#watch&ecs=cn-hangzhou&open=ecs:cn-hangzhou:t-bp1good`);
    await one.locator(".watch-record summary").click();
    await one.getByRole("button", { name: "Copy as cURL" }).press("Enter");
    await page.locator("#say", { hasText: "$TASKLENS_TOKEN" }).waitFor();
    const command = await copied();
    assert.ok(!command.includes(token) && !link.includes(token));
    const before = cloud.calls.length;
    const { stdout } = await promisify(execFile)("/bin/sh", ["-c", `${command} -s`], { env: { ...process.env, TASKLENS_TOKEN: token, NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1" }, timeout: 10_000 });
    assert.match(stdout, /t-bp1good/);
    assert.ok(cloud.calls.length > before);
  });
});
