//! Every case under `tests/corpus`: a reply, published or synthetic, and the result it must have.
//!
//! A case is a folder `<group>/<name>/` with `response.json` and/or `response.xml` (both must read alike), `expected.json`
//! or `expected.error.json`, `origin.md`, and perhaps `options.json`. The folders are walked, so no list can drift, and a
//! folder with a piece missing fails. `UPDATE_EXPECTED=1` writes what was read over what was expected, for review.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod support;

use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use support::corpus;
use tasklens::{Error, Reply};

/// The reply as the contract writes it; of a finding what does not differ between the formats.
fn written(read: &Result<Reply<'_>, Error>) -> Value {
    match read {
        Ok(reply) => {
            let mut value = corpus::plain(serde_json::to_value(reply).unwrap());
            for finding in value["findings"].as_array_mut().unwrap() {
                assert!(
                    finding["line"].is_u64() && finding["column"].is_u64(),
                    "a finding has a place: {finding}"
                );
                *finding = json!({ "code": finding["code"], "path": finding["path"] });
            }
            value
        }
        Err(error) => {
            let mut value = json!({ "code": error.code().as_str() });
            if let Some(path) = error.field_path() {
                value["path"] = path.into();
            }
            if let Some(place) = error.place() {
                value["line"] = place.line.into();
                value["column"] = place.column.into();
            }
            value
        }
    }
}

/// Only what the expected error names is compared: where a place differs between the formats, a case leaves it out.
fn same(expected: &Value, read: &Value, is_error: bool) -> bool {
    match is_error {
        true => expected.as_object().unwrap().iter().all(|(name, value)| read.get(name) == Some(value)),
        false => expected == read,
    }
}

fn run(case: &Path, failures: &mut Vec<String>) {
    let name = case.strip_prefix(corpus::root()).unwrap().display().to_string();
    let files: Vec<PathBuf> = ["response.json", "response.xml"]
        .map(|file| case.join(file))
        .into_iter()
        .filter(|file| file.exists())
        .collect();
    let expected_file = case.join("expected.json");
    let error_file = case.join("expected.error.json");
    if files.is_empty() || expected_file.exists() == error_file.exists() || !case.join("origin.md").exists() {
        failures.push(format!(
            "{name}: needs a response, an origin.md and one of expected.json and expected.error.json"
        ));
        return;
    }
    let is_error = error_file.exists();
    let target = if is_error { &error_file } else { &expected_file };
    let expected: Value = serde_json::from_slice(&fs::read(target).unwrap()).unwrap();
    for file in files {
        let body = fs::read(&file).unwrap();
        let options = corpus::options(case);
        let result = tasklens::parse(&body, &options);
        let read = written(&result);
        if result.is_err() == is_error && same(&expected, &read, is_error) {
            continue;
        }
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            let target = if result.is_err() { &error_file } else { &expected_file };
            let _ = fs::remove_file(if result.is_err() { &expected_file } else { &error_file });
            fs::write(target, serde_json::to_string_pretty(&read).unwrap() + "\n").unwrap();
        }
        let words =
            result.as_ref().map_or_else(|error| error.to_string(), |_| corpus::difference(&expected, &read));
        failures.push(format!("{name}/{}: {words}", file.file_name().unwrap().to_string_lossy()));
    }
}

#[test]
fn every_case_reads_as_expected() {
    let cases = corpus::cases();
    assert!(cases.len() >= 100, "only {} cases were found", cases.len());
    let mut failures = Vec::new();
    for case in &cases {
        run(case, &mut failures);
    }
    assert!(failures.is_empty(), "{} of {} cases:\n{}", failures.len(), cases.len(), failures.join("\n"));
}
