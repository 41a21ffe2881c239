//! Everything that is done to this repository, by one name each: `cargo xtask setup`, `build`, `start`, `test`, `matrix`, `size`,
//! `release`, `bench`. Progress goes to stderr; stdout carries only what was asked for. It changes no toolchain and no global setting;
//! what it makes is in `target/`, `node_modules/` and `pkg/`, and on Debian, as root, it installs packages.

mod bench;
mod build;
mod files;
mod matrix;
mod paths;
mod process;
mod release;
mod report;
mod setup;
mod size;
mod start;
mod stranger;
mod test;

use anyhow::{Result, bail};
use std::{env, process::ExitCode};

const USAGE: &str = "\
usage: cargo xtask <command>

  setup            put everything in place that building and testing need
  start [--port N] build, then run page, proxy and cloud on 127.0.0.1 until Ctrl-C
  build            make pkg/, the npm package, and target/site/, the page
  test [part]      run every test, or one part
  matrix [row]     run the package in every tool and host it is for; `--write` puts the table into the README
  size             what the package weighs
  release --dry-run
                   check everything a release needs, and tell what would be published
  bench [--quick] [row…]
                   how fast it reads, beside others
  bench --instructions [--keep]
                   how many instructions the core takes";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    match dispatch(&args.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if process::interrupted() => ExitCode::from(130),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[&str]) -> Result<()> {
    // Cargo's wasm test runner: a child of `test`, which ends it with the rest.
    if let ["runner", rest @ ..] = args {
        return test::runner(rest);
    }
    process::end_children_on_signal()?;
    match args {
        ["setup"] => setup::all(),
        ["build"] => build::command(),
        ["start", rest @ ..] => start::start(start::port(rest)?),
        ["test", parts @ ..] => test::command(parts),
        ["matrix", rows @ ..] => matrix::command(rows),
        ["size"] => size::command(),
        ["release", rest @ ..] => release::command(rest),
        ["bench", rest @ ..] => bench::command(rest),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        [] => bail!("say which command\n\n{USAGE}"),
        [other, ..] => bail!("`{other}` is no command, or one without arguments\n\n{USAGE}"),
    }
}
