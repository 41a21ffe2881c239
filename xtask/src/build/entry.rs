//! The package's entries: the template's sources and the glue, bundled for each kind of host.

use super::{MODULES, inline, lock_files};
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
    /// Whether it carries the module, as a script: see [`inline`].
    inline: bool,
    flags: &'static [&'static str],
}

/// The host compiles the module; the import stays as it is written.
const WORKERD: &[&str] = &["--format=esm", "--platform=neutral", "--external:*.wasm"];

const EDGE: &[&str] = &["--format=esm", "--platform=neutral", "--external:*.wasm?module"];

const NODE: &[&str] = &["--format=esm", "--platform=node"];

/// CommonJS knows its file by another name.
const NODE_CJS: &[&str] = &[
    "--format=cjs",
    "--platform=node",
    "--define:import.meta.url=tasklensUrl",
    "--banner:js=const tasklensUrl=require(\"node:url\").pathToFileURL(__filename).href;",
];

/// The bundler escapes everything but ASCII unless it is told; scripts that are modules are UTF-8 everywhere.
const INLINE: &[&str] = &["--format=esm", "--platform=browser", "--loader:.wasm=js", "--charset=utf8"];

/// It draws with the page's modules, takes their styles as text, and leaves the package to whoever loads it.
const ELEMENT: &[&str] =
    &["--format=esm", "--platform=browser", "--loader:.css=text", "--external:tasklens", "--charset=utf8"];

/// In the order in which the package's `exports` name them.
const ENTRIES: [Entry; 11] = [
    Entry { source: "workerd.js", file: "workerd.js", inline: false, flags: WORKERD },
    Entry { source: "edge.js", file: "edge.js", inline: false, flags: EDGE },
    Entry { source: "node.js", file: "node.js", inline: false, flags: NODE },
    Entry { source: "node.js", file: "node.cjs", inline: false, flags: NODE_CJS },
    Entry { source: "inline.js", file: "inline.js", inline: true, flags: INLINE },
    Entry { source: "proxy.workerd.js", file: "proxy.workerd.js", inline: false, flags: WORKERD },
    Entry { source: "proxy.edge.js", file: "proxy.edge.js", inline: false, flags: EDGE },
    Entry { source: "proxy.node.js", file: "proxy.node.js", inline: false, flags: NODE },
    Entry { source: "proxy.node.js", file: "proxy.node.cjs", inline: false, flags: NODE_CJS },
    Entry { source: "proxy.inline.js", file: "proxy.inline.js", inline: true, flags: INLINE },
    Entry { source: "element.js", file: "element.js", inline: false, flags: ELEMENT },
];

/// The inline entry without the module in it, to be weighed.
const GLUE: Entry = Entry {
    source: "inline.js",
    file: "glue.js",
    inline: false,
    flags: &["--format=esm", "--platform=browser", "--external:*.wasm"],
};

/// Where the bundles are before they are in the package.
pub(super) fn dist() -> PathBuf {
    paths::stage().join("dist")
}

/// Bundles all entries into [`dist`].
pub(super) fn bundle(step: &Step) -> Result<()> {
    make(&dist(), &ENTRIES, || step.doing("bundling the entries with esbuild"))?;
    step.detail(ENTRIES.map(|entry| entry.file).join(", "));
    Ok(())
}

/// Bundles the JavaScript of the inline entry alone; returns where it is.
pub(crate) fn glue_alone() -> Result<PathBuf> {
    let dir = paths::stage().join("glue");
    make(&dir, &[GLUE], || ())?;
    Ok(dir.join(GLUE.file))
}

/// Makes `to` from `entries`, unless it is what they make; calls `begin` if it is not.
fn make(to: &Path, entries: &[Entry], begin: impl FnOnce()) -> Result<()> {
    let sources = sources()?;
    let inputs = files::hash(&(&sources, EVERY, entries, include_str!("inline.rs"), lock_files()?));
    files::make_once(to, inputs, || {
        begin();
        let (src, src_inline) = (paths::stage().join("src"), paths::stage().join("src-inline"));
        files::write_tree(&src, &sources)?;
        let mut sources = sources;
        for module in MODULES {
            if let Some(module) = sources.get_mut(Path::new(&module.file())) {
                *module = inline::script(module).into_bytes();
            }
        }
        files::write_tree(&src_inline, &sources)?;
        entries.iter().try_for_each(|entry| esbuild(if entry.inline { &src_inline } else { &src }, entry, to))
    })
}

/// The template's scripts, with glue and modules beside them, and the page's sources in `www/`.
fn sources() -> Result<Tree> {
    let is_script = |path: &PathBuf| path.extension().is_some_and(|ext| ext == "js");
    let mut sources = files::read_tree(&paths::root().join("pkg-template"))?;
    sources.retain(|path, _| is_script(path));
    for entry in &ENTRIES {
        ensure!(sources.contains_key(Path::new(entry.source)), "pkg-template/{} is missing", entry.source);
    }
    for module in MODULES {
        for (path, bytes) in files::read_tree(&module.dir())? {
            let name = path.display().to_string();
            ensure!(
                sources.insert(path, bytes).is_none(),
                "pkg-template/{name} hides a file that is built; rename it"
            );
        }
    }
    for (path, bytes) in files::read_tree(&paths::root().join("www"))? {
        if path.extension().is_some_and(|ext| ext == "js" || ext == "css") {
            sources.insert(Path::new("www").join(path), bytes);
        }
    }
    Ok(sources)
}

fn esbuild(from: &Path, entry: &Entry, to: &Path) -> Result<()> {
    let mut command = Command::new(paths::npm_tool("esbuild"));
    command.current_dir(from).arg(entry.source).args(EVERY).args(entry.flags);
    command.arg(format!("--outfile={}", to.join(entry.file).display()));
    process::run(&mut command).with_context(|| format!("bundling {}", entry.file))
}
