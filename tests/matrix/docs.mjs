// @ts-check
// The code in docs/platforms/ is the code that runs here: each block after `<!-- code: <file of projects/> -->` is that file.
//
//     node tests/matrix/docs.mjs --write      fills the blocks
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const PAGES = fileURLToPath(new URL("../../docs/platforms/", import.meta.url));
const PROJECTS = new URL("projects/", import.meta.url);
const BLOCK = /<!-- code: (\S+) -->\n(?:\*\*`.*`\*\*\n\n```[\s\S]*?\n```\n)?/g;

/** Each page as it is and as it should be. */
export function pages() {
  return fs.readdirSync(PAGES).filter((name) => name.endsWith(".md")).map((name) => {
    const file = path.join(PAGES, name);
    const text = fs.readFileSync(file, "utf8");
    const filled = text.replace(BLOCK, (_, source) => {
      const code = fs.readFileSync(new URL(source, PROJECTS), "utf8").trimEnd();
      const language = source.split(".").at(-1).replace(/^[cm]js$/, "js");
      const name = source.slice(source.indexOf("/") + 1);
      return `<!-- code: ${source} -->\n**\`${name}\`**\n\n\`\`\`${language}\n${code}\n\`\`\`\n`;
    });
    return { name, file, text, filled };
  });
}

if (process.argv.includes("--write")) {
  for (const { file, filled } of pages()) fs.writeFileSync(file, filled);
}
