//! The proxy's machine on made-up time: what passes and what does not, when it tries again, and what goes back.

#![cfg(feature = "proxy")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod access;
mod again;
mod passes;
mod properties;
mod refused;
mod reply;
mod traveller;
