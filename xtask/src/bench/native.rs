//! The native rows: criterion measures (`benches/native/`), its samples are read here.

use super::{
    Wanted,
    table::{Figure, Row},
};
use crate::{paths, process, report};
use anyhow::{Context, Result};
use serde_json::Value;
use std::{fs, path::Path};

/// Criterion's group, what is measured in it and beside what.
struct Group {
    id: &'static str,
    input: &'static str,
    work: &'static str,
    peer: &'static str,
    goal: f64,
}

const GROUPS: [Group; 4] = [
    Group { id: "native-j10k", input: "J10k", work: "tasks", peer: "typed serde_json", goal: 0.7 },
    Group {
        id: "native-x10k",
        input: "X10k",
        work: "tasks",
        peer: "quick-xml's serde, the same structs",
        goal: 0.3,
    },
    Group {
        id: "watch-round",
        input: "100 replies, 10,000 changed tasks",
        work: "one round of the machine, reading included",
        peer: "reading those replies alone",
        goal: 1.5,
    },
    Group {
        id: "watch-scale",
        input: "10,000 tasks",
        work: "one round of one watch",
        peer: "of 100 watches over 100 tasks each",
        goal: 1.2,
    },
];

/// Runs those that are wanted.
pub(super) fn rows(wanted: &Wanted<'_>) -> Result<Vec<Row>> {
    let groups: Vec<_> = GROUPS.iter().filter(|group| wanted.row(group.id)).collect();
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    report::step("native", |step| {
        step.doing("building and measuring with criterion");
        let (warm_up, time) = if wanted.is_quick { ("0.5", "2") } else { ("3", "10") };
        for group in &groups {
            let mut cargo = process::cargo();
            cargo.args(["bench", "--bench", "native", "--", "--noplot"]);
            cargo.args(["--warm-up-time", warm_up, "--measurement-time", time, &format!("^{}/", group.id)]);
            process::run_quietly(&mut cargo)?;
        }
        groups.into_iter().map(row).collect()
    })
}

fn row(group: &Group) -> Result<Row> {
    let folder = paths::target().join("criterion").join(group.id);
    let [ours, peer] = [samples(&folder.join("ours"))?, samples(&folder.join("peer"))?];
    Ok(Row {
        id: group.id.to_owned(),
        place: "native".to_owned(),
        input: group.input.to_owned(),
        work: group.work.to_owned(),
        peer: group.peer.to_owned(),
        goal: Some(group.goal),
        figure: figure(&ours, &peer),
    })
}

/// Criterion measures one after the other, so that a pair is the samples of one rank.
fn figure(ours: &[f64], peer: &[f64]) -> Figure {
    let mut ratios: Vec<_> = ours.iter().zip(peer).map(|(ours, peer)| ours / peer).collect();
    ratios.sort_by(f64::total_cmp);
    let [low, ratio, high] = [0.25, 0.5, 0.75].map(|share| at(&ratios, share));
    Figure::Pairs { ours: at(ours, 0.5), peer: at(peer, 0.5), ratio, low, high, pairs: ratios.len() as u64 }
}

fn at(sorted: &[f64], share: f64) -> f64 {
    let index = (sorted.len().saturating_sub(1) as f64 * share).round() as usize;
    sorted.get(index).copied().unwrap_or(f64::NAN)
}

/// Milliseconds for one run, from the quickest sample to the slowest.
fn samples(folder: &Path) -> Result<Vec<f64>> {
    let file = folder.join("new/sample.json");
    let text = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
    let value: Value =
        serde_json::from_slice(&text).with_context(|| format!("reading {}", file.display()))?;
    let list = |key: &str| {
        let list = value.get(key).and_then(Value::as_array).map(|list| list.iter().filter_map(Value::as_f64));
        list.with_context(|| format!("no list `{key}` in {}", file.display()))
    };
    let mut samples: Vec<_> =
        list("times")?.zip(list("iters")?).map(|(ns, iterations)| ns / iterations / 1e6).collect();
    samples.sort_by(f64::total_cmp);
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_of_the_medians_where_both_spread_alike() {
        let peer = [1.0, 2.0, 3.0, 4.0, 5.0];
        let ours = peer.map(|ms| ms / 2.0);
        let Figure::Pairs { ratio, low, high, pairs, ours, peer } = figure(&ours, &peer) else {
            unreachable!()
        };
        assert_eq!((ratio, low, high, pairs, ours, peer), (0.5, 0.5, 0.5, 5, 1.5, 3.0));
    }
}
