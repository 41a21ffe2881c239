//! ECS, 2014-05-26: DescribeTasks and DescribeTaskAttribute, JSON and XML (api.md section 1).

mod plain;

use self::plain::Row;
use super::{Counting, Sink, Words, action, bare_task, report_error_without_failure, status_of};
use crate::error::Error;
use crate::field::{Object, Reading};
use crate::model::{
    Api, Body, Counts, Origin, Page, Precision, Progress, Related, Resource, Status, SubTask, SubTaskStatus,
    Task, TaskError, Text, Timestamp,
};
use crate::wire::{Kind, NodeId};
use std::borrow::Cow;
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
#[inline(never)]
pub(super) fn task_attribute<'s>(reading: &Reading<'_, 's>) -> Result<Body<'s>, Error> {
    let root = reading.object(reading.document.root());
    let region = root.trimmed("RegionId");
    root.skip("RequestId");
    Ok(Body::Task(Box::new(task(&root, region)?)))
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
        if let Some(plain) = row.read(reading.document, item) {
            let (status, progress) = (plain.status, unreported(plain.status));
            if counting.wants_next() {
                counting.add(plain.basics(reading.document, region.as_ref()).task(status, progress));
            } else {
                counting.count(status, progress);
            }
            continue;
        }
        let object = reading.object(item);
        let region = object.trimmed("RegionId").or_else(|| region.clone());
        counting.add(task(&object, region)?);
    }
    Ok(counting.list(Api::Ecs, page))
}

/// The tasks of TaskSet: an object; an array of one object in the pages of 2019 to 2021 (*sample*); nothing.
fn task_set(reading: &Reading<'_, '_>, set: NodeId) -> Result<Vec<NodeId>, Error> {
    let document = reading.document;
    let list = |node| reading.items(node, "Task").ok_or_else(|| reading.wrong(node, "an object with `Task`"));
    match document.kind(set) {
        Kind::Array => {
            let count = document.children(set).count();
            if count != 1 {
                reading.report(
                    "unexpected-shape",
                    set,
                    format!("expected an array of one object, found {count} items"),
                );
            }
            let mut items = Vec::new();
            for node in document.children(set) {
                items.append(&mut list(node)?);
            }
            Ok(items)
        }
        Kind::Null | Kind::String => {
            reading.report("unexpected-shape", set, "expected an object with `Task`, found nothing");
            list(set)
        }
        _ => list(set),
    }
}

/// What a list says of a task.
struct Basics<'s> {
    id: Text<'s>,
    raw_status: Text<'s>,
    /// As it came.
    action: Option<Text<'s>>,
    created: Option<(Timestamp, Precision)>,
    finished: Option<(Timestamp, Precision)>,
    support_cancel: Option<bool>,
    resource: Option<Text<'s>>,
    region_id: Option<Text<'s>>,
}

impl<'s> Basics<'s> {
    /// The task, if there is no more to say of it.
    #[inline(always)]
    fn task(self, status: Status, progress: Progress) -> Task<'s> {
        let precision = match self.created.iter().chain(&self.finished).map(|(_, precision)| *precision).max()
        {
            Some(Precision::Seconds) => 1_000,
            Some(Precision::Minutes) | None => 60_000,
        };
        Task {
            action: self.action.map(|raw| action(raw, ACTIONS)),
            progress,
            cancellable: if status.is_terminal() { Some(false) } else { self.support_cancel },
            created_at: self.created.map(|(moment, _)| moment),
            finished_at: self.finished.map(|(moment, _)| moment),
            time_precision_ms: precision,
            resource: self.resource.map(|id| Resource {
                id: Some(id),
                kind: None,
                product: None,
                paths: Vec::new(),
            }),
            region_id: self.region_id,
            ..bare_task(Api::Ecs, self.id, self.raw_status, status)
        }
    }
}

/// One task; a list item has the same names, only fewer.
fn task<'s>(object: &Object<'_, '_, 's>, region_id: Option<Text<'s>>) -> Result<Task<'s>, Error> {
    let reading = object.reading;
    let basics = Basics {
        id: object.required("TaskId")?,
        raw_status: object.required("TaskStatus")?,
        action: object.trimmed("TaskAction"),
        created: super::time(object, "CreationTime"),
        finished: super::time(object, "FinishedTime"),
        support_cancel: object.boolean("SupportCancel"),
        resource: object.trimmed("ResourceId"),
        region_id,
    };
    let word = status_of(object, "TaskStatus", &basics.raw_status, STATUS);
    let percent = percent(object);
    let total = object.integer("TotalCount");
    // Without a total there are no `counts` to hold the others: they stay for `extra`.
    let counter = |name| if total.is_some() { object.integer(name) } else { object.peek(name) };
    let (succeeded, failed) =
        (counter("SuccessCount").unwrap_or_default(), counter("FailedCount").unwrap_or_default());
    let sub_tasks = sub_tasks(object);

    let settled = Settled { total, succeeded, failed, sub_tasks: &sub_tasks };
    let mut extra = object.extra(&|name| UNMODELLED.contains(&name));
    reading.take_nested(object.node, &mut extra);
    let status = if word == Status::Succeeded { settled.end(percent) } else { word };
    let progress = progress(object, status, percent, &settled);
    let counts = total.map(|total| Counts { total, succeeded, failed });
    Ok(Task { counts, extra, sub_tasks, ..basics.task(status, progress) })
}

/// The progress of a task that has no figure of its own.
fn unreported(status: Status) -> Progress {
    match status {
        Status::Succeeded => Progress::new(Progress::WHOLE, Origin::Status),
        _ => Progress::UNKNOWN,
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
    let expected = ("a percentage such as `64%`", "0 % to 100 %");
    super::figure(object, "TaskProcess", "%", Percent::WHOLE, expected).map(Percent)
}

/// OperationProgressSet.OperationProgress (api.md 1.2).
pub(super) fn sub_tasks<'s>(object: &Object<'_, '_, 's>) -> Vec<SubTask<'s>> {
    let reading = object.reading;
    object
        .list("OperationProgressSet", "OperationProgress")
        .into_iter()
        .map(|item| sub_task(&reading.object(item)))
        .collect()
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
    let message = part.text("ErrorMsg");
    if status != SubTaskStatus::Failed && (code.is_some() || message.is_some()) {
        let name = if code.is_some() { "ErrorCode" } else { "ErrorMsg" };
        if let Some(node) = part.reading.document.member(part.node, name) {
            let text = code.as_deref().or(message.as_deref()).unwrap_or_default();
            report_error_without_failure(part.reading, node, text, raw_status.as_deref().unwrap_or_default());
        }
    }
    let related = part.list("RelatedItemSet", "RelatedItem").into_iter().map(|item| {
        let item = part.reading.object(item);
        // Kept as they came: here even an empty string says something.
        let field = |name| match item.text(name) {
            Some(text) => text,
            None => Cow::Borrowed(""),
        };
        let related = Related { name: field("Name"), value: field("Value") };
        item.keep_rest();
        related
    });
    let related = related.collect();
    part.keep_rest();
    let error = (code.is_some() || message.is_some()).then(|| TaskError {
        code,
        message: message.unwrap_or_default(),
        cause: None,
    });
    SubTask { status, raw_status, error, related }
}
