//! The client's exports: what to send, what an answer says, how long to wait. The package's `connection.js` does it.

use super::call::{object, read_call, read_ref};
use super::given::{self, absent, property};
use super::options::whole;
use super::shapes::Rows;
use super::tape::{self, Plain, Shape, Tape};
use super::{request, throw};
use crate::error::integer_rule;
use crate::text::cut;
use crate::{
    Api, Body, Call, Error, ErrorCode, Extra, Jitter, Limits, Operation, Pages, ParseOptions, Reply,
};
use crate::{RetryPolicy, Timestamp, heed_retry_after, retry_hint};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::Headers;

/// A call to send; `call` is the contract's `Call`.
///
/// # Errors
/// `request`, naming the field.
#[wasm_bindgen(js_name = sendCall)]
pub fn send_call(call: &JsValue) -> Result<JsValue, JsValue> {
    sent(read_call(call))
}

/// The call to send that asks for the task that `task` refers to.
///
/// # Errors
/// `request`, naming the field.
#[wasm_bindgen(js_name = sendDescribe)]
pub fn send_describe(task: &JsValue) -> Result<JsValue, JsValue> {
    sent(read_ref(task).map(|task| task.describe()))
}

/// The call to send that cancels the task that `task` refers to.
///
/// # Errors
/// `request`, naming the field.
#[wasm_bindgen(js_name = sendCancel)]
pub fn send_cancel(task: &JsValue) -> Result<JsValue, JsValue> {
    sent(read_ref(task).and_then(|task| task.cancel()))
}

fn sent(call: Result<Call, Error>) -> Result<JsValue, JsValue> {
    call.map(|call| tape::build(&call)).map_err(throw)
}

/// As it goes to the proxy, and the number of the operation, by which its answer is read.
impl Plain for Call {
    fn write(&self, tape: &mut Tape) {
        let (method, path) = self.proxied();
        tape.shape(Shape::Sending);
        tape.text(method);
        tape.text(&path);
        tape.bare(self.operation() as u32);
        tape.flag(!self.operation().is_cancel());
        // Only ECS writes XML.
        tape.flag(self.operation().api() == Api::Ecs);
    }
}

/// The reply to a call.
///
/// # Errors
/// `fault` where the API refused; as [`super::parse`].
#[wasm_bindgen(js_name = readAnswer)]
pub fn read_answer(
    operation: usize,
    status: u16,
    headers: &Headers,
    body: &Uint8Array,
) -> Result<JsValue, JsValue> {
    let answer = Answer { operation, status, headers, body: &body.to_vec() };
    answer.reply().map(|reply| tape::build(&reply)).map_err(throw)
}

/// How long the server asks to be waited for, in milliseconds, or NaN; `now` is the clock's.
#[wasm_bindgen(js_name = hintOf)]
pub fn hint_of(headers: &Headers, now: f64) -> f64 {
    wait_wanted(headers, now).map_or(f64::NAN, |ms| ms as f64)
}

pub(super) fn wait_wanted(headers: &Headers, now: f64) -> Option<u64> {
    let [acs_retry_after, retry_after, date] =
        ["x-acs-retry-after", "retry-after", "date"].map(|name| header(headers, name));
    retry_hint(acs_retry_after.as_deref(), retry_after.as_deref(), date.as_deref(), moment(now))
}

/// The milliseconds of [`hint_of`].
pub(super) fn hinted(hint: f64) -> Option<u64> {
    (!hint.is_nan()).then_some(hint as u64)
}

/// Whether a call may be tried again after an error that the script around has met; `status` where it is the proxy that refused.
#[wasm_bindgen(js_name = isRetryable)]
pub fn is_retryable(code: &JsValue, status: u16) -> bool {
    let error = match met(code) {
        ErrorCode::Proxy => Error::from_proxy(status, ""),
        code => Error::new(code, ""),
    };
    error.is_retryable()
}

/// The code of an error that the script around has met.
pub(super) fn met(code: &JsValue) -> ErrorCode {
    match given::text(code).as_deref() {
        Some("request") => ErrorCode::Request,
        Some("limit") => ErrorCode::Limit,
        Some("timeout") => ErrorCode::Timeout,
        Some("proxy") => ErrorCode::Proxy,
        _ => ErrorCode::Network,
    }
}

/// An answer that came from the API, as the script around has it.
pub(super) struct Answer<'a> {
    pub(super) operation: usize,
    pub(super) status: u16,
    pub(super) headers: &'a Headers,
    pub(super) body: &'a [u8],
}

impl<'a> Answer<'a> {
    /// What it says.
    ///
    /// # Errors
    /// `fault` where the API refused; as [`crate::parse`].
    pub(super) fn reply(&self) -> Result<Reply<'a>, Error> {
        let operation = Operation::from_number(self.operation);
        if self.is_bare_success(operation) {
            let request_id = header(self.headers, "x-acs-request-id").map(Into::into);
            return Ok(Reply { request_id, findings: Vec::new(), body: Body::Accepted(Extra::default()) });
        }
        let options = ParseOptions { http_status: Some(self.status), operation, ..ParseOptions::default() };
        let reply = crate::parse(self.body, &options)?;
        let Body::Fault(mut fault) = reply.body else { return Ok(reply) };
        heed_retry_after(&mut fault, header(self.headers, "x-acs-retry-after").as_deref());
        Err(Error::from_fault(fault.into_owned()))
    }

    /// 204 has no body and is a success (api.md section 4); so is nothing at all in answer to a cancel.
    fn is_bare_success(&self, operation: Option<Operation>) -> bool {
        let is_success = (200..300).contains(&self.status);
        let is_cancel = operation.is_some_and(Operation::is_cancel);
        self.status == 204 || (is_success && is_cancel && self.body.is_empty())
    }
}

fn header(headers: &Headers, name: &str) -> Option<String> {
    given::text(&given::header(headers, name))
}

/// How long a client waits: for one attempt, and before it tries again.
struct Patience {
    timeout_ms: u64,
    retry: RetryPolicy,
}

/// The contract's `timeoutMs` and `retry`, checked and whole; with how many bytes an answer may have at most.
///
/// # Errors
/// `request`, naming the option.
#[wasm_bindgen(js_name = patienceOf)]
pub fn patience_of(options: &JsValue) -> Result<JsValue, JsValue> {
    patience(options).map(|patience| tape::build(&patience)).map_err(throw)
}

fn patience(options: &JsValue) -> Result<Patience, Error> {
    let timeout_ms = number(options, "timeoutMs", 1, i32::MAX as u64)?.unwrap_or(15_000);
    Ok(Patience { timeout_ms, retry: retry(&property(options, "retry"))? })
}

impl Plain for Patience {
    fn write(&self, tape: &mut Tape) {
        tape.shape(Shape::Patience);
        tape.number(self.timeout_ms as f64);
        tape.number(Limits::default().bytes as f64);
        let RetryPolicy { attempts, initial_ms, factor, cap_ms, jitter } = self.retry;
        tape.number(attempts.into());
        tape.number(initial_ms as f64);
        tape.number(factor);
        tape.number(cap_ms as f64);
        tape.text(if jitter == Jitter::Full { "full" } else { "none" });
    }
}

/// How long to wait before this retry, from 1, in milliseconds; `policy` is that of [`patience_of`]. `random` is from 0 to 1.
/// `hint` is that of [`hint_of`].
#[wasm_bindgen(js_name = retryDelay)]
pub fn retry_delay(policy: &JsValue, nth: u32, random: f64, hint: f64) -> f64 {
    retry(policy).unwrap_or_default().delay(nth, random, hinted(hint)) as f64
}

fn retry(options: &JsValue) -> Result<RetryPolicy, Error> {
    let mut policy = RetryPolicy::default();
    if absent(options) {
        return Ok(policy);
    }
    object(options, "retry")?;
    let most = u64::from(RetryPolicy::MOST_ATTEMPTS);
    if let Some(attempts) = number(options, "retry.attempts", 0, most)? {
        policy.attempts = attempts as u32;
    }
    let initial = number(options, "retry.initialMs", 0, RetryPolicy::LONGEST_MS)?;
    let cap = number(options, "retry.capMs", 0, RetryPolicy::LONGEST_MS)?;
    policy = policy.with_delays(initial, cap);
    policy.factor = numeric(options, "retry.factor").unwrap_or(policy.factor);
    let jitter = property(options, "jitter");
    policy.jitter = match given::text(&jitter).as_deref() {
        None if absent(&jitter) => policy.jitter,
        Some("full") => Jitter::Full,
        Some("none") => Jitter::None,
        _ => return Err(request("expected `full` or `none`").path("retry.jitter")),
    };
    policy.checked()
}

/// The option at the end of `path`, where it is given; NaN, where it is no number.
pub(super) fn numeric(options: &JsValue, path: &str) -> Option<f64> {
    let name = cut(path, b'.').map_or(path, |(_, name)| name);
    let value = property(options, name);
    (!absent(&value)).then(|| given::number(&value).unwrap_or(f64::NAN))
}

/// A whole number, where it is given.
pub(super) fn number(options: &JsValue, path: &str, least: u64, most: u64) -> Result<Option<u64>, Error> {
    let Some(number) = numeric(options, path) else { return Ok(None) };
    let wrong = || request("expected ".to_owned() + &integer_rule(least, most)).path(path);
    whole(number, least, most).map(Some).ok_or_else(wrong)
}

/// The clock's milliseconds.
pub(super) fn moment(now: f64) -> Timestamp {
    Timestamp::from_millis(now as i64).unwrap_or(Timestamp::LAST)
}

/// A walk over every page of a list.
#[wasm_bindgen]
pub struct Walk(Pages);

#[wasm_bindgen]
impl Walk {
    /// `list` is a call of the contract that asks for a list.
    ///
    /// # Errors
    /// `request`, naming the field.
    #[wasm_bindgen(constructor)]
    pub fn new(list: &JsValue) -> Result<Self, JsValue> {
        read_call(list).and_then(Pages::new).map(Self).map_err(throw)
    }

    /// The call to send for the next page; `undefined` at the end.
    ///
    /// # Errors
    /// `invalid`, where the server's pages would never end.
    pub fn next(&self) -> Result<JsValue, JsValue> {
        let call = self.0.next().map_err(throw)?;
        Ok(call.map_or(JsValue::UNDEFINED, |call| tape::build(call)))
    }

    /// The tasks of the page that no page before had.
    ///
    /// # Errors
    /// As [`read_answer`]; `unrecognized` for another kind of reply.
    pub fn take(
        &mut self,
        operation: usize,
        status: u16,
        headers: &Headers,
        body: &Uint8Array,
    ) -> Result<JsValue, JsValue> {
        let answer = Answer { operation, status, headers, body: &body.to_vec() };
        let mut reply = answer.reply().map_err(throw)?;
        let Body::Tasks(list) = &mut reply.body else {
            let detail = "expected a list of tasks, found a reply of another kind";
            return Err(throw(Error::new(ErrorCode::Unrecognized, detail)));
        };
        self.0.sift(list);
        Ok(tape::build(&Rows(&list.tasks)))
    }
}
