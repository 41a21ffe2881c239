//! What one reply holds, besides its tasks.

use super::value::own;
use super::{Api, Extra, Progress, Status, SubTask, Task, Text};
use crate::error::Place;
use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

/// A reply that was read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Reply<'a> {
    /// The request, as the server calls it.
    pub request_id: Option<Text<'a>>,
    /// Where the reply departs from its documentation, in the order of the text.
    pub findings: Vec<Finding>,
    /// What it says.
    pub body: Body<'a>,
}

/// The five kinds of reply.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Body<'a> {
    /// One task.
    Task(Box<Task<'a>>),
    /// A list of tasks.
    Tasks(TaskList<'a>),
    /// The reply of an operation that starts a task.
    Started(Started<'a>),
    /// A request id and at most plain values beside it: nothing to watch.
    Accepted(Extra<'a>),
    /// The API refused the call.
    Fault(Box<Fault<'a>>),
}

/// A list of tasks.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TaskList<'a> {
    /// The API it comes from.
    pub api: Api,
    /// The tasks of the slice asked for, or all.
    pub tasks: Vec<Task<'a>>,
    /// The index of the first of `tasks` in the reply.
    pub offset: usize,
    /// Counts over every task of the reply.
    pub summary: Summary,
    /// Where in the whole list this reply stands.
    pub page: Page<'a>,
}

/// The reply of an operation that starts a task, such as ImportImage or CreateResource.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Started<'a> {
    /// The task to watch.
    pub id: Option<Text<'a>>,
    /// The group to ask for (CloneDisks).
    pub group_id: Option<Text<'a>>,
    /// Parts that the reply itself reports (ResetDisks, DeleteSnapshotGroup).
    pub sub_tasks: Vec<SubTask<'a>>,
    /// Every other field.
    pub extra: Extra<'a>,
}

/// Where in the whole list a reply stands: by number (ECS) or by token (BDRC).
#[derive(Clone, Debug, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Page<'a> {
    /// The page, from 1.
    pub number: Option<u64>,
    /// Tasks a page.
    pub size: Option<u64>,
    /// Tasks in all.
    pub total: Option<u64>,
    /// What to ask with for the next page.
    pub next_token: Option<Text<'a>>,
}

/// A readable reply that departs from its documentation.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Finding {
    /// Stable, kebab-case.
    pub code: &'static str,
    /// JSONPath-like, for XML too.
    pub path: String,
    /// What was found there.
    pub message: String,
    /// Where in the raw text.
    pub place: Option<Place>,
    pub(crate) at: usize,
}

/// Counts by status.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Summary {
    /// All tasks.
    pub total: u64,
    counts: [u64; Status::ALL.len()],
    basis_points: u64,
    known: u64,
}

/// The mean progress of the tasks whose progress is known.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SummaryProgress {
    /// 0 to 1 with at most four decimals; `None` where no task's progress is known.
    pub fraction: Option<f64>,
    /// How many tasks' progress is known.
    pub known: u64,
}

impl Summary {
    #[inline(always)]
    pub(crate) fn add(&mut self, status: Status, progress: Progress) {
        self.total += 1;
        if let Some(count) = self.counts.get_mut(status as usize) {
            *count += 1;
        }
        if let Some(points) = progress.basis_points() {
            self.basis_points += u64::from(points);
            self.known += 1;
        }
    }

    /// How many tasks have that status.
    pub fn count(&self, status: Status) -> u64 {
        self.counts.get(status as usize).copied().unwrap_or_default()
    }

    /// How many tasks have ended.
    pub fn terminal(&self) -> u64 {
        Status::ALL.iter().filter(|status| status.is_terminal()).map(|status| self.count(*status)).sum()
    }

    /// The mean progress.
    pub fn progress(&self) -> SummaryProgress {
        let whole = self.known * u64::from(Progress::WHOLE);
        let fraction = Progress::share(self.basis_points, whole, super::Origin::Counted).fraction();
        SummaryProgress { fraction, known: self.known }
    }
}

/// The API refused the call.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Fault<'a> {
    /// Such as `Throttling.User`, or `HTTP 502` where the body could not be read.
    pub code: Text<'a>,
    /// The server's words, without what they quote of a signature.
    pub message: Text<'a>,
    /// The request, as the server calls it.
    pub request_id: Option<Text<'a>>,
    /// The host that answered.
    pub host_id: Option<Text<'a>>,
    /// Where the server sends for help.
    pub recommend: Option<Text<'a>>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// What it means for the caller.
    pub kind: FaultKind,
    /// May the same call succeed later, unchanged?
    pub retryable: bool,
    /// Which permission is missing, where the server says so.
    pub access_denied: Option<Extra<'a>>,
}

impl Fault<'_> {
    /// The same fault, borrowing nothing.
    pub fn into_owned(self) -> Fault<'static> {
        self.owned()
    }

    pub(crate) fn owned(&self) -> Fault<'static> {
        let maybe = |text: &Option<Text<'_>>| text.as_deref().map(own);
        Fault {
            code: own(&self.code),
            message: own(&self.message),
            request_id: maybe(&self.request_id),
            host_id: maybe(&self.host_id),
            recommend: maybe(&self.recommend),
            access_denied: self.access_denied.as_ref().map(Extra::owned),
            status: self.status,
            kind: self.kind,
            retryable: self.retryable,
        }
    }
}

/// What a fault means for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FaultKind {
    /// Too many calls.
    Throttled,
    /// The server's trouble, likely to pass.
    Transient,
    /// What was asked for is not there.
    NotFound,
    /// The caller may not.
    Denied,
    /// The key, the token or the signature is wrong.
    Credentials,
    /// The caller's clock is wrong.
    Clock,
    /// The call is wrong.
    Invalid,
    /// The task's state does not allow it.
    Conflict,
    /// None of these.
    Other,
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Finding", 5)?;
        fields.serialize_field("code", self.code)?;
        fields.serialize_field("path", &self.path)?;
        fields.serialize_field("message", &self.message)?;
        fields.serialize_field("line", &self.place.map(|place| place.line))?;
        fields.serialize_field("column", &self.place.map(|place| place.column))?;
        fields.end()
    }
}

impl Serialize for Summary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct ByStatus<'a>(&'a Summary);
        impl Serialize for ByStatus<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                for status in Status::ALL {
                    match self.0.count(status) {
                        0 => {}
                        count => map.serialize_entry(&status, &count)?,
                    }
                }
                map.end()
            }
        }
        let mut fields = serializer.serialize_struct("Summary", 4)?;
        fields.serialize_field("total", &self.total)?;
        fields.serialize_field("byStatus", &ByStatus(self))?;
        fields.serialize_field("terminal", &self.terminal())?;
        fields.serialize_field("progress", &self.progress())?;
        fields.end()
    }
}

impl Serialize for Reply<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Reply", 8)?;
        match &self.body {
            Body::Task(task) => {
                fields.serialize_field("kind", "task")?;
                fields.serialize_field("api", &task.api)?;
                fields.serialize_field("task", task)?;
            }
            Body::Tasks(list) => {
                fields.serialize_field("kind", "tasks")?;
                fields.serialize_field("api", &list.api)?;
                fields.serialize_field("tasks", &list.tasks)?;
                fields.serialize_field("offset", &list.offset)?;
                fields.serialize_field("summary", &list.summary)?;
                fields.serialize_field("page", &list.page)?;
            }
            Body::Started(started) => {
                fields.serialize_field("kind", "started")?;
                fields.serialize_field("id", &started.id)?;
                fields.serialize_field("groupId", &started.group_id)?;
                fields.serialize_field("subTasks", &started.sub_tasks)?;
                fields.serialize_field("extra", &started.extra)?;
            }
            Body::Accepted(extra) => {
                fields.serialize_field("kind", "accepted")?;
                fields.serialize_field("extra", extra)?;
            }
            Body::Fault(fault) => {
                fields.serialize_field("kind", "fault")?;
                fields.serialize_field("fault", fault)?;
            }
        }
        fields.serialize_field("requestId", &self.request_id)?;
        fields.serialize_field("findings", &self.findings)?;
        fields.end()
    }
}
