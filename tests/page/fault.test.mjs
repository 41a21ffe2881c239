// What a refusal says besides its code.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deniedOf } from "../../www/fault.js";

test("a denial names its action, principal, policy and kind", () => {
  const wanted = { action: "ecs:DescribeTasks", principal: "2015", policyType: "AccountLevelIdentityBasedPolicy", deny: "implicit" };
  assert.deepEqual(deniedOf({ AuthAction: "ecs:DescribeTasks", AuthPrincipalDisplayName: 2015, PolicyType: "AccountLevelIdentityBasedPolicy", NoPermissionType: "ImplicitDeny" }), wanted);
  assert.deepEqual(deniedOf({ authAction: "ecs:DescribeTasks", authPrincipalDisplayName: "2015", policyType: "AccountLevelIdentityBasedPolicy", noPermissionType: "ImplicitDeny" }), wanted);
});

test("an unknown kind of denial is not guessed, and nothing known is nothing", () => {
  assert.equal(deniedOf({ AuthAction: "ecs:CancelTask", NoPermissionType: "Other" })?.deny, null);
  assert.equal(deniedOf({ AuthAction: {}, PolicyType: "" }), null);
  assert.equal(deniedOf(null), null);
});
