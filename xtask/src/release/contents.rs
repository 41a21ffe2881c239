//! What may be in the packages: here and nowhere else. Compared both ways with what is.

use super::report::{Verdict, judged};
use crate::{files::Tree, paths};
use anyhow::{Context, Result};
use std::{env, path::PathBuf};

/// Every file of the npm package.
pub(super) const NPM: &[&str] = &[
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "custom-elements.json",
    "dist/api.js",
    "dist/core.packed.js",
    "dist/core.wasm",
    "dist/deno.js",
    "dist/edge.js",
    "dist/element.d.ts",
    "dist/element.js",
    "dist/index.d.cts",
    "dist/index.d.ts",
    "dist/inline.js",
    "dist/node.cjs",
    "dist/node.js",
    "dist/proxy.d.cts",
    "dist/proxy.d.ts",
    "dist/proxy.deno.js",
    "dist/proxy.edge.js",
    "dist/proxy.inline.js",
    "dist/proxy.js",
    "dist/proxy.node.cjs",
    "dist/proxy.node.js",
    "dist/proxy.packed.js",
    "dist/proxy.wasm",
    "dist/proxy.workerd.js",
    "dist/slim.d.ts",
    "dist/slim.js",
    "dist/url.d.ts",
    "dist/url.js",
    "dist/wasm.d.ts",
    "dist/workerd.js",
    "package.json",
];

/// The crate, besides the Rust files below `src/`: what cargo adds, what a reader wants, what the sources include.
const CRATE: &[&str] = &[
    ".cargo_vcs_info.json",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "Cargo.toml.orig",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "src/wasm/given.js",
    "src/wasm/tape.js",
    "src/watch/estimate/report.txt",
];

/// In both packages, as they are at the root.
pub(super) const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// The npm package as it is on its user's disk: less than this many bytes.
const MOST_INSTALLED: u64 = 1 << 20;

/// `found` against the list of the npm package.
pub(super) fn npm(found: &[&str]) -> Verdict {
    compare(NPM, found)
}

/// `found` against the list of the crate, and every module's file.
pub(super) fn of_crate(found: &[&str]) -> Verdict {
    let is_source = |path: &&str| path.starts_with("src/") && path.ends_with(".rs");
    let (sources, others): (Vec<_>, Vec<_>) = found.iter().copied().partition(is_source);
    match compare(CRATE, &others) {
        Verdict::Good(_) => {
            judged(&[], format!("{} files as listed, and {} Rust files", others.len(), sources.len()))
        }
        other => other,
    }
}

fn compare(allowed: &[&str], found: &[&str]) -> Verdict {
    const WHERE: &str = "xtask/src/release/contents.rs";
    let missing =
        allowed.iter().filter(|name| !found.contains(name)).map(|name| format!("`{name}` is missing"));
    let more = found.iter().filter(|name| !allowed.contains(name));
    let more =
        more.map(|name| format!("`{name}` is not in the list ({WHERE}): leave it out, or add it there"));
    judged(&missing.chain(more).collect::<Vec<_>>(), format!("{} files, as listed", found.len()))
}

pub(super) fn installed(bytes: u64) -> Verdict {
    let shown = crate::report::thousands;
    let to_do = (bytes >= MOST_INSTALLED)
        .then(|| format!("{} bytes installed: get it below {}", shown(bytes), shown(MOST_INSTALLED)));
    judged(to_do.as_slice(), format!("{} bytes installed, below {}", shown(bytes), shown(MOST_INSTALLED)))
}

/// Are both licences in each of the packages, as they are at the root?
pub(super) fn licences(root: &Tree, packages: [(&str, &Tree); 2]) -> Verdict {
    let mut to_do = Vec::new();
    for (package, tree) in packages {
        for name in LICENCES.map(PathBuf::from) {
            if tree.get(&name).is_none_or(|bytes| root.get(&name) != Some(bytes)) {
                to_do.push(format!("{package} lacks {}, as it is at the root", name.display()));
            }
        }
    }
    judged(&to_do, "both in each package")
}

/// Does any file tell a place of the machine it was made on?
pub(super) fn machine_paths(packages: [(&str, &Tree); 2], places: &[String]) -> Verdict {
    let mut to_do = Vec::new();
    for (package, tree) in packages {
        for (path, bytes) in tree {
            let tells = |place: &&String| {
                let place = place.as_bytes();
                bytes.windows(place.len()).any(|window| window == place)
            };
            if let Some(place) = places.iter().find(tells) {
                to_do.push(format!("{package}: {} holds `{place}`; see what writes it", path.display()));
            }
        }
    }
    judged(&to_do, "none in either package")
}

/// Places that no package may tell: those of this machine, and where machines keep people's folders.
pub(super) fn places() -> Result<Vec<String>> {
    let mut places: Vec<String> =
        ["/home/", "/root/", "/Users/", "\\Users\\", "/.cargo/"].map(str::to_owned).into();
    let here = [Some(paths::root()), env::home_dir(), env::var_os("CARGO_HOME").map(PathBuf::from)];
    for place in here.into_iter().flatten() {
        let place = place.to_str().context("a path of this machine is not UTF-8")?;
        // The root of a container is in every text.
        if place.len() > 1 {
            places.push(place.to_owned());
        }
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::report::{Good, Not};

    fn tree(files: &[(&str, &str)]) -> Tree {
        files.iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn a_file_too_few_and_one_too_many_are_both_named() {
        let said = compare(&["a", "b"], &["b", "c"]);
        let start = "`a` is missing\n`c` is not in the list (";
        assert!(matches!(&said, Not(said) if said.starts_with(start)), "{said:?}");
        assert_eq!(compare(&["a", "b"], &["b", "a"]), Good("2 files, as listed".to_owned()));
    }

    #[test]
    fn the_crate_may_hold_any_rust_file_of_src_and_no_other() {
        let mut files = CRATE.to_vec();
        files.extend(["src/lib.rs", "src/model/time.rs"]);
        assert!(matches!(of_crate(&files), Good(_)));
        for odd in ["tests/watch.rs", "src/notes.md"] {
            let with: Vec<_> = files.iter().copied().chain([odd]).collect();
            assert!(
                matches!(of_crate(&with), Not(said) if said.starts_with(&format!("`{odd}` is not"))),
                "{odd}"
            );
        }
    }

    #[test]
    fn a_mebibyte_is_too_much() {
        assert!(matches!(installed(1_048_575), Good(_)));
        assert!(matches!(installed(1_048_576), Not(_)));
    }

    #[test]
    fn a_licence_must_be_there_word_for_word() {
        let root = tree(&[("LICENSE-APACHE", "a"), ("LICENSE-MIT", "m")]);
        assert!(matches!(licences(&root, [("npm", &root), ("crate", &root)]), Good(_)));
        let other = tree(&[("LICENSE-APACHE", "a"), ("LICENSE-MIT", "other")]);
        let said = licences(&root, [("npm", &root), ("crate", &other)]);
        assert_eq!(said, Not("crate lacks LICENSE-MIT, as it is at the root".to_owned()));
    }

    #[test]
    fn a_place_is_found_in_the_middle_of_a_binary() {
        let (clean, odd) = (tree(&[("a", "x")]), tree(&[("core.wasm", "\0\u{1}/home/somebody/src\0")]));
        let places = ["/home/".to_owned()];
        assert!(matches!(machine_paths([("npm", &clean), ("crate", &clean)], &places), Good(_)));
        let said = machine_paths([("npm", &odd), ("crate", &clean)], &places);
        assert_eq!(said, Not("npm: core.wasm holds `/home/`; see what writes it".to_owned()));
    }
}
