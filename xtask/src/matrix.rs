//! `cargo xtask matrix`: the packed package in every tool and host that it is for, built with the tool's defaults and run;
//! tests/matrix has the projects. The large tools are installed only for this; `cargo xtask test matrix` runs the others.

use crate::{build, files, paths, process, report, setup, test};
use anyhow::{Context, Result};
use std::{fs, path::PathBuf, process::Command};

/// What npm needs to install the tools.
const INSTALLED: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];

/// Which of them.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Tools {
    Quick,
    All,
}

/// `cargo xtask matrix [--write] [row]…`.
pub(crate) fn command(args: &[&str]) -> Result<()> {
    let chromium = {
        let _lock = files::lock()?;
        build::build(&setup::for_building()?)?;
        setup::for_browsing()?
    };
    run(Tools::All, args, &chromium)
}

/// Installs the tools and runs the rows; the table is its stdout.
pub(crate) fn run(tools: Tools, args: &[&str], chromium: &setup::Chromium) -> Result<()> {
    test::install_as_stranger()?;
    install(tools)?;
    let mut node = Command::new("node");
    node.arg(sources().join("run.mjs")).args(args).current_dir(paths::root());
    if tools == Tools::Quick {
        node.arg("--quick");
    }
    node.env("CHROME_PATH", &chromium.browser).env("TASKLENS_CONSUMER", paths::consumer());
    process::run_as_it_is(&mut node)
}

fn sources() -> PathBuf {
    paths::root().join("tests/matrix")
}

/// Runs `npm ci`, unless what it would install is there. The projects are made below, and so find what is in it.
fn install(tools: Tools) -> Result<()> {
    let home = paths::target().join("matrix");
    report::step("tools", |step| {
        let stamp = home.join("node_modules/.tasklens-stamp");
        let inputs = INSTALLED
            .map(|name| files::read(&sources().join(name)))
            .into_iter()
            .collect::<Result<Vec<_>>>()?;
        let hash = files::hash(&inputs);
        let [quick, all] = [Tools::Quick, Tools::All]
            .map(|tools| format!("{hash:016x} {}\n", if tools == Tools::All { "all" } else { "quick" }));
        let there = fs::read_to_string(&stamp).unwrap_or_default();
        if there == all || (there == quick && tools == Tools::Quick) {
            return Ok(());
        }
        for (name, bytes) in INSTALLED.iter().zip(&inputs) {
            files::write(&home.join(name), bytes)?;
        }
        step.doing("installing what tests/matrix/package-lock.json lists with npm ci");
        let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
        npm.arg("ci").current_dir(&home);
        if tools == Tools::Quick {
            npm.arg("--omit=dev");
        }
        process::run_quietly(&mut npm).context("npm cannot install them")?;
        files::write(&stamp, if tools == Tools::All { &all } else { &quick }.as_bytes())
    })
}
