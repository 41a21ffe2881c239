//! The bindings: convert, delegate, convert back. No rule of reading lives here.

#[cfg(feature = "bindings")]
mod call;
#[cfg(feature = "bindings")]
mod client;
mod given;
mod options;
mod shapes;
mod tape;
#[cfg(feature = "bindings")]
mod watch;

#[cfg(feature = "bindings")]
pub use call::build_request;
#[cfg(feature = "bindings")]
pub use client::{
    Walk, hint_of, is_retryable, patience_of, read_answer, retry_delay, send_call, send_cancel, send_describe,
};
#[cfg(feature = "bindings")]
pub use watch::Watching;

use crate::schema::parse_each;
use crate::{Error, ErrorCode, ParseOptions, Summary};
use tape::{Plain, Tape};
use wasm_bindgen::prelude::*;

/// Reads one reply: `body` is a `Uint8Array`, `options` the contract's `ParseOptions` or undefined.
///
/// # Errors
/// A plain object with what `TasklensError` is made of.
#[wasm_bindgen]
pub fn parse(body: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
    let options = options::read(&options).map_err(throw)?;
    let body = options::body(&body, &options.limits).map_err(throw)?;
    let mut tape = Tape::default();
    let reply = parse_each(&body, &options, &mut |task, _| tape.row(&task)).map_err(throw)?;
    reply.write(&mut tape);
    Ok(tape.unwind())
}

/// Counts the tasks of a reply; `body` and `options` as for [`parse`].
///
/// # Errors
/// As [`parse`].
#[wasm_bindgen]
pub fn summarize(body: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
    let options: ParseOptions = options::read(&options).map_err(throw)?;
    let body = options::body(&body, &options.limits).map_err(throw)?;
    let summary: Summary = crate::summarize(&body, &options).map_err(throw)?;
    Ok(tape::build(&summary))
}

/// An error as the package's `TasklensError` takes it.
fn throw(error: Error) -> JsValue {
    tape::build(&error)
}

/// An argument that is wrong.
fn request(detail: impl Into<String>) -> Error {
    Error::new(ErrorCode::Request, detail)
}
