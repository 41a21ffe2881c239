// Serves a built page to one test run. Several roots, parted as in PATH, lie over one another: `www:target/site` shows
// a change to the page without building again.
import { createReadStream, statSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".xml": "application/xml", ".svg": "image/svg+xml", ".wasm": "application/wasm" };
const BUILT = fileURLToPath(new URL("../../../target/site", import.meta.url));

/** What the proxy answers; everything else is the page's. */
const CALLS = /^\/(?:ecs|bdrc|cloudcontrol)\//;

/** @param {{ site?: string, proxy?: string }} [options] `proxy`: where calls are passed on to, as a Worker with static assets does @returns {Promise<{ origin: string, close: () => Promise<void> }>} */
export async function serve({ site = process.env.TASKLENS_SITE ?? BUILT, proxy } = {}) {
  const roots = site.split(path.delimiter).map((root) => path.resolve(root));
  const locate = (pathname) => roots
    .map((root) => ({ root, file: path.join(root, decodeURIComponent(pathname)) }))
    .find(({ root, file }) => file.startsWith(root + path.sep) && statSync(file, { throwIfNoEntry: false })?.isFile())?.file;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://page");
    if (proxy && CALLS.test(pathname)) return pass(proxy, request, response);
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

/** Passes a call on under the host it was meant for, and its answer back. */
function pass(proxy, request, response) {
  const { method, url, headers } = request;
  const call = ask(new URL(url, proxy), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  response.on("close", () => call.destroy());
  call.on("error", () => response.destroy());
  request.pipe(call);
}
