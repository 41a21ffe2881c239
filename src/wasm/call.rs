//! What to ask for, from JavaScript: the contract's `Call` and `TaskRef`, and `UnsignedRequest` back.

use super::{request, tape, throw};
use crate::{Api, Argument, Call, Error, Operation, TaskRef};
use js_sys::{Array, Date, Object, Reflect};
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
    let fields = object(call, "call")?;
    let operation = property(fields, "operation").as_string();
    let operation = operation.as_deref().and_then(Operation::from_name).ok_or_else(|| {
        request("expected the name of an operation, such as `ecs.DescribeTasks`").path("operation")
    })?;
    let mut arguments = Vec::new();
    let names = Object::keys(fields);
    for index in 0..names.length() {
        let Some(name) = names.get(index).as_string() else { continue };
        let value = property(fields, &name);
        if name != "operation" && !absent(&value) {
            let argument = argument(&value, &name)?;
            arguments.push((name, argument));
        }
    }
    Call::new(operation, arguments)
}

fn argument(value: &JsValue, name: &str) -> Result<Argument, Error> {
    if let Some(text) = value.as_string() {
        return Ok(Argument::Text(text));
    }
    if let Some(number) = value.as_f64() {
        return Ok(Argument::Number(number));
    }
    if let Some(date) = value.dyn_ref::<Date>() {
        return Ok(Argument::Number(date.get_time()));
    }
    let Some(list) = value.dyn_ref::<Array>() else {
        return Err(request("expected a text, a number, a Date or a list of texts").path(name));
    };
    let mut texts = Vec::new();
    for index in 0..list.length() {
        let text = list.get(index).as_string();
        texts.push(text.ok_or_else(|| request("expected a text").path(format!("{name}[{index}]")))?);
    }
    Ok(Argument::List(texts))
}

/// A task's reference; a whole task is one too.
///
/// # Errors
/// `request`, naming the field and its rule.
pub(super) fn read_ref(task: &JsValue) -> Result<TaskRef, Error> {
    let fields = object(task, "ref")?;
    let api = property(fields, "api").as_string();
    let api = api.as_deref().and_then(Api::from_name);
    let api = api.ok_or_else(|| request("expected `ecs`, `bdrc` or `cloudcontrol`").path("api"))?;
    let text = |name| optional(fields, name, "expected a text", JsValue::as_string);
    TaskRef::new(api, text("regionId")?.as_deref(), &text("id")?.unwrap_or_default())
}

/// # Errors
/// `request`, where the argument of that name is no object.
pub(super) fn object<'v>(value: &'v JsValue, name: &str) -> Result<&'v Object, Error> {
    let plain = value.is_object() && !Array::is_array(value);
    plain.then(|| value.unchecked_ref()).ok_or_else(|| request("expected an object").path(name))
}

/// A property, or `undefined`, also where reading it throws.
pub(super) fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

/// A property that may be left out.
///
/// # Errors
/// `request` with this rule, naming the property, where `read` makes nothing of it.
pub(super) fn optional<T>(
    object: &JsValue,
    name: &str,
    rule: &str,
    read: impl Fn(&JsValue) -> Option<T>,
) -> Result<Option<T>, Error> {
    let value = property(object, name);
    match read(&value) {
        None if !absent(&value) => Err(request(rule).path(name)),
        read => Ok(read),
    }
}

/// Left out.
pub(super) fn absent(value: &JsValue) -> bool {
    value.is_undefined() || value.is_null()
}
