//! One round of a watch in which every task has changed, on made-up time: the machine's own work, without a socket.

use std::hint::black_box;
use std::rc::Rc;
use tasklens::{Action, Api, Body, Call, Operation, ParseOptions, Policy, TaskRef, Timestamp, Watch, parse};

const REGION: &str = "cn-hangzhou";
const MINUTES: u64 = 60_000;

/// A watch before its second round, and the answers that it will get.
#[derive(Clone)]
pub(crate) struct Round {
    watch: Watch,
    now: Timestamp,
    answers: Rc<[String]>,
}

impl Round {
    /// All ECS, in as few calls as can be.
    pub(crate) fn of(tasks: usize) -> Self {
        let refs =
            (0..tasks).map(|n| TaskRef::new(Api::Ecs, Some(REGION), &format!("t-bp1{n:017}")).unwrap());
        let policy = Policy {
            interval_ms: MINUTES,
            max_interval_ms: MINUTES,
            progress: Some(false),
            ..Policy::default()
        };
        let watch = Watch::new(refs, policy).unwrap();
        let mut round = Self { watch, now: Timestamp::default(), answers: Rc::new([]) };
        let polls = tasks.div_ceil(100);
        round.answers = round.clone().asked(polls).iter().map(|call| answer(call, "Waiting")).collect();
        round.run();
        round.answers = round.clone().asked(polls).iter().map(|call| answer(call, "Processing")).collect();
        round
    }

    /// What the next round will ask, found out by running it with the old answers, whose tasks are the same.
    fn asked(mut self, polls: usize) -> Vec<Call> {
        let mut calls = Vec::new();
        let mut empty = Vec::new();
        while calls.len() < polls {
            match self.watch.next(self.now) {
                Action::Wait(until) => self.now = until,
                Action::Poll(id, call) => {
                    empty.push(answer(&call, "Waiting"));
                    let reply = parse(empty.last().unwrap().as_bytes(), &options()).unwrap();
                    self.watch.on_reply(id, self.now, 0.5, &reply);
                    calls.push(call);
                }
                Action::Done(_) => panic!("it goes on"),
            }
        }
        calls
    }

    /// How many tasks told something new: all of them.
    pub(crate) fn run(&mut self) -> usize {
        let answers = Rc::clone(&self.answers);
        let (mut left, mut news) = (answers.iter(), 0);
        while left.len() > 0 {
            match self.watch.next(self.now) {
                Action::Wait(until) => self.now = until,
                Action::Poll(id, _) => {
                    let reply = parse(left.next().unwrap().as_bytes(), &options()).unwrap();
                    news += black_box(self.watch.on_reply(id, self.now, 0.5, &reply)).len();
                }
                Action::Done(_) => panic!("it goes on"),
            }
        }
        news
    }

    /// Reading the same answers, and nothing else.
    pub(crate) fn parse(&self) -> usize {
        let tasks = |body: &String| match black_box(parse(body.as_bytes(), &options())).unwrap().body {
            Body::Tasks(list) => list.tasks.len(),
            other => panic!("{other:?}"),
        };
        self.answers.iter().map(tasks).sum()
    }
}

/// As the client reads it.
fn options() -> ParseOptions {
    ParseOptions {
        operation: Some(Operation::EcsDescribeTasks),
        http_status: Some(200),
        ..ParseOptions::default()
    }
}

/// The tasks that a call asks for, as the cloud has them.
fn answer(call: &Call, status: &str) -> String {
    let task = |id: &str| {
        format!(
            r#"{{"CreationTime":"2026-03-01T08:00Z","TaskStatus":"{status}","FinishedTime":"","SupportCancel":"true","TaskId":"{id}","TaskAction":"ExportImage","ResourceId":"m-bp1mft29cx39ybl69tlx"}}"#
        )
    };
    let tasks: Vec<_> = call.value("TaskIds").unwrap().split(',').map(task).collect();
    format!(
        r#"{{"PageSize":100,"PageNumber":1,"RequestId":"473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E","TotalCount":{},"RegionId":"{REGION}","TaskSet":{{"Task":[{}]}}}}"#,
        tasks.len(),
        tasks.join(",")
    )
}
