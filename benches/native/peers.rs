//! The same structs for both formats, as one writes them with serde: texts borrowed, nothing converted.

use serde::Deserialize;
use std::borrow::Cow;
use std::hint::black_box;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Reply<'a> {
    #[serde(borrow)]
    request_id: Cow<'a, str>,
    #[serde(borrow)]
    region_id: Cow<'a, str>,
    page_number: u64,
    page_size: u64,
    total_count: u64,
    #[serde(borrow)]
    task_set: TaskSet<'a>,
}

#[derive(Deserialize)]
struct TaskSet<'a> {
    #[serde(borrow, rename = "Task", default)]
    tasks: Vec<Task<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Task<'a> {
    #[serde(borrow)]
    task_id: Cow<'a, str>,
    #[serde(borrow)]
    task_status: Cow<'a, str>,
    #[serde(borrow)]
    task_action: Cow<'a, str>,
    #[serde(borrow)]
    creation_time: Cow<'a, str>,
    #[serde(borrow)]
    finished_time: Cow<'a, str>,
    #[serde(borrow)]
    support_cancel: Cow<'a, str>,
    #[serde(borrow)]
    resource_id: Cow<'a, str>,
}

pub(crate) fn json(body: &[u8]) -> Vec<Task<'_>> {
    whole(serde_json::from_slice(body).unwrap())
}

pub(crate) fn xml(text: &str) -> Vec<Task<'_>> {
    whole(quick_xml::de::from_str(text).unwrap())
}

/// Every field is used: none may be left unread.
fn whole(reply: Reply<'_>) -> Vec<Task<'_>> {
    black_box((&reply.request_id, &reply.region_id, reply.page_number, reply.page_size, reply.total_count));
    for task in &reply.task_set.tasks {
        let Task {
            task_id,
            task_status,
            task_action,
            creation_time,
            finished_time,
            support_cancel,
            resource_id,
        } = task;
        black_box((
            task_id,
            task_status,
            task_action,
            creation_time,
            finished_time,
            support_cancel,
            resource_id,
        ));
    }
    reply.task_set.tasks
}
