// @ts-check
// Starts the rehearsal cloud for people: `node tests/cloud/start.mjs [--port 0] [--seed 1]`.
// The credential that it knows is taken from the environment, by the official SDKs' names; nothing is made up here, so
// that the proxy in front can be given the same. Prints one line of JSON, `{ url, watch }`, and runs until its input ends.
import process from "node:process";
import { parseArgs } from "node:util";
import { createCloud } from "./cloud.mjs";
import { lively } from "./lively.mjs";

const { values } = parseArgs({ options: { port: { type: "string", default: "0" }, seed: { type: "string", default: "1" } } });
const { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret, ALIBABA_CLOUD_SECURITY_TOKEN: securityToken } = process.env;
if (!accessKeyId || !accessKeySecret) {
  console.error("rehearsal cloud: set `ALIBABA_CLOUD_ACCESS_KEY_ID` and `ALIBABA_CLOUD_ACCESS_KEY_SECRET` to values made for this run");
  process.exit(2);
}

const { watch, ...world } = lively(Date.now(), Number(values.seed));
const cloud = createCloud({ credential: { accessKeyId, accessKeySecret, securityToken }, ...world });
console.log(JSON.stringify({ url: await cloud.listen(Number(values.port)), watch }));
process.stdin.resume().once("end", () => cloud.close());
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => cloud.close().then(() => process.exit()));
