//! A million damaged replies: whatever the bytes, an answer or an error with a place; no panic, no hang.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod support;

use serde::Deserialize;
use serde_json::{Map, Value};
use support::corpus;
use tasklens::{Body, ErrorCode, Finding, Format, Operation, ParseOptions, parse, summarize};

const DAMAGED: u64 = 1_000_000;
const THREADS: u64 = 2;

/// xorshift64*: the same replies in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % sides.max(1)
    }
}

/// What breaks parsers: structure, numbers, escapes, entities, odd characters, bytes that are no text.
const PIECES: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b",",
    b":",
    b"null",
    b"true",
    b"1e999",
    b"-0",
    b"\\",
    b"\\ud800",
    b"\\u0000",
    b"<",
    b">",
    b"</",
    b"/>",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"<?xml version='1.0'?>",
    b"<!DOCTYPE a>",
    b"&",
    b"&amp;",
    b"&#0;",
    b"&#x10FFFF;",
    b"&lol;",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    "，".as_bytes(),
    b"\0",
    b"\r\n",
    b"=",
    b"a='b'",
    b"<Task>",
    b"<TaskId>",
    b"{\"a\":1}",
    b"[[[[[[[[",
    b"100%",
    b"Code",
    b"Message",
    b"99999999999999999999",
];

fn damage(body: &mut Vec<u8>, others: &[Vec<u8>], dice: &mut Dice) {
    for _ in 0..=dice.roll(4) {
        let at = dice.roll(body.len() + 1);
        let to = (at + dice.roll(12)).min(body.len());
        match dice.roll(7) {
            0 if at < body.len() => body[at] ^= 1 << dice.roll(8),
            1 if at < body.len() => body[at] = dice.roll(256) as u8,
            2 => body.truncate(at),
            3 => drop(body.drain(at..to)),
            4 => drop(body.splice(at..to, PIECES[dice.roll(PIECES.len())].iter().copied())),
            5 => {
                let copy = body[at..to].to_vec();
                drop(body.splice(at..at, copy));
            }
            _ => {
                let other = &others[dice.roll(others.len())];
                let from = dice.roll(other.len() + 1);
                let piece = &other[from..(from + dice.roll(60)).min(other.len())];
                drop(body.splice(at..at, piece.iter().copied()));
            }
        }
    }
}

fn check(body: &[u8], options: &ParseOptions) {
    let described = || format!("{:?} with {options:?}", String::from_utf8_lossy(body));
    match parse(body, options) {
        Ok(reply) => {
            for finding in &reply.findings {
                assert!(
                    finding.path.starts_with('$') && finding.place.is_some(),
                    "{finding:?}: {}",
                    described()
                );
            }
        }
        Err(error) => {
            assert!(error.place().is_some(), "no place: {error}: {}", described());
            let known = matches!(
                error.code(),
                ErrorCode::Syntax | ErrorCode::Unrecognized | ErrorCode::Invalid | ErrorCode::Limit
            );
            assert!(known, "{error:?}");
        }
    }
    let _ = summarize(body, options);
}

fn options(dice: &mut Dice) -> ParseOptions {
    const OPERATIONS: [Operation; 3] =
        [Operation::EcsDescribeTasks, Operation::BdrcDescribeTask, Operation::CloudControlGetTask];
    ParseOptions {
        http_status: (dice.roll(8) == 0).then_some(500),
        operation: (dice.roll(8) == 0).then(|| OPERATIONS[dice.roll(3)]),
        slice: (dice.roll(8) == 0).then_some(1..2),
        ..ParseOptions::default()
    }
}

#[test]
fn a_million_damaged_replies_get_an_answer_or_an_error_with_a_place() {
    let bodies = corpus::bodies();
    assert!(bodies.len() > 500);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let bodies = &bodies;
            scope.spawn(move || {
                let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ (thread + 1));
                for _ in 0..DAMAGED / THREADS {
                    let mut body = bodies[dice.roll(bodies.len())].clone();
                    damage(&mut body, bodies, &mut dice);
                    check(&body, &options(&mut dice));
                }
            });
        }
    });
}

/// What serde_json says of a text that is no JSON, at the character it stopped at: the last one it took or looked at.
fn of_serde_json(text: &str) -> Option<String> {
    let mut json = serde_json::Deserializer::from_str(text);
    json.disable_recursion_limit();
    let error = Value::deserialize(&mut json).and_then(|_| json.end()).err()?;
    let words = error.to_string();
    let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
    let before_line: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let offset = if error.is_eof() { text.len() } else { (before_line + error.column()).saturating_sub(1) };
    // Inside a character it is told at the next one.
    let before = &text[..(offset..).find(|at| text.is_char_boundary(*at)).unwrap()];
    let (line, column) = (before.matches('\n').count(), before.rsplit('\n').next().unwrap().chars().count());
    Some(format!("json: {words} (line {}, column {})", line + 1, column + 1))
}

#[test]
fn what_is_no_json_is_told_in_the_words_and_at_the_place_of_serde_json() {
    let bodies: Vec<_> = corpus::bodies().into_iter().filter(|body| !body.starts_with(b"<")).collect();
    let (mut dice, mut told, mut read) = (Dice(0x9E37_79B9_7F4A_7C15), 0, 0);
    for _ in 0..DAMAGED / 4 {
        let mut body = bodies[dice.roll(bodies.len())].clone();
        damage(&mut body, &bodies, &mut dice);
        let Ok(text) = std::str::from_utf8(&body) else { continue };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let options = ParseOptions { format: Some(Format::Json), ..ParseOptions::default() };
        let ours = match parse(&body, &options) {
            Err(error) if error.code() == ErrorCode::Limit => continue,
            Err(error) if error.code() == ErrorCode::Syntax => Some(error.to_string()),
            _ => None,
        };
        match of_serde_json(text) {
            None => {
                assert_eq!(ours, None, "{text}");
                read += 1;
            }
            // RFC 8259 allows what it refuses here.
            Some(theirs) if theirs.contains("surrogate") || theirs.contains("hex escape") => {}
            Some(theirs) if theirs.contains("out of range") => {}
            Some(theirs) => {
                assert_eq!(ours.as_ref(), Some(&theirs), "{text}");
                told += 1;
            }
        }
    }
    assert!(told > 100_000 && read > 10_000, "{told} told, {read} read");
}

/// An element as quick-xml reads it.
#[derive(Default)]
struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
}

impl Element {
    /// As an unknown field is kept: a text, or the child elements by their names, those of one name as a list.
    fn kept(self) -> Value {
        if self.children.is_empty() {
            return self.text.into();
        }
        let mut members = Map::new();
        for child in self.children {
            let name = child.name.clone();
            let value = child.kept();
            match members.get_mut(&name) {
                None => drop(members.insert(name, value)),
                Some(Value::Array(list)) => list.push(value),
                Some(once) => *once = vec![once.take(), value].into(),
            }
        }
        members.into()
    }
}

/// What quick-xml finds in a document: its root, or nothing where it is not well-formed.
fn of_quick_xml(text: &str) -> Option<Element> {
    use quick_xml::{Reader, events::Event};
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut open = vec![Element::default()];
    let named = |name: &str| Element { name: name.to_owned(), ..Element::default() };
    let lines = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n");
    loop {
        let event = reader.read_event().ok()?;
        let last = open.last_mut()?;
        match event {
            Event::Start(start) => open.push(named(start.name().as_ref())),
            Event::Empty(start) => last.children.push(named(start.name().as_ref())),
            Event::End(_) => {
                let ended = open.pop()?;
                open.last_mut()?.children.push(ended);
            }
            Event::Text(text) => last.text += &lines(&text),
            Event::CData(text) => last.text += &lines(&text),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().ok()? {
                Some(c) => last.text.push(c),
                None => last.text += quick_xml::escape::resolve_predefined_entity(&reference)?,
            },
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::DocType(_) => return None,
            Event::Eof => break,
        }
    }
    let document = open.pop().filter(|_| open.is_empty())?;
    document.children.into_iter().next()
}

/// What quick-xml leaves to its user to check, in our words.
const UNCHECKED: [&str; 12] = [
    "expected a name",
    "attribute",
    "is not allowed",
    "is no reference",
    "expected `=`",
    "expected `;`",
    "XML declaration",
    "processing instruction",
    "expected `?>`",
    "second root",
    "outside of the root",
    "DOCTYPE",
];

/// An element with whatever may stand in one.
fn element(dice: &mut Dice, depth: usize) -> String {
    const NAMES: [&str; 6] = ["Task", "TaskId", "a", "_b-1.c", "ns:d", "é"];
    const TEXTS: [&str; 12] = [
        "",
        " ",
        "\n  ",
        "\r\n",
        "t-1",
        "1 > 0",
        "]] >",
        "a]b",
        "&lt;&#x955c;&#33;",
        "<![CDATA[ <&]] ]]>",
        "<!-- - -->",
        "，\u{feff}é😀",
    ];
    let name = NAMES[dice.roll(NAMES.len())];
    let mut text = format!("<{name}");
    text += ["", " ", "\n", " a='>' b = \"&amp;'\""][dice.roll(4)];
    if dice.roll(6) == 0 {
        return text + "/>";
    }
    text += ">";
    for _ in 0..dice.roll(4) {
        if depth > 0 && dice.roll(2) == 0 {
            text += &element(dice, depth - 1);
        } else {
            text += TEXTS[dice.roll(TEXTS.len())];
        }
    }
    text + "</" + name + [">", ">", " >"][dice.roll(3)]
}

#[test]
fn xml_is_read_as_quick_xml_reads_it_and_refused_where_it_refuses() {
    let bodies: Vec<_> = corpus::bodies().into_iter().filter(|body| body.starts_with(b"<")).collect();
    let (mut dice, mut told, mut read) = (Dice(0x9E37_79B9_7F4A_7C15), 0, 0);
    for number in 0..DAMAGED / 4 {
        let mut inner = match dice.roll(2) {
            0 => bodies[dice.roll(bodies.len())].clone(),
            _ => element(&mut dice, 4).into_bytes(),
        };
        if number % 8 != 0 {
            damage(&mut inner, &bodies, &mut dice);
        }
        let Ok(inner) = String::from_utf8(inner) else { continue };
        let inner = match inner.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
            Some((_, behind)) => behind,
            None => &inner,
        };
        let body = format!(
            "<R><RequestId>r</RequestId><TaskId>t</TaskId><TaskStatus>Processing</TaskStatus><X>{inner}</X></R>"
        );
        let theirs = of_quick_xml(&body);
        match parse(body.as_bytes(), &ParseOptions::default()) {
            Err(error) if error.code() == ErrorCode::Syntax => {
                let error = error.to_string();
                let unchecked = UNCHECKED.iter().any(|words| error.contains(words));
                assert!(theirs.is_none() || unchecked, "{error}: {body}");
                told += usize::from(theirs.is_none());
            }
            Err(error) => assert_eq!(error.code(), ErrorCode::Limit, "{error}: {body}"),
            Ok(reply) => {
                let root = theirs.unwrap_or_else(|| panic!("refused by quick-xml: {body}"));
                // The damage may have ended the field.
                if root.children.len() != 4 {
                    continue;
                }
                let Body::Task(task) = reply.body else { panic!("a task: {body}") };
                let theirs = root.children.into_iter().last().unwrap().kept();
                let ours = serde_json::to_value(task.extra.get("X")).unwrap();
                assert_eq!(ours, theirs, "{body}");
                read += 1;
            }
        }
    }
    assert!(told > 50_000 && read > 50_000, "{told} told, {read} read");
}

/// A task as lists have it, in both formats: the text around a lone one; that of a list, before, between and after; the task.
const LISTED: [([&str; 2], [&str; 3], &str); 2] = [
    (
        ["{", "}"],
        ["{\"TaskSet\":{\"Task\":[{", "},{", "}]}}"],
        r#""CreationTime":"2018-03-30T04:17Z","TaskStatus":"Processing","FinishedTime":"","SupportCancel":"true","TaskId":"t-bp1skdem87kelpokvdg7","TaskAction":"ModifyDiskSpec","ResourceId":"m-bp1mft29cx39ybl69tlx""#,
    ),
    (
        ["<DescribeTaskAttributeResponse>", "</DescribeTaskAttributeResponse>"],
        [
            "<DescribeTasksResponse><TaskSet><Task>",
            "</Task><Task>",
            "</Task></TaskSet></DescribeTasksResponse>",
        ],
        "<CreationTime>2018-03-30T04:17Z</CreationTime><TaskStatus>Finished</TaskStatus><FinishedTime>2018-05-25T21:14:03Z</FinishedTime><SupportCancel>false</SupportCancel><TaskId>t-bp1skdem87kelpokvdg7</TaskId><TaskAction>IMPORT_IMAGE</TaskAction><RegionId>cn-hangzhou</RegionId>",
    ),
];

/// What breaks a plain task without breaking the text around it.
const FIELDS: [(&str, &str); 14] = [
    ("Processing", "Sleeping"),
    ("Finished", " Finished "),
    ("true", "True"),
    ("\"true\"", "true"),
    ("\"true\"", "\"false\""),
    ("false", "no"),
    ("04:17Z", "04:17:09.5+08:00"),
    ("2018-03-30T04:17Z", "0"),
    ("2018-03", "2018-13"),
    ("t-bp1", "\\u0074-\\ud800"),
    ("TaskAction", "TaskProcess"),
    ("ResourceId", "TaskId"),
    ("TaskAction", "TaskId"),
    ("RegionId", "Unknown"),
];

#[test]
fn a_task_is_read_alike_in_a_list_and_by_itself() {
    let options =
        ParseOptions { operation: Some(Operation::EcsDescribeTaskAttribute), ..ParseOptions::default() };
    let (mut dice, mut read) = (Dice(0x9E37_79B9_7F4A_7C15), 0);
    for _ in 0..DAMAGED / 10 {
        let (alone, listed, task) = LISTED[dice.roll(2)];
        let mut body = task.as_bytes().to_vec();
        if dice.roll(2) == 0 {
            let (from, to) = FIELDS[dice.roll(FIELDS.len())];
            body = task.replace(from, to).into_bytes();
        } else if dice.roll(8) > 0 {
            damage(&mut body, &[task.as_bytes().to_vec()], &mut dice);
        }
        let [before, between, after] = listed;
        let listed = [before.as_bytes(), task.as_bytes(), between.as_bytes(), &body, between.as_bytes()];
        let listed = [&listed.concat(), task.as_bytes(), after.as_bytes()].concat();
        let alone = [alone[0].as_bytes(), &body, alone[1].as_bytes()].concat();
        let described = || String::from_utf8_lossy(&listed).into_owned();
        let Ok(one) = parse(&alone, &options) else { continue };
        let Body::Task(task) = one.body else { continue };
        let all = parse(&listed, &ParseOptions::default())
            .unwrap_or_else(|error| panic!("{error}: {}", described()));
        let Body::Tasks(list) = all.body else { panic!("no list: {}", described()) };
        let [first, between, last] = &list.tasks[..] else { continue };
        assert_eq!((between, first), (&*task, last), "{}", described());
        let codes = |findings: &[Finding]| findings.iter().map(|finding| finding.code).collect::<Vec<_>>();
        assert_eq!(codes(&all.findings), codes(&one.findings), "{}", described());
        assert_eq!(summarize(&listed, &ParseOptions::default()).unwrap(), list.summary);
        read += 1;
    }
    assert!(read > 20_000, "{read} read");
}
