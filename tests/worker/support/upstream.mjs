// @ts-check
// An API that does as it is told, for what the rehearsal cloud would never do: echo, drip, point elsewhere, send the
// headers of an attacker.
import { createServer } from "node:http";

/** @typedef {{ method: string, target: string, headers: import("node:http").IncomingHttpHeaders, rawHeaders: string[], body: string, left: boolean }} Received */
/** @typedef {(response: import("node:http").ServerResponse, request: Received, n: number) => void} Script */

/** A task list with nothing in it. */
export const EMPTY = JSON.stringify({ RequestId: "473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E", TotalCount: 0, PageNumber: 1, PageSize: 10, RegionId: "cn-hangzhou", TaskSet: { Task: [] } });

/** @param {number} status @param {string | Buffer} [body] @param {Record<string, string | string[]>} [headers] @returns {Script} */
export const say = (status, body = EMPTY, headers = {}) => (response) =>
  void response.writeHead(status, { "content-type": "application/json;charset=utf-8", ...headers }).end(body);

/** A fault as RPC writes it. @param {number} status @param {string} code @param {Record<string, string>} [headers] */
export const refuse = (status, code, headers) => say(status, JSON.stringify({ Code: code, Message: `it is ${code}`, RequestId: "R-1", HostId: "ecs.aliyuncs.com" }), headers);

/** One after the other, the last for all that come later. @param {...Script} scripts @returns {Script} */
export const inTurn = (...scripts) => (response, request, n) => scripts[Math.min(n, scripts.length) - 1](response, request, n);

/** Breaks the connection before an answer. @type {Script} */
export const reset = (response) => void response.socket?.resetAndDestroy();

/** @param {Script} [script] */
export async function startUpstream(script = say(200)) {
  /** @type {Received[]} */
  const requests = [];
  const server = createServer(async (request, response) => {
    const { method = "", url: target = "", headers, rawHeaders } = request;
    const received = { method, target, headers, rawHeaders, body: "", left: false };
    requests.push(received);
    response.once("close", () => { received.left = !response.writableFinished; });
    const n = requests.length;
    for await (const chunk of request) received.body += chunk;
    upstream.script(response, received, n);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const upstream = {
    url: `http://127.0.0.1:${port}`,
    requests,
    /** May be changed between requests. */
    script,
    /** Forgets what came and follows another script. @param {Script} next */
    follow(next) { requests.length = 0; upstream.script = next; },
    close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
  return upstream;
}
