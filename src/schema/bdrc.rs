//! BDRC, 2023-08-08: DescribeTask and DescribeTasks (api.md section 2).

use super::{Counting, Sink, Words, bare_task, identify, moment, report_error_without_failure};
use crate::error::Error;
use crate::field::{Object, Reading};
use crate::model::{Api, Body, Origin, Page, Precision, Progress, Status, Task, TaskError, Timestamp};
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
pub(super) fn task<'s>(reading: &Reading<'_, 's>, task: &mut Task<'s>) -> Result<(), Error> {
    let root = reading.object(reading.document.root());
    root.skip("RequestId");
    one(&reading.object(root.inner("Data")?), task)?;
    root.add_extra(&mut task.extra, &|_| false);
    Ok(())
}

/// The reply of DescribeTasks.
#[inline(never)]
pub(super) fn tasks<'s>(
    reading: &Reading<'_, 's>,
    slice: Option<&Range<usize>>,
    sink: Sink<'_, 's>,
) -> Result<Body<'s>, Error> {
    let root = reading.object(reading.document.root());
    root.skip("RequestId");
    let data = root.inner("Data")?;
    root.report_rest();
    let data = reading.object(data);
    let page = Page {
        number: None,
        size: data.integer("MaxResults"),
        total: data.integer("TotalCount"),
        next_token: data.text("NextToken"),
    };
    let items = match data.find("Content") {
        Some(content) => {
            data.take(content);
            let items = items(reading, content)?;
            data.report_rest();
            items
        }
        None => {
            // Null and absent are the same everywhere: an empty list, which is worth a word.
            let node = reading.document.member(data.node, "Content").unwrap_or(data.node);
            reading.report("unexpected-shape", node, "expected an array of tasks, found nothing");
            Vec::new()
        }
    };
    let mut counting = Counting::new(items.len(), slice, sink);
    for item in items {
        let mut task = bare_task(Api::Bdrc);
        one(&reading.object(item), &mut task)?;
        counting.add(task);
    }
    Ok(counting.list(Api::Bdrc, page))
}

fn items(reading: &Reading<'_, '_>, content: NodeId) -> Result<Vec<NodeId>, Error> {
    match reading.document.kind(content) {
        Kind::Array | Kind::Leaf => Ok(reading.children(content)),
        Kind::Object => {
            reading.report("unexpected-shape", content, "expected an array, found a single item");
            Ok(vec![content])
        }
        _ => Err(reading.wrong(content, "an array of tasks")),
    }
}

fn one<'s>(data: &Object<'_, '_, 's>, task: &mut Task<'s>) -> Result<(), Error> {
    let reading = data.reading;
    identify(data, task, "TaskId", "TaskStatus", STATUS)?;
    let status = task.status;
    if let Some(message) = data.text("ErrorMessage") {
        if let (true, Some(node)) =
            (status != Status::Failed, reading.document.member(data.node, "ErrorMessage"))
        {
            // The sample has it beside RUNNING.
            report_error_without_failure(reading, node, reading.document.text(node), &task.raw_status);
        }
        task.error = Some(TaskError { code: None, message, cause: None });
    }
    data.fill(&mut task.action, "TaskType");
    task.settle(status, progress(data, status));
    // BDRC has no operation that cancels (api.md 2.1).
    task.cancellable = Some(false);
    task.started_at = seconds(data, "StartTime");
    task.finished_at = seconds(data, "CompleteTime");
    task.expires_at = seconds(data, "ExpireTime");
    data.fill(&mut task.name, "TaskName");
    data.fill(&mut task.description, "TaskDescription");
    data.fill(&mut task.priority, "TaskPriority");
    task.detail = data.decoded("TaskDetail");
    task.result = data.decoded("TaskResult");
    data.add_extra(&mut task.extra, &|name| UNMODELLED.contains(&name));
    Ok(())
}

/// Progress, 0 to 10,000 (*documented*); that 100 is 1 % is *assumed*: the sample shows 100 beside RUNNING.
fn progress(data: &Object<'_, '_, '_>, status: Status) -> Progress {
    const WHOLE: u64 = Progress::WHOLE as u64 * 1_000_000;
    let expected = &("an integer from 0 to 10000", "0 to 10000");
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
    let moment = moment(data, name, "Unix seconds", |text| match integer(text)? {
        _ if text.starts_with('+') => None,
        0 => Some(None),
        seconds @ 1.. => Timestamp::from_seconds(seconds).map(|moment| Some((moment, Precision::Seconds))),
        _ => None,
    });
    moment.map(|(moment, _)| moment)
}
