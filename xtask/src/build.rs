//! `cargo xtask build`: the crate becomes `pkg/`, the npm package, and `target/site/`, the page with the package beside it.
//!
//! ```text
//! cargo ──→ tasklens.wasm ──wasm-bindgen, short names──→ core.js  ┐
//!                         core_bg.wasm ──wasm-opt, order──→ core.wasm ──esbuild──→ dist/*.js ──→ pkg/ ──→ target/site/
//!                                                   pkg-template/*.js ┘
//! ```
//!
//! There are two such modules, [`MODULES`]: keys and what signs with them are in no browser's.
//!
//! Each arrow is skipped when what goes in, and how, is what it was. Nothing of the time or the place goes in.

mod entry;
mod names;
mod order;
mod package;
mod packed;
mod page;

use crate::{
    files, paths, process,
    report::{self, Step},
    setup::{self, WasmTarget, wasm_target::TARGET},
};
use anyhow::{Context, Result};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

pub(crate) use package::version;

/// A module of the package.
pub(crate) struct Module {
    /// The crate's feature that exports what is in it.
    pub(crate) feature: &'static str,
    /// What it is compiled for: `s` or `z`, see `opt-level` of cargo's profiles.
    opt: &'static str,
    /// What LLVM is told besides, for it and the libraries it takes along.
    llvm: &'static [&'static str],
    /// Its glue and itself, in `dist/` and for the entries: `{glue}.js`, `{name}.wasm`.
    glue: &'static str,
    name: &'static str,
}

/// Reading a list is worth bytes, one exchange is not. The proxy's glue has another name than it, for `proxy.js` is the script around it.
pub(crate) const MODULES: [Module; 2] = [
    Module { feature: "bindings", opt: "s", llvm: &LITTLE_INLINED, glue: "core", name: "core" },
    Module { feature: "bindings-proxy", opt: "z", llvm: &[], glue: "gate", name: "proxy" },
];

/// Half of what `s` would put in place of a call, and of a call that is marked `#[inline]` a third: 2.7 % less to download. Where a
/// list's reading passes by, `#[inline(always)]` says so, and it is as fast as it was.
const LITTLE_INLINED: [&str; 2] = ["-inline-threshold=25", "-inlinehint-threshold=100"];

impl Module {
    /// As the entries name it.
    fn file(&self) -> String {
        format!("{}.wasm", self.name)
    }

    /// Where its glue and itself are put together.
    fn dir(&self) -> PathBuf {
        paths::stage().join(self.name)
    }

    /// A target directory for each: cargo gives both libraries one name, and one would hide the other.
    fn target_dir(&self) -> PathBuf {
        paths::wasm_target_dir().join(self.feature)
    }
}

/// What wasm-bindgen is told. The glue gets its module handed in, so it needs no address of its own; every engine that runs it
/// has `encodeInto`; our types are written by hand.
const BINDGEN: [&str; 6] = [
    "--target=web",
    "--omit-default-module-path",
    "--encode-into=always",
    "--no-typescript",
    "--remove-name-section",
    "--remove-producers-section",
];

/// What wasm-opt is told. Beyond `-Oz`, what makes code more alike costs raw bytes and saves 1.6 % of what is downloaded: a
/// function of one caller stays by itself unless it is tiny, nothing is computed ahead to be shared, and no access says how
/// it is aligned, which engines do not heed. The lowest kilobyte is the stack's last, which nothing reaches from below zero: so
/// what is added to an address goes into the access itself (0.6 %).
const WASM_OPT: [&str; 7] = [
    "-Oz",
    "--one-caller-inline-max-function-size=30",
    "--skip-pass=local-cse",
    "--dealign",
    "--low-memory-unused",
    "--converge",
    "--strip-target-features",
];

/// `cargo xtask build`.
pub(crate) fn command() -> Result<()> {
    let _lock = files::lock()?;
    build(&setup::for_building()?)
}

/// Builds everything, given a compiler.
pub(crate) fn build(wasm: &WasmTarget) -> Result<()> {
    report::heading("build");
    for module in &MODULES {
        let compiled = report::step("compile", |step| compile(step, wasm, module))?;
        report::step(module.name, |step| make(step, module, &compiled))?;
    }
    report::step("bundle", entry::bundle)?;
    let page = report::step("one file", page::one_file)?;
    report::step("pkg", |step| package::assemble(step, page))?;
    report::step("site", package::assemble_site)
}

fn compile(step: &Step, wasm: &WasmTarget, module: &Module) -> Result<PathBuf> {
    step.doing(&format!("compiling the crate for wasm, with `{}`", module.feature));
    let mut cargo = wasm.cargo_for_modules(module.llvm);
    // The crate itself is a plain library: only here is it linked by itself.
    cargo.args(["rustc", "--profile", "wasm", "--target", TARGET, "-p", "tasklens", "--lib"]);
    cargo.args(["--config", &format!("profile.wasm.opt-level=\"{}\"", module.opt)]);
    cargo.args(["--crate-type", "cdylib", "--features", module.feature]);
    cargo.arg("--target-dir").arg(module.target_dir());
    process::run(&mut cargo)?;
    Ok(module.target_dir().join(TARGET).join("wasm/tasklens.wasm"))
}

/// The glue and the module.
fn make(step: &Step, module: &Module, compiled: &PathBuf) -> Result<()> {
    let dir = module.dir();
    let wasm_opt = paths::npm_tool("wasm-opt");
    let ours = [include_str!("build/names.rs"), include_str!("build/order.rs")];
    let inputs = (files::read(compiled)?, BINDGEN, ours, module.glue, WASM_OPT, lock_files()?);
    files::make_once(&dir, files::hash(&inputs), || {
        step.doing("writing the glue and making the module small");
        let mut args: Vec<OsString> = vec!["wasm-bindgen".into()];
        args.extend(BINDGEN.map(OsString::from));
        args.push(format!("--out-name={}", module.glue).into());
        args.extend(["--out-dir".into(), dir.clone().into(), compiled.into()]);
        wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(args).context("writing the glue")?;
        let raw = dir.join(format!("{}_bg.wasm", module.glue));
        shorten_names(&dir.join(format!("{}.js", module.glue)), &raw)?;
        let small = dir.join(module.file());
        process::run(Command::new(&wasm_opt).args(WASM_OPT).arg(&raw).arg("-o").arg(&small))?;
        files::write(&small, &order::by_likeness(&files::read(&small)?)?)?;
        std::fs::remove_file(&raw).context("removing the module that was not optimised")
    })?;
    let size = files::read(&dir.join(module.file()))?.len();
    step.detail(format!("{}, {} bytes", module.file(), report::thousands(size as u64)));
    Ok(())
}

fn shorten_names(glue: &Path, raw: &Path) -> Result<()> {
    let written = String::from_utf8(files::read(glue)?).context("reading the glue")?;
    let mut config = walrus::ModuleConfig::new();
    let parsed =
        config.generate_name_section(false).generate_producers_section(false).parse(&files::read(raw)?);
    let mut module = parsed.context("reading what wasm-bindgen has made")?;
    let short = names::shorten(&mut module, &written).context("giving short names")?;
    files::write(glue, short.as_bytes())?;
    files::write(raw, &module.emit_wasm())
}

/// The versions of all tools.
fn lock_files() -> Result<[Vec<u8>; 2]> {
    Ok([
        files::read(&paths::root().join("Cargo.lock"))?,
        files::read(&paths::root().join("package-lock.json"))?,
    ])
}
