//! What the documents promise is there: the tests that `docs/waiting.md` names, the sections that the sources cite.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "mjs") {
            found.push(path);
        }
    }
}

#[test]
fn every_test_that_the_waiting_page_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut found, mut all) = (Vec::new(), String::new());
    for folder in ["src", "tests"] {
        files(&root.join(folder), &mut found);
    }
    found.iter().for_each(|file| all += &fs::read_to_string(file).unwrap());
    let page = fs::read_to_string(root.join("docs/waiting.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| ")).skip(1);
    let mut tests = 0;
    for row in rows {
        let cell = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let names: Vec<_> = cell.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "no test: {row}");
        for name in names {
            let is_there = all.contains(&format!("fn {name}()")) || all.contains(&format!("test(\"{name}\""));
            assert!(is_there, "`{name}` is no test");
            tests += 1;
        }
    }
    assert!(tests > 30, "only {tests} tests were found");
}

#[test]
fn every_section_that_a_source_cites_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    files(&root.join("src"), &mut found);
    let facts = fs::read_to_string(root.join("docs/api.md")).unwrap();
    let rules = fs::read_to_string(root.join("docs/rules.md")).unwrap();
    let has =
        |page: &str, title: &str| page.lines().any(|line| line.starts_with('#') && line.contains(title));
    let mut cited = 0;
    for file in found {
        let text = fs::read_to_string(&file).unwrap();
        for cite in text.split("api.md ").skip(1) {
            let cite = cite.trim_start_matches("sections ").trim_start_matches("section ");
            let section: String = cite.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
            let section = section.trim_end_matches('.');
            let wanted =
                if section.contains('.') { format!("### {section} ") } else { format!("## {section}. ") };
            assert!(has(&facts, &wanted), "{}: api.md {section}", file.display());
            cited += 1;
        }
        for cite in text.split("rules.md, \"").skip(1) {
            let title = cite.split('"').next().unwrap();
            assert!(has(&rules, title), "{}: rules.md {title}", file.display());
            cited += 1;
        }
    }
    assert!(cited > 20, "only {cited} were found");
}
