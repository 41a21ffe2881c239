//! The signing proxy's decisions: who may ask, what may pass, when to try again, what may go back.
//!
//! **In scope:** reading the settings, the caller's origin and token, the operation and its parameters, the signature, the
//! retries, the problem documents, and cutting out what must not be seen.
//!
//! **Out of scope:** sockets, timers, the clock, randomness. [`Exchange`] says what to do next, whoever runs it does that and
//! reports what came of it; so one machine serves Workers, Deno, Bun and Node, and is tested without any of them.
//!
//! ```text
//! Exchange::begin ─▶ Ask ──answered──┐
//!        │            ▲ └────────────┤
//!        │            │              ▼
//!        ├────────────┴──▶ Send ──replied, failed──▶ Respond
//!        │                  ▲                │          ▲
//!        │                  └─waited── Wait ◀┘          │
//!        └───────────────────refused────────────────────┘
//! ```
//!
//! Nothing of a caller decides a host, a path, a method or an action: it names one of seven operations, each a fixed
//! template, and gives parameters of a strict form. Without tokens, without keys, and with settings that cannot be read,
//! it refuses. It logs nothing and keeps nothing between two requests.
//!
//! Reads are tried again after trouble that is likely to pass, twice at the most, within [`DEADLINE_MS`]. A throttled call is
//! not: its quota is counted by the minute (api.md 1.9), the client knows how long it wants to wait, and a proxy that waits
//! for it holds a connection for nothing. It goes back with the server's hint.

mod access;
mod config;
mod exchange;
mod incoming;
mod outgoing;
mod problem;
mod redact;
mod reply;

pub use config::ProxyEnv;
pub use exchange::{DEADLINE_MS, Exchange, Failure, Moment, Question, Step, TIMEOUT_MS};
pub use incoming::{Incoming, LONGEST_URL};
pub use outgoing::SignedRequest;
pub use reply::{MOST_BYTES, Response, Upstream, UpstreamHeaders};
