//! What somebody writes who wants the reader to fall over: depth, size, bombs, and inputs that punish quadratic work.
//!
//! No time is asserted: what is quadratic here would not end.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use tasklens::{Body, Error, ErrorCode, Limits, ParseOptions, Reply, parse};

const TASK: &str = r#""RequestId":"r","TaskId":"t-1","TaskStatus":"Processing""#;
const TASK_XML: &str = "<RequestId>r</RequestId><TaskId>t-1</TaskId><TaskStatus>Processing</TaskStatus>";
/// Close to the 8 MiB that are read by default.
const MUCH: usize = 7 << 20;

fn read(body: &str) -> Result<Reply<'_>, Error> {
    parse(body.as_bytes(), &ParseOptions::default())
}

fn refusal(body: &[u8]) -> (ErrorCode, String) {
    let error = parse(body, &ParseOptions::default()).expect_err("refused");
    (error.code(), error.to_string())
}

/// `piece(0) piece(1) …` up to about [`MUCH`] bytes.
fn many(mut piece: impl FnMut(usize) -> String) -> String {
    let mut text = String::with_capacity(MUCH + 64);
    let mut number = 0;
    while text.len() < MUCH {
        text += &piece(number);
        number += 1;
    }
    text
}

fn json(extra: &str) -> String {
    format!("{{{TASK}{extra}}}")
}

fn xml(extra: &str) -> String {
    format!("<DescribeTaskAttributeResponse>{TASK_XML}{extra}</DescribeTaskAttributeResponse>")
}

#[test]
fn depth_beyond_the_limit_is_a_limit_with_a_place_in_both_formats() {
    for body in ["[".repeat(100_000), "{\"a\":".repeat(100_000), "<a>".repeat(100_000)] {
        let (code, message) = refusal(body.as_bytes());
        assert_eq!(code, ErrorCode::Limit, "{message}");
        assert!(message.contains("deeper than 64") && message.contains("line 1, column "), "{message}");
    }
}

#[test]
fn the_same_depth_is_allowed_in_both_formats() {
    let nested = |depth: usize| format!(",\"X\":{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    let nested_xml = |depth: usize| format!("<X>{}1{}</X>", "<a>".repeat(depth), "</a>".repeat(depth));
    for (depth, good) in [(63, true), (64, false)] {
        assert_eq!(read(&json(&nested(depth))).is_ok(), good, "json {depth}");
        assert_eq!(read(&xml(&nested_xml(depth))).is_ok(), good, "xml {depth}");
    }
}

#[test]
fn the_deepest_allowed_nesting_is_read_written_and_dropped() {
    let options = ParseOptions {
        limits: Limits { depth: Limits::MAX_DEPTH, ..Limits::default() },
        ..ParseOptions::default()
    };
    let depth = Limits::MAX_DEPTH - 1;
    let body = json(&format!(",\"X\":{}1{}", "[".repeat(depth), "]".repeat(depth)));
    let reply = parse(body.as_bytes(), &options).unwrap();
    assert!(serde_json::to_string(&reply).unwrap().contains(&"[".repeat(depth)));
}

#[test]
fn a_depth_beyond_the_most_that_can_be_is_that() {
    let options =
        ParseOptions { limits: Limits { depth: usize::MAX, ..Limits::default() }, ..ParseOptions::default() };
    for body in ["[".repeat(1_000_000), "<a>".repeat(1_000_000)] {
        assert_eq!(parse(body.as_bytes(), &options).expect_err("refused").code(), ErrorCode::Limit);
    }
}

#[test]
fn a_body_over_the_limit_is_not_read() {
    let (code, message) = refusal(" ".repeat((8 << 20) + 1).as_bytes());
    assert_eq!(code, ErrorCode::Limit);
    assert_eq!(message, "reply is over 8388608 bytes; raise `maxBytes` to read it");
}

#[test]
fn entity_bombs_are_refused_with_their_doctype() {
    let bomb = "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]><lolz>&lol2;</lolz>";
    assert_eq!(
        refusal(bomb.as_bytes()),
        (ErrorCode::Syntax, "xml: a DOCTYPE is refused: no reply has one (line 1, column 1)".to_owned())
    );
    assert_eq!(refusal(b"<a>&lol;</a>").0, ErrorCode::Syntax);
}

#[test]
fn millions_of_unknown_fields_are_kept_and_reported() {
    for body in [json(&many(|n| format!(",\"f{n}\":{n}"))), xml(&many(|n| format!("<f{n}>{n}</f{n}>")))] {
        let reply = read(&body).unwrap();
        let Body::Task(task) = reply.body else { panic!("a task") };
        assert_eq!(task.extra.0.len(), reply.findings.len());
        assert!(reply.findings.len() > 200_000);
    }
}

#[test]
fn millions_of_members_in_one_unknown_field_are_kept() {
    let body = json(&format!(",\"X\":{{\"a\":0{}}}", many(|n| format!(",\"f{n}\":{n}"))));
    assert_eq!(read(&body).unwrap().findings.len(), 1);
    let body = xml(&format!("<X>{}</X>", many(|n| format!("<f{n}/>"))));
    assert_eq!(read(&body).unwrap().findings.len(), 1);
}

#[test]
fn millions_of_duplicates_are_reported_once_each() {
    let body = json(&many(|_| ",\"X\":1".to_owned()));
    assert!(read(&body).unwrap().findings.len() > 1_000_000);
    let body = xml(&many(|_| "<TaskProcess>1%</TaskProcess>".to_owned()));
    assert!(read(&body).unwrap().findings.len() > 200_000);
}

#[test]
fn a_long_list_in_which_every_task_departs_is_read() {
    let body = format!(
        "{{\"RequestId\":\"r\",\"TaskSet\":{{\"Task\":[{{{TASK}}}{}]}}}}",
        many(|n| format!(",{{\"TaskId\":\"t-{n}\",\"TaskStatus\":\"New\"}}"))
    );
    let reply = read(&body).unwrap();
    let last = reply.findings.last().unwrap();
    assert!(
        last.path.starts_with("$.TaskSet.Task[") && last.place.is_some_and(|place| place.column > 7_000_000),
        "{last:?}"
    );
}

#[test]
fn a_million_stray_texts_and_attributes_are_read() {
    let body = xml(&format!("<X>{}</X>", many(|_| "<a>x<b/></a>".to_owned())));
    assert!(read(&body).unwrap().findings.len() > 500_000);
    let body = format!("<R {}><RequestId>r</RequestId></R>", many(|n| format!("a{n}='' ")));
    assert!(matches!(read(&body).unwrap().body, Body::Accepted(_)));
}

#[test]
fn a_text_of_a_million_pieces_is_read() {
    for piece in ["]", ">", "\r", "\n", "，", "&lt;", "<!-- > -->", "<![CDATA[>]]>", "<?p > ?>"] {
        let body = xml(&format!("<X>{}</X>", many(|_| piece.to_owned())));
        assert!(matches!(read(&body).unwrap().body, Body::Task(_)), "{piece}");
    }
}

#[test]
fn a_million_lone_surrogates_and_huge_numbers_are_kept() {
    let body = json(&format!(",\"X\":[0{}]", many(|_| ",\"\\ud800\",1e999".to_owned())));
    let reply = read(&body).unwrap();
    assert!(reply.findings.len() > 800_000);
    let Body::Task(task) = reply.body else { panic!("a task") };
    let Some(tasklens::Value::List(items)) = task.extra.get("X") else { panic!("a list") };
    assert_eq!(
        items[1..3],
        [tasklens::Value::Text("\u{fffd}".into()), tasklens::Value::Text("1e999".into())]
    );
}

#[test]
fn many_plain_values_beside_a_request_id_are_accepted() {
    let body = format!("{{\"RequestId\":\"r\"{}}}", many(|n| format!(",\"f{n}\":0")));
    let reply = read(&body).unwrap();
    assert!(reply.findings.is_empty() && matches!(reply.body, Body::Accepted(_)));
}

#[test]
fn fields_inside_and_beside_data_are_all_kept() {
    let half = |letter: char| (0..200_000).map(|n| format!(",\"{letter}{n}\":0")).collect::<String>();
    let body =
        format!("{{\"Data\":{{\"TaskId\":\"t\",\"TaskStatus\":\"RUNNING\"{}}}{}}}", half('a'), half('b'));
    let Body::Task(task) = read(&body).unwrap().body else { panic!("a task") };
    assert_eq!(task.extra.0.len(), 400_000);
}
