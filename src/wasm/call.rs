//! What to ask for, from JavaScript: the contract's `Call` and `TaskRef`, and `UnsignedRequest` back.

use super::given::{Kind, absent, kind_of, list, moment, property, text};
use super::options::optional;
use super::{request, tape, throw};
use crate::{Api, Argument, Call, Error, Operation, TaskRef};
use js_sys::Object;
use wasm_bindgen::prelude::*;

/// Checks a call and builds its request, unsigned.
///
/// # Errors
/// `request`, naming the field.
#[wasm_bindgen(js_name = buildRequest)]
pub fn build_request(call: &JsValue) -> Result<JsValue, JsValue> {
    Ok(tape::build(&read_call(call).map_err(throw)?.request()))
}

/// # Errors
/// `request`, naming the field and its rule.
pub(super) fn read_call(call: &JsValue) -> Result<Call, Error> {
    object(call, "call")?;
    let operation = text(&property(call, "operation"));
    let operation = operation.as_deref().and_then(Operation::from_name).ok_or_else(|| {
        request("expected the name of an operation, such as `ecs.DescribeTasks`").path("operation")
    })?;
    let mut arguments = Vec::new();
    let names = Object::keys(call.unchecked_ref::<Object>());
    for index in 0..names.length() {
        let Some(name) = text(&names.get(index)) else { continue };
        let value = property(call, &name);
        if name != "operation" && !absent(&value) {
            let argument = argument(&value, &name)?;
            arguments.push((name, argument));
        }
    }
    Call::by_names(operation, &arguments)
}

fn argument(value: &JsValue, name: &str) -> Result<Argument, Error> {
    if let Some(text) = text(value) {
        return Ok(Argument::Text(text));
    }
    if let Some(number) = moment(value) {
        return Ok(Argument::Number(number));
    }
    let Some(list) = list(value) else {
        return Err(request("expected a text, a number, a Date or a list of texts").path(name));
    };
    let mut texts = Vec::new();
    for index in 0..list.length() {
        let text = text(&list.get(index));
        texts.push(text.ok_or_else(|| request("expected a text").path(format!("{name}[{index}]")))?);
    }
    Ok(Argument::List(texts))
}

/// A task's reference; a whole task is one too.
///
/// # Errors
/// `request`, naming the field and its rule.
pub(super) fn read_ref(task: &JsValue) -> Result<TaskRef, Error> {
    object(task, "ref")?;
    let api = text(&property(task, "api"));
    let api = api.as_deref().and_then(Api::from_name);
    let api = api.ok_or_else(|| request("expected `ecs`, `bdrc` or `cloudcontrol`").path("api"))?;
    let text = |name| optional(task, name, "expected a text", text);
    TaskRef::new(api, text("regionId")?.as_deref(), &text("id")?.unwrap_or_default())
}

/// # Errors
/// `request`, where the argument of that name is no object.
pub(super) fn object(value: &JsValue, name: &str) -> Result<(), Error> {
    match kind_of(value) {
        Some(Kind::Date | Kind::Bytes | Kind::Object) => Ok(()),
        _ => Err(request("expected an object").path(name)),
    }
}
