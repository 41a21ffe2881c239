//! Who may know whom: modules import only what stands to their left in ARCHITECTURE.md.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

/// From left to right; an arrow may skip, never turn back. `error` carries a fault for JavaScript, its one exception.
const ORDER: [&str; 12] = [
    "text", "error", "model", "wire", "field", "schema", "request", "retry", "watch", "sign", "proxy", "wasm",
];
const EXCEPTIONS: [(&str, &str); 1] = [("error", "Fault")];
/// `wire` builds trees and knows no task; who signs knows nothing of waiting.
const STRANGERS: [(&str, &str); 3] = [("wire", "model"), ("sign", "watch"), ("proxy", "watch")];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The top module a file belongs to.
fn module_of(file: &Path) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let first = file.strip_prefix(root).unwrap().components().next().unwrap();
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The names behind `crate::`, also those in braces.
fn imports(text: &str) -> Vec<String> {
    let code: String =
        text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut names = Vec::new();
    for after in code.split("crate::").skip(1) {
        let group = match after.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap().split(',').map(str::to_owned).collect(),
            None => vec![after.to_owned()],
        };
        for name in group {
            let name: String = name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !name.is_empty() {
                names.push(name);
            }
        }
    }
    names
}

/// Names that lib.rs lifts to the root, with the module they come from.
fn home_of(name: &str, lib: &str) -> Option<String> {
    if ORDER.contains(&name) {
        return Some(name.to_owned());
    }
    let lifted = lib.split("pub use ").skip(1).map(|line| line.split(';').next().unwrap());
    let home =
        lifted.filter(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name));
    home.map(|line| line.split("::").next().unwrap().to_owned()).next()
}

#[test]
fn modules_import_only_what_stands_to_their_left() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let lib = fs::read_to_string(root.join("lib.rs")).unwrap();
    let place = |module: &str| ORDER.iter().position(|known| *known == module);
    let mut arrows = 0;
    for file in sources(&root) {
        let module = module_of(&file);
        if module == "lib" {
            continue;
        }
        let here = place(&module).unwrap_or_else(|| panic!("`{module}` has no place in the order {ORDER:?}"));
        for name in imports(&fs::read_to_string(&file).unwrap()) {
            let home = home_of(&name, &lib)
                .unwrap_or_else(|| panic!("{}: `crate::{name}` is nobody's", file.display()));
            arrows += 1;
            let allowed = EXCEPTIONS.contains(&(module.as_str(), name.as_str()));
            let there = place(&home).unwrap();
            let stranger = STRANGERS.contains(&(module.as_str(), home.as_str()));
            assert!(
                allowed || (there <= here && !stranger),
                "{}: `{module}` must not know `{home}` (`crate::{name}`); the arrows go {}",
                file.display(),
                ORDER.join(" ← "),
            );
        }
    }
    assert!(arrows > 20, "only {arrows} arrows were found");
}

#[test]
fn the_core_has_no_clock_no_socket_no_randomness_and_no_output() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in sources(&root) {
        let text = fs::read_to_string(&file).unwrap();
        for word in [
            "std::time",
            "std::net",
            "std::fs",
            "std::env",
            "std::thread",
            "println!",
            "eprintln!",
            "static mut",
        ] {
            assert!(
                !text.contains(word),
                "{}: `{word}` is an argument's business, not the core's",
                file.display()
            );
        }
    }
}
