//! What a watch remembers of one task: enough to tell whether an answer is news, a few dozen bytes.

use super::estimate::Samples;
use crate::model::{Status, Task};
use std::hash::{Hash, Hasher};

/// One task of a watch.
#[derive(Clone, Debug, Default)]
pub(super) struct Watched {
    pub(super) phase: Phase,
    /// How it was last seen.
    pub(super) seen: Option<Seen>,
    /// Polls that asked for it.
    pub(super) polls: u32,
    /// Answers in a row that did not know it.
    pub(super) misses: u32,
    /// A list has shown it.
    pub(super) listed: bool,
    /// It is left to the list, since it cannot be asked for by itself.
    pub(super) by_list: bool,
    pub(super) samples: Samples,
}

/// Where a task stands in its watch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Phase {
    #[default]
    Live,
    Ended,
    Gone,
    GivenUp,
}

/// How a task was last seen.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Seen {
    pub(super) status: Status,
    pub(super) basis_points: Option<u16>,
    /// Of all it said.
    pub(super) digest: u64,
}

/// What an answer changed.
pub(super) struct News {
    /// Anything at all, or it is seen for the first time.
    pub(super) changed: bool,
    /// Its status or its progress.
    pub(super) moved: bool,
}

impl Watched {
    /// A seen task is gone after so many answers in a row without it: one may be a list that shifts, or a server behind.
    pub(super) const MOST_MISSES: u32 = 2;

    /// Has it told by itself how it stands? Then a list, which knows less, is no news.
    pub(super) fn was_alone(&self) -> bool {
        let runs = |seen: &Seen| seen.status == Status::Running || seen.basis_points.is_some();
        !self.by_list && self.seen.as_ref().is_some_and(runs)
    }

    /// Remembers an answer.
    pub(super) fn see(&mut self, task: &Task<'_>, now: i64) -> News {
        let seen =
            Seen { status: task.status, basis_points: task.progress.basis_points(), digest: digest(task) };
        if let (Some(points), false) = (seen.basis_points, seen.status.is_terminal()) {
            self.samples.push(now, points);
        }
        let before = self.seen.as_ref();
        let news = News {
            changed: before != Some(&seen),
            moved: before.is_none_or(|before| {
                (before.status, before.basis_points) != (seen.status, seen.basis_points)
            }),
        };
        self.seen = Some(seen);
        news
    }
}

/// A number for all that a task says, but for the id that BDRC gives to each answer (api.md 2.2).
fn digest(task: &Task<'_>) -> u64 {
    let Task {
        api,
        id,
        action,
        status,
        raw_status,
        terminal: _,
        progress,
        cancellable,
        created_at,
        started_at,
        finished_at,
        expires_at,
        time_precision_ms,
        counts,
        sub_tasks,
        error,
        resource,
        region_id,
        name,
        description,
        priority,
        detail,
        result,
        extra,
    } = task;
    let mut hasher = Digest::default();
    (api, id, action, status, raw_status, progress, cancellable).hash(&mut hasher);
    (created_at, started_at, finished_at, expires_at, time_precision_ms).hash(&mut hasher);
    (counts, sub_tasks, error, resource, region_id).hash(&mut hasher);
    (name, description, priority, detail, result).hash(&mut hasher);
    extra.0.iter().filter(|(name, _)| name != "RequestId").for_each(|member| member.hash(&mut hasher));
    hasher.finish()
}

/// A few instructions for each eight bytes; the standard library's hasher, safe from whoever chooses what is hashed, took a
/// twentieth of a round of 10,000 changed tasks. Of two tasks that differ in one number no two come out alike: each step can be
/// undone. Two sums take turns, for a multiplication waits for the one before: with one sum such a round took a twelfth longer.
#[derive(Default)]
struct Digest(u64, u64);

impl Digest {
    fn add(&mut self, word: u64) {
        let next = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (self.0, self.1) = (self.1, next);
    }
}

impl Hasher for Digest {
    fn write(&mut self, bytes: &[u8]) {
        // Of a text no bytes tell where it ends: its last ones come twice.
        self.add(bytes.len() as u64);
        let (words, rest) = bytes.as_chunks();
        words.iter().for_each(|word| self.add(u64::from_le_bytes(*word)));
        match bytes.last_chunk() {
            // Some of these a second time.
            Some(last) => self.add(u64::from_le_bytes(*last)),
            None => self.add(rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte))),
        }
    }

    // What most fields are, beside their texts.
    fn write_u8(&mut self, number: u8) {
        self.add(number.into());
    }

    fn write_u32(&mut self, number: u32) {
        self.add(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.add(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.add(number as u64);
    }

    fn finish(&self) -> u64 {
        self.0.rotate_left(32) ^ self.1
    }
}
