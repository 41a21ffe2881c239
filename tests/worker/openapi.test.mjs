// @ts-check
// worker/proxy.openapi.yaml is the contract for proxies in other languages. Here ours is held to it: the document is
// valid, says what the package says, and Schemathesis finds no call whose answer it does not foresee.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import test, { after } from "node:test";
import { fileURLToPath } from "node:url";
import { createCloud } from "../cloud/cloud.mjs";
import { bdrcTask, cloudControlTask, ecsTask, everyStatus } from "../cloud/scenarios.mjs";
import { CREDENTIAL, ROOT, startProxy, WORKER } from "./support/proxy.mjs";

const PYTHON = process.env.TASKLENS_PYTHON;
const skip = PYTHON ? false : process.env.TASKLENS_NO_PYTHON ?? "TASKLENS_PYTHON names no Python with Schemathesis; `cargo xtask test worker` does";
const FILE = path.join(WORKER, "proxy.openapi.yaml");
const CONSUMER = process.env.TASKLENS_CONSUMER ?? path.join(ROOT, "target/consumer");

/** @param {string[]} args @returns {string} */
const python = (...args) => execFileSync(/** @type {string} */ (PYTHON), args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** @type {any} */
const contract = PYTHON && JSON.parse(python("-c", "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))", FILE));

/** @type {[string, string, any][]} */
const operations = Object.entries(contract?.paths ?? {}).flatMap(([path, methods]) => Object.entries(/** @type {object} */ (methods)).map(([method, operation]) => /** @type {[string, string, any]} */ ([method, path, operation])));

test("it is a valid OpenAPI 3.1 document", { skip }, () => {
  assert.match(contract.openapi, /^3\.1\./);
  assert.match(python("-m", "openapi_spec_validator", "--errors", "all", FILE), /OK/);
});

test("it has the package's version, and the operations of its types", { skip }, () => {
  const pkg = path.join(CONSUMER, "node_modules/tasklens");
  assert.equal(contract.info.version, JSON.parse(fs.readFileSync(path.join(pkg, "package.json"), "utf8")).version);
  const types = fs.readFileSync(path.join(pkg, "dist/index.d.ts"), "utf8");
  const declared = /export type Operation =([^;]+);/.exec(types)?.[1].match(/[a-z]+\.[A-Za-z]+/g);
  assert.deepEqual(operations.map(([, , { operationId }]) => operationId).sort(), declared?.sort());
  for (const [method, path, { operationId }] of operations) {
    assert.equal(path, `/${operationId.replace(".", "/")}`);
    assert.equal(method, operationId.endsWith(".CancelTask") ? "post" : "get");
  }
});

test("its examples of replies are read by the package as what they are", { skip }, async () => {
  const { parse } = await import(path.join(CONSUMER, "node_modules/tasklens/dist/node.js"));
  const kinds = { EcsTasks: "tasks", EcsTask: "task", EcsAccepted: "accepted", BdrcTask: "task", BdrcTasks: "tasks", CloudControlTask: "task", CloudControlAccepted: "accepted" };
  for (const [name, kind] of Object.entries(kinds)) {
    assert.equal(parse(JSON.stringify(contract.components.examples[name].value)).kind, kind, name);
  }
});

const now = Date.now();
const cloud = createCloud({ credential: CREDENTIAL, ...everyStatus(now) });
cloud.tasks.add(
  ecsTask(now, { id: "t-ce946ntx4wr", plan: { runMs: 3_600_000 } }), bdrcTask(now, { id: "t-0000e4w0u1v592zdf6s7" }),
  cloudControlTask(now, { id: "task-433aead756057fff8189a7ce5" }),
);
const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: await cloud.listen() } });
const home = fs.mkdtempSync(path.join(os.tmpdir(), "tasklens-openapi-"));
after(async () => {
  await Promise.all([proxy.dispose(), cloud.close()]);
  fs.rmSync(home, { recursive: true, force: true });
});

/** Beside this process, since the cloud lives in it. @param {string[]} args @returns {Promise<{ code: number, text: string }>} */
function schemathesis(...args) {
  const config = fileURLToPath(new URL("schemathesis.toml", import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(/** @type {string} */ (PYTHON), ["-m", "schemathesis.cli", "--config-file", config, "run", FILE, "--no-color", "--url", proxy.url, "-H", `Authorization: Bearer ${proxy.token}`, ...args], {
      cwd: home, env: { ...process.env, SCHEMATHESIS_HOOKS: "", NO_PROXY: "*" },
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => { text += chunk; });
    child.once("error", reject).once("close", (code) => resolve({ code: code ?? -1, text }));
  });
}

test("Schemathesis finds no answer that the document does not foresee", { skip, timeout: 120_000 }, async (t) => {
  const { code, text } = await schemathesis("--max-examples", "60", "--phases", "examples,coverage,fuzzing");
  for (const line of text.split("\n").filter((line) => /generated/.test(line))) t.diagnostic(line.trim());
  assert.equal(code, 0, text);
  const answered = new Set(cloud.calls.filter(({ status }) => status === 200).map(({ operation }) => operation));
  assert.deepEqual([...answered].sort(), operations.map(([, , { operationId }]) => operationId).sort(), "each operation was answered by the API");
});

test("nor when the API throttles, fails and speaks HTML", { skip, timeout: 120_000 }, async (t) => {
  const mishaps = /** @type {const} */ (["throttle", "unavailable", "internal", "denied", "html", "redirect", "oversize", "reset", "cut"]);
  const storm = cloud.before((_, n) => (n % 3 === 0 ? undefined : mishaps[n % mishaps.length]));
  const { code, text } = await schemathesis("--max-examples", "15", "--phases", "fuzzing", "--mode", "positive", "--exclude-checks", "not_a_server_error,negative_data_rejection");
  storm.stop();
  for (const line of text.split("\n").filter((line) => /generated/.test(line))) t.diagnostic(line.trim());
  assert.equal(code, 0, text);
});

test("every call that the document allows reaches the API", { skip, timeout: 120_000 }, async (t) => {
  cloud.calls.length = 0;
  // Of DescribeTasks some are refused: that a group stands alone, or which time comes first, no document of this kind can say.
  const { code, text } = await schemathesis("--max-examples", "40", "--phases", "examples,fuzzing", "--mode", "positive", "--exclude-operation-id", "ecs.DescribeTasks");
  const generated = /(\d+) generated/.exec(text)?.[1];
  t.diagnostic(`${generated} generated, ${cloud.calls.length} reached it`);
  assert.equal(code, 0, text);
  assert.equal(cloud.calls.length, Number(generated));
});
