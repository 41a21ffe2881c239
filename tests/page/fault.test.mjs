// What a refusal says besides its code.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { adviceKey, apart, deniedOf, neededAction } from "../../www/words/fault.js";
import { ecsTask } from "../cloud/scenarios.mjs";
import { pages } from "./support/page.mjs";
import { row, watched } from "./support/watched.mjs";

test("a denial names its action, principal, policy and kind", () => {
  const wanted = { action: "ecs:DescribeTasks", principal: "2015", policyType: "AccountLevelIdentityBasedPolicy", deny: "implicit", word: "ImplicitDeny" };
  assert.deepEqual(deniedOf({ AuthAction: "ecs:DescribeTasks", AuthPrincipalDisplayName: 2015, PolicyType: "AccountLevelIdentityBasedPolicy", NoPermissionType: "ImplicitDeny" }), wanted);
  assert.deepEqual(deniedOf({ authAction: "ecs:DescribeTasks", authPrincipalDisplayName: "2015", policyType: "AccountLevelIdentityBasedPolicy", noPermissionType: "ImplicitDeny" }), wanted);
});

test("an unknown kind of denial is not guessed, and nothing known is nothing", () => {
  const denied = deniedOf({ AuthAction: "ecs:CancelTask", NoPermissionType: "Other" });
  assert.deepEqual([denied?.deny, denied?.word], [null, "Other"]);
  assert.equal(deniedOf({ AuthAction: {}, PolicyType: "" }), null);
  assert.equal(deniedOf(null), null);
});

/** @param {Record<string, unknown> | null} accessDenied @returns {import("../../www/words/fault.js").Fault} */
const denial = (accessDenied) => ({ kind: "denied", accessDenied });

test("a denied call needs the action that is named, else that of its operation, else none is guessed", () => {
  const named = denial({ AuthAction: "ecs:DescribeTaskAttribute", NoPermissionType: "ImplicitDeny" });
  assert.deepEqual(neededAction(named, "ecs.DescribeTasks"), { action: "ecs:DescribeTaskAttribute", isNamed: true });
  assert.deepEqual(neededAction(denial(null), "ecs.CancelTask"), { action: "ecs:CancelTask", isNamed: false });
  assert.deepEqual(neededAction(denial(null), "bdrc.DescribeTasks"), { action: "bdrc:DescribeTasks", isNamed: false });
  assert.equal(neededAction(denial(null), "cloudcontrol.GetTask"), null);
  assert.equal(neededAction(denial(null), null), null);
  assert.equal(neededAction({ kind: "invalid", accessDenied: null }, "ecs.DescribeTasks"), null);
});

test("the advice fits what is known of a denial", () => {
  assert.equal(adviceKey(denial({ AuthAction: "a:b" }), null), "fault.do.denied");
  assert.equal(adviceKey(denial(null), "ecs.DescribeTasks"), "fault.do.denied");
  assert.equal(adviceKey(denial(null), null), "fault.do.denied.unnamed");
  assert.equal(adviceKey(denial({ AuthAction: "a:b", NoPermissionType: "ExplicitDeny" }), null), "fault.do.denied.explicit");
  assert.equal(adviceKey({ kind: "clock", accessDenied: null }, null), "fault.do.clock");
});

describe("the two moments a message quotes are so far apart", () => {
  /** @type {[string, number | null][]} */
  const cases = [
    ["Specified time stamp or date value is expired.", null],
    ["sent 2026-11-20T11:44:00Z, received 2026-11-20T12:00:00Z", 16 * 60_000],
    ["2026-11-20T20:00:00+08:00 is not 2026-11-20T12:00:30.500Z", 30_500],
    ["2026-11-20T12:00:00Z alone", null],
    ["2026-11-20T12:00:00Z 2026-11-20T12:00:01Z 2026-11-20T12:00:02Z", null],
    ["2026-11-20T12:00:00Z and 2026-11-20T12:00:00Z", null],
    ["2026-99-20T12:00:00Z and 2026-11-20T12:00:00Z", null],
    ["without a zone: 2026-11-20T12:00:00 and 2026-11-20T11:00:00", null],
  ];
  for (const [message, wanted] of cases) test(message, () => assert.equal(apart(message), wanted));
});

describe("the page", () => {
  const open = pages();
  const watch = watched();
  const REFUSAL = /** @type {const} */ ({ kind: "fault", status: 403, code: "Forbidden.RAM", message: "User not authorized to operate on the specified resource." });

  test("shows a kind of denial it does not know as the server says it", async (t) => {
    const page = await open(t);
    await page.locator("#raw-text").fill(JSON.stringify({ RequestId: "R", Code: "Forbidden.RAM", Message: "no", AccessDeniedDetail: { AuthAction: "ecs:DescribeTasks", NoPermissionType: "QuiteOther" } }));
    await page.locator(".fault .pairs code", { hasText: "QuiteOther" }).waitFor();
  });

  test("does not point to an action below where none is named, and says how far apart two quoted times are", async (t) => {
    const page = await open(t);
    const say = (/** @type {string} */ Code, /** @type {string} */ Message) => page.locator("#raw-text").fill(JSON.stringify({ RequestId: "R", Code, Message }));
    await say("Forbidden.RAM", "no");
    await page.getByText("Have the action of this call allowed").waitFor();
    await say("InvalidTimeStamp.Expired", "sent at 2026-11-20T11:44:00Z, now it is 2026-11-20T12:00:00Z");
    await page.getByText("The two times in the message are 16 mins apart.").waitFor();
  });

  test("names the RAM action that listing and cancelling need, though the refusal does not", async (t) => {
    const { page, cloud } = await watch(t, { tasks: (now) => [ecsTask(now, { id: "t-1", plan: { createdAt: now - 60_000, runMs: 600_000 } })] });
    cloud.fail({ operation: "ecs.CancelTask", with: REFUSAL, times: Infinity });
    const button = row(page, "t-1").locator(".watch-cancel");
    await button.click();
    await button.click();
    await row(page, "t-1").locator(".row-note", { hasText: "RAM action this call needs: ecs:CancelTask" }).waitFor();
    cloud.fail({ operation: "ecs.DescribeTasks", with: REFUSAL, times: Infinity });
    await page.evaluate(() => { dispatchEvent(new Event("online")); });
    await page.locator(".watch-problems", { hasText: "RAM action this call needs: ecs:DescribeTasks" }).waitFor();
  });
});
