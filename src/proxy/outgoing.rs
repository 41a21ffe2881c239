//! What is sent to the API: the operation's template, signed, with headers made from zero.

use super::config::Config;
use crate::model::Api;
use crate::request::{Call, encode_query};
use crate::sign::{Credentials, Signature, SigningInput, sign};
use std::fmt;

/// A request to the API. Redirects must not be followed.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedRequest {
    /// Where to, with the query.
    pub url: String,
    /// `GET`, `POST` or `PUT`.
    pub method: &'static str,
    /// All headers but `host`, which follows from the address; their names in lower case.
    pub headers: Vec<(String, String)>,
    /// How long it may take, its body read, in milliseconds.
    pub timeout_ms: u64,
}

/// Shows no header: credentials are among them.
impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} (headers [redacted], {} ms)", self.method, self.url, self.timeout_ms)
    }
}

/// How one attempt differs from another.
pub(super) struct Attempt<'a> {
    pub(super) date: &'a str,
    pub(super) nonce: &'a str,
    pub(super) timeout_ms: u64,
}

/// Signs a call for its real host, also where it is sent elsewhere. Only ECS writes XML (api.md section 4).
pub(super) fn signed(
    call: &Call,
    wants_xml: bool,
    config: &Config,
    credentials: &Credentials,
    attempt: &Attempt<'_>,
) -> (SignedRequest, Signature) {
    let request = call.request();
    let is_ecs = call.operation().api() == Api::Ecs;
    let accept = if wants_xml && is_ecs { "application/xml" } else { "application/json" };
    let headers: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| (*name, if *name == "accept" { accept } else { value }))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let input = SigningInput {
        method: request.method,
        host: &request.host,
        path: &request.path,
        query: &request.query,
        headers: &headers,
        body: b"",
        date: attempt.date,
        nonce: attempt.nonce,
    };
    let signed = sign(&input, credentials);
    let mut headers = signed.headers;
    headers.retain(|(name, _)| name != "host");

    let origin = config.upstream.clone().unwrap_or_else(|| format!("https://{}", request.host));
    let query = encode_query(&request.query);
    let mark = if query.is_empty() { "" } else { "?" };
    let url = format!("{origin}{}{mark}{query}", request.path);
    (SignedRequest { url, method: request.method, headers, timeout_ms: attempt.timeout_ms }, signed.signature)
}
