//! Watches tasks until they end: says when to ask what, and what an answer means. It neither asks nor sleeps.
//!
//! ```text
//!                 ┌────────────── Action::Wait(until) ◀─── nothing is due
//!                 ▼                                            │
//!  Watch::new ─▶ next(now) ─▶ Action::Poll(id, call) ─▶ the caller sends it
//!                 ▲                                            │
//!                 └── events ◀── on_reply(id, …) / on_error(id, …)
//!
//!  a task:  unseen ──▶ seen ──▶ ended        its status is terminal
//!             │          ├────▶ gone         missing twice in a row after it was seen
//!             └──────────┴────▶ given up     what was refused cannot get better
//! ```
//!
//! Polls run in *lanes*, each with its own backoff (`lanes`): up to 100 ECS tasks of one region share one DescribeTasks;
//! every other task has a lane of its own. Where the progress of ECS tasks is wanted, a task that runs moves into a lane of
//! its own (DescribeTaskAttribute), and its list asks no more for it; so one task costs one call a round, and n tasks
//! without progress cost ⌈n / 100⌉.
//!
//! Time is an argument, milliseconds on the caller's clock; so is randomness, a number from 0 to 1.
//!
//! ```
//! use tasklens::{Action, Api, ParseOptions, Policy, TaskRef, Timestamp, Watch, WatchEvent, parse};
//!
//! let task = TaskRef::new(Api::CloudControl, None, "task-433a")?;
//! let mut watch = Watch::new([task], Policy::default())?;
//! let (mut now, mut answers) = (Timestamp::from_millis(0).unwrap(), ["Running", "Succeeded"].into_iter());
//! loop {
//!     match watch.next(now) {
//!         Action::Wait(until) => now = until, // the caller sleeps
//!         Action::Poll(id, call) => {
//!             assert_eq!(call.request().path, "/api/v1/tasks/task-433a"); // the caller sends it
//!             let body = format!(r#"{{"task":{{"taskId":"task-433a","status":"{}"}}}}"#, answers.next().unwrap());
//!             let reply = parse(body.as_bytes(), &ParseOptions::default())?;
//!             for event in watch.on_reply(id, now, 0.5, &reply) {
//!                 if let WatchEvent::End { task, .. } = event {
//!                     assert_eq!(task.raw_status, "Succeeded");
//!                 }
//!             }
//!         }
//!         Action::Done(overdue) => break assert!(overdue.is_none()),
//!     }
//! }
//! assert_eq!(now.millis(), 2000);
//! # Ok::<(), tasklens::Error>(())
//! ```

mod estimate;
mod lanes;
mod policy;
mod state;
mod watched;

pub use estimate::Estimate;
pub use policy::Policy;

use crate::error::{Error, ErrorCode, quote};
use crate::model::{Api, Body, Fault, FaultKind, Reply, Task, Timestamp};
use crate::request::{Call, TaskRef};
use lanes::{Asks, Lane, Lanes};
use std::collections::HashSet;
use watched::{Phase, Watched};

/// Which poll an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PollId(pub(crate) usize);

/// What to do now.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Send this call and hand in its answer; then ask on, there may be more.
    Poll(PollId, Call),
    /// Nothing before this moment, unless an answer comes.
    Wait(Timestamp),
    /// It is over: every task has ended, is gone or was given up; or `deadline`, with tasks that have not ended.
    Done(Option<Error>),
}

/// What an answer told. `at` is a task's place in [`Watch::refs`].
#[derive(Clone, Debug, PartialEq)]
pub enum WatchEvent<'r, 's> {
    /// Something changed, or the task was seen for the first time.
    Update {
        /// Which task.
        at: usize,
        /// As it is now.
        task: &'r Task<'s>,
        /// When it may end; none until that can be said honestly.
        estimate: Option<Estimate>,
    },
    /// The task has ended; no poll will ask for it again.
    End {
        /// Which task.
        at: usize,
        /// Its end.
        task: &'r Task<'s>,
    },
    /// It is no longer there after it was seen (api.md 1.3): neither a failure nor a success.
    Gone {
        /// Which task.
        at: usize,
    },
    /// A poll failed, and will be tried again.
    Retry {
        /// Whom it concerns.
        at: Vec<usize>,
        /// Why.
        error: Error,
        /// When, in milliseconds from now.
        delay_ms: u64,
    },
    /// A poll was refused in a way that cannot get better: these tasks are given up, the others go on.
    GivenUp {
        /// Whom it concerns.
        at: Vec<usize>,
        /// Why.
        error: Error,
    },
}

/// Polls under way at once: what a browser opens to one host, and a Worker may (proxy.md 3.2).
const MOST_IN_FLIGHT: usize = 6;

/// Failures in a row of which nobody knows whether they pass, before their tasks are given up. A reply that cannot be read
/// may be cut, and may be a page in the place of the proxy, which answers 200 for ever; the caller's headers may be there
/// next time.
const MOST_PUZZLES: u32 = 3;

/// A watch over some tasks.
#[derive(Clone, Debug)]
pub struct Watch {
    policy: Policy,
    refs: Vec<TaskRef>,
    tasks: Vec<Watched>,
    lanes: Lanes,
    /// From the first poll on.
    deadline: Option<i64>,
    live: usize,
    started: bool,
    paused: bool,
}

impl Watch {
    /// A watch over these tasks; a task that comes twice is one.
    ///
    /// # Errors
    /// `request` where there is none, or the policy is out of its range.
    pub fn new(refs: impl IntoIterator<Item = TaskRef>, policy: Policy) -> Result<Self, Error> {
        let mut watch = Self::empty(policy.checked()?);
        watch.extend(refs);
        if watch.refs.is_empty() {
            return Err(Error::new(ErrorCode::Request, "expected at least one task to watch").path("refs"));
        }
        Ok(watch)
    }

    fn empty(policy: Policy) -> Self {
        Self {
            policy,
            refs: Vec::new(),
            tasks: Vec::new(),
            lanes: Lanes::default(),
            deadline: None,
            live: 0,
            started: false,
            paused: false,
        }
    }

    /// Watches these tasks, too; one that is watched already stays as it is.
    pub fn extend(&mut self, refs: impl IntoIterator<Item = TaskRef>) {
        let from = self.refs.len();
        self.add(refs);
        self.fill_lanes(from);
    }

    /// How it waits.
    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// Waits in another way from now on; the deadline stays.
    ///
    /// # Errors
    /// `request`, naming the part that is out of its range.
    pub fn set_policy(&mut self, policy: Policy) -> Result<(), Error> {
        self.policy = policy.checked()?;
        Ok(())
    }

    fn add(&mut self, refs: impl IntoIterator<Item = TaskRef>) {
        let mut known: HashSet<_> = self.refs.iter().cloned().collect();
        for task in refs {
            if known.insert(task.clone()) {
                self.refs.push(task);
                self.tasks.push(Watched::default());
                self.live += 1;
            }
        }
    }

    /// Puts every live task from there on into a lane: ECS by region, up to a call's ids in each; the others alone.
    fn fill_lanes(&mut self, from: usize) {
        let wants_progress = self.policy.wants_progress(self.refs.len());
        let by_itself = |at: usize| self.tasks.get(at).is_some_and(|task| wants_progress && task.was_alone());
        let mut regions: Vec<(&str, Vec<usize>)> = Vec::new();
        let mut alone = Vec::new();
        for (at, task) in self.refs.iter().enumerate().skip(from).filter(|(at, _)| self.is_live(*at)) {
            let Some(region) = task.region().filter(|_| task.api() == Api::Ecs && !by_itself(at)) else {
                alone.push(at);
                continue;
            };
            match regions.iter_mut().find(|(known, _)| *known == region) {
                Some((_, members)) => members.push(at),
                None => regions.push((region, vec![at])),
            }
        }
        for (_, members) in regions {
            for members in members.chunks(Call::MOST_IDS) {
                self.lanes.add(Lane::new(Asks::List(members.to_vec()), 0, self.policy.interval_ms));
            }
        }
        for at in alone {
            self.lanes.add(Lane::new(Asks::One(at), 0, self.policy.interval_ms));
        }
    }

    /// The tasks, in the order in which they were given.
    pub fn refs(&self) -> &[TaskRef] {
        &self.refs
    }

    /// How many tasks are still watched.
    pub fn live(&self) -> usize {
        self.live
    }

    /// The moment at which the watch gives up waiting; none before the first poll.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.deadline.and_then(Timestamp::from_millis)
    }

    /// What to do now. A poll that it names is under way until its answer is handed in.
    pub fn next(&mut self, now: Timestamp) -> Action {
        if self.live == 0 {
            return Action::Done(None);
        }
        let now = now.millis();
        if !self.started {
            self.started = true;
            self.lanes.spread(now, self.policy.round_ms(self.lanes.alone()));
        }
        let deadline =
            *self.deadline.get_or_insert_with(|| now.saturating_add_unsigned(self.policy.deadline_ms));
        if now >= deadline {
            return Action::Done(Some(self.overdue()));
        }
        let until = |moment: i64| {
            let moment = moment.clamp(now + 1, deadline);
            // A deadline beyond all calendars is never reached.
            Action::Wait(Timestamp::from_millis(moment).unwrap_or(Timestamp::LAST))
        };
        if self.paused || self.lanes.in_flight() >= MOST_IN_FLIGHT {
            return until(deadline);
        }
        match self.lanes.first_due() {
            Some((due, id)) if due <= now => {
                self.lanes.begin(id);
                let Some(call) = self.lanes.get(id).map(|lane| self.call(&lane.asks)) else {
                    return until(deadline);
                };
                for at in self.members(id) {
                    if let Some(task) = self.tasks.get_mut(at) {
                        task.polls = task.polls.saturating_add(1);
                    }
                }
                Action::Poll(PollId(id), call)
            }
            Some((due, _)) => until(due),
            None => until(deadline),
        }
    }

    fn call(&self, asks: &Asks) -> Call {
        match asks {
            Asks::One(at) => self.refs.get(*at).map(TaskRef::describe),
            Asks::List(members) => {
                let refs = || members.iter().filter_map(|at| self.refs.get(*at));
                let region = refs().find_map(TaskRef::region);
                region
                    .map(|region| Call::describe_tasks(region, &refs().map(TaskRef::id).collect::<Vec<_>>()))
            }
        }
        .unwrap_or_else(|| Call::describe_tasks("", &[]))
    }

    fn members(&self, id: usize) -> Vec<usize> {
        self.lanes.get(id).map(|lane| lane.asks.members().to_vec()).unwrap_or_default()
    }

    fn is_live(&self, at: usize) -> bool {
        self.tasks.get(at).is_some_and(|task| task.phase == Phase::Live)
    }

    /// The answer to a poll. `random` is from 0 to 1. A fault belongs to [`Watch::on_error`].
    pub fn on_reply<'r, 's>(
        &mut self,
        poll: PollId,
        now: Timestamp,
        random: f64,
        reply: &'r Reply<'s>,
    ) -> Vec<WatchEvent<'r, 's>> {
        let Some(asks) = self.lanes.end(poll.0) else { return Vec::new() };
        let found: Vec<Option<&'r Task<'s>>> = match (&asks, &reply.body) {
            (Asks::One(_), Body::Task(task)) => vec![Some(task.as_ref())],
            (Asks::List(members), Body::Tasks(list)) => self.listed(members, &list.tasks),
            (_, Body::Fault(fault)) => {
                return self.failed(
                    poll,
                    now,
                    random,
                    Error::from_fault((**fault).clone().into_owned()),
                    None,
                );
            }
            _ => {
                let detail = "expected the tasks that were asked for, found another kind of reply";
                return self.failed(poll, now, random, Error::new(ErrorCode::Unrecognized, detail), None);
            }
        };
        let now = now.millis();
        let mut round = Round { is_list: matches!(asks, Asks::List(_)), ..Round::default() };
        for (at, task) in asks.members().iter().zip(found) {
            self.take_in(*at, task, now, &mut round);
        }
        let Round { events, changed, leaving, alone, .. } = round;
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
        self.lanes.settle(poll.0, &leaving);
        for at in alone {
            self.lanes.add(Lane::new(Asks::One(at), now, self.policy.interval_ms));
        }
        self.lanes.merge(poll.0, |at| self.refs.get(at).and_then(TaskRef::region));
        events
    }

    /// The task of each member in a list, which comes in an order of its own: mostly in ours, so each is looked for from
    /// where the last one stood.
    fn listed<'r, 's>(&self, members: &[usize], tasks: &'r [Task<'s>]) -> Vec<Option<&'r Task<'s>>> {
        let mut next = 0;
        let find = |at: &usize| {
            let id = self.refs.get(*at)?.id();
            let (before, after) = tasks.split_at_checked(next).unwrap_or((tasks, &[]));
            let found = after.iter().chain(before).position(|task| task.id == id)?;
            next = (next + found) % tasks.len() + 1;
            tasks.get(next - 1)
        };
        members.iter().map(find).collect()
    }

    /// What one answer says of one task.
    fn take_in<'r, 's>(
        &mut self,
        at: usize,
        found: Option<&'r Task<'s>>,
        now: i64,
        round: &mut Round<'r, 's>,
    ) {
        let wants_progress = self.policy.wants_progress(self.refs.len());
        let Some(watched) = self.tasks.get_mut(at) else { return };
        let Some(task) = found else {
            // A list may skip a task once; twice it means it. One never listed is asked for by itself, to hear why.
            watched.misses += 1;
            if watched.seen.is_none() {
                round.leaving.push(at);
                round.alone.push(at);
            } else if watched.misses >= Watched::MOST_MISSES {
                self.finish(at, Phase::Gone);
                round.leaving.push(at);
                round.events.push(WatchEvent::Gone { at });
            } else {
                round.changed = true;
            }
            return;
        };
        watched.misses = 0;
        watched.listed |= round.is_list;
        // A list knows neither progress nor parts that failed: whoever wants these hears them from the task itself.
        let by_itself = wants_progress && round.is_list && !watched.by_list;
        if by_itself && (task.terminal || task.status == crate::Status::Running) {
            round.leaving.push(at);
            round.alone.push(at);
            if task.terminal {
                return;
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
            round.leaving.push(at);
            round.events.push(WatchEvent::End { at, task });
        }
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
        let at = self.members(poll.0);
        let kind = error.fault().map(|fault| fault.kind);
        let puzzles = matches!(
            error.code(),
            ErrorCode::Syntax | ErrorCode::Unrecognized | ErrorCode::Invalid | ErrorCode::Request
        );
        let Some(lane) = self.lanes.get_mut(poll.0) else { return Vec::new() };
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
        let is_list = matches!(lane.asks, Asks::List(_));
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
            self.lanes.add(Lane::new(Asks::One(*at), now, self.policy.interval_ms));
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
            self.lanes.add(Lane::new(Asks::List(vec![at]), now, self.policy.interval_ms));
            return Some(Vec::new());
        }
        None
    }

    /// Throttling counts by account, region and API (api.md 1.9): the neighbours wait, too.
    fn hold_back(&mut self, at: &[usize], until: i64) {
        let place = |task: &TaskRef| (task.api(), task.region().map(str::to_owned));
        let Some(here) = at.first().and_then(|at| self.refs.get(*at)).map(place) else { return };
        let refs = &self.refs;
        self.lanes.postpone(until, |at| refs.get(at).map(place).as_ref() == Some(&here));
    }

    /// Asks nothing until [`Watch::resume`]; the deadline goes on.
    pub fn pause(&mut self) {
        self.paused = true;
    }

    /// Goes on: what would have been asked meanwhile is asked at once.
    pub fn resume(&mut self, now: Timestamp) {
        if self.paused {
            self.paused = false;
            self.lanes.catch_up(now.millis());
        }
    }

    fn overdue(&self) -> Error {
        let live = || self.tasks.iter().zip(&self.refs).filter(|(task, _)| task.phase == Phase::Live);
        let waited = match self.policy.deadline_ms {
            ms @ ..10_000 => format!("{ms} ms"),
            ms @ ..600_000 => format!("{} s", ms / 1000),
            ms => format!("{} min", ms / 60_000),
        };
        let polls = live().map(|(task, _)| task.polls).max().unwrap_or_default();
        let detail = match live().next() {
            Some((task, name)) if self.live == 1 => {
                let status = task.seen.as_ref().map_or("not seen", |seen| seen.status.name());
                format!(
                    "task {} was still {status} at its deadline: {polls} polls in {waited}",
                    quote(name.id())
                )
            }
            _ => {
                let (live, all) = (self.live, self.refs.len());
                format!(
                    "{live} of {all} tasks had not ended at the deadline: up to {polls} polls each in {waited}"
                )
            }
        };
        Error::new(ErrorCode::Deadline, detail)
    }
}

/// Does the API say that the task is not there? A region may be not found as well, and a bare 404 is no word of the API.
fn says_missing(fault: &Fault<'_>) -> bool {
    fault.kind == FaultKind::NotFound && !fault.code.contains("Region") && !fault.code.starts_with("HTTP ")
}

/// Does the API refuse an id, and not the call?
fn names_an_id(error: &Error) -> bool {
    error.fault().is_some_and(|fault| fault.code.contains("TaskId"))
}

/// What one answer has brought so far.
#[derive(Default)]
struct Round<'r, 's> {
    events: Vec<WatchEvent<'r, 's>>,
    is_list: bool,
    /// A status or a progress did.
    changed: bool,
    /// Who leaves the lane.
    leaving: Vec<usize>,
    /// Who gets a lane of its own, due at once.
    alone: Vec<usize>,
}
