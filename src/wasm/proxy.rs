//! The exports for `tasklens/proxy`: convert, delegate, convert back. Objects are read and made by hand: a proxy starts cold,
//! and every byte of its module counts then.

use crate::Timestamp;
use crate::proxy::MOST_BYTES;
use crate::proxy::{
    self, Failure, Incoming, Moment, ProxyEnv, Question, Response, Step, Upstream, UpstreamHeaders,
};
use crate::sign::{self, Credentials, SigningInput};
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

/// One request on its way through the proxy; see [`crate::proxy::Exchange`].
#[wasm_bindgen]
pub struct Exchange(proxy::Exchange);

#[wasm_bindgen]
impl Exchange {
    /// `request` and `env` are plain objects; what is no string in them is not there. `clock` is what every report ends with:
    /// `now`, `elapsedMs` since the arrival, a `random` number, a `nonce`.
    #[wasm_bindgen(constructor)]
    pub fn new(request: &JsValue, env: &JsValue, base: &str, asks_host: bool, clock: &JsValue) -> Self {
        let text = |name: &str| text(request, name);
        let [method, own_origin, path, query] =
            ["method", "ownOrigin", "path", "query"].map(|name| text(name).unwrap_or_default());
        let [origin, authorization, accept, content_length] =
            ["origin", "authorization", "accept", "contentLength"].map(text);
        let request = Incoming {
            method: &method,
            own_origin: &own_origin,
            path: &path,
            query: &query,
            origin: origin.as_deref(),
            authorization: authorization.as_deref(),
            accept: accept.as_deref(),
            content_length: content_length.as_deref(),
            has_body: get(request, "hasBody").is_truthy(),
        };
        let env = ProxyEnv::read(|name| self::text(env, name));
        Self(proxy::Exchange::begin(request, env, base, asks_host, Clock::read(clock).moment()))
    }

    /// What to do next, as a plain object with a `kind`.
    pub fn step(&self) -> JsValue {
        match self.0.step() {
            Step::Ask(Question::Authorized) => object([("kind", "authorize".into())]),
            Step::Ask(Question::HasBody) => object([("kind", "peek".into())]),
            Step::Wait(delay) => object([("kind", "wait".into()), ("delayMs", (*delay as f64).into())]),
            Step::Send(request) => object([
                ("kind", "send".into()),
                ("url", request.url.as_str().into()),
                ("method", request.method.into()),
                (
                    "headers",
                    pairs(request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))),
                ),
                ("timeoutMs", (request.timeout_ms as f64).into()),
                ("mostBytes", (MOST_BYTES as f64).into()),
            ]),
            Step::Respond(Response { status, headers, body }) => object([
                ("kind", "respond".into()),
                ("status", (*status).into()),
                ("headers", pairs(headers.iter().map(|(name, value)| (*name, value.as_str())))),
                // Some statuses must have none, not even an empty one.
                (
                    "body",
                    if body.is_empty() { JsValue::NULL } else { Uint8Array::from(body.as_slice()).into() },
                ),
            ]),
        }
    }

    /// The answer to `authorize` or `peek`.
    pub fn answered(&mut self, yes: bool, clock: &JsValue) {
        self.0.answered(yes, Clock::read(clock).moment());
    }

    /// The API's whole answer; `headers` is a plain object.
    pub fn replied(&mut self, status: u16, headers: &JsValue, body: &[u8], clock: &JsValue) {
        let names = ["content-type", "x-acs-request-id", "x-acs-retry-after", "retry-after", "date"];
        let [content_type, request_id, acs_retry_after, retry_after, date] =
            names.map(|name| text(headers, name));
        let headers = UpstreamHeaders {
            content_type: content_type.as_deref(),
            request_id: request_id.as_deref(),
            acs_retry_after: acs_retry_after.as_deref(),
            retry_after: retry_after.as_deref(),
            date: date.as_deref(),
        };
        self.0.replied(&Upstream { status, headers, body }, Clock::read(clock).moment());
    }

    /// Why there is no whole answer: `timeout`, `oversize`, `aborted`, or anything else for the network.
    pub fn failed(&mut self, why: &str, clock: &JsValue) {
        let failure = match why {
            "timeout" => Failure::Timeout,
            "oversize" => Failure::Oversize,
            "aborted" => Failure::Aborted,
            _ => Failure::Network,
        };
        self.0.failed(failure, Clock::read(clock).moment());
    }

    /// The delay of `wait` is over.
    pub fn waited(&mut self, clock: &JsValue) {
        self.0.waited(Clock::read(clock).moment());
    }
}

/// Signs a request; `query` and `headers` are names and values in turn. Each stage comes back under its name.
#[wasm_bindgen]
#[expect(
    clippy::too_many_arguments,
    reason = "an object would have to be taken apart here; JavaScript does it in a line"
)]
pub fn sign(
    method: &str,
    host: &str,
    path: &str,
    query: Vec<String>,
    headers: Vec<String>,
    body: &[u8],
    access_key_id: &str,
    access_key_secret: &str,
    security_token: Option<String>,
    date: &str,
    nonce: &str,
) -> JsValue {
    let (query, headers) = (in_pairs(query), in_pairs(headers));
    let input = SigningInput { method, host, path, query: &query, headers: &headers, body, date, nonce };
    let credentials = Credentials::new(access_key_id, access_key_secret, security_token.as_deref());
    let signed = sign::sign(&input, &credentials);
    object([
        ("headers", pairs(signed.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())))),
        ("canonicalRequest", signed.canonical_request.as_str().into()),
        ("stringToSign", signed.string_to_sign.as_str().into()),
        ("signature", signed.signature.as_str().into()),
        ("authorization", signed.authorization.as_str().into()),
    ])
}

/// A [`Moment`] that owns its nonce.
struct Clock {
    now: Timestamp,
    elapsed_ms: u64,
    random: f64,
    nonce: String,
}

impl Clock {
    fn read(clock: &JsValue) -> Self {
        let number = |name| get(clock, name).as_f64().unwrap_or_default();
        // A clock that tells no time is at its very beginning; the API says so, and its own time is taken.
        let now = Timestamp::from_millis(number("now") as i64).unwrap_or_default();
        let nonce = text(clock, "nonce").unwrap_or_default();
        Self { now, elapsed_ms: number("elapsedMs") as u64, random: number("random"), nonce }
    }

    fn moment(&self) -> Moment<'_> {
        Moment { now: self.now, elapsed_ms: self.elapsed_ms, random: self.random, nonce: &self.nonce }
    }
}

/// A member of an object; undefined where there is no object.
fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string()
}

fn object<const N: usize>(members: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // A new object takes every member.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}

/// `[[name, value], …]`, as `Headers` and `Object.fromEntries` take it.
fn pairs<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> JsValue {
    pairs.map(|(name, value)| Array::of2(&name.into(), &value.into())).collect::<Array>().into()
}

fn in_pairs(texts: Vec<String>) -> Vec<(String, String)> {
    let mut texts = texts.into_iter();
    std::iter::from_fn(|| texts.next().zip(texts.next())).collect()
}
