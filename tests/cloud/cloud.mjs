// @ts-check
// The rehearsal cloud: one server on this machine that answers as ECS, BDRC and Cloud Control do, signatures and all.
//
//     const cloud = createCloud({ credential, tasks });
//     await cloud.listen();                                                // cloud.url: where the signing proxy sends
//     cloud.fail({ operation: "ecs.DescribeTasks", with: "throttle" });    // once
//     cloud.calls                                                          // what was asked, in order
//     await cloud.close();
//
// It holds no task's future but in its plan (timeline.mjs) and reads time only from `now`.
import { createServer } from "node:http";
import { bdrc } from "./bdrc.mjs";
import { cloudControl } from "./cloud-control.mjs";
import { ecs } from "./ecs.mjs";
import { candidates, VERSIONS } from "./endpoints.mjs";
import { encode, encodeFault, Fault, formatOf, requestId } from "./envelope.mjs";
import { createGateway, readCall } from "./gateway.mjs";
import { deliver, distort, faultOf } from "./mishaps.mjs";
import { createScript } from "./script.mjs";
import { createTasks } from "./tasks.mjs";

/** @typedef {{ product: string, style: import("./envelope.mjs").Style, operations: Record<string, (inside: Inside) => Record<string, unknown>>, route: (call: import("./gateway.mjs").Call) => string | null, ids: (call: import("./gateway.mjs").Call) => string[] }} ApiModule */

/** @type {Record<import("./endpoints.mjs").Api, ApiModule>} */
const APIS = { ecs, bdrc, cloudcontrol: cloudControl };

/** No call of these APIs has a body worth naming. */
const LARGEST_BODY = 1 << 20;

/**
 * @typedef {object} Options
 * @property {import("./gateway.mjs").Credential} credential made for this run
 * @property {import("./tasks.mjs").Task[]} [tasks]
 * @property {Iterable<import("./tasks.mjs").Task>} [arrivals] tasks that come later, in order of creation; may be endless
 * @property {() => number} [now] milliseconds since the Unix epoch; `Date.now` if absent
 * @property {number} [cancelMs] how long a task takes to be cancelled; 3 s if absent
 * @property {"absent" | "empty"} [unfinished] what ECS's FinishedTime is while a task runs; absent if absent
 * @property {import("./script.mjs").Quotas} [quotas] calls a minute, such as `{ "ecs.DescribeTasks": 60 }`
 * @property {{ status?: number, hint?: boolean }} [throttle] how a used-up quota refuses: HTTP 400 if absent, with x-acs-retry-after unless `hint` is false
 */

/** What an operation works with. @typedef {{ call: import("./gateway.mjs").Call, region: string | null, tasks: import("./tasks.mjs").Tasks, format: import("./envelope.mjs").Format, options: { cancelMs: number, unfinished: "absent" | "empty" }, id: string }} Inside */

/**
 * One request as the log keeps it: nothing in it is secret.
 * @typedef {object} Logged
 * @property {string | null} operation such as `ecs.DescribeTasks`; null for none that exists
 * @property {string | null} region of the host that the signature was for, else RegionId
 * @property {string[]} ids
 * @property {string} host that the signature was for; the Host header where it was for none
 * @property {string} method
 * @property {number} t
 * @property {string} id the reply's request id
 * @property {number | null} status of HTTP; null where there was no answer
 * @property {string | null} code of the fault
 * @property {string | null} mishap its kind, where something was to go wrong
 * @property {boolean} aborted the caller left, or the connection was broken, before the answer was whole
 */

/** @param {Options} options */
export function createCloud({ credential, tasks: initial = [], arrivals = [], now = Date.now, cancelMs = 3000, unfinished = "absent", quotas = {}, throttle = {} }) {
  let clock = now;
  const world = { credential, quotas, throttle, now: () => clock() };
  const gateway = createGateway(world);
  const script = createScript(world);
  const tasks = createTasks(world.now);
  tasks.add(...initial);
  tasks.arrive(arrivals);
  /** @type {Logged[]} */
  const calls = [];

  /** Decides the whole answer; nothing is sent yet. @param {import("node:http").IncomingMessage} request @param {Buffer} body */
  function answer(request, body) {
    const call = readCall(request, body);
    const id = requestId();
    /** @type {Logged} */
    const logged = { operation: null, region: call.query.RegionId ?? null, ids: [], host: call.host, method: call.method, t: world.now(), id, status: null, code: null, mishap: null, aborted: false };
    calls.push(logged);
    const name = VERSIONS[/** @type {keyof typeof VERSIONS} */ (call.version)];
    const api = name && APIS[name];
    const style = api?.style ?? (call.path === "/" ? "rpc" : "roa");
    const format = formatOf(style, call);
    let mishap = null;
    try {
      const operation = route(api, call);
      Object.assign(logged, { operation: `${name}.${operation}`, ids: api.ids(call) });
      const { host, region } = gateway.admit(call, candidates(name, call));
      Object.assign(logged, { host, region: region ?? logged.region });
      mishap = script.next(logged);
      logged.mishap = mishap?.kind ?? null;
      const fault = faultOf(mishap);
      if (fault) throw fault;
      const inside = { call, region, tasks, format, options: { cancelMs, unfinished }, id };
      const reply = encode(format, `${operation}Response`, api.operations[operation](inside));
      return { logged, mishap, reply: distort(mishap, reply) };
    } catch (error) {
      const fault = error instanceof Fault ? error : new Fault(500, "InternalError", String(error));
      logged.code = fault.code;
      return { logged, mishap, reply: encodeFault(style, format, fault, { id, host: logged.host, product: api?.product ?? "" }) };
    }
  }

  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    if (!body) return response.writeHead(413, { connection: "close" }).end();
    const { logged, mishap, reply } = answer(request, body);
    response.sendDate = false; // the date is the cloud's, not this machine's
    response.once("close", () => { logged.aborted = !response.writableFinished; });
    deliver(mishap, response, { ...reply, headers: { ...usualHeaders(logged.id, world.now()), ...reply.headers } });
    if (response.headersSent) logged.status = reply.status;
  });

  server.keepAliveTimeout = 25_000; // as the real gateway says of itself

  return {
    calls, tasks, credential, url: "",
    fail: script.fail,
    before: script.before,
    /** From now on time is read here. @param {() => number} next */
    setClock(next) { clock = next; },
    /** How often an operation was asked for. @param {string} operation */
    count: (operation) => calls.filter((call) => call.operation === operation).length,
    /** Listens on this machine only. @param {number} [port] any free one if absent */
    async listen(port = 0) {
      await new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", () => resolve(null)));
      this.url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
      return this.url;
    },
    /** Breaks what is still open. */
    close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}

/** @typedef {ReturnType<typeof createCloud>} Cloud */

/** @param {ApiModule | undefined} api @param {import("./gateway.mjs").Call} call */
function route(api, call) {
  if (!call.version) throw new Fault(400, "MissingVersion", "Version is mandatory for this action.");
  if (!api) throw new Fault(400, "InvalidVersion", "Specified parameter Version is not valid.");
  if (!call.action) throw new Fault(400, "MissingAction", "Action is mandatory for this action.");
  const operation = api.route(call);
  if (!operation) throw new Fault(404, "InvalidApi.NotFound", "Specified api is not found, please check your url and method.");
  return operation;
}

/** The body, or null where it is too long or the caller left. @param {import("node:http").IncomingMessage} request */
async function readBody(request) {
  /** @type {Buffer[]} */
  const chunks = [];
  let length = 0;
  try {
    for await (const chunk of request) {
      length += chunk.length;
      if (length > LARGEST_BODY) return null;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch {
    return null;
  }
}

/** As seen on answers of the real gateway. @param {string} id @param {number} now */
const usualHeaders = (id, now) => ({
  date: new Date(now).toUTCString(),
  "x-acs-request-id": id,
  "x-acs-trace-id": id.replaceAll("-", "").toLowerCase(),
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "*",
});
