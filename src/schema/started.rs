//! Replies of operations that start a task, and replies that hold nothing to watch (api.md 1.4, 3.1).

use super::ecs;
use crate::error::Error;
use crate::field::Reading;
use crate::model::{Body, Extra, Started};
use crate::wire::NodeId;

/// Where a task id stands: ECS today, the ImportImage and ExportImage *samples* of 2018 to 2020, Cloud Control, CloneDisks.
pub(super) const IDS: [&str; 5] = ["TaskId", "ImportTaskId", "ExportTaskId", "taskId", GROUP];
const GROUP: &str = "TaskGroupId";

/// Parts that the reply itself reports: ResetDisks, DeleteSnapshotGroup.
pub(super) const PARTS: &str = "OperationProgressSet";

/// The request id: RPC, then ROA, then the all-lower form of some gateways (api.md section 4).
pub(super) const REQUEST_IDS: [&str; 3] = ["RequestId", "requestId", "requestid"];

/// The reply of an operation that starts a task.
#[inline(never)]
pub(super) fn started<'s>(reading: &Reading<'_, 's>) -> Result<Body<'s>, Error> {
    let root = reading.object(reading.document.root());
    request_id(&root);
    let (mut id, mut group_id) = (None, None);
    for name in IDS {
        let is_filled = |node: &NodeId| !reading.document.is_blank(*node);
        let filled = reading.document.member(root.node, name).filter(is_filled);
        // The first id is the task; others of its kind stay in `extra`, the group beside it.
        let property = if name == GROUP { &mut group_id } else { &mut id };
        if filled.is_some() && property.is_none() {
            *property = Some(root.required(name)?);
        }
    }
    let sub_tasks = ecs::sub_tasks(&root);
    // These replies are other operations': no field of theirs is unknown here.
    let mut extra = root.extra(&|_| true);
    reading.take_nested(root.node, &mut extra);
    Ok(Body::Started(Started { id, group_id, sub_tasks, extra }))
}

/// What stands beside the request id.
#[inline(never)]
pub(super) fn accepted<'s>(reading: &Reading<'_, 's>) -> Extra<'s> {
    let root = reading.object(reading.document.root());
    request_id(&root);
    root.extra(&|_| true)
}

fn request_id(root: &crate::field::Object<'_, '_, '_>) {
    if let Some(id) = REQUEST_IDS.iter().find_map(|name| root.find(name)) {
        root.take(id);
    }
}
