//! Leads a watch through any history on made-up time: tasks with a life, calls that fail, a clock that only we move.

use std::collections::{BTreeMap, VecDeque};
use tasklens::{
    Action, Api, Call, Error, Operation, ParseOptions, Policy, PollId, TaskRef, Timestamp, Watch, WatchEvent,
    heed_retry_after, parse, retry_hint,
};

pub const REGION: &str = "cn-hangzhou";

/// From this moment on (in milliseconds) a task has this status and, if any, this progress; no status: it is not there.
pub type Life = Vec<(i64, Option<&'static str>, Option<&'static str>)>;

/// How one call is answered instead of by the tasks' lives.
#[derive(Clone)]
pub enum Trouble {
    /// An HTTP status and a body; `x-acs-retry-after` where there is one.
    Reply(u16, &'static str, Option<&'static str>),
    /// No answer at all.
    Nothing,
}

/// What answers a call in the place of the tasks' lives, if it does.
type When = dyn Fn(&Call, i64) -> Option<Trouble>;

pub struct Scenario {
    pub watch: Watch,
    pub now: i64,
    lives: BTreeMap<String, Life>,
    trouble: VecDeque<Trouble>,
    when: Box<When>,
    /// When each call was sent, and what it asked.
    pub sent: Vec<(i64, Call)>,
    /// Such as `2000 update t-0 running 10%`.
    pub events: Vec<String>,
    pub end: Option<Option<Error>>,
    pub random: f64,
    /// How long an answer takes.
    pub latency: i64,
    /// Most calls under way at once so far.
    pub most_at_once: usize,
}

pub fn ecs(id: &str) -> TaskRef {
    TaskRef::new(Api::Ecs, Some(REGION), id).unwrap()
}

pub fn bdrc(id: &str) -> TaskRef {
    TaskRef::new(Api::Bdrc, Some("cn-shanghai"), id).unwrap()
}

pub fn cloud_control(id: &str) -> TaskRef {
    TaskRef::new(Api::CloudControl, None, id).unwrap()
}

/// So many ECS tasks: `t-0`, `t-1`, …
pub fn many(count: usize) -> Vec<TaskRef> {
    (0..count).map(|n| ecs(&format!("t-{n}"))).collect()
}

pub const THROTTLED: &str = r#"{"Code":"Throttling.User","Message":"slow down"}"#;
pub const DENIED: &str = r#"{"Code":"Forbidden.RAM","Message":"no"}"#;
pub const MISSING: &str =
    r#"{"Code":"InvalidTaskId.NotFound","Message":"The specified \"TaskId\" is not found."}"#;

impl Scenario {
    pub fn new(refs: impl IntoIterator<Item = TaskRef>, policy: Policy) -> Self {
        Self::of(Watch::new(refs, policy).unwrap())
    }

    pub fn of(watch: Watch) -> Self {
        Self {
            watch,
            now: 0,
            lives: BTreeMap::new(),
            trouble: VecDeque::new(),
            when: Box::new(|_, _| None),
            sent: Vec::new(),
            events: Vec::new(),
            end: None,
            random: 0.5,
            latency: 0,
            most_at_once: 0,
        }
    }

    /// The life of one task; without one it runs for ever.
    pub fn life(mut self, id: &str, life: &[(i64, Option<&'static str>, Option<&'static str>)]) -> Self {
        self.lives.insert(id.to_owned(), life.to_vec());
        self
    }

    /// The next call is answered so.
    pub fn trouble(mut self, trouble: Trouble) -> Self {
        self.trouble.push_back(trouble);
        self
    }

    /// Calls for which this gives something are answered so.
    pub fn when(mut self, when: impl Fn(&Call, i64) -> Option<Trouble> + 'static) -> Self {
        self.when = Box::new(when);
        self
    }

    /// Runs until it is over.
    pub fn run(self) -> Self {
        self.run_until(i64::MAX)
    }

    /// Runs until it is over or the clock shows this.
    pub fn run_until(mut self, end: i64) -> Self {
        let mut under_way: VecDeque<(i64, PollId, Call)> = VecDeque::new();
        loop {
            if under_way.front().is_some_and(|(at, ..)| *at <= self.now) {
                let (_, id, call) = under_way.pop_front().unwrap();
                self.answer(id, &call);
                continue;
            }
            match self.watch.next(Timestamp::from_millis(self.now).unwrap()) {
                Action::Done(error) => {
                    self.end = Some(error);
                    return self;
                }
                Action::Poll(id, call) => {
                    self.sent.push((self.now, call.clone()));
                    under_way.push_back((self.now + self.latency, id, call));
                    self.most_at_once = self.most_at_once.max(under_way.len());
                }
                Action::Wait(until) => {
                    let next = under_way.front().map_or(i64::MAX, |(at, ..)| *at).min(until.millis());
                    if next > end {
                        self.now = end;
                        return self;
                    }
                    assert!(next > self.now, "the watch waits for the past");
                    self.now = next;
                }
            }
        }
    }

    fn answer(&mut self, id: PollId, call: &Call) {
        let now = Timestamp::from_millis(self.now).unwrap();
        let trouble = self.trouble.pop_front().or_else(|| (self.when)(call, self.now));
        let (status, body, acs) = match trouble {
            Some(Trouble::Reply(status, body, acs)) => (status, body.to_owned(), acs),
            Some(Trouble::Nothing) => {
                let error = self.no_answer();
                let events = self.watch.on_error(id, now, self.random, error, None);
                let lines: Vec<_> = events.iter().map(|event| self.line(event)).collect();
                self.events.extend(lines);
                return;
            }
            None => self.reply(call),
        };
        let options = ParseOptions { http_status: Some(status), ..ParseOptions::default() };
        let read = parse(body.as_bytes(), &options);
        let watch = &mut self.watch;
        let mut reply;
        let events = match read {
            Ok(read) => {
                reply = read;
                if let tasklens::Body::Fault(fault) = &mut reply.body {
                    heed_retry_after(fault, acs);
                }
                match &reply.body {
                    tasklens::Body::Fault(fault) => {
                        let error = Error::from_fault((**fault).clone().into_owned());
                        watch.on_error(id, now, self.random, error, retry_hint(acs, None, None, now))
                    }
                    _ => watch.on_reply(id, now, self.random, &reply),
                }
            }
            Err(error) => watch.on_error(id, now, self.random, error, None),
        };
        let lines: Vec<_> = events.iter().map(|event| line(&self.watch, self.now, event)).collect();
        self.events.extend(lines);
    }

    fn no_answer(&self) -> Error {
        Error::network("no answer came")
    }

    fn line(&self, event: &WatchEvent<'_, '_>) -> String {
        line(&self.watch, self.now, event)
    }

    /// The task as its life has it now.
    fn state(&self, id: &str, running: &'static str) -> (Option<&'static str>, Option<&'static str>) {
        let Some(life) = self.lives.get(id) else { return (Some(running), None) };
        let at = life.iter().rev().find(|(from, ..)| *from <= self.now);
        at.map_or((None, None), |(_, status, progress)| (*status, *progress))
    }

    fn reply(&self, call: &Call) -> (u16, String, Option<&'static str>) {
        let ok = |body: String| (200, body, None);
        let id = call.value("TaskId").or_else(|| call.value("taskId")).unwrap_or_default();
        let running = match call.operation() {
            Operation::BdrcDescribeTask => "RUNNING",
            Operation::CloudControlGetTask => "Running",
            _ => "Processing",
        };
        let (status, progress) = self.state(id, running);
        match call.operation() {
            Operation::EcsDescribeTasks => {
                let ids = call.value("TaskIds").unwrap();
                let task = |id: &str| {
                    let status = self.state(id, running).0?;
                    Some(format!(r#"{{"TaskId":"{id}","TaskStatus":"{status}"}}"#))
                };
                let tasks: Vec<_> = ids.split(',').filter_map(task).collect();
                ok(format!(r#"{{"RequestId":"r","TaskSet":{{"Task":[{}]}}}}"#, tasks.join(",")))
            }
            _ if status.is_none() => (400, MISSING.to_owned(), None),
            Operation::EcsDescribeTaskAttribute => {
                let progress = progress.map_or(String::new(), |p| format!(r#","TaskProcess":"{p}""#));
                ok(format!(r#"{{"TaskId":"{id}","TaskStatus":"{}"{progress}}}"#, status.unwrap()))
            }
            Operation::BdrcDescribeTask => {
                let progress = progress.map_or(String::new(), |p| format!(r#","Progress":{p}"#));
                let inner = self.sent.len();
                ok(format!(
                    r#"{{"Data":{{"TaskId":"{id}","TaskStatus":"{}","RequestId":"{inner}"{progress}}}}}"#,
                    status.unwrap()
                ))
            }
            _ => ok(format!(r#"{{"task":{{"taskId":"{id}","status":"{}"}}}}"#, status.unwrap())),
        }
    }

    /// When calls of this operation were sent.
    pub fn times(&self, operation: Operation) -> Vec<i64> {
        self.sent.iter().filter(|(_, call)| call.operation() == operation).map(|(at, _)| *at).collect()
    }

    /// The events whose line holds this.
    pub fn told(&self, word: &str) -> Vec<&str> {
        self.events.iter().map(String::as_str).filter(|line| line.contains(word)).collect()
    }

    /// The words of the error at its end.
    pub fn overdue(&self) -> Option<String> {
        self.end.as_ref()?.as_ref().map(ToString::to_string)
    }
}

fn line(watch: &Watch, now: i64, event: &WatchEvent<'_, '_>) -> String {
    let id = |at: &usize| watch.refs()[*at].id().to_owned();
    let ids = |at: &[usize]| at.iter().map(id).collect::<Vec<_>>().join(",");
    match event {
        WatchEvent::Update { at, task, .. } => {
            let progress = task.progress.fraction().map_or(String::new(), |f| format!(" {:.0}%", f * 100.0));
            format!("{now} update {} {}{progress}", id(at), task.status.name())
        }
        WatchEvent::End { at, task } => format!("{now} end {} {}", id(at), task.status.name()),
        WatchEvent::Gone { at } => format!("{now} gone {}", id(at)),
        WatchEvent::Retry { at, error, delay_ms } => {
            format!("{now} retry {} {} in {delay_ms}", ids(at), error.code().as_str())
        }
        WatchEvent::GivenUp { at, error } => format!("{now} given up {} {}", ids(at), error.code().as_str()),
        other => panic!("no line for {other:?}"),
    }
}
