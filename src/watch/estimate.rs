//! When a task will end, from how its progress has gone so far: no clock, no randomness, no memory of other tasks.
//!
//! A sample is a *change* of the figure, with the moment it happened. The first figure is none, for nobody knows how
//! long it had stood before the first poll. From the samples come three costs, in ms for a basis point: over everything
//! seen, over its last eighth, and the median between neighbours, which one jump or stall does not move. Their mean
//! gives the moment to expect. Where they agree the task is steady; where not, the range is wider and the confidence
//! lower. The time since the last change counts twice: as work the figure does not show yet, at most one step of it; and
//! beyond that as a stall.
//!
//! The range is wide on purpose: what stalls, jumps or slows down at its end looks steady before.

use serde::Serialize;

use crate::model::Progress;

/// What can be said of a task's end, as known at its last poll.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Estimate {
    /// From now until [`finish_at`](Self::finish_at), in ms; 0 where that moment has passed without a poll.
    pub remaining_ms: u64,
    /// The moment to expect, in Unix ms; within ±8.64e15, as JavaScript's `Date`. About as many tasks end before it as
    /// after it.
    pub finish_at: i64,
    /// How likely *at least* the end lies from [`earliest_at`](Self::earliest_at) to [`latest_at`](Self::latest_at), if
    /// the task goes on to its end: 0 to 1, in hundredths.
    ///
    /// It is a floor, measured by simulation (simulation.rs, report.txt): of the estimates with this confidence, at
    /// least this share held, for each kind of task by itself. Nobody can tell beforehand which task will stall, slow
    /// down or end early; so steady ones, of which nearly all hold, are not promised more.
    pub confidence: f64,
    /// The range's beginning, in Unix ms; not before the last poll, at which the task still ran.
    pub earliest_at: i64,
    /// The range's end, in Unix ms.
    pub latest_at: i64,
}

// How these were found: simulation.rs tells how often the end lay within the range, for each kind of task and each
// confidence. They are the narrowest range, in round numbers, with which the worst kind holds three times in four, and
// the least to take off so that every kind holds as often as stated in the calibrating world.

/// The range begins at this share of what remains by the lower cost: tasks jump, and end before their figure is whole.
const EARLY: f64 = 0.35;
/// The range ends at this multiple of what remains by the higher cost: tasks stall, and slow down at their end.
const LATE: f64 = 2.0;
/// The range ends later by this multiple of a stall: most stalls seen half-way end within it.
const STALL_LATE: f64 = 3.0;
/// The moment to expect is later by this share of a stall.
const STALL_TYPICAL: f64 = 0.5;

/// No new pace is taken to be slower than this multiple of the higher cost, before it was seen.
const SLOWED: f64 = 3.0;

/// The confidence at the start of a task of which everything else is known.
const BEST: f64 = 0.84;
/// Taken off for a single change, and shared by all there are: little was seen.
const FEW_CHANGES: f64 = 0.36;
/// Taken off at the whole of the progress: what is left is small beside a stall or a jump.
const NEAR_END: f64 = 0.12;
/// Taken off for a stall as long as a step usually takes, or longer.
const STALLED: f64 = 0.15;
/// Taken off for costs that differ by twice their mean, or more.
const UNSTEADY: f64 = 0.08;

/// Enough that the last eighth has samples of its own.
const MOST_SAMPLES: usize = 16;
/// What JavaScript's `Date` can hold, in ms on either side of the epoch.
const FURTHEST: i64 = 8_640_000_000_000_000;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Sample {
    /// When the figure came to be this one, in Unix ms.
    at: i64,
    basis_points: u16,
}

/// The changes of one task's progress: at most 16, of 16 bytes each.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Samples {
    /// Rising, the newest last.
    changes: Vec<Sample>,
    /// The last one that can be trusted.
    last: Option<Poll>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Poll {
    /// In Unix ms.
    at: i64,
    /// The highest figure so far.
    basis_points: u16,
    /// The smallest change so far; 0 before the first.
    step: u16,
    /// A poll after it gave a lower figure.
    lower: bool,
}

impl Samples {
    /// Takes a poll's answer: `now` in Unix ms, the progress in basis points. Call it at every poll, for no change is
    /// news too.
    ///
    /// One figure below an earlier one is taken for a slip of the server; at a second in a row, all that was seen
    /// before is void. A clock that was set back stood still between the two polls.
    pub(crate) fn push(&mut self, now: i64, basis_points: u16) {
        let now = now.clamp(-FURTHEST, FURTHEST);
        let basis_points = basis_points.min(Progress::WHOLE);
        let anew = Poll { at: now, basis_points, step: 0, lower: false };
        let Some(last) = &mut self.last else {
            self.last = Some(anew);
            return;
        };
        if now < last.at {
            for change in &mut self.changes {
                change.at = change.at.saturating_add(now - last.at);
            }
            last.at = now;
        }
        let Some(jump) = basis_points.checked_sub(last.basis_points) else {
            if std::mem::replace(&mut last.lower, true) {
                *self = Self { changes: Vec::new(), last: Some(anew) };
            }
            return;
        };
        last.lower = false;
        let before = std::mem::replace(&mut last.at, now);
        if jump > 0 {
            last.basis_points = basis_points;
            last.step = if last.step == 0 { jump } else { last.step.min(jump) };
            // A single step came at any moment since the poll before; the last of many steps came just now.
            let ago = (now - before) as f64 * f64::from(last.step) / (2.0 * f64::from(jump));
            let change = Sample { at: now - ago as i64, basis_points };
            self.make_room(basis_points);
            self.changes.push(change);
        }
    }

    /// Where there are too many samples, drops the one whose neighbours lie closest for how long ago it was: the recent
    /// past stays fine, the far past becomes coarse, the first stays.
    fn make_room(&mut self, figure: u16) {
        if self.changes.len() < MOST_SAMPLES {
            return;
        }
        let worth = |trio: &[Sample]| match trio {
            [before, this, after] => {
                let width = u32::from(after.basis_points.abs_diff(before.basis_points));
                width * u32::from(Progress::WHOLE) / u32::from(figure.abs_diff(this.basis_points)).max(1)
            }
            _ => u32::MAX,
        };
        if let Some((index, _)) = self.changes.windows(3).enumerate().min_by_key(|(_, trio)| worth(trio)) {
            self.changes.remove(index + 1);
        }
    }

    /// When the task will end. `None` until there were two changes, so that one stretch was seen from its beginning to
    /// its end; while the figure is below an earlier one, for one of the two is wrong; at the whole, for what is left
    /// then shows in no figure; and when the range has passed without a poll.
    pub(crate) fn estimate(&self, now: i64) -> Option<Estimate> {
        let (poll, first, newest) = (self.last?, self.changes.first()?, self.changes.last()?);
        let seen = f64::from(newest.basis_points) - f64::from(first.basis_points);
        if poll.lower || poll.basis_points >= Progress::WHOLE || seen <= 0.0 || newest.at <= first.at {
            return None;
        }
        let over = |share: f64| {
            let stretch = share * seen;
            (newest.at as f64 - self.reached(f64::from(newest.basis_points) - stretch)) / stretch
        };
        let costs = [over(1.0), over(0.125), self.middle_cost()];
        let usual = costs.iter().sum::<f64>() / 3.0;
        let least = costs.into_iter().fold(usual, f64::min);
        let most = costs.into_iter().fold(usual, f64::max);
        let waited = poll.at as f64 - newest.at as f64;
        let step = f64::from(poll.step);
        let left = f64::from(Progress::WHOLE - poll.basis_points);
        // What the figure does not show yet is at most a step: with more, it would have changed.
        let remaining = |cost: f64| (left - (waited / cost).min(step).min(left)) * cost;
        let stall = (waited - step * most).max(0.0);
        // A step that takes longer than any may be a stall, or the new pace.
        let slowest = most * (waited / (step * most)).clamp(1.0, SLOWED);

        let moment = |ms: f64| (poll.at as f64 + ms).clamp(-FURTHEST as f64, FURTHEST as f64) as i64;
        let now = now.clamp(-FURTHEST, FURTHEST);
        let earliest_at = moment(EARLY * remaining((usual + least) / 2.0));
        let latest_at = moment(LATE * remaining((usual + slowest) / 2.0) + STALL_LATE * stall);
        if latest_at < now {
            return None;
        }
        let finish_at = moment(remaining(usual) + STALL_TYPICAL * stall).max(now);

        let confidence = BEST
            - FEW_CHANGES / self.changes.len() as f64
            - NEAR_END * (1.0 - left / f64::from(Progress::WHOLE))
            - STALLED * (stall / (step * usual)).min(1.0)
            - UNSTEADY * ((most - least) / (2.0 * usual)).min(1.0);
        Some(Estimate {
            remaining_ms: finish_at.abs_diff(now),
            finish_at,
            confidence: (confidence * 100.0).round() / 100.0,
            earliest_at,
            latest_at,
        })
    }

    /// When the figure passed `basis_points`, in Unix ms; even progress is assumed between two samples.
    fn reached(&self, basis_points: f64) -> f64 {
        for pair in self.changes.windows(2) {
            if let [from, to] = pair
                && basis_points <= f64::from(to.basis_points)
            {
                let (low, high) = (f64::from(from.basis_points), f64::from(to.basis_points));
                let share = (basis_points - low) / (high - low);
                return from.at as f64 + share * (to.at as f64 - from.at as f64);
            }
        }
        self.changes.last().map_or(0.0, |newest| newest.at as f64)
    }

    /// The median of the costs between neighbouring samples, which one jump or one stall does not move.
    fn middle_cost(&self) -> f64 {
        let mut costs: Vec<f64> = Vec::new();
        for pair in self.changes.windows(2) {
            if let [from, to] = pair {
                let ms = to.at as f64 - from.at as f64;
                let cost = ms / f64::from(to.basis_points.abs_diff(from.basis_points));
                // At most [`MOST_SAMPLES`]: `sort` would weigh more than all else here.
                costs.insert(costs.partition_point(|before| *before < cost), cost);
            }
        }
        costs.get(costs.len() / 2).copied().unwrap_or(0.0)
    }

    /// As flat numbers, for a saved state: nothing before the first poll; else the last poll's moment, the highest
    /// figure, the step and 1 for a lower one since, then moment and figure of each sample.
    pub(crate) fn to_parts(&self) -> Vec<i64> {
        let Some(last) = self.last else { return Vec::new() };
        let mut parts = Vec::from([last.at, last.basis_points.into(), last.step.into(), last.lower.into()]);
        for change in &self.changes {
            parts.push(change.at);
            parts.push(change.basis_points.into());
        }
        parts
    }

    /// The samples that [`to_parts`](Self::to_parts) wrote. `None` for numbers that it cannot have written.
    pub(crate) fn from_parts(parts: &[i64]) -> Option<Self> {
        let (&[at, highest, step, lower], rest) = match parts.split_first_chunk() {
            Some(split) => split,
            None => return parts.is_empty().then(Self::default),
        };
        let figure = |number: i64| u16::try_from(number).ok().filter(|figure| *figure <= Progress::WHOLE);
        let lower = u8::try_from(lower).ok().filter(|flag| *flag <= 1)? == 1;
        let last = Poll { at, basis_points: figure(highest)?, step: figure(step)?, lower };
        let (pairs, odd) = rest.as_chunks::<2>();
        let mut changes: Vec<Sample> = Vec::new();
        for &[at, points] in pairs {
            let change = Sample { at, basis_points: figure(points)? };
            let rises = |before: &Sample| before.at <= at && before.basis_points < change.basis_points;
            if !changes.last().is_none_or(rises) {
                return None;
            }
            changes.push(change);
        }
        let ends_well = match changes.last() {
            Some(newest) => newest.at <= at && newest.basis_points == last.basis_points && last.step > 0,
            None => last.step == 0,
        };
        let possible = odd.is_empty()
            && changes.len() <= MOST_SAMPLES
            && (-FURTHEST..=FURTHEST).contains(&at)
            && ends_well;
        possible.then_some(Self { changes, last: Some(last) })
    }
}

#[cfg(test)]
mod histories;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
