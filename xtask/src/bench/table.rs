//! A row of the table: what was measured, beside what, and the goal.

use crate::{report::thousands, size};
use anyhow::{Context, Result};
use serde_json::Value;
use std::fmt::Write;

/// One figure with its goal: a ratio tasklens ÷ peer, or a count of bytes. Both are good where they are small.
pub(crate) struct Row {
    /// What it is called on the command line.
    pub(crate) id: String,
    /// The engine.
    pub(crate) place: String,
    pub(crate) input: String,
    pub(crate) work: String,
    pub(crate) peer: String,
    /// None where tasklens has no part in it: what the engine alone takes, which no goal can go below.
    pub(crate) goal: Option<f64>,
    pub(crate) figure: Figure,
}

pub(crate) enum Figure {
    /// Beside a peer: times in milliseconds, and the ratio with its quartiles over so many pairs.
    Pairs {
        ours: f64,
        peer: f64,
        ratio: f64,
        low: f64,
        high: f64,
        pairs: u64,
    },
    /// By itself.
    Ratio(f64),
    Bytes(u64),
}

impl Row {
    /// From a line of a script, see `tell` in `benches/report.mjs`.
    pub(crate) fn read(line: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(line).with_context(|| format!("reading `{line}`"))?;
        let text = |key: &str| {
            let text = value.get(key).and_then(Value::as_str).map(str::to_owned);
            text.with_context(|| format!("no `{key}` in `{line}`"))
        };
        let number = |key: &str| {
            let number = value.get(key).and_then(Value::as_f64);
            number.with_context(|| format!("no number `{key}` in `{line}`"))
        };
        let figure =
            match (value.get("bytes").and_then(Value::as_u64), value.get("pairs").and_then(Value::as_u64)) {
                (Some(bytes), _) => Figure::Bytes(bytes),
                (None, None) => Figure::Ratio(number("ratio")?),
                (None, Some(pairs)) => Figure::Pairs {
                    ours: number("oursMs")?,
                    peer: number("peerMs")?,
                    ratio: number("ratio")?,
                    low: number("low")?,
                    high: number("high")?,
                    pairs,
                },
            };
        let (id, place, input) = (text("id")?, text("where")?, text("input")?);
        let goal = value.get("goal").map(|_| number("goal")).transpose()?;
        Ok(Self { id, place, input, work: text("work")?, peer: text("peer")?, goal, figure })
    }

    /// What is downloaded, in bytes of brotli.
    pub(crate) fn payload(name: &str, bytes: u64) -> Self {
        Self {
            id: format!("size-{}", name.rsplit('/').next().unwrap_or(name)),
            place: String::new(),
            input: name.to_owned(),
            work: "payload, brotli 11".to_owned(),
            peer: String::new(),
            goal: Some(size::GOAL as f64),
            figure: Figure::Bytes(bytes),
        }
    }

    fn cells(&self) -> [String; 11] {
        let none = String::new;
        let (ours, peer, value, spread) = match self.figure {
            Figure::Pairs { ours, peer, ratio, low, high, pairs } => {
                (time(ours), time(peer), ratio, format!("{low:.3}–{high:.3} of {pairs}"))
            }
            Figure::Ratio(ratio) => (none(), none(), ratio, none()),
            Figure::Bytes(bytes) => (none(), none(), bytes as f64, none()),
        };
        let is_bytes = matches!(self.figure, Figure::Bytes(_));
        let shown =
            if is_bytes { format!("{} bytes", thousands(value as u64)) } else { format!("{value:.3}") };
        let (goal, met) = match self.goal {
            None => (none(), "the engine's limit"),
            Some(goal) => (
                format!("≤ {}", if is_bytes { thousands(goal as u64) } else { goal.to_string() }),
                if value <= goal { "met" } else { "**NOT**" },
            ),
        };
        let [id, place, input, work, against] =
            [&self.id, &self.place, &self.input, &self.work, &self.peer].map(String::clone);
        [id, place, input, work, against, ours, peer, shown, spread, goal, met.to_owned()]
    }
}

fn time(ms: f64) -> String {
    if ms < 1.0 { format!("{:.1} µs", ms * 1000.0) } else { format!("{ms:.2} ms") }
}

/// The table, in the order in which it was measured.
pub(crate) fn markdown(rows: &[Row]) -> String {
    let mut text = String::from(
        "| row | where | input | work | peer | tasklens | peer's | tasklens ÷ peer | quartiles | goal | |\n\
         |---|---|---|---|---|--:|--:|--:|---|---|---|\n",
    );
    for row in rows {
        let _ = writeln!(text, "| {} |", row.cells().join(" | "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_whether_its_goal_is_met() -> Result<()> {
        let line = |ratio: f64| {
            format!(
                r#"{{"id":"j1","where":"Node","input":"J1","work":"w","peer":"p","goal":0.5,"oursMs":0.0251,"peerMs":2,"ratio":{ratio},"low":0.4,"high":0.6,"pairs":31}}"#
            )
        };
        let table = markdown(&[
            Row::read(&line(0.5))?,
            Row::read(&line(0.501))?,
            Row::payload("tasklens/url", 65_537),
            Row::read(&line(0.6).replace(r#""goal":0.5,"#, ""))?,
        ]);
        let rows: Vec<_> = table.lines().skip(2).collect();
        assert_eq!(
            rows,
            [
                "| j1 | Node | J1 | w | p | 25.1 µs | 2.00 ms | 0.500 | 0.400–0.600 of 31 | ≤ 0.5 | met |",
                "| j1 | Node | J1 | w | p | 25.1 µs | 2.00 ms | 0.501 | 0.400–0.600 of 31 | ≤ 0.5 | **NOT** |",
                "| size-url |  | tasklens/url | payload, brotli 11 |  |  |  | 65,537 bytes |  | ≤ 65,536 | **NOT** |",
                "| j1 | Node | J1 | w | p | 25.1 µs | 2.00 ms | 0.600 | 0.400–0.600 of 31 |  | the engine's limit |",
            ]
        );
        Ok(())
    }

    #[test]
    fn a_line_that_lacks_something_is_refused() {
        assert!(Row::read(r#"{"id":"j1"}"#).is_err());
    }
}
