//! `cargo xtask bench`: how fast the built package reads, beside named peers that do the same work. The rows and how each is
//! measured are in `benches/`; here they are put into one table.

mod instructions;
mod native;
mod table;

use crate::{build, paths, process, report, setup, size};
use anyhow::{Context, Result, bail};
use std::{fs, path::Path, process::Command};
use table::Row;

/// What `cargo xtask bench` was asked for.
struct Wanted<'a> {
    is_quick: bool,
    rows: Vec<&'a str>,
}

impl Wanted<'_> {
    fn row(&self, id: &str) -> bool {
        self.rows.is_empty() || self.rows.contains(&id)
    }
}

/// `cargo xtask bench [--quick] [row…]` measures, prints and, when it was all and in no hurry, keeps the table in
/// `benches/RESULTS.md`; `--instructions [--keep]` counts instead.
pub(crate) fn command(args: &[&str]) -> Result<()> {
    match args {
        ["--instructions"] => return instructions::compare(),
        ["--instructions", "--keep"] => return instructions::keep(),
        _ => {}
    }
    let (flags, rows): (Vec<&str>, Vec<&str>) = args.iter().partition(|arg| arg.starts_with("--"));
    if let Some(flag) = flags.iter().find(|flag| **flag != "--quick") {
        bail!("bench: expected `--quick`, rows, or `--instructions [--keep]`, found `{flag}`");
    }
    let wanted = Wanted { is_quick: !flags.is_empty(), rows };
    build::command()?;
    let rows = measure(&wanted, args)?;
    if let Some(unknown) = wanted.rows.iter().find(|id| !rows.iter().any(|row| row.id == **id)) {
        bail!("bench: no row `{unknown}`; benches/RESULTS.md has their names");
    }
    let text = format!("{}\n\n{}", process::ask(&mut node("machine.mjs", &[]))?, table::markdown(&rows));
    print!("{text}");
    if wanted.rows.is_empty() && !wanted.is_quick {
        let file = paths::root().join("benches/RESULTS.md");
        fs::write(&file, text).with_context(|| format!("writing {}", file.display()))?;
    }
    Ok(())
}

fn measure(wanted: &Wanted<'_>, args: &[&str]) -> Result<Vec<Row>> {
    report::heading("bench");
    let mut rows = Vec::new();
    let mut add = |name: &'static str, file: &str, env: &[(&str, &Path)]| {
        report::step(name, |step| {
            step.doing("measuring");
            let said = process::run_quietly(node(file, args).envs(env.iter().copied()))?;
            rows.extend(said.lines().map(Row::read).collect::<Result<Vec<_>>>()?);
            Ok(())
        })
    };
    add("Node", "node.mjs", &[])?;
    add("watch", "watch.mjs", &[])?;
    add("start-up", "start.mjs", &[])?;
    add("memory", "memory.mjs", &[])?;
    let chromium = setup::for_browsing()?;
    add("Chromium", "browser.mjs", &[("CHROME_PATH", &chromium.browser)])?;
    rows.extend(native::rows(wanted)?);
    let payloads = size::budgeted()?.into_iter().map(|(name, bytes)| Row::payload(name, bytes));
    rows.extend(payloads.filter(|row| wanted.row(&row.id)));
    Ok(rows)
}

/// A script of `benches/`.
fn node(file: &str, args: &[&str]) -> Command {
    let mut node = Command::new("node");
    node.arg(format!("benches/{file}")).args(args).current_dir(paths::root());
    node.env("TASKLENS_PKG", paths::pkg());
    node
}
