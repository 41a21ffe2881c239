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
    let is_object = |node| (object.reading.document.kind(node) == Kind::Object).then_some(node);
    if let Some(node) = object.typed("error", "an object with `code` and `message`", is_object) {
        task.error = task_error(object.reading, node);
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
fn task_error<'s>(reading: &Reading<'_, 's>, node: NodeId) -> Option<TaskError<'s>> {
    let object = reading.object(node);
    let mut error = TaskError { code: object.trimmed("code"), message: Text::default(), cause: None };
    if let Some(node) = object.find("message") {
        object.take(node);
        let mut message = reading.decoded(node);
        if let Value::Object(inner) = &message {
            let cause = error.cause.insert(cause(reading, node, inner));
            message = match &cause.message {
                Some(text) => Value::Text(text.clone()),
                None => reading.value(node),
            };
        }
        // As a text, whatever it is.
        error.message = message.into_text().unwrap_or_default();
    }
    object.report_rest();
    (error.code.is_some() || !error.message.is_empty()).then_some(error)
}

/// The error inside the message at `node`.
fn cause<'s>(reading: &Reading<'_, 's>, node: NodeId, inner: &Extra<'s>) -> Cause<'s> {
    for (name, _) in &inner.0 {
        if !NAMES.iter().any(|names| names.contains(&name.as_ref())) {
            let message = format!("no documentation names `{name}` inside the message");
            reading.report("unknown-field", node, message);
        }
    }
    let [request_id, code, message] = NAMES;
    Cause { request_id: text(inner, request_id), code: text(inner, code), message: text(inner, message) }
}

/// The first text under one of these names.
fn text<'s>(inner: &Extra<'s>, names: &[&str]) -> Option<Text<'s>> {
    for name in names {
        if let Some(Value::Text(text)) = inner.get(name)
            && !text.is_empty()
        {
            return Some(text.clone());
        }
    }
    None
}

/// Names inside the message, of the request id, the code and the words: those of GetTask's page, then those of the
/// troubleshooting page.
const NAMES: [&[&str]; 3] =
    [&["requestId", "RequestId"], &["errorCode", "Code", "code"], &["errorMsg", "Message", "message"]];
