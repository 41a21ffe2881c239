//! What JavaScript hands over: the body and the options, checked.

use super::given::{self, Kind, absent, kind_of, list, property, text};
use super::request;
use crate::{Error, Format, Limits, Operation, ParseOptions};
use std::fmt::Display;
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
    let number = |name, least, most| number(options, name, least, most);
    Ok(ParseOptions {
        format: option(options, "format", "is `json` or `xml`", |value| match text(value)?.as_str() {
            "json" => Some(Format::Json),
            "xml" => Some(Format::Xml),
            _ => None,
        })?,
        operation: option(options, "operation", "is a name such as `ecs.DescribeTasks`", |value| {
            Operation::from_name(&text(value)?)
        })?,
        http_status: number("httpStatus", 0, 999)?.map(|status| status as u16),
        limits: Limits {
            bytes: number("maxBytes", 1, Limits::MAX_BYTES)?.unwrap_or(limits.bytes),
            depth: number("maxDepth", 1, Limits::MAX_DEPTH)?.unwrap_or(limits.depth),
        },
        slice: option(options, "slice", "is two integers from 0: [from, to)", |value| {
            let pair = list(value).filter(|pair| pair.length() == 2)?;
            // Any list ends before the largest index, and so does infinity.
            Some(index(&pair.get(0))?..index(&pair.get(1))?)
        })?,
    })
}

/// An option that may be left out.
fn option<T>(
    options: &JsValue,
    name: &str,
    rule: impl Display,
    read: impl FnOnce(&JsValue) -> Option<T>,
) -> Result<Option<T>, Error> {
    let value = property(options, name);
    if absent(&value) {
        return Ok(None);
    }
    read(&value).map(Some).ok_or_else(|| request(format!("options: `{name}` {rule}")))
}

fn number(options: &JsValue, name: &str, least: usize, most: usize) -> Result<Option<usize>, Error> {
    let rule = format_args!("is an integer from {least} to {most}");
    option(options, name, rule, |value| whole(value, least, most))
}

fn whole(value: &JsValue, least: usize, most: usize) -> Option<usize> {
    let number = given::number(value)?;
    let fits = number as usize as f64 == number && (least..=most).contains(&(number as usize));
    fits.then_some(number as usize)
}

fn index(value: &JsValue) -> Option<usize> {
    given::number(value)
        .filter(|number| *number == f64::INFINITY)
        .map(|_| usize::MAX)
        .or_else(|| whole(value, 0, usize::MAX))
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
