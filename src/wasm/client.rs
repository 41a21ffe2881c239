//! The client's exports: each reads its arguments, delegates, and converts what comes back.

use super::call::{absent, property, read_call, read_ref};
use super::connection::Connection;
use super::failure::Failure;
use super::settings::Settings;
use super::shapes::Rows;
use super::watch::{self, Watching};
use super::{request, tape};
use crate::{Body, Call, Error, ErrorCode, Pages, Reply};
use js_sys::Promise;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::AbortSignal;

/// Calls through one proxy. Its promises resolve to plain data, and reject with what `TasklensError` is made of.
#[wasm_bindgen]
pub struct Client(Rc<Connection>);

#[wasm_bindgen]
impl Client {
    /// `proxy` is the base, ending in a slash; `options` the contract's `ConnectOptions`.
    ///
    /// # Errors
    /// `request`, naming the option.
    #[wasm_bindgen(constructor)]
    pub fn new(proxy: String, options: &JsValue) -> Result<Self, JsValue> {
        let settings = Settings::read(proxy, options).map_err(Failure::thrown)?;
        Ok(Self(Rc::new(Connection(settings))))
    }

    /// One call; resolves to the reply.
    pub fn call(&self, call: &JsValue, signal: JsValue) -> Promise {
        self.send(read_call(call), signal, |reply| Ok(tape::build(&reply)))
    }

    /// Resolves to the task that `task` refers to.
    pub fn task(&self, task: &JsValue, signal: JsValue) -> Promise {
        let call = read_ref(task).map(|task| task.describe());
        self.send(call, signal, |reply| match reply.body {
            Body::Task(task) => Ok(tape::build(&task)),
            _ => Err(other_kind("a task")),
        })
    }

    /// Cancels the task that `task` refers to.
    pub fn cancel(&self, task: &JsValue, signal: JsValue) -> Promise {
        let call = read_ref(task).and_then(|task| task.cancel());
        self.send(call, signal, |_| Ok(JsValue::UNDEFINED))
    }

    /// A watch over `refs`, not yet begun.
    ///
    /// # Errors
    /// `request`, naming the field.
    pub fn watch(&self, refs: &JsValue, options: &JsValue) -> Result<Watching, JsValue> {
        watch::begin(Rc::clone(&self.0), refs, options).map_err(Failure::thrown)
    }

    /// A walk over every page of a list.
    ///
    /// # Errors
    /// `request`, naming the field.
    pub fn tasks(&self, list: &JsValue) -> Result<Walk, JsValue> {
        let pages = read_call(list).and_then(Pages::new).map_err(super::throw)?;
        Ok(Walk { connection: Rc::clone(&self.0), pages: Rc::new(RefCell::new(pages)) })
    }
}

impl Client {
    /// Not generic, so that what drives it is compiled once.
    fn send(
        &self,
        call: Result<Call, Error>,
        signal: JsValue,
        read: fn(Reply<'_>) -> Result<JsValue, Failure>,
    ) -> Promise {
        let connection = Rc::clone(&self.0);
        promise(async move {
            let (call, signal) = (call?, read_signal(signal)?);
            let mut built = Ok(JsValue::UNDEFINED);
            connection.call(&call, signal.as_ref(), &mut |reply| built = read(reply)).await?;
            built
        })
    }
}

/// A walk over every page of a list, under way.
#[wasm_bindgen]
pub struct Walk {
    connection: Rc<Connection>,
    pages: Rc<RefCell<Pages>>,
}

#[wasm_bindgen]
impl Walk {
    /// Resolves to the tasks of the next page that no page before had; to `undefined` at the end. One at a time.
    pub fn page(&self, signal: JsValue) -> Promise {
        let (connection, pages) = (Rc::clone(&self.connection), Rc::clone(&self.pages));
        promise(async move {
            let signal = read_signal(signal)?;
            let Some(call) = pages.borrow().next()?.cloned() else { return Ok(JsValue::UNDEFINED) };
            let mut built = None;
            let mut read = |reply: Reply<'_>| {
                if let Body::Tasks(list) = reply.body {
                    built = Some(tape::build(&Rows(&pages.borrow_mut().take(list))));
                }
            };
            connection.call(&call, signal.as_ref(), &mut read).await?;
            built.ok_or_else(|| other_kind("a list of tasks"))
        })
    }
}

/// Boxed, so that what drives it is compiled once.
pub(super) fn promise(work: impl Future<Output = Result<JsValue, Failure>> + 'static) -> Promise {
    let work: Pin<Box<dyn Future<Output = Result<JsValue, Failure>>>> = Box::pin(work);
    future_to_promise(async { work.await.map_err(Failure::thrown) })
}

/// The caller's signal, if there is one.
///
/// # Errors
/// `request`, where it is something else.
pub(super) fn read_signal(signal: JsValue) -> Result<Option<AbortSignal>, Error> {
    match signal {
        signal if absent(&signal) => Ok(None),
        // Not by its class: every realm and every polyfill has one of its own.
        signal if property(&signal, "addEventListener").is_function() => Ok(Some(signal.unchecked_into())),
        _ => Err(request("expected an AbortSignal").path("signal")),
    }
}

fn other_kind(expected: &str) -> Failure {
    Error::new(ErrorCode::Unrecognized, format!("expected {expected}, found a reply of another kind")).into()
}
