//! How each type is written onto the tape: its fields in the order of the contract, which is that of `tape.js`.

use super::tape::{Plain, Shape, Tape};
use crate::{
    Body, Cause, Counts, Error, Estimate, Extra, Fault, Finding, Related, Reply, Status, SubTask, Summary,
    SummaryProgress, Task, TaskError, UnsignedRequest, Value,
};

impl<P: Plain> Plain for &[P] {
    fn write(&self, tape: &mut Tape) {
        tape.list(self.len());
        self.iter().for_each(|item| item.write(tape));
    }
}

impl<P: Plain> Plain for Vec<P> {
    fn write(&self, tape: &mut Tape) {
        self.as_slice().write(tape);
    }
}

impl Plain for Task<'_> {
    fn write(&self, tape: &mut Tape) {
        tape.one_task(self);
    }
}

impl Plain for Box<Task<'_>> {
    fn write(&self, tape: &mut Tape) {
        tape.one_task(self);
    }
}

/// A list of tasks by itself.
pub(super) struct Rows<'t, 'a>(pub(super) &'t [Task<'a>]);

impl Plain for Rows<'_, '_> {
    fn write(&self, tape: &mut Tape) {
        self.0.iter().for_each(|task| tape.row(task));
        tape.rows();
    }
}

/// The tasks of a list come first; whoever has written them before hands in a list without any.
impl Plain for Reply<'_> {
    fn write(&self, tape: &mut Tape) {
        match &self.body {
            Body::Task(task) => {
                tape.shape(Shape::OneTask);
                tape.bare(task.api as u32);
                tape.one_task(task);
            }
            Body::Tasks(list) => {
                list.tasks.iter().for_each(|task| tape.row(task));
                tape.shape(Shape::Tasks);
                tape.bare(list.api as u32);
                tape.rows();
                tape.number(list.offset as f64);
                list.summary.write(tape);
                tape.shape(Shape::Page);
                for number in [list.page.number, list.page.size, list.page.total] {
                    tape.maybe_number(number.map(|number| number as f64));
                }
                tape.maybe_text(list.page.next_token.as_deref());
            }
            Body::Started(started) => {
                tape.shape(Shape::Started);
                tape.maybe_text(started.id.as_deref());
                tape.maybe_text(started.group_id.as_deref());
                started.sub_tasks.write(tape);
                started.extra.write(tape);
            }
            Body::Accepted(extra) => {
                tape.shape(Shape::Accepted);
                extra.write(tape);
            }
            Body::Fault(fault) => {
                tape.shape(Shape::Refused);
                fault.write(tape);
            }
        }
        tape.maybe_text(self.request_id.as_deref());
        self.findings.write(tape);
    }
}

impl Plain for Counts {
    fn write(&self, tape: &mut Tape) {
        tape.shape(Shape::Counts);
        [self.total, self.succeeded, self.failed].iter().for_each(|count| tape.number(*count as f64));
    }
}

impl Plain for SubTask<'_> {
    fn write(&self, tape: &mut Tape) {
        tape.shape(Shape::SubTask);
        tape.bare(self.status as u32);
        tape.maybe_word(self.raw_status.as_deref());
        tape.maybe(self.error.as_ref().map(|error| error as _));
        self.related.write(tape);
    }
}

impl Plain for TaskError<'_> {
    fn write(&self, tape: &mut Tape) {
        tape.shape(Shape::TaskError);
        tape.maybe_word(self.code.as_deref());
        tape.text(&self.message);
        tape.maybe(self.cause.as_ref().map(|cause| cause as _));
    }
}

impl Plain for Cause<'_> {
    fn write(&self, tape: &mut Tape) {
        tape.shape(Shape::Cause);
        [&self.request_id, &self.code, &self.message]
            .iter()
            .for_each(|text| tape.maybe_text(text.as_deref()));
    }
}

impl Plain for Related<'_> {
    fn write(&self, tape: &mut Tape) {
        tape.shape(Shape::Related);
        tape.word(&self.name);
        tape.text(&self.value);
    }
}

impl Plain for Finding {
    fn write(&self, tape: &mut Tape) {
        tape.shape(Shape::Finding);
        tape.word(self.code);
        tape.text(&self.path);
        tape.text(&self.message);
        tape.maybe_number(self.place.map(|place| place.line.into()));
        tape.maybe_number(self.place.map(|place| place.column.into()));
    }
}

impl Plain for Summary {
    fn write(&self, tape: &mut Tape) {
        tape.shape(Shape::Summary);
        tape.number(self.total as f64);
        let counts =
            || Status::ALL.iter().map(|status| (status, self.count(*status))).filter(|(_, count)| *count > 0);
        tape.map(counts().count());
        for (status, count) in counts() {
            tape.word(status.name());
            tape.number(count as f64);
        }
        tape.number(self.terminal() as f64);
        let SummaryProgress { fraction, known } = self.progress();
        tape.shape(Shape::SummaryProgress);
        tape.maybe_number(fraction);
        tape.number(known as f64);
    }
}

impl Plain for Fault<'_> {
    fn write(&self, tape: &mut Tape) {
        tape.shape(Shape::Fault);
        tape.text(&self.code);
        tape.text(&self.message);
        [&self.request_id, &self.host_id, &self.recommend]
            .iter()
            .for_each(|text| tape.maybe_text(text.as_deref()));
        tape.maybe_number(self.status.map(Into::into));
        tape.bare(self.kind as u32);
        tape.flag(self.retryable);
        tape.maybe(self.access_denied.as_ref().map(|extra| extra as _));
    }
}

impl Plain for Value<'_> {
    fn write(&self, tape: &mut Tape) {
        match self {
            Self::Null => tape.null(),
            Self::Bool(value) => tape.flag(*value),
            Self::Number(text) => tape.written_number(text),
            Self::Text(text) => tape.text(text),
            Self::List(items) => items.write(tape),
            Self::Object(members) => members.write(tape),
        }
    }
}

impl Plain for Extra<'_> {
    fn write(&self, tape: &mut Tape) {
        tape.map(self.0.len());
        for (name, value) in &self.0 {
            tape.word(name);
            value.write(tape);
        }
    }
}

/// As the package's `TasklensError` takes it.
impl Plain for Error {
    fn write(&self, tape: &mut Tape) {
        tape.shape(Shape::Thrown);
        tape.word(self.code().as_str());
        tape.text(&self.to_string());
        tape.maybe_text(self.field_path());
        tape.maybe_number(self.place().map(|place| place.line.into()));
        tape.maybe_number(self.place().map(|place| place.column.into()));
        tape.maybe(self.fault().map(|fault| fault as _));
        tape.flag(self.is_retryable());
    }
}

/// `headers` is an object, `query` a list of pairs.
impl Plain for UnsignedRequest {
    fn write(&self, tape: &mut Tape) {
        tape.shape(Shape::Request);
        [self.method, &self.host, &self.path].iter().for_each(|text| tape.text(text));
        tape.list(self.query.len());
        for (name, value) in &self.query {
            tape.list(2);
            tape.text(name);
            tape.text(value);
        }
        tape.map(self.headers.len());
        for (name, value) in self.headers {
            tape.word(name);
            tape.text(value);
        }
    }
}

impl Plain for Estimate {
    fn write(&self, tape: &mut Tape) {
        tape.shape(Shape::Estimate);
        tape.number(self.remaining_ms as f64);
        tape.number(self.finish_at as f64);
        tape.number(self.confidence);
        tape.number(self.earliest_at as f64);
        tape.number(self.latest_at as f64);
    }
}
