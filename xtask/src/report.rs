//! What a person reads while it runs. One line per step, on stderr: what is being done, how long it took, or that there
//! was nothing to do.

use anyhow::{Context, Result};
use std::{
    cell::{Cell, RefCell},
    time::{Duration, Instant},
};

/// A step that is under way.
pub(crate) struct Step {
    name: &'static str,
    did: Cell<bool>,
    detail: RefCell<String>,
}

impl Step {
    /// There is work to do, and this is it.
    pub(crate) fn doing(&self, what: &str) {
        self.did.set(true);
        self.line(&format!("{what} …"));
    }

    /// A word on what the step ended with.
    pub(crate) fn detail(&self, what: impl Into<String>) {
        self.detail.replace(what.into());
    }

    /// Something to know that stops nothing.
    pub(crate) fn note(&self, what: &str) {
        self.line(&format!("note: {what}"));
    }

    fn line(&self, text: &str) {
        eprintln!("  {:<14} {text}", self.name);
    }
}

/// Does one step and says so: "already there" when `work` never called [`Step::doing`].
pub(crate) fn step<T>(name: &'static str, work: impl FnOnce(&Step) -> Result<T>) -> Result<T> {
    let step = Step { name, did: Cell::new(false), detail: RefCell::default() };
    let begun = Instant::now();
    let done = work(&step).with_context(|| name.to_owned())?;
    let outcome = if step.did.get() {
        format!("done in {}", seconds(begun.elapsed()))
    } else {
        "already there".to_owned()
    };
    let detail = step.detail.borrow();
    step.line(&if detail.is_empty() { outcome } else { format!("{outcome}: {detail}") });
    Ok(done)
}

/// A heading above several steps.
pub(crate) fn heading(text: &str) {
    eprintln!("\n── {text}");
}

/// `0.4 s`, `36.2 s`, `2 min 05 s`.
pub(crate) fn seconds(time: Duration) -> String {
    let tenths = (time.as_millis() + 50) / 100;
    if tenths < 600 {
        format!("{}.{} s", tenths / 10, tenths % 10)
    } else {
        let whole = (tenths + 5) / 10;
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

/// `1234567` as `1,234,567`.
pub(crate) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_read_at_a_glance() {
        let text = |ms| seconds(Duration::from_millis(ms));
        assert_eq!(
            [text(40), text(449), text(36_200), text(59_949), text(59_950), text(125_400)],
            ["0.0 s", "0.4 s", "36.2 s", "59.9 s", "1 min 00 s", "2 min 05 s"]
        );
    }

    #[test]
    fn a_byte_count_is_grouped_by_three() {
        assert_eq!(
            [0, 999, 1000, 65_536, 1_234_567].map(thousands),
            ["0", "999", "1,000", "65,536", "1,234,567"]
        );
    }
}
