//! What goes back: the API's status and body, and headers made from zero.

use super::redact::Redactor;

/// The longest answer taken from the API, in bytes; the package reads no longer one by default either.
pub const MOST_BYTES: usize = 8 << 20;

/// An answer of the API. Headers that are not named here are not looked at.
#[derive(Clone, Default)]
pub struct Upstream<'a> {
    /// The HTTP status; 0 where the host hides that of a redirect.
    pub status: u16,
    /// The headers that matter.
    pub headers: UpstreamHeaders<'a>,
    /// The whole body.
    pub body: &'a [u8],
}

/// The headers of the API that are read or passed on.
#[derive(Clone, Default)]
pub struct UpstreamHeaders<'a> {
    /// `content-type`.
    pub content_type: Option<&'a str>,
    /// `x-acs-request-id`.
    pub request_id: Option<&'a str>,
    /// `x-acs-retry-after`, in milliseconds.
    pub acs_retry_after: Option<&'a str>,
    /// `retry-after`, in seconds or a date.
    pub retry_after: Option<&'a str>,
    /// `date`: the server's clock.
    pub date: Option<&'a str>,
}

/// The answer to the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// All headers to send, their names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body. Empty where the status allows none.
    pub body: Vec<u8>,
}

/// What a page may read beside the body: without this a browser shows it none of the hints.
const EXPOSED: &str = "x-acs-request-id, x-acs-retry-after, retry-after, date";

impl Response {
    /// The API's answer. Statuses outside of 200 to 599 never come here.
    pub(super) fn of(upstream: &Upstream<'_>) -> Self {
        let given = &upstream.headers;
        let content_type = given.content_type.filter(|value| is_readable(value));
        let passed = [
            ("x-acs-request-id", given.request_id),
            ("x-acs-retry-after", given.acs_retry_after),
            ("retry-after", given.retry_after),
            ("date", given.date),
        ];
        let mut headers =
            vec![("content-type", content_type.unwrap_or("application/octet-stream").to_owned())];
        for (name, value) in passed {
            if let Some(value) = value.filter(|value| is_plain(value)) {
                headers.push((name, value.to_owned()));
            }
        }
        // A status without a body (RFC 9110, sections 15.3.5 and 15.3.6).
        let body = if matches!(upstream.status, 204 | 205) { &[][..] } else { upstream.body };
        Self { status: upstream.status, headers, body: body.to_vec() }
    }

    /// The answer to a preflight of an allowed origin: the same for all, whatever it asks for.
    pub(super) fn preflight() -> Self {
        let headers = [
            ("access-control-allow-methods", "GET, POST"),
            ("access-control-allow-headers", "authorization, accept, content-type"),
            ("access-control-max-age", "7200"),
        ];
        let headers = headers.map(|(name, value)| (name, value.to_owned())).into();
        Self { status: 204, headers, body: Vec::new() }
    }

    /// Adds what every answer has, for the page of `origin` if it is allowed, and takes out what none may have.
    pub(super) fn sealed(mut self, origin: Option<&str>, redactor: &Redactor) -> Self {
        if let Some(body) = redactor.redact(&self.body) {
            self.body = body;
        }
        self.headers.retain(|(_, value)| redactor.redact(value.as_bytes()).is_none());
        let always = [
            ("cache-control", "no-store"),
            ("cross-origin-resource-policy", "same-origin"),
            ("vary", "Origin"),
            ("x-content-type-options", "nosniff"),
        ];
        self.headers.extend(always.map(|(name, value)| (name, value.to_owned())));
        if let Some(origin) = origin {
            self.headers.push(("access-control-allow-origin", origin.to_owned()));
            self.headers.push(("access-control-expose-headers", EXPOSED.to_owned()));
        }
        self
    }
}

/// Data, and nothing that a browser would run or take for a problem document of ours.
fn is_readable(content_type: &str) -> bool {
    const KINDS: [&str; 5] = ["application/json", "text/json", "application/xml", "text/xml", "text/plain"];
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    is_plain(content_type) && KINDS.contains(&kind.as_str())
}

fn is_plain(value: &str) -> bool {
    const LONGEST: usize = 128;
    value.len() <= LONGEST && value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
}
