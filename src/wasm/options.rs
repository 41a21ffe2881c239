//! What JavaScript hands over: the body and the options, checked.

use super::given::{self, Kind, absent, kind_of, list, property, text};
use super::request;
use crate::error::integer_rule;
use crate::{Error, Format, Limits, Operation, ParseOptions};
use wasm_bindgen::JsValue;

/// The contract's `ParseOptions`.
///
/// # Errors
/// `request`, naming the option and what it takes.
pub(super) fn read(options: &JsValue) -> Result<ParseOptions, Error> {
    if absent(options) {
        return Ok(ParseOptions::default());
    }
    given(options)
}

/// Apart: most calls are without.
#[inline(never)]
fn given(options: &JsValue) -> Result<ParseOptions, Error> {
    if !matches!(kind_of(options), Some(Kind::Date | Kind::List | Kind::Bytes | Kind::Object)) {
        return Err(request("options: expected an object"));
    }
    let limits = Limits::default();
    let number = |name, least, most| {
        let read = |value: &JsValue| whole(given::number(value)?, least, most).map(|number| number as usize);
        given_as(options, name, read).ok_or_else(|| wrong(name, &integer_rule(least, most)))
    };
    Ok(ParseOptions {
        format: option(options, "format", "`json` or `xml`", |value| match text(value)?.as_str() {
            "json" => Some(Format::Json),
            "xml" => Some(Format::Xml),
            _ => None,
        })?,
        operation: option(options, "operation", "a name such as `ecs.DescribeTasks`", |value| {
            Operation::from_name(&text(value)?)
        })?,
        http_status: number("httpStatus", 0, 999)?.map(|status| status as u16),
        limits: Limits {
            bytes: number("maxBytes", 1, Limits::MAX_BYTES as u64)?.unwrap_or(limits.bytes),
            depth: number("maxDepth", 1, Limits::MAX_DEPTH as u64)?.unwrap_or(limits.depth),
        },
        slice: option(options, "slice", "two integers from 0: [from, to)", |value| {
            let pair = list(value).filter(|pair| pair.length() == 2)?;
            Some(index(&pair.get(0))?..index(&pair.get(1))?)
        })?,
    })
}

/// As [`optional`], in the words for an option.
fn option<T>(
    options: &JsValue,
    name: &str,
    rule: &str,
    read: impl FnOnce(&JsValue) -> Option<T>,
) -> Result<Option<T>, Error> {
    given_as(options, name, read).ok_or_else(|| wrong(name, rule))
}

fn wrong(name: &str, rule: &str) -> Error {
    request(format!("options: `{name}` is {rule}"))
}

/// A property that may be left out.
///
/// # Errors
/// `request` with this rule, naming the property, where `read` makes nothing of it.
pub(super) fn optional<T>(
    object: &JsValue,
    name: &str,
    rule: &str,
    read: impl FnOnce(&JsValue) -> Option<T>,
) -> Result<Option<T>, Error> {
    given_as(object, name, read).ok_or_else(|| request(rule).path(name))
}

/// Outside: does it hold what it may? Inside: is it there?
fn given_as<T>(object: &JsValue, name: &str, read: impl FnOnce(&JsValue) -> Option<T>) -> Option<Option<T>> {
    let value = property(object, name);
    match read(&value) {
        None if !absent(&value) => None,
        read => Some(read),
    }
}

/// A whole number in its range.
pub(super) fn whole(number: f64, least: u64, most: u64) -> Option<u64> {
    let whole = number as u64;
    (whole as f64 == number && (least..=most).contains(&whole)).then_some(whole)
}

/// Any list ends before the largest index, and so does infinity.
fn index(value: &JsValue) -> Option<usize> {
    let number = given::number(value)?;
    let whole = whole(number, 0, usize::MAX as u64).map(|index| index as usize);
    whole.or((number == f64::INFINITY).then_some(usize::MAX))
}

/// The bytes of a `Uint8Array`; not copied when they are over the limit.
///
/// # Errors
/// `limit`, or `request` for anything else.
pub(super) fn body(body: &JsValue, limits: &Limits) -> Result<Vec<u8>, Error> {
    let Some(bytes) = given::bytes(body) else {
        return Err(request("body: expected a string or a Uint8Array"));
    };
    match bytes.length() as usize > limits.bytes {
        true => Err(limits.too_large()),
        false => Ok(bytes.to_vec()),
    }
}
