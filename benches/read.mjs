// Reading every field of what was parsed: the same loop for ours and for whoever makes the same model. The sum is returned, so
// that no engine leaves anything out.

export function everyField(reply) {
  let sum = text(reply.kind) + text(reply.api) + text(reply.requestId) + reply.findings.length;
  if (reply.kind === "task") return sum + ofTask(reply.task);
  for (const task of reply.tasks) sum += ofTask(task);
  const { page } = reply;
  return sum + ofSummary(reply.summary) + reply.offset + page.number + page.size + page.total + text(page.nextToken);
}

/** Counts by status and the first 50 tasks: what a list shows first. */
export function firstFifty(reply) {
  let sum = ofSummary(reply.summary);
  for (let i = 0; i < 50; i++) sum += ofTask(reply.tasks[i]);
  return sum;
}

export function ofSummary(summary) {
  let sum = summary.total + summary.terminal + summary.progress.fraction + summary.progress.known;
  for (const status in summary.byStatus) sum += status.length + summary.byStatus[status];
  return sum;
}

function text(value) {
  return value === null ? 0 : value.length;
}

function ofTask(task) {
  let sum =
    task.api.length + task.id.length + text(task.action) + task.status.length + task.rawStatus.length + (task.terminal ? 1 : 0) +
    task.progress.fraction + task.progress.origin.length + (task.cancellable ? 1 : 0) + task.createdAt + task.startedAt +
    task.finishedAt + task.expiresAt + task.timePrecisionMs + text(task.regionId) + text(task.name) + text(task.description) +
    text(task.priority) + ofAny(task.detail) + ofAny(task.result) + ofAny(task.extra) + ofError(task.error);
  if (task.counts !== null) sum += task.counts.total + task.counts.succeeded + task.counts.failed;
  for (const part of task.subTasks) {
    sum += part.status.length + text(part.rawStatus) + ofError(part.error);
    for (const item of part.related) sum += item.name.length + item.value.length;
  }
  const { resource } = task;
  if (resource === null) return sum;
  for (const path of resource.paths) sum += path.length;
  return sum + text(resource.id) + text(resource.type) + text(resource.product);
}

function ofError(error) {
  if (error === null) return 0;
  const { cause } = error;
  return text(error.code) + error.message.length + (cause === null ? 0 : text(cause.requestId) + text(cause.code) + text(cause.message));
}

/** What has no shape, or the official SDK's. */
export function ofAny(value) {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object") return Number(value);
  let sum = 0;
  for (const name in value) sum += name.length + ofAny(value[name]);
  return sum;
}
