//! What an answer means: for each task it was asked for, for its lane, and for the lanes beside.

use super::lanes::Lane;
use super::watched::{Phase, Watched};
use super::{PollId, Watch, WatchEvent};
use crate::error::{Error, ErrorCode};
use crate::model::{Api, Body, Fault, FaultKind, Reply, Status, Task, Timestamp};
use crate::request::TaskRef;
use crate::text::find;
use crate::wire::same;

/// Failures in a row of which nobody knows whether they pass, before their tasks are given up. A reply that cannot be read
/// may be cut, and may be a page in the place of the proxy, which answers 200 for ever; the caller's headers may be there
/// next time.
const MOST_PUZZLES: u32 = 3;

impl Watch {
    /// The answer to a poll. `random` is from 0 to 1. A fault belongs to [`Watch::on_error`].
    pub fn on_reply<'r, 's>(
        &mut self,
        poll: PollId,
        now: Timestamp,
        random: f64,
        reply: &'r Reply<'s>,
    ) -> Vec<WatchEvent<'r, 's>> {
        let Some(lane) = self.lanes.end(poll.0) else { return Vec::new() };
        let (is_list, members) = (lane.is_list, lane.members.clone());
        let tasks: &'r [Task<'s>] = match (is_list, &reply.body) {
            (false, Body::Task(task)) => std::slice::from_ref(task),
            (true, Body::Tasks(list)) => &list.tasks,
            (_, Body::Fault(fault)) => {
                return self.failed(poll, now, random, Error::from_fault(fault.owned()), None);
            }
            _ => {
                let detail = "expected the tasks that were asked for, found another kind of reply";
                return self.failed(poll, now, random, Error::new(ErrorCode::Unrecognized, detail), None);
            }
        };
        let now = now.millis();
        let mut round = Round { is_list, ..Round::default() };
        let (mut next, mut staying) = (0, Vec::new());
        for at in members {
            let found = if is_list { self.listed(at, tasks, &mut next) } else { tasks.first() };
            if self.take_in(at, found, now, &mut round) {
                staying.push(at);
            }
        }
        let Round { events, changed, alone, .. } = round;
        if let Some(lane) = self.lanes.get_mut(poll.0) {
            lane.failures = 0;
            lane.puzzles = 0;
            lane.interval_ms = match changed {
                true => self.policy.interval_ms,
                false => self.policy.longer(lane.interval_ms),
            };
            let interval_ms = lane.interval_ms;
            let delay = self.policy.delay(interval_ms, self.lanes.alone(), random);
            self.lanes.reschedule(poll.0, self.policy.due(now, delay, self.deadline));
        }
        // In this order: an emptied lane frees its number for the next.
        self.lanes.settle(poll.0, staying);
        for at in alone {
            self.lanes.add(Lane::one(at, now, self.policy.interval_ms));
        }
        self.lanes.merge(poll.0, |at| self.refs.get(at).and_then(TaskRef::region));
        events
    }

    /// This one in a list, which comes in an order of its own: mostly in ours, so each is looked for from where the last one
    /// stood.
    fn listed<'t, 's>(&self, at: usize, tasks: &'t [Task<'s>], next: &mut usize) -> Option<&'t Task<'s>> {
        let id = self.refs.get(at)?.id();
        for _ in tasks {
            let task = tasks.get(*next)?;
            *next = (*next + 1) % tasks.len();
            if same(task.id.as_bytes(), id.as_bytes()) {
                return Some(task);
            }
        }
        None
    }

    /// What one answer says of one task. Returns whether it stays in its lane.
    fn take_in<'r, 's>(
        &mut self,
        at: usize,
        found: Option<&'r Task<'s>>,
        now: i64,
        round: &mut Round<'r, 's>,
    ) -> bool {
        let wants_progress = self.policy.wants_progress(self.refs.len());
        let Some(watched) = self.tasks.get_mut(at) else { return true };
        let Some(task) = found else {
            // A list may skip a task once; twice it means it. One never listed is asked for by itself, to hear why.
            watched.misses += 1;
            if watched.seen.is_none() {
                round.alone.push(at);
                return false;
            }
            let is_gone = watched.misses >= Watched::MOST_MISSES;
            if is_gone {
                self.finish(at, Phase::Gone);
                round.events.push(WatchEvent::Gone { at });
            } else {
                round.changed = true;
            }
            return !is_gone;
        };
        watched.misses = 0;
        watched.listed |= round.is_list;
        // A list knows neither progress nor parts that failed: whoever wants these hears them from the task itself.
        let by_itself = wants_progress && round.is_list && !watched.by_list;
        let leaves = by_itself && (task.terminal || task.status == Status::Running);
        if leaves {
            round.alone.push(at);
            if task.terminal {
                return false;
            }
        }
        let news = watched.see(task, now);
        round.changed |= news.moved;
        if news.changed {
            let estimate = if task.terminal { None } else { watched.samples.estimate(now) };
            round.events.push(WatchEvent::Update { at, task, estimate });
        }
        if task.terminal {
            self.finish(at, Phase::Ended);
            round.events.push(WatchEvent::End { at, task });
        }
        !leaves && !task.terminal
    }

    fn finish(&mut self, at: usize, phase: Phase) {
        if let Some(task) = self.tasks.get_mut(at).filter(|task| task.phase == Phase::Live) {
            task.phase = phase;
            self.live -= 1;
        }
    }

    /// A poll that brought no tasks: refused, unreadable, or not answered. `hint` is what the server asks to be waited
    /// for, in milliseconds.
    pub fn on_error(
        &mut self,
        poll: PollId,
        now: Timestamp,
        random: f64,
        error: Error,
        hint: Option<u64>,
    ) -> Vec<WatchEvent<'static, 'static>> {
        match self.lanes.end(poll.0) {
            Some(_) => self.failed(poll, now, random, error, hint),
            None => Vec::new(),
        }
    }

    fn failed<'r, 's>(
        &mut self,
        poll: PollId,
        now: Timestamp,
        random: f64,
        error: Error,
        hint: Option<u64>,
    ) -> Vec<WatchEvent<'r, 's>> {
        let kind = error.fault().map(|fault| fault.kind);
        let puzzles = matches!(
            error.code(),
            ErrorCode::Syntax | ErrorCode::Unrecognized | ErrorCode::Invalid | ErrorCode::Request
        );
        let Some(lane) = self.lanes.get_mut(poll.0) else { return Vec::new() };
        let (is_list, at) = (lane.is_list, lane.members.clone());
        lane.failures = lane.failures.saturating_add(1);
        lane.puzzles = if puzzles { lane.puzzles + 1 } else { 0 };
        let may_pass = error.is_retryable() || (puzzles && lane.puzzles < MOST_PUZZLES);
        let now = now.millis();
        if may_pass {
            let delay = self.policy.retry_delay(lane.failures, random, hint);
            let throttled = kind == Some(FaultKind::Throttled);
            if throttled {
                lane.interval_ms = self.policy.longer(lane.interval_ms);
            }
            let due = self.policy.due(now, delay, self.deadline);
            self.lanes.reschedule(poll.0, due);
            if throttled {
                self.hold_back(&at, due);
            }
            let delay_ms = due.saturating_sub(now).unsigned_abs();
            return vec![WatchEvent::Retry { at, error, delay_ms }];
        }
        if is_list && kind == Some(FaultKind::Invalid) && at.len() > 1 && names_an_id(&error) {
            // One id that the API does not take refuses the whole list: halved, the others go on.
            self.lanes.halve(poll.0, now);
            return Vec::new();
        }
        if is_list && (puzzles || kind == Some(FaultKind::Denied)) && self.part(poll, &at, now) {
            return Vec::new();
        }
        if let (false, [one]) = (is_list, at.as_slice())
            && let Some(events) = self.refused_alone(poll, *one, now, &error)
        {
            return events;
        }
        self.lanes.remove(poll.0);
        at.iter().for_each(|at| self.finish(*at, Phase::GivenUp));
        vec![WatchEvent::GivenUp { at, error }]
    }

    /// A list that is refused, such as to a RAM user who may look and not list: where their progress is wanted anyway, its
    /// tasks go on by themselves. Says whether they do.
    fn part(&mut self, poll: PollId, at: &[usize], now: i64) -> bool {
        let may_look = |at: &usize| self.tasks.get(*at).is_some_and(|task| !task.by_list);
        if !self.policy.wants_progress(self.refs.len()) || !at.iter().all(may_look) {
            return false;
        }
        self.lanes.remove(poll.0);
        for at in at {
            self.lanes.add(Lane::one(*at, now, self.policy.interval_ms));
        }
        true
    }

    /// A lasting refusal in a lane of one task: gone where it was seen before; back into a list where only the task's own
    /// page is refused, such as to a RAM user who may list and not look.
    fn refused_alone<'r, 's>(
        &mut self,
        poll: PollId,
        at: usize,
        now: i64,
        error: &Error,
    ) -> Option<Vec<WatchEvent<'r, 's>>> {
        let is_ecs = self.refs.get(at)?.api() == Api::Ecs;
        let watched = self.tasks.get_mut(at)?;
        if error.fault().is_some_and(says_missing) {
            if watched.seen.is_none() && !watched.listed {
                return None;
            }
            watched.misses = watched.misses.saturating_add(1);
            if watched.misses >= Watched::MOST_MISSES {
                self.lanes.remove(poll.0);
                self.finish(at, Phase::Gone);
                return Some(vec![WatchEvent::Gone { at }]);
            }
            let due = self.policy.due(now, self.policy.interval_ms, self.deadline);
            self.lanes.reschedule(poll.0, due);
            return Some(Vec::new());
        }
        // Listed before, so the list will say how it ends.
        if is_ecs && watched.listed && !watched.by_list {
            watched.by_list = true;
            self.lanes.remove(poll.0);
            self.lanes.add(Lane::list(&[at], now, self.policy.interval_ms));
            return Some(Vec::new());
        }
        None
    }

    /// Throttling counts by account, region and API (api.md 1.9): the neighbours wait, too.
    fn hold_back(&mut self, at: &[usize], until: i64) {
        let refs = &self.refs;
        let Some(here) = at.first().and_then(|at| refs.get(*at)) else { return };
        let is_near = |task: &TaskRef| task.api() == here.api() && task.region() == here.region();
        self.lanes.postpone(until, |at| refs.get(at).is_some_and(is_near));
    }
}

/// Does the API say that the task is not there? A region may be not found as well, and a bare 404 is no word of the API.
fn says_missing(fault: &Fault<'_>) -> bool {
    fault.kind == FaultKind::NotFound
        && find(&fault.code, "Region").is_none()
        && !fault.code.starts_with("HTTP ")
}

/// Does the API refuse an id, and not the call?
fn names_an_id(error: &Error) -> bool {
    error.fault().is_some_and(|fault| find(&fault.code, "TaskId").is_some())
}

/// What one answer has brought so far.
#[derive(Default)]
struct Round<'r, 's> {
    events: Vec<WatchEvent<'r, 's>>,
    is_list: bool,
    /// A status or a progress did.
    changed: bool,
    /// Who gets a lane of its own, due at once.
    alone: Vec<usize>,
}
