//! Cloud Control API, 2022-08-30: GetTask (api.md section 3).

use super::{Words, action, bare_task, report_error_without_failure, status_of};
use crate::error::Error;
use crate::field::{Object, Reading};
use crate::model::{
    Api, Body, Cause, Extra, Origin, Progress, Resource, Status, Task, TaskError, Text, Value,
};
use crate::text::Parts;
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
#[inline(never)]
pub(super) fn task<'s>(reading: &Reading<'_, 's>) -> Result<Body<'s>, Error> {
    let root = reading.object(reading.document.root());
    super::started::REQUEST_IDS.iter().for_each(|name| root.skip(name));
    let Some(node) = root.find("task") else { return Err(root.missing("task", "an object")) };
    root.take(node);
    let mut task = one(&reading.object(node))?;
    root.add_extra(&mut task.extra, &|_| false);
    Ok(Body::Task(Box::new(task)))
}

fn one<'s>(object: &Object<'_, '_, 's>) -> Result<Task<'s>, Error> {
    let id = object.required("taskId")?;
    let raw_status = object.required("status")?;
    let word = status_of(object, "status", &raw_status, STATUS);
    let error_node = object.find("error");
    let error = error_node.and_then(|node| task_error(object, node));
    let code = error.as_ref().and_then(|error| error.code.as_deref());
    let status = match word {
        Status::Failed if code == Some(PARTIAL) => Status::Partial,
        word => word,
    };
    if let (Some(node), Some(error), false) = (error_node, &error, matches!(word, Status::Failed)) {
        // The sample has it beside Succeeded.
        let text = error.code.as_deref().unwrap_or(&error.message);
        report_error_without_failure(object.reading, node, text, &raw_status);
    }
    Ok(Task {
        action: object.trimmed("taskAction").map(|raw| action(raw, ACTIONS)),
        // The API has no figure (api.md 3.2).
        progress: match status {
            Status::Succeeded => Progress::new(Progress::WHOLE, Origin::Status),
            _ => Progress::UNKNOWN,
        },
        // CancelTask takes only what is Pending or Running (api.md 3.1).
        cancellable: match status {
            Status::Queued | Status::Running => Some(true),
            Status::Unknown | Status::Paused => None,
            _ => Some(false),
        },
        created_at: super::time(object, "createTime").map(|(moment, _)| moment),
        resource: resource(object),
        region_id: object.trimmed("regionId"),
        error,
        extra: object.extra(&|_| false),
        ..bare_task(Api::CloudControl, id, raw_status, status)
    })
}

/// The sample's resourceId ends with a line feed, its resourcePath holds two paths in two lines.
fn resource<'s>(object: &Object<'_, '_, 's>) -> Option<Resource<'s>> {
    let id = object.trimmed("resourceId");
    let kind = object.trimmed("resourceType");
    let product = object.trimmed("product");
    let paths = object.text("resourcePath").map(lines).unwrap_or_default();
    let any = id.is_some() || kind.is_some() || product.is_some() || !paths.is_empty();
    any.then_some(Resource { id, kind, product, paths })
}

fn lines<'s>(text: Text<'s>) -> Vec<Text<'s>> {
    let mut lines = Vec::new();
    for line in Parts::of(&text, b'\n') {
        let line = line.trim();
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
    let (message, cause) = match message.map(|node| (node, reading.decoded(node))) {
        Some((node, Value::Object(inner))) => {
            let cause = cause(reading, node, &inner);
            (cause.message.clone().or_else(|| words(reading.value(node))), Some(cause))
        }
        Some((_, decoded)) => (words(decoded), None),
        None => (None, None),
    };
    (code.is_some() || message.is_some()).then(|| TaskError {
        code,
        message: message.unwrap_or_default(),
        cause,
    })
}

/// A message as a text, whatever it is; none where it is empty.
fn words(message: Value<'_>) -> Option<Text<'_>> {
    match message {
        Value::Null => None,
        Value::Text(text) => Some(text).filter(|text| !text.is_empty()),
        other => Some(Cow::Owned(other.to_string())),
    }
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
        if ![&REQUEST_ID[..], &CODE, &MESSAGE].iter().any(|names| names.contains(&name.as_ref())) {
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
