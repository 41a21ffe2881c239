//! ECS, 2014-05-26: DescribeTasks and DescribeTaskAttribute, JSON and XML (api.md section 1).

mod plain;

use self::plain::{Plain, Row};
use super::{
    Counting, Sink, Words, bare_task, identify, report_error_without_failure, respell, status_of, unreported,
};
use crate::error::Error;
use crate::field::{Object, Reading};
use crate::model::{
    Api, Body, Counts, Origin, Page, Precision, Progress, Related, Resource, Status, SubTask, SubTaskStatus,
    Task, TaskError, Text, Timestamp,
};
use crate::wire::{Kind, NodeId};
use std::ops::Range;

/// TaskStatus (api.md 1.3). *documented* today: Finished, Processing, Failed. *documented* 2018 to 2019: Waiting, Pending,
/// Deleted ("cancelled"), Paused. *assumed*: Cancelled and Canceled, never seen.
const STATUS: &Words = &[
    ("Finished", Status::Succeeded),
    ("Processing", Status::Running),
    ("Failed", Status::Failed),
    ("Waiting", Status::Queued),
    ("Pending", Status::Queued),
    ("Paused", Status::Paused),
    ("Deleted", Status::Cancelled),
    ("Cancelled", Status::Cancelled),
    ("Canceled", Status::Cancelled),
];

/// TaskAction, the values its filter takes (api.md 1.4, *documented*); every DescribeTasks XML *sample* has IMPORT_IMAGE.
const ACTIONS: &[&str] =
    &["ImportImage", "ExportImage", "RedeployInstance", "ModifyDiskSpec", "ArchiveSnapshot"];

/// Documented fields that may be left without a property: two counters that came without a total, and those of a list
/// item that one SDK declares and no page describes (api.md 1.2).
const UNMODELLED: &[&str] =
    &["SuccessCount", "FailedCount", "Source", "FailedReason", "TaskGroupId", "ResourceIds"];

/// The reply of DescribeTaskAttribute.
pub(super) fn task_attribute<'s>(reading: &Reading<'_, 's>, read: &mut Task<'s>) -> Result<(), Error> {
    let root = reading.object(reading.document.root());
    root.fill(&mut read.region_id, "RegionId");
    root.skip("RequestId");
    task(&root, read)
}

/// The reply of DescribeTasks.
#[inline(never)]
pub(super) fn tasks<'s>(
    reading: &Reading<'_, 's>,
    slice: Option<&Range<usize>>,
    sink: Sink<'_, 's>,
) -> Result<Body<'s>, Error> {
    let root = reading.object(reading.document.root());
    let region = root.trimmed("RegionId");
    let page = Page {
        number: root.integer("PageNumber"),
        size: root.integer("PageSize"),
        total: root.integer("TotalCount"),
        next_token: None,
    };
    root.skip("RequestId");
    let items = match reading.document.member(root.node, "TaskSet") {
        Some(set) => {
            root.skip("TaskSet");
            task_set(reading, set)?
        }
        None if reading.document.name(root.node) == "DescribeTasksResponse" => Vec::new(),
        None => return Err(root.missing("TaskSet", "an object with `Task`")),
    };
    root.report_rest();
    let mut row = Row::default();
    let mut counting = Counting::new(items.len(), slice, sink);
    for item in items {
        let plain = row.read(reading.document, item);
        if let Some(Plain { status, .. }) = plain
            && !counting.wants_next()
        {
            counting.count(status, unreported(status));
            continue;
        }
        let mut read = bare_task(Api::Ecs);
        match plain {
            Some(plain) => plain.fill(reading.document, &mut read),
            None => {
                let object = reading.object(item);
                object.fill(&mut read.region_id, "RegionId");
                task(&object, &mut read)?;
            }
        }
        if read.region_id.is_none() {
            read.region_id.clone_from(&region);
        }
        counting.add(read);
    }
    Ok(counting.list(Api::Ecs, page))
}

/// The tasks of TaskSet: an object; an array of one object in the pages of 2019 to 2021 (*sample*); nothing.
#[inline(never)]
fn task_set(reading: &Reading<'_, '_>, set: NodeId) -> Result<Vec<NodeId>, Error> {
    let kind = reading.document.kind(set);
    let objects = if kind == Kind::Array { reading.children(set) } else { vec![set] };
    if objects.len() != 1 {
        let message = format!("expected an array of one object, found {} items", objects.len());
        reading.report("unexpected-shape", set, message);
    }
    if matches!(kind, Kind::Null | Kind::String) {
        reading.report("unexpected-shape", set, "expected an object with `Task`, found nothing");
    }
    let mut items = Vec::new();
    for object in objects {
        match reading.items(object, "Task") {
            Some(some) => items.extend(some),
            None => return Err(reading.wrong(object, "an object with `Task`")),
        }
    }
    Ok(items)
}

/// One task; a list item has the same names, only fewer.
fn task<'s>(object: &Object<'_, '_, 's>, task: &mut Task<'s>) -> Result<(), Error> {
    let reading = object.reading;
    identify(object, task, "TaskId", "TaskStatus", STATUS)?;
    object.fill(&mut task.action, "TaskAction");
    let created = super::time(object, "CreationTime");
    let finished = super::time(object, "FinishedTime");
    let support_cancel = object.boolean("SupportCancel");
    let resource = object.trimmed("ResourceId");
    let percent = percent(object);
    let total = object.integer("TotalCount");
    // Without a total there are no `counts` to hold the others: they stay for `extra`.
    let counter = |name| if total.is_some() { object.integer(name) } else { object.peek(name) };
    let (succeeded, failed) =
        (counter("SuccessCount").unwrap_or_default(), counter("FailedCount").unwrap_or_default());
    task.sub_tasks = sub_tasks(object);

    let settled = Settled { total, succeeded, failed, sub_tasks: &task.sub_tasks };
    object.add_extra(&mut task.extra, &|name| UNMODELLED.contains(&name));
    reading.take_nested(object.node, &mut task.extra);
    let status = if task.status == Status::Succeeded { settled.end(percent) } else { task.status };
    let progress = progress(object, status, percent, &settled);
    task.counts = total.map(|total| Counts { total, succeeded, failed });
    task.settle(status, progress);
    task.finish(created, finished, support_cancel, resource);
    Ok(())
}

impl<'s> Task<'s> {
    /// What a list says of a task, besides its id and its status.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn finish(
        &mut self,
        created: Option<(Timestamp, Precision)>,
        finished: Option<(Timestamp, Precision)>,
        support_cancel: Option<bool>,
        resource: Option<Text<'s>>,
    ) {
        respell(&mut self.action, ACTIONS);
        self.cancellable = if self.terminal { Some(false) } else { support_cancel };
        let precision = created.map(|(_, precision)| precision).max(finished.map(|(_, precision)| precision));
        self.time_precision_ms = if precision == Some(Precision::Seconds) { 1_000 } else { 60_000 };
        self.created_at = created.map(|(moment, _)| moment);
        self.finished_at = finished.map(|(moment, _)| moment);
        if resource.is_some() {
            self.resource.get_or_insert_with(|| Resource {
                id: resource,
                kind: None,
                product: None,
                paths: Vec::new(),
            });
        }
    }
}

/// How the parts of a task ended, by its counters and its list of sub-tasks.
struct Settled<'a, 's> {
    total: Option<u64>,
    succeeded: u64,
    failed: u64,
    sub_tasks: &'a [SubTask<'s>],
}

impl Settled<'_, '_> {
    /// What `Finished` means (api.md 1.3): ECS says it also of a task whose parts failed.
    fn end(&self, percent: Option<Percent>) -> Status {
        let a_part_failed = self.sub_tasks.iter().any(|part| part.status == SubTaskStatus::Failed);
        if self.failed > 0 && self.succeeded == 0 && self.total.is_some_and(|total| self.failed >= total) {
            Status::Failed
        } else if self.failed > 0 || a_part_failed || percent.is_some_and(|percent| !percent.is_whole()) {
            Status::Partial
        } else {
            Status::Succeeded
        }
    }
}

/// The first figure that applies (rules.md, "Progress").
fn progress(
    object: &Object<'_, '_, '_>,
    status: Status,
    percent: Option<Percent>,
    parts: &Settled<'_, '_>,
) -> Progress {
    if status == Status::Succeeded {
        let origin = if percent.is_some() { Origin::Reported } else { Origin::Status };
        return Progress::new(Progress::WHOLE, origin);
    }
    if let Some(percent) = percent {
        return percent.progress();
    }
    if let Some(total @ 1..) = parts.total {
        let settled = parts.succeeded.saturating_add(parts.failed);
        let node = object.reading.document.member(object.node, "TotalCount");
        if let Some(node) = node.filter(|_| settled > total) {
            let message = format!("{settled} sub-tasks are settled, more than the {total} that there are");
            object.reading.report("progress-out-of-range", node, message);
        }
        return Progress::share(settled, total, Origin::Counted);
    }
    let settled = parts
        .sub_tasks
        .iter()
        .filter(|part| matches!(part.status, SubTaskStatus::Succeeded | SubTaskStatus::Failed));
    Progress::share(settled.count() as u64, parts.sub_tasks.len() as u64, Origin::Counted)
}

/// TaskProcess, in millionths of a percent: `Finished` with 99.999 % is not whole though it rounds to it.
#[derive(Clone, Copy, PartialEq)]
struct Percent(u64);

impl Percent {
    const WHOLE: u64 = 100_000_000;

    fn is_whole(self) -> bool {
        self.0 == Self::WHOLE
    }

    fn progress(self) -> Progress {
        Progress::share(self.0, Self::WHOLE, Origin::Reported)
    }
}

/// TaskProcess: a number, with or without `%`; only `"100%"` was ever published (api.md 1.6).
fn percent(object: &Object<'_, '_, '_>) -> Option<Percent> {
    let expected = &("a percentage such as `64%`", "0 % to 100 %");
    super::figure(object, "TaskProcess", "%", Percent::WHOLE, expected).map(Percent)
}

/// OperationProgressSet.OperationProgress (api.md 1.2).
pub(super) fn sub_tasks<'s>(object: &Object<'_, '_, 's>) -> Vec<SubTask<'s>> {
    let mut sub_tasks = Vec::new();
    for item in object.list("OperationProgressSet", "OperationProgress") {
        sub_tasks.push(sub_task(&object.reading.object(item)));
    }
    sub_tasks
}

/// One part. OperationStatus is Processing, Success or Failed (api.md 1.6, *documented*): Success, not Finished.
fn sub_task<'s>(part: &Object<'_, '_, 's>) -> SubTask<'s> {
    const STATUS: &Words =
        &[("Processing", Status::Running), ("Success", Status::Succeeded), ("Failed", Status::Failed)];
    let raw_status = part.trimmed("OperationStatus");
    let status = match raw_status.as_deref().map(|raw| status_of(part, "OperationStatus", raw, STATUS)) {
        Some(Status::Running) => SubTaskStatus::Running,
        Some(Status::Succeeded) => SubTaskStatus::Succeeded,
        Some(Status::Failed) => SubTaskStatus::Failed,
        _ => SubTaskStatus::Unknown,
    };
    let code = part.trimmed("ErrorCode");
    let message = part.text("ErrorMsg").unwrap_or_default();
    let name = if code.is_some() { "ErrorCode" } else { "ErrorMsg" };
    let text = code.as_deref().unwrap_or(&message);
    let is_error = !text.is_empty();
    if status != SubTaskStatus::Failed
        && is_error
        && let Some(node) = part.reading.document.member(part.node, name)
    {
        report_error_without_failure(part.reading, node, text, raw_status.as_deref().unwrap_or_default());
    }
    let mut related = Vec::new();
    for item in part.list("RelatedItemSet", "RelatedItem") {
        let item = part.reading.object(item);
        // Kept as they came: here even an empty string says something.
        let field = |name| item.text(name).unwrap_or_default();
        related.push(Related { name: field("Name"), value: field("Value") });
        item.keep_rest();
    }
    part.keep_rest();
    let error = is_error.then_some(TaskError { code, message, cause: None });
    SubTask { status, raw_status, error, related }
}
