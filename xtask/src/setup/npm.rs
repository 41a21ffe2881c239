//! The tools and test libraries of `package-lock.json`.

use crate::{files, paths, process, report::Step};
use anyhow::{Context, Result, ensure};
use std::{fs, process::Command};

/// The oldest node that everything in package.json runs on.
const OLDEST_NODE: u32 = 20;

/// Runs `npm ci`, unless what it would install is there.
pub(crate) fn install(step: &Step) -> Result<()> {
    let root = paths::root();
    let node = process::ask(Command::new("node").arg("--version"))
        .with_context(|| format!("node is missing; install Node.js {OLDEST_NODE} or newer, with npm"))?;
    let major = major(&node)
        .with_context(|| format!("`node --version` said `{node}`, expected v20.0.0 or the like"))?;
    ensure!(major >= OLDEST_NODE, "node is {node}; install Node.js {OLDEST_NODE} or newer");

    // It goes away with the folder it speaks of.
    let stamp = root.join("node_modules/.tasklens-stamp");
    let now = format!("{:016x}\n", files::hash(&(files::read(&root.join("package-lock.json"))?, major)));
    if !fs::read_to_string(&stamp).is_ok_and(|then| then == now) {
        step.doing("installing what package-lock.json lists with npm ci");
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        process::run_quietly(Command::new(npm).arg("ci").current_dir(&root))
            .context("npm cannot install it")?;
        files::write(&stamp, now.as_bytes())?;
    }
    step.detail(format!("node {node}"));
    Ok(())
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn node_tells_its_major_version() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("v26.0.0-nightly"), Some(26));
        assert_eq!(major("20"), None);
    }
}
