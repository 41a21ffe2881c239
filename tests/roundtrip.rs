//! Random tasks, written as JSON and as XML, read back the same, and as written.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

use proptest::prelude::*;
use serde_json::{Value, json};
use tasklens::{ParseOptions, parse};

/// What is written: the fields of an ECS task, before any format.
#[derive(Clone, Debug)]
struct Written {
    id: String,
    status: &'static str,
    action: &'static str,
    minute: Option<u32>,
    cancel: Option<bool>,
    percent: Option<u8>,
    counts: Option<(u32, u32, u32)>,
    parts: Vec<Part>,
    resource: Option<String>,
    unknown: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
struct Part {
    status: &'static str,
    code: String,
    message: String,
    related: Vec<(String, String)>,
}

/// Any text XML can hold: with markup, line feeds, CJK, emoji, and white space at the ends.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        6 => prop::char::range('a', 'z'),
        3 => prop::sample::select(vec!['<', '>', '&', '"', '\'', ']', '\\', '/', ' ', '\n', '\t', '{', '，', '镜', '😀', 'é', '\u{7f}']),
        1 => any::<char>().prop_filter("XML has a character for it", |c| {
            matches!(c, '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
        }),
    ];
    prop::collection::vec(character, 0..24).prop_map(String::from_iter)
}

fn id() -> impl Strategy<Value = String> {
    "t-[a-z0-9*]{1,20}"
}

fn part() -> impl Strategy<Value = Part> {
    let status = prop::sample::select(vec!["Processing", "Success", "Failed", "Queueing"]);
    (status, "[A-Za-z.]{0,12}", text(), prop::collection::vec((text(), text()), 0..3))
        .prop_map(|(status, code, message, related)| Part { status, code, message, related })
}

fn task() -> impl Strategy<Value = Written> {
    let statuses = vec![
        "Finished",
        "Processing",
        "Failed",
        "Waiting",
        "Pending",
        "Paused",
        "Deleted",
        "Cancelled",
        "Verifying",
    ];
    let figures = (
        prop::option::of(0..26_000_000u32),
        any::<Option<bool>>(),
        prop::option::of(0..=100u8),
        prop::option::of((0..50u32, 0..50u32, 0..50u32)),
    );
    let names = prop::sample::select(vec!["ImportImage", "ExportImage", "CopyImage"]);
    (
        id(),
        prop::sample::select(statuses),
        names,
        figures,
        prop::collection::vec(part(), 0..4),
        prop::option::of(id()),
        prop::collection::btree_map("X[a-z]{1,8}", text(), 0..3),
    )
        .prop_map(|(id, status, action, (minute, cancel, percent, counts), parts, resource, unknown)| {
            Written {
                id,
                status,
                action,
                minute,
                cancel,
                percent,
                counts,
                parts,
                resource,
                unknown: unknown.into_iter().collect(),
            }
        })
}

/// `yyyy-MM-ddTHH:mmZ`, by walking the calendar: another way than the reader's.
fn minute_text(minute: u32) -> String {
    let (mut days, rest) = (minute / 1440, minute % 1440);
    let (mut year, mut month) = (1970, 1);
    let leap = |year: u32| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    loop {
        let length = match month {
            2 => 28 + u32::from(leap(year)),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        if days < length {
            return format!("{year:04}-{month:02}-{:02}T{:02}:{:02}Z", days + 1, rest / 60, rest % 60);
        }
        days -= length;
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
}

impl Written {
    fn to_json(&self, compact: bool) -> String {
        let mut task = json!({
            "RequestId": "4BE2C7FE", "TaskId": self.id, "TaskStatus": self.status, "TaskAction": self.action,
        });
        let mut set = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                task[name] = value;
            }
        };
        set("CreationTime", self.minute.map(|minute| minute_text(minute).into()));
        set("SupportCancel", self.cancel.map(Value::from));
        set("TaskProcess", self.percent.map(|percent| format!("{percent}%").into()));
        set("TotalCount", self.counts.map(|counts| counts.0.into()));
        set("SuccessCount", self.counts.map(|counts| counts.1.into()));
        set("FailedCount", self.counts.map(|counts| counts.2.into()));
        set("ResourceId", self.resource.clone().map(Value::from));
        let parts = self.parts.iter().map(|part| {
            let related = part.related.iter().map(|(name, value)| json!({ "Name": name, "Value": value }));
            json!({
                "OperationStatus": part.status, "ErrorCode": part.code, "ErrorMsg": part.message,
                "RelatedItemSet": { "RelatedItem": related.collect::<Vec<_>>() },
            })
        });
        set("OperationProgressSet", Some(json!({ "OperationProgress": parts.collect::<Vec<_>>() })));
        for (name, value) in &self.unknown {
            set(name, Some(value.as_str().into()));
        }
        let write = if compact { serde_json::to_string } else { serde_json::to_string_pretty };
        write(&task).unwrap()
    }

    fn to_xml(&self, compact: bool) -> String {
        let mut xml = Xml {
            text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned(),
            indent: if compact { "" } else { "\n  " },
        };
        xml.element("DescribeTaskAttributeResponse", |xml| {
            xml.leaf("RequestId", "4BE2C7FE");
            xml.leaf("TaskId", &self.id);
            xml.leaf("TaskStatus", self.status);
            xml.leaf("TaskAction", self.action);
            let mut set = |name: &str, value: Option<String>| {
                if let Some(value) = value {
                    xml.leaf(name, &value);
                }
            };
            set("CreationTime", self.minute.map(minute_text));
            set("SupportCancel", self.cancel.map(|cancel| cancel.to_string()));
            set("TaskProcess", self.percent.map(|percent| format!("{percent}%")));
            set("TotalCount", self.counts.map(|counts| counts.0.to_string()));
            set("SuccessCount", self.counts.map(|counts| counts.1.to_string()));
            set("FailedCount", self.counts.map(|counts| counts.2.to_string()));
            set("ResourceId", self.resource.clone());
            xml.element("OperationProgressSet", |xml| {
                for part in &self.parts {
                    xml.element("OperationProgress", |xml| {
                        xml.leaf("OperationStatus", part.status);
                        xml.leaf("ErrorCode", &part.code);
                        xml.leaf("ErrorMsg", &part.message);
                        xml.element("RelatedItemSet", |xml| {
                            for (name, value) in &part.related {
                                xml.element("RelatedItem", |xml| {
                                    xml.leaf("Name", name);
                                    xml.leaf("Value", value);
                                });
                            }
                        });
                    });
                }
            });
            for (name, value) in &self.unknown {
                xml.leaf(name, value);
            }
        });
        xml.text
    }

    /// What must be read, said without the reader's own words.
    fn expected(&self) -> Value {
        let or_null = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
        let parts = self.parts.iter().map(|part| {
            let nothing = part.code.is_empty() && part.message.is_empty();
            json!({
                "status": match part.status { "Success" => "succeeded", "Failed" => "failed", "Processing" => "running", _ => "unknown" },
                "rawStatus": part.status,
                "error": if nothing { Value::Null } else {
                    json!({ "code": or_null(&part.code), "message": part.message, "cause": null })
                },
                "related": part.related.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect::<Vec<_>>(),
            })
        });
        json!({
            "id": self.id,
            "rawStatus": self.status,
            "action": self.action,
            "createdAt": self.minute.map(|minute| u64::from(minute) * 60_000),
            "timePrecisionMs": 60_000,
            "counts": self.counts.map(|(total, succeeded, failed)| json!({ "total": total, "succeeded": succeeded, "failed": failed })),
            "subTasks": parts.collect::<Vec<_>>(),
            "resource": self.resource.as_ref().map(|id| json!({ "id": id, "type": null, "product": null, "paths": [] })),
            "extra": self.unknown.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect::<serde_json::Map<_, _>>(),
        })
    }
}

struct Xml {
    text: String,
    indent: &'static str,
}

impl Xml {
    fn element(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.text += &format!("<{name}>{}", self.indent);
        inside(self);
        self.text += &format!("</{name}>{}", if name.ends_with("Response") { "" } else { self.indent });
    }

    fn leaf(&mut self, name: &str, text: &str) {
        if text.is_empty() {
            self.text += &format!("<{name}/>{}", self.indent);
            return;
        }
        // Three ways to write the same text: a CDATA section, character references, the named entities.
        let written = match text.len() % 3 {
            0 if !text.contains("]]>") => format!("<![CDATA[{text}]]>"),
            1 => text
                .chars()
                .map(
                    |c| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("&#x{:x};", c as u32) },
                )
                .collect(),
            _ => text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
        };
        self.text += &format!("<{name}>{written}</{name}>{}", self.indent);
    }
}

fn read(body: &str) -> Value {
    let reply =
        parse(body.as_bytes(), &ParseOptions::default()).unwrap_or_else(|error| panic!("{error} in {body}"));
    let mut value = serde_json::to_value(&reply).unwrap();
    for finding in value["findings"].as_array_mut().unwrap() {
        *finding = json!([finding["code"], finding["path"]]);
    }
    value
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_task_reads_the_same_from_json_and_xml_and_as_written(task in task(), compact in any::<bool>()) {
        let mut json = read(&task.to_json(compact));
        let mut xml = read(&task.to_xml(compact));
        // serde_json writes members in the order of their names, so the findings come in another order.
        for reply in [&mut json, &mut xml] {
            reply["findings"].as_array_mut().unwrap().sort_by_key(Value::to_string);
        }
        prop_assert_eq!(&json, &xml);
        for (name, expected) in task.expected().as_object().unwrap() {
            prop_assert_eq!(&json["task"][name], expected, "{}", name);
        }
    }
}
