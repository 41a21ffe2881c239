//! `cargo xtask build`: the crate becomes `pkg/`, the npm package, and `target/site/`, the page with the package beside it.
//!
//! ```text
//! cargo ──→ tasklens.wasm ──wasm-bindgen──→ core.js ─────────────┐
//!                                core_bg.wasm ──wasm-opt──→ core.wasm ──esbuild──→ dist/*.js ──→ pkg/ ──→ target/site/
//!                                                  pkg-template/*.js ┘
//! ```
//!
//! Each arrow is skipped when what goes in, and how, is what it was. Nothing of the time or the place goes in.

mod entry;
mod inline;
mod package;

use crate::{
    files, paths, process,
    report::{self, Step},
    setup::{self, WasmTarget, wasm_target::TARGET},
};
use anyhow::{Context, Result};
use std::{ffi::OsString, path::PathBuf, process::Command};

pub(crate) use entry::glue_alone;

/// What wasm-bindgen is told. The glue gets its module handed in, so it needs no address of its own; our types are written
/// by hand.
const BINDGEN: [&str; 6] = [
    "--target=web",
    "--out-name=core",
    "--omit-default-module-path",
    "--no-typescript",
    "--remove-name-section",
    "--remove-producers-section",
];

/// What wasm-opt is told.
const WASM_OPT: [&str; 1] = ["-Oz"];

/// `cargo xtask build`.
pub(crate) fn command() -> Result<()> {
    let _lock = files::lock()?;
    build(&setup::for_building()?)
}

/// Builds everything, given a compiler.
pub(crate) fn build(wasm: &WasmTarget) -> Result<()> {
    report::heading("build");
    let module = report::step("compile", |step| compile(step, wasm))?;
    report::step("core", |step| core(step, &module))?;
    report::step("bundle", entry::bundle)?;
    report::step("pkg", package::assemble)?;
    report::step("site", package::assemble_site)
}

/// Where glue and module are put together.
fn core_dir() -> PathBuf {
    paths::stage().join("core")
}

fn compile(step: &Step, wasm: &WasmTarget) -> Result<PathBuf> {
    step.doing("compiling the crate for wasm");
    process::run(wasm.cargo().args([
        "build",
        "--profile",
        "wasm",
        "--target",
        TARGET,
        "-p",
        "tasklens",
        "--lib",
        "--features",
        "bindings",
    ]))?;
    Ok(paths::wasm_target_dir().join(TARGET).join("wasm/tasklens.wasm"))
}

/// The glue, `core.js`, and the module, `core.wasm`.
fn core(step: &Step, module: &PathBuf) -> Result<()> {
    let dir = core_dir();
    let wasm_opt = paths::npm_tool("wasm-opt");
    let inputs = (files::read(module)?, BINDGEN, WASM_OPT, lock_files()?);
    files::make_once(&dir, files::hash(&inputs), || {
        step.doing("writing the glue and making the module small");
        let mut args: Vec<OsString> = vec!["wasm-bindgen".into()];
        args.extend(BINDGEN.map(OsString::from));
        args.extend(["--out-dir".into(), dir.clone().into(), module.into()]);
        wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(args).context("writing the glue")?;
        let raw = dir.join("core_bg.wasm");
        process::run(Command::new(&wasm_opt).args(WASM_OPT).arg(&raw).arg("-o").arg(dir.join("core.wasm")))?;
        std::fs::remove_file(&raw).context("removing the module that was not optimised")
    })?;
    let size = files::read(&dir.join("core.wasm"))?.len();
    step.detail(format!("core.wasm, {} bytes", report::thousands(size as u64)));
    Ok(())
}

/// The versions of all tools.
fn lock_files() -> Result<[Vec<u8>; 2]> {
    Ok([
        files::read(&paths::root().join("Cargo.lock"))?,
        files::read(&paths::root().join("package-lock.json"))?,
    ])
}
