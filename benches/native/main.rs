//! What the core takes natively: criterion's `cargo bench`, and one run of a piece of work for callgrind to count.
//!
//! `TASKLENS_COUNT=j100 native` runs that piece once, inside `measured`, which is all that callgrind is told to look at.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod peers;
mod round;

use criterion::{BatchSize, Criterion};
use round::Round;
use std::hint::black_box;
use std::process::Command;
use tasklens::{Body, ParseOptions, parse, summarize};

/// An input of the table by its name: the generator's bytes, so that there is one generator.
fn input(name: &str) -> Vec<u8> {
    let script =
        "import { inputs } from './benches/generate.mjs'; process.stdout.write(inputs()[process.argv[1]])";
    let mut node = Command::new("node");
    node.args(["--input-type=module", "--eval", script, name]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let made = node.output().expect("node makes the inputs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    made.stdout
}

/// How many tasks there are: all of them have been read by then.
fn tasks(body: &[u8]) -> usize {
    match black_box(parse(body, &ParseOptions::default())).unwrap().body {
        Body::Tasks(list) => list.tasks.len(),
        other => panic!("{other:?}"),
    }
}

fn main() {
    match std::env::var("TASKLENS_COUNT") {
        Ok(row) => count(&row),
        Err(_) => time(&mut Criterion::default().configure_from_args()),
    }
}

fn count(row: &str) {
    let sum = match row {
        "j100" => with_input("J100", tasks),
        "x100" => with_input("X100", tasks),
        "summarize-j10k" => {
            with_input("J10k", |body| summarize(body, &ParseOptions::default()).unwrap().total as usize)
        }
        "watch-round" => {
            let mut round = Round::of(10_000);
            measured(|| round.run())
        }
        other => panic!("no such row: {other}"),
    };
    assert!(sum > 0);
}

fn with_input(name: &str, work: impl Fn(&[u8]) -> usize) -> usize {
    let body = input(name);
    measured(|| work(&body))
}

/// Callgrind counts what happens in here, found by this name.
#[inline(never)]
fn measured(work: impl FnOnce() -> usize) -> usize {
    black_box(work())
}

fn time(criterion: &mut Criterion) {
    let [json, xml] = ["J10k", "X10k"].map(input);
    let text = std::str::from_utf8(&xml).unwrap();
    let mut group = criterion.benchmark_group("native-j10k");
    group.bench_function("ours", |bencher| bencher.iter(|| tasks(&json)));
    group.bench_function("peer", |bencher| bencher.iter(|| peers::json(&json).len()));
    group.finish();
    let mut group = criterion.benchmark_group("native-x10k");
    group.bench_function("ours", |bencher| bencher.iter(|| tasks(&xml)));
    group.bench_function("peer", |bencher| bencher.iter(|| peers::xml(text).len()));
    group.finish();

    let [hundred, all] = [100, 10_000].map(Round::of);
    let mut group = criterion.benchmark_group("watch-round");
    group.bench_function("ours", |bencher| {
        bencher.iter_batched_ref(|| all.clone(), Round::run, BatchSize::PerIteration)
    });
    group.bench_function("peer", |bencher| bencher.iter(|| all.parse()));
    group.finish();
    let mut group = criterion.benchmark_group("watch-scale");
    group.bench_function("ours", |bencher| {
        bencher.iter_batched_ref(|| all.clone(), Round::run, BatchSize::PerIteration)
    });
    // As many tasks, a hundred watches of a hundred each.
    let hundreds = vec![hundred; 100];
    let run = |watches: &mut Vec<Round>| watches.iter_mut().map(Round::run).sum::<usize>();
    group.bench_function("peer", |bencher| {
        bencher.iter_batched_ref(|| hundreds.clone(), run, BatchSize::PerIteration)
    });
    group.finish();
}
