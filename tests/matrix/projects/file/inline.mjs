// Puts the script into the page, and its hash into the page's policy.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const script = readFileSync("dist/main.js", "utf8").replaceAll("</script", "<\\/script").replaceAll("<!--", "\\x3C!--");
const hash = createHash("sha256").update(script).digest("base64");

writeFileSync("dist/tasks.html", `<!doctype html>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-${hash}' 'wasm-unsafe-eval'">
<title>Tasks</title>
<pre></pre>
<script type="module">${script}</script>
`);
