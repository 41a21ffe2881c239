//! The connection to the signing proxy: one attempt, and a call with its retries. The only place that reaches out.

use super::alarm::{Alarm, Rang};
use super::failure::Failure;
use super::settings::Settings;
use crate::{Body, Call, Error, ErrorCode, Extra, Limits, ParseOptions, Reply, Timestamp};
use crate::{heed_retry_after, retry_hint};
use js_sys::{Date, Function, JSON, Math, Promise, Reflect, Uint8Array};
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, Headers, RequestInit, RequestRedirect, Response};

/// Calls through one proxy.
pub(super) struct Connection(pub(super) Settings);

impl Connection {
    /// One try. A refusal of the API is told by [`Answer::reply`].
    ///
    /// # Errors
    /// `network`, `timeout`, `aborted`, `proxy`, `limit`; `request` where the caller's headers cannot be had.
    pub(super) async fn attempt(&self, call: &Call, signal: Option<&AbortSignal>) -> Result<Answer, Failure> {
        if signal.is_some_and(AbortSignal::aborted) {
            return Err(Failure::aborted(signal));
        }
        let request = InFlight::new()?;
        let alarm = Alarm::set(self.0.timeout_ms, signal);
        match alarm.race(self.exchange(call, &request)).await {
            Ok(answer) => answer,
            Err(Rang::Aborted) => Err(Failure::aborted(signal)),
            Err(Rang::Time) => {
                let detail = format!("no whole answer within {} ms", self.0.timeout_ms);
                Err(Error::new(ErrorCode::Timeout, detail).into())
            }
        }
    }

    /// A call, tried again where that is safe. `read` gets the one reply that is no refusal.
    ///
    /// # Errors
    /// As [`Connection::attempt`] and [`Answer::reply`], when there is no use in trying again.
    pub(super) async fn call(
        &self,
        call: &Call,
        signal: Option<&AbortSignal>,
        read: &mut dyn FnMut(Reply<'_>),
    ) -> Result<(), Failure> {
        let retries = if call.operation().is_cancel() { 0 } else { self.0.retry.attempts };
        let mut retry = 0;
        loop {
            let failure = match self.attempt(call, signal).await {
                Err(failure) => failure,
                Ok(answer) => match answer.reply() {
                    Err(failure) => failure,
                    Ok(reply) => {
                        read(reply);
                        return Ok(());
                    }
                },
            };
            retry += 1;
            if retry > retries || !failure.error.is_retryable() {
                return Err(failure);
            }
            let delay = self.0.retry.delay(retry, Math::random(), failure.hint);
            if Alarm::set(delay, signal).wait().await == Rang::Aborted {
                return Err(Failure::aborted(signal));
            }
        }
    }

    async fn exchange(&self, call: &Call, request: &InFlight) -> Result<Answer, Failure> {
        let (method, path) = call.proxied();
        let init = RequestInit::new();
        init.set_method(method);
        init.set_headers_headers(&self.0.headers(call).await?);
        init.set_signal(Some(&request.controller.signal()));
        // Where a redirect leads, the caller's headers have no business.
        init.set_redirect(RequestRedirect::Manual);
        if self.0.can_skip_cache() {
            let _ = Reflect::set(&init, &"cache".into(), &"no-store".into());
        }
        let fetch: Function = self.0.fetch()?;
        let url = format!("{}{path}", self.0.proxy);
        let response = settled(fetch.call2(&JsValue::UNDEFINED, &url.into(), &init)).await;
        let response = response.map_err(|cause| self.no_answer(cause))?;
        if !response.is_object() {
            return Err(self.no_answer(response));
        }
        let response: Response = response.unchecked_into();
        let status = response.status();
        let head = Head::of(&response);
        // Browsers hide a redirect behind the status 0.
        if status == 0 || (300..400).contains(&status) {
            let detail = "the proxy answered with a redirect; give `connect` the address that it leads to";
            return Err(Error::from_proxy(status, detail).into());
        }
        let limits = Limits::default();
        if head.length.is_some_and(|length| length > limits.bytes as u64) {
            return Err(too_large(&limits));
        }
        let body = settled(response.array_buffer().map(Into::into)).await;
        let body = Uint8Array::new(&body.map_err(|cause| self.no_answer(cause))?);
        request.is_done.set(true);
        if body.length() as usize > limits.bytes {
            return Err(too_large(&limits));
        }
        let bytes = body.to_vec();
        if head.is_problem {
            return Err(problem(&bytes, status, head.hint));
        }
        let options = ParseOptions {
            http_status: Some(status),
            operation: Some(call.operation()),
            limits,
            ..ParseOptions::default()
        };
        Ok(Answer { bytes, options, head })
    }

    fn no_answer(&self, cause: JsValue) -> Failure {
        let detail = format!(
            "no answer from {}; check the address, that the proxy runs, that it allows this page's origin (CORS), and that \
             this machine is online",
            self.0.proxy
        );
        Failure::new(ErrorCode::Network, detail, cause)
    }
}

/// A request under way, which ends with this value.
struct InFlight {
    controller: AbortController,
    /// All was read. To abort even so would cost more than reading a small reply: an exception with its stack.
    is_done: Cell<bool>,
}

impl InFlight {
    fn new() -> Result<Self, Failure> {
        let missing = |cause| Failure::new(ErrorCode::Request, "this platform has no AbortController", cause);
        let controller = AbortController::new().map_err(missing)?;
        Ok(Self { controller, is_done: Cell::new(false) })
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if !self.is_done.get() {
            self.controller.abort();
        }
    }
}

/// What the headers of an answer say.
struct Head {
    length: Option<u64>,
    is_problem: bool,
    acs_retry_after: Option<String>,
    hint: Option<u64>,
    request_id: Option<String>,
}

impl Head {
    fn of(response: &Response) -> Self {
        let headers: Headers = response.headers();
        let header = |name: &str| headers.get(name).ok().flatten();
        let acs_retry_after = header("x-acs-retry-after");
        let now = Timestamp::from_millis(Date::now() as i64);
        let hint = now.and_then(|now| {
            let (retry_after, date) = (header("retry-after"), header("date"));
            retry_hint(acs_retry_after.as_deref(), retry_after.as_deref(), date.as_deref(), now)
        });
        let is_problem = header("content-type").is_some_and(|kind| {
            let kind = kind.split(';').next().unwrap_or_default();
            kind.trim_ascii().eq_ignore_ascii_case("application/problem+json")
        });
        let length = header("content-length").and_then(|length| length.trim_ascii().parse().ok());
        Self { length, is_problem, acs_retry_after, hint, request_id: header("x-acs-request-id") }
    }
}

/// The API's answer, not yet read.
pub(super) struct Answer {
    bytes: Vec<u8>,
    options: ParseOptions,
    head: Head,
}

impl Answer {
    /// What it says.
    ///
    /// # Errors
    /// `fault` where the API refused, with its wish when to come back; as [`crate::parse`].
    pub(super) fn reply(&self) -> Result<Reply<'_>, Failure> {
        if self.is_bare_success() {
            let request_id = self.head.request_id.as_deref().map(Into::into);
            return Ok(Reply { request_id, findings: Vec::new(), body: Body::Accepted(Extra::default()) });
        }
        let reply = crate::parse(&self.bytes, &self.options)?;
        let Body::Fault(mut fault) = reply.body else { return Ok(reply) };
        heed_retry_after(&mut fault, self.head.acs_retry_after.as_deref());
        Err(Failure { hint: self.head.hint, ..Error::from_fault(fault.into_owned()).into() })
    }

    /// 204 has no body and is a success (api.md section 4); so is nothing at all in answer to a cancel.
    fn is_bare_success(&self) -> bool {
        let is_success = self.options.http_status.is_some_and(|status| (200..300).contains(&status));
        let is_cancel = self.options.operation.is_some_and(crate::Operation::is_cancel);
        self.options.http_status == Some(204) || (is_success && is_cancel && self.bytes.is_empty())
    }
}

/// The proxy itself refused (RFC 9457).
fn problem(bytes: &[u8], status: u16, hint: Option<u64>) -> Failure {
    let document = JSON::parse(&String::from_utf8_lossy(bytes)).unwrap_or_default();
    let text = |name: &str| {
        let text = document.is_object().then(|| super::call::property(&document, name));
        text.and_then(|text| text.as_string()).filter(|text| !text.is_empty())
    };
    let detail = text("detail").or_else(|| text("title"));
    let detail = detail.unwrap_or_else(|| format!("the proxy refused: HTTP {status}"));
    let error = Error::from_proxy(status, detail);
    Failure { cause: document, hint, ..error.into() }
}

fn too_large(limits: &Limits) -> Failure {
    Error::new(ErrorCode::Limit, format!("the answer is over {} bytes", limits.bytes)).into()
}

/// What a call of JavaScript comes to, promise or not.
pub(super) async fn settled(called: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&called?)).await
}
