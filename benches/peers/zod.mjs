// The same model with zod 4: its schemas check and convert each field; what a task comes to is put together as in normalizer.mjs.
// What is wrong throws; findings are for unknown words and names alone, which is less than the normalizer tells.

import * as z from "zod";
import {
  PART_STATUS, ROOT, STATUS, TASK, TERMINAL, UNMODELLED, decode, end, precision, progress, readTime, spelled, summarize,
} from "./normalizer.mjs";

const text = z.string().trim().nullish().transform((value) => value || null);
const kept = z.string().nullish().transform((value) => value ?? "");
const count = z.union([z.int().min(0), z.string().trim().regex(/^\d+$/).transform(Number)]).nullish().transform((value) => value ?? null);
const flag = z.union([z.boolean(), z.stringbool({ truthy: ["true"], falsy: ["false"] })]).nullish().transform((value) => value ?? null);
const percent = z.string().trim().regex(/^\d+(\.\d+)?%?$/).transform(parseFloat).pipe(z.number().max(100)).nullish().transform((value) => value ?? null);
const time = z.string().nullish().transform((value, context) => {
  if (!value) return { at: null, text: "" };
  const at = readTime(value);
  if (at === null) context.issues.push({ code: "custom", message: "expected a UTC time", input: value });
  return { at, text: value };
});

const related = z.object({ Name: kept, Value: kept }).transform(({ Name, Value }) => ({ name: Name, value: Value }));
const part = z
  .looseObject({
    OperationStatus: text,
    ErrorCode: text,
    ErrorMsg: kept,
    RelatedItemSet: z.object({ RelatedItem: z.array(related) }).nullish(),
  })
  .transform((raw) => ({
    status: PART_STATUS.get(raw.OperationStatus) ?? "unknown",
    rawStatus: raw.OperationStatus,
    error: raw.ErrorCode === null && raw.ErrorMsg === "" ? null : { code: raw.ErrorCode, message: raw.ErrorMsg, cause: null },
    related: raw.RelatedItemSet?.RelatedItem ?? [],
  }));

const fields = {
  TaskId: z.string().trim().min(1),
  TaskStatus: z.string().trim().min(1),
  TaskAction: text,
  TaskProcess: percent,
  SupportCancel: flag,
  CreationTime: time,
  FinishedTime: time,
  ResourceId: text,
  RegionId: text,
  TotalCount: count,
  SuccessCount: count,
  FailedCount: count,
  OperationProgressSet: z.object({ OperationProgress: z.array(part) }).nullish(),
};
const one = z.looseObject({ ...fields, RequestId: text });
const list = z.looseObject({
  RequestId: text,
  RegionId: text,
  PageNumber: count,
  PageSize: count,
  TotalCount: count,
  TaskSet: z.object({ Task: z.array(z.looseObject(fields)) }),
});

export function parse(body) {
  const value = JSON.parse(decode(body));
  const findings = [];
  if (value.TaskSet === undefined) {
    const raw = one.parse(value);
    return { kind: "task", api: "ecs", task: task(raw, raw.RegionId, ROOT, findings), requestId: raw.RequestId, findings };
  }
  const raw = list.parse(value);
  const tasks = raw.TaskSet.Task.map((item) => task(item, item.RegionId ?? raw.RegionId, TASK, findings));
  const page = { number: raw.PageNumber, size: raw.PageSize, total: raw.TotalCount, nextToken: null };
  return { kind: "tasks", api: "ecs", tasks, offset: 0, summary: summarize(tasks), page, requestId: raw.RequestId, findings };
}

function task(raw, regionId, known, findings) {
  let status = STATUS.get(raw.TaskStatus) ?? "unknown";
  if (status === "unknown") findings.push({ code: "unknown-status", path: "$", message: raw.TaskStatus, line: null, column: null });
  const subTasks = raw.OperationProgressSet?.OperationProgress ?? [];
  const [total, succeeded, failed] = [raw.TotalCount, raw.SuccessCount ?? 0, raw.FailedCount ?? 0];
  if (status === "succeeded") status = end(total, succeeded, failed, subTasks, raw.TaskProcess);
  const terminal = TERMINAL.has(status);
  const extra = {};
  for (const name in raw) {
    if (known.has(name)) continue;
    extra[name] = raw[name];
    if (!UNMODELLED.has(name)) findings.push({ code: "unknown-field", path: "$", message: name, line: null, column: null });
  }
  return {
    api: "ecs",
    id: raw.TaskId,
    action: raw.TaskAction === null ? null : spelled(raw.TaskAction),
    status,
    rawStatus: raw.TaskStatus,
    terminal,
    progress: progress(status, raw.TaskProcess, total, succeeded + failed, subTasks),
    cancellable: terminal ? false : raw.SupportCancel,
    createdAt: raw.CreationTime.at,
    startedAt: null,
    finishedAt: raw.FinishedTime.at,
    expiresAt: null,
    timePrecisionMs: precision(raw.CreationTime.at, raw.CreationTime.text, raw.FinishedTime.at, raw.FinishedTime.text),
    counts: total === null ? null : { total, succeeded, failed },
    subTasks,
    error: null,
    resource: raw.ResourceId === null ? null : { id: raw.ResourceId, type: null, product: null, paths: [] },
    regionId,
    name: null,
    description: null,
    priority: null,
    detail: null,
    result: null,
    extra,
  };
}
