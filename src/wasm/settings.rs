//! The contract's `ConnectOptions`, read once and checked.

use super::call::{absent, object, property};
use super::connection::settled;
use super::failure::Failure;
use super::request;
use crate::{Api, Call, Error, ErrorCode, Format, Jitter, RetryPolicy};
use js_sys::{Function, Object, Reflect, global};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Headers;

/// How calls are made.
pub(super) struct Settings {
    /// The proxy's base, ending in a slash.
    pub(super) proxy: String,
    pub(super) timeout_ms: u64,
    pub(super) retry: RetryPolicy,
    fetch: Option<Function>,
    headers: Given,
    format: Format,
}

/// The caller's headers.
enum Given {
    Fixed(Headers),
    /// Asked before each attempt: tokens expire.
    Asked(Function),
}

impl Settings {
    const TIMEOUT_MS: u64 = 15_000;

    /// Reads the options; `proxy` is the base, as the package has normalised it.
    ///
    /// # Errors
    /// `request`, naming the option.
    pub(super) fn read(proxy: String, options: &JsValue) -> Result<Self, Failure> {
        let option = |name: &str| Some(property(options, name)).filter(|value| !absent(value));
        let function = |name: &str, value: JsValue| {
            value.dyn_into::<Function>().map_err(|_| request("expected a function").path(name))
        };
        Ok(Self {
            proxy,
            timeout_ms: number(option("timeoutMs"), "timeoutMs", 1, i32::MAX as u64)?
                .unwrap_or(Self::TIMEOUT_MS),
            retry: retry(option("retry"))?,
            fetch: option("fetch").map(|value| function("fetch", value)).transpose()?,
            headers: match option("headers") {
                Some(value) if value.is_function() => Given::Asked(value.unchecked_into()),
                value => Given::Fixed(headers(&value.unwrap_or_else(|| Object::new().into()))?),
            },
            format: match option("format").map(|value| value.as_string()) {
                None => Format::Json,
                Some(Some(word)) if word == "json" => Format::Json,
                Some(Some(word)) if word == "xml" => Format::Xml,
                Some(_) => return Err(request("expected `json` or `xml`").path("format").into()),
            },
        })
    }

    /// The headers of one attempt: the caller's, and what is asked for.
    ///
    /// # Errors
    /// `request`, where the caller's function fails, or gives what are no headers.
    pub(super) async fn headers(&self, call: &Call) -> Result<Headers, Failure> {
        let given = match &self.headers {
            Given::Fixed(given) => headers(given)?,
            Given::Asked(ask) => {
                let failed = |cause| {
                    let failure =
                        Failure::new(ErrorCode::Request, "the function that gives them failed", cause);
                    Failure { error: failure.error.path("headers"), ..failure }
                };
                headers(&settled(ask.call0(&JsValue::UNDEFINED)).await.map_err(failed)?)?
            }
        };
        // Only ECS writes XML.
        let accept = match (self.format, call.operation().api()) {
            (Format::Xml, Api::Ecs) => "application/xml",
            _ => "application/json",
        };
        given.set("accept", accept).map_err(|cause| Failure::new(ErrorCode::Request, "accept", cause))?;
        Ok(given)
    }

    /// The caller's `fetch`, or the platform's, looked up now: a page may have put its own there meanwhile.
    ///
    /// # Errors
    /// `request`, where there is none.
    pub(super) fn fetch(&self) -> Result<Function, Failure> {
        if let Some(fetch) = &self.fetch {
            return Ok(fetch.clone());
        }
        let fetch = property(&global(), "fetch").dyn_into::<Function>();
        fetch.map_err(|_| request("this platform has no `fetch`; give one").path("fetch").into())
    }

    /// Workers of before 2024-11 throw where a request names its cache.
    pub(super) fn can_skip_cache(&self) -> bool {
        let prototype = property(&property(&global(), "Request"), "prototype");
        prototype.is_object() && Reflect::has(&prototype, &"cache".into()).unwrap_or_default()
    }
}

/// A copy, so that nothing of the caller's is changed.
fn headers(given: &JsValue) -> Result<Headers, Failure> {
    let record = object(given, "headers")?;
    // What cannot be one is quoted by the platform, not by us: it may be a secret.
    Headers::new_with_record_from_str_to_str(record).map_err(|cause| {
        let failure = Failure::new(ErrorCode::Request, "expected names and values of headers", cause);
        Failure { error: failure.error.path("headers"), ..failure }
    })
}

/// A whole number, where it is given.
pub(super) fn number(
    value: Option<JsValue>,
    path: &str,
    least: u64,
    most: u64,
) -> Result<Option<u64>, Error> {
    let Some(value) = value else { return Ok(None) };
    let fits = |number: &f64| number.fract() == 0.0 && (least as f64..=most as f64).contains(number);
    match value.as_f64().filter(fits) {
        Some(number) => Ok(Some(number as u64)),
        None => Err(request(format!("expected an integer from {least} to {most}")).path(path)),
    }
}

fn retry(given: Option<JsValue>) -> Result<RetryPolicy, Error> {
    let mut policy = RetryPolicy::default();
    let Some(given) = given else { return Ok(policy) };
    let given = object(&given, "retry")?;
    let option = |name: &str| Some(property(given, name)).filter(|value| !absent(value));
    let most = u64::from(RetryPolicy::MOST_ATTEMPTS);
    if let Some(attempts) = number(option("attempts"), "retry.attempts", 0, most)? {
        policy.attempts = attempts as u32;
    }
    let initial = number(option("initialMs"), "retry.initialMs", 0, RetryPolicy::LONGEST_MS)?;
    let cap = number(option("capMs"), "retry.capMs", 0, RetryPolicy::LONGEST_MS)?;
    policy = policy.with_delays(initial, cap);
    if let Some(factor) = option("factor") {
        policy.factor = factor.as_f64().unwrap_or(f64::NAN);
    }
    policy.jitter = match option("jitter").map(|value| value.as_string()) {
        None => policy.jitter,
        Some(Some(word)) if word == "full" => Jitter::Full,
        Some(Some(word)) if word == "none" => Jitter::None,
        Some(_) => return Err(request("expected `full` or `none`").path("retry.jitter")),
    };
    policy.checked()
}
