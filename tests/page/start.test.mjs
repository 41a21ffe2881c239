// What a new user's first command shows, but for the building before it: `cargo xtask start` runs this program.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "./support/browser.mjs";

const at = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));
const SITE = process.env.TASKLENS_SITE ?? at("../../target/site");
const KEYS = ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"];

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Starts it and opens what it says. @param {import("node:test").TestContext} t @param {Record<string, string>} [env] */
async function start(t, env = {}) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !KEYS.includes(name)));
  const program = spawn(process.execPath, [at("../../xtask/src/start.mjs"), SITE, "0"], { env: { ...clean, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const said = /** @type {string[]} */ ([]);
  program.stderr.on("data", (chunk) => said.push(String(chunk)));
  t.after(async () => {
    program.kill("SIGTERM");
    if (program.exitCode === null) await once(program, "exit");
    assert.equal(program.exitCode, 0, `it ends when it is told to: ${said.join("")}`);
  });
  const [line] = /** @type {[string]} */ (await once(createInterface(program.stdout), "line"));
  assert.match(line, /^ready http:\/\/127\.0\.0\.1:\d+\/#watch&/);
  const page = await browser.newPage();
  t.after(() => page.close());
  const strays = /** @type {string[]} */ ([]);
  const address = new URL(line.slice("ready ".length));
  page.on("request", (request) => { if (new URL(request.url()).origin !== address.origin) strays.push(request.url()); });
  await page.goto(address.href);
  return { page, strays, address, said };
}

test("tasks run, wait, fail, finish and are cancelled, with no account and no key", async (t) => {
  const { page, strays, said } = await start(t);
  const row = (/** @type {string} */ status) => page.locator(`.watch-line[data-status="${status}"]`);
  for (const status of ["running", "failed", "succeeded"]) await row(status).first().waitFor();
  // And why.
  await row("failed").filter({ hasText: "InvalidDiskCategory.NotSupported" }).waitFor();

  await page.locator(".watch-cancel:visible").first().click();
  const sure = page.getByRole("button", { name: /Really cancel/ });
  const key = await sure.evaluate((button) => button.closest(".watch-row")?.getAttribute("data-key"));
  // A second press at once would be taken for a slip of the first.
  await page.waitForTimeout(700);
  await sure.click();
  await page.locator(`[data-key="${key}"] .watch-line`).filter({ hasText: "Cancelled" }).waitFor();

  // One that was running finishes before one's eyes.
  const ended = await row("succeeded").count();
  await row("succeeded").nth(ended).waitFor({ timeout: 60_000 });
  assert.deepEqual(strays, [], "nothing leaves this machine");
  assert.match(said.join(""), /rehearsal/);
});

test("with a key in the environment it asks the real endpoints, and cancels nothing unless it is told to", async (t) => {
  // A port that nobody listens on stands in their place: nothing leaves this machine.
  const { page, address, said } = await start(t, { ALIBABA_CLOUD_ACCESS_KEY_ID: "made-up", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "made-up-too", TASKLENS_UPSTREAM: "http://127.0.0.1:9" });
  assert.match(said.join(""), /the real one/);
  const token = new URLSearchParams(address.hash.slice(1)).get("token");
  const answers = await page.evaluate(async (token) => {
    const headers = { authorization: `Bearer ${token}` };
    const ask = (/** @type {string} */ path, method = "GET") => fetch(path, { method, headers }).then((answer) => answer.status);
    return [await ask("/cloudcontrol/GetTask?taskId=task-1"), await ask("/cloudcontrol/CancelTask?taskId=task-1", "POST")];
  }, token);
  assert.deepEqual(answers, [502, 403]);
});
