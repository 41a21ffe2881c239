//! `cargo xtask release --dry-run`: checks everything a release needs, makes it from the commit in two folders, compares the
//! two, and tells what would be published. It publishes nothing: docs/releasing.md has the steps that a person takes.

mod changelog;
mod contents;
mod made;
mod report;
mod version;

use crate::{
    build, files, paths, process,
    report::{heading, seconds, thousands},
    setup,
};
use anyhow::{Context, Result, bail, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use made::Made;
use report::{Good, Not, Row, Skipped, Verdict};
use serde_json::Value;
use sha2::{Digest, Sha256, Sha512};
use std::{fmt::Write, path::Path, process::Command, time::Instant};

/// `cargo xtask release [--dry-run]`.
pub(crate) fn command(args: &[&str]) -> Result<()> {
    match args {
        ["--dry-run"] => dry_run(),
        [] => {
            print!("{}", steps(&build::version()?));
            bail!("it publishes nothing by itself; `--dry-run` checks, and these are the steps")
        }
        _ => bail!("release: expected `--dry-run` or nothing, found `{}`", args.join(" ")),
    }
}

/// What a person does, once the dry run is good.
fn steps(version: &str) -> String {
    format!(
        "1. cargo xtask release --dry-run            # all ok; makes the files of target/publish/
2. git tag -a v{version} -m \"tasklens {version}\" && git push origin v{version}
3. cargo publish -p tasklens --locked
4. npm publish ./target/publish/tasklens-{version}.tgz --provenance --access public
                                            # from a CI job that may ask for an identity (`id-token: write`)
5. npm view tasklens@{version} dist.integrity    # is what the dry run printed
6. attach target/publish/ to the release of the tag: tarball, crate, tasklens.html, SHA256SUMS
"
    )
}

fn dry_run() -> Result<()> {
    let begun = Instant::now();
    let root = paths::root();
    let _lock = files::lock()?;
    // Makes what both builds take along.
    setup::for_building()?;
    let version = build::version()?;
    let commit = git(&root, &["rev-parse", "HEAD"])?;
    heading(&format!("release {version}: once"));
    let one = made::once(&commit, &version);
    heading(&format!("release {version}: again, elsewhere"));
    let again = made::again(&commit, &version);
    heading("what it promises");
    let rows = rows(&root, &version, &commit, &one, &again);
    ensure!(!process::interrupted(), "interrupted");
    if let Ok(made) = &one {
        println!("{}", published(made, &version, &commit)?);
    }
    println!("{}", report::table(&rows));
    eprintln!("  {}", seconds(begun.elapsed()));
    let failed = report::failed(&rows);
    ensure!(failed.is_empty(), "{version} is not ready: {}; nothing was published", failed.join(", "));
    println!("Nothing was published. What a person does now:\n{}", steps(&version));
    Ok(())
}

/// Every check, whatever the others say.
fn rows(root: &Path, version: &str, commit: &str, one: &Result<Made>, again: &Result<Made>) -> Vec<Row> {
    let row =
        |name, verdict: Result<Verdict>| (name, verdict.unwrap_or_else(|error| Not(format!("{error:#}"))));
    let made = || one.as_ref().map_err(|error| anyhow::anyhow!("it was not made: {error:#}"));
    let tags = || git(root, &["tag", "--list", "v*"]);
    vec![
        row("tree", tree(root, commit)),
        row("version", one_version(root, version, one.as_ref().ok())),
        row(
            "changelog",
            files::read_text(&root.join("CHANGELOG.md")).map(|text| changelog::check(&text, version)),
        ),
        row("tag", Ok(version::tag(version, version::tagged(root, version).as_deref(), commit))),
        row("semver", made().and_then(|made| version::promises(&made.at, &tags()?, version))),
        row("npm files", made().and_then(|made| Ok(contents::npm(&packed(made)?)))),
        row(
            "npm size",
            made().and_then(|made| Ok(contents::installed(number(&made.report, "unpackedSize")?))),
        ),
        row("publint", made().and_then(publint)),
        row("crate files", made().map(|made| contents::of_crate(&names(&made.in_crate)))),
        row("licences", made().and_then(|made| licences(root, made))),
        row("machine paths", made().and_then(machine_paths)),
        row("repository", made().map(repository)),
        row("same bytes", made().and_then(|made| same(made, again))),
    ]
}

fn tree(root: &Path, commit: &str) -> Result<Verdict> {
    let changes = git(root, &["status", "--porcelain"])?;
    Ok(match changes.lines().count() {
        0 => Good(format!("clean, {commit}")),
        count => Not(format!("{count} files differ from {commit}, which all below is about; commit them")),
    })
}

fn one_version(root: &Path, version: &str, made: Option<&Made>) -> Result<Verdict> {
    let lock = files::read_text(&root.join("Cargo.lock"))?;
    let npm = made.and_then(|made| made.report.get("version")?.as_str());
    Ok(version::check(version, setup::locked_version(&lock, "tasklens"), npm))
}

fn publint(made: &Made) -> Result<Verdict> {
    let mut publint = Command::new(paths::npm_tool("publint"));
    let said =
        process::run_quietly(publint.args(["run", "--strict", "--pack", "false"]).arg(made.at.join("pkg")));
    Ok(said.map_or_else(|error| Not(format!("{error:#}")), |_| Good("finds nothing".to_owned())))
}

fn licences(root: &Path, made: &Made) -> Result<Verdict> {
    let there = files::read_tree(&made.at.join("pkg"))?;
    let listed = packed(made)?;
    let npm = there.into_iter().filter(|(path, _)| path.to_str().is_some_and(|path| listed.contains(&path)));
    let mut at_root = files::Tree::new();
    for name in contents::LICENCES {
        at_root.insert(name.into(), files::read(&root.join(name))?);
    }
    Ok(contents::licences(&at_root, [("the npm package", &npm.collect()), ("the crate", &made.in_crate)]))
}

fn machine_paths(made: &Made) -> Result<Verdict> {
    let places = contents::places()?;
    Ok(contents::machine_paths([("the npm package", &made.npm), ("the crate", &made.in_crate)], &places))
}

/// npm takes a provenance only for a package that names the repository it was built in.
fn repository(made: &Made) -> Verdict {
    let manifest =
        made.npm.get(Path::new("package.json")).and_then(|json| serde_json::from_slice::<Value>(json).ok());
    match manifest.and_then(|json| json.get("repository").cloned()) {
        Some(repository) => Good(repository.to_string()),
        None => Skipped(
            "package.json names none; `npm publish --provenance` will want the one that CI runs in"
                .to_owned(),
        ),
    }
}

fn same(one: &Made, again: &Result<Made>) -> Result<Verdict> {
    let again = again.as_ref().map_err(|error| anyhow::anyhow!("it was not made again: {error:#}"))?;
    let mut differing = Vec::new();
    let trees = [("npm package", &one.npm, &again.npm), ("crate", &one.in_crate, &again.in_crate)];
    for (what, one, other) in trees {
        differing.extend(made::first_difference(one, other).map(|said| format!("{what}: {said}")));
    }
    for (one, other) in [(&one.tarball, &again.tarball), (&one.crate_file, &again.crate_file)] {
        if differing.is_empty() && files::read(one)? != files::read(other)? {
            differing.push(format!("{}: the same files, packed differently", shown(one)));
        }
    }
    Ok(report::judged(&differing, "made twice in two folders, every byte the same"))
}

/// Puts what would be published into `target/publish/`, and tells what it is.
fn published(made: &Made, version: &str, commit: &str) -> Result<String> {
    let dir = paths::target().join("publish");
    let mut sums = String::new();
    for file in [&made.tarball, &made.crate_file, &made.at.join("pkg/tasklens.html")] {
        let (name, bytes) = (file.file_name().context("a file without a name")?, files::read(file)?);
        files::write(&dir.join(name), &bytes)?;
        let _ = writeln!(sums, "{}  {}", hex(&Sha256::digest(&bytes)), name.to_string_lossy());
    }
    files::write(&dir.join("SHA256SUMS"), sums.as_bytes())?;

    let tarball = files::read(&made.tarball)?;
    let integrity = format!("sha512-{}", BASE64_STANDARD.encode(Sha512::digest(&tarball)));
    let told = |key| made.report.get(key).and_then(Value::as_str).unwrap_or_default();
    ensure!(told("integrity") == integrity, "`npm pack` tells another integrity than that of its tarball");
    let mut text = format!("tasklens {version}, of {commit}, in target/publish/\n\n");
    let [size, unpacked] =
        [number(&made.report, "size")?, number(&made.report, "unpackedSize")?].map(thousands);
    let _ = writeln!(text, "npm: {}, {size} bytes, {unpacked} installed", told("filename"));
    for (name, size) in listed(made)? {
        let _ = writeln!(text, "{:>13}  {name}", thousands(size));
    }
    let _ = writeln!(
        text,
        "\ncrate: tasklens-{version}.crate, {} bytes",
        thousands(files::read(&made.crate_file)?.len() as u64)
    );
    for (name, bytes) in &made.in_crate {
        let _ = writeln!(text, "{:>13}  {}", thousands(bytes.len() as u64), name.display());
    }
    let _ = write!(text, "\nsha256\n{sums}\nnpm integrity  {integrity}\nnpm shasum     {}\n", told("shasum"));
    Ok(text)
}

/// The files of the tarball with their sizes.
fn listed(made: &Made) -> Result<Vec<(&str, u64)>> {
    let files = made.report.get("files").and_then(Value::as_array).context("`npm pack` tells no `files`")?;
    files
        .iter()
        .map(|file| {
            let path =
                file.get("path").and_then(Value::as_str).context("`npm pack`: a file without `path`")?;
            Ok((path, number(file, "size")?))
        })
        .collect()
}

fn packed(made: &Made) -> Result<Vec<&str>> {
    Ok(listed(made)?.into_iter().map(|(path, _)| path).collect())
}

fn names(tree: &files::Tree) -> Vec<&str> {
    tree.keys().filter_map(|path| path.to_str()).collect()
}

fn number(report: &Value, key: &str) -> Result<u64> {
    report.get(key).and_then(Value::as_u64).with_context(|| format!("`npm pack` tells no `{key}`"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(paths::root()).unwrap_or(path).display().to_string()
}

fn git(root: &Path, args: &[&str]) -> Result<String> {
    process::ask(Command::new("git").current_dir(root).args(args))
}
