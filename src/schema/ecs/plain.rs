//! A list's task as nearly every one comes: with the fields that a list documents, each once and a text that needs no
//! report.
//!
//! Such a task is read in one walk over its members; nothing is asked for by name and nothing noted. Any other is left to
//! [`super::task`], which would read these alike: `tests/mutations.rs` reads tasks in a list and by themselves.

use super::{STATUS, unreported};
use crate::field::trimmed;
use crate::model::{Precision, Status, Task, Timestamp, read_time};
use crate::wire::{Document, Kind, Label, NodeId, same};

const NAMES: [&str; 8] = [
    "TaskId",
    "TaskStatus",
    "TaskAction",
    "CreationTime",
    "FinishedTime",
    "SupportCancel",
    "ResourceId",
    "RegionId",
];

/// Which of [`NAMES`] the members of the task before were: those of the next are mostly the same.
#[derive(Default)]
pub(super) struct Row(Vec<(Label, usize)>);

/// A plain task, of which all is checked.
pub(super) struct Plain {
    pub(super) status: Status,
    fields: [Option<NodeId>; NAMES.len()],
    created: Option<(Timestamp, Precision)>,
    finished: Option<(Timestamp, Precision)>,
    support_cancel: Option<bool>,
}

impl Plain {
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub(super) fn fill<'s>(self, document: &Document<'s>, task: &mut Task<'s>) {
        let [id, status, action, _, _, _, resource, region] = self.fields;
        let text = |node: Option<NodeId>| trimmed(document, node?);
        task.id = text(id).unwrap_or_default();
        task.raw_status = text(status).unwrap_or_default();
        task.action = text(action);
        task.region_id = text(region);
        task.settle(self.status, unreported(self.status));
        task.finish(self.created, self.finished, self.support_cancel, text(resource));
    }
}

impl Row {
    /// The task, if it is a plain one.
    pub(super) fn read(&mut self, document: &Document<'_>, item: NodeId) -> Option<Plain> {
        let fields = self.fields(document, item)?;
        let [id, status, _, created, finished, cancel, ..] = fields;
        if !document.bytes(id?).first().is_some_and(u8::is_ascii_graphic) {
            return None;
        }
        let raw_status = document.bytes(status?);
        let (_, status) = STATUS.iter().find(|(word, _)| same(word.as_bytes(), raw_status))?;
        Some(Plain {
            status: *status,
            fields,
            created: moment(document, created)?,
            finished: moment(document, finished)?,
            support_cancel: flag(document, cancel)?,
        })
    }

    /// The members by [`NAMES`].
    fn fields(&mut self, document: &Document<'_>, item: NodeId) -> Option<[Option<NodeId>; NAMES.len()]> {
        let mut fields = [None; NAMES.len()];
        if document.kind(item) != Kind::Object {
            return None;
        }
        for (place, (node, label, kind)) in document.kinds_of_children(item).enumerate() {
            let name = match self.0.get(place) {
                Some((known, name)) if *known == label => *name,
                _ => {
                    let name = NAMES.iter().position(|name| document.is_named(node, name))?;
                    self.0.truncate(place);
                    self.0.push((label, name));
                    name
                }
            };
            let is_text = matches!(kind, Kind::String | Kind::Leaf);
            if !is_text || fields.get_mut(name)?.replace(node).is_some() {
                return None;
            }
        }
        Some(fields)
    }
}

/// Outside: is it plain? Inside: is there one?
type Checked<T> = Option<Option<T>>;

#[inline(always)]
fn moment(document: &Document<'_>, node: Option<NodeId>) -> Checked<(Timestamp, Precision)> {
    let Some(node) = node else { return Some(None) };
    match document.bytes(node) {
        b"" => Some(None),
        text => read_time(text).map(Some),
    }
}

#[inline(always)]
fn flag(document: &Document<'_>, node: Option<NodeId>) -> Checked<bool> {
    let Some(node) = node else { return Some(None) };
    match document.bytes(node) {
        b"" => Some(None),
        b"true" => Some(Some(true)),
        b"false" => Some(Some(false)),
        _ => None,
    }
}
