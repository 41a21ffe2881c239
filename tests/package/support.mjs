// What the tests of the built package share.

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const PKG = process.env.TASKLENS_PKG ?? path.join(ROOT, "pkg");
/** A folder with the packed package installed, as its users have it. */
export const CONSUMER = process.env.TASKLENS_CONSUMER ?? path.join(ROOT, "target/consumer");

/** Every case of tests/corpus, as tests/corpus.rs walks it. */
export function cases() {
  const root = path.join(ROOT, "tests/corpus");
  const folders = (folder) =>
    fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => path.join(folder, entry.name));
  const json = (file) => (fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : undefined);
  return folders(root).flatMap(folders).flatMap((folder) =>
    ["response.json", "response.xml"].map((name) => path.join(folder, name)).filter((file) => fs.existsSync(file)).map((file) => ({
      name: path.relative(root, file),
      body: fs.readFileSync(file),
      options: json(path.join(folder, "options.json")),
      expected: json(path.join(folder, "expected.json")),
      error: json(path.join(folder, "expected.error.json")),
    })),
  );
}
