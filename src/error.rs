//! Why reading stopped: a stable code, the place, and what was expected there.

use crate::text::start;
use std::fmt;

/// What kind of error it is. Callers branch on this; the words may change, the code may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// Not well-formed JSON (RFC 8259) or XML 1.0; has a line and a column.
    Syntax,
    /// Well-formed, but no reply of these APIs.
    Unrecognized,
    /// A required field is missing or of the wrong kind; has its path.
    Invalid,
    /// The reply is larger or deeper than the [`Limits`](crate::Limits) allow.
    Limit,
    /// An argument of the call is wrong.
    Request,
    /// The API refused the call where tasks were asked for.
    Fault,
    /// No answer came.
    Network,
    /// One attempt took too long.
    Timeout,
    /// The caller's signal stopped it.
    Aborted,
    /// The signing proxy itself refused.
    Proxy,
    /// The wait is over, the task is not.
    Deadline,
}

impl ErrorCode {
    /// The code as JavaScript sees it, such as `syntax`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Unrecognized => "unrecognized",
            Self::Invalid => "invalid",
            Self::Limit => "limit",
            Self::Request => "request",
            Self::Fault => "fault",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Aborted => "aborted",
            Self::Proxy => "proxy",
            Self::Deadline => "deadline",
        }
    }
}

/// Where something stands in the raw text, both counted from 1; the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 1; lines end at a line feed.
    pub line: u32,
    /// The character within the line, from 1.
    pub column: u32,
}

impl Place {
    pub(crate) const START: Self = Self { line: 1, column: 1 };

    /// The place of the byte at `offset`, or of the end where `offset` lies beyond it.
    pub(crate) fn of(text: &str, offset: usize) -> Self {
        Self::START.advance(text, 0, offset)
    }

    /// The place of the byte `to`, where `self` is that of `from`: so that many places cost one walk.
    pub(crate) fn advance(self, text: &str, from: usize, to: usize) -> Self {
        let passed = text.as_bytes().get(from..to.min(text.len())).unwrap_or_default();
        // Continuation bytes of UTF-8 are 10xxxxxx; every other byte begins a character.
        let characters = |bytes: &[u8]| bytes.iter().filter(|b| **b & 0xC0 != 0x80).count() as u32;
        match passed.iter().rposition(|b| *b == b'\n') {
            None => Self { line: self.line, column: self.column + characters(passed) },
            Some(last) => {
                let lines = passed.iter().filter(|b| **b == b'\n').count() as u32;
                Self {
                    line: self.line + lines,
                    column: 1 + characters(passed.get(last + 1..).unwrap_or_default()),
                }
            }
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Why a reply could not be read. All behind one pointer: what can fail is much of this crate, and hardly ever does.
#[derive(Clone, Debug, PartialEq)]
pub struct Error(Box<Reason>);

#[derive(Clone, Debug, PartialEq)]
struct Reason {
    code: ErrorCode,
    path: Option<String>,
    place: Option<Place>,
    detail: String,
    fault: Option<crate::Fault<'static>>,
    retryable: bool,
}

impl Error {
    pub(crate) fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self::of(code, detail.into())
    }

    fn of(code: ErrorCode, detail: String) -> Self {
        // No answer, or none in time, may be another one next time; what was read will be read alike.
        let retryable = matches!(code, ErrorCode::Network | ErrorCode::Timeout);
        Self(Box::new(Reason { code, path: None, place: None, detail, fault: None, retryable }))
    }

    #[cfg(all(target_arch = "wasm32", feature = "bindings"))]
    pub(crate) fn retryable(mut self, retryable: bool) -> Self {
        self.0.retryable = retryable;
        self
    }

    pub(crate) fn at(mut self, place: Place) -> Self {
        self.0.place = Some(place);
        self
    }

    pub(crate) fn path(mut self, path: impl Into<String>) -> Self {
        self.0.path = Some(path.into());
        self
    }

    /// The signing proxy itself refused, with this HTTP status. Where it could not reach the API (502), or not in time
    /// (504), the same call may succeed later; any other refusal will be the same again.
    pub fn from_proxy(status: u16, detail: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorCode::Proxy, detail);
        error.0.retryable = matches!(status, 502 | 504);
        error
    }

    /// No answer came, and why: for whoever sends calls.
    pub fn network(detail: impl Into<String>) -> Self {
        Self::new(ErrorCode::Network, detail)
    }

    /// The API refused the call.
    pub fn from_fault(fault: crate::Fault<'static>) -> Self {
        let detail = format!("the API refused the call: `{}` {}", fault.code, fault.message);
        let mut error = Self::new(ErrorCode::Fault, detail);
        error.0.retryable = fault.retryable;
        error.0.fault = Some(fault);
        error
    }

    /// The stable code.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// The field, as a JSONPath such as `$.Data.TaskId`, also for XML.
    pub fn field_path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// Where in the raw text.
    pub fn place(&self) -> Option<Place> {
        self.0.place
    }

    /// May the same call succeed later, unchanged?
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// What the API said, where it refused the call.
    pub fn fault(&self) -> Option<&crate::Fault<'static>> {
        self.0.fault.as_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.0.path {
            write!(f, "`{path}`: ")?;
        }
        f.write_str(&self.0.detail)?;
        if let Some(place) = self.0.place {
            write!(f, " ({place})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// At most 64 characters of what was found, in backticks: enough to recognise it, too little to leak a document.
pub(crate) fn quote(found: &str) -> String {
    let start = start(found, 64);
    let more = if start.len() < found.len() { "…" } else { "" };
    format!("`{start}{more}`")
}

/// A number as messages show it: an integer whole, any other to six decimals. The standard library's way of writing a double
/// would be 8 kB of each module.
pub(crate) fn shown(number: f64) -> String {
    let whole = number as i64;
    if whole as f64 == number {
        return whole.to_string();
    }
    if number.is_nan() || whole == i64::MAX || whole == i64::MIN {
        return if number.is_nan() { "NaN" } else { "a number over 64 bits" }.to_owned();
    }
    let sign = if number < 0.0 { "-" } else { "" };
    let millionths = (number.fract().abs() * 1e6) as u32;
    let mut text = format!("{sign}{}.{millionths:06}", whole.unsigned_abs());
    let end = text.bytes().rposition(|digit| digit != b'0');
    text.truncate(end.map_or(0, |last| last + 1));
    text
}

/// What a number may be, for a message.
pub(crate) fn integer_rule(least: u64, most: u64) -> String {
    format!("an integer from {least} to {most}")
}
