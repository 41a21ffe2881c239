//! The package's entries: the template's sources and the glue, bundled for each kind of host.

use super::{core_dir, lock_files};
use crate::{
    files::{self, Tree},
    paths, process,
    report::Step,
};
use anyhow::{Context, Result, ensure};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// What every entry is bundled with.
const EVERY: [&str; 5] =
    ["--bundle", "--minify", "--target=es2022", "--legal-comments=none", "--log-level=warning"];

/// One file of `dist/`.
#[derive(Hash)]
struct Entry {
    source: &'static str,
    file: &'static str,
    flags: &'static [&'static str],
}

/// In the order in which the package's `exports` name them.
const ENTRIES: [Entry; 5] = [
    // The host compiles the module; the import stays as it is written.
    Entry {
        source: "workerd.js",
        file: "workerd.js",
        flags: &["--format=esm", "--platform=neutral", "--external:*.wasm"],
    },
    Entry {
        source: "edge.js",
        file: "edge.js",
        flags: &["--format=esm", "--platform=neutral", "--external:*.wasm?module"],
    },
    Entry { source: "node.js", file: "node.js", flags: &["--format=esm", "--platform=node"] },
    // CommonJS knows its file by another name.
    Entry {
        source: "node.js",
        file: "node.cjs",
        flags: &[
            "--format=cjs",
            "--platform=node",
            "--define:import.meta.url=tasklensUrl",
            "--banner:js=const tasklensUrl=require(\"node:url\").pathToFileURL(__filename).href;",
        ],
    },
    Entry {
        source: "inline.js",
        file: "inline.js",
        flags: &["--format=esm", "--platform=browser", "--loader:.wasm=binary"],
    },
];

/// The inline entry without the module in it, to be weighed.
const GLUE: Entry = Entry {
    source: "inline.js",
    file: "glue.js",
    flags: &["--format=esm", "--platform=browser", "--external:*.wasm"],
};

/// Where the bundles are before they are in the package.
pub(super) fn dist() -> PathBuf {
    paths::stage().join("dist")
}

/// Bundles all entries into [`dist`].
pub(super) fn bundle(step: &Step) -> Result<()> {
    let sources = sources()?;
    let inputs = files::hash(&(&sources, EVERY, &ENTRIES, lock_files()?));
    files::make_once(&dist(), inputs, || {
        step.doing("bundling the entries with esbuild");
        let from = write_sources(&sources)?;
        ENTRIES.iter().try_for_each(|entry| esbuild(&from, entry, &dist()))
    })?;
    step.detail(ENTRIES.map(|entry| entry.file).join(", "));
    Ok(())
}

/// Bundles the JavaScript of the inline entry alone; returns where it is.
pub(crate) fn glue_alone() -> Result<PathBuf> {
    let dir = paths::stage().join("glue");
    let sources = sources()?;
    let inputs = files::hash(&(&sources, EVERY, GLUE, lock_files()?));
    files::make_once(&dir, inputs, || esbuild(&write_sources(&sources)?, &GLUE, &dir))?;
    Ok(dir.join(GLUE.file))
}

/// The template's scripts, with glue and module beside them.
fn sources() -> Result<Tree> {
    let is_script = |path: &PathBuf| path.extension().is_some_and(|ext| ext == "js");
    let mut sources = files::read_tree(&paths::root().join("pkg-template"))?;
    sources.retain(|path, _| is_script(path));
    for entry in &ENTRIES {
        ensure!(sources.contains_key(Path::new(entry.source)), "pkg-template/{} is missing", entry.source);
    }
    for (path, bytes) in files::read_tree(&core_dir())? {
        let name = path.display().to_string();
        ensure!(
            sources.insert(path, bytes).is_none(),
            "pkg-template/{name} hides a file that is built; rename it"
        );
    }
    Ok(sources)
}

fn write_sources(sources: &Tree) -> Result<PathBuf> {
    let dir = paths::stage().join("src");
    files::write_tree(&dir, sources)?;
    Ok(dir)
}

fn esbuild(from: &Path, entry: &Entry, to: &Path) -> Result<()> {
    let mut command = Command::new(paths::npm_tool("esbuild"));
    command.current_dir(from).arg(entry.source).args(EVERY).args(entry.flags);
    command.arg(format!("--outfile={}", to.join(entry.file).display()));
    process::run(&mut command).with_context(|| format!("bundling {}", entry.file))
}
