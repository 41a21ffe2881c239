//! The version: one in every place, tagged, and honest about what it breaks.

use super::report::{Good, Not, Skipped, Verdict, judged};
use crate::process;
use anyhow::Result;
use semver::Version;
use std::{path::Path, process::Command};

/// Is it SemVer, and the same in the manifest (`cargo`), its lock file and the built package?
pub(super) fn check(cargo: &str, lock: Option<&str>, npm: Option<&str>) -> Verdict {
    let mut to_do = Vec::new();
    if let Err(why) = Version::parse(cargo) {
        to_do.push(format!("`{cargo}` in Cargo.toml is no semantic version: {why}"));
    }
    for (place, found, remedy) in [
        ("Cargo.lock", lock, "run `cargo check` and commit it"),
        ("the built package.json", npm, "mend the build"),
    ] {
        if found != Some(cargo) {
            let found = found.unwrap_or("none");
            to_do.push(format!("Cargo.toml says {cargo}, {place} says {found}; {remedy}"));
        }
    }
    judged(&to_do, format!("{cargo} in Cargo.toml, Cargo.lock and package.json"))
}

/// `points_to` is the commit of the tag, where there is one.
pub(super) fn tag(version: &str, points_to: Option<&str>, commit: &str) -> Verdict {
    match points_to {
        None => Good(format!("v{version} is free")),
        Some(at) if at == commit => Good(format!("v{version} is this commit")),
        Some(at) => Not(format!("v{version} is {at} already; raise the version in Cargo.toml")),
    }
}

/// Of all tags, that of the last release before `version`.
fn last_release<'a>(tags: &'a str, version: &str) -> Option<&'a str> {
    let version = Version::parse(version).ok()?;
    let released = tags.lines().filter_map(|tag| Some((Version::parse(tag.strip_prefix('v')?).ok()?, tag)));
    released.filter(|(before, _)| *before < version).max().map(|(_, tag)| tag)
}

/// Does the crate keep what the last release promised, as far as its version says? `at` is a clone of the commit.
pub(super) fn promises(at: &Path, tags: &str, version: &str) -> Result<Verdict> {
    let Some(tag) = last_release(tags, version) else {
        return Ok(Skipped(format!(
            "no release before {version} to compare with: there is no such tag `v*`"
        )));
    };
    let cargo = || {
        let mut cargo = process::cargo();
        cargo.current_dir(at).arg("semver-checks");
        cargo
    };
    if process::ask(cargo().arg("--version")).is_err() {
        let get = "`cargo install cargo-semver-checks --locked` gets it";
        return Ok(Skipped(format!("not compared with {tag}: cargo-semver-checks is not here; {get}")));
    }
    let features = ["--only-explicit-features", "--features", "proxy"];
    let compare = process::run(cargo().args(["-p", "tasklens", "--baseline-rev", tag]).args(features));
    Ok(match compare {
        Ok(()) => Good(format!("keeps what {tag} promised")),
        Err(_) => Not(format!("breaks what {tag} promised (said above); raise the version, or keep it")),
    })
}

/// The commit that a tag points to.
pub(super) fn tagged(root: &Path, version: &str) -> Option<String> {
    let tag = format!("refs/tags/v{version}^{{commit}}");
    process::ask(Command::new("git").current_dir(root).args(["rev-parse", "--verify", "--quiet", &tag])).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_version_is_in_every_place() {
        assert!(matches!(check("0.1.0", Some("0.1.0"), Some("0.1.0")), Good(_)));
        let said = |cargo, lock, npm| match check(cargo, lock, npm) {
            Not(said) => said,
            other => format!("{other:?}"),
        };
        assert_eq!(
            said("0.2.0", Some("0.1.0"), None),
            "Cargo.toml says 0.2.0, Cargo.lock says 0.1.0; run `cargo check` and commit it\n\
             Cargo.toml says 0.2.0, the built package.json says none; mend the build"
        );
        assert!(
            said("1.0", Some("1.0"), Some("1.0")).starts_with("`1.0` in Cargo.toml is no semantic version")
        );
    }

    #[test]
    fn a_tag_is_free_or_this_very_commit() {
        assert!(matches!(tag("0.1.0", None, "c0ffee"), Good(_)));
        assert!(matches!(tag("0.1.0", Some("c0ffee"), "c0ffee"), Good(_)));
        assert!(matches!(tag("0.1.0", Some("decade"), "c0ffee"), Not(_)));
    }

    #[test]
    fn the_last_release_is_the_greatest_version_below_not_the_last_word() {
        let tags = "v0.10.0\nv0.2.0\nv0.9.0\nv0.11.0-rc.1\nvery-old\nv1\n";
        assert_eq!(last_release(tags, "0.10.1"), Some("v0.10.0"));
        assert_eq!(last_release(tags, "0.10.0"), Some("v0.9.0"));
        assert_eq!(last_release(tags, "0.11.0"), Some("v0.11.0-rc.1"));
        assert_eq!(last_release(tags, "0.2.0"), None);
    }
}
