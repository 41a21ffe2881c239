// @ts-check
// The folder deploys: wrangler bundles it as it would for a deployment, offline, and what it would upload holds no key.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import test, { after, before } from "node:test";
import { ROOT, startProxy, WORKER } from "./support/proxy.mjs";

const CONSUMER = process.env.TASKLENS_CONSUMER ?? path.join(ROOT, "target/consumer");
const SITE = process.env.TASKLENS_SITE ?? path.join(ROOT, "target/site");

// A copy, as somebody would make it who wants only this folder: beside it the page, in it the packed package.
const home = fs.mkdtempSync(path.join(os.tmpdir(), "tasklens-deploy-"));
const folder = path.join(home, "worker");
const out = path.join(home, "out");
after(() => fs.rmSync(home, { recursive: true, force: true }));

/** @type {string} */ let said;
before(async () => {
  fs.cpSync(WORKER, folder, { recursive: true, filter: (file) => !file.includes("node_modules") });
  fs.mkdirSync(path.join(folder, "node_modules"));
  fs.cpSync(path.join(CONSUMER, "node_modules/tasklens"), path.join(folder, "node_modules/tasklens"), { recursive: true });
  fs.mkdirSync(path.join(home, "target"));
  fs.symlinkSync(SITE, path.join(home, "target/site"));
  said = await wrangler("deploy", "--dry-run", "--outdir", out);
});

/** @param {string[]} args @returns {Promise<string>} */
function wrangler(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(ROOT, "node_modules/wrangler/bin/wrangler.js"), ...args], {
      cwd: folder,
      env: {
        PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: home, CI: "1", NO_COLOR: "1",
        WRANGLER_SEND_METRICS: "false", WRANGLER_SEND_ERROR_REPORTS: "false", WRANGLER_HIDE_BANNER: "true", CLOUDFLARE_CF_FETCH_ENABLED: "false",
      },
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => { text += chunk; });
    child.once("error", reject).once("close", (code) => (code === 0 ? resolve(text) : reject(new Error(text))));
  });
}

/** @returns {string[]} */
const uploaded = () => fs.readdirSync(out, { recursive: true }).map(String).filter((name) => fs.statSync(path.join(out, name)).isFile() && !/\.map$|README/.test(name));

test("wrangler bundles it, with the module compiled at deploy time", (t) => {
  const names = uploaded();
  assert.ok(names.includes("index.js"), names.join());
  assert.ok(names.some((name) => name.endsWith(".wasm")), names.join());
  for (const name of names) t.diagnostic(`${name}: ${fs.statSync(path.join(out, name)).size} bytes`);
  t.diagnostic(said.split("\n").find((line) => /Total Upload/.test(line)) ?? said);
});

test("wrangler has nothing to warn of, and would keep no logs", () => {
  assert.doesNotMatch(said, /warning|▲|deprecated/i);
  assert.doesNotMatch(said, /Logpush|Tail|Observability/i);
});

test("it stays within what a free account may upload", () => {
  const [, size, unit] = /gzip: ([\d.]+) (KiB|MiB)/.exec(said) ?? assert.fail(said);
  assert.ok(Number(size) * (unit === "MiB" ? 1024 : 1) < 1024, `${size} ${unit}`);
});

test("nothing that looks like a key is in it", () => {
  for (const name of uploaded()) {
    const text = fs.readFileSync(path.join(out, name), "latin1");
    for (const pattern of [/LTAI[0-9A-Za-z]{8,}/, /STS\.[0-9A-Za-z]{10,}/, /CAIS[0-9A-Za-z+/=]{20,}/, /(?<![0-9A-Za-z])[0-9A-Za-z]{30}(?![0-9A-Za-z])/, /Bearer [0-9A-Za-z+/=]{16,}/, /-----BEGIN/]) {
      // In the module any run of bytes can look like thirty letters; names of functions are not in it.
      if (name.endsWith(".wasm") && pattern.source.includes("{30}")) continue;
      assert.equal(pattern.exec(text)?.[0], undefined, `${name}: ${pattern}`);
    }
  }
});

test("the page and the proxy share one origin, and no file answers in the proxy's place", async () => {
  const site = path.join(home, "site");
  fs.mkdirSync(path.join(site, "ecs"), { recursive: true });
  fs.writeFileSync(path.join(site, "index.html"), "<!doctype html><title>the page</title>");
  fs.writeFileSync(path.join(site, "ecs/DescribeTasks"), "a file");
  fs.writeFileSync(path.join(site, "ecs/DescribeTasks.html"), "a file");
  const proxy = await startProxy({ site, env: { ALIBABA_CLOUD_ACCESS_KEY_ID: null } });
  try {
    const page = await proxy.raw("/", { headers: { authorization: null } });
    assert.equal(page.status, 200);
    assert.match(page.body, /the page/);
    for (const [target, headers, status] of /** @type {[string, Record<string, string | null>, number][]} */ ([
      ["/ecs/DescribeTasks?RegionId=cn-hangzhou", {}, 503], ["/ecs/DescribeTasks?RegionId=cn-hangzhou", { authorization: null }, 401], ["/ecs/DescribeTasks.html", {}, 404],
      ["/bdrc/DescribeTasks", {}, 400], ["/cloudcontrol/GetTask", {}, 400], ["/elsewhere", {}, 404], ["/elsewhere", { authorization: null }, 401],
    ])) {
      const answer = await proxy.raw(target, { headers });
      assert.equal(answer.status, status, `${target} ${answer.body}`);
      assert.equal(answer.headers["content-type"], "application/problem+json");
    }
  } finally {
    await proxy.dispose();
  }
});

test("the worker is its two lines, and its settings name no secret's value", () => {
  assert.equal(fs.readFileSync(path.join(WORKER, "index.js"), "utf8"), 'import { createProxy } from "tasklens/proxy";\n\nexport default createProxy();\n');
  const settings = fs.readFileSync(path.join(WORKER, "wrangler.toml"), "utf8").replace(/^#.*$/gm, "");
  assert.doesNotMatch(settings, /ACCESS_KEY|SECURITY_TOKEN|TASKLENS_TOKENS|LTAI/);
  assert.match(settings, /\[observability\]\s*enabled = false/);
});
