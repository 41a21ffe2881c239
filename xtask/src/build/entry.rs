//! The package's entries: the template's sources and the glue, bundled for each kind of host.

use super::{MODULES, lock_files, packed};
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

/// What every entry is bundled with. The glue warns of a way to call it that is not ours, and gives its classes, which no caller
/// sees, a `Symbol.dispose`; nothing else here speaks of either. What these classes keep to themselves gets short names.
const EVERY: [&str; 8] = [
    "--bundle",
    "--minify",
    "--target=es2022",
    "--legal-comments=none",
    "--log-level=warning",
    "--drop:console",
    "--define:Symbol.dispose=undefined",
    "--mangle-props=^__(wbg_ptr|destroy_into_raw)$",
];

/// Node prints the line of an error that nobody caught: it is not to be all of the file. Shorter lines are more to download.
const LINES: &str = "--line-limit=320";

/// One file of `dist/`.
struct Entry {
    source: &'static str,
    file: &'static str,
    flags: &'static [&'static str],
}

/// What the entries of one module share; a program that imports two of them has it once.
const SHARED: &[&str] = &["--format=esm", "--platform=neutral", LINES];

/// Around it, what differs between hosts. An import of a module stays as it is written, for the host to compile.
const AROUND: &[&str] = &[
    "--format=esm",
    "--platform=neutral",
    "--main-fields=module",
    // Deno's.
    "--supported:import-source=true",
    "--external:node:*",
    "--external:./api.js",
    "--external:./proxy.js",
    "--external:*.packed.js",
    "--external:*.wasm",
    "--external:*.wasm?module",
];

/// CommonJS knows its file by another name, and is one file, for it cannot take what is a module.
const NODE_CJS: &[&str] = &[
    "--format=cjs",
    "--platform=node",
    LINES,
    "--define:import.meta.url=tasklensUrl",
    "--banner:js=const tasklensUrl=require(\"node:url\").pathToFileURL(__filename).href;",
];

/// It draws with the page's modules, takes their styles as text, and leaves the package to whoever loads it. The bundler
/// escapes everything but ASCII unless it is told; scripts that are modules are UTF-8 everywhere.
const ELEMENT: &[&str] =
    &["--format=esm", "--platform=browser", "--loader:.css=text", "--external:tasklens", "--charset=utf8"];

/// The styles it takes; what is taken as text is not made small on the way.
const STYLES: [&str; 2] = ["www/task.css", "www/tokens.css"];

/// In the order in which the package's `exports` name them.
const ENTRIES: [Entry; 17] = [
    Entry { source: "api.js", file: "api.js", flags: SHARED },
    Entry { source: "workerd.js", file: "workerd.js", flags: AROUND },
    Entry { source: "edge.js", file: "edge.js", flags: AROUND },
    Entry { source: "deno.js", file: "deno.js", flags: AROUND },
    Entry { source: "node.js", file: "node.js", flags: AROUND },
    Entry { source: "node.require.js", file: "node.cjs", flags: NODE_CJS },
    Entry { source: "inline.js", file: "inline.js", flags: AROUND },
    Entry { source: "url.js", file: "url.js", flags: AROUND },
    Entry { source: "slim.js", file: "slim.js", flags: AROUND },
    Entry { source: "proxy.js", file: "proxy.js", flags: SHARED },
    Entry { source: "proxy.workerd.js", file: "proxy.workerd.js", flags: AROUND },
    Entry { source: "proxy.edge.js", file: "proxy.edge.js", flags: AROUND },
    Entry { source: "proxy.deno.js", file: "proxy.deno.js", flags: AROUND },
    Entry { source: "proxy.node.js", file: "proxy.node.js", flags: AROUND },
    Entry { source: "proxy.require.js", file: "proxy.node.cjs", flags: NODE_CJS },
    Entry { source: "proxy.inline.js", file: "proxy.inline.js", flags: AROUND },
    Entry { source: "element.js", file: "element.js", flags: ELEMENT },
];

/// Where the bundles are before they are in the package.
pub(super) fn dist() -> PathBuf {
    paths::stage().join("dist")
}

/// Bundles all entries into [`dist`].
pub(super) fn bundle(step: &Step) -> Result<()> {
    let sources = sources()?;
    // What goes in, and how: this file says it.
    let how = [include_str!("entry.rs"), include_str!("packed.rs")];
    let inputs = files::hash(&(&sources, how, lock_files()?));
    files::make_once(&dist(), inputs, || {
        step.doing("bundling the entries with esbuild");
        let src = paths::stage().join("src");
        files::write_tree(&src, &sources)?;
        for module in MODULES {
            let script = packed::script(&files::read(&module.dir().join(module.file()))?)?;
            files::write(&dist().join(format!("{}.packed.js", module.name)), script.as_bytes())?;
        }
        STYLES.iter().try_for_each(|style| {
            let written = src.join(style);
            let small = ["--minify", "--log-level=warning", "--allow-overwrite", style];
            let mut esbuild = Command::new(paths::npm_tool("esbuild"));
            process::run(
                esbuild.current_dir(&src).args(small).arg(format!("--outfile={}", written.display())),
            )
        })?;
        ENTRIES.iter().try_for_each(|entry| esbuild(&src, entry))
    })?;
    step.detail(ENTRIES.map(|entry| entry.file).join(", "));
    Ok(())
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

fn esbuild(from: &Path, entry: &Entry) -> Result<()> {
    let mut command = Command::new(paths::npm_tool("esbuild"));
    command.current_dir(from).arg(entry.source).args(EVERY).args(entry.flags);
    command.arg(format!("--outfile={}", dist().join(entry.file).display()));
    process::run(&mut command).with_context(|| format!("bundling {}", entry.file))
}
