// The elements of tasklens/element, in a plain page of somebody else's, under a strict policy with Trusted Types.
import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { ROOT } from "../package/support.mjs";
import { launch, open } from "./support/browser.mjs";
import { ecsTask, hostileBdrc, hostileCloudControl, hostileTask, longList } from "./support/replies.mjs";
import { BUILT, serve } from "./support/server.mjs";

const SITE = process.env.TASKLENS_SITE ?? BUILT;
const BUNDLE = path.join(/** @type {string} */ (SITE.split(path.delimiter).at(-1)), "tasklens/dist");
const IMPORTS = JSON.stringify({ imports: { tasklens: "/tasklens/dist/inline.js", "tasklens/element": "/tasklens/dist/element.js" } });
const POLICY = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-${createHash("sha256").update(IMPORTS).digest("base64")}'; style-src 'self'; img-src 'self'; base-uri 'none'; require-trusted-types-for 'script'`;
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>Somebody's page</title><link rel="icon" href="/icon.svg"><script type="importmap">${IMPORTS}</script><script type="module" src="/own.js"></script>
<main><h1>Tasks</h1><h2>One</h2><tasklens-task></tasklens-task><h2>All</h2><tasklens-list></tasklens-list></main></html>`;
const OWN = `import "tasklens/element";
import { init, parse } from "tasklens";
await init();
globalThis.parse = parse;
globalThis.heard = [];
for (const type of ["tasklens-select", "tasklens-copy"]) addEventListener(type, ({ detail }) => heard.push([type, detail.task?.id ?? detail.value]));
document.documentElement.dataset.ready = "";`;

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
const own = fs.mkdtempSync(path.join(os.tmpdir(), "tasklens-element-"));
before(async () => {
  fs.writeFileSync(path.join(own, "index.html"), PAGE);
  fs.writeFileSync(path.join(own, "own.js"), OWN);
  [browser, server] = await Promise.all([launch(), serve([own, SITE].join(path.delimiter))]);
});
after(async () => {
  await browser?.close();
  await server?.close();
  fs.rmSync(own, { recursive: true });
});

/** @param {import("node:test").TestContext} t @param {Parameters<typeof open>[2]} [options] */
async function visit(t, options) {
  const { page, context, complaints, strays } = await open(browser, server.origin, { permissions: ["clipboard-read", "clipboard-write"], ...options });
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, [], "the console stays silent and no policy is violated");
    assert.deepEqual(strays, []);
  });
  return page;
}

/** @param {import("playwright-core").Page} page @param {string} text */
const show = (page, text) => page.evaluate((text) => { /** @type {any} */ (document.querySelector("tasklens-task")).task = /** @type {any} */ (globalThis).parse(text).task; }, text);
/** @param {import("playwright-core").Page} page @param {string} text */
const list = (page, text) => page.evaluate((text) => { /** @type {any} */ (document.querySelector("tasklens-list")).tasks = /** @type {any} */ (globalThis).parse(text).tasks; }, text);

describe("a task", () => {
  test("of hostile strings is drawn as text", async (t) => {
    const page = await visit(t);
    for (const text of [hostileTask(), hostileBdrc(), hostileCloudControl()]) {
      await show(page, text);
      await page.locator("tasklens-task .task").waitFor();
      assert.match(await page.locator("tasklens-task .task").innerText(), /<script>pwned/);
      assert.equal(await page.locator("tasklens-task :is(script, img, [onload], [onerror])").count(), 0);
    }
  });

  test("goes by its language and time zone, and by the page's", async (t) => {
    const page = await visit(t);
    await show(page, ecsTask({}));
    const task = page.locator("tasklens-task");
    await assert.doesNotReject(task.getByText("Running").first().waitFor());
    await task.evaluate((element) => element.setAttribute("time-zone", "America/New_York"));
    await task.getByText("UTC-05:00").waitFor();
    await task.evaluate((element) => element.setAttribute("lang", "zh"));
    await task.getByText("进度").first().waitFor();
    assert.equal(await task.locator(".frame").getAttribute("lang"), "zh-CN");
    await task.evaluate((element) => element.setAttribute("time-zone", "No/Where"));
    await task.getByText("UTC+08:00").waitFor();
  });

  test("is read from a reply by the package, which tells as well what it could not read", async (t) => {
    const page = await visit(t);
    const reply = (/** @type {string} */ text) => page.evaluate((text) => { /** @type {any} */ (document.querySelector("tasklens-task")).reply = text; }, text);
    await reply(ecsTask({ TaskAction: "FromReply" }));
    await page.locator("tasklens-task h3", { hasText: "FromReply" }).waitFor();
    await reply('{"RequestId":"R","RegionId":"cn-hangzhou","TaskId":"t-1"}');
    await page.locator("tasklens-task h3", { hasText: "Task started" }).waitFor();
    assert.equal(await page.locator("tasklens-task .task-watch").count(), 0, "there is no watch to go to");
    await reply("{");
    await page.locator("tasklens-task .problem").waitFor();
    await reply(longList(120));
    await page.locator("tasklens-task .rows > li").first().waitFor();
    assert.equal(await page.locator("tasklens-task .rows > li").count(), 100);
  });

  test("tells what was copied, has parts, and can be given before the element is defined", async (t) => {
    const page = await visit(t);
    await show(page, ecsTask({}));
    await page.locator("tasklens-task [part=id] button").click();
    assert.deepEqual(await page.evaluate(() => /** @type {any} */ (globalThis).heard), [["tasklens-copy", "t-1"]]);
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "t-1");
    await page.locator("tasklens-task").getByRole("button", { name: "Copy as text" }).click();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^ExportImage\nStatus: Running .*\nTask: t-1\n/);
    assert.match(await page.evaluate(() => /** @type {any} */ (globalThis).heard.at(-1)[1]), /^ExportImage\n/);
    for (const part of ["task", "badge", "progress"]) assert.ok(await page.locator(`tasklens-task [part=${part}]`).count() > 0, part);
    assert.equal(await page.evaluate(async () => {
      const early = document.createElement("tasklens-task");
      Object.defineProperty(early, "task", { value: /** @type {any} */ (document.querySelector("tasklens-task")).task, configurable: true, writable: true, enumerable: true });
      document.querySelector("main")?.append(early);
      await Promise.resolve();
      return early.shadowRoot?.querySelectorAll(".task").length;
    }), 1);
  });
});

describe("a list", () => {
  test("tells which task is opened, and keeps it open and the focus where it is when it is given anew", async (t) => {
    const page = await visit(t);
    await list(page, longList(130));
    const rows = page.locator("tasklens-list .rows > li");
    await rows.nth(2).locator("summary").focus();
    await page.keyboard.press("Enter");
    await rows.nth(2).locator(".task-body").waitFor();
    assert.deepEqual(await page.evaluate(() => /** @type {any} */ (globalThis).heard), [["tasklens-select", "t-000002"]]);
    await list(page, longList(130));
    await rows.nth(2).locator(".task-body").waitFor();
    assert.equal(await rows.nth(2).locator("summary").evaluate((summary) => /** @type {ShadowRoot} */ (summary.getRootNode()).activeElement === summary), true);
    await page.locator("tasklens-list .rest button").click();
    assert.equal(await rows.count(), 130);
    await list(page, longList(131));
    assert.equal(await rows.count(), 130, "what was asked for stays");
  });

  test("that grows from one task opens nothing by itself", async (t) => {
    const page = await visit(t);
    for (const n of [1, 2]) {
      await list(page, longList(n));
      await page.locator("tasklens-list .rows > li").nth(n - 1).waitFor();
      assert.equal(await page.locator("tasklens-list details[open]").count(), 0);
    }
  });

  test("that is given anew while a row is pressed still opens it", async (t) => {
    const page = await visit(t);
    await list(page, longList(3));
    const row = page.locator("tasklens-list .rows > li").first();
    await row.hover();
    await page.mouse.down();
    await list(page, longList(4));
    await page.mouse.up();
    await row.locator(".task-body").waitFor();
    await page.locator("tasklens-list .rows > li").nth(3).waitFor();
    assert.deepEqual(await page.evaluate(() => /** @type {any} */ (globalThis).heard), [["tasklens-select", "t-000000"]]);
    assert.equal(await row.locator("details").evaluate((row) => /** @type {HTMLDetailsElement} */ (row).open), true);
  });
});

test("the styles of docs/element.md reach inside", async (t) => {
  const page = await visit(t);
  await list(page, longList(2));
  const [, css] = /** @type {RegExpExecArray} */ (/```css\n([^]*?)```/.exec(fs.readFileSync(path.join(ROOT, "docs/element.md"), "utf8")));
  const badge = page.locator("tasklens-list [part=badge]").first();
  const looks = () => badge.evaluate((element) => {
    const { fontFamily, textTransform } = getComputedStyle(element);
    return [fontFamily.split(",")[0], textTransform];
  });
  assert.notDeepEqual(await looks(), ["Inter", "uppercase"]);
  await page.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets.push(sheet);
  }, css);
  assert.deepEqual(await looks(), ["Inter", "uppercase"]);
});

describe("what goes on by itself", () => {
  test("ages go on, by one timer for all elements, and none when none is in the page", async (t) => {
    const page = await visit(t);
    const counted = await page.evaluate(() => {
      const elements = [...document.querySelectorAll("tasklens-task, tasklens-list")];
      const parents = elements.map((element) => element.parentElement);
      const { setInterval, clearInterval } = globalThis;
      const running = /** @type {any} */ (globalThis).running = new Set();
      const leave = () => elements.forEach((element) => element.remove());
      const stand = () => elements.forEach((element, i) => parents[i]?.append(element));
      leave();
      globalThis.setInterval = /** @type {any} */ ((/** @type {[any]} */ ...timer) => { const id = setInterval(...timer); running.add(id); return id; });
      globalThis.clearInterval = (id) => { running.delete(id); clearInterval(id); };
      stand();
      const standing = running.size;
      leave();
      const left = running.size;
      Object.assign(globalThis, { setInterval, clearInterval, stand });
      return [standing, left];
    });
    assert.deepEqual(counted, [1, 0]);
    await page.clock.install();
    await page.evaluate(() => /** @type {any} */ (globalThis).stand());
    await show(page, ecsTask({ CreationTime: `${new Date().toISOString().slice(0, 16)}Z` }));
    await page.locator("tasklens-task .time-age", { hasText: /second|now|1 minute/ }).waitFor();
    await page.clock.runFor(5 * 60_000);
    await page.locator("tasklens-task .time-age", { hasText: /[4-6] minutes ago/ }).waitFor();
  });

  test("a language that changes above is followed", async (t) => {
    const page = await visit(t);
    await show(page, ecsTask({}));
    await list(page, longList(2));
    const lang = (/** @type {string} */ selector, /** @type {string} */ lang) => page.locator(selector).evaluate((element, lang) => { element.lang = lang; }, lang);
    await lang("html", "zh-CN");
    await page.locator("tasklens-task").getByText("进度").first().waitFor();
    await page.locator("tasklens-list .frame[lang=zh-CN]").waitFor();
    await lang("main", "en");
    await page.locator("tasklens-task").getByText("Running").first().waitFor();
  });
});

test("motion and colours go by the system inside of the elements, too", async (t) => {
  const page = await visit(t, { forcedColors: "active" });
  await list(page, longList(8));
  const chevron = page.locator("tasklens-list .cell-status > .icon").first();
  const styles = (/** @type {import("playwright-core").Locator} */ locator) => locator.evaluate((element) => {
    const { transitionDuration, transitionProperty, borderTopWidth } = getComputedStyle(element);
    return { still: transitionProperty === "none" || transitionDuration === "0s", borderTopWidth };
  });
  assert.equal((await styles(chevron)).still, true);
  assert.equal((await styles(page.locator("tasklens-list progress").first())).borderTopWidth, "1px");
  await page.emulateMedia({ reducedMotion: "no-preference", forcedColors: "none" });
  assert.equal((await styles(chevron)).still, false);
  assert.equal((await styles(page.locator("tasklens-list progress").first())).borderTopWidth, "0px");
});

describe("custom-elements.json says what there is", () => {
  const manifest = JSON.parse(fs.readFileSync(path.join(BUNDLE, "../custom-elements.json"), "utf8"));
  /** @param {{ name: string }[]} list */
  const names = (list) => list.map(({ name }) => name).sort();
  for (const declared of manifest.modules[0].declarations) {
    test(declared.tagName, async (t) => {
      const page = await visit(t);
      await page.locator(declared.tagName).evaluate((element) => {
        /** @type {any} */ (globalThis).told = new Set();
        const tell = element.dispatchEvent;
        element.dispatchEvent = (event) => { /** @type {any} */ (globalThis).told.add(event.type); return tell.call(element, event); };
      });
      const parts = new Set();
      // Everything it can draw, and everything in it that can be pressed.
      for (const text of [ecsTask({}), hostileBdrc(), ecsTask({ TaskStatus: "Sleeping" }), longList(3), "{"]) {
        await page.locator(declared.tagName).evaluate((element) => { /** @type {any} */ (element).task = null; });
        await page.locator(declared.tagName).evaluate((element, { text, isList }) => {
          const { parse } = /** @type {any} */ (globalThis);
          if (!isList) return void (/** @type {any} */ (element).reply = text);
          const reply = text === "{" ? {} : parse(text);
          /** @type {any} */ (element).tasks = reply.tasks ?? [reply.task, reply.task].filter(Boolean);
        }, { text, isList: declared.tagName === "tasklens-list" });
        await page.locator(`${declared.tagName} .frame > *`).first().waitFor();
        for (const selector of ["summary.row", "button", "a"]) {
          for (const control of await page.locator(`${declared.tagName} ${selector}`).all()) if (await control.isVisible()) await control.click();
        }
        for (const part of await page.locator(`${declared.tagName} [part]`).evaluateAll((all) => all.map((one) => one.getAttribute("part")))) parts.add(part);
      }
      const real = await page.locator(declared.tagName).evaluate((element, css) => {
        const accessors = [];
        for (let own = Object.getPrototypeOf(element); own !== HTMLElement.prototype; own = Object.getPrototypeOf(own)) {
          for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(own))) if (get) accessors.push(name);
        }
        const style = getComputedStyle(element);
        return {
          attributes: [.../** @type {any} */ (element.constructor).observedAttributes].sort(), members: accessors.sort(),
          events: [.../** @type {any} */ (globalThis).told].sort(),
          unset: css.filter((/** @type {string} */ name) => !style.getPropertyValue(name)),
        };
      }, names(declared.cssProperties));
      assert.deepEqual({ ...real, parts: [...parts].sort() }, {
        attributes: names(declared.attributes), members: names(declared.members), events: names(declared.events), unset: [], parts: names(declared.cssParts),
      });
    });
  }

  test("docs/element.md names all of it", () => {
    const page = fs.readFileSync(path.join(ROOT, "docs/element.md"), "utf8");
    const { declarations } = manifest.modules[0];
    for (const kind of ["attributes", "events", "cssParts"]) {
      for (const name of new Set(declarations.flatMap((/** @type {any} */ one) => names(one[kind])))) assert.ok(page.includes(`\`${name}\``), name);
    }
    for (const { members } of declarations) for (const { name, attribute } of members) assert.ok(page.includes(`\`${attribute ?? name}\``), name);
  });

  test("every entry is there", async () => {
    const module = await import(pathToFileURL(path.join(BUNDLE, "element.js")).href);
    for (const { kind, name, declaration } of manifest.modules[0].exports) if (kind === "js") assert.equal(typeof module[name], "function", declaration.name);
    assert.deepEqual(manifest.modules.map((/** @type {{ path: string }} */ one) => one.path), ["dist/element.js"]);
  });
});

test("axe finds nothing, light and dark, at 1440 and 375 px", async (t) => {
  for (const [colorScheme, width] of /** @type {const} */ ([["light", 1440], ["dark", 375]])) {
    const page = await visit(t, { colorScheme, viewport: { width, height: 900 } });
    await page.evaluate((scheme) => { document.documentElement.style.colorScheme = scheme; }, colorScheme);
    await show(page, hostileCloudControl());
    await list(page, longList(8));
    await page.locator("tasklens-list summary").nth(1).click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ").slice(0, 300)}`), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${width} px`);
  }
});

test("Node imports it and defines nothing", async () => {
  const module = await import(pathToFileURL(path.join(BUNDLE, "element.js")).href);
  assert.equal(module.define(), undefined);
});
