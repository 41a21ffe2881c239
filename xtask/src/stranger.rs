//! The packed crate, as a stranger has it: a project of its own adds it and runs, with and without the feature for users, and
//! its examples run from what was packed.

use crate::{build, files, paths, process};
use anyhow::Result;
use std::{fs, path::Path, process::Command};

/// A workspace of its own, or cargo would take it for a part of ours.
const MANIFEST: &str = "\
[package]
name = \"stranger\"
version = \"0.0.0\"
edition = \"2024\"

[workspace]
";

/// With no feature: reads a reply.
const READS: &str = include_str!("stranger/reads.rs");
/// With `proxy`: signs a request.
const SIGNS: &str = include_str!("stranger/signs.rs");

/// Packs the crate, unpacks it beside a new project, and uses it there.
pub(crate) fn uses_the_crate() -> Result<()> {
    let home = paths::target().join("stranger");
    // All but what is compiled, which cargo knows to be of use again.
    for made in ["Cargo.toml", "Cargo.lock"] {
        let _ = fs::remove_file(home.join(made));
    }
    let folder = format!("tasklens-{}", build::version()?);
    let _ = fs::remove_dir_all(home.join(&folder));
    files::write(&home.join("Cargo.toml"), MANIFEST.as_bytes())?;
    files::write(&home.join("src/bin/reads.rs"), READS.as_bytes())?;
    files::write(&home.join("src/bin/signs.rs"), SIGNS.as_bytes())?;

    let mut package = process::cargo();
    // The work tree as it is; `release` packs a commit.
    package.args(["package", "--locked", "--allow-dirty", "--no-verify", "-p", "tasklens", "--target-dir"]);
    process::run_quietly(package.arg(home.join("packed")))?;
    let packed = home.join(format!("packed/package/{folder}.crate"));
    process::ask(Command::new("tar").current_dir(&home).arg("-xzf").arg(packed))?;
    // The versions that it was tested with; a stranger's own would be the newest, and need the network.
    fs::copy(home.join(&folder).join("Cargo.lock"), home.join("Cargo.lock"))?;

    let cargo = |args: &[&str]| process::run(in_project(&home).args(args).arg("--offline"));
    cargo(&["add", "tasklens", "--path", &folder])?;
    cargo(&["run", "--quiet", "--bin", "reads"])?;
    cargo(&["add", "tasklens", "--path", &folder, "--features", "proxy"])?;
    cargo(&["run", "--quiet", "--bin", "signs"])?;
    cargo(&["test", "--quiet", "--doc", "-p", "tasklens", "--features", "tasklens/proxy"])
}

fn in_project(home: &Path) -> Command {
    let mut cargo = process::cargo();
    cargo.current_dir(home).env("CARGO_TARGET_DIR", home.join("target"));
    cargo
}
