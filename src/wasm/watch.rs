//! The watch's exports: the machine of [`crate::Watch`], for the package's `polling.js` to drive.

use super::call::{object, read_ref};
use super::client::{Answer, hinted, met, moment, number, numeric, wait_wanted};
use super::given::{absent, flag, list, text};
use super::options::optional;
use super::tape::{self, Plain, Shape, Tape};
use super::throw;
use crate::watch::Idle;
use crate::{Call, Error, Policy, PollId, TaskRef, Watch, WatchEvent};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::Headers;

/// A watch under way.
#[wasm_bindgen]
pub struct Watching {
    watch: Watch,
    kept: Option<String>,
}

#[wasm_bindgen]
impl Watching {
    /// A watch over `refs`, one, a list or none, by the contract's `WatchOptions`. With `resume` the watch that this state is of, and
    /// these tasks, too.
    ///
    /// # Errors
    /// `request`, naming the field.
    #[wasm_bindgen(constructor)]
    pub fn new(refs: &JsValue, options: &JsValue) -> Result<Self, JsValue> {
        begin(refs, options).map_err(throw)
    }

    /// What the caller kept in the state that this watch went on from; none for a new one.
    #[wasm_bindgen(getter)]
    pub fn kept(&self) -> JsValue {
        self.kept.as_deref().map_or(JsValue::UNDEFINED, JsValue::from_str)
    }

    /// The tasks, in the order in which events call them by number.
    pub fn refs(&self) -> JsValue {
        tape::build(&self.watch.refs())
    }

    /// What to do now: a poll with its number and, unless it is what it was, what to send; so many milliseconds of waiting; or
    /// nothing any more.
    ///
    /// # Errors
    /// `deadline`, when it is past.
    pub fn next(&mut self, now: f64) -> Result<JsValue, JsValue> {
        let now = moment(now);
        match self.watch.due(now) {
            Ok(id) => Ok(tape::build(&Poll { id, call: self.watch.other_call(id) })),
            Err(Idle::Wait(until)) => Ok(((until.millis() - now.millis()) as f64).into()),
            Err(Idle::Done(Some(overdue))) => Err(throw(overdue)),
            Err(Idle::Done(None)) => Ok(JsValue::UNDEFINED),
        }
    }

    /// What an answer told: a list of events, or nothing.
    #[expect(
        clippy::too_many_arguments,
        reason = "an object would have to be taken apart here, at each poll"
    )]
    pub fn replied(
        &mut self,
        id: usize,
        now: f64,
        random: f64,
        operation: usize,
        status: u16,
        headers: &Headers,
        body: &Uint8Array,
    ) -> JsValue {
        let poll = PollId(id);
        match (Answer { operation, status, headers, body: &body.to_vec() }).reply() {
            Ok(reply) => written(&self.watch.on_reply(poll, moment(now), random, &reply)),
            Err(error) => {
                let hint = wait_wanted(headers, now);
                written(&self.watch.on_error(poll, moment(now), random, error, hint))
            }
        }
    }

    /// No answer came; `code` and `retryable` are those of the error, which is not told again, `hint` is that of
    /// [`super::hint_of`]. As [`Watching::replied`].
    pub fn failed(
        &mut self,
        id: usize,
        now: f64,
        random: f64,
        code: &JsValue,
        retryable: bool,
        hint: f64,
    ) -> JsValue {
        let error = Error::new(met(code), "").retryable(retryable);
        written(&self.watch.on_error(PollId(id), moment(now), random, error, hinted(hint)))
    }

    /// Asks nothing for a while.
    pub fn pause(&mut self) {
        self.watch.pause();
    }

    /// Goes on, and catches up at once.
    pub fn resume(&mut self, now: f64) {
        self.watch.resume(moment(now));
    }

    /// Asks for this task soon, if it is watched: it was cancelled.
    ///
    /// # Errors
    /// `request`, naming the field.
    pub fn hurry(&mut self, task: &JsValue, now: f64) -> Result<(), JsValue> {
        self.watch.hurry(&read_ref(task).map_err(throw)?, moment(now));
        Ok(())
    }

    /// All that is needed to go on; `kept` is the caller's to carry along.
    pub fn state(&self, kept: &JsValue) -> JsValue {
        self.watch.state(&text(kept).unwrap_or_default()).into()
    }
}

fn begin(refs: &JsValue, options: &JsValue) -> Result<Watching, Error> {
    object(options, "options")?;
    let resume = optional(options, "resume", "expected a string", text)?;
    let progress = optional(options, "progress", "expected true or false", flag)?;
    let refs = read_refs(refs)?;
    let mut watching = Watching { watch: Watch::empty(), kept: None };
    let watch = &mut watching.watch;
    if let Some(state) = resume {
        watching.kept = Some(watch.take_up(&state)?.to_owned());
    }
    watch.set_policy(asked(options, progress, watch.policy())?)?;
    watch.extend(refs);
    watch.check()?;
    Ok(watching)
}

fn read_refs(refs: &JsValue) -> Result<Vec<TaskRef>, Error> {
    let mut read = Vec::new();
    if let Some(list) = list(refs) {
        for index in 0..list.length() {
            read.push(read_ref(&list.get(index)).map_err(|error| {
                let path = format!("refs[{index}].{}", error.field_path().unwrap_or_default());
                error.path(path)
            })?);
        }
    } else if !absent(refs) {
        read.push(read_ref(refs)?);
    }
    Ok(read)
}

/// The policy with what was asked for.
fn asked(options: &JsValue, progress: Option<bool>, policy: Policy) -> Result<Policy, Error> {
    let interval = number(options, "intervalMs", 1, Policy::LONGEST_INTERVAL_MS)?;
    let most = number(options, "maxIntervalMs", 1, Policy::LONGEST_INTERVAL_MS)?;
    let mut policy = policy.with_intervals(interval, most);
    if let Some(ms) = number(options, "deadlineMs", 1, Policy::LONGEST_DEADLINE_MS)? {
        policy.deadline_ms = ms;
    }
    policy.factor = numeric(options, "factor").unwrap_or(policy.factor);
    policy.progress = progress.or(policy.progress);
    Ok(policy)
}

/// A call that the machine wants sent.
struct Poll {
    id: PollId,
    /// None for the one that was told before.
    call: Option<Call>,
}

impl Plain for Poll {
    fn write(&self, tape: &mut Tape) {
        tape.shape(Shape::Poll);
        tape.number(self.id.0 as f64);
        tape.maybe(self.call.as_ref().map(|call| call as _));
    }
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
            Self::Retry { at, error, delay_ms } => {
                tape.shape(Shape::Retry);
                numbers(tape, at);
                error.write(tape);
                tape.number(*delay_ms as f64);
            }
            Self::GivenUp { at, error } => {
                tape.shape(Shape::GivenUp);
                numbers(tape, at);
                error.write(tape);
            }
        }
    }
}

/// Events in one crossing; `undefined`, where there are none.
fn written(events: &[WatchEvent<'_, '_>]) -> JsValue {
    if events.is_empty() { JsValue::UNDEFINED } else { tape::build(&events) }
}
