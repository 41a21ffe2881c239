//! `cargo xtask size`: what the package weighs, on the way and unpacked.

use crate::{build, paths, process, report::thousands};
use anyhow::{Context, Result};
use std::{fs, path::Path, process::Command};

/// Compresses as servers do; node has both formats built in.
const SCRIPT: &str = include_str!("size.mjs");

type Row = (String, u64, u64, u64);

/// `cargo xtask size`.
pub(crate) fn command() -> Result<()> {
    build::command()?;
    let dist = paths::pkg().join("dist");
    let mut files: Vec<_> = fs::read_dir(&dist)?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    let mut wanted: Vec<String> = files.iter().filter_map(|path| named(path)).collect();
    let in_pkg = wanted.len();
    for (entry, of) in [
        ("tasklens", ["inline.js", "api.js", "core.packed.js"].as_slice()),
        ("tasklens/url", &["url.js", "api.js", "core.wasm"]),
    ] {
        let of: Vec<_> = of.iter().map(|file| dist.join(file).display().to_string()).collect();
        wanted.push(format!("{entry}={}", of.join(",")));
    }

    let rows = weigh(&wanted)?;
    let (files, payload) = rows.split_at_checked(in_pkg).unwrap_or((&rows, &[]));
    print!("{}", table("pkg/dist", files));
    println!();
    print!("{}", table("browser payload", payload));
    println!();
    println!("{}", packed()?);
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
    use super::table;

    #[test]
    fn the_columns_stand_below_their_heads() {
        let text = table("pkg/dist", &[("core.wasm".to_owned(), 126_071, 55_955, 48_750)]);
        assert_eq!(
            text,
            "pkg/dist                             raw     gzip -9   brotli 11\n\
             core.wasm                        126,071      55,955      48,750\n"
        );
    }
}
