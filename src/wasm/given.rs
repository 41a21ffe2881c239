//! What JavaScript hands over, a value at a time. `given.js` looks at it: what wasm-bindgen brings along for the same questions is
//! 700 bytes more to download.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::Headers;

#[wasm_bindgen(module = "/src/wasm/given.js")]
extern "C" {
    fn kind(value: &JsValue) -> Option<u8>;
    fn utf8(value: &JsValue) -> Option<Uint8Array>;
    /// A property, or `undefined`, also where reading it throws.
    pub(super) fn property(object: &JsValue, name: &str) -> JsValue;
    /// No text, where there is none of that name.
    pub(super) fn header(headers: &Headers, name: &str) -> JsValue;
}

/// What a value is, unless it is left out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Flag,
    Date,
    List,
    Bytes,
    /// Any other one.
    Object,
    /// A text among others.
    Other,
}

/// None of `undefined` and `null`.
pub(super) fn kind_of(value: &JsValue) -> Option<Kind> {
    // In the order of `given.js`.
    let named = [Kind::Number, Kind::Flag, Kind::Date, Kind::List, Kind::Bytes, Kind::Object];
    Some(named.get(usize::from(kind(value)?)).copied().unwrap_or(Kind::Other))
}

/// Left out.
pub(super) fn absent(value: &JsValue) -> bool {
    kind_of(value).is_none()
}

pub(super) fn text(value: &JsValue) -> Option<String> {
    String::from_utf8(utf8(value)?.to_vec()).ok()
}

pub(super) fn number(value: &JsValue) -> Option<f64> {
    (kind_of(value)? == Kind::Number).then(|| value.unchecked_into_f64())
}

/// A number; of a date its milliseconds.
pub(super) fn moment(value: &JsValue) -> Option<f64> {
    matches!(kind_of(value)?, Kind::Number | Kind::Date).then(|| value.unchecked_into_f64())
}

pub(super) fn flag(value: &JsValue) -> Option<bool> {
    (kind_of(value)? == Kind::Flag).then(|| value.unchecked_into_f64() == 1.0)
}

pub(super) fn list(value: &JsValue) -> Option<&Array> {
    (kind_of(value)? == Kind::List).then(|| value.unchecked_ref())
}

pub(super) fn bytes(value: &JsValue) -> Option<&Uint8Array> {
    (kind_of(value)? == Kind::Bytes).then(|| value.unchecked_ref())
}
