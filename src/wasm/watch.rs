//! The watch's drive: asks the machine what to do, does it, hands in the answers, and tells JavaScript what they told.

use super::alarm::Alarm;
use super::call::{absent, object, property, read_ref};
use super::client::read_signal;
use super::connection::Connection;
use super::failure::Failure;
use super::request;
use super::settings::number;
use super::tape::{self, Plain, Shape, Tape};
use crate::{Action, Call, Error, Policy, PollId, Reply, TaskRef, Timestamp, Watch, WatchEvent};
use js_sys::{Array, Date, Function, Math, Promise, Reflect};
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, AbortSignal};

/// A watch under way.
#[wasm_bindgen]
pub struct Watching(Rc<Drive>);

struct Drive {
    connection: Rc<Connection>,
    watch: RefCell<Watch>,
    /// The caller's own.
    signal: Option<AbortSignal>,
    /// Ends what is under way when the watch is over.
    over: AbortController,
    is_over: Cell<bool>,
    /// There is news for the machine.
    news: Cell<bool>,
    waker: RefCell<Option<Waker>>,
    /// What the caller kept in the state that the watch went on from.
    kept: Option<String>,
}

#[wasm_bindgen]
impl Watching {
    /// What the caller kept in the state that this watch went on from; none for a new one.
    #[wasm_bindgen(getter)]
    pub fn kept(&self) -> Option<String> {
        self.0.kept.clone()
    }

    /// The tasks, in the order in which events call them by number.
    pub fn refs(&self) -> JsValue {
        tape::build(&self.0.watch.borrow().refs())
    }

    /// Watches until it is over; `tell` gets each event. Resolves when no task is left or [`Watching::stop`] was called;
    /// rejects when aborted or past the deadline.
    pub fn run(&self, tell: Function) -> Promise {
        let drive = Rc::clone(&self.0);
        super::client::promise(async move {
            let end = Drive::run(&drive, &tell).await;
            drive.finish();
            end.map(|()| JsValue::UNDEFINED)
        })
    }

    /// Asks no more, and ends what is under way.
    pub fn stop(&self) {
        self.0.finish();
    }

    /// Asks nothing for a while.
    pub fn pause(&self) {
        self.0.watch.borrow_mut().pause();
    }

    /// Goes on, and catches up at once.
    pub fn resume(&self) {
        self.0.watch.borrow_mut().resume(now());
        self.0.wake();
    }

    /// Asks for this task soon, if it is watched: it was cancelled.
    ///
    /// # Errors
    /// `request`, naming the field.
    pub fn hurry(&self, task: &JsValue) -> Result<(), JsValue> {
        self.0.watch.borrow_mut().hurry(&read_ref(task).map_err(super::throw)?, now());
        self.0.wake();
        Ok(())
    }

    /// All that is needed to go on; `kept` is the caller's to carry along.
    pub fn state(&self, kept: &str) -> String {
        self.0.watch.borrow().state(kept)
    }
}

/// Begins a watch over `refs`, one or a list, by the contract's `WatchOptions`.
///
/// # Errors
/// `request`, naming the field.
pub(super) fn begin(
    connection: Rc<Connection>,
    refs: &JsValue,
    options: &JsValue,
) -> Result<Watching, Failure> {
    let option = |name: &str| match absent(options) {
        true => None,
        false => Some(property(options, name)).filter(|value| !absent(value)),
    };
    if !absent(options) {
        object(options, "options")?;
    }
    let signal = read_signal(option("signal").unwrap_or_default())?;
    let refs = read_refs(refs)?;
    let (watch, kept) = match option("resume") {
        None => (Watch::new(refs, policy(Policy::default(), &option)?)?, None),
        Some(text) => {
            let text = text.as_string().ok_or_else(|| request("expected a string").path("resume"))?;
            let (mut watch, kept) = Watch::restore(&text)?;
            watch.set_policy(policy(watch.policy(), &option)?)?;
            watch.extend(refs);
            (watch, Some(kept.to_owned()))
        }
    };
    let missing =
        |cause| Failure::new(crate::ErrorCode::Request, "this platform has no AbortController", cause);
    Ok(Watching(Rc::new(Drive {
        connection,
        watch: RefCell::new(watch),
        signal,
        over: AbortController::new().map_err(missing)?,
        is_over: Cell::new(false),
        news: Cell::new(false),
        waker: RefCell::new(None),
        kept,
    })))
}

fn read_refs(refs: &JsValue) -> Result<Vec<TaskRef>, Error> {
    if absent(refs) {
        return Ok(Vec::new());
    }
    let Some(list) = refs.dyn_ref::<Array>() else { return Ok(vec![read_ref(refs)?]) };
    let read = |(index, task): (usize, JsValue)| {
        read_ref(&task).map_err(|error| {
            let path = format!("refs[{index}].{}", error.field_path().unwrap_or_default());
            error.path(path)
        })
    };
    list.iter().enumerate().map(read).collect()
}

/// The policy with what the options say.
fn policy(mut policy: Policy, option: &impl Fn(&str) -> Option<JsValue>) -> Result<Policy, Error> {
    let interval = number(option("intervalMs"), "intervalMs", 1, Policy::LONGEST_INTERVAL_MS)?;
    let most = number(option("maxIntervalMs"), "maxIntervalMs", 1, Policy::LONGEST_INTERVAL_MS)?;
    policy = policy.with_intervals(interval, most);
    if let Some(ms) = number(option("deadlineMs"), "deadlineMs", 1, Policy::LONGEST_DEADLINE_MS)? {
        policy.deadline_ms = ms;
    }
    if let Some(factor) = option("factor") {
        policy.factor = factor.as_f64().unwrap_or(f64::NAN);
    }
    if let Some(progress) = option("progress") {
        let wanted = progress.as_bool().ok_or_else(|| request("expected true or false").path("progress"))?;
        policy.progress = Some(wanted);
    }
    policy.checked()
}

impl Drive {
    async fn run(drive: &Rc<Self>, tell: &Function) -> Result<(), Failure> {
        loop {
            if drive.signal.as_ref().is_some_and(AbortSignal::aborted) {
                return Err(Failure::aborted(drive.signal.as_ref()));
            }
            if drive.is_over.get() {
                return Ok(());
            }
            let action = drive.watch.borrow_mut().next(now());
            match action {
                Action::Done(None) => return Ok(()),
                Action::Done(Some(overdue)) => return Err(overdue.into()),
                Action::Poll(id, call) => spawn_local(Self::poll(Rc::clone(drive), tell.clone(), id, call)),
                Action::Wait(until) => {
                    let ms = u64::try_from(until.millis() - now().millis()).unwrap_or_default();
                    let _ = Alarm::set(ms, drive.signal.as_ref()).race(drive.until_news()).await;
                }
            }
        }
    }

    /// One poll, from its request to the telling of what it brought.
    async fn poll(drive: Rc<Self>, tell: Function, id: PollId, call: Call) {
        let answer = drive.connection.attempt(&call, Some(&drive.over.signal())).await;
        if drive.is_over.get() {
            return;
        }
        let told = match answer {
            Err(failure) => drive.failed(id, failure),
            Ok(answer) => match answer.reply() {
                Err(failure) => drive.failed(id, failure),
                Ok(reply) => drive.replied(id, &reply),
            },
        };
        // With nothing borrowed: who is told may call back.
        if let Some(told) = told {
            let _ = tell.call1(&JsValue::UNDEFINED, &told);
        }
        drive.wake();
    }

    fn replied(&self, id: PollId, reply: &Reply<'_>) -> Option<JsValue> {
        let events = self.watch.borrow_mut().on_reply(id, now(), Math::random(), reply);
        written(&events, &JsValue::UNDEFINED)
    }

    fn failed(&self, id: PollId, Failure { error, cause, hint }: Failure) -> Option<JsValue> {
        let events = self.watch.borrow_mut().on_error(id, now(), Math::random(), error, hint);
        written(&events, &cause)
    }

    fn wake(&self) {
        self.news.set(true);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    async fn until_news(&self) {
        poll_fn(|context| match self.news.replace(false) {
            true => Poll::Ready(()),
            false => {
                self.waker.replace(Some(context.waker().clone()));
                Poll::Pending
            }
        })
        .await;
    }

    fn finish(&self) {
        if !self.is_over.replace(true) {
            self.over.abort();
            self.wake();
        }
    }
}

fn now() -> Timestamp {
    Timestamp::from_millis(Date::now() as i64).unwrap_or(Timestamp::LAST)
}

/// A task's reference, in the contract's shape.
impl Plain for TaskRef {
    fn write(&self, tape: &mut Tape) {
        tape.shape(Shape::Ref);
        tape.bare(self.api() as u32);
        tape.maybe_word(self.region());
        tape.text(self.id());
    }
}

/// An event for `watch.js`, which puts references and tasks in the place of numbers.
impl Plain for WatchEvent<'_, '_> {
    fn write(&self, tape: &mut Tape) {
        let numbers = |tape: &mut Tape, at: &[usize]| {
            tape.list(at.len());
            at.iter().for_each(|at| tape.number(*at as f64));
        };
        match self {
            Self::Update { at, task, estimate } => {
                tape.shape(Shape::Update);
                tape.number(*at as f64);
                tape.one_task(task);
                tape.maybe(estimate.as_ref().map(|estimate| estimate as _));
            }
            Self::End { at, task } => {
                tape.shape(Shape::End);
                tape.number(*at as f64);
                tape.one_task(task);
            }
            Self::Gone { at } => {
                tape.shape(Shape::Gone);
                tape.number(*at as f64);
            }
            Self::Retry { at, delay_ms, .. } => {
                tape.shape(Shape::Retry);
                numbers(tape, at);
                tape.number(*delay_ms as f64);
            }
            Self::GivenUp { at, .. } => {
                tape.shape(Shape::GivenUp);
                numbers(tape, at);
            }
        }
    }
}

/// What one answer told, in one crossing; nothing, if it told nothing.
fn written(events: &[WatchEvent<'_, '_>], cause: &JsValue) -> Option<JsValue> {
    if events.is_empty() {
        return None;
    }
    let told = tape::build(&events);
    for (index, event) in events.iter().enumerate() {
        if let WatchEvent::Retry { error, .. } | WatchEvent::GivenUp { error, .. } = event {
            let thrown = Failure { cause: cause.clone(), ..error.clone().into() }.thrown();
            let event = Reflect::get_u32(&told, index as u32).unwrap_or_default();
            // Cannot fail: the object is ours.
            let _ = Reflect::set(&event, &"error".into(), &thrown);
        }
    }
    Some(told)
}
