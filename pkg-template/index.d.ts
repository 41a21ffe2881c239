/**
 * tasklens reads the asynchronous-task replies of three Alibaba Cloud APIs (ECS, BDRC, Cloud Control) as one model.
 */
/**
 * Loads the WebAssembly module. Needed once in a browser before anything else; idempotent, safe to call twice or
 * concurrently (one fetch, one instance). In Node, Deno, Bun and workerd the module is ready at import and this resolves
 * at once, so the same code runs everywhere.
 *
 * @param source your own copy of the module (`tasklens/core.wasm`): its address, an answer with it, its bytes, or it compiled
 * @throws {TasklensError} `network` where it cannot be fetched, `request` where it cannot be compiled; it may be called again
 */
export function init(source?: URL | string | Response | BufferSource | WebAssembly.Module | Promise<Response>): Promise<void>;

// All results are plain data: spread, structuredClone and JSON.stringify give what is typed here.

/** Elastic Compute Service, Backup and Disaster Recovery Center, Cloud Control. */
export type Api = "ecs" | "bdrc" | "cloudcontrol";

/** One word for all three APIs: the README has the table. `partial`: it ended and not everything succeeded. */
export type Status =
  | "queued" | "running" | "paused" | "cancelling"                              // a later poll may differ
  | "succeeded" | "partial" | "failed" | "cancelled" | "expired"                // terminal
  | "unknown";                                                                  // a word not seen before: not terminal

/** How far a task is, and who says so. */
export interface Progress {
  /** 0 to 1, rounded to 4 decimals; null where nothing can be said (never 0 for "unknown"). */
  fraction: number | null;
  /** reported: the API's own figure. counted: from sub-task counters. status: implied by a terminal status. */
  origin: "reported" | "counted" | "status" | "none";
}

/** What the server says went wrong. Decide by `status`, never by the presence of this. */
export interface TaskError {
  /** Such as `OperationFailure.OperationFailed`; BDRC has none. */
  code: string | null;
  /** The server's words; where Cloud Control wraps a downstream error, that one's. */
  message: string;
  /** The nested downstream error of Cloud Control (text or object on the wire). */
  cause: { requestId: string | null; code: string | null; message: string | null } | null;
}

/** One part of an ECS task. */
export interface SubTask {
  /** `unknown`: a word not seen before. */
  status: "running" | "succeeded" | "failed" | "unknown";
  /** The server's own word, untouched. */
  rawStatus: string | null;
  /** Decide by `status`: it may stand beside a success. */
  error: TaskError | null;
  /** What it works on or made, by the server's names, such as `OSSObject`. */
  related: { name: string; value: string }[];
}

/** What a task works on. */
export interface Resource {
  /** Such as `m-bp1image`. */
  id: string | null;
  /** Such as `Instance`. */
  type: string | null;
  /** Cloud Control's product code, such as `ECS`. */
  product: string | null;
  /** Cloud Control resourcePath, one entry a path, trimmed. */
  paths: string[];
}

/** One task as one reply told it. Where its region is known, it is a {@link TaskRef}, too. */
export interface Task {
  /** Whose task it is. */
  api: Api;
  /** As the API knows it, such as `t-bp1import`. */
  id: string;
  /** One spelling per action: `ImportImage` also where XML says `IMPORT_IMAGE`. BDRC: TaskType. Cloud Control: Create, Update, Delete. */
  action: string | null;
  /** How it stands; what to decide by. */
  status: Status;
  /** The server's own word, untouched. */
  rawStatus: string;
  /** Has it ended: no later poll will differ. */
  terminal: boolean;
  /** How far it is; ECS's lists tell none of a task that runs. */
  progress: Progress;
  /** Can it be cancelled now: false once terminal; null where the API does not say. */
  cancellable: boolean | null;
  /** Milliseconds since the Unix epoch; null where the reply does not say. */
  createdAt: number | null;
  /** Milliseconds since the Unix epoch; null where the reply does not say. */
  startedAt: number | null;
  /** Milliseconds since the Unix epoch; null where the reply does not say, and while it has not ended. */
  finishedAt: number | null;
  /** Milliseconds since the Unix epoch: when it will expire or has expired; null where the reply does not say. */
  expiresAt: number | null;
  /** How exact those moments are, in milliseconds: 60000 for ECS minutes, 1000 for seconds. */
  timePrecisionMs: number;
  /** ECS's counters of parts; null where the reply has none. */
  counts: { total: number; succeeded: number; failed: number } | null;
  /** Empty where the reply has none. */
  subTasks: SubTask[];
  /** What the server says went wrong; it may stand beside a status that is no failure. */
  error: TaskError | null;
  /** What it works on; null where the reply does not say. */
  resource: Resource | null;
  /** Such as `cn-hangzhou`; null where the reply does not say. */
  regionId: string | null;
  /** BDRC's name of the task. */
  name: string | null;
  /** BDRC's words about the task. */
  description: string | null;
  /** BDRC's word, untouched. */
  priority: string | null;
  /** BDRC's TaskDetail: the JSON inside the string, decoded; the string itself where it is not JSON. */
  detail: unknown;
  /** BDRC's TaskResult: the JSON inside the string, decoded; the string itself where it is not JSON. */
  result: unknown;
  /** Every field of the reply that no property above holds, so that nothing is lost. */
  extra: Record<string, unknown>;
}

/** Which part of a list a reply is. ECS pages by number, BDRC by token. */
export interface Page {
  /** From 1. */
  number: number | null;
  /** How many tasks a page holds at most. */
  size: number | null;
  /** How many tasks the whole list has. */
  total: number | null;
  /** What to ask the next page with; null on the last. */
  nextToken: string | null;
}

/** A readable reply that departs from its documentation, e.g. an error code on a succeeded sub-task. */
export interface Finding {
  /** Stable, kebab-case. */
  code: string;
  /** JSONPath-like, e.g. `$.Data.Progress` or `$.TaskSet.Task[3].CreationTime`, for XML too. */
  path: string;
  /** What was expected there, and what was found. */
  message: string;
  /** From 1. */
  line: number | null;
  /** From 1, in characters. */
  column: number | null;
}

/** The API refused the call. Secrets quoted by the server are cut out of `message` (SignatureDoesNotMatch). */
export interface Fault {
  /** The server's own, such as `Throttling.User`; `HTTP 502` where the body is no reply. */
  code: string;
  /** The server's words, but for secrets. */
  message: string;
  /** What a support ticket asks for. */
  requestId: string | null;
  /** The host that answered, such as `ecs.cn-hangzhou.aliyuncs.com`. */
  hostId: string | null;
  /** A link to the server's own advice. */
  recommend: string | null;
  /** Of HTTP, such as 403. */
  status: number | null;
  /** From the code first, HTTP status last. */
  kind: "throttled" | "transient" | "not-found" | "denied" | "credentials" | "clock" | "invalid" | "conflict" | "other";
  /** May the same call succeed later, unchanged? */
  retryable: boolean;
  /** What the server tells of a denied call, decoded: the missing action, who called, which kind of policy. */
  accessDenied: Record<string, unknown> | null;
}

/** What may be asked, as `api.Name`. */
export type Operation =
  | "ecs.DescribeTasks" | "ecs.DescribeTaskAttribute" | "ecs.CancelTask"
  | "bdrc.DescribeTask" | "bdrc.DescribeTasks"
  | "cloudcontrol.GetTask" | "cloudcontrol.CancelTask";

/** Which task is meant; a Task is one too, where its region is known. */
export type TaskRef =
  | {
      api: "ecs";
      /** Where it runs, such as `cn-hangzhou`. */
      regionId: string;
      /** Such as `t-bp1import`. */
      id: string;
    }
  | {
      api: "bdrc";
      /** Where it runs, such as `cn-shanghai`. */
      regionId: string;
      /** Such as `t-0004d9ct`. */
      id: string;
    }
  | {
      api: "cloudcontrol";
      /** Only picks the endpoint. */
      regionId?: string;
      /** Such as `task-0123456789abcdef`. */
      id: string;
    };

/** One reply, read: `kind` says which. */
export type Reply = {
  /** What a support ticket asks for. */
  requestId: string | null;
  /** Where the reply departs from its documentation; empty where it does not. */
  findings: Finding[];
} & (
  | {
      /** One task. */
      kind: "task";
      /** Whose reply it is. */
      api: Api;
      /** The task. */
      task: Task;
    }
  | {
      /** A list of tasks, or a page of one. */
      kind: "tasks";
      /** Whose reply it is. */
      api: Api;
      /** Those of `slice`; all by default. */
      tasks: Task[];
      /** Where in the reply `tasks` begins, from 0. */
      offset: number;
      /** Counts over every task of the reply, whatever `slice` is. */
      summary: Summary;
      /** Which part of the whole list this is. */
      page: Page;
    }
  | {
      /** The reply of an operation that starts a task (ImportImage, ModifyDiskSpec, CreateResource…). */
      kind: "started";
      /** The task to watch. */
      id: string | null;
      /** The group to list by `taskGroupId` (CloneDisks). */
      groupId: string | null;
      /** Parts that the reply itself reports (ResetDisks, DeleteSnapshotGroup). */
      subTasks: SubTask[];
      /** Every field that no property above holds. */
      extra: Record<string, unknown>;
    }
  | {
      /** A request id and at most plain values beside it (CancelTask): nothing to watch. */
      kind: "accepted";
      /** The plain values. */
      extra: Record<string, unknown>;
    }
  | {
      /** The API refused. */
      kind: "fault";
      /** What it said. */
      fault: Fault;
    }
);

/** How to read a reply. */
export interface ParseOptions {
  /** Default: told from the first character after an optional byte-order mark. */
  format?: "json" | "xml";
  /** What the reply answers; default: recognized from its shape. */
  operation?: Operation;
  /** The status the reply came with; from 400 on, a body that is no reply is a fault. */
  httpStatus?: number;
  /** Longer is refused with `limit`; default 8 MiB. */
  maxBytes?: number;
  /** Levels; deeper is refused with `limit`; default 64. */
  maxDepth?: number;
  /** Build only these tasks of a list, [from, to): the others are checked and counted in `summary`. For long lists. */
  slice?: [number, number];
}

/**
 * Reads one reply, whatever the bytes.
 *
 * @param body as the API sent it; bytes are UTF-8
 * @throws {TasklensError} `syntax` (not well-formed JSON or XML, with line and column), `unrecognized` (well-formed, but no
 * reply of these APIs), `invalid` (a required field is missing or of the wrong kind, with its path), `limit` (beyond `maxBytes` or
 * `maxDepth`), `request` (a wrong option, or no `init` yet)
 */
export function parse(body: string | Uint8Array, options?: ParseOptions): Reply;

/**
 * Counts without building task objects: for large lists.
 *
 * @param body as the API sent it; bytes are UTF-8
 * @throws {TasklensError} as {@link parse}, and `fault` where the reply is one
 */
export function summarize(body: string | Uint8Array, options?: ParseOptions): Summary;

/** What a list of tasks adds up to. */
export interface Summary {
  /** How many tasks the reply has. */
  total: number;
  /** How many stand so; a status that none has is absent. */
  byStatus: Partial<Record<Status, number>>;
  /** How many have ended. */
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
      /** As `startTime`; not before it. */
      endTime?: Date | number | string;
      /** 1 to 100 ids of images, instances or disks. */
      resourceIds?: string[];
      /** Of CloneDisks. The API ignores every other condition beside it, so none may be given. */
      taskGroupId?: string;
    }
  | {
      operation: "ecs.DescribeTaskAttribute" | "ecs.CancelTask";
      /** Such as `cn-hangzhou`. */
      regionId: string;
      /** Such as `t-bp1import`. */
      taskId: string;
    }
  | {
      operation: "bdrc.DescribeTask";
      /** BDRC has endpoints in `cn-shanghai`, `ap-southeast-1` and `cn-shanghai-finance-1`. */
      regionId: string;
      /** Such as `t-0004d9ct`. */
      taskId: string;
    }
  | {
      operation: "bdrc.DescribeTasks";
      /** BDRC has endpoints in `cn-shanghai`, `ap-southeast-1` and `cn-shanghai-finance-1`. */
      regionId: string;
      /** 10 to 500 tasks a page. */
      maxResults?: number;
      /** `page.nextToken` of the reply before. */
      nextToken?: string;
      /** BDRC's own word, such as `RUNNING`. */
      taskStatus?: string;
      /** Such as `UPDATE_RESOURCES`. */
      taskType?: string;
    }
  | {
      operation: "cloudcontrol.GetTask" | "cloudcontrol.CancelTask";
      /** Such as `task-0123456789abcdef`. */
      taskId: string;
      /** Only picks the endpoint: the one in Singapore outside of the mainland. */
      regionId?: string;
    };

/** A request as the API gets it, but for the signature. */
export interface UnsignedRequest {
  /** Of HTTP. */
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

/**
 * Validates a call against the documented constraints and builds the request, unsigned.
 *
 * @throws {TasklensError} `request`, with the field in `path`
 */
export function buildRequest(call: Call): UnsignedRequest;

/**
 * When a call is tried again: throttling, the server's own trouble, no answer. What the server asks for (`x-acs-retry-after` in
 * milliseconds, `Retry-After`) wins over our own delay, up to two minutes.
 */
export interface RetryPolicy {
  /** How often again after the first try: 0 to 100. */
  attempts: number;
  /** Milliseconds before the first retry. */
  initialMs: number;
  /** What each further delay is multiplied with: from 1. */
  factor: number;
  /** Milliseconds; no delay of ours is longer. */
  capMs: number;
  /** `full`: anywhere from nothing to the whole delay, so that many clients do not come back at once. */
  jitter: "full" | "none";
}

/** Where the proxy is, and how to ask it. */
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
  /** Milliseconds one attempt may take, to the last byte of its answer; default 15000. */
  timeoutMs?: number;
  /** Default 3 retries, 200 ms, ×2, cap 20 s, full jitter; never for a cancel. */
  retry?: Partial<RetryPolicy>;
  /** What to ask ECS for; default `json`. */
  format?: "json" | "xml";
}

/**
 * A client that calls through a signing proxy. Sends nothing yet.
 *
 * @throws {TasklensError} `request`, with the option in `path`
 */
export function connect(options: ConnectOptions): Client;

/** What every call takes. */
export interface CallOptions {
  /** Ends the request under way, or the wait for the next: TasklensError `aborted`, with the signal's reason as `cause`. */
  signal?: AbortSignal;
}

/** Calls through the proxy; what it gives is read. It holds no connection and needs no closing. */
export interface Client {
  /**
   * One call, retried where that is safe; resolves to the reply.
   *
   * @throws {TasklensError} `fault`, `network`, `timeout`, `aborted`, `proxy`; `request` for a wrong call; and as
   * {@link parse} where the answer is no reply
   */
  call(call: Call, options?: CallOptions): Promise<Reply>;
  /**
   * One task as it is now.
   *
   * @throws {TasklensError} as `call`; `fault` of kind `not-found` where there is none
   */
  task(ref: TaskRef, options?: CallOptions): Promise<Task>;
  /**
   * Walks every page, in order, each task once. Asks for a page when its first task is wanted; `break` and `return()` end it,
   * with the request under way. By 100 a page, from the first, unless the call says otherwise.
   *
   * @throws {TasklensError} as `call`, `request` for a wrong list among them: all from the iteration
   */
  tasks(list: Extract<Call, { operation: "ecs.DescribeTasks" | "bdrc.DescribeTasks" }>, options?: CallOptions): AsyncIterableIterator<Task>;
  /**
   * Asks once for the task to be cancelled; a watch of this client asks for it soon, and tells what becomes of that.
   *
   * @throws {TasklensError} as `call`; `request` for a task of BDRC, which cannot
   */
  cancel(ref: TaskRef, options?: CallOptions): Promise<void>;
  /**
   * Polls one task or thousands until they end. With `resume`, refs may be empty. Duplicate refs are one.
   *
   * @throws {TasklensError} `request`, with the field in `path`, or `resume` where that is foreign or damaged
   */
  watch(refs: TaskRef | TaskRef[], options?: WatchOptions): Watch;
  /**
   * Watches one task; resolves with it when it ends in `succeeded`.
   *
   * @throws {TasklensError} `ended` (with `task`) for any other end, `gone`, `deadline`, `aborted`; and as `call` for what
   * cannot get better by asking again
   */
  wait(ref: TaskRef, options?: WatchOptions): Promise<Task>;
}

/** How patiently to poll. */
export interface WatchOptions extends CallOptions {
  /** Milliseconds: the first delay between polls of one task; default 2000. */
  intervalMs?: number;
  /** Milliseconds; no delay of ours is longer; default 30000. */
  maxIntervalMs?: number;
  /** What each further delay is multiplied with, back to `intervalMs` when a task's status or progress changes; default 1.5. */
  factor?: number;
  /** Milliseconds from the first poll, by the clock; then `done` rejects with `deadline`; default 24 h. */
  deadlineMs?: number;
  /**
   * Whether running ECS tasks are asked for one by one, which alone tells their progress and which of their parts failed;
   * default true where at most 10 tasks are watched. Otherwise up to 100 of a region share one call.
   */
  progress?: boolean;
  /** Asks nothing while the page is hidden, and at once when it is seen again. Default true where there is a document. */
  pauseWhenHidden?: boolean;
  /** A string from Watch.state(). */
  resume?: string;
}

/** What a watch tells: `type` says what. */
export type WatchEvent =
  | {
      /** Something changed; the first time a task is seen, too. */
      type: "update";
      /** Which task, by the reference that was given. */
      ref: TaskRef;
      /** As it is now. */
      task: Task;
      /** As it was seen before; null the first time. */
      previous: Task | null;
      /** When it may end; null until that can be said. */
      estimate: Estimate | null;
    }
  | {
      /** A poll failed, and will be tried again. */
      type: "retry";
      /** Which tasks were asked for. */
      refs: TaskRef[];
      /** Why it failed. */
      error: TasklensError;
      /** Milliseconds until the next try. */
      delayMs: number;
    }
  | {
      /** No longer listed after it was seen: neither a failure nor a success. */
      type: "gone";
      /** Which task, by the reference that was given. */
      ref: TaskRef;
      /** As it was last seen. */
      last: Task | null;
    }
  | {
      /** These are given up, the others go on. */
      type: "error";
      /** Which tasks are given up. */
      refs: TaskRef[];
      /** Why. */
      error: TasklensError;
    }
  | {
      /** It has ended, as `task.status` says. */
      type: "end";
      /** Which task, by the reference that was given. */
      ref: TaskRef;
      /** As it ended. */
      task: Task;
    };

/** When a task may end, as known at its last poll. */
export interface Estimate {
  /** Milliseconds from now until `finishAt`; 0 where that has passed without a poll. */
  remainingMs: number;
  /** Milliseconds since the Unix epoch: the moment to expect; about as many tasks end before it as after it. */
  finishAt: number;
  /** 0 to 1: how likely, at least, the end lies from `earliestAt` to `latestAt`, if the task goes on to its end. */
  confidence: number;
  /** Milliseconds since the Unix epoch: where the range begins. */
  earliestAt: number;
  /** Milliseconds since the Unix epoch: where the range ends. */
  latestAt: number;
}

/**
 * Polls from the moment it is made. Iterating takes each event once, in order; `break` stops the watch. Where `done` rejects,
 * iterating throws the same error after the last event.
 */
export interface Watch extends AsyncIterableIterator<WatchEvent> {
  /** All that is needed to go on after a reload, for `resume`: refs, last tasks, attempts, deadlines. No secrets. */
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
 * What every function here throws. `code` says why, and what else is there.
 *
 * `syntax` `unrecognized` `invalid` `limit`: see parse. `request`: an argument is wrong, a foreign or damaged `resume` string
 * among them. `network`: no answer. `timeout`: one attempt took too long. `aborted`: by the caller's signal. `fault`: the API
 * refused (`fault`). `proxy`: the proxy itself refused; `message` is its problem document's detail. `deadline`: the wait is
 * over, the task is not. `gone`: no longer listed. `ended`: the task ended, not in success (`task`).
 */
export class TasklensError extends Error {
  /** What to decide by; the message's wording may change. */
  readonly code: "syntax" | "unrecognized" | "invalid" | "limit" | "request" | "network" | "timeout" | "aborted"
    | "fault" | "proxy" | "deadline" | "gone" | "ended";
  /** The field: of the reply, such as `$.Data.TaskId`, or of the call, such as `taskIds[3]`. */
  readonly path?: string;
  /** Where in the reply, from 1. */
  readonly line?: number;
  /** Where in the line, from 1, in characters. */
  readonly column?: number;
  /** What the API said, with `fault`. */
  readonly fault?: Fault;
  /** As last seen, with `ended` and `gone`. */
  readonly task?: Task;
  /** May the same call succeed later, unchanged? */
  readonly retryable: boolean;
}
