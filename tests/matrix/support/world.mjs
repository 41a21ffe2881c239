// @ts-check
// What every platform meets: the rehearsal cloud, the real proxy in front of it in workerd, two published replies, and what
// Node reads of all three.
import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createCloud } from "../../cloud/cloud.mjs";
import { ecsTask } from "../../cloud/scenarios.mjs";
import { CREDENTIAL, startProxy } from "../../worker/support/proxy.mjs";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** A folder with the packed package installed, as its users have it. */
const CONSUMER = process.env.TASKLENS_CONSUMER ?? path.join(ROOT, "target/consumer");
export const PACKAGE = path.join(CONSUMER, "node_modules/tasklens");

const sample = (/** @type {string} */ name) => fs.readFileSync(path.join(ROOT, "tests/corpus", name), "utf8");
export const REPLIES = {
  json: sample("bdrc/task_help_page_running_with_placeholders/response.json"),
  xml: sample("ecs/task_2019_06_xml_export_image/response.xml"),
};

/** The task that each program asks for; it ended a minute ago, so that all see the same. */
const REF = { api: "ecs", regionId: "cn-hangzhou", id: "t-bp1import" };

/** @typedef {Awaited<ReturnType<typeof createWorld>>} World */

/** @param {string[]} origins besides that of `port`, pages that may call */
export async function createWorld(origins = []) {
  const now = Date.now();
  const cloud = createCloud({ credential: CREDENTIAL, tasks: [ecsTask(now, { id: REF.id, plan: { createdAt: now - 120_000, runMs: 60_000 } })] });
  const upstream = await cloud.listen();
  // One platform after another is served from here, so that the proxy knows its origin beforehand.
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: upstream, TASKLENS_ORIGINS: [origin, ...origins].join() } });
  const { connect, parse } = await import(pathToFileURL(path.join(PACKAGE, "dist/node.js")).href);
  const client = connect({ proxy: proxy.url, headers: { authorization: `Bearer ${proxy.token}` } });
  // As values that a text can hold, for that is how a page shows them.
  const read = JSON.parse(JSON.stringify([parse(REPLIES.json), parse(REPLIES.xml), await client.task(REF)]));
  return {
    port, origin,
    proxy: { url: proxy.url, token: /** @type {string} */ (proxy.token) },
    /** The environment of a proxy of one's own. */
    env: {
      ALIBABA_CLOUD_ACCESS_KEY_ID: CREDENTIAL.accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: CREDENTIAL.accessKeySecret,
      TASKLENS_TOKENS: /** @type {string} */ (proxy.token), TASKLENS_UPSTREAM: upstream,
    },
    /** Throws where a program says anything else than Node. @param {string} said @param {import("../run.mjs").Row} row */
    check(said, { entry, calls = true, tests = false, refuses }) {
      if (tests) return;
      if (refuses) return assert.match(said, refuses);
      if (entry === "tasklens/element") {
        // An element draws; that it draws what it should is what tests/page is for.
        for (const word of [read[1].task.id, read[1].task.action, "Succeeded"]) assert.ok(said.includes(word), `it draws no \`${word}\`: ${said}`);
        return;
      }
      const all = entry === "tasklens/proxy" ? parse(said).task : JSON.parse(said);
      assert.deepEqual(all, entry === "tasklens/proxy" ? read[2] : calls ? read : read.slice(0, 2));
    },
    async end() {
      await proxy.dispose();
      await cloud.close();
    },
  };
}

export const QUESTION = `/ecs/DescribeTaskAttribute?RegionId=${REF.regionId}&TaskId=${REF.id}`;

/** @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {net.AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/** The body of an answer that is one. @param {string} url @param {RequestInit} [init] */
export async function fetched(url, init) {
  const answer = await fetch(url, init);
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered HTTP ${answer.status}: ${body.slice(0, 500)}`);
  return body;
}

/** What a proxy of somebody's own answers, read as all else is, or what is wrong with it. @param {World} world @param {string} [base] */
export async function answered(world, base = "") {
  const nobody = await fetch(world.origin + base + QUESTION);
  if (nobody.status !== 401) throw new Error(`without a token it answers HTTP ${nobody.status}: ${(await nobody.text()).slice(0, 500)}`);
  return fetched(world.origin + base + QUESTION, { headers: { authorization: `Bearer ${world.proxy.token}` } });
}
