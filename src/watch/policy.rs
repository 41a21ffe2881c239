//! When to ask again: intervals, their growth and spread, the deadline, and whether the progress of ECS tasks is wanted.

use crate::error::Error;
use crate::retry::{backoff, check_bound, check_factor, fit, refuse};

/// How patiently a watch waits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    /// The first delay between two polls of one task, in milliseconds; at most `max_interval_ms`. Default 2,000.
    pub interval_ms: u64,
    /// No delay of ours is longer, in milliseconds; at most [`Policy::LONGEST_INTERVAL_MS`]. Default 30,000.
    pub max_interval_ms: u64,
    /// What the delay is multiplied with at each poll that shows nothing new; back to `interval_ms` when a task's status
    /// or progress changes. 1 to 100, by default 1.5.
    pub factor: f64,
    /// From the first poll, in milliseconds, by the clock; at most [`Policy::LONGEST_DEADLINE_MS`]. Default a day.
    pub deadline_ms: u64,
    /// Whether running ECS tasks are asked for one by one, which alone tells their progress and which of their parts
    /// failed. By default where at most [`Policy::FEW`] tasks are watched.
    pub progress: Option<bool>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            interval_ms: 2000,
            max_interval_ms: 30_000,
            factor: 1.5,
            deadline_ms: 86_400_000,
            progress: None,
        }
    }
}

impl Policy {
    /// So many tasks are few: up to here each running ECS task is worth a call of its own.
    pub const FEW: usize = 10;
    /// The longest interval that can be asked for, in milliseconds: a day.
    pub const LONGEST_INTERVAL_MS: u64 = 86_400_000;
    /// The longest deadline that can be asked for, in milliseconds: a hundred years.
    pub const LONGEST_DEADLINE_MS: u64 = 3_155_760_000_000;
    /// Between two polls of the APIs that take one id at a time, over all tasks, in milliseconds: 20 a second.
    const SPACING_MS: u64 = 50;
    /// The last look before the deadline is so long before it, in milliseconds, if the interval is not shorter.
    const LAST_LOOK_MS: u64 = 1000;
    /// The longest the server is waited for, in milliseconds.
    const LONGEST_HINT_MS: u64 = 3_600_000;

    /// The policy itself, if every part of it is in its range.
    ///
    /// # Errors
    /// `request`, naming the part that is out of its range.
    pub fn checked(self) -> Result<Self, Error> {
        let within = |path: &str, value: u64, most: u64| match (1..=most).contains(&value) {
            true => Ok(()),
            false => Err(refuse(path, format!("expected 1 to {most} ms, found {value}"))),
        };
        within("intervalMs", self.interval_ms, Self::LONGEST_INTERVAL_MS)?;
        within("maxIntervalMs", self.max_interval_ms, Self::LONGEST_INTERVAL_MS)?;
        within("deadlineMs", self.deadline_ms, Self::LONGEST_DEADLINE_MS)?;
        check_bound("intervalMs", self.interval_ms, "maxIntervalMs", self.max_interval_ms)?;
        check_factor("factor", self.factor)?;
        Ok(self)
    }

    /// The policy with these intervals, in milliseconds. Of the two, one that is left out gives way to the other.
    #[must_use]
    pub fn with_intervals(mut self, interval_ms: Option<u64>, max_interval_ms: Option<u64>) -> Self {
        let before = (self.interval_ms, self.max_interval_ms);
        (self.interval_ms, self.max_interval_ms) = fit((interval_ms, max_interval_ms), before);
        self
    }

    pub(super) fn wants_progress(&self, tasks: usize) -> bool {
        self.progress.unwrap_or(tasks <= Self::FEW)
    }

    /// The interval after one that showed nothing new.
    pub(super) fn longer(&self, interval_ms: u64) -> u64 {
        backoff(interval_ms, self.factor, self.max_interval_ms, 1)
    }

    /// How long the first round of the tasks that are asked for by themselves takes.
    pub(super) fn round_ms(&self, alone: usize) -> u64 {
        self.interval_ms.max(Self::spaced_ms(alone))
    }

    fn spaced_ms(alone: usize) -> u64 {
        (alone as u64).saturating_mul(Self::SPACING_MS)
    }

    /// The delay to the next poll: the interval, a tenth more or less, so that watches that began together drift apart; at
    /// the longest interval, too. With many lanes of one task each it is as long as asking them all takes.
    pub(super) fn delay(&self, interval_ms: u64, alone: usize, random: f64) -> u64 {
        const SPREAD: f64 = 0.1;
        let middle = (interval_ms as f64).min(self.max_interval_ms as f64 / (1.0 + SPREAD));
        let spread = middle * (1.0 - SPREAD + 2.0 * SPREAD * random.clamp(0.0, 1.0));
        (spread.round() as u64).max(Self::spaced_ms(alone))
    }

    /// The delay after a failure: the server's wish, else grown with the failures in a row, half of it by chance.
    pub(super) fn retry_delay(&self, failures: u32, random: f64, hint: Option<u64>) -> u64 {
        if let Some(hint) = hint {
            return hint.min(Self::LONGEST_HINT_MS);
        }
        let steps = failures.saturating_sub(1);
        let whole = backoff(self.interval_ms, self.factor.max(1.5), self.max_interval_ms, steps);
        (whole as f64 * (0.5 + 0.5 * random.clamp(0.0, 1.0))) as u64
    }

    /// The moment of the next poll. One that would come too late to matter looks a last time before the deadline.
    pub(super) fn due(&self, now: i64, delay: u64, deadline: Option<i64>) -> i64 {
        let due = now.saturating_add_unsigned(delay);
        let Some(deadline) = deadline else { return due };
        let last_look = deadline.saturating_sub_unsigned(Self::LAST_LOOK_MS.min(self.interval_ms));
        if now < last_look { due.min(last_look) } else { due }
    }
}
