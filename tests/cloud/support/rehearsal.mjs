// @ts-check
// A cloud on made-up time for one test, and the calls of the three APIs in one line each.
import { createCloud } from "../cloud.mjs";
import { credential as madeUp, send } from "./call.mjs";

/** When every test begins. */
export const START = Date.parse("2026-11-20T12:00:00Z");

/** @typedef {Partial<import("./call.mjs").Asked>} More */

/** @param {import("node:test").TestContext} t @param {Partial<import("../cloud.mjs").Options>} [options] */
export async function rehearse(t, options = {}) {
  let now = START;
  const credential = options.credential ?? madeUp();
  const cloud = createCloud({ now: () => now, ...options, credential });
  await cloud.listen();
  t.after(() => cloud.close());
  /** @param {import("./call.mjs").Asked} asked */
  const ask = (asked) => send(cloud.url, credential, now, asked);
  return {
    cloud, credential, ask,
    /** @param {number} seconds */
    pass: (seconds) => { now += seconds * 1000; },
    now: () => now,
    /** @param {string} action @param {Record<string, string>} [query] @param {More} [more] */
    ecs: (action, query = {}, more = {}) => ask({ action, version: "2014-05-26", host: `ecs.${query.RegionId ?? "cn-hangzhou"}.aliyuncs.com`, query: { RegionId: "cn-hangzhou", ...query }, ...more }),
    /** @param {string} id empty for the list @param {Record<string, string>} [query] @param {More} [more] */
    bdrc: (id, query = {}, more = {}) => ask({ action: id ? "DescribeTask" : "DescribeTasks", version: "2023-08-08", host: "bdrc.cn-shanghai.aliyuncs.com", path: id ? `/api/v1/tasks/${id}` : "/api/v1/tasks", query, ...more }),
    /** @param {string} id @param {More} [more] */
    cloudControl: (id, more = {}) => ask({ action: "GetTask", version: "2022-08-30", host: "cloudcontrol.aliyuncs.com", path: `/api/v1/tasks/${id}`, ...more }),
    /** @param {string} id @param {More} [more] */
    cancelInCloudControl: (id, more = {}) => ask({ action: "CancelTask", version: "2022-08-30", host: "cloudcontrol.aliyuncs.com", method: "PUT", path: `/api/v1/tasks/${id}/operation/cancel`, ...more }),
  };
}
