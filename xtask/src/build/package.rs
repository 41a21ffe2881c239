//! `pkg/` and `target/site/`, put together from what is built and what is written by hand.

use super::{MODULES, entry, page};
use crate::{
    files::{self, Tree},
    paths, process,
    report::Step,
};
use anyhow::{Context, Result, bail, ensure};
use std::path::Path;

/// Beside the template's own files; from the root, so that they are written once.
const FROM_ROOT: [&str; 3] = ["LICENSE-MIT", "LICENSE-APACHE", "CHANGELOG.md"];

/// The types of each name that the package exports.
const TYPES: [&str; 2] = ["index", "proxy"];

/// Makes `pkg/`, with the page in one file.
pub(super) fn assemble(step: &Step, page: Vec<u8>) -> Result<()> {
    let root = paths::root();
    let mut pkg = Tree::new();
    let template = files::read_tree(&root.join("pkg-template"))?;
    for (path, bytes) in template {
        let name = path.to_str().context("a file name in pkg-template is not UTF-8")?;
        if name == "package.json" {
            let json = String::from_utf8(bytes).context("pkg-template/package.json is not UTF-8")?;
            pkg.insert(path, with_version(&json, &version()?)?.into_bytes());
        } else if name.ends_with(".d.ts") || name.ends_with(".d.cts") {
            pkg.insert(Path::new("dist").join(path), bytes);
        } else if !name.ends_with(".js") {
            pkg.insert(path, bytes);
        }
    }
    ensure!(pkg.contains_key(Path::new("package.json")), "pkg-template/package.json is missing");
    // `require` finds its types under a name of their own; they are the same.
    for name in TYPES {
        let (esm, cjs) = (format!("dist/{name}.d.ts"), format!("dist/{name}.d.cts"));
        let types =
            pkg.get(Path::new(&esm)).with_context(|| format!("pkg-template/{name}.d.ts is missing"))?;
        let types = types.clone();
        pkg.entry(cjs.into()).or_insert(types);
    }

    for (path, bytes) in files::read_tree(&entry::dist())? {
        pkg.insert(Path::new("dist").join(path), bytes);
    }
    for module in MODULES {
        let name = module.file();
        pkg.insert(Path::new("dist").join(&name), files::read(&module.dir().join(&name))?);
    }
    for name in FROM_ROOT {
        pkg.insert(name.into(), files::read(&root.join(name))?);
    }
    pkg.insert(page::ONE_FILE.into(), page);
    write(step, &paths::pkg(), &pkg)
}

/// Makes `target/site/`: the page, and the package as the page imports it, without what signs: a page has no use for it.
pub(super) fn assemble_site(step: &Step) -> Result<()> {
    let mut site = page::site()?;
    let signs = |path: &Path| path.starts_with("dist") && path.to_string_lossy().contains("proxy");
    let again = |path: &Path| path == Path::new(page::ONE_FILE);
    let pkg = files::read_tree(&paths::pkg())?;
    for (path, bytes) in pkg.into_iter().filter(|(path, _)| !signs(path) && !again(path)) {
        site.insert(Path::new("tasklens").join(path), bytes);
    }
    write(step, &paths::site(), &site)
}

fn write(step: &Step, dir: &Path, tree: &Tree) -> Result<()> {
    let changed = files::write_tree(dir, tree)?;
    if changed > 0 {
        step.doing(&format!("writing {changed} of {} files", tree.len()));
    }
    Ok(())
}

/// The crate's version, which is the package's.
pub(crate) fn version() -> Result<String> {
    let metadata =
        process::ask(process::cargo().args(["metadata", "--no-deps", "--offline", "--format-version", "1"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata).context("reading `cargo metadata`")?;
    let packages = metadata.get("packages").and_then(|packages| packages.as_array());
    let tasklens =
        packages.into_iter().flatten().find(|package| package.get("name").is_some_and(|n| n == "tasklens"));
    let version = tasklens.and_then(|package| package.get("version")?.as_str());
    Ok(version.context("`cargo metadata` tells no version of tasklens")?.to_owned())
}

/// Puts the version into a package.json, and leaves the rest as it is written: the order of `exports` has a meaning.
fn with_version(json: &str, version: &str) -> Result<String> {
    const KEY: &str = "\"version\":";
    let Some((before, after)) = json.split_once(KEY) else {
        bail!("pkg-template/package.json has no `version`; write any, it is replaced");
    };
    ensure!(!after.contains(KEY), "pkg-template/package.json has more than one `version`");
    let mut parts = after.splitn(3, '"');
    let (Some(space), Some(_), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        bail!("pkg-template/package.json: expected a string after `version`");
    };
    Ok(format!("{before}{KEY}{space}\"{version}\"{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_version_changes() -> Result<()> {
        let json = "{\n  \"name\": \"x\",\n  \"version\": \"0.0.0\",\n  \"b\": 1, \"a\": 2\n}\n";
        let want = "{\n  \"name\": \"x\",\n  \"version\": \"1.2.3\",\n  \"b\": 1, \"a\": 2\n}\n";
        assert_eq!(with_version(json, "1.2.3")?, want);
        Ok(())
    }

    #[test]
    fn a_template_without_one_version_is_refused() {
        for json in ["{}", "{\"version\": 1}", "{\"version\": \"1\", \"x\": {\"version\": \"2\"}}"] {
            assert!(with_version(json, "1.2.3").is_err(), "{json}");
        }
    }

    #[test]
    fn the_package_has_the_version_of_the_crate() -> Result<()> {
        let manifest = files::read_text(&paths::root().join("Cargo.toml"))?;
        assert!(manifest.contains(&format!("version = \"{}\"", version()?)));
        Ok(())
    }
}
