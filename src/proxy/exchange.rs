//! The machine: one request of a caller, from its arrival to its answer.

use super::access;
use super::config::{Config, ProxyEnv};
use super::incoming::{self, Carries, Incoming};
use super::outgoing::{self, Attempt, SignedRequest};
use super::problem::Refusal;
use super::redact::Redactor;
use super::reply::{Response, Upstream};
use crate::model::{FaultKind, Timestamp, read_http_date};
use crate::request::{Call, proxied_method};
use crate::retry::{Jitter, RetryPolicy, retry_hint};
use crate::schema::fault_kind;
use crate::text::find_in_any_case;

/// All attempts together, in milliseconds: within the 15 s that the package's client waits for one answer.
pub const DEADLINE_MS: u64 = 14_000;

/// One attempt, its body read, in milliseconds. The official SDK waits 10 s for DescribeTaskAttribute (*seen* in
/// `aliyun-python-sdk-core` 2.16.1, `timeout_config.json`).
pub const TIMEOUT_MS: u64 = 10_000;

/// An attempt with less time left than this is not begun: it would only end as a timeout.
const LEAST_MS: u64 = 500;

/// For reads, after trouble that is likely to pass.
const RETRY: RetryPolicy =
    RetryPolicy { attempts: 2, initial_ms: 100, factor: 2.0, cap_ms: 1000, jitter: Jitter::Full };

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Find that out and report it with [`Exchange::answered`].
    Ask(Question),
    /// Send it, read the whole answer, and report it with [`Exchange::replied`] or [`Exchange::failed`].
    Send(SignedRequest),
    /// Wait so many milliseconds, then call [`Exchange::waited`].
    Wait(u64),
    /// Answer the caller; there is no further step.
    Respond(Response),
}

/// What only the host can find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Does the host's own check let the caller in?
    Authorized,
    /// Is there a byte in the body, whose length nobody said?
    HasBody,
}

/// Why an attempt brought no whole answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The connection failed, at any time.
    Network,
    /// It took longer than it may.
    Timeout,
    /// It was over [`MOST_BYTES`](super::MOST_BYTES).
    Oversize,
    /// The caller left.
    Aborted,
}

/// What the core does not know by itself, anew for every report.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The host's clock.
    pub now: Timestamp,
    /// Milliseconds since the request arrived, by a clock that nobody sets.
    pub elapsed_ms: u64,
    /// From 0 to 1.
    pub random: f64,
    /// A text that was never used before.
    pub nonce: &'a str,
}

/// One request of a caller, on its way through the proxy.
pub struct Exchange {
    config: Config,
    /// The page's origin, if it may read the answer.
    origin: Option<String>,
    caller: Caller,
    /// What is asked, once it is known to be allowed.
    call: Option<Call>,
    retries: u32,
    /// The server's clock less ours, in milliseconds, once it had to be asked for.
    clock: Option<i64>,
    signatures: Vec<String>,
    step: Step,
}

/// What a decision leads to.
enum Next {
    /// Another attempt, to be signed.
    Send,
    Step(Step),
}

/// What is still needed of the request after its first checks.
struct Caller {
    method: String,
    base: String,
    path: String,
    query: String,
    wants_xml: bool,
    carries: Carries,
}

impl Exchange {
    /// Begins. `base` is the path that the proxy lives below; with `asks_host`, the host is asked who may enter, in place of
    /// the tokens.
    pub fn begin(request: Incoming<'_>, env: ProxyEnv, base: &str, asks_host: bool, at: Moment<'_>) -> Self {
        let accept = request.accept.unwrap_or_default();
        let caller = Caller {
            method: request.method.to_owned(),
            base: base.to_owned(),
            path: request.path.to_owned(),
            query: request.query.to_owned(),
            wants_xml: find_in_any_case(accept, "xml").is_some(),
            carries: request.carries(),
        };
        let config = Config::of(env);
        let step = Step::Wait(0);
        let (call, origin, signatures) = (None, None, Vec::new());
        let mut exchange = Self { config, origin, caller, call, retries: 0, clock: None, signatures, step };
        let entered = exchange.enter(&request, asks_host);
        exchange.go(entered, at);
        exchange
    }

    /// What to do now. Asking again gives the same answer.
    pub fn step(&self) -> &Step {
        &self.step
    }

    /// The answer to the question that [`Exchange::step`] asks.
    pub fn answered(&mut self, yes: bool, at: Moment<'_>) {
        let next = match self.step {
            Step::Ask(Question::Authorized) if yes => self.admit(),
            Step::Ask(Question::Authorized) => Err(Refusal::NoToken),
            Step::Ask(Question::HasBody) if yes => Err(Refusal::HasBody),
            Step::Ask(Question::HasBody) => Ok(Next::Send),
            Step::Send(_) | Step::Wait(_) | Step::Respond(_) => return,
        };
        self.go(next, at);
    }

    /// The whole answer of the API to what [`Exchange::step`] sends.
    pub fn replied(&mut self, reply: &Upstream<'_>, at: Moment<'_>) {
        let Step::Send(_) = self.step else { return };
        let next = match reply.status {
            200..300 => Ok(Next::Step(Step::Respond(Response::of(reply)))),
            400..600 => Ok(self.after_fault(reply, at)),
            status => Err(Refusal::Redirected(status)),
        };
        self.go(next, at);
    }

    /// What [`Exchange::step`] sends brought no whole answer.
    pub fn failed(&mut self, failure: Failure, at: Moment<'_>) {
        let Step::Send(_) = self.step else { return };
        let next = match failure {
            Failure::Network => self.retry(None, at).ok_or(Refusal::Unreachable),
            // What took that long once would take up the rest of the time, too.
            Failure::Timeout => Err(Refusal::TooSlow),
            Failure::Oversize => Err(Refusal::TooLarge),
            // Nobody reads it.
            Failure::Aborted => Err(Refusal::Unreachable),
        };
        self.go(next, at);
    }

    /// The time that [`Exchange::step`] asks for has passed.
    pub fn waited(&mut self, at: Moment<'_>) {
        if let Step::Wait(_) = self.step {
            self.go(Ok(Next::Send), at);
        }
    }

    /// From the arrival to the question who it is.
    fn enter(&mut self, request: &Incoming<'_>, asks_host: bool) -> Result<Next, Refusal> {
        if let Some(origin) = request.origin {
            if !access::is_allowed_origin(&self.config, origin, request.own_origin) {
                return Err(Refusal::Origin);
            }
            self.origin = Some(origin.to_owned());
            if request.method == "OPTIONS" {
                return Ok(Next::Step(Step::Respond(Response::preflight())));
            }
        }
        if request.is_too_long() {
            return Err(Refusal::UrlTooLong);
        }
        if asks_host {
            return Ok(Next::Step(Step::Ask(Question::Authorized)));
        }
        match access::is_authorized(&self.config, request.authorization) {
            true => self.admit(),
            false => Err(Refusal::NoToken),
        }
    }

    /// What a caller who may enter asks for. Only from here on does an answer tell anything about the settings.
    fn admit(&mut self) -> Result<Next, Refusal> {
        if let Some(name) = self.config.malformed {
            return Err(Refusal::Malformed(name));
        }
        let caller = &self.caller;
        let operation = incoming::operation(&caller.base, &caller.path)?;
        let method = proxied_method(operation);
        if caller.method != method {
            return Err(Refusal::Method(method));
        }
        if caller.carries == Carries::Something {
            return Err(Refusal::HasBody);
        }
        if operation.is_cancel() && !self.config.allow_cancel {
            return Err(Refusal::Cancel);
        }
        self.call = Some(incoming::call(&self.config, operation, &caller.query)?);
        if self.config.credentials.is_none() {
            return Err(Refusal::NoKey);
        }
        match caller.carries {
            Carries::Unknown => Ok(Next::Step(Step::Ask(Question::HasBody))),
            Carries::Nothing | Carries::Something => Ok(Next::Send),
        }
    }

    /// After an HTTP error: once more with the server's time, once more later, or back with it.
    fn after_fault(&mut self, reply: &Upstream<'_>, at: Moment<'_>) -> Next {
        let headers = &reply.headers;
        let next = match fault_kind(reply.body, reply.status) {
            // Refused before anything was done, so a cancel may be sent again, too.
            FaultKind::Clock if self.clock.is_none() => headers.date.and_then(|date| {
                let clock = server_time(date)?.millis().checked_sub(at.now.millis())?;
                self.clock = Some(clock);
                Some(Next::Send)
            }),
            FaultKind::Transient => {
                let hint = retry_hint(headers.acs_retry_after, headers.retry_after, headers.date, at.now);
                self.retry(hint, at)
            }
            _ => None,
        };
        let has_time = at.elapsed_ms + LEAST_MS <= DEADLINE_MS;
        next.filter(|_| has_time).unwrap_or_else(|| Next::Step(Step::Respond(Response::of(reply))))
    }

    /// Another attempt, where it is allowed and there is time for it.
    fn retry(&mut self, hint: Option<u64>, at: Moment<'_>) -> Option<Next> {
        let operation = self.call.as_ref().map(Call::operation)?;
        if operation.is_cancel() || self.retries >= RETRY.attempts {
            return None;
        }
        let delay = RETRY.delay(self.retries + 1, at.random, hint);
        if at.elapsed_ms.saturating_add(delay).saturating_add(LEAST_MS) > DEADLINE_MS {
            return None;
        }
        self.retries += 1;
        Some(Next::Step(Step::Wait(delay)))
    }

    fn go(&mut self, next: Result<Next, Refusal>, at: Moment<'_>) {
        let step = next.and_then(|next| match next {
            Next::Send => self.signed(at).map(Step::Send),
            Next::Step(step) => Ok(step),
        });
        self.step = match step.unwrap_or_else(|refusal| Step::Respond(refusal.response())) {
            // The one way out, for refusals too.
            Step::Respond(response) => {
                let redactor = Redactor::new(self.config.credentials.as_ref(), &self.signatures);
                Step::Respond(response.sealed(self.origin.as_deref(), &redactor))
            }
            step => step,
        };
    }

    /// The next attempt, signed anew.
    fn signed(&mut self, at: Moment<'_>) -> Result<SignedRequest, Refusal> {
        let left = DEADLINE_MS.saturating_sub(at.elapsed_ms);
        if left < LEAST_MS {
            return Err(Refusal::TooSlow);
        }
        let (Some(call), Some(credentials)) = (&self.call, &self.config.credentials) else {
            return Err(Refusal::NoKey);
        };
        let now = at.now.millis().saturating_add(self.clock.unwrap_or_default());
        // A clock that is beyond the year 9999 gets the empty date that the API refuses, and then the API's own.
        let date = Timestamp::from_millis(now).and_then(Timestamp::to_utc_seconds).unwrap_or_default();
        let attempt = Attempt { date: &date, nonce: at.nonce, timeout_ms: TIMEOUT_MS.min(left) };
        let (request, signature) =
            outgoing::signed(call, self.caller.wants_xml, &self.config, credentials, &attempt);
        self.signatures.push(signature.as_str().to_owned());
        Ok(request)
    }
}

/// The time of the server, unless it is absurd: a server whose own clock was reset to 1970 would take us along.
fn server_time(date: &str) -> Option<Timestamp> {
    const FROM_2020: i64 = 1_577_836_800_000;
    const TO_2100: i64 = 4_102_444_800_000;
    read_http_date(date).filter(|moment| (FROM_2020..TO_2100).contains(&moment.millis()))
}
