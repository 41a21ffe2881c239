// @ts-check
// The rehearsal cloud: one server on this machine that answers as ECS, BDRC and Cloud Control do, signatures and all.
//
//     const cloud = createCloud({ credential, tasks });
//     await cloud.listen();                                       // cloud.url: where the signing proxy sends
//     cloud.fail({ operation: "ecs.DescribeTasks", with: "throttle" });
//     cloud.calls                                                 // what was asked, in order
//
// It holds no task's future but in its plan (timeline.mjs) and reads time only from `now`.
import { createServer } from "node:http";
import { candidates, VERSIONS } from "./endpoints.mjs";
import { ecs } from "./ecs.mjs";
import { encode, encodeFault, Fault, formatOf, requestId } from "./envelope.mjs";
import { createGateway, readCall } from "./gateway.mjs";
import { createTasks } from "./tasks.mjs";

const APIS = { ecs };
const LARGEST_BODY = 1 << 20;

/**
 * @typedef {object} Options
 * @property {import("./gateway.mjs").Credential} credential made for this run
 * @property {import("./tasks.mjs").Task[]} [tasks]
 * @property {() => number} [now] milliseconds since the Unix epoch; `Date.now` if absent
 * @property {number} [cancelMs] how long a task takes to be cancelled; 3 s if absent
 * @property {"absent" | "empty"} [unfinished] how ECS tells the FinishedTime of a task that runs; absent if absent
 */

/** What an operation works with. @typedef {{ call: import("./gateway.mjs").Call, region: string | null, tasks: import("./tasks.mjs").Tasks, format: import("./envelope.mjs").Format, options: { cancelMs: number, unfinished: "absent" | "empty" }, id: string }} Inside */

/**
 * One request as the log keeps it: nothing of it is secret.
 * @typedef {object} Logged
 * @property {string | null} operation such as `ecs.DescribeTasks`; null for none that exists
 * @property {string | null} region
 * @property {string[]} ids
 * @property {string} host that the signature was for, or the Host header where it was for none
 * @property {string} method
 * @property {number} t
 * @property {number | null} status null where no answer was given
 * @property {string | null} code of the fault
 */

/** @param {Options} options */
export function createCloud({ credential, tasks: initial = [], now = Date.now, cancelMs = 3000, unfinished = "absent" }) {
  const world = { credential, now: () => clock() };
  let clock = now;
  const gateway = createGateway(world);
  const tasks = createTasks(world.now);
  tasks.add(...initial);
  /** @type {Logged[]} */
  const calls = [];

  /** @param {import("node:http").IncomingMessage} request @param {Buffer} body */
  function answer(request, body) {
    const call = readCall(request, body);
    const id = requestId();
    /** @type {Logged} */
    const logged = { operation: null, region: null, ids: [], host: call.host, method: call.method, t: world.now(), status: null, code: null };
    calls.push(logged);
    const name = VERSIONS[/** @type {keyof typeof VERSIONS} */ (call.version)];
    const api = name && APIS[name];
    const style = api?.style ?? (call.path === "/" ? "rpc" : "roa");
    const format = formatOf(style, call);
    try {
      if (!call.version) throw new Fault(400, "MissingVersion", "Version is mandatory for this action.");
      if (!api) throw new Fault(400, "InvalidVersion", "Specified parameter Version is not valid.");
      if (!call.action) throw new Fault(400, "MissingAction", "Action is mandatory for this action.");
      const operation = api.route(call);
      if (!operation) throw new Fault(404, "InvalidApi.NotFound", "Specified api is not found, please check your url and method.");
      Object.assign(logged, { operation: `${name}.${operation}`, ids: api.ids(call), region: call.query.RegionId ?? null });
      if (!api.methods.includes(call.method)) throw new Fault(403, "UnsupportedHTTPMethod", "The HTTP method is not supported by this operation.");
      const endpoint = gateway.admit(call, candidates(name, call));
      Object.assign(logged, { host: endpoint.host, region: endpoint.region ?? logged.region });
      const reply = api.operations[operation]({ call, region: endpoint.region, tasks, format, options: { cancelMs, unfinished }, id });
      return { id, logged, reply: encode(format, `${operation}Response`, style === "rpc" ? { RequestId: id, ...reply } : reply) };
    } catch (error) {
      const fault = error instanceof Fault ? error : new Fault(500, "InternalError", String(error));
      logged.code = fault.code;
      return { id, logged, reply: encodeFault(style, format, fault, { id, host: logged.host, product: api?.product ?? "" }) };
    }
  }

  const server = createServer(async (request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (body.length > LARGEST_BODY) return response.writeHead(413).end();
    const { id, logged, reply } = answer(request, body);
    response.sendDate = false;
    response.writeHead(reply.status, { ...usualHeaders(id, world.now()), ...reply.headers, "content-length": reply.body.length });
    response.end(reply.body);
    logged.status = reply.status;
  });

  return {
    calls, tasks, credential,
    /** @param {() => number} next */
    setClock(next) { clock = next; },
    url: "",
    /** Listens on this machine only. @param {number} [port] any free one if absent */
    async listen(port = 0) {
      await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(null)));
      const address = /** @type {import("node:net").AddressInfo} */ (server.address());
      this.url = `http://127.0.0.1:${address.port}`;
      return this.url;
    },
    close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}

/** As seen on answers of the real gateway. @param {string} id @param {number} now */
const usualHeaders = (id, now) => ({
  date: new Date(now).toUTCString(),
  "x-acs-request-id": id,
  "x-acs-trace-id": id.replaceAll("-", "").toLowerCase(),
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "*",
});
