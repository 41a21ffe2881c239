//! The page, bundled: one script and one style for `target/site/`, which takes the package from beside it, and all of it in
//! one file, `pkg/tasklens.html`, to be opened from a disk. That file's policy names by their hashes the one script and the
//! one style that it has, and lets it ask nobody anything.

use super::{entry, lock_files};
use crate::{
    files::{self, Tree},
    paths, process,
    report::{self, Step},
};
use anyhow::{Context, Result, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, path::Path, process::Command};

/// The one file's name in the package.
pub(super) const ONE_FILE: &str = "tasklens.html";

/// The package as the page imports it, and where its files lie beside the page's.
const MODULE: &str = "./tasklens/dist/inline.js";
const DIST: &str = "tasklens/dist";
const FILES: [&str; 3] = ["inline.js", "api.js", "core.packed.js"];

/// A module, for it waits at its top level; the browser knows the style as it is written.
const SCRIPT: [&str; 5] =
    ["app.js", "--target=es2022", "--format=esm", "--platform=browser", "--charset=utf8"];
const EVERY: [&str; 4] = ["--bundle", "--minify", "--legal-comments=none", "--log-level=warning"];

/// The page's styles, in the order in which they apply; bundled they are one.
const STYLES: [&str; 3] = ["tokens.css", "task.css", "style.css"];

/// What else `index.html` names.
const ICON: &str = "icon.svg\" type=";
const PRELOAD: &str = "  <link rel=\"modulepreload\" href=\"tasklens/dist/inline.js\">\n  \
    <link rel=\"modulepreload\" href=\"tasklens/dist/api.js\">\n  \
    <link rel=\"modulepreload\" href=\"tasklens/dist/core.packed.js\">\n";
const APP: &str = "<script type=\"module\" src=\"app.js\"></script>";

/// The page's files, but for the package beside them.
pub(super) fn site() -> Result<Tree> {
    let www = sources()?;
    let dir = paths::stage().join("page");
    let outside = format!("--external:{MODULE}");
    files::make_once(
        &dir,
        files::hash(&(&www, SCRIPT, EVERY, include_str!("page.rs"), lock_files()?)),
        || {
            let (script, style) = bundle(&www, &[&outside])?;
            let html = replace(text(&www, "index.html")?, &links(&STYLES), &links(&["style.css"]))?;
            let mut site = www.clone();
            site.retain(|path, _| {
                path.extension().is_none_or(|ext| ext != "js" && ext != "css")
                    && !path.starts_with("tasklens")
            });
            site.extend(
                [("app.js", script), ("style.css", style), ("index.html", html)]
                    .map(|(name, text)| (name.into(), text.into_bytes())),
            );
            files::write_tree(&dir, &site).map(drop)
        },
    )?;
    files::read_tree(&dir)
}

/// The one file.
pub(super) fn one_file(step: &Step) -> Result<Vec<u8>> {
    let www = sources()?;
    let dir = paths::stage().join("one-file");
    files::make_once(
        &dir,
        files::hash(&(&www, SCRIPT, EVERY, include_str!("page.rs"), lock_files()?)),
        || {
            step.doing("putting the page into one file");
            let (script, style) = bundle(&www, &[])?;
            files::write(&dir.join(ONE_FILE), whole(&www, &script, &style)?.as_bytes())
        },
    )?;
    let page = files::read(&dir.join(ONE_FILE))?;
    step.detail(format!("{ONE_FILE}, {} bytes", report::thousands(page.len() as u64)));
    Ok(page)
}

/// The page as it is written, and the scripts it takes from the package.
fn sources() -> Result<Tree> {
    let mut www = files::read_tree(&paths::root().join("www"))?;
    for file in FILES {
        www.insert(Path::new(DIST).join(file), files::read(&entry::dist().join(file))?);
    }
    Ok(www)
}

/// The script and the style.
fn bundle(www: &Tree, flags: &[&str]) -> Result<(String, String)> {
    let src = paths::stage().join("src-page");
    files::write_tree(&src, www)?;
    let all = "all.css";
    files::write(&src.join(all), STYLES.map(|file| format!("@import \"./{file}\";\n")).concat().as_bytes())?;
    let esbuild = |args: &[&str]| {
        let mut esbuild = Command::new(paths::npm_tool("esbuild"));
        process::ask(esbuild.current_dir(&src).args(args).args(EVERY))
    };
    let script = esbuild(&[&SCRIPT[..], flags].concat()).context("bundling the page's script")?;
    let style = esbuild(&[all]).context("bundling the page's style")?;
    Ok((script, style))
}

/// `index.html` with all that it names in it.
fn whole(www: &Tree, script: &str, style: &str) -> Result<String> {
    let samples = samples(www)?;
    ensure!(!style.contains("</style"), "the page's style would end its element");
    // In a string or a pattern, the only places where the bundler leaves it, the escape is the same character.
    let script = &script.replace("<!--", "\\x3C!--");
    ensure!(!script.contains("</script"), "the page's script would end its element");
    let icon = BASE64_STANDARD.encode(text(www, "icon.svg")?);
    let policy = format!(
        "default-src 'none'; script-src {} 'wasm-unsafe-eval'; style-src {}; img-src data:; connect-src 'none'; \
         base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'",
        hash(script),
        hash(style),
    );
    let (before, rest) = text(www, "index.html")?
        .split_once("Content-Security-Policy\" content=\"")
        .context("no policy in index.html")?;
    let (_, after) = rest.split_once('"').context("no end of the policy in index.html")?;
    let html = format!("{before}Content-Security-Policy\" content=\"{policy}\"{after}");
    let html = replace(&html, ICON, &format!("data:image/svg+xml;base64,{icon}\" type="))?;
    let html = replace(&html, &links(&STYLES), &format!("  <style>{style}</style>\n"))?;
    let html = replace(&html, PRELOAD, "")?;
    let all = format!(
        "<script type=\"application/json\" id=\"samples-inside\">{samples}</script>\n  \
         <script type=\"module\">{script}</script>"
    );
    replace(&html, APP, &all)
}

/// As `index.html` names styles.
fn links(files: &[&str]) -> String {
    files.iter().map(|file| format!("  <link rel=\"stylesheet\" href=\"{file}\">\n")).collect()
}

/// The samples by their path, as the page asks for them; data, which no policy takes for a script.
fn samples(www: &Tree) -> Result<String> {
    let mut samples = BTreeMap::new();
    for path in www.keys().filter(|path| path.starts_with("samples")) {
        let name = path.to_str().context("a sample's name is not UTF-8")?.replace('\\', "/");
        samples.insert(name, text(www, path)?);
    }
    Ok(serde_json::to_string(&samples)?.replace('<', "\\u003c"))
}

fn text(www: &Tree, path: impl AsRef<Path>) -> Result<&str> {
    let path = path.as_ref();
    let bytes = www.get(path).with_context(|| format!("www/{} is missing", path.display()))?;
    std::str::from_utf8(bytes).with_context(|| format!("www/{} is not UTF-8", path.display()))
}

/// As a policy names it.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)))
}

fn replace(html: &str, what: &str, by: &str) -> Result<String> {
    let (before, after) = html.split_once(what).with_context(|| format!("www/index.html has no `{what}`"))?;
    Ok(format!("{before}{by}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_as_policies_write_it() {
        assert_eq!(hash(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
    }
}
