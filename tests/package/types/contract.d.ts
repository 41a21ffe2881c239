// The public contract of the package, as it was settled before its first release (copied on 2026-11-25). It is fixed:
// tests/package/contract.test.mjs compares the types of the package with it. What follows is the copy; the numbers in brackets
// are sections of the notes on the APIs that it was written from.

/**
 * tasklens: the public contract of the npm package, as its users and its acceptance tests see it.
 * Names, units and meanings here are fixed; documentation, overloads and additions are the package's own.
 * (Numbers in brackets are sections of notes on the APIs.)
 */

// ───────────────────────────── loading ─────────────────────────────

/**
 * Loads the WebAssembly module. Needed once in a browser before anything else; idempotent, safe to call twice or
 * concurrently (one fetch, one instance). In Node, Deno, Bun and workerd the module is ready at import and this resolves
 * at once, so the same code runs everywhere.
 */
export function init(source?: URL | string | Response | BufferSource | WebAssembly.Module | Promise<Response>): Promise<void>;

// ───────────────────────────── the model ───────────────────────────
// All results are plain data: spread, structuredClone and JSON.stringify give what is typed here.

export type Api = "ecs" | "bdrc" | "cloudcontrol";

/** One word for all three APIs; table in [10]. `partial`: it ended and not everything succeeded. */
export type Status =
  | "queued" | "running" | "paused" | "cancelling"                              // a later poll may differ
  | "succeeded" | "partial" | "failed" | "cancelled" | "expired"                // terminal
  | "unknown";                                                                  // a word not seen before: not terminal

export interface Progress {
  /** 0 to 1, rounded to 4 decimals; null where nothing can be said (never 0 for "unknown"). */
  fraction: number | null;
  /** reported: the API's own figure. counted: from sub-task counters. status: implied by a terminal status. */
  origin: "reported" | "counted" | "status" | "none";
}

/** What the server says went wrong. Decide by `status`, never by the presence of this. */
export interface TaskError {
  code: string | null;
  message: string;
  /** The nested downstream error of Cloud Control (text or object on the wire) [3.2]. */
  cause: { requestId: string | null; code: string | null; message: string | null } | null;
}

export interface SubTask {
  status: "running" | "succeeded" | "failed" | "unknown";
  rawStatus: string | null;
  error: TaskError | null;
  related: { name: string; value: string }[];
}

export interface Resource {
  id: string | null;
  type: string | null;
  product: string | null;
  /** Cloud Control resourcePath, one entry a path, trimmed. */
  paths: string[];
}

export interface Task {
  api: Api;
  id: string;
  /** One spelling per action: `ImportImage` also where XML says `IMPORT_IMAGE`. BDRC: TaskType. Cloud Control: Create, Update, Delete. */
  action: string | null;
  status: Status;
  /** The server's own word, untouched. */
  rawStatus: string;
  terminal: boolean;
  progress: Progress;
  /** Can it be cancelled now: false once terminal; null where the API does not say. */
  cancellable: boolean | null;
  /** Milliseconds since the Unix epoch, or null. */
  createdAt: number | null;
  startedAt: number | null;
  finishedAt: number | null;
  expiresAt: number | null;
  /** How exact those moments are: 60000 for ECS minutes, 1000 for seconds. */
  timePrecisionMs: number;
  counts: { total: number; succeeded: number; failed: number } | null;
  subTasks: SubTask[];
  error: TaskError | null;
  resource: Resource | null;
  regionId: string | null;
  name: string | null;
  description: string | null;
  priority: string | null;
  /** BDRC TaskDetail and TaskResult: the JSON inside the string, decoded; the string itself where it is not JSON. */
  detail: unknown;
  result: unknown;
  /** Every field of the reply that no property above holds, so that nothing is lost. */
  extra: Record<string, unknown>;
}

export interface Page {
  number: number | null;
  size: number | null;
  total: number | null;
  nextToken: string | null;
}

/** A readable reply that departs from its documentation, e.g. an error code on a succeeded sub-task. */
export interface Finding {
  /** Stable, kebab-case. */
  code: string;
  /** JSONPath-like, e.g. `$.Data.Progress` or `$.TaskSet.Task[3].CreationTime`, for XML too. */
  path: string;
  message: string;
  line: number | null;
  column: number | null;
}

/** The API refused the call [4]. Secrets quoted by the server are cut out of `message` (SignatureDoesNotMatch). */
export interface Fault {
  code: string;
  message: string;
  requestId: string | null;
  hostId: string | null;
  recommend: string | null;
  status: number | null;
  /** From the code first, HTTP status last [1.8, 1.9, 3.3]. */
  kind: "throttled" | "transient" | "not-found" | "denied" | "credentials" | "clock" | "invalid" | "conflict" | "other";
  retryable: boolean;
  accessDenied: Record<string, unknown> | null;
}

export type Operation =
  | "ecs.DescribeTasks" | "ecs.DescribeTaskAttribute" | "ecs.CancelTask"
  | "bdrc.DescribeTask" | "bdrc.DescribeTasks"
  | "cloudcontrol.GetTask" | "cloudcontrol.CancelTask";

export type TaskRef =
  | { api: "ecs"; regionId: string; id: string }
  | { api: "bdrc"; regionId: string; id: string }
  | { api: "cloudcontrol"; regionId?: string; id: string };

export type Reply = { requestId: string | null; findings: Finding[] } & (
  | { kind: "task"; api: Api; task: Task }
  /** `summary` covers every task of the reply, `tasks` those of `slice` (all by default), from index `offset` on. */
  | { kind: "tasks"; api: Api; tasks: Task[]; offset: number; summary: Summary; page: Page }
  /** The reply of an operation that starts a task (ImportImage, ModifyDiskSpec, CreateResource…) [1.4, 3.1]. */
  | { kind: "started"; id: string | null; groupId: string | null; subTasks: SubTask[]; extra: Record<string, unknown> }
  /** A request id and at most plain values beside it (CancelTask): nothing to watch. */
  | { kind: "accepted"; extra: Record<string, unknown> }
  | { kind: "fault"; fault: Fault }
);

// ───────────────────────────── reading ─────────────────────────────

export interface ParseOptions {
  format?: "json" | "xml";          // default: from the first character after an optional byte-order mark
  operation?: Operation;            // default: recognized from the shape
  httpStatus?: number;
  maxBytes?: number;                // default 8 MiB
  maxDepth?: number;                // default 64
  /** Build only these tasks of a list, [from, to): the others are checked and counted in `summary`. For long lists. */
  slice?: [number, number];
}

/**
 * Reads one reply. Throws TasklensError: `syntax` (not well-formed JSON or XML, with line and column), `unrecognized`
 * (well-formed, but no reply of these APIs), `invalid` (a required field is missing or of the wrong kind, with its path),
 * `limit`. Never panics, whatever the bytes.
 */
export function parse(body: string | Uint8Array, options?: ParseOptions): Reply;

/** Counts without building task objects: for large lists. */
export function summarize(body: string | Uint8Array, options?: ParseOptions): Summary;
export interface Summary {
  total: number;
  byStatus: Partial<Record<Status, number>>;
  terminal: number;
  /** Mean fraction over the tasks whose progress is known, and how many those are. */
  progress: { fraction: number | null; known: number };
}

// ───────────────────────────── calling ─────────────────────────────

export type Call =
  | { operation: "ecs.DescribeTasks"; regionId: string; pageNumber?: number; pageSize?: number; taskIds?: string[];
      taskAction?: string; taskStatus?: "Finished" | "Processing" | "Failed"; startTime?: Date | number | string;
      endTime?: Date | number | string; resourceIds?: string[]; taskGroupId?: string }
  | { operation: "ecs.DescribeTaskAttribute" | "ecs.CancelTask"; regionId: string; taskId: string }
  | { operation: "bdrc.DescribeTask"; regionId: string; taskId: string }
  | { operation: "bdrc.DescribeTasks"; regionId: string; maxResults?: number; nextToken?: string; taskStatus?: string; taskType?: string }
  | { operation: "cloudcontrol.GetTask" | "cloudcontrol.CancelTask"; taskId: string; regionId?: string };

export interface UnsignedRequest {
  method: "GET" | "POST" | "PUT";
  host: string;                       // e.g. ecs.cn-hangzhou.aliyuncs.com [6]
  path: string;                       // percent-encoded
  query: [name: string, value: string][];   // in canonical order
  headers: Record<string, string>;    // x-acs-action, x-acs-version, accept
}

/** Validates a call against the documented constraints and builds the request, unsigned. Throws `request` naming the field. */
export function buildRequest(call: Call): UnsignedRequest;

/** `attempts`: how often again after the first try. Server hints (`x-acs-retry-after` in ms, `Retry-After`) win, clamped to the deadline. */
export interface RetryPolicy { attempts: number; initialMs: number; factor: number; capMs: number; jitter: "full" | "none" }
export interface ConnectOptions {
  /**
   * Base URL of the signing proxy; calls go to `{proxy}/{api}/{Operation}?…`: GET, and POST for the two cancels. Query names
   * are the API's own (RegionId, TaskId, TaskIds, PageNumber, NextToken, Cloud Control's taskId…), each once; RegionId also
   * picks the endpoint of BDRC and, optionally, of Cloud Control.
   */
  proxy: string | URL;
  fetch?: typeof fetch;
  headers?: Record<string, string> | (() => Record<string, string> | Promise<Record<string, string>>);
  timeoutMs?: number;                 // one attempt; default 15000
  retry?: Partial<RetryPolicy>;       // default 3 retries, 200 ms, ×2, cap 20 s, full jitter; never for cancel
  format?: "json" | "xml";            // what to ask ECS for; default json
}
export function connect(options: ConnectOptions): Client;

export interface CallOptions { signal?: AbortSignal }
export interface Client {
  /** One call, retried where that is safe; resolves to the reply, throws TasklensError (`fault`, `network`, `timeout`, `aborted`, `proxy`). */
  call(call: Call, options?: CallOptions): Promise<Reply>;
  task(ref: TaskRef, options?: CallOptions): Promise<Task>;
  /** Walks every page, in order, each task once. */
  tasks(list: Extract<Call, { operation: "ecs.DescribeTasks" | "bdrc.DescribeTasks" }>, options?: CallOptions): AsyncIterableIterator<Task>;
  cancel(ref: TaskRef, options?: CallOptions): Promise<void>;
  /** With `resume`, refs may be empty. Duplicate refs are one. */
  watch(refs: TaskRef | TaskRef[], options?: WatchOptions): Watch;
  /** Resolves with the task when it ends in `succeeded`; throws TasklensError `ended` (with `task`) for any other end. */
  wait(ref: TaskRef, options?: WatchOptions): Promise<Task>;
}

export interface WatchOptions extends CallOptions {
  intervalMs?: number;        // default 2000: the first delay between polls of one task
  maxIntervalMs?: number;     // default 30000
  factor?: number;            // default 1.5, back to intervalMs when a task's status or progress changes
  deadlineMs?: number;        // default 24 h; from the first poll, by the clock
  pauseWhenHidden?: boolean;  // default true where there is a document
  resume?: string;            // a string from Watch.state()
}
export type WatchEvent =
  | { type: "update"; ref: TaskRef; task: Task; previous: Task | null; estimate: Estimate | null }   // something changed
  | { type: "retry"; refs: TaskRef[]; error: TasklensError; delayMs: number }
  | { type: "gone"; ref: TaskRef; last: Task | null }         // no longer listed after it was seen [1.3]
  | { type: "error"; refs: TaskRef[]; error: TasklensError }  // these are given up, the others go on
  | { type: "end"; ref: TaskRef; task: Task };
export interface Estimate { remainingMs: number; finishAt: number; /** 0 to 1 */ confidence: number }
export interface Watch extends AsyncIterableIterator<WatchEvent> {
  /** All that is needed to go on after a reload: refs, last tasks, attempts, deadlines. No secrets. */
  state(): string;
  stop(): void;
  readonly tasks: readonly Task[];
  /** Resolves when every task has ended, is gone or was given up; rejects when aborted or past the deadline. */
  readonly done: Promise<Task[]>;
  toReadableStream(): ReadableStream<WatchEvent>;
}

// ───────────────────────────── errors ──────────────────────────────

/**
 * `syntax` `unrecognized` `invalid` `limit`: see parse. `request`: an argument is wrong, a foreign or damaged `resume` string
 * among them. `network`: no answer. `timeout`: one attempt took too long. `aborted`: by the caller's signal. `fault`: the API
 * refused (`fault`). `proxy`: the proxy itself refused; `message` is its problem document's detail. `deadline`: the wait is
 * over, the task is not. `gone`: no longer listed. `ended`: the task ended, not in success (`task`).
 */
export class TasklensError extends Error {
  readonly code: "syntax" | "unrecognized" | "invalid" | "limit" | "request" | "network" | "timeout" | "aborted"
    | "fault" | "proxy" | "deadline" | "gone" | "ended";
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
  readonly fault?: Fault;
  readonly task?: Task;
  readonly retryable: boolean;
}

// ───────────────────────────── tasklens/proxy ──────────────────────
// import { createProxy } from "tasklens/proxy"; export default createProxy();
// A fetch handler: runs on Cloudflare Workers, Deno, Bun, Node ≥ 20 and every runtime with Request, Response and fetch.
// What it lets through comes back with the API's status and body. Its own refusals are application/problem+json: 400 a
// parameter, 401 no valid token, 403 a region, origin or operation that is not allowed, 404 no such operation, 405 the
// method, 413/414 too large, 502 the API unreachable, redirecting or too large (over 8 MiB), 503 no key configured, 504 too slow.

export interface ProxyEnv {
  ALIBABA_CLOUD_ACCESS_KEY_ID: string;
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: string;
  ALIBABA_CLOUD_SECURITY_TOKEN?: string;
  /** Comma-separated. Requests without a matching `Authorization: Bearer …` get 401. Empty or absent: every request gets 401. */
  TASKLENS_TOKENS?: string;
  /** Comma-separated origins for CORS; none by default. */
  TASKLENS_ORIGINS?: string;
  /** "true" allows the two CancelTask operations; else 403. */
  TASKLENS_ALLOW_CANCEL?: string;
  /** Comma-separated region ids; default: every region that matches the documented pattern. */
  TASKLENS_REGIONS?: string;
  /** For tests and private gateways: an origin to send to instead of https://{host}; the signed host stays the real one. */
  TASKLENS_UPSTREAM?: string;
}
export function createProxy(options?: { authorize?: (request: Request, env: ProxyEnv) => boolean | Promise<boolean>; now?: () => number; nonce?: () => string; fetch?: typeof fetch }):
  { fetch(request: Request, env: ProxyEnv, context?: unknown): Promise<Response> };

/** ACS3-HMAC-SHA256 [5.3], each stage by name, for tests and other servers. */
export function sign(input: {
  method: string; host: string; path: string; query: [string, string][]; headers: Record<string, string>; body?: string | Uint8Array;
  accessKeyId: string; accessKeySecret: string; securityToken?: string; date: string; nonce: string;
}): { headers: Record<string, string>; canonicalRequest: string; stringToSign: string; signature: string; authorization: string };
