/**
 * tasklens reads the asynchronous-task replies of three Alibaba Cloud APIs (ECS, BDRC, Cloud Control) as one model.
 */
/**
 * Loads the WebAssembly module. Needed once in a browser before anything else; idempotent, safe to call twice or
 * concurrently (one fetch, one instance). In Node, Deno, Bun and workerd the module is ready at import and this resolves
 * at once, so the same code runs everywhere.
 */
export function init(source?: URL | string | Response | BufferSource | WebAssembly.Module | Promise<Response>): Promise<void>;

// All results are plain data: spread, structuredClone and JSON.stringify give what is typed here.

export type Api = "ecs" | "bdrc" | "cloudcontrol";

/** One word for all three APIs: the README has the table. `partial`: it ended and not everything succeeded. */
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
  /** The nested downstream error of Cloud Control (text or object on the wire). */
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

/** The API refused the call. Secrets quoted by the server are cut out of `message` (SignatureDoesNotMatch). */
export interface Fault {
  code: string;
  message: string;
  requestId: string | null;
  hostId: string | null;
  recommend: string | null;
  status: number | null;
  /** From the code first, HTTP status last. */
  kind: "throttled" | "transient" | "not-found" | "denied" | "credentials" | "clock" | "invalid" | "conflict" | "other";
  retryable: boolean;
  accessDenied: Record<string, unknown> | null;
}

export type Operation =
  | "ecs.DescribeTasks" | "ecs.DescribeTaskAttribute" | "ecs.CancelTask"
  | "bdrc.DescribeTask" | "bdrc.DescribeTasks"
  | "cloudcontrol.GetTask" | "cloudcontrol.CancelTask";

/** Which task is meant; a Task is one too, where its region is known. */
export type TaskRef =
  | { api: "ecs"; regionId: string; id: string }
  | { api: "bdrc"; regionId: string; id: string }
  | { api: "cloudcontrol"; regionId?: string; id: string };

export type Reply = { requestId: string | null; findings: Finding[] } & (
  | { kind: "task"; api: Api; task: Task }
  /** `summary` covers every task of the reply, `tasks` those of `slice` (all by default), from index `offset` on. */
  | { kind: "tasks"; api: Api; tasks: Task[]; offset: number; summary: Summary; page: Page }
  /** The reply of an operation that starts a task (ImportImage, ModifyDiskSpec, CreateResource…). */
  | { kind: "started"; id: string | null; groupId: string | null; subTasks: SubTask[]; extra: Record<string, unknown> }
  /** A request id and at most plain values beside it (CancelTask): nothing to watch. */
  | { kind: "accepted"; extra: Record<string, unknown> }
  | { kind: "fault"; fault: Fault }
);

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

/** Counts without building task objects: for large lists. Throws as `parse`, and `fault` where the reply is one. */
export function summarize(body: string | Uint8Array, options?: ParseOptions): Summary;
export interface Summary {
  total: number;
  byStatus: Partial<Record<Status, number>>;
  terminal: number;
  /** Mean fraction over the tasks whose progress is known, and how many those are. */
  progress: { fraction: number | null; known: number };
}

/**
 * One call, by the contract's names. Checked before anything is sent: what the API would refuse or silently ignore is refused
 * with `request`, naming the field. A field that is undefined or null is left out.
 */
export type Call =
  | {
      operation: "ecs.DescribeTasks";
      /** Such as `cn-hangzhou`. */
      regionId: string;
      /** From 1; default 1. */
      pageNumber?: number;
      /** 1 to 100; the API's default is 10. */
      pageSize?: number;
      /** 1 to 100 ids. */
      taskIds?: string[];
      /** Such as `ImportImage`. */
      taskAction?: string;
      /** The API ignores any other word. */
      taskStatus?: "Finished" | "Processing" | "Failed";
      /** When the task was created: a Date, milliseconds since the Unix epoch, or a text such as `2020-11-23T15:10:00Z`. */
      startTime?: Date | number | string;
      endTime?: Date | number | string;
      /** 1 to 100 ids of images, instances or disks. */
      resourceIds?: string[];
      /** Of CloneDisks. The API ignores every other condition beside it, so none may be given. */
      taskGroupId?: string;
    }
  | { operation: "ecs.DescribeTaskAttribute" | "ecs.CancelTask"; regionId: string; taskId: string }
  /** BDRC has endpoints in `cn-shanghai`, `ap-southeast-1` and `cn-shanghai-finance-1`. */
  | { operation: "bdrc.DescribeTask"; regionId: string; taskId: string }
  /** `maxResults` from 10 to 500. */
  | { operation: "bdrc.DescribeTasks"; regionId: string; maxResults?: number; nextToken?: string; taskStatus?: string; taskType?: string }
  /** The region only picks the endpoint: the one in Singapore outside of the mainland. */
  | { operation: "cloudcontrol.GetTask" | "cloudcontrol.CancelTask"; taskId: string; regionId?: string };

/** A request as the API gets it, but for the signature. */
export interface UnsignedRequest {
  method: "GET" | "POST" | "PUT";
  /** Such as `ecs.cn-hangzhou.aliyuncs.com`. */
  host: string;
  /** Percent-encoded. */
  path: string;
  /** In canonical order, as they are: not encoded. */
  query: [name: string, value: string][];
  /** `x-acs-action`, `x-acs-version`, `accept`. */
  headers: Record<string, string>;
}

/** Validates a call against the documented constraints and builds the request, unsigned. Throws `request` naming the field. */
export function buildRequest(call: Call): UnsignedRequest;

/**
 * When a call is tried again: throttling, the server's own trouble, no answer. What the server asks for (`x-acs-retry-after` in
 * milliseconds, `Retry-After`) wins over our own delay, up to two minutes.
 */
export interface RetryPolicy {
  /** How often again after the first try: 0 to 100. */
  attempts: number;
  /** Before the first retry. */
  initialMs: number;
  /** What each further delay is multiplied with: from 1. */
  factor: number;
  /** No delay of ours is longer. */
  capMs: number;
  /** `full`: anywhere from nothing to the whole delay, so that many clients do not come back at once. */
  jitter: "full" | "none";
}

export interface ConnectOptions {
  /**
   * Base URL of the signing proxy; calls go to `{proxy}/{api}/{Operation}?…`: GET, and POST for the two cancels. Query names
   * are the API's own (RegionId, TaskId, TaskIds, PageNumber, NextToken, Cloud Control's taskId…), each once; RegionId also
   * picks the endpoint of BDRC and, optionally, of Cloud Control. In a page it may be relative, such as `/tasks`. Redirects
   * are not followed.
   */
  proxy: string | URL;
  /** Default: the global one, looked up at each call. */
  fetch?: typeof fetch;
  /** Sent with every attempt, such as `Authorization`. A function is asked before each attempt: tokens expire. */
  headers?: Record<string, string> | (() => Record<string, string> | Promise<Record<string, string>>);
  /** How long one attempt may take, to the last byte of its answer; default 15000. */
  timeoutMs?: number;
  /** Default 3 retries, 200 ms, ×2, cap 20 s, full jitter; never for a cancel. */
  retry?: Partial<RetryPolicy>;
  /** What to ask ECS for; default `json`. */
  format?: "json" | "xml";
}

/** A client that calls through a signing proxy. Sends nothing yet. Throws `request` naming the option. */
export function connect(options: ConnectOptions): Client;

export interface CallOptions {
  /** Ends the request under way, or the wait for the next: TasklensError `aborted`, with the signal's reason as `cause`. */
  signal?: AbortSignal;
}

export interface Client {
  /** One call, retried where that is safe; resolves to the reply, throws TasklensError (`fault`, `network`, `timeout`, `aborted`, `proxy`). */
  call(call: Call, options?: CallOptions): Promise<Reply>;
  /** One task as it is now; throws as `call`. */
  task(ref: TaskRef, options?: CallOptions): Promise<Task>;
  /**
   * Walks every page, in order, each task once. Asks for a page when its first task is wanted; `break` and `return()` end it,
   * with the request under way. By 100 a page, from the first, unless the call says otherwise.
   */
  tasks(list: Extract<Call, { operation: "ecs.DescribeTasks" | "bdrc.DescribeTasks" }>, options?: CallOptions): AsyncIterableIterator<Task>;
  /**
   * Asks once for the task to be cancelled; a watch of this client asks for it soon, and tells what becomes of that. BDRC cannot:
   * `request`.
   */
  cancel(ref: TaskRef, options?: CallOptions): Promise<void>;
  /** With `resume`, refs may be empty. Duplicate refs are one. */
  watch(refs: TaskRef | TaskRef[], options?: WatchOptions): Watch;
  /** Resolves with the task when it ends in `succeeded`; throws TasklensError `ended` (with `task`) for any other end. */
  wait(ref: TaskRef, options?: WatchOptions): Promise<Task>;
}

export interface WatchOptions extends CallOptions {
  /** The first delay between polls of one task; default 2000. */
  intervalMs?: number;
  /** No delay is longer; default 30000. */
  maxIntervalMs?: number;
  /** What each further delay is multiplied with, back to `intervalMs` when a task's status or progress changes; default 1.5. */
  factor?: number;
  /** From the first poll, by the clock; default 24 h. */
  deadlineMs?: number;
  /**
   * Whether running ECS tasks are asked for one by one, which alone tells their progress and which of their parts failed;
   * default true where at most 10 tasks are watched. Otherwise up to 100 of a region share one call.
   */
  progress?: boolean;
  /** Default true where there is a document. */
  pauseWhenHidden?: boolean;
  /** A string from Watch.state(). */
  resume?: string;
}

export type WatchEvent =
  /** Something changed. */
  | { type: "update"; ref: TaskRef; task: Task; previous: Task | null; estimate: Estimate | null }
  /** A poll failed, and will be tried again. */
  | { type: "retry"; refs: TaskRef[]; error: TasklensError; delayMs: number }
  /** No longer listed after it was seen: neither a failure nor a success. */
  | { type: "gone"; ref: TaskRef; last: Task | null }
  /** These are given up, the others go on. */
  | { type: "error"; refs: TaskRef[]; error: TasklensError }
  | { type: "end"; ref: TaskRef; task: Task };

/** When a task may end, as known at its last poll; moments are milliseconds since the Unix epoch. */
export interface Estimate {
  /** From now until `finishAt`; 0 where that has passed without a poll. */
  remainingMs: number;
  /** The moment to expect: about as many tasks end before it as after it. */
  finishAt: number;
  /** 0 to 1: how likely, at least, the end lies from `earliestAt` to `latestAt`, if the task goes on to its end. */
  confidence: number;
  earliestAt: number;
  latestAt: number;
}

/**
 * Polls from the moment it is made. Iterating takes each event once, in order; `break` stops the watch. Where `done` rejects,
 * iterating throws the same error after the last event.
 */
export interface Watch extends AsyncIterableIterator<WatchEvent> {
  /** All that is needed to go on after a reload: refs, last tasks, attempts, deadlines. No secrets. */
  state(): string;
  /** Asks no more, and ends what is under way; `done` resolves. */
  stop(): void;
  /** Those seen so far, as last seen, in the order of their refs. */
  readonly tasks: readonly Task[];
  /** Resolves when every task has ended, is gone or was given up; rejects when aborted or past the deadline. */
  readonly done: Promise<Task[]>;
  /** The events as a stream; cancelling it stops the watch. */
  toReadableStream(): ReadableStream<WatchEvent>;
}

/**
 * `syntax` `unrecognized` `invalid` `limit`: see parse. `request`: an argument is wrong, a foreign or damaged `resume` string
 * among them. `network`: no answer. `timeout`: one attempt took too long. `aborted`: by the caller's signal. `fault`: the API
 * refused (`fault`). `proxy`: the proxy itself refused; `message` is its problem document's detail. `deadline`: the wait is
 * over, the task is not. `gone`: no longer listed. `ended`: the task ended, not in success (`task`).
 */
export class TasklensError extends Error {
  readonly code: "syntax" | "unrecognized" | "invalid" | "limit" | "request" | "network" | "timeout" | "aborted"
    | "fault" | "proxy" | "deadline" | "gone" | "ended";
  /** The field: of the reply, such as `$.Data.TaskId`, or of the call, such as `taskIds[3]`. */
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
  readonly fault?: Fault;
  readonly task?: Task;
  /** May the same call succeed later, unchanged? */
  readonly retryable: boolean;
}
