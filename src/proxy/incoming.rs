//! What a caller asks for: the path and the query, read strictly.

use super::config::Config;
use super::problem::Refusal;
use crate::error::{Error, quote};
use crate::model::Operation;
use crate::request::Call;

/// The longest address taken, in bytes: a hundred ids fit.
pub const LONGEST_URL: usize = 8 * 1024;

/// The longest id that passes. Published ones have up to 37 characters.
const LONGEST_ID: usize = 64;

/// A request as it arrives, taken apart by the host's own parser of addresses.
#[derive(Clone, Copy, Default)]
pub struct Incoming<'a> {
    /// Such as `GET`.
    pub method: &'a str,
    /// The origin that the request was sent to, such as `https://proxy.example`.
    pub own_origin: &'a str,
    /// The path, percent-encoded as it came.
    pub path: &'a str,
    /// The query, with or without its `?`.
    pub query: &'a str,
    /// The header `Origin`.
    pub origin: Option<&'a str>,
    /// The header `Authorization`.
    pub authorization: Option<&'a str>,
    /// The header `Accept`.
    pub accept: Option<&'a str>,
    /// The header `Content-Length`.
    pub content_length: Option<&'a str>,
    /// Is there a body, possibly an empty one?
    pub has_body: bool,
}

/// Does the request carry a body?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carries {
    Nothing,
    Something,
    /// There is a body of a length that nobody said.
    Unknown,
}

impl Incoming<'_> {
    pub(super) fn is_too_long(&self) -> bool {
        self.own_origin.len() + self.path.len() + self.query.len() > LONGEST_URL
    }

    pub(super) fn carries(&self) -> Carries {
        match self.content_length {
            Some("0") => Carries::Nothing,
            Some(_) => Carries::Something,
            None if self.has_body => Carries::Unknown,
            None => Carries::Nothing,
        }
    }
}

/// The operation of a path below `base`: exactly `{base}/{api}/{Operation}`.
pub(super) fn operation(base: &str, path: &str) -> Result<Operation, Refusal> {
    let below = match base.trim_matches('/') {
        "" => path.strip_prefix('/'),
        base => path.strip_prefix('/').and_then(|rest| rest.strip_prefix(base)?.strip_prefix('/')),
    };
    let (api, name) = below.and_then(|rest| rest.split_once('/')).ok_or(Refusal::NoOperation)?;
    Operation::from_name(&format!("{api}.{name}")).ok_or(Refusal::NoOperation)
}

/// The call that a query makes: each parameter known, there once, of its form, its ids strict and its region allowed.
pub(super) fn call(config: &Config, operation: Operation, query: &str) -> Result<Call, Refusal> {
    let wrong = |error: Error| Refusal::Parameter {
        name: error.field_path().unwrap_or_default().to_owned(),
        detail: error.to_string(),
    };
    let call = Call::from_query(operation, &pairs(query)?).map_err(wrong)?;
    for (name, id) in call.ids() {
        let is_strict = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if !(1..=LONGEST_ID).contains(&id.len()) || !id.bytes().all(is_strict) {
            let rule = format!("expected an id of 1 to {LONGEST_ID} letters, digits, `-` and `_`");
            let detail = format!("`{name}`: {rule}, found {}", quote(id));
            return Err(Refusal::Parameter { name: name.to_owned(), detail });
        }
    }
    match (&config.regions, call.value("RegionId")) {
        (Some(allowed), Some(region)) if !allowed.iter().any(|known| known == region) => {
            Err(Refusal::Region(region.to_owned()))
        }
        // Cloud Control without a region goes to its one endpoint: there is none to allow.
        _ => Ok(call),
    }
}

/// The pairs of a query, as URLSearchParams reads them, except that a broken escape is refused and not guessed at.
fn pairs(query: &str) -> Result<Vec<(String, String)>, Refusal> {
    let query = query.strip_prefix('?').unwrap_or(query);
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let read = |text| {
                decode(text).ok_or_else(|| {
                    let name: String = name.chars().take(64).collect();
                    let detail = format!("`{name}`: expected UTF-8 in percent-encoding");
                    Refusal::Parameter { name, detail }
                })
            };
            Ok((read(name)?, read(value)?))
        })
        .collect()
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        bytes.push(match first {
            b'+' => b' ',
            b'%' => {
                let (digits, after) = rest.split_at_checked(2)?;
                rest = after;
                let digit = |index: usize| char::from(digits.get(index).copied()?).to_digit(16);
                u8::try_from(digit(0)? * 16 + digit(1)?).ok()?
            }
            other => *other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_exactly_an_operation_below_the_base() {
        for (base, path) in [
            ("/", "/ecs/DescribeTasks"),
            ("", "/ecs/DescribeTasks"),
            ("/api", "/api/ecs/DescribeTasks"),
            ("/api/", "/api/ecs/DescribeTasks"),
        ] {
            assert_eq!(operation(base, path), Ok(Operation::EcsDescribeTasks), "{base} {path}");
        }
        for (base, path) in [
            ("/", "/ecs/DescribeTasks/"),
            ("/", "//ecs/DescribeTasks"),
            ("/", "/ecs//DescribeTasks"),
            ("/", "/ecs.DescribeTasks"),
            ("/", "/ECS/DescribeTasks"),
            ("/", "/ecs/describetasks"),
            ("/", "/ecs/Describe%54asks"),
            ("/", "/ecs/DescribeTasks;x"),
            ("/", "/x/ecs/DescribeTasks"),
            ("/", "/ecs/DeleteInstance"),
            ("/", "/"),
            ("/", ""),
            ("/api", "/ecs/DescribeTasks"),
            ("/api", "/apiecs/DescribeTasks"),
        ] {
            assert_eq!(operation(base, path), Err(Refusal::NoOperation), "{base} {path}");
        }
    }

    #[test]
    fn a_query_is_read_as_browsers_write_it() {
        let read = |query| pairs(query).map_err(|refusal| refusal.status());
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            read("?a=1&&b=x+y%2Bz&c&=d"),
            Ok(vec![pair("a", "1"), pair("b", "x y+z"), pair("c", ""), pair("", "d"),])
        );
        for broken in ["a=%", "a=%4", "a=%GG", "a=%+1", "a=%ff", "%C3=1"] {
            assert_eq!(read(broken), Err(400), "{broken}");
        }
    }
}
