//! Walks `tests/corpus`.

#![allow(dead_code)]

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use tasklens::{Format, Operation, ParseOptions};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<_> = fs::read_dir(path)
        .expect("the corpus is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

/// Every `<group>/<name>` folder.
pub fn cases() -> Vec<PathBuf> {
    folders(&root()).iter().flat_map(|group| folders(group)).collect()
}

/// The bodies of all cases.
pub fn bodies() -> Vec<Vec<u8>> {
    let files =
        cases().into_iter().flat_map(|case| ["response.json", "response.xml"].map(|file| case.join(file)));
    files.filter_map(|file| fs::read(file).ok()).collect()
}

/// `options.json`, in the words of the contract.
pub fn options(case: &Path) -> ParseOptions {
    let mut options = ParseOptions::default();
    let Ok(text) = fs::read(case.join("options.json")) else { return options };
    let given: Value = serde_json::from_slice(&text).expect("options.json is JSON");
    for (name, value) in given.as_object().expect("options.json is an object") {
        let number = || usize::try_from(value.as_u64().expect("a number")).expect("small");
        match name.as_str() {
            "httpStatus" => options.http_status = u16::try_from(number()).ok(),
            "maxBytes" => options.limits.bytes = number(),
            "maxDepth" => options.limits.depth = number(),
            "operation" => options.operation = Operation::from_name(value.as_str().expect("a name")),
            "format" => options.format = Some(if value == "xml" { Format::Xml } else { Format::Json }),
            "slice" => {
                options.slice =
                    Some(value[0].as_u64().expect("from") as usize..value[1].as_u64().expect("to") as usize)
            }
            other => panic!("options.json has no `{other}`"),
        }
    }
    options
}

/// As JavaScript has it: 1.0 is 1.
pub fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => {
                (float as i64).into()
            }
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, plain(value))).collect(),
        other => other,
    }
}

/// The first places at which two values differ.
pub fn difference(expected: &Value, found: &Value) -> String {
    let mut differences = Vec::new();
    compare("$", expected, found, &mut differences);
    differences.truncate(6);
    differences.join("; ")
}

fn compare(path: &str, expected: &Value, found: &Value, differences: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(a), Value::Object(b)) => {
            for name in a.keys().chain(b.keys().filter(|name| !a.contains_key(*name))) {
                let side = |object: &serde_json::Map<String, Value>| {
                    object.get(name).cloned().unwrap_or("(absent)".into())
                };
                compare(&format!("{path}.{name}"), &side(a), &side(b), differences);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                compare(&format!("{path}[{index}]"), a, b, differences);
            }
        }
        _ if expected != found => differences.push(format!("{path}: expected {expected}, found {found}")),
        _ => {}
    }
}
