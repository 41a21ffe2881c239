// The page's modules say `@ts-check`; here somebody does: strict TypeScript over all of them, with the package's own types.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TYPES = path.join(process.env.TASKLENS_PKG ?? path.join(ROOT, "pkg"), "dist/index.d.ts");

test("the page's types hold", (t) => {
  const dir = mkdtempSync(path.join(tmpdir(), "tasklens-page-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  cpSync(path.join(ROOT, "www"), dir, { recursive: true });
  cpSync(TYPES, path.join(dir, "tasklens/dist/inline.d.ts"));
  writeFileSync(path.join(dir, "tsconfig.json"), JSON.stringify({
    compilerOptions: { strict: true, noEmit: true, allowJs: true, checkJs: true, target: "es2024", module: "esnext", moduleResolution: "bundler", lib: ["es2024", "dom", "dom.iterable", "dom.asynciterable"], types: [], paths: { tasklens: ["./tasklens/dist/inline.d.ts"] } },
    include: ["app.js"],
  }));
  execFileSync(process.execPath, [path.join(ROOT, "node_modules/typescript/bin/tsc"), "-p", dir], { stdio: ["ignore", "inherit", "inherit"] });
});
