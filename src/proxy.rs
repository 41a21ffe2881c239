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
//! not: its quota is counted by the minute (*documented*: ECS, API throttling), the client knows how long it wants to wait, and a proxy that waits
//! for it holds a connection for nothing. It goes back with the server's hint.
//!
//! ```
//! use tasklens::Timestamp;
//! use tasklens::proxy::{Exchange, Incoming, Moment, ProxyEnv, Step, Upstream};
//!
//! let env = ProxyEnv::read(|name| match name {
//!     "ALIBABA_CLOUD_ACCESS_KEY_ID" => Some("YourAccessKeyId".to_owned()),
//!     "ALIBABA_CLOUD_ACCESS_KEY_SECRET" => Some("YourAccessKeySecret".to_owned()),
//!     "TASKLENS_TOKENS" => Some("a-token-of-at-least-32-characters".to_owned()),
//!     _ => None, // a host looks into its environment
//! });
//! let request = Incoming {
//!     method: "GET",
//!     own_origin: "https://proxy.example",
//!     path: "/ecs/DescribeTaskAttribute",
//!     query: "?RegionId=cn-hangzhou&TaskId=t-bp1import",
//!     authorization: Some("Bearer a-token-of-at-least-32-characters"),
//!     ..Incoming::default()
//! };
//! let now = Timestamp::from_millis(1_767_323_045_000).unwrap(); // the host's clock, its randomness, a nonce for each report
//! let at = |elapsed_ms, nonce| Moment { now, elapsed_ms, random: 0.5, nonce };
//!
//! let mut exchange = Exchange::begin(request, env, "", false, at(0, "nonce-1"));
//! let Step::Send(signed) = exchange.step() else { panic!("{:?}", exchange.step()) };
//! assert!(signed.url.starts_with("https://ecs.cn-hangzhou.aliyuncs.com/?"));
//!
//! // The host sends it, and reports the answer.
//! let body = br#"{"TaskId":"t-bp1import","TaskStatus":"Processing","RequestId":"4BE2C7FE"}"#;
//! exchange.replied(&Upstream { status: 200, body, ..Upstream::default() }, at(80, "nonce-2"));
//! let Step::Respond(response) = exchange.step() else { panic!("{:?}", exchange.step()) };
//! assert_eq!((response.status, &response.body[..]), (200, &body[..]));
//! ```

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
