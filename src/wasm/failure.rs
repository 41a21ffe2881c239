//! Why a call did not bring a reply: the error, and what only JavaScript knows of it.

use super::{call::property, throw};
use crate::{Error, ErrorCode};
use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

/// An error with what led to it.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: Error,
    /// What was thrown, or the reason of the signal; `undefined` where there is none.
    pub(super) cause: JsValue,
    /// How long the server asks to be waited for, in milliseconds.
    pub(super) hint: Option<u64>,
}

impl Failure {
    pub(super) fn new(code: ErrorCode, detail: impl Into<String>, cause: JsValue) -> Self {
        Self { cause, ..Error::new(code, detail).into() }
    }

    pub(super) fn aborted(signal: Option<&AbortSignal>) -> Self {
        // Not the typed getter: signals from before `reason` have none.
        let reason = signal.map(|signal| property(signal, "reason")).unwrap_or_default();
        Self::new(ErrorCode::Aborted, "aborted by the caller's signal", reason)
    }

    /// As the package's `TasklensError` takes it.
    pub(super) fn thrown(self) -> JsValue {
        let thrown = throw(self.error);
        if !self.cause.is_undefined() {
            // Cannot fail: the object is ours.
            let _ = Reflect::set(&thrown, &"cause".into(), &self.cause);
        }
        thrown
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, cause: JsValue::UNDEFINED, hint: None }
    }
}
