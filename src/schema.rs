//! Which reply it is, and reading it: one API's document → the common model.
//!
//! The decision is by the shape of the document, never by a header (rules.md, "Which reply is it"; api.md section 10).
//! Each API has its module with its field names, status words and units, each with its source.

mod bdrc;
mod cloud_control;
mod ecs;
mod fault;
mod started;

#[cfg(feature = "proxy")]
pub(crate) use fault::SIGNATURE_QUOTES;

use crate::error::{Error, ErrorCode, Place, quote};
use crate::field::{Object, Reading, same_in_any_case, trim_ascii, trimmed, word};
use crate::model::{
    Api, Body, Extra, Operation, Origin, Page, Precision, Progress, Reply, Status, Summary, Task, TaskList,
    Text, Timestamp, Value, read_time,
};
use crate::text::{append, cut, number, replace};
use crate::wire::{Document, Format, Kind, Limits, NodeId, same, text};
use std::ops::Range;

/// How to read a reply. The default recognizes everything from the text itself.
///
/// ```
/// use tasklens::{ErrorCode, Limits, Operation, ParseOptions, parse};
///
/// let options = ParseOptions {
///     operation: Some(Operation::CloudControlGetTask),
///     limits: Limits { bytes: 64 << 10, ..Limits::default() },
///     ..ParseOptions::default()
/// };
/// // Another API's task is not what was asked for.
/// let error = parse(br#"{"TaskId":"t-1","TaskStatus":"Finished"}"#, &options).unwrap_err();
/// assert_eq!(error.code(), ErrorCode::Invalid);
/// assert_eq!(error.field_path(), Some("$.task"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct ParseOptions {
    /// By default JSON or XML by the first character.
    pub format: Option<Format>,
    /// By default recognized from the shape. When given, a document of another shape is `invalid`; a fault is a fault.
    pub operation: Option<Operation>,
    /// The HTTP status of the reply: from 400 on, a body that cannot be read is a fault too.
    pub http_status: Option<u16>,
    /// How much the reply may cost; by default up to 8 MiB, 64 levels deep.
    pub limits: Limits,
    /// Build only these tasks of a list, by their index from 0; the others are checked and counted. By default all. What
    /// lies beyond the list's end is nothing.
    pub slice: Option<Range<usize>>,
}

/// Reads one reply, in JSON or XML. Texts of the result are borrowed from `body`.
///
/// A refusal by the API is no error: it is [`Body::Fault`]. With [`ParseOptions::http_status`] from 400 on, nothing is an
/// error: a body that cannot be read is a fault too, with a [finding](crate::Finding) that says where reading stopped.
///
/// ```
/// use tasklens::{Body, FaultKind, ParseOptions, Progress, parse};
///
/// let xml = b"<DescribeTaskAttributeResponse><TaskId>t-1</TaskId><TaskStatus>Finished</TaskStatus>
///     <TaskProcess>100%</TaskProcess></DescribeTaskAttributeResponse>";
/// let Body::Task(task) = parse(xml, &ParseOptions::default())?.body else { panic!("one task") };
/// assert!(task.terminal && task.progress.basis_points() == Some(Progress::WHOLE));
///
/// let page = ParseOptions { http_status: Some(502), ..ParseOptions::default() };
/// let Body::Fault(fault) = parse(b"<html>Bad Gateway", &page)?.body else { panic!("a fault") };
/// assert_eq!((fault.kind, fault.retryable), (FaultKind::Transient, true));
/// # Ok::<(), tasklens::Error>(())
/// ```
///
/// # Errors
/// `syntax` where it is not well-formed, `unrecognized` where it is no reply of these APIs, `invalid` where a required
/// field is missing or of the wrong kind, `limit` where it is too large or too deep.
pub fn parse<'s>(body: &'s [u8], options: &ParseOptions) -> Result<Reply<'s>, Error> {
    let mut tasks = Vec::new();
    let mut reply = parse_each(body, options, &mut |task, to_come| {
        tasks.reserve(to_come);
        tasks.push(task);
    })?;
    if let Body::Tasks(list) = &mut reply.body {
        list.tasks = tasks;
    }
    Ok(reply)
}

/// What takes the tasks of a list one by one, with how many are still to come, this one included.
pub(crate) type Sink<'f, 's> = &'f mut dyn FnMut(Task<'s>, usize);

/// As [`parse`], but the tasks of a list go to `sink` as they are read, not into the reply. After an error they are void.
pub(crate) fn parse_each<'s>(
    body: &'s [u8],
    options: &ParseOptions,
    sink: Sink<'_, 's>,
) -> Result<Reply<'s>, Error> {
    let Some(status @ 400..) = options.http_status else { return parse_readable(body, options, sink) };
    let (request_id, why) = match parse_readable(body, options, sink) {
        Ok(reply) if matches!(reply.body, Body::Fault(_) | Body::Task(_) | Body::Tasks(_)) => {
            return Ok(reply);
        }
        Ok(reply) => {
            let detail = "an HTTP error without a code and a message";
            (reply.request_id, Error::new(ErrorCode::Unrecognized, detail))
        }
        Err(error) => (None, error),
    };
    Ok(fault::unreadable(body, status, request_id, &why))
}

/// Counts the tasks of a reply without building them: one task is counted as a list of one, a reply without tasks as none.
///
/// ```
/// use tasklens::{Body, ParseOptions, Status, parse, summarize};
///
/// let body = br#"{"TaskSet":{"Task":[
///     {"TaskId":"t-1","TaskStatus":"Processing"},
///     {"TaskId":"t-2","TaskStatus":"Finished"}]},"TotalCount":2}"#;
/// let summary = summarize(body, &ParseOptions::default())?;
/// assert_eq!((summary.total, summary.count(Status::Running), summary.terminal()), (2, 1, 1));
///
/// // A slice builds some of the tasks, and counts all.
/// let second = ParseOptions { slice: Some(1..2), ..ParseOptions::default() };
/// let Body::Tasks(list) = parse(body, &second)?.body else { panic!("a list") };
/// assert_eq!((list.tasks.len(), list.offset, list.summary.total), (1, 1, 2));
/// assert_eq!(list.tasks[0].id, "t-2");
/// # Ok::<(), tasklens::Error>(())
/// ```
///
/// # Errors
/// As [`parse`], and `fault` where the reply is one.
pub fn summarize(body: &[u8], options: &ParseOptions) -> Result<Summary, Error> {
    let options = ParseOptions { slice: Some(0..0), ..options.clone() };
    match parse(body, &options)?.body {
        Body::Tasks(list) => Ok(list.summary),
        Body::Task(task) => {
            let mut summary = Summary::default();
            summary.add(task.status, task.progress);
            Ok(summary)
        }
        Body::Started(_) | Body::Accepted(_) => Ok(Summary::default()),
        Body::Fault(fault) => Err(Error::from_fault(fault.into_owned())),
    }
}

/// What an HTTP error means, for who must decide whether to try again; nothing else of the reply is read.
#[cfg(feature = "proxy")]
pub(crate) fn fault_kind(body: &[u8], http_status: u16) -> crate::model::FaultKind {
    let limits = Limits::default();
    let document = text(body, &limits).and_then(|text| Document::read(text, Format::of(text), &limits));
    fault::kind_of(document.ok().as_ref(), http_status)
}

fn parse_readable<'s>(
    body: &'s [u8],
    options: &ParseOptions,
    sink: Sink<'_, 's>,
) -> Result<Reply<'s>, Error> {
    let limits = options.limits.capped();
    let source = text(body, &limits)?;
    let format = options.format.unwrap_or_else(|| Format::of(source));
    let document = Document::read(source, format, &limits)?;
    let reading = Reading::new(&document, &limits);
    let root = Root::new(&document);
    // Not inlined: a browser compiles what is called, and that is one of these.
    let body = match root.shape(options.operation)? {
        Shape::EcsTasks => ecs::tasks(&reading, options.slice.as_ref(), sink),
        Shape::EcsTask => one_task(&reading, Api::Ecs, ecs::task_attribute),
        Shape::BdrcTasks => bdrc::tasks(&reading, options.slice.as_ref(), sink),
        Shape::BdrcTask => one_task(&reading, Api::Bdrc, bdrc::task),
        Shape::CloudControlTask => one_task(&reading, Api::CloudControl, cloud_control::task),
        Shape::Fault => Ok(fault::fault(&reading, options.http_status)),
        Shape::Started => started::started(&reading),
        Shape::Accepted => Ok(Body::Accepted(started::accepted(&reading))),
    }?;
    let request_id = root.request_id().and_then(|id| trimmed(&document, id));
    Ok(Reply { request_id, findings: reading.into_findings(), body })
}

/// Fills in a task from what the document says of it.
type Fill<'s> = fn(&Reading<'_, 's>, &mut Task<'s>) -> Result<(), Error>;

fn one_task<'s>(reading: &Reading<'_, 's>, api: Api, fill: Fill<'s>) -> Result<Body<'s>, Error> {
    let mut task = Box::new(bare_task(api));
    fill(reading, &mut task)?;
    Ok(Body::Task(task))
}

/// What a document is, by its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    EcsTasks,
    EcsTask,
    BdrcTasks,
    BdrcTask,
    CloudControlTask,
    Fault,
    Started,
    Accepted,
}

/// The top of a document.
struct Root<'d, 's>(&'d Document<'s>);

impl<'d, 's> Root<'d, 's> {
    fn new(document: &'d Document<'s>) -> Self {
        Self(document)
    }

    fn member(&self, name: &str) -> Option<NodeId> {
        self.0.member(self.0.root(), name)
    }

    #[inline(never)]
    fn has(&self, node: Option<NodeId>, name: &str) -> bool {
        node.is_some_and(|node| self.0.member(node, name).is_some())
    }

    /// A member of any of these names that holds something.
    fn filled(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.member(name).is_some_and(|node| !self.0.is_blank(node)))
    }

    fn shape(&self, operation: Option<Operation>) -> Result<Shape, Error> {
        match (self.seen(), operation) {
            (Some(seen), None) => Ok(seen),
            (None, None) => Err(self.unrecognized()),
            (seen, Some(operation)) => self.shape_of(operation, seen),
        }
    }

    /// The shape that the operation's reply must have.
    #[inline(never)]
    fn shape_of(&self, operation: Operation, seen: Option<Shape>) -> Result<Shape, Error> {
        // An object is what every reply is: without one there is no field to name.
        let object = matches!(self.0.kind(self.0.root()), Kind::Object | Kind::Leaf);
        Ok(match operation {
            _ if seen == Some(Shape::Fault) => Shape::Fault,
            _ if !object => return Err(self.unrecognized()),
            Operation::EcsDescribeTasks => Shape::EcsTasks,
            Operation::EcsDescribeTaskAttribute => Shape::EcsTask,
            Operation::BdrcDescribeTasks => Shape::BdrcTasks,
            Operation::BdrcDescribeTask => Shape::BdrcTask,
            Operation::CloudControlGetTask => Shape::CloudControlTask,
            Operation::EcsCancelTask | Operation::CloudControlCancelTask => {
                seen.filter(|shape| *shape == Shape::Accepted).ok_or_else(|| self.unrecognized())?
            }
        })
    }

    /// The table of rules.md, line by line: the first that fits.
    fn seen(&self) -> Option<Shape> {
        let document = self.0;
        let root_name = document.name(document.root());
        let has = |name| self.has(Some(document.root()), name);
        let in_data = |name| self.has(self.member("Data"), name);
        let is_object = |name| self.member(name).is_some_and(|node| document.kind(node) == Kind::Object);
        let is_fault = || fault::is_fault(document);
        // A gateway may put an error under the root of the operation (api.md section 4): the fields of a fault decide.
        let is_root = |name| root_name == name && !is_fault();
        if has("TaskSet") || is_root("DescribeTasksResponse") {
            Some(Shape::EcsTasks)
        } else if has("TaskStatus") || is_root("DescribeTaskAttributeResponse") {
            // A status without an id is a task too: one that lacks its id.
            Some(Shape::EcsTask)
        } else if in_data("Content") {
            Some(Shape::BdrcTasks)
        } else if in_data("TaskId") || in_data("TaskStatus") {
            Some(Shape::BdrcTask)
        } else if is_object("task") {
            Some(Shape::CloudControlTask)
        } else if is_fault() {
            Some(Shape::Fault)
        } else if self.filled(&started::IDS) || has(started::PARTS) {
            Some(Shape::Started)
        } else {
            self.is_accepted().then_some(Shape::Accepted)
        }
    }

    fn request_id(&self) -> Option<NodeId> {
        let id = started::REQUEST_IDS.iter().find_map(|name| self.member(name))?;
        matches!(self.0.kind(id), Kind::String | Kind::Leaf).then_some(id)
    }

    fn is_accepted(&self) -> bool {
        let plain = |node| !matches!(self.0.kind(node), Kind::Object | Kind::Array);
        self.request_id().is_some_and(|id| !self.0.is_blank(id)) && self.0.children(self.0.root()).all(plain)
    }

    #[cold]
    fn unrecognized(&self) -> Error {
        let document = self.0;
        let root = document.root();
        let found = match document.kind(root) {
            Kind::Object => {
                let mut names = String::new();
                for member in document.children(root).take(4) {
                    append(&mut names, ", ", &quote(document.name(member)));
                }
                match document.format() {
                    Format::Xml => format!("<{}> with {names}", document.name(root)),
                    Format::Json if names.is_empty() => "an empty object".to_owned(),
                    Format::Json => format!("an object with {names}"),
                }
            }
            _ => document.describe(root),
        };
        let detail = format!("expected a reply of ECS, BDRC or Cloud Control, found {found}");
        let place = Place::of(document.source(), document.at(root));
        Error::new(ErrorCode::Unrecognized, detail).path("$").at(place)
    }
}

/// A list under way: every task is counted, those of the slice go to the sink.
struct Counting<'f, 's> {
    sink: Sink<'f, 's>,
    wanted: Range<usize>,
    summary: Summary,
}

impl<'f, 's> Counting<'f, 's> {
    /// Of a list of so many tasks.
    fn new(count: usize, slice: Option<&Range<usize>>, sink: Sink<'f, 's>) -> Self {
        let wanted = slice.map_or(0..count, |slice| slice.start.min(count)..slice.end.min(count));
        Self { sink, wanted, summary: Summary::default() }
    }

    fn index(&self) -> usize {
        self.summary.total as usize
    }

    /// Is the next one of the slice? Of any other nothing needs to be built.
    fn wants_next(&self) -> bool {
        self.wanted.contains(&self.index())
    }

    fn count(&mut self, status: Status, progress: Progress) {
        self.summary.add(status, progress);
    }

    #[cfg_attr(target_arch = "wasm32", inline(never))]
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn add(&mut self, task: Task<'s>) {
        let (is_wanted, to_come) = (self.wants_next(), self.wanted.end.saturating_sub(self.index()));
        self.count(task.status, task.progress);
        if is_wanted {
            (self.sink)(task, to_come);
        }
    }

    /// The list, whose tasks are elsewhere.
    fn list(self, api: Api, page: Page<'s>) -> Body<'s> {
        let Self { wanted, summary, .. } = self;
        Body::Tasks(TaskList { api, tasks: Vec::new(), offset: wanted.start, summary, page })
    }
}

/// A status word with its common one.
type Words = [(&'static str, Status)];

/// The common word for the server's; an unknown one is reported.
fn status_of(object: &Object<'_, '_, '_>, field: &str, raw: &str, words: &Words) -> Status {
    if let Some((_, status)) = words.iter().find(|(word, _)| *word == raw) {
        return *status;
    }
    if let Some(node) = object.reading.document.member(object.node, field) {
        let message = format!("{} is no documented status; kept as it is, and not terminal", quote(raw));
        object.reading.report("unknown-status", node, message);
    }
    Status::Unknown
}

/// One spelling per action: that of the documented list, whatever its case and underscores.
fn respell(action: &mut Option<Text<'_>>, documented: &[&'static str]) {
    let Some(raw) = action else { return };
    if documented.iter().any(|known| same(known.as_bytes(), raw.as_bytes())) {
        return;
    }
    let letters = replace(raw, "_", "");
    if let Some(known) = documented.iter().find(|known| same_in_any_case(known, &letters)) {
        *raw = Text::Borrowed(known);
    }
}

/// The progress of a task that has no figure of its own.
fn unreported(status: Status) -> Progress {
    match status {
        Status::Succeeded => Progress::new(Progress::WHOLE, Origin::Status),
        _ => Progress::UNKNOWN,
    }
}

/// A task of which nothing is known yet: what every API fills in, in place, for a task is large.
#[cfg_attr(target_arch = "wasm32", inline(never))]
#[cfg_attr(not(target_arch = "wasm32"), inline(always))]
fn bare_task<'s>(api: Api) -> Task<'s> {
    Task {
        api,
        id: Text::default(),
        action: None,
        status: Status::Unknown,
        raw_status: Text::default(),
        terminal: false,
        progress: Progress::UNKNOWN,
        cancellable: None,
        created_at: None,
        started_at: None,
        finished_at: None,
        expires_at: None,
        time_precision_ms: 1000,
        counts: None,
        sub_tasks: Vec::new(),
        error: None,
        resource: None,
        region_id: None,
        name: None,
        description: None,
        priority: None,
        detail: Value::Null,
        result: Value::Null,
        extra: Extra::default(),
    }
}

impl Task<'_> {
    fn settle(&mut self, status: Status, progress: Progress) {
        (self.status, self.terminal, self.progress) = (status, status.is_terminal(), progress);
    }
}

/// Reads what every task must have, its id and its status.
///
/// # Errors
/// `invalid` where one is missing or of the wrong kind.
fn identify<'s>(
    object: &Object<'_, '_, 's>,
    task: &mut Task<'s>,
    id: &'static str,
    status: &'static str,
    words: &Words,
) -> Result<(), Error> {
    task.id = object.required(id)?;
    task.raw_status = object.required(status)?;
    task.status = status_of(object, status, &task.raw_status, words);
    Ok(())
}

/// Reports an error text beside a status that is no failure: samples show one beside Success, RUNNING and Succeeded.
fn report_error_without_failure(reading: &Reading<'_, '_>, node: NodeId, text: &str, raw_status: &str) {
    let message = format!("an error beside the status `{raw_status}`, which decides: {}", quote(text));
    reading.report("error-without-failure", node, message);
}

/// A decimal number in millionths, rounded down; its sign apart.
fn decimal(text: &str) -> Option<(bool, u64)> {
    let negated = text.strip_prefix('-');
    let text = trim_ascii(negated.unwrap_or(text));
    let (whole, part) = cut(text, b'.').unwrap_or((text, "0"));
    for digits in [whole, part] {
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
    }
    // What is too large for a number is far above any figure.
    let whole = number(whole).unwrap_or(u64::MAX).saturating_mul(1_000_000);
    let part = part.get(..6).unwrap_or(part);
    let millionths = (part.len()..6).fold(number(part)?, |number, _| number * 10);
    Some((negated.is_some(), whole.saturating_add(millionths)))
}

/// A figure with or without its unit, in millionths and cut to its range, 0 to `most`. Reported where it is none or was
/// outside, in the words for what is expected and for the range.
fn figure(
    object: &Object<'_, '_, '_>,
    name: &'static str,
    unit: &str,
    most: u64,
    (expected, range): &(&str, &str),
) -> Option<u64> {
    object.typed(name, expected, |node| {
        let text = object.number_text(node)?;
        let (negative, number) = decimal(text.strip_suffix(unit).unwrap_or(text))?;
        let cut = if negative { 0 } else { number.min(most) };
        if number != cut {
            let found = object.reading.document.describe(node);
            object.reading.report("progress-out-of-range", node, format!("expected {range}, found {found}"));
        }
        Some(cut)
    })
}

/// A moment with its precision, or that there is none.
type Moment = Option<(Timestamp, Precision)>;

/// A moment, reported where `read` knows none in its text.
fn moment(
    object: &Object<'_, '_, '_>,
    name: &'static str,
    expected: &str,
    read: fn(&str) -> Option<Moment>,
) -> Moment {
    let node = object.find(name)?;
    let document = object.reading.document;
    let read = if document.is_blank(node) { Some(None) } else { read(word(document, node)) };
    match document.kind(node) {
        _ if read.is_some() => object.take(node),
        Kind::String | Kind::Leaf | Kind::Number => object.reject("bad-time", node, expected),
        _ => object.wrong_kind(node, expected),
    }
    read?
}

/// A moment as it is written in words; 0 is none.
fn time(object: &Object<'_, '_, '_>, name: &'static str) -> Moment {
    moment(object, name, "a UTC time such as `2015-11-23T02:13Z`", |text| match text {
        "0" => Some(None),
        _ => read_time(text.as_bytes()).map(Some),
    })
}
