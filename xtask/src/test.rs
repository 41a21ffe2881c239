//! `cargo xtask test`: every test there is, in the order in which they are quick to tell. A part that fails does not keep
//! the others from running, except those that need what it makes.

use crate::{
    build, files, matrix, paths, process,
    report::{self, seconds},
    setup::{self, Chromium, Schemathesis, WasmTarget, wasm_target::TARGET},
    size, stranger,
};
use anyhow::{Context, Result, anyhow, bail, ensure};
use std::{
    env,
    ffi::OsString,
    fs,
    num::NonZero,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

/// How a part ended that did not fail.
enum Outcome {
    Passed,
    /// It could not be run here, and why.
    Skipped(String),
}
use Outcome::{Passed, Skipped};

/// One part: its name on the command line, what it does, how.
struct Part {
    name: &'static str,
    about: &'static str,
    run: fn(&mut Workshop) -> Result<Outcome>,
}

/// The tests that are compiled for wasm, and the feature that they need.
const BINDINGS: &str = "bindings";

const PARTS: [Part; 18] = [
    Part { name: "setup", about: "everything the tests need", run: setup },
    Part { name: "fmt", about: "cargo fmt --all --check", run: fmt },
    Part { name: "clippy", about: "cargo clippy, for this machine", run: clippy },
    Part { name: "clippy-wasm", about: "cargo clippy, for wasm", run: clippy_wasm },
    Part { name: "core", about: "cargo test -p tasklens", run: core },
    Part { name: "xtask", about: "cargo test -p xtask", run: xtask },
    Part { name: "doc", about: "cargo doc without warnings", run: doc },
    Part { name: "crate", about: "the packed crate, in a stranger's project", run: packed_crate },
    Part { name: "deny", about: "cargo deny: licences, sources, duplicates", run: deny },
    Part { name: "build", about: "the package and the page", run: build_package },
    Part { name: "size", about: "what is downloaded, within its budget", run: size },
    Part { name: "wasm-node", about: "the bindings, in node", run: wasm_node },
    Part { name: "wasm-browser", about: "the bindings, in headless Chromium", run: wasm_browser },
    Part { name: "package", about: "the packed package, installed by a stranger", run: package },
    Part { name: "matrix", about: "the packed package in the tools and hosts it is for", run: matrix },
    Part { name: "client", about: "the client of the packed package, against real servers", run: client },
    Part { name: "worker", about: "the proxy in workerd, and its contract", run: worker },
    Part { name: "page", about: "the page, in headless Chromium", run: page },
];

/// `cargo xtask test [part]…`.
pub(crate) fn command(wanted: &[&str]) -> Result<()> {
    let parts = choose(wanted)?;
    let begun = Instant::now();
    let mut workshop = Workshop::default();
    let mut table = Vec::new();
    for part in parts {
        report::heading(&format!("test {}: {}", part.name, part.about));
        let begun = Instant::now();
        let outcome = (part.run)(&mut workshop);
        ensure!(!process::interrupted(), "interrupted");
        if let Err(error) = &outcome {
            eprintln!("error: {error:#}");
        }
        table.push((part.name, outcome, begun.elapsed()));
    }
    summary(&table, begun.elapsed())
}

fn choose(wanted: &[&str]) -> Result<Vec<&'static Part>> {
    if wanted.is_empty() {
        return Ok(PARTS.iter().collect());
    }
    let find = |name: &&str| {
        let names = PARTS.map(|part| part.name).join(", ");
        PARTS
            .iter()
            .find(|part| part.name == *name)
            .with_context(|| format!("no part `{name}`; there are {names}"))
    };
    wanted.iter().map(find).collect()
}

fn summary(table: &[(&str, Result<Outcome>, Duration)], all: Duration) -> Result<()> {
    report::heading("summary");
    for (name, outcome, time) in table {
        let word = match outcome {
            Ok(Passed) => "passed".to_owned(),
            Ok(Skipped(why)) => format!("skipped: {why}"),
            Err(_) => "FAILED".to_owned(),
        };
        eprintln!("  {name:<14} {:>12}  {word}", seconds(*time));
    }
    eprintln!("  {:<14} {:>12}", "all", seconds(all));
    let failed: Vec<_> =
        table.iter().filter(|(_, outcome, _)| outcome.is_err()).map(|(name, ..)| *name).collect();
    ensure!(failed.is_empty(), "failed: {}; `cargo xtask test <part>` runs one again", failed.join(", "));
    Ok(())
}

/// What parts share: made when first needed, tried once.
#[derive(Default)]
struct Workshop {
    wasm: Once<WasmTarget>,
    chromium: Once<Chromium>,
    schemathesis: Once<Schemathesis>,
    built: Once<()>,
}

type Once<T> = Option<Result<T, String>>;

fn once<T>(slot: &mut Once<T>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    let made = slot.get_or_insert_with(|| make().map_err(|error| format!("{error:#}")));
    made.as_ref().map_err(|error| anyhow!("{error}"))
}

impl Workshop {
    fn wasm(&mut self) -> Result<&WasmTarget> {
        once(&mut self.wasm, || {
            let _lock = files::lock()?;
            setup::for_building()
        })
    }

    fn chromium(&mut self) -> Result<&Chromium> {
        once(&mut self.chromium, || {
            let _lock = files::lock()?;
            setup::for_browsing()
        })
    }

    fn schemathesis(&mut self) -> Result<&Schemathesis> {
        once(&mut self.schemathesis, || {
            let _lock = files::lock()?;
            setup::for_contracts()
        })
    }

    fn built(&mut self) -> Result<()> {
        self.wasm()?;
        let (Some(Ok(wasm)), built) = (&self.wasm, &mut self.built) else {
            bail!("there is no compiler for wasm")
        };
        once(built, || {
            let _lock = files::lock()?;
            build::build(wasm)
        })
        .copied()
    }
}

fn setup(workshop: &mut Workshop) -> Result<Outcome> {
    setup::for_linting(workshop.wasm()?)?;
    // Where it is missing, the part that needs it says so.
    let _ = workshop.schemathesis();
    workshop.chromium().map(|_| Passed)
}

fn pass(command: &mut Command) -> Result<Outcome> {
    process::run(command).map(|()| Passed)
}

fn fmt(_: &mut Workshop) -> Result<Outcome> {
    pass(process::cargo().args(["fmt", "--all", "--check"]))
}

fn clippy(_: &mut Workshop) -> Result<Outcome> {
    pass(process::cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "-D",
        "warnings",
    ]))
}

fn clippy_wasm(workshop: &mut Workshop) -> Result<Outcome> {
    let wasm = workshop.wasm()?;
    if let Err(error) = setup::for_linting(wasm) {
        return Ok(Skipped(format!("{error:#}")));
    }
    for module in &build::MODULES {
        let mut clippy = match wasm.clippy() {
            Ok(clippy) => clippy,
            Err(why) => return Ok(Skipped(why.to_owned())),
        };
        clippy.args(["--target", TARGET, "-p", "tasklens", "--features", module.feature, "--lib"]);
        // The other tests are not for wasm.
        if module.feature == BINDINGS {
            clippy.args(["--test", BINDINGS]);
        }
        process::run(clippy.args(["--", "-D", "warnings"]))?;
    }
    Ok(Passed)
}

fn core(_: &mut Workshop) -> Result<Outcome> {
    pass(process::cargo().args(["test", "-p", "tasklens", "--features", "proxy"]))
}

fn xtask(_: &mut Workshop) -> Result<Outcome> {
    pass(process::cargo().args(["test", "-p", "xtask"]))
}

/// With no feature, as docs.rs has it, and with all: a link may be there in one and not in another.
fn doc(_: &mut Workshop) -> Result<Outcome> {
    for features in ["--features=", "--features=proxy", "--all-features"] {
        let mut doc = process::cargo();
        doc.args(["doc", "--no-deps", "-p", "tasklens", features]);
        process::run(doc.env("RUSTDOCFLAGS", "-Dwarnings"))?;
    }
    Ok(Passed)
}

fn packed_crate(_: &mut Workshop) -> Result<Outcome> {
    stranger::uses_the_crate().map(|()| Passed)
}

fn deny(_: &mut Workshop) -> Result<Outcome> {
    if process::ask(process::cargo().args(["deny", "--version"])).is_err() {
        return Ok(Skipped("cargo-deny is not here; `cargo install cargo-deny` gets it".to_owned()));
    }
    pass(process::cargo().args(["deny", "--workspace", "check", "bans", "licenses", "sources"]))
}

fn build_package(workshop: &mut Workshop) -> Result<Outcome> {
    workshop.built().map(|()| Passed)
}

fn size(workshop: &mut Workshop) -> Result<Outcome> {
    workshop.built()?;
    size::within_budget().map(|()| Passed)
}

fn wasm_node(workshop: &mut Workshop) -> Result<Outcome> {
    pass(&mut bindings(workshop.wasm()?)?)
}

fn wasm_browser(workshop: &mut Workshop) -> Result<Outcome> {
    let chromium = workshop.chromium()?;
    let (driver, options) = (chromium.driver.clone(), chromium.webdriver_json()?);
    let mut cargo = bindings(workshop.wasm()?)?;
    cargo
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        .env("CHROMEDRIVER", driver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", options)
        // Seconds for the whole suite, a cold browser's start included.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    // The runner takes the first driver it finds.
    for other in ["GECKODRIVER", "SAFARIDRIVER", "MSEDGEDRIVER"] {
        cargo.env_remove(other);
    }
    pass(&mut cargo)
}

/// The tests of the bindings, run by [`runner`].
fn bindings(wasm: &WasmTarget) -> Result<Command> {
    let me = env::current_exe().context("finding this program")?;
    let me = me.to_str().context("the path to this program is not UTF-8")?;
    // A string of JSON is one of TOML; a list, unlike the variable, lets paths have spaces.
    let runner = serde_json::json!([me, "runner"]);
    let mut cargo = wasm.cargo();
    cargo.args(["--config", &format!("target.{TARGET}.runner={runner}")]);
    cargo.args(["test", "--target", TARGET, "-p", "tasklens", "--features", BINDINGS, "--test", BINDINGS]);
    Ok(cargo)
}

/// Runs one wasm test program: what cargo calls with its path and arguments.
pub(crate) fn runner(args: &[&str]) -> Result<()> {
    let args = ["wasm-bindgen-test-runner"].iter().chain(args);
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(args.map(|arg| (*arg).to_owned()))
}

fn package(workshop: &mut Workshop) -> Result<Outcome> {
    node_tests(workshop, "tests/package")
}

fn worker(workshop: &mut Workshop) -> Result<Outcome> {
    // Without it the one file that needs it is skipped, and says this.
    let told = match workshop.schemathesis() {
        Ok(Schemathesis { python, path }) => {
            let path = path.iter().map(|path| ("PYTHONPATH", path.clone().into_os_string()));
            [("TASKLENS_PYTHON", python.clone().into_os_string())].into_iter().chain(path).collect()
        }
        Err(why) => vec![("TASKLENS_NO_PYTHON", format!("{why:#}").into())],
    };
    node_tests_told(workshop, "tests/worker", &told)
}

fn matrix(workshop: &mut Workshop) -> Result<Outcome> {
    workshop.built()?;
    matrix::run(matrix::Tools::Quick, &[], workshop.chromium()?)?;
    node_tests(workshop, "tests/matrix")
}

fn client(workshop: &mut Workshop) -> Result<Outcome> {
    node_tests(workshop, "tests/client")
}

fn page(workshop: &mut Workshop) -> Result<Outcome> {
    node_tests(workshop, "tests/page")
}

fn node_tests(workshop: &mut Workshop, folder: &str) -> Result<Outcome> {
    node_tests_told(workshop, folder, &[])
}

/// With more in their environment than all have.
fn node_tests_told(workshop: &mut Workshop, folder: &str, told: &[(&str, OsString)]) -> Result<Outcome> {
    let tests = test_files(&paths::root().join(folder))?;
    if tests.is_empty() {
        return Ok(Skipped(format!("{folder} has no *.test.mjs")));
    }
    workshop.built()?;
    install_as_stranger()?;
    let chromium = workshop.chromium()?;
    let mut node = Command::new("node");
    // A file that does not end has failed.
    node.args(["--test", "--test-reporter=spec", "--test-timeout=600000"]);
    if folder == "tests/page" {
        // They mostly wait; on two cores node would run one after another.
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        node.arg(format!("--test-concurrency={}", cores.saturating_sub(1).max(2)));
    }
    node.args(tests).current_dir(paths::root());
    node.env("CHROME_PATH", &chromium.browser)
        .env("TASKLENS_PKG", paths::pkg())
        .env("TASKLENS_SITE", paths::site())
        .env("TASKLENS_CONSUMER", paths::consumer())
        .envs(told.iter().map(|(name, value)| (name, value)));
    pass(&mut node)
}

fn test_files(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let files = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let is_test = |path: &PathBuf| path.to_str().is_some_and(|path| path.ends_with(".test.mjs"));
    let mut tests: Vec<_> = files.flatten().map(|file| file.path()).filter(is_test).collect();
    tests.sort();
    Ok(tests)
}

/// Packs the package and installs the tarball into a project of its own, as a user would, unless it is there.
pub(crate) fn install_as_stranger() -> Result<()> {
    let dir = paths::consumer();
    let npm = |args: &[&str], at: &Path| {
        let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
        npm.args(args).current_dir(at);
        npm
    };
    report::step("consumer", |step| {
        files::make_once(&dir, files::hash(&files::read_tree(&paths::pkg())?), || {
            step.doing("packing the package and installing the tarball");
            files::write(&dir.join("package.json"), b"{ \"private\": true, \"type\": \"module\" }\n")?;
            let to = dir.to_str().context("the path to target/ is not UTF-8")?;
            let report =
                process::ask(&mut npm(&["pack", "--json", "--pack-destination", to], &paths::pkg()))?;
            let report: serde_json::Value = serde_json::from_str(&report).context("reading `npm pack`")?;
            let tarball = report.pointer("/0/filename").and_then(|name| name.as_str());
            let tarball = tarball.context("`npm pack` tells no `filename`")?;
            let install = ["install", "--offline", "--no-save", "--no-package-lock", &format!("./{tarball}")];
            process::run_quietly(&mut npm(&install, &dir)).map(drop)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_called_by_their_names() -> Result<()> {
        let names = |wanted: &[&str]| {
            choose(wanted).map(|parts| parts.iter().map(|part| part.name).collect::<Vec<_>>())
        };
        assert_eq!(names(&[])?.len(), PARTS.len());
        assert_eq!(names(&["page", "fmt"])?, ["page", "fmt"]);
        let error = names(&["pages"]).map_err(|error| error.to_string());
        assert!(error.is_err_and(|text| text.starts_with("no part `pages`; there are setup, fmt,")));
        Ok(())
    }

    #[test]
    fn a_failure_is_in_the_list_and_nothing_else_is() {
        let table = [
            ("fmt", Ok(Passed), Duration::ZERO),
            ("deny", Ok(Skipped("not here".to_owned())), Duration::ZERO),
            ("page", Err(anyhow!("no")), Duration::ZERO),
        ];
        let error = summary(&table, Duration::ZERO).map_err(|error| error.to_string());
        assert_eq!(error, Err("failed: page; `cargo xtask test <part>` runs one again".to_owned()));
    }

    #[test]
    fn what_failed_is_not_tried_again() {
        let mut slot: Once<u8> = None;
        assert!(once(&mut slot, || bail!("first")).is_err_and(|error| error.to_string() == "first"));
        assert!(once(&mut slot, || Ok(1)).is_err_and(|error| error.to_string() == "first"));
    }
}
