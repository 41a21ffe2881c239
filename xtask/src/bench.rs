//! `cargo xtask bench`: how fast the built package reads.

use crate::{build, paths, process};
use anyhow::Result;
use std::process::Command;

/// Builds, then runs the benchmark with the arguments it was given.
pub(crate) fn command(args: &[&str]) -> Result<()> {
    build::command()?;
    let mut node = Command::new("node");
    node.args(["--expose-gc", "benches/parse.mjs"]).args(args).current_dir(paths::root());
    process::run_as_it_is(node.env("TASKLENS_PKG", paths::pkg()))
}
