//! wasm-bindgen's tools are libraries of this program; what writes the glue must have the version of what it is written for.

use crate::{files, paths, report::Step};
use anyhow::{Context, Result, ensure};

/// The crate that the module is built with, and the one that holds its tools.
const CRATE: &str = "wasm-bindgen";
const TOOLS: &str = "wasm-bindgen-cli";

pub(crate) fn check(step: &Step) -> Result<()> {
    let lock = files::read_text(&paths::root().join("Cargo.lock"))?;
    let version = same_version(&lock)?;
    step.detail(format!("{version}, part of this tool"));
    Ok(())
}

fn same_version(lock: &str) -> Result<&str> {
    let of = |name| {
        locked_version(lock, name).with_context(|| format!("Cargo.lock has no `{name}`; run `cargo fetch`"))
    };
    let (library, tools) = (of(CRATE)?, of(TOOLS)?);
    ensure!(
        library == tools,
        "Cargo.lock has `{CRATE}` {library} and `{TOOLS}` {tools}; write the same version into Cargo.toml and xtask/Cargo.toml"
    );
    Ok(library)
}

/// The version of a package in a lock file.
pub(crate) fn locked_version<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let name = format!("name = \"{name}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(library: &str, tools: &str) -> String {
        let package = |name, version| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n\n");
        package("wasm-bindgen-backend", "9.9.9") + &package(CRATE, library) + &package(TOOLS, tools)
    }

    #[test]
    fn equal_versions_pass() -> Result<()> {
        assert_eq!(same_version(&lock("0.2.130", "0.2.130"))?, "0.2.130");
        Ok(())
    }

    #[test]
    fn different_versions_are_both_named() {
        let lock = lock("0.2.130", "0.2.129");
        let error = same_version(&lock).map_err(|error| error.to_string());
        assert_eq!(
            error,
            Err("Cargo.lock has `wasm-bindgen` 0.2.130 and `wasm-bindgen-cli` 0.2.129; write the same version into \
                 Cargo.toml and xtask/Cargo.toml"
                .to_owned())
        );
    }

    #[test]
    fn a_missing_package_is_named() {
        let error = same_version("").map_err(|error| error.to_string());
        assert_eq!(error, Err("Cargo.lock has no `wasm-bindgen`; run `cargo fetch`".to_owned()));
    }

    #[test]
    fn this_repository_has_one_version() -> Result<()> {
        same_version(&files::read_text(&paths::root().join("Cargo.lock"))?).map(drop)
    }
}
