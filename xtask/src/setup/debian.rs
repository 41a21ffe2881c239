//! Installing Debian's packages, where that is ours to do: on Debian, as root, without removing anything.

use crate::{process, report::Step};
use anyhow::{Context, Result, ensure};
use std::{fs, process::Command, sync::OnceLock};

/// Whether this is Debian or made from it.
pub(crate) fn is_debian() -> bool {
    fs::read_to_string("/etc/os-release").is_ok_and(|text| names_debian(&text))
}

fn names_debian(os_release: &str) -> bool {
    let words = |key: &str| {
        let line = os_release.lines().find_map(|line| line.strip_prefix(key));
        line.unwrap_or_default().trim_matches('"').split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    words("ID=").iter().chain(&words("ID_LIKE=")).any(|word| word == "debian")
}

/// The lines a person would type.
pub(crate) fn by_hand(packages: &str) -> String {
    format!("sudo apt-get update && sudo apt-get install -y --no-install-recommends {packages}")
}

/// Installs packages, or says how to.
pub(crate) fn install(step: &Step, packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    ensure!(is_root()?, "only root may install packages; run:\n  {}", by_hand(&list));
    step.doing(&format!("installing {list} with apt-get"));
    refresh().with_context(|| format!("apt-get cannot install {list}"))?;
    process::run_quietly(
        apt_get().args(["install", "-y", "--no-install-recommends", "--no-remove"]).args(packages),
    )
    .with_context(|| format!("apt-get cannot install {list}"))?;
    Ok(())
}

/// Reads the lists of what there is, once: a fresh machine has none, or old ones.
fn refresh() -> Result<()> {
    static FRESH: OnceLock<()> = OnceLock::new();
    if FRESH.get().is_none() {
        process::run_quietly(apt_get().arg("update"))?;
        let _ = FRESH.set(());
    }
    Ok(())
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.args(["-q", "-o", "Dpkg::Use-Pty=0"]).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_root() -> Result<bool> {
    Ok(process::ask(Command::new("id").arg("-u"))? == "0")
}

/// The installed version of a package.
pub(crate) fn version(package: &str) -> Option<String> {
    let mut query = Command::new("dpkg-query");
    query.args(["-W", "-f=${db:Status-Status} ${Version}", package]);
    let answer = process::ask(&mut query).ok()?;
    answer.strip_prefix("installed ").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::names_debian;

    #[test]
    fn debian_and_its_children_are_known_by_their_own_words() {
        assert!(names_debian("NAME=\"Debian GNU/Linux\"\nID=debian\n"));
        assert!(names_debian("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!names_debian("ID=fedora\nHOME_URL=\"debian\"\n"));
        assert!(!names_debian(""));
    }
}
