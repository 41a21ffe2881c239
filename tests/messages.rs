//! Whole messages, as people read them: the place first, then what was expected and what was found.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use tasklens::{ParseOptions, parse};

fn error(body: &str) -> String {
    parse(body.as_bytes(), &ParseOptions::default()).expect_err("refused").to_string()
}

fn findings(body: &str) -> Vec<String> {
    let reply = parse(body.as_bytes(), &ParseOptions::default()).expect("read");
    reply.findings.into_iter().map(|finding| format!("{}: {}", finding.path, finding.message)).collect()
}

#[test]
fn errors_say_where_and_what() {
    for (body, message) in [
        ("", "json: EOF while parsing a value (line 1, column 1)"),
        ("{\"a\":1,}", "json: trailing comma (line 1, column 8)"),
        ("{\n  \"RequestId\": \"F7\"，\n}", "json: expected `,` or `}` (line 2, column 20)"),
        ("{\"a\": 'x'}", "json: expected value (line 1, column 7)"),
        ("<a><b></a>", "xml: expected `</b>`, found `</a>` (line 1, column 7)"),
        ("<a>", "xml: expected `</a>`, found the end of the text (line 1, column 4)"),
        ("<a x=1/>", "xml: expected a quoted attribute value (line 1, column 6)"),
        ("<a>&nbsp;</a>", "xml: `&nbsp;` is no reference (line 1, column 4)"),
        ("<a/><b/>", "xml: found a second root element (line 1, column 5)"),
        ("<a>\u{1}</a>", "xml: character U+0001 is not allowed (line 1, column 4)"),
        (
            "<?xml version='1.0' encoding='GBK'?><a/>",
            "xml: XML declaration: encoding `GBK` is not supported (line 1, column 31)",
        ),
        (
            "{\"items\":[],\"total\":0}",
            "`$`: expected a reply of ECS, BDRC or Cloud Control, found an object with `items`, `total` (line 1, column 1)",
        ),
        (
            "<html><body>hello</body></html>",
            "`$`: expected a reply of ECS, BDRC or Cloud Control, found <html> with `body` (line 1, column 1)",
        ),
        (
            "{\"TaskId\":\"t-1\",\"TaskStatus\":7}",
            "`$.TaskStatus`: expected a string, found 7 (line 1, column 30)",
        ),
        (
            "{\"Data\":{\"TaskStatus\":\"RUNNING\"}}",
            "`$.Data.TaskId`: expected a string, found no such field (line 1, column 9)",
        ),
        (
            "{\"TaskSet\":{\"Task\":[{\"TaskId\":\"\",\"TaskStatus\":\"x\"}]}}",
            "`$.TaskSet.Task[0].TaskId`: expected a string, found nothing (line 1, column 31)",
        ),
    ] {
        assert_eq!(error(body), message, "{body}");
    }
}

#[test]
fn findings_say_what_was_expected_and_found() {
    let body = r#"{"Data":{"TaskId":"t","TaskStatus":"STARTING","Progress":10001,"StartTime":"soon","ErrorMessage":"too many requests.",
      "TaskName":{"en":"x"},"Shard":3,"Shard":4},"RequestId":"r"}"#;
    assert_eq!(
        findings(body),
        [
            "$.Data.TaskStatus: `STARTING` is no documented status; kept as it is, and not terminal",
            "$.Data.Progress: expected 0 to 10000, found 10001",
            "$.Data.StartTime: expected Unix seconds, found `soon`",
            "$.Data.ErrorMessage: an error beside the status `STARTING`, which decides: `too many requests.`",
            "$.Data.TaskName: expected a string, found an object",
            "$.Data.Shard: the name comes more than once; the last value counts, not 3",
            "$.Data.Shard: no documentation names `Shard`; found 4",
        ]
    );
    let body = "<R><RequestId>r</RequestId>stray<TaskId>t</TaskId>\u{a0}</R>";
    assert_eq!(findings(body), ["$: text beside child elements belongs to no field: `stray`"]);
    let body = "<R>\u{a0}<RequestId>r</RequestId></R>";
    assert_eq!(findings(body), ["$: text beside child elements belongs to no field: U+00A0"]);
}
