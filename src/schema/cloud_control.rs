//! Cloud Control API, 2022-08-30: GetTask (api.md section 3).

use super::{Words, identify, report_error_without_failure, respell, unreported};
use crate::error::Error;
use crate::field::{Object, Reading};
use crate::model::{Cause, Extra, Resource, Status, Task, TaskError, Text, Value};
use crate::text::{Parts, trim};
use crate::wire::{Kind, NodeId};
use std::borrow::Cow;

/// status (api.md 3.2, *documented*; Canceled *assumed*). Cancelling is not terminal.
const STATUS: &Words = &[
    ("Pending", Status::Queued),
    ("Running", Status::Running),
    ("Cancelling", Status::Cancelling),
    ("Succeeded", Status::Succeeded),
    ("Failed", Status::Failed),
    ("Cancelled", Status::Cancelled),
    ("Canceled", Status::Cancelled),
];

/// taskAction (*documented*).
const ACTIONS: &[&str] = &["Create", "Update", "Delete"];

/// Partly done and not rolled back (api.md 3.3, *documented*).
const PARTIAL: &str = "OperationFailure.PartialOperationFailed";

/// The reply of GetTask.
pub(super) fn task<'s>(reading: &Reading<'_, 's>, task: &mut Task<'s>) -> Result<(), Error> {
    let root = reading.object(reading.document.root());
    super::started::REQUEST_IDS.iter().for_each(|name| root.skip(name));
    one(&reading.object(root.inner("task")?), task)?;
    root.add_extra(&mut task.extra, &|_| false);
    Ok(())
}

fn one<'s>(object: &Object<'_, '_, 's>, task: &mut Task<'s>) -> Result<(), Error> {
    identify(object, task, "taskId", "status", STATUS)?;
    let mut status = task.status;
    if let Some(node) = object.find("error") {
        task.error = task_error(object, node);
        match &task.error {
            Some(error) if status != Status::Failed => {
                // The sample has it beside Succeeded.
                let text = error.code.as_deref().unwrap_or(&error.message);
                report_error_without_failure(object.reading, node, text, &task.raw_status);
            }
            Some(error) if error.code.as_deref() == Some(PARTIAL) => status = Status::Partial,
            _ => {}
        }
    }
    object.fill(&mut task.action, "taskAction");
    respell(&mut task.action, ACTIONS);
    // The API has no figure (api.md 3.2).
    task.settle(status, unreported(status));
    // CancelTask takes only what is Pending or Running (api.md 3.1).
    task.cancellable = match status {
        Status::Queued | Status::Running => Some(true),
        Status::Unknown | Status::Paused => None,
        _ => Some(false),
    };
    task.created_at = super::time(object, "createTime").map(|(moment, _)| moment);
    task.resource = resource(object);
    object.fill(&mut task.region_id, "regionId");
    object.add_extra(&mut task.extra, &|_| false);
    Ok(())
}

/// The sample's resourceId ends with a line feed, its resourcePath holds two paths in two lines.
fn resource<'s>(object: &Object<'_, '_, 's>) -> Option<Resource<'s>> {
    let resource = Resource {
        id: object.trimmed("resourceId"),
        kind: object.trimmed("resourceType"),
        product: object.trimmed("product"),
        paths: lines(&object.text("resourcePath").unwrap_or_default()),
    };
    let Resource { id, kind, product, paths } = &resource;
    let any = id.is_some() || kind.is_some() || product.is_some() || !paths.is_empty();
    any.then_some(resource)
}

fn lines(text: &str) -> Vec<Text<'static>> {
    let mut lines = Vec::new();
    for line in Parts::of(text, b'\n') {
        let line = trim(line);
        if !line.is_empty() {
            lines.push(Cow::Owned(line.to_owned()));
        }
    }
    lines
}

/// error.code and error.message; the message is JSON text, an object, or plain text (api.md 3.2: all three *seen*).
fn task_error<'s>(task: &Object<'_, '_, 's>, node: NodeId) -> Option<TaskError<'s>> {
    let reading = task.reading;
    if reading.document.is_blank(node) {
        task.take(node);
        return None;
    }
    if reading.document.kind(node) != Kind::Object {
        task.wrong_kind(node, "an object with `code` and `message`");
        return None;
    }
    task.take(node);
    let error = reading.object(node);
    let code = error.trimmed("code");
    let message = error.find("message");
    message.into_iter().for_each(|node| error.take(node));
    error.report_rest();
    let mut read = TaskError { code, message: Text::default(), cause: None };
    if let Some(node) = message {
        let mut decoded = reading.decoded(node);
        if let Value::Object(inner) = decoded {
            let cause = read.cause.insert(cause(reading, node, &inner));
            decoded = cause.message.clone().map_or_else(|| reading.value(node), Value::Text);
        }
        // As a text, whatever it is.
        read.message = decoded.into_text().unwrap_or_default();
    }
    (read.code.is_some() || !read.message.is_empty()).then_some(read)
}

/// The error inside the message at `node`.
fn cause<'s>(reading: &Reading<'_, 's>, node: NodeId, inner: &Extra<'s>) -> Cause<'s> {
    let text = |names: &[&str]| {
        names.iter().find_map(|name| match inner.get(name) {
            Some(Value::Text(text)) if !text.is_empty() => Some(text.clone()),
            _ => None,
        })
    };
    for (name, _) in &inner.0 {
        if !NAMES.iter().any(|names| names.contains(&name.as_ref())) {
            let message = format!("no documentation names `{name}` inside the message");
            reading.report("unknown-field", node, message);
        }
    }
    Cause { request_id: text(&REQUEST_ID), code: text(&CODE), message: text(&MESSAGE) }
}

/// Names inside the message: those of GetTask's page, then those of the troubleshooting page.
const REQUEST_ID: [&str; 2] = ["requestId", "RequestId"];
const CODE: [&str; 3] = ["errorCode", "Code", "code"];
const MESSAGE: [&str; 3] = ["errorMsg", "Message", "message"];
const NAMES: [&[&str]; 3] = [&REQUEST_ID, &CODE, &MESSAGE];
