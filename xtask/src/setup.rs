//! Puts in place what building and testing need, each part only when it is missing.

mod bindgen;
pub(crate) mod chromium;
pub(crate) mod debian;
mod npm;
mod schemathesis;
pub(crate) mod wasm_target;

use crate::{files, report};
use anyhow::Result;

pub(crate) use bindgen::locked_version;
pub(crate) use chromium::Chromium;
pub(crate) use schemathesis::Schemathesis;
pub(crate) use wasm_target::WasmTarget;

/// `cargo xtask setup`.
pub(crate) fn all() -> Result<()> {
    let _lock = files::lock()?;
    let wasm = for_building()?;
    for_linting(&wasm)?;
    for_browsing()?;
    // Only one file of the tests needs it, and says so where it is missing.
    if let Err(error) = for_contracts() {
        eprintln!("  note: {error:#}");
    }
    Ok(())
}

/// What `build` needs.
pub(crate) fn for_building() -> Result<WasmTarget> {
    report::heading("setup");
    report::step("wasm-bindgen", bindgen::check)?;
    let wasm = report::step("wasm32 target", wasm_target::find_or_make)?;
    report::step("npm packages", npm::install)?;
    Ok(wasm)
}

/// What looking for lint in the bindings needs besides.
pub(crate) fn for_linting(wasm: &WasmTarget) -> Result<()> {
    report::step("wasm clippy", |step| wasm_target::find_or_install_clippy(step, wasm))
}

/// What the tests that need a browser need besides.
pub(crate) fn for_browsing() -> Result<Chromium> {
    report::step("chromium", chromium::find_or_install)
}

/// What comparing the proxy with its contract needs besides.
pub(crate) fn for_contracts() -> Result<Schemathesis> {
    report::step("schemathesis", schemathesis::find_or_install)
}
