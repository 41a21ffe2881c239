//! What would be published, made from a commit in a folder of its own, and from the same commit again in another.

use crate::{
    files::{self, Tree},
    paths, process,
};
use anyhow::{Context, Result};
use serde_json::Value;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Below the root, so that the same command in another folder makes the same here.
const ONE: &str = "target/publish/made";
/// A path of another length, where the first is not looked at.
const AGAIN: &str = "target/publish/made-again-in-a-folder-with-a-longer-name";

/// The crate's files as cargo unpacks them, its tarball, the npm package's files and its tarball.
pub(super) struct Made {
    /// The clone that it was made in.
    pub(super) at: PathBuf,
    pub(super) npm: Tree,
    pub(super) tarball: PathBuf,
    /// What `npm pack` tells of it.
    pub(super) report: Value,
    pub(super) in_crate: Tree,
    pub(super) crate_file: PathBuf,
}

/// In the first folder; the crate is compiled from its tarball.
pub(super) fn once(commit: &str, version: &str) -> Result<Made> {
    make(ONE, commit, version, &[])
}

/// In the second one. That the crate compiles is known.
pub(super) fn again(commit: &str, version: &str) -> Result<Made> {
    make(AGAIN, commit, version, &["--no-verify"])
}

fn make(dir: &str, commit: &str, version: &str, how: &[&str]) -> Result<Made> {
    let at = paths::root().join(dir);
    clone(&at, commit)?;
    build(&at)?;
    let (tarball, report) = pack(&at)?;
    let crate_file = package(&at, version, how)?;
    let unpacked = at.join("target/unpacked");
    unpack(&crate_file, &unpacked)?;
    Ok(Made {
        npm: files::read_tree(&at.join("pkg"))?,
        in_crate: files::read_tree(&unpacked.join(format!("tasklens-{version}")))?,
        at,
        tarball,
        report,
        crate_file,
    })
}

/// The commit and nothing else: no change of the work tree, no stamp, no cache of an earlier build. What is taken along says by
/// itself what it is: node_modules by package-lock.json, the standard library by its compiler.
fn clone(at: &Path, commit: &str) -> Result<()> {
    let root = paths::root();
    if at.exists() {
        fs::remove_dir_all(at).with_context(|| format!("removing {}", at.display()))?;
    }
    let git = |args: &[&str], at: &Path| process::ask(Command::new("git").current_dir(at).args(args));
    let to = at.to_str().context("the path to target/ is not UTF-8")?;
    git(&["clone", "--quiet", "--shared", "--no-checkout", ".", to], &root)?;
    git(&["checkout", "--quiet", "--detach", commit], at)?;
    fs::create_dir_all(at.join("target"))?;
    link(&root.join("node_modules"), &at.join("node_modules"))?;
    let std = root.join("target/wasm-sysroot");
    if std.is_dir() { link(&std, &at.join("target/wasm-sysroot")) } else { Ok(()) }
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> Result<()> {
    std::os::unix::fs::symlink(from, to).with_context(|| format!("linking {}", to.display()))
}

/// Elsewhere a link needs a right of its own; the build gets them by itself.
#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> Result<()> {
    Ok(())
}

/// This very program, for that folder.
fn build(at: &Path) -> Result<()> {
    let me = env::current_exe().context("finding this program")?;
    let mut build = Command::new(me);
    process::run(build.arg("build").current_dir(at).env(paths::ROOT, at))
}

fn pack(at: &Path) -> Result<(PathBuf, Value)> {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(["pack", "--json", "--pack-destination", "../target"]).current_dir(at.join("pkg"));
    let report: Value = serde_json::from_str(&process::ask(&mut npm)?).context("reading `npm pack`")?;
    let report = report.pointer("/0").or_else(|| report.pointer("/tasklens")).cloned();
    let report = report.context("`npm pack` tells of no package")?;
    let name = report.get("filename").and_then(Value::as_str).context("`npm pack` tells no `filename`")?;
    Ok((at.join("target").join(name), report))
}

fn package(at: &Path, version: &str, how: &[&str]) -> Result<PathBuf> {
    let mut cargo = process::cargo();
    cargo.current_dir(at).args(["package", "--locked", "-p", "tasklens", "--target-dir"]);
    process::run_quietly(cargo.arg(at.join("target")).args(how))?;
    Ok(at.join(format!("target/package/tasklens-{version}.crate")))
}

fn unpack(tarball: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    process::ask(Command::new("tar").current_dir(to).arg("-xzf").arg(tarball)).map(drop)
}

/// The first file of which the two differ, or that only one has.
pub(super) fn first_difference(one: &Tree, other: &Tree) -> Option<String> {
    let all = one.keys().chain(other.keys().filter(|path| !one.contains_key(*path)));
    let mut differing: Vec<_> = all.filter(|path| one.get(*path) != other.get(*path)).collect();
    differing.sort();
    let path = *differing.first()?;
    Some(match (one.get(path), other.get(path)) {
        (Some(one), Some(other)) => {
            let at = one.iter().zip(other).take_while(|(a, b)| a == b).count();
            format!("{} differs from byte {at} on", path.display())
        }
        _ => format!("{} is in one build only", path.display()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        files.iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn the_first_file_that_differs_is_named_with_its_place() {
        let one = tree(&[("a", "same"), ("b", "12345"), ("d", "x")]);
        let said = |other: &[(&str, &str)]| first_difference(&one, &tree(other));
        assert_eq!(said(&[("a", "same"), ("b", "12345"), ("d", "x")]), None);
        assert_eq!(
            said(&[("a", "same"), ("b", "12945"), ("d", "y")]).as_deref(),
            Some("b differs from byte 2 on")
        );
        assert_eq!(said(&[("a", "same"), ("b", "12345")]).as_deref(), Some("d is in one build only"));
        let more = [("a", "same"), ("aa", ""), ("b", "12345"), ("d", "x")];
        assert_eq!(said(&more).as_deref(), Some("aa is in one build only"));
    }
}
