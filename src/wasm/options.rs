//! What JavaScript hands over: the body and the options, checked.

use super::request;
use crate::error::{ErrorCode, quote};
use crate::{Error, Format, Limits, Operation, ParseOptions};
use js_sys::{JsString, Uint8Array};
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};

/// The contract's `ParseOptions`, as they come.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Given {
    format: Option<String>,
    operation: Option<String>,
    http_status: Option<f64>,
    max_bytes: Option<f64>,
    max_depth: Option<f64>,
    slice: Option<(f64, f64)>,
}

/// # Errors
/// `request`, naming the option and what it takes.
pub(super) fn read(options: JsValue) -> Result<ParseOptions, Error> {
    if options.is_undefined() || options.is_null() {
        return Ok(ParseOptions::default());
    }
    let given: Given =
        serde_wasm_bindgen::from_value(options).map_err(|error| request(format!("options: {error}")))?;
    let format = given.format.map(|word| match word.as_str() {
        "json" => Ok(Format::Json),
        "xml" => Ok(Format::Xml),
        other => Err(request(format!("options: `format` is `json` or `xml`, found {}", quote(other)))),
    });
    let operation = given.operation.map(|name| {
        Operation::from_name(&name)
            .ok_or_else(|| request(format!("options: `operation` has no {}", quote(&name))))
    });
    let limits = Limits::default();
    let http_status = given.http_status.map(|status| whole("httpStatus", status, 0, 999));
    Ok(ParseOptions {
        format: format.transpose()?,
        operation: operation.transpose()?,
        http_status: http_status.transpose()?.map(|status| status as u16),
        limits: Limits {
            bytes: given
                .max_bytes
                .map_or(Ok(limits.bytes), |most| whole("maxBytes", most, 1, Limits::MAX_BYTES))?,
            depth: given
                .max_depth
                .map_or(Ok(limits.depth), |most| whole("maxDepth", most, 1, Limits::MAX_DEPTH))?,
        },
        slice: match given.slice {
            Some((from, to)) => Some(index(from)?..index(to)?),
            None => None,
        },
    })
}

fn whole(name: &str, number: f64, least: usize, most: usize) -> Result<usize, Error> {
    let fits = number.fract() == 0.0 && (least as f64..=most as f64).contains(&number);
    fits.then_some(number as usize).ok_or_else(|| {
        request(format!("options: `{name}` is an integer from {least} to {most}, found {number}"))
    })
}

/// An index of `slice`; infinity is the end of any list.
fn index(number: f64) -> Result<usize, Error> {
    let fits = number >= 0.0 && (number.fract() == 0.0 || number.is_infinite());
    fits.then_some(number as usize)
        .ok_or_else(|| request(format!("options: `slice` is two integers from 0, found {number}")))
}

/// The bytes of a string or a `Uint8Array`; not copied when they are over the limit.
///
/// # Errors
/// `limit`, or `request` for anything else than these two.
pub(super) fn body(body: JsValue, limits: &Limits) -> Result<Vec<u8>, Error> {
    let check = |length: u32| match length as usize > limits.bytes {
        true => {
            let detail = format!("reply is over {} bytes; raise `maxBytes` to read it", limits.bytes);
            Err(Error::new(ErrorCode::Limit, detail))
        }
        false => Ok(()),
    };
    if let Some(text) = body.dyn_ref::<JsString>() {
        // A UTF-16 unit is at least one byte of UTF-8.
        check(text.length())?;
        Ok(body.as_string().unwrap_or_default().into_bytes())
    } else if let Some(bytes) = body.dyn_ref::<Uint8Array>() {
        check(bytes.length())?;
        Ok(bytes.to_vec())
    } else {
        Err(request("body: expected a string or a Uint8Array"))
    }
}
