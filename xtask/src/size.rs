//! `cargo xtask size`: what the package weighs, on the way and unpacked; fails where a download has grown past its budget.

use crate::{build, paths, process, report::thousands, setup::wasm_target};
use anyhow::{Context, Result, ensure};
use std::{fs, path::Path, process::Command};

/// Compresses as servers do; node has both formats built in.
const SCRIPT: &str = include_str!("size.mjs");

type Row = (String, u64, u64, u64);

/// What is downloaded together.
pub(crate) struct Payload {
    /// What it is called where figures are kept.
    pub(crate) name: &'static str,
    files: &'static [&'static str],
    /// No more than this, in bytes of brotli 11: what it weighed when the figure was last set, and a fiftieth for another release of
    /// the compiler. Growth is a decision, made here.
    budget: Option<u64>,
}

impl Payload {
    /// A standard library that is a toolchain's own is compiled for speed, and has all that a panic has to say: a sixth more.
    fn budget(&self, std_is_ours: bool) -> Option<u64> {
        self.budget.map(|budget| if std_is_ours { budget } else { budget / 6 * 7 })
    }
}

/// What each of them is to weigh at most, in bytes: 64 KB, with a standard library of our own.
pub(crate) const GOAL: u64 = 64 * 1024;

pub(crate) const PAYLOADS: [Payload; 3] = [
    Payload { name: "tasklens", files: &["inline.js", "api.js", "core.packed.js"], budget: None },
    Payload { name: "tasklens/url", files: &["url.js", "api.js", "core.wasm"], budget: Some(66_400) },
    Payload { name: "tasklens/proxy", files: &["proxy.js", "proxy.wasm"], budget: Some(45_000) },
];

/// `cargo xtask size`.
pub(crate) fn command() -> Result<()> {
    build::command()?;
    let dist = paths::pkg().join("dist");
    let mut files: Vec<_> = fs::read_dir(&dist)?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    print!(
        "{}",
        table("pkg/dist", &weigh(&files.iter().filter_map(|path| named(path)).collect::<Vec<_>>())?)
    );
    println!();
    let payloads = payloads()?;
    print!("{}", table("payload", &payloads));
    println!();
    println!("{}", packed()?);
    check(&payloads, !wasm_target::is_toolchains_own())
}

/// What each of [`PAYLOADS`] weighs in the package that is built.
fn payloads() -> Result<Vec<Row>> {
    let dist = paths::pkg().join("dist");
    let wanted = PAYLOADS.iter().map(|Payload { name, files, .. }| {
        let files: Vec<_> = files.iter().map(|file| dist.join(file).display().to_string()).collect();
        format!("{name}={}", files.join(","))
    });
    weigh(&wanted.collect::<Vec<_>>())
}

/// The bytes of brotli of the payloads that have a budget.
pub(crate) fn budgeted() -> Result<Vec<(&'static str, u64)>> {
    let rows = payloads()?;
    let of = PAYLOADS.iter().zip(rows).filter(|(payload, _)| payload.budget.is_some());
    Ok(of.map(|(payload, (.., brotli))| (payload.name, brotli)).collect())
}

/// Fails where a payload is over its budget, and says by how much.
pub(crate) fn within_budget() -> Result<()> {
    check(&payloads()?, !wasm_target::is_toolchains_own())
}

fn check(rows: &[Row], std_is_ours: bool) -> Result<()> {
    let over = PAYLOADS.iter().zip(rows).filter_map(|(payload, (.., brotli))| {
        let budget = payload.budget(std_is_ours).filter(|budget| brotli > budget)?;
        let [brotli, budget, more] = [*brotli, budget, brotli - budget].map(thousands);
        Some(format!("{}: {brotli} bytes of brotli, {more} over its budget of {budget}", payload.name))
    });
    let over: Vec<_> = over.collect();
    ensure!(over.is_empty(), "{}; see PAYLOADS in xtask/src/size.rs", over.join("; "));
    Ok(())
}

fn named(path: &Path) -> Option<String> {
    Some(format!("{}={}", path.file_name()?.to_str()?, path.to_str()?))
}

fn weigh(wanted: &[String]) -> Result<Vec<Row>> {
    let mut node = Command::new("node");
    node.args(["--input-type=module", "--eval", SCRIPT, "--"]).args(wanted);
    let rows = process::ask(&mut node)?;
    serde_json::from_str(&rows).context("reading the weights")
}

fn table(title: &str, rows: &[Row]) -> String {
    let mut text = format!("{title:<28} {:>11} {:>11} {:>11}\n", "raw", "gzip -9", "brotli 11");
    for (name, raw, gzip, brotli) in rows {
        let [raw, gzip, brotli] = [raw, gzip, brotli].map(|n| thousands(*n));
        text += &format!("{name:<28} {raw:>11} {gzip:>11} {brotli:>11}\n");
    }
    text
}

/// What npm would send and what a user would have on disk.
fn packed() -> Result<String> {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(["pack", "--dry-run", "--json"]).current_dir(paths::pkg());
    let report: serde_json::Value =
        serde_json::from_str(&process::ask(&mut npm)?).context("reading `npm pack`")?;
    let number = |key: &str| {
        let value =
            report.pointer("/0").or_else(|| report.pointer("/tasklens")).and_then(|pack| pack.get(key));
        value.and_then(|value| value.as_u64()).with_context(|| format!("`npm pack` tells no `{key}`"))
    };
    let [packed, unpacked, files] =
        [number("size")?, number("unpackedSize")?, number("entryCount")?].map(thousands);
    Ok(format!("tarball: {packed} bytes; installed: {unpacked} bytes in {files} files"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_stand_below_their_heads() {
        let text = table("pkg/dist", &[("core.wasm".to_owned(), 126_071, 55_955, 48_750)]);
        assert_eq!(
            text,
            "pkg/dist                             raw     gzip -9   brotli 11\n\
             core.wasm                        126,071      55,955      48,750\n"
        );
    }

    #[test]
    fn a_payload_over_its_budget_is_named_with_what_it_is_over() {
        let weighing = |extra: u64, std_is_ours: bool| {
            let row = |payload: &Payload| {
                (payload.name.to_owned(), 0, 0, payload.budget.unwrap_or(9_999_999) + extra)
            };
            let rows: Vec<_> = PAYLOADS.iter().map(row).collect();
            check(&rows, std_is_ours).map_err(|error| error.to_string())
        };
        assert_eq!(weighing(0, true), Ok(()));
        let error = weighing(1_000, true).err().unwrap_or_default();
        assert!(error.contains("tasklens/url: ") && error.contains("1,000 over its budget of "), "{error}");
        assert_eq!(weighing(7_000, false), Ok(()), "with a toolchain's own");
        assert!(weighing(12_000, false).is_err());
    }
}
