//! BDRC, 2023-08-08: DescribeTask and DescribeTasks (api.md section 2).

use super::{Counting, Sink, Words, bare_task, report_error_without_failure, status_of};
use crate::error::Error;
use crate::field::{Object, Reading};
use crate::model::{Api, Body, Origin, Page, Progress, Status, Task, TaskError, Timestamp};
use crate::text::integer;
use crate::wire::{Kind, NodeId};
use std::ops::Range;

/// TaskStatus (api.md 2.2, *documented*): COMPLETE, not COMPLETED; CANCELED with one L, the other *assumed*.
const STATUS: &Words = &[
    ("CREATED", Status::Queued),
    ("RUNNING", Status::Running),
    ("COMPLETE", Status::Succeeded),
    ("FAILED", Status::Failed),
    ("CANCELED", Status::Cancelled),
    ("CANCELLED", Status::Cancelled),
    ("EXPIRED", Status::Expired),
];

/// Fields of the documentation that the model has no word for: an unused id, and the id of an inner request.
const UNMODELLED: &[&str] = &["ExecutionId", "RequestId"];

/// The reply of DescribeTask.
#[inline(never)]
pub(super) fn task<'s>(reading: &Reading<'_, 's>) -> Result<Body<'s>, Error> {
    let (root, data) = data(reading)?;
    let mut task = one(&reading.object(data))?;
    root.add_extra(&mut task.extra, &|_| false);
    Ok(Body::Task(Box::new(task)))
}

/// The reply of DescribeTasks.
#[inline(never)]
pub(super) fn tasks<'s>(
    reading: &Reading<'_, 's>,
    slice: Option<&Range<usize>>,
    sink: Sink<'_, 's>,
) -> Result<Body<'s>, Error> {
    let (root, data) = data(reading)?;
    root.report_rest();
    let data = reading.object(data);
    let page = Page {
        number: None,
        size: data.integer("MaxResults"),
        total: data.integer("TotalCount"),
        next_token: data.text("NextToken"),
    };
    let Some(content) = data.find("Content") else {
        // Null and absent are the same everywhere: an empty list, which is worth a word.
        let node = reading.document.member(data.node, "Content").unwrap_or(data.node);
        reading.report("unexpected-shape", node, "expected an array of tasks, found nothing");
        return Ok(Counting::new(0, slice, sink).list(Api::Bdrc, page));
    };
    data.take(content);
    if !matches!(reading.document.kind(content), Kind::Array | Kind::Leaf | Kind::Object) {
        return Err(reading.wrong(content, "an array of tasks"));
    }
    let items: Vec<NodeId> = match reading.document.kind(content) {
        Kind::Object => {
            reading.report("unexpected-shape", content, "expected an array, found a single item");
            vec![content]
        }
        _ => reading.document.children(content).collect(),
    };
    data.report_rest();
    let mut counting = Counting::new(items.len(), slice, sink);
    for item in items {
        counting.add(one(&reading.object(item))?);
    }
    Ok(counting.list(Api::Bdrc, page))
}

fn data<'r, 'd, 's>(reading: &'r Reading<'d, 's>) -> Result<(Object<'r, 'd, 's>, NodeId), Error> {
    let root = reading.object(reading.document.root());
    root.skip("RequestId");
    match root.find("Data") {
        Some(data) => {
            root.take(data);
            Ok((root, data))
        }
        None => Err(root.missing("Data", "an object")),
    }
}

fn one<'s>(data: &Object<'_, '_, 's>) -> Result<Task<'s>, Error> {
    let reading = data.reading;
    let id = data.required("TaskId")?;
    let raw_status = data.required("TaskStatus")?;
    let status = status_of(data, "TaskStatus", &raw_status, STATUS);
    let message = data.text("ErrorMessage");
    if message.is_some() && status != Status::Failed {
        // The sample has it beside RUNNING.
        if let Some(node) = reading.document.member(data.node, "ErrorMessage") {
            report_error_without_failure(reading, node, reading.document.text(node), &raw_status);
        }
    }
    Ok(Task {
        action: data.trimmed("TaskType"),
        progress: progress(data, status),
        // BDRC has no operation that cancels (api.md 2.1).
        cancellable: Some(false),
        started_at: seconds(data, "StartTime"),
        finished_at: seconds(data, "CompleteTime"),
        expires_at: seconds(data, "ExpireTime"),
        error: message.map(|message| TaskError { code: None, message, cause: None }),
        name: data.trimmed("TaskName"),
        description: data.trimmed("TaskDescription"),
        priority: data.trimmed("TaskPriority"),
        detail: data.decoded("TaskDetail"),
        result: data.decoded("TaskResult"),
        extra: data.extra(&|name| UNMODELLED.contains(&name)),
        ..bare_task(Api::Bdrc, id, raw_status, status)
    })
}

/// Progress, 0 to 10,000 (*documented*); that 100 is 1 % is *assumed*: the sample shows 100 beside RUNNING.
fn progress(data: &Object<'_, '_, '_>, status: Status) -> Progress {
    const WHOLE: u64 = Progress::WHOLE as u64 * 1_000_000;
    let expected = ("an integer from 0 to 10000", "0 to 10000");
    let reported = super::figure(data, "Progress", "", WHOLE, expected);
    match (status, reported) {
        (Status::Succeeded, Some(WHOLE)) => Progress::new(Progress::WHOLE, Origin::Reported),
        (Status::Succeeded, _) => Progress::new(Progress::WHOLE, Origin::Status),
        (_, Some(millionths)) => Progress::share(millionths, WHOLE, Origin::Reported),
        (_, None) => Progress::UNKNOWN,
    }
}

/// A moment in Unix seconds; 0 is none.
fn seconds(data: &Object<'_, '_, '_>, name: &'static str) -> Option<Timestamp> {
    const EXPECTED: &str = "Unix seconds";
    let node = data.find(name)?;
    let number = data.number_text(node).and_then(integer);
    if data.reading.document.is_blank(node) || number == Some(0) {
        data.take(node);
        return None;
    }
    let moment = number.filter(|seconds| *seconds > 0).and_then(Timestamp::from_seconds);
    match data.reading.document.kind(node) {
        _ if moment.is_some() => data.take(node),
        Kind::String | Kind::Leaf | Kind::Number => data.reject("bad-time", node, EXPECTED),
        _ => data.wrong_kind(node, EXPECTED),
    }
    moment
}
