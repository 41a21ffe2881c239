//! What CHANGELOG.md says of a version.

use super::report::{Verdict, judged};

const UNRELEASED: &str = "Unreleased";

/// The lines of the section of that name, without empty ones; `None` where there is no such section. A date may stand behind
/// the name: `## 1.2.3 (2026-01-02)`.
fn section<'a>(changelog: &'a str, name: &str) -> Option<Vec<&'a str>> {
    let is_named = |line: &&str| {
        let heading = line.strip_prefix("## ").map(|heading| heading.trim_matches(['[', ']']));
        heading.and_then(|heading| heading.split([' ', ']']).next()) == Some(name)
    };
    let mut lines = changelog.lines();
    lines.find(is_named)?;
    let lines = lines.take_while(|line| !line.starts_with("## "));
    Some(lines.map(str::trim).filter(|line| !line.is_empty()).collect())
}

/// Is there a section for `version` that says something, and nothing left that is in no version?
pub(super) fn check(changelog: &str, version: &str) -> Verdict {
    let waiting = section(changelog, UNRELEASED).unwrap_or_default().len();
    let mut to_do = Vec::new();
    match section(changelog, version) {
        None if waiting > 0 => {
            return judged(&[format!("rename `## {UNRELEASED}` to `## {version}` in CHANGELOG.md")], "");
        }
        None => to_do.push(format!("CHANGELOG.md has no `## {version}`; write what changed below it")),
        Some(lines) if lines.is_empty() => {
            to_do.push(format!("`## {version}` in CHANGELOG.md is empty; write what changed"));
        }
        Some(_) => {}
    }
    if waiting > 0 {
        to_do.push(format!("move the {waiting} lines below `## {UNRELEASED}` to `## {version}`"));
    }
    judged(&to_do, format!("`## {version}`, and nothing unreleased"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::report::{Good, Not};

    const HEAD: &str = "# Changelog\n\nFor users.\n\n";

    #[test]
    fn a_version_is_released_when_its_section_says_something_and_nothing_waits() {
        for heading in ["## 0.1.0", "## 0.1.0 (2026-01-02)", "## [0.1.0] - 2026-01-02"] {
            let text = format!("{HEAD}## Unreleased\n\n{heading}\n\n- Add `parse`.\n\n## 0.0.9\n\n- x\n");
            assert!(matches!(check(&text, "0.1.0"), Good(_)), "{heading}");
        }
    }

    #[test]
    fn what_is_to_be_done_is_said() {
        let said = |sections: &str| match check(&format!("{HEAD}{sections}"), "0.1.0") {
            Not(said) => said,
            other => format!("{other:?}"),
        };
        assert_eq!(
            said("## Unreleased\n\n- Add `parse`.\n"),
            "rename `## Unreleased` to `## 0.1.0` in CHANGELOG.md"
        );
        assert_eq!(
            said("## 0.1.0-rc.1\n\n- x\n"),
            "CHANGELOG.md has no `## 0.1.0`; write what changed below it"
        );
        assert_eq!(
            said("## 0.1.0\n\n## 0.0.9\n- x\n"),
            "`## 0.1.0` in CHANGELOG.md is empty; write what changed"
        );
        assert_eq!(
            said("## Unreleased\n- a\n  b\n## 0.1.0\n- x\n"),
            "move the 2 lines below `## Unreleased` to `## 0.1.0`"
        );
    }
}
