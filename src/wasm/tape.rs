//! Rust values → plain JavaScript objects, in one crossing.
//!
//! serde-wasm-bindgen crosses the boundary for every property and every string; a list of tasks has thousands. Here a
//! value is written as one run of 32-bit words and one run of text, and `tape.js` makes the objects in JavaScript, where
//! making them is cheap. What has a known shape is written without names: its values follow in the order of its fields.
//!
//! Tasks come first, each as the record of [`Tape::task`]; then comes one value, in which [`Tape::rows`] stands for their
//! list. So a list of any length crosses in pieces, while it is read.
//!
//! A word is a tag (4 bits) and a number (28 bits), or bare where a shape says so. The tags, the shapes and the order of
//! their fields are those of `tape.js`; `tests/bindings.rs` compares with what serde says of the same values.

use crate::{Task, Timestamp, Value};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/wasm/tape.js")]
extern "C" {
    /// Makes `count` tasks, which go behind those in `rows`, and then the value, of what the words and the text describe.
    fn unwind(words: &[u32], text: &str, count: usize, rows: &JsValue) -> JsValue;
}

/// What has a plain form in JavaScript.
pub(super) trait Plain {
    /// Writes it as one value.
    fn write(&self, tape: &mut Tape);
}

/// The value in JavaScript.
pub(super) fn build(value: &dyn Plain) -> JsValue {
    let mut tape = Tape::default();
    value.write(&mut tape);
    tape.unwind()
}

#[derive(Clone, Copy)]
enum Tag {
    Null,
    False,
    True,
    /// A number from 0 below 2^28: the payload.
    Small,
    /// A double, in the next two words, low half first.
    Double,
    /// So many UTF-16 units of the text, from where the last one ended.
    Text,
    /// A text as above that is a JSON number.
    Number,
    /// A text as above that is remembered.
    Short,
    /// A remembered text again: its index among them.
    Again,
    /// So many values.
    List,
    /// So many names with their values.
    Map,
    /// The record of one task.
    Task,
    /// The list of the tasks before.
    Rows,
    /// The fields of a known type, in their order: a [`Shape`].
    Shape,
}

/// The types whose field names stay in JavaScript.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    OneTask,
    Tasks,
    Started,
    Accepted,
    Refused,
    SubTask,
    TaskError,
    Cause,
    Related,
    Counts,
    Finding,
    Summary,
    SummaryProgress,
    Page,
    Fault,
    Thrown,
    Request,
    Sending,
    Poll,
    Ref,
    Estimate,
    Patience,
    Update,
    End,
    Gone,
    Retry,
    GivenUp,
}

/// What is written.
pub(super) struct Tape {
    words: Vec<u32>,
    text: String,
    recent: Recent,
    /// Tasks written as records.
    count: usize,
    /// The list of those that have crossed.
    rows: JsValue,
}

impl Default for Tape {
    fn default() -> Self {
        // Room for a page of tasks.
        Self {
            words: Vec::with_capacity(1024),
            text: String::with_capacity(4096),
            recent: Recent::NONE,
            count: 0,
            rows: JsValue::UNDEFINED,
        }
    }
}

impl Tape {
    /// A list crosses in pieces of so many bytes of words or of text: what waits here takes no more memory, and a task that
    /// JavaScript keeps keeps no more text than this alive beside its own.
    const PIECE: usize = 1 << 16;

    /// One more task of [`Tape::rows`]; before any other value. It can be dropped then.
    pub(super) fn row(&mut self, task: &Task<'_>) {
        if self.words.len() * size_of::<u32>() > Self::PIECE || self.text.len() > Self::PIECE {
            self.rows();
            self.rows = self.unwind();
            self.words.clear();
            self.text.clear();
            self.recent = Recent::NONE;
            self.count = 0;
        }
        self.task(task);
        self.count += 1;
    }

    /// The list of all tasks before.
    pub(super) fn rows(&mut self) {
        self.tag(Tag::Rows, 0);
    }

    /// The value in JavaScript.
    pub(super) fn unwind(&self) -> JsValue {
        unwind(&self.words, &self.text, self.count, &self.rows)
    }

    #[inline(always)]
    fn tag(&mut self, tag: Tag, number: usize) {
        self.words.push(tag as u32 | (number as u32) << 4);
    }

    /// A word as it is, where a shape has one: the index of a word that JavaScript knows.
    #[inline(always)]
    pub(super) fn bare(&mut self, word: u32) {
        self.words.push(word);
    }

    pub(super) fn null(&mut self) {
        self.tag(Tag::Null, 0);
    }

    pub(super) fn flag(&mut self, flag: bool) {
        self.tag(if flag { Tag::True } else { Tag::False }, 0);
    }

    pub(super) fn number(&mut self, number: f64) {
        let small = number as u32;
        if small < 1 << 28 && f64::from(small).to_bits() == number.to_bits() {
            return self.tag(Tag::Small, small as usize);
        }
        let bits = number.to_bits();
        self.tag(Tag::Double, 0);
        self.words.extend([bits as u32, (bits >> 32) as u32]);
    }

    /// A text that hardly comes twice: an id, a message.
    pub(super) fn text(&mut self, text: &str) {
        self.push_text(Tag::Text, text);
    }

    /// A number of any JSON, as it was written.
    pub(super) fn written_number(&mut self, text: &str) {
        self.push_text(Tag::Number, text);
    }

    /// A text that often comes again: a name, a status.
    pub(super) fn word(&mut self, text: &str) {
        let Some(key) = Key::of(text.as_bytes()) else { return self.text(text) };
        match self.recent.index(key) {
            Some(index) => self.tag(Tag::Again, index),
            None => self.push_text(Tag::Short, text),
        }
    }

    fn push_text(&mut self, tag: Tag, text: &str) {
        self.text.push_str(text);
        self.tag(tag, units(text));
    }

    /// Null, where there is none.
    pub(super) fn maybe_text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    /// Null, where there is none.
    pub(super) fn maybe_word(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.word(text),
            None => self.null(),
        }
    }

    /// Null, where there is none.
    pub(super) fn maybe_number(&mut self, number: Option<f64>) {
        match number {
            Some(number) => self.number(number),
            None => self.null(),
        }
    }

    /// Null, where there is none.
    pub(super) fn maybe(&mut self, value: Option<&dyn Plain>) {
        match value {
            Some(value) => value.write(self),
            None => self.null(),
        }
    }

    /// So many values follow.
    pub(super) fn list(&mut self, count: usize) {
        self.tag(Tag::List, count);
    }

    /// So many names with their values follow.
    pub(super) fn map(&mut self, count: usize) {
        self.tag(Tag::Map, count);
    }

    /// Its fields follow.
    pub(super) fn shape(&mut self, shape: Shape) {
        self.tag(Tag::Shape, shape as usize);
    }

    /// A task's record follows.
    pub(super) fn one_task(&mut self, task: &Task<'_>) {
        self.tag(Tag::Task, 0);
        self.task(task);
    }

    /// A record: a head that says what is there, then what is there. Of a list's item that is a third of the fields.
    fn task(&mut self, task: &Task<'_>) {
        let resource = task.resource.as_ref();
        let more = resource.filter(|it| it.kind.is_some() || it.product.is_some() || !it.paths.is_empty());
        let points = task.progress.basis_points();
        let times = [task.created_at, task.started_at, task.finished_at, task.expires_at];
        let bit = |at: u32, is: bool| u32::from(is) << at;
        let head = task.api as u32
            | (task.status as u32) << 2
            | (task.progress.origin() as u32) << 6
            | bit(8, task.terminal)
            | bit(9, task.cancellable.is_some())
            | bit(10, task.cancellable == Some(true))
            | bit(11, points.is_some())
            | bit(12, task.created_at.is_some())
            | bit(13, task.started_at.is_some())
            | bit(14, task.finished_at.is_some())
            | bit(15, task.expires_at.is_some())
            | bit(16, task.counts.is_some())
            | bit(17, !task.sub_tasks.is_empty())
            | bit(18, task.error.is_some())
            | bit(19, resource.is_some())
            | bit(20, more.is_some())
            | bit(21, task.name.is_some())
            | bit(22, task.description.is_some())
            | bit(23, task.priority.is_some())
            | bit(24, !is_null(&task.detail))
            | bit(25, !is_null(&task.result))
            | bit(26, !task.extra.is_empty());
        self.bare(head);
        self.text(&task.id);
        self.maybe_word(task.action.as_deref());
        self.word(&task.raw_status);
        points.into_iter().for_each(|points| self.bare(points.into()));
        times.into_iter().flatten().for_each(|moment| self.moment(moment));
        self.bare(task.time_precision_ms);
        if let Some(counts) = &task.counts {
            counts.write(self);
        }
        if !task.sub_tasks.is_empty() {
            task.sub_tasks.write(self);
        }
        if let Some(error) = &task.error {
            error.write(self);
        }
        if let Some(resource) = resource {
            self.maybe_text(resource.id.as_deref());
        }
        if let Some(resource) = more {
            self.maybe_word(resource.kind.as_deref());
            self.maybe_word(resource.product.as_deref());
            self.list(resource.paths.len());
            resource.paths.iter().for_each(|path| self.text(path));
        }
        self.maybe_word(task.region_id.as_deref());
        for text in [&task.name, &task.description, &task.priority].into_iter().flatten() {
            self.text(text);
        }
        for value in [&task.detail, &task.result] {
            if !is_null(value) {
                value.write(self);
            }
        }
        if !task.extra.is_empty() {
            task.extra.write(self);
        }
    }

    /// In two bare words, low half first.
    fn moment(&mut self, moment: Timestamp) {
        let millis = moment.millis();
        self.words.extend([millis as u32, (millis >> 32) as u32]);
    }
}

fn is_null(value: &Value<'_>) -> bool {
    matches!(value, Value::Null)
}

/// UTF-16 units, since JavaScript cuts the text by these.
fn units(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    // A character has one, or two where UTF-8 takes four bytes.
    text.bytes().map(|byte| usize::from(byte & 0xC0 != 0x80) + usize::from(byte >= 0xF0)).sum()
}

/// Words such as `Finished` or a region come with every task: the last ones are remembered, by a small hash and as two numbers.
/// Compared as texts the whole crossing takes a sixth longer.
struct Recent {
    /// Which of the remembered ones a word is.
    slots: [(Key, usize); Recent::SLOTS],
    count: usize,
}

/// A word of 1 to 16 bytes: no other has the same length, beginning and end.
#[derive(Clone, Copy, PartialEq)]
struct Key {
    len: usize,
    head: u64,
    tail: u64,
}

impl Key {
    /// None for a longer text, which hardly comes twice, and for nothing.
    fn of(text: &[u8]) -> Option<Self> {
        let len = text.len();
        match (text.first_chunk(), text.last_chunk()) {
            (Some(head), Some(tail)) if len <= 16 => {
                Some(Self { len, head: u64::from_le_bytes(*head), tail: u64::from_le_bytes(*tail) })
            }
            (None, None) if len > 0 => Some(Self {
                len,
                head: text.iter().fold(0, |head, byte| head << 8 | u64::from(*byte)),
                tail: 0,
            }),
            _ => None,
        }
    }
}

impl Recent {
    const SLOTS: usize = 64;

    const NONE: Self = Self { slots: [(Key { len: 0, head: 0, tail: 0 }, 0); Self::SLOTS], count: 0 };

    /// Which one it is; none, where it is new and is remembered from now on.
    fn index(&mut self, key: Key) -> Option<usize> {
        // Chosen so that no two documented words of an API share a slot.
        let hash = key.head.wrapping_add(key.tail).wrapping_mul(0x417C_6467_0218_C7D9) >> 58;
        let (known, index) = self.slots.get_mut(hash as usize)?;
        if *known == key {
            return Some(*index);
        }
        (*known, *index) = (key, self.count);
        self.count += 1;
        None
    }
}
