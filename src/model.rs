//! The one model: what all three APIs say about a task, in common words.
//!
//! Names and units are those of the public contract (`pkg-template/index.d.ts`). Everything can be written out with
//! serde; the field names are then the contract's. Texts are borrowed from the reply where they stand there as they are.

mod progress;
mod reply;
mod status;
mod time;
mod value;

pub use progress::{Origin, Progress};
pub use reply::{Body, Fault, FaultKind, Finding, Page, Reply, Started, Summary, SummaryProgress, TaskList};
pub use status::{Status, SubTaskStatus};
pub use time::Timestamp;
pub(crate) use time::{Precision, read_http_date, read_time};
pub use value::{Extra, Value};

use serde::Serialize;
use std::borrow::Cow;

/// A text, borrowed from the reply where possible.
pub type Text<'a> = Cow<'a, str>;

/// Which API a reply comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Api {
    /// Elastic Compute Service, 2014-05-26.
    Ecs,
    /// Backup and Disaster Recovery Center, 2023-08-08.
    Bdrc,
    /// Cloud Control API, 2022-08-30.
    CloudControl,
}

/// A long-running operation on the server, called a task.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Task<'a> {
    /// The API that runs it.
    pub api: Api,
    /// Its id, such as `t-ce946ntx4wr****`.
    pub id: Text<'a>,
    /// What it does, in one spelling: `ImportImage` also where XML says `IMPORT_IMAGE`.
    pub action: Option<Text<'a>>,
    /// How it stands, in the common words.
    pub status: Status,
    /// The server's own word.
    pub raw_status: Text<'a>,
    /// No later poll can differ.
    pub terminal: bool,
    /// How far it has come.
    pub progress: Progress,
    /// Can it be cancelled now? `None` where the API does not say.
    pub cancellable: Option<bool>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// When it began to run.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// When it will expire or has expired.
    pub expires_at: Option<Timestamp>,
    /// How exact those moments are, in milliseconds: 60,000 for minutes, 1,000 for seconds.
    pub time_precision_ms: u32,
    /// Sub-task counters (ECS).
    pub counts: Option<Counts>,
    /// What it consists of (ECS OperationProgress).
    pub sub_tasks: Vec<SubTask<'a>>,
    /// What the server says went wrong. Decide by `status`, never by the presence of this.
    pub error: Option<TaskError<'a>>,
    /// What it works on.
    pub resource: Option<Resource<'a>>,
    /// The region.
    pub region_id: Option<Text<'a>>,
    /// Its name (BDRC).
    pub name: Option<Text<'a>>,
    /// Its description (BDRC).
    pub description: Option<Text<'a>>,
    /// Its priority (BDRC).
    pub priority: Option<Text<'a>>,
    /// BDRC TaskDetail: the JSON inside the string, decoded; the string itself where it is not JSON.
    pub detail: Value<'a>,
    /// BDRC TaskResult, likewise.
    pub result: Value<'a>,
    /// Every field of the reply that no property above holds.
    pub extra: Extra<'a>,
}

/// ECS TotalCount, SuccessCount and FailedCount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Counts {
    /// All sub-tasks.
    pub total: u64,
    /// Those that succeeded.
    pub succeeded: u64,
    /// Those that failed.
    pub failed: u64,
}

/// One part of a task (ECS OperationProgress).
#[derive(Clone, Debug, PartialEq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SubTask<'a> {
    /// How it stands, in common words.
    pub status: SubTaskStatus,
    /// The server's own word.
    pub raw_status: Option<Text<'a>>,
    /// `None` when the server gives neither a code nor a message.
    pub error: Option<TaskError<'a>>,
    /// What it works on or made, such as `OSSObject`.
    pub related: Vec<Related<'a>>,
}

/// A name and a value, both as they came.
#[derive(Clone, Debug, PartialEq, Hash, Serialize)]
pub struct Related<'a> {
    /// Such as `OSSBucket`.
    pub name: Text<'a>,
    /// Its value.
    pub value: Text<'a>,
}

/// What the server says went wrong with a task.
#[derive(Clone, Debug, PartialEq, Hash, Serialize)]
#[non_exhaustive]
pub struct TaskError<'a> {
    /// Such as `OperationFailure.OperationFailed`; BDRC has none.
    pub code: Option<Text<'a>>,
    /// The server's words; where Cloud Control wraps a downstream error, that one's words.
    pub message: Text<'a>,
    /// The downstream error inside a Cloud Control message.
    pub cause: Option<Cause<'a>>,
}

/// The error of the service that Cloud Control called.
#[derive(Clone, Debug, PartialEq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Cause<'a> {
    /// The downstream request.
    pub request_id: Option<Text<'a>>,
    /// Such as `InvalidRamUser.NoPermission`.
    pub code: Option<Text<'a>>,
    /// Its words.
    pub message: Option<Text<'a>>,
}

/// What a task works on.
#[derive(Clone, Debug, PartialEq, Hash, Serialize)]
#[non_exhaustive]
pub struct Resource<'a> {
    /// Such as `i-8vbascjthm7kzhp3****`.
    pub id: Option<Text<'a>>,
    /// Such as `Instance` (Cloud Control).
    #[serde(rename = "type")]
    pub kind: Option<Text<'a>>,
    /// Such as `ECS` (Cloud Control).
    pub product: Option<Text<'a>>,
    /// Cloud Control resourcePath, one entry a path.
    pub paths: Vec<Text<'a>>,
}

/// The seven operations whose replies this crate knows by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// ECS DescribeTasks.
    EcsDescribeTasks,
    /// ECS DescribeTaskAttribute.
    EcsDescribeTaskAttribute,
    /// ECS CancelTask.
    EcsCancelTask,
    /// BDRC DescribeTask.
    BdrcDescribeTask,
    /// BDRC DescribeTasks.
    BdrcDescribeTasks,
    /// Cloud Control GetTask.
    CloudControlGetTask,
    /// Cloud Control CancelTask.
    CloudControlCancelTask,
}

impl Operation {
    const NAMES: [(&'static str, Self); 7] = [
        ("ecs.DescribeTasks", Self::EcsDescribeTasks),
        ("ecs.DescribeTaskAttribute", Self::EcsDescribeTaskAttribute),
        ("ecs.CancelTask", Self::EcsCancelTask),
        ("bdrc.DescribeTask", Self::BdrcDescribeTask),
        ("bdrc.DescribeTasks", Self::BdrcDescribeTasks),
        ("cloudcontrol.GetTask", Self::CloudControlGetTask),
        ("cloudcontrol.CancelTask", Self::CloudControlCancelTask),
    ];

    /// By its name in the contract, such as `ecs.DescribeTasks`; `None` for any other word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, operation)| *operation)
    }

    /// Its name in the contract, such as `ecs.DescribeTasks`.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }

    /// By the number of its variant, by which JavaScript calls it.
    #[cfg(all(target_arch = "wasm32", feature = "bindings"))]
    pub(crate) fn from_number(number: usize) -> Option<Self> {
        Self::NAMES.iter().map(|(_, operation)| *operation).find(|operation| *operation as usize == number)
    }

    /// The API that it is of.
    pub fn api(self) -> Api {
        match self {
            Self::EcsDescribeTasks | Self::EcsDescribeTaskAttribute | Self::EcsCancelTask => Api::Ecs,
            Self::BdrcDescribeTask | Self::BdrcDescribeTasks => Api::Bdrc,
            Self::CloudControlGetTask | Self::CloudControlCancelTask => Api::CloudControl,
        }
    }

    /// Does it change something? Such a call is never tried again.
    pub fn is_cancel(self) -> bool {
        matches!(self, Self::EcsCancelTask | Self::CloudControlCancelTask)
    }
}

impl Api {
    /// Its name in the contract, such as `cloudcontrol`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ecs => "ecs",
            Self::Bdrc => "bdrc",
            Self::CloudControl => "cloudcontrol",
        }
    }

    /// By its name in the contract; `None` for any other word.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Ecs, Self::Bdrc, Self::CloudControl].into_iter().find(|api| api.name() == name)
    }
}
