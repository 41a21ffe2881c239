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
        read_error(object.reading, node, &mut task.error);
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
    read_resource(object, &mut task.resource);
    object.fill(&mut task.region_id, "regionId");
    object.add_extra(&mut task.extra, &|_| false);
    Ok(())
}

/// The sample's resourceId ends with a line feed, its resourcePath holds two paths in two lines.
fn read_resource<'s>(object: &Object<'_, '_, 's>, resource: &mut Option<Resource<'s>>) {
    let Resource { id, kind, product, paths } = resource.insert(Resource {
        id: object.trimmed("resourceId"),
        kind: object.trimmed("resourceType"),
        product: object.trimmed("product"),
        paths: lines(&object.text("resourcePath").unwrap_or_default()),
    });
    if id.is_none() && kind.is_none() && product.is_none() && paths.is_empty() {
        *resource = None;
    }
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
fn read_error<'s>(reading: &Reading<'_, 's>, node: NodeId, error: &mut Option<TaskError<'s>>) {
    let object = reading.object(node);
    let code = object.trimmed("code");
    let TaskError { code, message, cause } =
        error.insert(TaskError { code, message: Text::default(), cause: None });
    if let Some(node) = object.find("message") {
        object.take(node);
        let mut decoded = reading.decoded(node);
        if let Value::Object(inner) = &decoded {
            let cause = cause.insert(read_cause(reading, node, inner));
            decoded = match &cause.message {
                Some(text) => Value::Text(text.clone()),
                None => reading.value(node),
            };
        }
        // As a text, whatever it is.
        *message = decoded.into_text().unwrap_or_default();
    }
    object.report_rest();
    if code.is_none() && message.is_empty() {
        *error = None;
    }
}

/// The error inside the message at `node`.
fn read_cause<'s>(reading: &Reading<'_, 's>, node: NodeId, inner: &Extra<'s>) -> Cause<'s> {
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
