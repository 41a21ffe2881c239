// What a user of every entry writes; tests/package/types.test.mjs has three compilers check it, once more with `require`.
import { buildRequest, connect, init, parse, summarize, TasklensError, type Call, type Client, type Estimate, type Fault, type Reply, type Status, type Task, type TaskRef, type UnsignedRequest, type Watch, type WatchEvent } from "tasklens";
import { createProxy, sign, type ProxyEnv, type Signed } from "tasklens/proxy";
import { init as initSlim, parse as parseSlim } from "tasklens/slim";
import { connect as connectUrl, init as initUrl } from "tasklens/url";

async function load(bytes: ArrayBuffer, module: WebAssembly.Module): Promise<void> {
  await init();
  await init(new URL("https://page.example/core.wasm"));
  await init(fetch("/core.wasm"));
  await initUrl();
  await initSlim(bytes);
  await initSlim(module);
  await initSlim(new Response());
  // @ts-expect-error nothing is no module
  await initSlim(null);
}

function read(reply: Reply): string {
  switch (reply.kind) {
    case "task": return reply.task.id satisfies string;
    case "tasks": return `${reply.tasks.map((task) => task.id).join()} ${reply.summary.byStatus.failed ?? 0} ${reply.page.nextToken ?? ""}`;
    case "started": return reply.id ?? reply.groupId ?? "";
    case "accepted": return Object.keys(reply.extra).join();
    case "fault": return because(reply.fault);
    // A kind that is forgotten above would be no `never` here.
    default: return reply satisfies never;
  }
}

function because(fault: Fault): string {
  switch (fault.kind) {
    case "throttled": case "transient": return "later";
    case "not-found": case "denied": case "credentials": case "clock": case "invalid": case "conflict": case "other": return fault.code;
    default: return fault.kind satisfies never;
  }
}

function word(status: Status): string {
  switch (status) {
    case "queued": case "running": case "paused": case "cancelling": case "unknown": return "goes on";
    case "succeeded": case "partial": case "failed": case "cancelled": case "expired": return "ended";
    default: return status satisfies never;
  }
}

function told(event: WatchEvent): number {
  switch (event.type) {
    case "update": return event.estimate?.remainingMs ?? event.task.progress.fraction ?? 0;
    case "retry": return event.delayMs;
    case "gone": return event.last?.createdAt ?? 0;
    case "error": return event.refs.length;
    case "end": return event.task.finishedAt ?? 0;
    default: return event satisfies never;
  }
}

/** The region is there wherever an API cannot do without. */
function region(ref: TaskRef): string {
  if (ref.api === "cloudcontrol") return ref.regionId ?? "none";
  return ref.regionId;
}

function pages(call: Call): number | undefined {
  if (call.operation === "ecs.DescribeTasks") return call.pageNumber;
  if (call.operation === "bdrc.DescribeTasks") return call.maxResults;
  // @ts-expect-error one task has no pages
  return call.pageNumber;
}

function wrong(reply: Reply): void {
  // @ts-expect-error not before `kind` is looked at
  void reply.task;
  // @ts-expect-error a fraction may be null
  const fraction: number = (reply as Extract<Reply, { kind: "task" }>).task.progress.fraction;
  void fraction;
  // @ts-expect-error no such format
  parse("", { format: "yaml" });
  // @ts-expect-error ECS needs the region
  buildRequest({ operation: "ecs.CancelTask", taskId: "t-1" });
  // @ts-expect-error a proxy is needed
  connect({});
  // @ts-expect-error the key is needed
  createProxy().fetch(new Request("https://h"), {});
}

function count(body: string): number {
  try {
    parseSlim(new Uint8Array(), { httpStatus: 502, slice: [0, 10] });
    return summarize(body).progress.fraction ?? 0;
  } catch (error) {
    if (!(error instanceof TasklensError)) throw error;
    switch (error.code) {
      case "syntax": return error.line ?? 0;
      case "ended": case "gone": return error.task?.timePrecisionMs ?? 0;
      default: return error.fault?.status ?? 0;
    }
  }
}

function request(): string {
  const { method, query, headers }: UnsignedRequest = buildRequest({ operation: "ecs.DescribeTasks", regionId: "cn-hangzhou", startTime: new Date(), endTime: Date.now() });
  const [name, value] = query[0] ?? ["", ""];
  return `${method satisfies "GET" | "POST" | "PUT"} ${name.trim()}=${value.trim()} ${headers["x-acs-action"]}`;
}

async function use(): Promise<readonly Task[]> {
  const client: Client = connect({ proxy: new URL("https://proxy.example"), headers: async () => ({ authorization: "Bearer x" }), retry: { attempts: 1 } });
  void (connectUrl satisfies typeof connect);
  const ref: TaskRef = { api: "cloudcontrol", id: "task-1" };
  const { signal } = new AbortController();
  const task: Task = await client.task(ref, { signal });
  read(await client.call({ operation: "cloudcontrol.GetTask", taskId: task.id }));
  for await (const { id } of client.tasks({ operation: "bdrc.DescribeTasks", regionId: "cn-shanghai" }, { signal })) id.trim();
  // @ts-expect-error only lists have pages
  client.tasks({ operation: "cloudcontrol.GetTask", taskId: "task-1" });
  await client.cancel(ref) satisfies void;
  const watch: Watch = client.watch([ref], { intervalMs: 1000, signal });
  for await (const event of watch) told(event);
  for await (const event of client.watch([], { resume: watch.state() }).toReadableStream()) told(event);
  const estimate: Estimate = { remainingMs: 0, finishAt: 0, confidence: 0.5, earliestAt: 0, latestAt: 0 };
  void estimate;
  watch.stop();
  return [...watch.tasks, ...(await watch.done), await client.wait(ref)];
}

const handler: { fetch(request: Request, env: ProxyEnv): Promise<Response> } = createProxy({
  base: "/api",
  authorize: async (request, env) => request.headers.has("x") && env.TASKLENS_TOKENS === "",
  now: () => 0,
});
const { authorization, headers: sent }: Signed = sign({ method: "GET", host: "h", path: "/", query: [["a", "b"]], headers: {}, accessKeyId: "i", accessKeySecret: "s", date: "2026-01-02T03:04:05Z", nonce: "n" });

export const all = { load, read, word, told, region, pages, wrong, count, request, use, handler, authorization, sent };
