//! `cargo xtask bench --instructions`: how many instructions the native core takes, counted by callgrind. Unlike times they
//! are the same on a busy machine, and so they are compared with the last kept ones.

use crate::{
    paths, process,
    report::{self, thousands},
};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::PathBuf, process::Command};

/// What is counted: the names of `benches/native/main.rs`.
const ROWS: [&str; 4] = ["j100", "x100", "summarize-j10k", "watch-round"];

/// A rise above this, in per cent, is named.
const MOST_PER_CENT: u64 = 5;

type Counts = BTreeMap<String, u64>;

/// Counts, and fails where a figure rose.
pub(super) fn compare() -> Result<()> {
    let Some(counted) = count()? else { return Ok(()) };
    let file = file();
    let kept = read(&fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?)?;
    print!("{}", told(&counted, &kept));
    let risen = risen(&counted, &kept);
    ensure!(
        risen.is_empty(),
        "over {MOST_PER_CENT} % more instructions: {}; where that is meant, `cargo xtask bench --instructions --keep`",
        risen.join(", ")
    );
    Ok(())
}

/// Counts, and keeps the figures.
pub(super) fn keep() -> Result<()> {
    let Some(counted) = count()? else { return Ok(()) };
    let mut text = format!(
        "# Instructions of the native core, by callgrind; {}\n",
        process::ask(Command::new("rustc").arg("--version"))?.trim()
    );
    for (row, count) in &counted {
        text += &format!("{row}\t{count}\n");
    }
    print!("{text}");
    let file = file();
    fs::write(&file, text).with_context(|| format!("writing {}", file.display()))
}

fn file() -> PathBuf {
    paths::root().join("benches/instructions.tsv")
}

/// `None` where valgrind is missing, which is said.
fn count() -> Result<Option<Counts>> {
    if process::ask(Command::new("valgrind").arg("--version")).is_err() {
        eprintln!(
            "  note: nothing was counted: valgrind is not here; `apt-get install valgrind` gets it on Debian"
        );
        return Ok(None);
    }
    report::step("instructions", |step| {
        step.doing("building, then counting with callgrind");
        let program = program()?;
        let count = |row: &&str| Ok(((*row).to_owned(), count_row(&program, row)?));
        ROWS.iter().map(count).collect::<Result<Counts>>().map(Some)
    })
}

/// Builds the bench and finds where cargo put it.
fn program() -> Result<PathBuf> {
    let mut cargo = process::cargo();
    cargo.args(["bench", "--no-run", "--bench", "native", "--message-format=json"]);
    let said = process::run_quietly(&mut cargo)?;
    let made = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).find_map(|message| {
        let is_ours = message.pointer("/target/name")?.as_str()? == "native";
        message.get("executable")?.as_str().filter(|_| is_ours).map(PathBuf::from)
    });
    made.context("cargo does not tell where the bench is")
}

fn count_row(program: &PathBuf, row: &str) -> Result<u64> {
    let mut valgrind = Command::new("valgrind");
    // Only what `measured` does: the inputs are made before it.
    valgrind.args([
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
        "--toggle-collect=native::measured*",
    ]);
    valgrind.args(["--log-fd=1"]).arg(program).env("TASKLENS_COUNT", row).current_dir(paths::root());
    let said = process::run_quietly(&mut valgrind)?;
    let collected = said.lines().find_map(|line| line.split_once("Collected : "));
    let count = collected.and_then(|(_, count)| count.trim().parse().ok()).filter(|count| *count > 0);
    count.with_context(|| format!("callgrind counted nothing for `{row}`: {said}"))
}

fn read(text: &str) -> Result<Counts> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let row = |line: &str| {
        let (row, count) =
            line.split_once('\t').with_context(|| format!("expected a row and a count: `{line}`"))?;
        Ok((row.to_owned(), count.parse().with_context(|| format!("no count: `{line}`"))?))
    };
    lines.map(row).collect()
}

fn told(counted: &Counts, kept: &Counts) -> String {
    let mut text = format!("{:<16} {:>14} {:>14} {:>8}\n", "instructions", "now", "kept", "change");
    for (row, now) in counted {
        let before = kept.get(row).copied().unwrap_or_default();
        let change = (*now as f64 / before as f64 - 1.0) * 100.0;
        text += &format!("{row:<16} {:>14} {:>14} {change:>+6.1} %\n", thousands(*now), thousands(before));
    }
    text
}

fn risen(counted: &Counts, kept: &Counts) -> Vec<String> {
    let has_risen = |row: &str, now: u64| {
        kept.get(row).is_none_or(|before| {
            u128::from(now) * 100 > u128::from(*before) * u128::from(100 + MOST_PER_CENT)
        })
    };
    counted.iter().filter(|(row, now)| has_risen(row, **now)).map(|(row, _)| format!("`{row}`")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rise_is_named_and_a_fall_is_not() -> Result<()> {
        let kept = read("# by callgrind\na\t1000\nb\t1000\nc\t1000\n")?;
        let now = read("a\t1050\nb\t1051\nc\t10\nd\t1\n")?;
        assert_eq!(risen(&now, &kept), ["`b`", "`d`"], "what was never kept is named, too");
        assert!(
            told(&now, &kept).contains("b                         1,051          1,000   +5.1 %"),
            "{}",
            told(&now, &kept)
        );
        Ok(())
    }
}
