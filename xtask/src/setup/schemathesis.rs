//! What compares a running proxy with its OpenAPI document: Schemathesis, in a Python environment of its own. The Python
//! that is here is left as it is.

use super::debian;
use crate::{files, paths, process, report::Step};
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Hypothesis too, since a seed means the same calls only in the same version of it.
const REQUIREMENTS: [&str; 3] =
    ["schemathesis==4.32.5", "hypothesis==6.170.17", "openapi-spec-validator==0.9.0"];

/// The oldest Python that they run on.
const OLDEST: (u32, u32) = (3, 10);

/// Python's own module for making an environment is a package of its own on Debian.
const PACKAGES: [&str; 2] = ["python3", "python3-venv"];

/// A Python that finds them.
#[derive(Debug)]
pub(crate) struct Schemathesis {
    pub(crate) python: PathBuf,
    /// Where it has to look besides, if that is not its own environment.
    pub(crate) path: Option<PathBuf>,
}

/// Finds it or installs it.
pub(crate) fn find_or_install(step: &Step) -> Result<Schemathesis> {
    let dir = paths::schemathesis(version());
    let done = dir.join("done");
    let wanted = REQUIREMENTS.join("\n");
    if !fs::read_to_string(&done).is_ok_and(|then| then == wanted) || at(&dir).is_none() {
        let python = python(step)?;
        step.doing("installing it with pip, once");
        let _ = fs::remove_dir_all(&dir);
        if debian::is_debian() && !has(&python, "ensurepip") && !has(&python, "pip") {
            debian::install(step, &PACKAGES)?;
        }
        install(&python, &dir)?;
        files::write(&done, wanted.as_bytes())?;
    }
    step.detail(version());
    at(&dir).with_context(|| format!("{} is not what was installed; delete it", dir.display()))
}

fn version() -> &'static str {
    let [schemathesis, ..] = REQUIREMENTS;
    schemathesis.split_once("==").map_or(schemathesis, |(_, version)| version)
}

/// What a folder holds: an environment, or packages alone for the Python outside.
fn at(dir: &Path) -> Option<Schemathesis> {
    let own = if cfg!(windows) { dir.join("venv/Scripts/python.exe") } else { dir.join("venv/bin/python3") };
    if own.is_file() {
        return Some(Schemathesis { python: own, path: None });
    }
    let packages = dir.join("packages");
    let outside = find_python().filter(|_| packages.is_dir())?;
    Some(Schemathesis { python: outside, path: Some(packages) })
}

fn find_python() -> Option<PathBuf> {
    process::find_program("PYTHON", &["python3", "python"])
}

fn python(step: &Step) -> Result<PathBuf> {
    if find_python().is_none() && debian::is_debian() {
        debian::install(step, &PACKAGES)?;
    }
    let (major, minor) = OLDEST;
    let python =
        find_python().with_context(|| format!("no Python is here; install {major}.{minor} or newer"))?;
    let said = process::ask(Command::new(&python).arg("--version"))?;
    ensure!(
        release(&said).is_some_and(|release| release >= OLDEST),
        "{} is `{said}`; install Python {major}.{minor} or newer, or set PYTHON to one",
        python.display()
    );
    Ok(python)
}

/// `Python 3.11.7` as (3, 11).
fn release(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.strip_prefix("Python ")?.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

fn has(python: &Path, module: &str) -> bool {
    process::ask(Command::new(python).args(["-c", &format!("import {module}")])).is_ok()
}

/// An environment, where this Python can make one that has pip; else the packages alone.
fn install(python: &Path, dir: &Path) -> Result<()> {
    let pip = |python: &Path| {
        let mut pip = Command::new(python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]);
        pip
    };
    let mut run = if has(python, "ensurepip") {
        let venv = dir.join("venv");
        process::run_quietly(Command::new(python).args(["-m", "venv"]).arg(&venv))?;
        pip(&at(dir).context("python -m venv made no Python")?.python)
    } else {
        let mut pip = pip(python);
        pip.arg("--target").arg(dir.join("packages"));
        pip
    };
    process::run_quietly(run.args(REQUIREMENTS)).context("pip cannot install it").map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_tells_its_release() {
        assert_eq!(release("Python 3.11.7"), Some((3, 11)));
        assert_eq!(release("Python 3.9.2"), Some((3, 9)));
        assert!(release("Python 3.9.2").is_some_and(|release| release < OLDEST));
        assert_eq!(release("Python 3.14.0rc1"), Some((3, 14)));
        assert_eq!(release("not Python"), None);
    }

    #[test]
    fn the_folder_is_named_after_the_version() {
        assert!(version().starts_with(|c: char| c.is_ascii_digit()), "{}", version());
    }
}
