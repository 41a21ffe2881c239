//! The common words for how a task stands.

use serde::Serialize;

/// One word for all three APIs. The table of words is in each API's module under `schema`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Accepted, not yet begun.
    Queued,
    /// At work.
    Running,
    /// Halted, may go on.
    Paused,
    /// Asked to stop, not yet stopped.
    Cancelling,
    /// Ended, and everything succeeded.
    Succeeded,
    /// Ended, and not everything succeeded.
    Partial,
    /// Ended without success.
    Failed,
    /// Stopped on request.
    Cancelled,
    /// Ran out of time on the server.
    Expired,
    /// A word not seen before: it may be a new running phase, so it is not terminal.
    Unknown,
}

impl Status {
    /// All of them, in the order above.
    pub(crate) const ALL: [Self; 10] = [
        Self::Queued,
        Self::Running,
        Self::Paused,
        Self::Cancelling,
        Self::Succeeded,
        Self::Partial,
        Self::Failed,
        Self::Cancelled,
        Self::Expired,
        Self::Unknown,
    ];

    /// Its name in the contract, such as `running`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Cancelling => "cancelling",
            Self::Succeeded => "succeeded",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Unknown => "unknown",
        }
    }

    /// By its name in the contract; `None` for any other word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Can no later poll differ?
    pub fn is_terminal(self) -> bool {
        match self {
            Self::Succeeded | Self::Partial | Self::Failed | Self::Cancelled | Self::Expired => true,
            Self::Queued | Self::Running | Self::Paused | Self::Cancelling | Self::Unknown => false,
        }
    }
}

/// How one part of a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SubTaskStatus {
    /// At work.
    Running,
    /// Ended in success.
    Succeeded,
    /// Ended without success.
    Failed,
    /// A word not seen before, or none.
    Unknown,
}
