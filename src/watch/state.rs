//! A watch as one string, to go on after a reload or on another machine.
//!
//! `tasklens-watch:1:<checksum>:<JSON>`: what it is, the version of its form, FNV-1a (64 bit) of the JSON in hex. The
//! checksum is against damage, not against forgery: the string holds no secret and opens nothing. Beside the watch it
//! carries whatever the caller keeps of the tasks, as JSON.

use super::estimate::Samples;
use super::watched::{Phase, Seen, Watched};
use super::{Policy, Watch};
use crate::error::{Error, ErrorCode};
use crate::model::{Api, Status};
use crate::request::TaskRef;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

const PREFIX: &str = "tasklens-watch:";
const VERSION: &str = "1";

#[derive(Serialize, Deserialize)]
struct Saved<'a> {
    policy: Policy,
    deadline: Option<i64>,
    tasks: Vec<SavedTask>,
    #[serde(borrow)]
    kept: &'a RawValue,
}

#[derive(Serialize, Deserialize)]
struct SavedTask {
    api: String,
    region: Option<String>,
    id: String,
    phase: u8,
    polls: u32,
    misses: u32,
    listed: bool,
    by_list: bool,
    /// Status, basis points, digest in hex: JSON's numbers are doubles to some.
    seen: Option<(String, Option<u16>, String)>,
    samples: Vec<i64>,
}

const PHASES: [Phase; 4] = [Phase::Live, Phase::Ended, Phase::Gone, Phase::GivenUp];

impl Watch {
    /// The watch as one string; `kept` is the caller's own JSON to carry along.
    ///
    /// # Errors
    /// `request` where `kept` is not JSON.
    pub fn state(&self, kept: &str) -> Result<String, Error> {
        let wrong = |_| Error::new(ErrorCode::Request, "expected JSON to keep beside the watch");
        let kept: &RawValue = serde_json::from_str(kept).map_err(wrong)?;
        let tasks = self.refs.iter().zip(&self.tasks).map(|(name, task)| SavedTask {
            api: name.api().name().to_owned(),
            region: name.region().map(str::to_owned),
            id: name.id().to_owned(),
            phase: task.phase as u8,
            polls: task.polls,
            misses: task.misses,
            listed: task.listed,
            by_list: task.by_list,
            seen: task
                .seen
                .as_ref()
                .map(|seen| (seen.status.name().to_owned(), seen.basis_points, format!("{:x}", seen.digest))),
            samples: task.samples.to_parts(),
        });
        let saved = Saved { policy: self.policy, deadline: self.deadline, tasks: tasks.collect(), kept };
        let json = serde_json::to_string(&saved).map_err(wrong)?;
        Ok(format!("{PREFIX}{VERSION}:{:016x}:{json}", checksum(&json)))
    }

    /// The watch that [`Watch::state`] wrote, and what the caller kept beside it. Backoff begins anew; the deadline stays.
    ///
    /// # Errors
    /// `request` where the text is foreign, of another version or damaged.
    pub fn restore(text: &str) -> Result<(Self, String), Error> {
        let refuse = |detail: &str| Error::new(ErrorCode::Request, detail).path("resume");
        let rest = text
            .strip_prefix(PREFIX)
            .ok_or_else(|| refuse("is no state of a watch; it comes from `Watch.state()`"))?;
        let (version, rest) = rest.split_once(':').unwrap_or((rest, ""));
        if version != VERSION {
            return Err(refuse("is the state of another version's watch; begin a new one"));
        }
        let damaged = || refuse("is a damaged state of a watch; begin a new one");
        let (sum, json) = rest.split_once(':').ok_or_else(damaged)?;
        if sum != format!("{:016x}", checksum(json)) {
            return Err(damaged());
        }
        let saved: Saved<'_> = serde_json::from_str(json).map_err(|_| damaged())?;
        let mut watch = Self::empty(saved.policy.checked()?);
        watch.deadline = saved.deadline;
        for task in &saved.tasks {
            let api = Api::from_name(&task.api).ok_or_else(damaged)?;
            let name = TaskRef::new(api, task.region.as_deref(), &task.id).map_err(|_| damaged())?;
            watch.add([name]);
            if let (Some(slot), Some(watched)) = (watch.tasks.last_mut(), task.watched()) {
                *slot = watched;
            } else {
                return Err(damaged());
            }
        }
        watch.live = watch.tasks.iter().filter(|task| task.phase == Phase::Live).count();
        watch.fill_lanes(0);
        Ok((watch, saved.kept.get().to_owned()))
    }
}

impl SavedTask {
    fn watched(&self) -> Option<Watched> {
        let seen = match &self.seen {
            None => None,
            Some((status, basis_points, digest)) => Some(Seen {
                status: Status::from_name(status)?,
                basis_points: *basis_points,
                digest: u64::from_str_radix(digest, 16).ok()?,
            }),
        };
        Some(Watched {
            phase: *PHASES.get(usize::from(self.phase))?,
            seen,
            polls: self.polls,
            misses: self.misses,
            listed: self.listed,
            by_list: self.by_list,
            samples: Samples::from_parts(&self.samples)?,
        })
    }
}

/// FNV-1a, 64 bit (draft-eastlake-fnv, section 2).
fn checksum(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}
