// The page's rooms, and who may ask whom: a module imports only from its own room and from those named left of it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { test } from "node:test";

const ROOMS = ["words", "draw", "share", "read", "watch", "."];
const WWW = new URL("../../www/", import.meta.url);
const files = readdirSync(WWW, { recursive: true }).map((name) => String(name).replaceAll("\\", "/")).filter((name) => name.endsWith(".js"));

test("every room imports only from those before it", () => {
  assert.ok(files.length > 30);
  const wrong = files.flatMap((file) => {
    const room = posix.dirname(file);
    const asked = [...readFileSync(new URL(file, WWW), "utf8").matchAll(/^import .* from "([^"]+)";$/gm)].map(([, path]) => posix.join(room, path)).filter((path) => !path.startsWith("tasklens/"));
    return asked.filter((path) => !files.includes(path) || ROOMS.indexOf(posix.dirname(path)) > ROOMS.indexOf(room)).map((path) => `${file} → ${path}`);
  });
  assert.deepEqual(wrong, []);
});

test("only the rooms that ask import the package", () => {
  const askers = files.filter((file) => /from "(?:\.\.?\/)*tasklens\//.test(readFileSync(new URL(file, WWW), "utf8")));
  assert.deepEqual(askers.sort(), ["app.js", "watch/mode.js", "watch/session.js"]);
});
