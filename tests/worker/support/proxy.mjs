// @ts-check
// The proxy as it is deployed: worker/index.js with the packed package, in real workerd, on a port of this machine.
//
//     const proxy = await startProxy({ env: { TASKLENS_UPSTREAM: cloud.url } });
//     await proxy.dispatch("/ecs/DescribeTasks?RegionId=cn-hangzhou");   // with a valid token, unless it is given another
//     proxy.logs.text                                                    // all that it and its runtime have printed
//     await proxy.dispose();
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Log, LogLevel, Miniflare } from "miniflare";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
export const WORKER = path.join(ROOT, "worker");
/** A folder with the packed package installed, as its users have it. */
const CONSUMER = process.env.TASKLENS_CONSUMER ?? path.join(ROOT, "target/consumer");

/** Made for this run; long enough that a test which looks for one finds no other text. */
const random = (/** @type {string} */ prefix, /** @type {number} */ bytes) => prefix + randomBytes(bytes).toString("hex");
export const CREDENTIAL = { accessKeyId: random("LTAI5t", 9), accessKeySecret: random("", 15) };
export const TOKEN = randomBytes(32).toString("base64");

/** The key, one token and both cancels; everything else as it is by default. */
export const ENV = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: CREDENTIAL.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: CREDENTIAL.accessKeySecret,
  TASKLENS_TOKENS: TOKEN,
  TASKLENS_ALLOW_CANCEL: "true",
};

/** @typedef {{ status: number, headers: http.IncomingHttpHeaders, rawHeaders: string[], body: string, json: () => any }} Answer */
/** @typedef {{ method?: string, headers?: Record<string, string | string[] | null>, body?: string | Buffer<ArrayBuffer> }} Init */

/**
 * @param {object} [options]
 * @param {Record<string, string | null | undefined>} [options.env] over `ENV`; null takes one away
 * @param {string} [options.worker] the source of another Worker than worker/index.js
 * @param {string} [options.site] a folder that is served beside it, as worker/wrangler.toml says
 * @param {number} [options.port] any, if it is left out
 */
export async function startProxy({ env = {}, worker = fs.readFileSync(path.join(WORKER, "index.js"), "utf8"), site, port = 0 } = {}) {
  const logs = createLogs();
  const bindings = Object.fromEntries(Object.entries({ ...ENV, ...env }).filter(([, value]) => value != null));
  const miniflare = new Miniflare({
    name: "tasklens",
    host: "127.0.0.1",
    port,
    cf: false,
    telemetry: { enabled: false },
    log: logs.log,
    handleRuntimeStdio: logs.follow,
    compatibilityDate: compatibilityDate(),
    bindings: /** @type {Record<string, string>} */ (bindings),
    modules: await bundle(worker),
    ...(site ? { assets: { ...(await assets()), directory: site } } : {}),
  });
  const url = (await miniflare.ready).origin;
  const token = bindings.TASKLENS_TOKENS?.split(",")[0];
  /** @param {Init["headers"]} headers */
  const withToken = (headers = {}) =>
    Object.fromEntries(Object.entries({ ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers }).filter(([, value]) => value !== null));

  return {
    url, token, logs,
    /** As `fetch` does, redirects not followed. @param {string} target @param {Init & { signal?: AbortSignal }} [init] */
    dispatch: (target, { headers, ...init } = {}) =>
      fetch(url + target, { ...init, headers: /** @type {Record<string, string>} */ (withToken(headers)), redirect: "manual" }),
    /** The target and the headers exactly as they are given, which `fetch` would tidy up. @param {string} target @param {Init} [init] */
    raw: (target, { headers, ...init } = {}) => raw(url, target, { ...init, headers: withToken(headers) }),
    /** Asks, and breaks the connection when told to: a closed one could still be listening. @param {string} target */
    begin(target) {
      const { hostname, port } = new URL(url);
      const socket = net.connect(Number(port), hostname, () => socket.write(`GET ${target} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\n\r\n`));
      socket.on("error", () => {});
      return { leave: () => void socket.resetAndDestroy() };
    },
    dispose: () => miniflare.dispose(),
  };
}

/** @typedef {Awaited<ReturnType<typeof startProxy>>} Proxy */

/** @param {string} url @param {string} target @param {Init} init @returns {Promise<Answer>} */
function raw(url, target, { method = "GET", headers = {}, body }) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const options = { hostname, port, path: target, method, headers: /** @type {http.OutgoingHttpHeaders} */ (headers), agent: false };
    const request = http.request(options, (response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk)).once("error", reject).once("end", () => {
        const body = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, rawHeaders: response.rawHeaders, body, json: () => JSON.parse(body) });
      });
    });
    request.once("error", reject).end(body);
  });
}

/** What is deployed and what is tested are of one date. */
export function compatibilityDate() {
  const found = /^compatibility_date = "(.*)"$/m.exec(fs.readFileSync(path.join(WORKER, "wrangler.toml"), "utf8"));
  if (!found) throw new Error("worker/wrangler.toml has no compatibility_date");
  return found[1];
}

/** How wrangler would route between files and the Worker. */
async function assets() {
  const { unstable_getMiniflareWorkerOptions } = await import("wrangler");
  const { workerOptions } = unstable_getMiniflareWorkerOptions(path.join(WORKER, "wrangler.toml"));
  if (!workerOptions.assets) throw new Error("worker/wrangler.toml has no [assets]");
  return workerOptions.assets;
}

/** @type {Map<string, ReturnType<typeof make>>} */
const bundles = new Map();

/** @param {string} source */
function bundle(source) {
  const made = bundles.get(source) ?? make(source);
  bundles.set(source, made);
  return made;
}

/** One module of JavaScript and one for each of WebAssembly, as wrangler would upload them. @param {string} source */
async function make(source) {
  /** @type {Map<string, string>} */
  const wasm = new Map();
  const made = await build({
    stdin: { contents: source, resolveDir: WORKER, sourcefile: "index.js" },
    bundle: true, write: false, format: "esm", target: "es2022", conditions: ["workerd"], logLevel: "silent",
    plugins: [{
      name: "packed",
      setup({ onResolve, resolve }) {
        onResolve({ filter: /^tasklens(\/|$)/ }, ({ path, kind, pluginData }) =>
          pluginData === "packed" ? undefined : resolve(path, { kind, resolveDir: CONSUMER, pluginData: "packed" }));
        onResolve({ filter: /\.wasm$/ }, (found) => {
          const name = path.basename(found.path);
          wasm.set(name, path.resolve(found.resolveDir, found.path));
          return { path: `./${name}`, external: true };
        });
      },
    }],
  });
  return [
    { type: /** @type {const} */ ("ESModule"), path: "index.js", contents: made.outputFiles[0].text },
    ...[...wasm].map(([name, file]) => ({ type: /** @type {const} */ ("CompiledWasm"), path: name, contents: fs.readFileSync(file) })),
  ];
}

/** Keeps what the runtime prints, and what Miniflare says of it. */
function createLogs() {
  const lines = /** @type {string[]} */ ([]);
  class Kept extends Log {
    /** @param {string} message */
    log(message) { lines.push(message); }
  }
  return {
    log: new Kept(LogLevel.VERBOSE),
    /** @param {import("node:stream").Readable} stdout @param {import("node:stream").Readable} stderr */
    follow(stdout, stderr) {
      for (const stream of [stdout, stderr]) stream.on("data", (chunk) => lines.push(String(chunk)));
    },
    get text() { return lines.join("\n"); },
  };
}
