// @ts-check
// What is said, English beside Chinese, in one table, so that a missing half shows at a glance. Here are the words for replies and
// tasks, which the custom elements draw too; the page adds its own (page.js).
// `{name}` is replaced by a value; `{n|one|many}` picks by a number. Server strings and the package's messages stay as they are.

/** @typedef {"en" | "zh"} Language */
/** @typedef {(key: string, values?: Record<string, string | number>) => string} Text */

export const LANGUAGES = /** @type {Language[]} */ (["en", "zh"]);

/** @type {Record<string, [en: string, zh: string]>} */
export const TABLE = {
  // What came back
  "reading.heading": ["Reading", "解读"],
  "kind.task": ["Task", "任务"],
  "kind.tasks": ["Task list", "任务列表"],
  "kind.started": ["Task started", "任务已启动"],
  "kind.accepted": ["Request accepted", "请求已接受"],
  "kind.fault": ["Refused", "请求被拒绝"],
  "kind.error": ["Not readable", "无法读取"],
  "api.ecs": ["ECS", "ECS"],
  "api.bdrc": ["BDRC", "BDRC"],
  "api.cloudcontrol": ["Cloud Control", "云控制 API"],
  "reading.request": ["Request id", "请求 ID"],
  "reading.findings": ["{n} {n|finding|findings}", "{n} 处差异"],
  "copy": ["Copy {what}", "复制{what}"],
  "copied": ["Copied {what}", "已复制{what}"],
  "copy.failed": ["Copying is not allowed here", "此处不允许复制"],
  "copy.id": ["task id", "任务 ID"],
  "copy.group": ["task group id", "任务组 ID"],
  "copy.request": ["request id", "请求 ID"],
  "copy.value": ["value", "值"],
  "more": ["Show {n} more", "再显示 {n} 项"],
  "more.rest": ["{shown} of {total} shown", "已显示 {shown} / {total}"],

  // Status
  "status.queued": ["Queued", "排队中"],
  "status.running": ["Running", "运行中"],
  "status.paused": ["Paused", "已暂停"],
  "status.cancelling": ["Cancelling", "取消中"],
  "status.succeeded": ["Succeeded", "成功"],
  "status.partial": ["Partly succeeded", "部分成功"],
  "status.failed": ["Failed", "失败"],
  "status.cancelled": ["Cancelled", "已取消"],
  "status.expired": ["Expired", "已过期"],
  "status.unknown": ["Unknown status", "未知状态"],
  "status.raw": ["The server's own word", "服务端原文"],
  "status.terminal": ["Final: a later poll will not differ", "终态：再次查询不会改变"],
  "status.open": ["Not final: a later poll may differ", "非终态：再次查询可能改变"],

  // The task
  "task.progress": ["Progress", "进度"],
  "progress.reported": ["reported by the API", "由 API 上报"],
  "progress.counted": ["counted from sub-tasks", "按子任务计数"],
  "progress.status": ["implied by the status", "由状态推定"],
  "progress.none": ["Unknown: this reply says nothing about it", "未知：响应中没有相关信息"],
  "progress.none.short": ["Unknown", "未知"],
  "progress.counts": ["{succeeded} of {total} succeeded, {failed} failed", "共 {total} 个，成功 {succeeded} 个，失败 {failed} 个"],
  "task.times": ["Times", "时间"],
  "task.created": ["Created", "创建"],
  "task.started": ["Started", "开始"],
  "task.finished": ["Finished", "完成"],
  "task.expires": ["Expires", "过期"],
  "task.duration": ["Duration", "耗时"],
  "duration.under": ["under {duration}", "不足 {duration}"],
  "duration.from.created": ["from creation to finish", "从创建到完成"],
  "duration.from.started": ["from start to finish", "从开始到完成"],
  "precision.minute": ["exact to the minute", "精确到分钟"],
  "precision.second": ["exact to the second", "精确到秒"],
  "precision.other": ["exact to {duration}", "精确到 {duration}"],
  "times.none": ["This reply gives no times.", "响应中没有时间。"],
  "task.facts": ["About", "概况"],
  "task.name": ["Name", "名称"],
  "task.description": ["Description", "描述"],
  "task.region": ["Region", "地域"],
  "task.priority": ["Priority", "优先级"],
  "task.cancellable": ["Can be cancelled", "可否取消"],
  "cancellable.true": ["Yes", "可以"],
  "cancellable.false": ["No", "不可以"],
  "cancellable.null": ["The API does not say", "API 未说明"],
  "task.resource": ["Resource", "资源"],
  "resource.id": ["Id", "ID"],
  "resource.type": ["Type", "类型"],
  "resource.product": ["Product", "产品"],
  "resource.paths": ["{n|Path|Paths}", "路径"],
  "task.error": ["What went wrong", "错误原因"],
  "task.error.beside": ["Error text in the reply", "响应中的错误文本"],
  "task.error.note": [
    "The status decides, and it says “{status}”. The API left this text beside it; by itself it does not make the task a failure.",
    "以状态为准，当前为“{status}”。API 同时带有这段文本，但它本身并不表示任务失败。",
  ],
  "error.cause": ["Caused by", "根本原因"],
  "error.untold": ["No message", "没有错误信息"],
  "error.raw": ["Message as received", "收到的原始信息"],
  "error.OperationFailure.OperationFailed": ["Nothing was done.", "操作未执行。"],
  "error.OperationFailure.PartialOperationFailed": [
    "Part of the operation was done and was not rolled back. Look at the resource, then complete it with UpdateResource or remove it with DeleteResource.",
    "操作已部分执行，且不会回滚。请先查看资源，再用 UpdateResource 补全，或用 DeleteResource 删除。",
  ],
  "task.subtasks": ["Sub-tasks", "子任务"],
  "subtask.first": ["First failure", "首个失败"],
  "task.detail": ["Detail", "任务详情"],
  "task.result": ["Result", "任务结果"],
  "task.extra": ["Other fields of the reply", "响应中的其他字段"],
  "json.more": ["Show all {n} lines", "显示全部 {n} 行"],
  "task.find": ["Find in the reply", "在原文中定位"],
  "task.find.none": ["The id does not stand in the reply as it is read.", "原文中没有与解读一致的 ID。"],

  // A list
  "list.summary": ["{n} {n|task|tasks} in this reply", "本响应中有 {n} 个任务"],
  "list.none": ["The list is empty: no task matched the query.", "列表为空：没有符合查询条件的任务。"],
  "list.terminal": ["{n} final", "{n} 个已到终态"],
  "list.mean": ["mean progress {percent} of the {n} whose progress is known", "平均进度 {percent}（有进度的 {n} 个任务）"],
  "list.page": ["page {number}", "第 {number} 页"],
  "list.size": ["up to {size} a page", "每页最多 {size} 个"],
  "list.total": ["{total} in all", "共 {total} 个"],
  "list.next": ["More pages follow", "还有后续页"],
  "list.status": ["Status", "状态"],
  "list.task": ["Task", "任务"],
  "list.progress": ["Progress", "进度"],
  "list.created": ["Created ({zone})", "创建时间（{zone}）"],
  "list.started": ["Started ({zone})", "开始时间（{zone}）"],
  "list.since": ["Created or started ({zone})", "创建或开始时间（{zone}）"],
  "list.duration": ["Duration", "耗时"],

  // Started and accepted
  "started.id": ["Task id", "任务 ID"],
  "started.group": ["Task group id", "任务组 ID"],
  "started.none": ["The reply holds no task id: the operation ran at once, or lists its results here.", "响应中没有任务 ID：操作已同步完成，或结果已在此列出。"],
  "started.lead": ["The operation was taken on. To learn how it goes, poll with this id.", "操作已受理。请用此 ID 查询进展。"],
  "accepted.lead": ["The API took the request and gave nothing to watch. Where this answers a cancellation, poll the task itself to see its outcome.", "API 已接受请求，没有可供跟踪的内容。如果这是取消操作的响应，请查询任务本身以确认结果。"],

  // A fault
  "fault.lead": ["The API refused the call. This says nothing about a task.", "API 拒绝了这次调用。这并不说明任务本身的状态。"],
  "fault.do": ["What to do", "如何处理"],
  "fault.host": ["Host", "服务节点"],
  "fault.status": ["HTTP status", "HTTP 状态码"],
  "fault.recommend": ["Help page", "帮助页面"],
  "fault.denied": ["Access denied detail", "拒绝访问详情"],
  "fault.retryable": ["Worth another try", "可以重试"],
  "fault.final": ["Another try will not help", "重试没有帮助"],
  "fault.kind.throttled": ["Throttled", "被限流"],
  "fault.kind.transient": ["Server trouble", "服务暂时不可用"],
  "fault.kind.not-found": ["Not found", "未找到"],
  "fault.kind.denied": ["Not allowed", "没有权限"],
  "fault.kind.credentials": ["Credentials", "凭证有误"],
  "fault.kind.clock": ["Clock", "时钟不准"],
  "fault.kind.invalid": ["Request is wrong", "请求有误"],
  "fault.kind.conflict": ["Conflict", "状态冲突"],
  "fault.kind.other": ["Refused", "被拒绝"],
  "fault.do.throttled": [
    "Too many calls in this minute. The quota is counted per account, region and API, and shared with the console and other tools. Wait until the next minute, then ask less often and for several ids at once.",
    "本分钟内调用过多。配额按账号、地域和 API 计算，并与控制台及其他工具共用。请等到下一分钟，然后降低频率，并在一次调用中查询多个 ID。",
  ],
  "fault.do.transient": ["The service could not answer just now. Try again after a short wait, a little longer each time.", "服务暂时无法响应。请稍后重试，并逐次延长间隔。"],
  "fault.do.not-found": ["Check the id and the region: a task is only known in the region it was started in, and old tasks are no longer listed.", "请检查 ID 和地域：任务只能在其所在地域查询，过旧的任务也不再列出。"],
  "fault.do.denied": ["The caller lacks a permission. Have the action named below added to its RAM policy.", "调用者缺少权限。请在其 RAM 策略中加入下方所列的操作。"],
  "fault.do.denied.explicit": ["A policy denies this call explicitly, which no allowing policy overrides. Have that statement changed or removed.", "有策略显式拒绝此调用，任何允许策略都无法覆盖。请修改或移除该语句。"],
  "fault.do.denied.unnamed": ["The caller lacks a permission. Have the action of this call allowed by its RAM policy.", "调用者缺少权限。请在其 RAM 策略中允许此调用对应的操作。"],
  "fault.clock.apart": ["The two times in the message are {duration} apart.", "错误信息中的两个时间相差 {duration}。"],
  "fault.do.credentials": ["The key, token or signature was not accepted. Check that the key exists and is active, that a temporary token has not expired, and that the secret belongs to the key.", "AccessKey、令牌或签名未被接受。请检查 AccessKey 是否存在且已启用、临时令牌是否过期、AccessKey Secret 是否与 AccessKey ID 对应。"],
  "fault.do.clock": ["The caller's clock is off by more than 15 minutes, or a signed request was sent too late. Set the clock and sign again.", "调用方时钟偏差超过 15 分钟，或签名请求发送过晚。请校准时钟并重新签名。"],
  "fault.do.invalid": ["The request does not fit the API. Correct the parameter named in the message; sending it again unchanged gives the same answer.", "请求不符合 API 要求。请修正信息中提到的参数；原样重发结果相同。"],
  "fault.do.conflict": ["The task or resource is not in a state that allows this, for example because it has already ended. Read its status first.", "任务或资源当前的状态不允许此操作，例如任务已经结束。请先查询其状态。"],
  "fault.do.other": ["Read the message and the help page, and keep the request id for a support ticket.", "请查看错误信息和帮助页面，提交工单时请附上请求 ID。"],

  // A denied call
  "copy.action": ["RAM action", "RAM 操作"],
  "denied.action": ["Missing RAM action", "缺少的 RAM 操作"],
  "denied.needs": ["RAM action this call needs", "此调用需要的 RAM 操作"],
  "denied.principal": ["Caller", "调用者"],
  "denied.policy": ["Policy type", "策略类型"],
  "denied.why": ["Why", "原因"],
  "denied.explicit": ["A policy denies it explicitly; an allowing policy beside it does not help", "有策略显式拒绝，另加允许策略也无效"],
  "denied.implicit": ["No policy allows it", "没有策略允许该操作"],

  // What cannot be read
  "problem.syntax": ["This is not well-formed {format}", "{format} 格式有误"],
  "problem.unrecognized": ["This is no reply of these APIs", "不是这些 API 的响应"],
  "problem.invalid": ["A required field is missing or of the wrong kind", "必需字段缺失或类型不符"],
  "problem.limit": ["This reply is beyond the limits", "响应超出限制"],
  "problem.other": ["The reply could not be read", "响应无法读取"],
  "problem.do.syntax": ["Reading stopped at the place marked in the reply. Correct it there, or copy the reply again.", "读取在原文标记处停止。请在该处更正，或重新复制响应。"],
  "problem.do.unrecognized": ["It is well-formed, but has the shape of none of the replies this page knows. Paste the whole body, from the first brace or tag to the last.", "格式正确，但与已知响应的结构都不相符。请粘贴完整的响应体，从第一个括号或标签到最后一个。"],
  "problem.do.invalid": ["Without it the reply cannot be understood. See whether the reply was cut or edited.", "缺少它就无法理解该响应。请检查响应是否被截断或修改。"],
  "problem.do.limit": ["The limits keep a damaged or hostile reply from stopping the page. Use the package to set higher ones.", "限制用于防止损坏或恶意的响应使页面停滞。如需更高上限，请使用软件包进行设置。"],
  "problem.do.other": ["Nothing was changed. Please report this with the text that caused it.", "内容没有任何改动。请连同原文一起反馈此问题。"],
  "problem.width": ["“{found}” at this place is a full-width character; {format} needs “{wanted}” here.", "此处的“{found}”是全角字符，{format} 需要“{wanted}”。"],
  "problem.comment": ["JSON has no comments. Take out what stands between /* and */.", "JSON 不支持注释，请删除 /* 与 */ 之间的内容。"],
  "problem.path": ["Field", "字段"],

  // Findings
  "findings.heading": ["Findings", "与文档的差异"],
  "findings.lead": ["The reply was read, but departs from its documentation here. Nothing below stopped the reading.", "响应已读取，但以下之处与文档不符，均不影响解读。"],
  "findings.show": ["Show line {line}, column {column} in the reply", "在原文中显示第 {line} 行第 {column} 列"],
  "finding.bad-time": ["Not a time", "时间格式有误"],
  "finding.duplicate-key": ["The same name twice; the last one counts", "名称重复，以最后一个为准"],
  "finding.error-without-failure": ["An error text beside a status that is no failure", "状态并非失败，却带有错误文本"],
  "finding.escaped-recommend": ["A link with escaped characters", "链接中的字符被转义"],
  "finding.lone-surrogate": ["Half of a character", "不完整的字符"],
  "finding.mixed-content": ["Text between elements", "元素之间夹有文本"],
  "finding.number-out-of-range": ["A number too large or too exact to hold", "数字超出可表示的范围"],
  "finding.progress-out-of-range": ["Progress beyond its range", "进度超出范围"],
  "finding.redacted": ["A secret was cut out", "敏感信息已移除"],
  "finding.unexpected-shape": ["Another shape than documented", "结构与文档不同"],
  "finding.unknown-field": ["A field the documentation does not name", "文档中没有的字段"],
  "finding.unknown-status": ["A status not seen before", "未知的状态值"],
  "finding.unreadable-body": ["The body could not be read; the HTTP status speaks for it", "响应体无法读取，以 HTTP 状态码为准"],
  "finding.wrong-kind": ["Another kind of value than documented", "值的类型与文档不同"],

  // A task elsewhere
  "watch.colon": [": ", "："],
  "text.copy": ["Copy as text", "复制为文本"],
  "text.what": ["the task as text", "任务文本"],
  "text.copied": ["Copied", "复制时间"],
  "text.part": ["sub-task {n} of {total}", "第 {n} 个子任务（共 {total} 个）"],
  "add.watch": ["Watch this task", "跟踪此任务"],
};

/** The words of one language. @param {Language} language @returns {Text} */
export function texts(language) {
  const column = language === "zh" ? 1 : 0;
  return (key, values = {}) => {
    const template = TABLE[key]?.[column];
    if (template === undefined) throw new Error(`no text for ${key}`);
    return template
      .replace(/\{(\w+)\|([^|{}]*(?:\{\w+\}[^|{}]*)?)\|([^|{}]*(?:\{\w+\}[^|{}]*)?)\}/g, (_, name, one, many) => (Number(values[name]) === 1 ? one : many))
      .replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  };
}

/** Adds words of one's own. @param {typeof TABLE} words */
export function addTexts(words) {
  Object.assign(TABLE, words);
}

/** Whether the table knows a word for a code that comes from outside. @param {string} key */
export const hasText = (key) => Object.hasOwn(TABLE, key);

/** The language to begin with: the one kept, else the browser's. @param {string | null} kept @param {readonly string[]} preferred @returns {Language} */
export function firstLanguage(kept, preferred) {
  if (kept === "en" || kept === "zh") return kept;
  return preferred.find((tag) => /^(en|zh)\b/i.test(tag))?.toLowerCase().startsWith("zh") ? "zh" : "en";
}
