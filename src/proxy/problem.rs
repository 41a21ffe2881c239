//! The proxy's own refusals, as problem documents (RFC 9457).

use super::config::{ACCESS_KEY_ID, ACCESS_KEY_SECRET};
use super::incoming::LONGEST_URL;
use super::reply::{MOST_BYTES, Response};
use crate::error::quote;
use crate::model::{Extra, Text, Value};

/// Why the proxy itself refuses. The doc of each is what leads to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The page's origin is not listed.
    Origin,
    /// No token, a wrong one, or none is set up; or the host's own check said no.
    NoToken,
    /// A variable of the environment cannot be read.
    Malformed(&'static str),
    /// The path names none of the operations.
    NoOperation,
    /// The operation is asked for with another method.
    Method(&'static str),
    /// No operation takes a body.
    HasBody,
    /// The address is over [`LONGEST_URL`].
    UrlTooLong,
    /// Cancelling is not switched on.
    Cancel,
    /// A parameter is unknown, there twice, missing, or breaks its rule.
    Parameter { name: String, detail: String },
    /// The region is not listed.
    Region(String),
    /// The id or the secret of the key is missing.
    NoKey,
    /// The API did not answer.
    Unreachable,
    /// The API sent elsewhere, or answered with no status there is.
    Redirected(u16),
    /// The API's answer is over [`MOST_BYTES`].
    TooLarge,
    /// The API took too long, all attempts together or one.
    TooSlow,
}

impl Refusal {
    pub(super) fn status(&self) -> u16 {
        match self {
            Self::Parameter { .. } => 400,
            Self::NoToken => 401,
            Self::Origin | Self::Cancel | Self::Region(_) => 403,
            Self::NoOperation => 404,
            Self::Method(_) => 405,
            Self::HasBody => 413,
            Self::UrlTooLong => 414,
            Self::Unreachable | Self::Redirected(_) | Self::TooLarge => 502,
            Self::Malformed(_) | Self::NoKey => 503,
            Self::TooSlow => 504,
        }
    }

    /// Stable: callers may branch on it.
    fn name(&self) -> &'static str {
        match self {
            Self::Parameter { .. } => "parameter",
            Self::NoToken => "token",
            Self::Origin => "origin",
            Self::Cancel => "cancel",
            Self::Region(_) => "region",
            Self::NoOperation => "operation",
            Self::Method(_) => "method",
            Self::HasBody => "body",
            Self::UrlTooLong => "url",
            Self::Unreachable => "unreachable",
            Self::Redirected(_) => "redirected",
            Self::TooLarge => "too-large",
            Self::Malformed(_) => "setting",
            Self::NoKey => "key",
            Self::TooSlow => "too-slow",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Parameter { .. } => "a parameter is wrong",
            Self::NoToken => "no valid token",
            Self::Origin => "this origin is not allowed",
            Self::Cancel => "cancelling is not allowed",
            Self::Region(_) => "this region is not allowed",
            Self::NoOperation => "no such operation",
            Self::Method(_) => "another method is expected",
            Self::HasBody => "no body is expected",
            Self::UrlTooLong => "the address is too long",
            Self::Unreachable => "the API could not be reached",
            Self::Redirected(_) => "the API answered in an unexpected way",
            Self::TooLarge => "the API's answer is too large",
            Self::Malformed(_) => "a setting of the proxy is wrong",
            Self::NoKey => "the proxy has no key",
            Self::TooSlow => "the API took too long",
        }
    }

    /// What to do. At most 64 characters are the caller's own.
    fn detail(&self) -> String {
        match self {
            Self::Parameter { detail, .. } => detail.clone(),
            Self::NoToken => "send `Authorization: Bearer …` with a token of this proxy; without `TASKLENS_TOKENS` \
                              there is none, and it refuses everything"
                .to_owned(),
            Self::Origin => "list the page's origin in `TASKLENS_ORIGINS`".to_owned(),
            Self::Cancel => "set `TASKLENS_ALLOW_CANCEL` to `true` to allow it".to_owned(),
            Self::Region(region) => format!("{} is not in `TASKLENS_REGIONS`", quote(region)),
            Self::NoOperation => "expected `/{api}/{Operation}` such as `/ecs/DescribeTasks`; there are \
                                  DescribeTasks, DescribeTaskAttribute and CancelTask of `ecs`, DescribeTask and \
                                  DescribeTasks of `bdrc`, GetTask and CancelTask of `cloudcontrol`"
                .to_owned(),
            Self::Method(allowed) => format!("ask with {allowed}"),
            Self::HasBody => "every parameter belongs into the query".to_owned(),
            Self::UrlTooLong => format!("expected up to {LONGEST_URL} bytes; ask for fewer ids at once"),
            Self::Unreachable => "no whole answer came; try again later".to_owned(),
            Self::Redirected(status) => format!("it answered HTTP {status}; redirects are not followed"),
            Self::TooLarge => format!("it is over {MOST_BYTES} bytes; ask for a smaller page"),
            Self::Malformed(name) => format!("`{name}` is set to something that cannot be read"),
            Self::NoKey => format!("set `{ACCESS_KEY_ID}` and `{ACCESS_KEY_SECRET}`"),
            Self::TooSlow => "no whole answer came in time; try again later".to_owned(),
        }
    }

    /// RFC 9457, section 3.1, with one member of our own.
    fn document(&self) -> Value<'_> {
        let text = |text: &str| Value::Text(Text::Owned(text.to_owned()));
        let mut members = vec![
            ("type", Value::Text(format!("urn:tasklens:proxy:{}", self.name()).into())),
            ("title", text(self.title())),
            ("status", Value::Number(self.status().to_string().into())),
            ("detail", text(&self.detail())),
        ];
        if let Self::Parameter { name, .. } = self {
            members.push(("parameter", text(name)));
        }
        Value::Object(Extra(members.into_iter().map(|(name, value)| (name.into(), value)).collect()))
    }

    /// The answer, without the headers that every answer has.
    pub(super) fn response(&self) -> Response {
        let mut headers = vec![("content-type", "application/problem+json".to_owned())];
        match self {
            Self::NoToken => headers.push(("www-authenticate", "Bearer".to_owned())),
            Self::Method(allowed) => headers.push(("allow", (*allowed).to_owned())),
            _ => {}
        }
        Response { status: self.status(), headers, body: self.document().to_string().into_bytes() }
    }
}
