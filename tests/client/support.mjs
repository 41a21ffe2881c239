// Real servers for the client of the packed package, as its users install it.

import http from "node:http";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CONSUMER = process.env.TASKLENS_CONSUMER ?? path.join(ROOT, "target/consumer");
export const DIST = path.join(CONSUMER, "node_modules/tasklens/dist");

export const { buildRequest, connect, TasklensError } = await import(pathToFileURL(path.join(DIST, "node.js")).href);

/** What an answer may be: a body that becomes JSON, or all of it. A function answers itself. */
function answer(response, what) {
  const { status = 200, headers = {}, body = "" } = typeof what.status === "number" || what.headers || what.body !== undefined ? what : { body: what };
  const text = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(text);
}

/**
 * A server that answers in turn, the last answer for ever; `requests` is what it was asked.
 * @param {import("node:test").TestContext} t closes it
 */
export async function serve(t, ...answers) {
  const requests = [];
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url, "http://proxy");
    const asked = { method: request.method, path: url.pathname, query: Object.fromEntries(url.searchParams), headers: request.headers, at: Date.now(), ended: false };
    asked.gone = new Promise((resolve) => response.on("close", () => resolve(!response.writableFinished)));
    requests.push(asked);
    const next = answers[Math.min(requests.length, answers.length) - 1];
    if (typeof next !== "function") return answer(response, next);
    const what = await next(asked, response, requests.length);
    if (what !== undefined) answer(response, what);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const proxy = `http://127.0.0.1:${server.address().port}`;
  return { proxy, requests, server };
}

/** A client that retries at once. */
export function client(proxy, options = {}) {
  return connect({ proxy, retry: { initialMs: 1, capMs: 1, jitter: "none" }, ...options });
}

export const GET_TASK = { operation: "cloudcontrol.GetTask", taskId: "task-1" };
export const REF = { api: "cloudcontrol", id: "task-1" };
export const task = (status = "Running", taskId = "task-1") => ({ requestId: "r-1", task: { taskId, status } });
export const fault = (code, status = 400, headers = {}) => ({ status, headers, body: { Code: code, Message: `it is ${code}`, RequestId: "r-2" } });
export const never = () => undefined;
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What a promise is rejected with, which must be ours. */
export async function refused(promise) {
  try {
    await promise;
  } catch (error) {
    if (error instanceof TasklensError) return error;
    throw new Error(`expected a TasklensError, found ${error?.stack ?? error}`);
  }
  throw new Error("expected a rejection");
}

export function thrown(use) {
  try {
    use();
  } catch (error) {
    if (error instanceof TasklensError) return error;
    throw error;
  }
  throw new Error("expected a throw");
}
