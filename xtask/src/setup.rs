//! Puts in place what building and testing need, each part only when it is missing.

mod bindgen;
pub(crate) mod chromium;
pub(crate) mod debian;
mod npm;
pub(crate) mod wasm_target;

use crate::{files, report};
use anyhow::Result;

pub(crate) use chromium::Chromium;
pub(crate) use wasm_target::WasmTarget;

/// `cargo xtask setup`.
pub(crate) fn all() -> Result<()> {
    let _lock = files::lock()?;
    for_building()?;
    for_browsing()?;
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

/// What the tests that need a browser need besides.
pub(crate) fn for_browsing() -> Result<Chromium> {
    report::step("chromium", chromium::find_or_install)
}
