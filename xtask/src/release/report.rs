//! What each check came to, as a table.

use std::fmt::Write;

/// How one check ended.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// What was found.
    Good(String),
    /// What is to be done.
    Not(String),
    /// It could not be made, and why; that stops nothing.
    Skipped(String),
}
pub(super) use Verdict::{Good, Not, Skipped};

/// A check's name and its end.
pub(super) type Row = (&'static str, Verdict);

/// One line for each check.
pub(super) fn table(rows: &[Row]) -> String {
    let mut text = String::new();
    for (name, verdict) in rows {
        let (word, said) = match verdict {
            Good(said) => ("ok", said),
            Not(said) => ("NOT", said),
            Skipped(said) => ("skipped", said),
        };
        let said = said.replace('\n', "\n                        ");
        let _ = writeln!(text, "{word:<8}{name:<16}{said}");
    }
    text
}

/// The names of those that keep a release from being made.
pub(super) fn failed(rows: &[Row]) -> Vec<&'static str> {
    rows.iter().filter(|(_, verdict)| matches!(verdict, Not(_))).map(|(name, _)| *name).collect()
}

/// Good where nothing is to be done.
pub(super) fn judged(to_do: &[String], good: impl Into<String>) -> Verdict {
    if to_do.is_empty() { Good(good.into()) } else { Not(to_do.join("\n")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_a_line_and_only_what_is_not_so_fails() {
        let rows = [
            ("tree", Good("clean".to_owned())),
            ("tag", Not("delete it,\nor raise the version".to_owned())),
            ("semver", Skipped("no tag".to_owned())),
        ];
        assert_eq!(
            table(&rows),
            "ok      tree            clean\n\
             NOT     tag             delete it,\n                        or raise the version\n\
             skipped semver          no tag\n"
        );
        assert_eq!(failed(&rows), ["tag"]);
    }
}
