//! Reads the asynchronous-task replies of three Alibaba Cloud APIs as one model.
//!
//! **In scope:** JSON and XML replies of ECS DescribeTasks and DescribeTaskAttribute, JSON replies of BDRC DescribeTask(s)
//! and Cloud Control GetTask, the replies of operations that start tasks, and faults: into [`Task`]s with one word for
//! how they stand, progress with its origin, moments with their precision, and [`Finding`]s where a reply departs from
//! its documentation.
//!
//! **Out of scope:** sockets, clocks, randomness and keys. The core is a pure function from bytes to a [`Reply`].
//!
//! ```text
//! bytes ── wire ──▶ document ── schema ──▶ Reply { findings, Task | Tasks | Started | Accepted | Fault }
//!          json,xml  one tree    ecs, bdrc, cloud_control, fault, started
//! ```
//!
//! A *task* is a long-running operation on the server; a status is *terminal* when no later poll can differ.
//!
//! ```
//! use tasklens::{Body, ParseOptions, Status, parse};
//!
//! let body = br#"{"TaskId":"t-1","TaskStatus":"Processing","TaskProcess":"64%","RequestId":"4BE2C7FE"}"#;
//! let reply = parse(body, &ParseOptions::default())?;
//! let Body::Task(task) = reply.body else { panic!("one task") };
//! assert_eq!(task.status, Status::Running);
//! assert_eq!(task.progress.fraction(), Some(0.64));
//! # Ok::<(), tasklens::Error>(())
//! ```
//!
//! # Where to begin
//!
//! - [`parse`] reads a reply, [`summarize`] counts a list; [`ParseOptions`] and [`Limits`] say how.
//! - [`TaskRef`] and [`Call`] make the [request](UnsignedRequest) that a reply answers; [`Pages`] walks a list.
//! - [`RetryPolicy`] and [`retry_hint`] say whether and when to ask again.
//! - [`Watch`] asks about tasks until they end, with an [`Estimate`] of when that will be.
//!
//! # Features
//!
//! None is on by default: reading, requests, retries and watching need none.
//!
//! - **`proxy`** adds [`sign`], the signature ACS3-HMAC-SHA256, and [`proxy`], the decisions of a proxy that signs for callers
//!   who must not hold a key. It brings the crates `hmac` and `sha2`.
//! - **`bindings`** and **`bindings-proxy`** are what the build of the npm package switches on to export the crate to
//!   JavaScript. They are no part of this crate's promise, and do nothing on any other target than `wasm32`.

// Without the feature these modules are not there to be linked to.
#![cfg_attr(not(feature = "proxy"), allow(rustdoc::broken_intra_doc_links))]

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod error;
mod field;
mod model;
#[cfg(feature = "proxy")]
pub mod proxy;
mod request;
mod retry;
mod schema;
#[cfg(feature = "proxy")]
pub mod sign;
mod text;
// Whoever uses the crate has an allocator of their own.
#[cfg(all(target_arch = "wasm32", any(feature = "bindings", feature = "bindings-proxy")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(all(target_arch = "wasm32", feature = "bindings"))]
#[doc(hidden)]
pub mod wasm;
// A module of its own in the package, with nothing of the other in it.
#[cfg(all(target_arch = "wasm32", feature = "bindings-proxy"))]
#[doc(hidden)]
#[path = "wasm/proxy.rs"]
pub mod wasm_proxy;
mod watch;
mod wire;

pub use error::{Error, ErrorCode, Place};
pub use model::{
    Api, Body, Cause, Counts, Extra, Fault, FaultKind, Finding, Operation, Origin, Page, Progress, Related,
    Reply, Resource, Started, Status, SubTask, SubTaskStatus, Summary, SummaryProgress, Task, TaskError,
    TaskList, Text, Timestamp, Value,
};
pub use request::{Argument, Call, Pages, TaskRef, UnsignedRequest};
pub use retry::{Jitter, RetryPolicy, heed_retry_after, retry_hint};
pub use schema::{ParseOptions, parse, summarize};
pub use watch::{Action, Estimate, Policy, PollId, Watch, WatchEvent};
pub use wire::{Format, Limits};
