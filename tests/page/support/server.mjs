// Serves a built page to one test run. Several roots, parted as in PATH, lie over one another: `www:target/site` shows
// a change to the page without building again.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".xml": "application/xml", ".svg": "image/svg+xml", ".wasm": "application/wasm" };
export const BUILT = fileURLToPath(new URL("../../../target/site", import.meta.url));

/**
 * @param {string} [site]
 * @param {(url: URL) => string | undefined} [answer] comes before the files
 * @returns {Promise<{ origin: string, close: () => Promise<void> }>}
 */
export async function serve(site = process.env.TASKLENS_SITE ?? BUILT, answer = () => undefined) {
  const roots = site.split(path.delimiter).map((root) => path.resolve(root));
  const locate = (pathname) => roots
    .map((root) => ({ root, file: path.join(root, decodeURIComponent(pathname)) }))
    .find(({ root, file }) => file.startsWith(root + path.sep) && statSync(file, { throwIfNoEntry: false })?.isFile())?.file;
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://page");
    const { pathname } = url;
    const answered = answer(url);
    if (answered !== undefined) return response.writeHead(200, { "content-type": "application/json" }).end(answered);
    const file = locate(pathname === "/" ? "/index.html" : pathname);
    if (!file) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "text/plain; charset=utf-8", "cache-control": "no-store" });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}
