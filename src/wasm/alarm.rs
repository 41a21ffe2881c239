//! Waiting: a time that passes, or a signal that comes before.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen]
extern "C" {
    // Of the global object, which in a worker is no window. A timer is a number in browsers and an object in Node.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &JsValue, ms: i32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// Why an alarm rang.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rang {
    /// The time is over.
    Time,
    /// The caller's signal came.
    Aborted,
}

#[derive(Default)]
struct Bell {
    rang: Cell<Option<Rang>>,
    waker: RefCell<Option<Waker>>,
}

impl Bell {
    fn ring(&self, why: Rang) {
        if self.rang.get().is_none() {
            self.rang.set(Some(why));
            if let Some(waker) = self.waker.take() {
                waker.wake();
            }
        }
    }
}

type Callback = Closure<dyn FnMut()>;

/// Rings once. Its timer and its listener are gone when it is.
pub(super) struct Alarm {
    bell: Rc<Bell>,
    timer: JsValue,
    signal: Option<(AbortSignal, Callback)>,
    _on_time: Callback,
}

impl Alarm {
    /// Rings in so many milliseconds, and before that when the signal comes.
    pub(super) fn set(ms: u64, signal: Option<&AbortSignal>) -> Self {
        let bell = Rc::new(Bell::default());
        let callback = |why| {
            let bell = Rc::clone(&bell);
            Callback::own_aborting(move || bell.ring(why))
        };
        let on_time = callback(Rang::Time);
        let signal = signal.map(|signal| {
            let on_abort = callback(Rang::Aborted);
            if signal.aborted() {
                bell.ring(Rang::Aborted);
            }
            // A thing without that method was refused where it came in.
            let _ = signal.add_event_listener_with_callback("abort", on_abort.as_ref().unchecked_ref());
            (signal.clone(), on_abort)
        });
        // Longer than a timer can hold would ring at once.
        let timer = set_timeout(on_time.as_ref(), i32::try_from(ms).unwrap_or(i32::MAX));
        Self { bell, timer, signal, _on_time: on_time }
    }

    fn poll(&self, context: &mut Context<'_>) -> Poll<Rang> {
        match self.bell.rang.get() {
            Some(why) => Poll::Ready(why),
            None => {
                self.bell.waker.replace(Some(context.waker().clone()));
                Poll::Pending
            }
        }
    }

    /// Until it rings.
    pub(super) async fn wait(&self) -> Rang {
        poll_fn(|context| self.poll(context)).await
    }

    /// What `work` brings, if it does before the alarm rings.
    pub(super) async fn race<T>(&self, work: impl Future<Output = T>) -> Result<T, Rang> {
        let mut work = pin!(work);
        poll_fn(|context| match self.poll(context) {
            Poll::Ready(why) => Poll::Ready(Err(why)),
            Poll::Pending => work.as_mut().poll(context).map(Ok),
        })
        .await
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
        if let Some((signal, on_abort)) = &self.signal {
            let _ = signal.remove_event_listener_with_callback("abort", on_abort.as_ref().unchecked_ref());
        }
    }
}
