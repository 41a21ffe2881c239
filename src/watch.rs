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
//! Time is an argument, milliseconds on the caller's clock; so is randomness, a number from 0 to 1. [`Watch`] has the example.

mod answer;
mod estimate;
mod lanes;
mod policy;
mod state;
mod watched;

pub use estimate::Estimate;
pub use policy::Policy;

use crate::error::{Error, ErrorCode, quote};
use crate::model::{Api, Task, Timestamp};
use crate::request::{Call, TaskRef};
use crate::text::Texts;
use lanes::{Lane, Lanes};
use watched::{Phase, Watched};

/// Which poll an answer belongs to: from [`Action::Poll`], for [`Watch::on_reply`] or [`Watch::on_error`].
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

/// An [`Action`] that is no poll.
pub(crate) enum Idle {
    Wait(Timestamp),
    Done(Option<Error>),
}

/// What an answer told. `at` is a task's place in [`Watch::refs`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
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
    /// It is no longer there after it was seen, twice in a row: neither a failure nor a success. (*Seen*: pollers of ECS
    /// meet tasks that leave the list.)
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

/// A watch over some tasks: a machine without clock or socket. [`Watch::next`] says what to do, [`Watch::on_reply`] and
/// [`Watch::on_error`] take what came of it.
///
/// Time is an argument, so that a day of waiting is tested in no time:
///
/// ```
/// use tasklens::{Action, Api, ParseOptions, Policy, TaskRef, Timestamp, Watch, WatchEvent, parse};
///
/// let task = TaskRef::new(Api::CloudControl, None, "task-433a")?;
/// let mut watch = Watch::new([task], Policy::default())?;
/// let (mut now, mut answers) = (Timestamp::default(), ["Running", "Succeeded"].into_iter());
/// let mut ended = 0;
/// loop {
///     match watch.next(now) {
///         Action::Wait(until) => now = until, // the caller sleeps
///         Action::Poll(id, call) => {
///             assert_eq!(call.request().path, "/api/v1/tasks/task-433a"); // the caller sends it
///             let body = format!(r#"{{"task":{{"taskId":"task-433a","status":"{}"}}}}"#, answers.next().unwrap());
///             let reply = parse(body.as_bytes(), &ParseOptions::default())?;
///             let events = watch.on_reply(id, now, 0.5, &reply);
///             ended += events.iter().filter(|event| matches!(event, WatchEvent::End { .. })).count();
///         }
///         Action::Done(overdue) => break assert!(overdue.is_none()),
///     }
/// }
/// assert_eq!((ended, now.millis()), (1, 2000));
/// # Ok::<(), tasklens::Error>(())
/// ```
///
/// Polls run in *lanes*, each with its own backoff: up to 100 ECS tasks of one region share one DescribeTasks; every other
/// task has a lane of its own. Where the progress of ECS tasks is wanted ([`Policy::progress`]), a task that runs is asked for
/// by itself, and its list asks no more for it. So one task costs one call a round, and n tasks without progress ⌈n / 100⌉.
/// At most 6 polls are under way at once.
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
        let mut watch = Self::empty();
        watch.set_policy(policy)?;
        watch.extend(refs);
        watch.check()?;
        Ok(watch)
    }

    pub(crate) fn empty() -> Self {
        Self {
            policy: Policy::default(),
            refs: Vec::new(),
            tasks: Vec::new(),
            lanes: Lanes::default(),
            deadline: None,
            live: 0,
            started: false,
            paused: false,
        }
    }

    /// # Errors
    /// `request` where there is no task.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self.refs.is_empty() {
            true => Err(Error::new(ErrorCode::Request, "expected at least one task to watch").path("refs")),
            false => Ok(()),
        }
    }

    /// Watches these tasks, too; one that is watched already stays as it is.
    pub fn extend(&mut self, refs: impl IntoIterator<Item = TaskRef>) {
        let (from, mut known) = (self.refs.len(), Texts::default());
        for task in &self.refs {
            known.add(&key(task));
        }
        for task in refs {
            self.add(&mut known, task, Watched::default());
        }
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

    /// Adds a task, unless it is among the known ones; says whether it did.
    fn add(&mut self, known: &mut Texts, task: TaskRef, watched: Watched) -> bool {
        let is_new = known.add(&key(&task)).is_none();
        if is_new {
            self.live += usize::from(watched.phase == Phase::Live);
            self.refs.push(task);
            self.tasks.push(watched);
        }
        is_new
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
                self.lanes.add(Lane::list(members, 0, self.policy.interval_ms));
            }
        }
        for at in alone {
            self.lanes.add(Lane::one(at, 0, self.policy.interval_ms));
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

    /// What to do at the moment `now` of the caller's clock. A poll that it names is under way until its answer is handed in.
    pub fn next(&mut self, now: Timestamp) -> Action {
        match self.due(now) {
            Ok(id) => Action::Poll(id, self.call(id)),
            Err(Idle::Wait(until)) => Action::Wait(until),
            Err(Idle::Done(overdue)) => Action::Done(overdue),
        }
    }

    /// The poll that is due, and is under way from now on.
    pub(crate) fn due(&mut self, now: Timestamp) -> Result<PollId, Idle> {
        if self.live == 0 {
            return Err(Idle::Done(None));
        }
        let now = now.millis();
        if !self.started {
            self.started = true;
            self.lanes.spread(now, self.policy.round_ms(self.lanes.alone()));
        }
        let deadline =
            *self.deadline.get_or_insert_with(|| now.saturating_add_unsigned(self.policy.deadline_ms));
        if now >= deadline {
            return Err(Idle::Done(Some(self.overdue())));
        }
        let until = |moment: i64| {
            let moment = moment.clamp(now + 1, deadline);
            // A deadline beyond all calendars is never reached.
            Err(Idle::Wait(Timestamp::from_millis(moment).unwrap_or(Timestamp::LAST)))
        };
        if self.paused || self.lanes.in_flight() >= MOST_IN_FLIGHT {
            return until(deadline);
        }
        let Some((due, id)) = self.lanes.first_due() else { return until(deadline) };
        if due > now {
            return until(due);
        }
        self.lanes.begin(id);
        let Some(lane) = self.lanes.get(id) else { return until(deadline) };
        for at in &lane.members {
            if let Some(task) = self.tasks.get_mut(*at) {
                task.polls = task.polls.saturating_add(1);
            }
        }
        Ok(PollId(id))
    }

    /// The call of a poll, unless it is the one that this told before: for whoever keeps it.
    #[cfg(all(target_arch = "wasm32", feature = "bindings"))]
    pub(crate) fn other_call(&mut self, poll: PollId) -> Option<Call> {
        let is_told = std::mem::replace(&mut self.lanes.get_mut(poll.0)?.is_told, true);
        (!is_told).then(|| self.call(poll))
    }

    fn call(&self, poll: PollId) -> Call {
        let lane = self.lanes.get(poll.0);
        let members = lane.map_or(&[][..], |lane| &lane.members);
        let tasks = members.iter().filter_map(|at| self.refs.get(*at));
        let first = members.first().and_then(|at| self.refs.get(*at));
        match first {
            Some(task) if lane.is_some_and(|lane| !lane.is_list) => task.describe(),
            _ => Call::describe_tasks(first.and_then(TaskRef::region), &mut tasks.map(TaskRef::id)),
        }
    }

    fn is_live(&self, at: usize) -> bool {
        self.tasks.get(at).is_some_and(|task| task.phase == Phase::Live)
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

    /// Asks for this task soon, as if it had just changed: somebody has cancelled it.
    pub fn hurry(&mut self, task: &TaskRef, now: Timestamp) {
        let Some(at) = self.refs.iter().position(|known| known == task) else { return };
        self.lanes.hurry(at, now.millis(), self.policy.interval_ms);
    }

    fn overdue(&self) -> Error {
        let (mut polls, mut first) = (0, None);
        for (task, name) in self.tasks.iter().zip(&self.refs) {
            if task.phase == Phase::Live {
                polls = task.polls.max(polls);
                first = first.or(Some((task, name)));
            }
        }
        let (waited, unit) = match self.policy.deadline_ms {
            ms @ ..10_000 => (ms, "ms"),
            ms @ ..600_000 => (ms / 1000, "s"),
            ms => (ms / 60_000, "min"),
        };
        let detail = match first {
            Some((task, name)) if self.live == 1 => {
                let status = task.seen.as_ref().map_or("not seen", |seen| seen.status.name());
                let id = quote(name.id());
                format!("task {id} was still {status} at its deadline: {polls} polls in {waited} {unit}")
            }
            _ => {
                let (live, all) = (self.live, self.refs.len());
                format!(
                    "{live} of {all} tasks had not ended at the deadline: up to {polls} polls each in {waited} {unit}"
                )
            }
        };
        Error::new(ErrorCode::Deadline, detail)
    }
}

/// A task as one text, which no other has.
fn key(task: &TaskRef) -> String {
    format!("{} {} {}", task.api().name(), task.region().unwrap_or_default(), task.id())
}
