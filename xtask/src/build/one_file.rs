//! `pkg/tasklens.html`: the page in one file, the module inside, to be opened from a disk. Its policy names by their hashes
//! the one script and the one style that it has, and lets it ask nobody anything.

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

/// Its name in the package.
pub(super) const FILE: &str = "tasklens.html";

/// How the page's script is bundled: a module, for it waits at its top level.
const ESBUILD: [&str; 8] = [
    "--bundle",
    "--minify",
    "--target=es2022",
    "--format=esm",
    "--platform=browser",
    "--charset=utf8",
    "--legal-comments=none",
    "--log-level=warning",
];

/// The page's styles, in the order in which they apply; here they are one.
const STYLES: [&str; 3] = ["tokens.css", "task.css", "style.css"];

/// What else `index.html` has outside itself.
const ICON: &str = "icon.svg\" type=";
const PRELOAD: &str = "  <link rel=\"modulepreload\" href=\"tasklens/dist/inline.js\">\n";
const SCRIPT: &str = "<script type=\"module\" src=\"app.js\"></script>";

/// Makes the file; returns what is in it.
pub(super) fn make(step: &Step) -> Result<Vec<u8>> {
    let mut www = files::read_tree(&paths::root().join("www"))?;
    let module = Path::new("tasklens/dist/inline.js");
    www.insert(module.into(), files::read(&entry::dist().join("inline.js"))?);
    let dir = paths::stage().join("one-file");
    let inputs = files::hash(&(&www, ESBUILD, include_str!("one_file.rs"), lock_files()?));
    files::make_once(&dir, inputs, || {
        step.doing("putting the page into one file");
        let src = paths::stage().join("src-page");
        files::write_tree(&src, &www)?;
        let mut esbuild = Command::new(paths::npm_tool("esbuild"));
        esbuild.current_dir(&src).arg("app.js").args(ESBUILD);
        let script = process::ask(&mut esbuild).context("bundling the page's script")?;
        files::write(&dir.join(FILE), page(&www, &script)?.as_bytes())
    })?;
    let page = files::read(&dir.join(FILE))?;
    step.detail(format!("{FILE}, {} bytes", report::thousands(page.len() as u64)));
    Ok(page)
}

/// `index.html` with all that it names in it.
fn page(www: &Tree, script: &str) -> Result<String> {
    let html = text(www, "index.html")?;
    let style = STYLES.map(|file| text(www, file)).into_iter().collect::<Result<String>>()?;
    let samples = samples(www)?;
    ensure!(!style.contains("</style"), "www/style.css would end its element");
    // In a string or a pattern, the only places where the bundler leaves it, the escape is the same character.
    let script = &script.replace("<!--", "\\x3C!--");
    ensure!(!script.contains("</script"), "the page's script would end its element");
    let icon = BASE64_STANDARD.encode(text(www, "icon.svg")?);
    let policy = format!(
        "default-src 'none'; script-src {} 'wasm-unsafe-eval'; style-src {}; img-src data:; connect-src 'none'; \
         base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'",
        hash(script),
        hash(&style),
    );
    let (before, rest) =
        html.split_once("Content-Security-Policy\" content=\"").context("no policy in index.html")?;
    let (_, after) = rest.split_once('"').context("no end of the policy in index.html")?;
    let html = format!("{before}Content-Security-Policy\" content=\"{policy}\"{after}");
    let html = replace(&html, ICON, &format!("data:image/svg+xml;base64,{icon}\" type="))?;
    let link = |file: &str| format!("  <link rel=\"stylesheet\" href=\"{file}\">\n");
    let html = replace(&html, &STYLES.map(link).concat(), &format!("  <style>{style}</style>\n"))?;
    let html = replace(&html, PRELOAD, "")?;
    let all = format!(
        "<script type=\"application/json\" id=\"samples-inside\">{samples}</script>\n  \
         <script type=\"module\">{script}</script>"
    );
    replace(&html, SCRIPT, &all)
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
