//! Typed reading of an object's fields: where `"true"` and `true`, `"1"` and `1` become one.
//!
//! A field that is asked for is taken; what nobody took is the object's `extra`. A value of the wrong kind is not taken:
//! it is reported, kept in `extra`, and the property stays empty.

use crate::error::{Error, ErrorCode, Place};
use crate::model::{Extra, Finding, Text, Value};
use crate::text::{self, Texts};
use crate::wire::{self, Document, Format, Items, Key, Kind, Label, Limits, NodeId, Oddity};
use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};
use std::ops::Range;

/// A document being read, and what was found odd so far.
pub(crate) struct Reading<'d, 's> {
    pub(crate) document: &'d Document<'s>,
    pub(crate) limits: &'d Limits,
    findings: RefCell<Vec<Finding>>,
    /// Fields inside parts that have no `extra` of their own, by their path.
    nested: RefCell<Extra<'s>>,
    /// The fields of the objects being read, an inner one's behind those of the one around it: one allocation for all.
    members: RefCell<Vec<Member>>,
}

impl<'d, 's> Reading<'d, 's> {
    pub(crate) fn new(document: &'d Document<'s>, limits: &'d Limits) -> Self {
        let reading = Self::bare(document, limits);
        // Room for one task with its parts.
        reading.members.borrow_mut().reserve(32);
        document.oddities.iter().for_each(|oddity| reading.push_oddity(oddity));
        reading
    }

    #[cold]
    fn push_oddity(&self, oddity: &Oddity) {
        self.push(oddity.code, self.document.path(oddity.node), oddity.at, oddity.message.clone());
    }

    fn bare(document: &'d Document<'s>, limits: &'d Limits) -> Self {
        Self {
            document,
            limits,
            findings: RefCell::default(),
            nested: RefCell::default(),
            members: RefCell::default(),
        }
    }

    pub(crate) fn report(&self, code: &'static str, node: NodeId, message: impl Into<String>) {
        self.push(code, self.document.path(node), self.document.at(node), message.into());
    }

    fn push(&self, code: &'static str, path: String, at: usize, message: String) {
        self.findings.borrow_mut().push(Finding { code, path, message, place: None, at });
    }

    /// The findings in the order of the text, each with its place.
    pub(crate) fn into_findings(self) -> Vec<Finding> {
        let findings = self.findings.into_inner();
        match findings.is_empty() {
            true => findings,
            false => in_order(findings, self.document.source()),
        }
    }

    /// `invalid`, at a node that is there but of the wrong kind.
    pub(crate) fn wrong(&self, node: NodeId, expected: &str) -> Error {
        let found = self.document.describe(node);
        self.invalid(node, self.document.path(node), format!("expected {expected}, found {found}"))
    }

    fn invalid(&self, node: NodeId, path: String, detail: String) -> Error {
        let place = Place::of(self.document.source(), self.document.at(node));
        Error::new(ErrorCode::Invalid, detail).path(path).at(place)
    }

    pub(crate) fn object(&self, node: NodeId) -> Object<'_, 'd, 's> {
        let document = self.document;
        let mut members = self.members.borrow_mut();
        let (from, mut bits) = (members.len(), 0);
        if document.kind(node) == Kind::Object {
            for (node, label, _) in document.kinds_of_children(node) {
                let key = document.key_of(label);
                bits |= 1 << key.bit();
                members.push(Member { key, label, node, state: Cell::new(State::Left) });
            }
        }
        Object { reading: self, node, members: from..members.len(), bits, found: Cell::default() }
    }

    /// The items of a list: those of a JSON array, or the child elements of that name.
    ///
    /// `None` where `container` holds something that is no list. A single object in place of an array is one item.
    pub(crate) fn items(&self, container: NodeId, name: &'static str) -> Option<Items<'d, 's>> {
        let document = self.document;
        let mut items = Items::none(document);
        if document.is_blank(container) {
            return Some(items);
        }
        if document.kind(container) != Kind::Object {
            return None;
        }
        let key = Key::of(name.as_bytes());
        for (child, label, kind) in document.kinds_of_children(container) {
            if !document.is_label_of(label, name, key) {
                self.keep_nested(child);
            } else if document.format() == Format::Xml {
                items = Items::called(document, container, label);
            } else {
                match kind {
                    // No member of that name came before: of two only the last is a child.
                    Kind::Array => items = Items::called(document, child, Label::NONE),
                    Kind::Null => {}
                    _ => {
                        self.report("unexpected-shape", child, "expected an array, found a single item");
                        items = Items::one(document, child);
                    }
                }
            }
        }
        Some(items)
    }

    /// As [`Document::children`].
    #[inline(never)]
    pub(crate) fn children(&self, node: NodeId) -> Vec<NodeId> {
        self.document.children(node).collect()
    }

    /// As [`Document::text_cow`], for texts that are not every task's.
    #[inline(never)]
    pub(crate) fn text(&self, node: NodeId) -> Text<'s> {
        self.document.text_cow(node)
    }

    /// Keeps a field of a part, whose type has no room for it, for the `extra` of the task; and reports it.
    pub(crate) fn keep_nested(&self, node: NodeId) {
        let path = self.document.path(node);
        self.nested.borrow_mut().0.push((Cow::Owned(path), self.value(node)));
        self.unknown(node);
    }

    /// What [`Reading::keep_nested`] kept since, under its path from the task at `owner`.
    pub(crate) fn take_nested(&self, owner: NodeId, extra: &mut Extra<'s>) {
        if !self.nested.borrow().is_empty() {
            self.move_nested(owner, extra);
        }
    }

    #[cold]
    fn move_nested(&self, owner: NodeId, extra: &mut Extra<'s>) {
        let prefix = self.document.path(owner);
        for (path, value) in &mut self.nested.take().0 {
            // What stands outside of the owner, such as beside the items of a list, is reported and has no other room.
            if let Some(path) = path.strip_prefix(prefix.as_str()) {
                let path = path.strip_prefix('.').unwrap_or(path);
                extra.0.push((Cow::Owned(path.to_owned()), std::mem::take(value)));
            }
        }
    }

    /// Reports a field that no documentation names.
    pub(crate) fn unknown(&self, node: NodeId) {
        let name = self.document.name(node);
        let message = format!("no documentation names `{name}`; found {}", self.document.describe(node));
        self.report("unknown-field", node, message);
    }

    /// Any value, as it came.
    pub(crate) fn value(&self, node: NodeId) -> Value<'s> {
        let document = self.document;
        match document.kind(node) {
            Kind::Null | Kind::Shadowed => Value::Null,
            Kind::False => Value::Bool(false),
            Kind::True => Value::Bool(true),
            Kind::Number => Value::Number(self.text(node)),
            Kind::String | Kind::Leaf => Value::Text(self.text(node)),
            Kind::Array => {
                let mut items = Vec::new();
                for item in self.children(node) {
                    items.push(self.value(item));
                }
                Value::List(items)
            }
            Kind::Object => {
                let mut members = Extra::default();
                self.add_members(&self.children(node), &mut members);
                Value::Object(members)
            }
        }
    }

    /// Adds members with their values; repeated elements of XML become a list.
    fn add_members(&self, children: &[NodeId], Extra(members): &mut Extra<'s>) {
        let document = self.document;
        let before = members.len();
        let mut names = Texts::default();
        for child in children {
            let value = self.value(*child);
            // In JSON no two have one name.
            let known = match document.format() {
                Format::Xml => names.add(document.name(*child)),
                Format::Json => None,
            };
            match known.and_then(|place| members.get_mut(before + place)) {
                Some((_, Value::List(list))) => list.push(value),
                Some((_, once)) => *once = Value::List(vec![std::mem::take(once), value]),
                None => members.push((document.name_cow(*child), value)),
            }
        }
    }

    /// The JSON inside a string, decoded; the string itself where it is not JSON; any other value as it is.
    pub(crate) fn decoded(&self, node: NodeId) -> Value<'s> {
        match self.value(node) {
            Value::Text(text) if text.is_empty() => Value::Null,
            Value::Text(Cow::Borrowed(text)) => {
                self.inner(node, text).unwrap_or(Value::Text(Cow::Borrowed(text)))
            }
            Value::Text(Cow::Owned(text)) => match self.inner(node, &text) {
                Some(inner) => inner.into_owned(),
                None => Value::Text(Cow::Owned(text)),
            },
            other => other,
        }
    }

    #[inline(never)]
    fn inner<'t>(&self, node: NodeId, text: &'t str) -> Option<Value<'t>> {
        let inner = wire::json::read(text, self.limits).ok()?;
        for oddity in &inner.oddities {
            self.report(oddity.code, node, oddity.message.clone());
        }
        Some(Reading::bare(&inner, self.limits).value(inner.root()))
    }
}

/// Findings by place, and those of one place as they came.
#[cold]
fn in_order(mut findings: Vec<Finding>, source: &str) -> Vec<Finding> {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    let key = |number| (findings.get(number).map(|finding: &Finding| finding.at), number);
    wire::sort(&mut order, &|a, b| key(a) < key(b));
    let mut sorted = Vec::with_capacity(order.len());
    let (mut from, mut place) = (0, Place::START);
    for number in order {
        let Some(finding) = findings.get_mut(number) else { continue };
        place = place.advance(source, from, finding.at);
        from = finding.at;
        sorted.push(Finding { place: Some(place), ..std::mem::take(finding) });
    }
    sorted
}

/// An object whose fields are read by name. Of several the one made last must be dropped first: what lies behind its fields goes
/// with them.
pub(crate) struct Object<'r, 'd, 's> {
    pub(crate) reading: &'r Reading<'d, 's>,
    pub(crate) node: NodeId,
    /// Where its fields are in [`Reading::members`].
    members: Range<usize>,
    /// A bit for each name, see [`Key::bit`].
    bits: u64,
    /// The field that was found last: it is the next to be marked.
    found: Cell<usize>,
}

/// A field, and what became of it.
struct Member {
    key: Key,
    label: Label,
    node: NodeId,
    state: Cell<State>,
}

impl Member {
    /// What a field became first, it stays.
    fn become_first(&self, state: State) {
        if self.state.get() == State::Left {
            self.state.set(state);
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Nobody asked for it.
    Left,
    Taken,
    /// Of the wrong kind: reported already, but still to be kept.
    Rejected,
}

impl Drop for Object<'_, '_, '_> {
    #[inline(never)]
    fn drop(&mut self) {
        let mut members = self.reading.members.borrow_mut();
        debug_assert_eq!(members.len(), self.members.end, "an object is dropped before one made after it");
        members.truncate(self.members.start);
    }
}

impl<'d, 's> Object<'_, 'd, 's> {
    /// Its fields.
    #[inline(always)]
    fn members(&self) -> Ref<'_, [Member]> {
        Ref::map(self.reading.members.borrow(), |all| all.get(self.members.clone()).unwrap_or_default())
    }

    /// No two have one name.
    fn are_unique(&self) -> bool {
        self.bits.count_ones() as usize == self.members.len()
    }

    /// The member of that name, if it is there and not null. In XML the last one of several counts.
    pub(crate) fn find(&self, name: &'static str) -> Option<NodeId> {
        let key = Key::of(name.as_bytes());
        if self.bits >> key.bit() & 1 == 0 {
            return None;
        }
        let document = self.reading.document;
        let members = self.members();
        let mut last: Option<(usize, NodeId)> = None;
        for (place, member) in members.iter().enumerate() {
            if member.key != key || !document.is_label_of(member.label, name, key) {
                continue;
            }
            if let Some((_, earlier)) = last.replace((place, member.node)) {
                self.report_again(earlier, member.node);
            }
            if self.are_unique() {
                break;
            }
        }
        let (place, found) = last?;
        self.found.set(place);
        if document.kind(found) == Kind::Null {
            self.take(found);
            return None;
        }
        Some(found)
    }

    #[cold]
    fn report_again(&self, earlier: NodeId, node: NodeId) {
        let kept = self.reading.document.describe(earlier);
        let message = format!("the element comes more than once; the last one counts, not {kept}");
        self.reading.report("duplicate-key", node, message);
    }

    /// Takes a field that says nothing the model has a word for.
    pub(crate) fn skip(&self, name: &'static str) {
        if let Some(node) = self.find(name) {
            self.take(node);
        }
    }

    /// Marks a field as read.
    pub(crate) fn take(&self, node: NodeId) {
        self.mark(node, State::Taken);
    }

    /// All elements of one name are alike.
    fn mark(&self, node: NodeId, state: State) {
        let members = self.members();
        match members.get(self.found.get()) {
            Some(member) if member.node == node && self.are_unique() => member.become_first(state),
            _ => {
                let document = self.reading.document;
                let label = document.label_of(node);
                let is_alike = |member: &&Member| document.are_alike(member.label, label);
                members.iter().filter(is_alike).for_each(|member| member.become_first(state));
            }
        }
    }

    /// A field read by `read`; `None` where it is absent, empty, or reported to be of the wrong kind.
    pub(crate) fn typed<T>(
        &self,
        name: &'static str,
        expected: &str,
        read: impl FnOnce(NodeId) -> Option<T>,
    ) -> Option<T> {
        let node = self.find(name)?;
        if self.reading.document.is_blank(node) {
            self.take(node);
            return None;
        }
        self.read(node, expected, read)
    }

    fn read<T>(&self, node: NodeId, expected: &str, read: impl FnOnce(NodeId) -> Option<T>) -> Option<T> {
        match read(node) {
            Some(value) => {
                self.take(node);
                Some(value)
            }
            None => {
                self.wrong_kind(node, expected);
                None
            }
        }
    }

    /// Reports a value that its field cannot hold; it stays for `extra`.
    pub(crate) fn wrong_kind(&self, node: NodeId, expected: &str) {
        self.reject("wrong-kind", node, expected);
    }

    /// As [`Object::wrong_kind`], under another code.
    pub(crate) fn reject(&self, code: &'static str, node: NodeId, expected: &str) {
        let found = self.reading.document.describe(node);
        self.reading.report(code, node, format!("expected {expected}, found {found}"));
        self.mark(node, State::Rejected);
    }

    fn is_string(&self, node: NodeId) -> bool {
        matches!(self.reading.document.kind(node), Kind::String | Kind::Leaf)
    }

    fn string(&self, name: &'static str) -> Option<NodeId> {
        self.read(self.find(name)?, "a string", |node| self.is_string(node).then_some(node))
    }

    /// A string as it came; an empty one is `None`.
    pub(crate) fn text(&self, name: &'static str) -> Option<Text<'s>> {
        let text = self.reading.text(self.string(name)?);
        if text.is_empty() { None } else { Some(text) }
    }

    /// A string in which white space at the ends has no meaning.
    pub(crate) fn trimmed(&self, name: &'static str) -> Option<Text<'s>> {
        trimmed(self.reading.document, self.string(name)?)
    }

    /// As [`Object::trimmed`], into its property: an answer on its way through a stack frame is copied once more.
    pub(crate) fn fill(&self, property: &mut Option<Text<'s>>, name: &'static str) {
        *property = self.trimmed(name);
    }

    /// A string that must be there.
    ///
    /// # Errors
    /// `invalid` with its path.
    pub(crate) fn required(&self, name: &'static str) -> Result<Text<'s>, Error> {
        let reading = self.reading;
        let Some(node) = self.find(name) else {
            return Err(self.missing(name, "a string"));
        };
        self.take(node);
        match trimmed(reading.document, node) {
            Some(text) if self.is_string(node) => Ok(text),
            _ => Err(reading.wrong(node, "a string")),
        }
    }

    /// An object that must be there; what is inside is checked by whoever reads it.
    ///
    /// # Errors
    /// `invalid` with its path.
    pub(crate) fn inner(&self, name: &'static str) -> Result<NodeId, Error> {
        let node = self.find(name).ok_or_else(|| self.missing(name, "an object"))?;
        self.take(node);
        Ok(node)
    }

    /// `invalid`, for a field that must be there and is not.
    pub(crate) fn missing(&self, name: &'static str, expected: &str) -> Error {
        let reading = self.reading;
        if let Some(null) = reading.document.member(self.node, name) {
            return reading.wrong(null, expected);
        }
        let mut path = reading.document.path(self.node);
        wire::push_name(&mut path, name);
        reading.invalid(self.node, path, format!("expected {expected}, found no such field"))
    }

    /// An integer from 0, also written as a string.
    pub(crate) fn integer(&self, name: &'static str) -> Option<u64> {
        self.typed(name, "an integer from 0", |node| self.unsigned(node))
    }

    /// An integer as [`Object::integer`] reads it, left for `extra`.
    pub(crate) fn peek(&self, name: &'static str) -> Option<u64> {
        self.unsigned(self.find(name)?)
    }

    pub(crate) fn unsigned(&self, node: NodeId) -> Option<u64> {
        text::number(self.number_text(node)?)
    }

    /// The digits of a number or of a string that holds one.
    pub(crate) fn number_text(&self, node: NodeId) -> Option<&str> {
        // Of another kind it has no text.
        let text = word(self.reading.document, node);
        matches!(text.as_bytes(), [b'-' | b'0'..=b'9', ..]).then_some(text)
    }

    /// True or false, also written as a word in any case.
    pub(crate) fn boolean(&self, name: &'static str) -> Option<bool> {
        let document = self.reading.document;
        self.typed(name, "true or false", |node| match document.kind(node) {
            Kind::True => Some(true),
            Kind::False => Some(false),
            Kind::String | Kind::Leaf => {
                let word = word(document, node);
                let is = |other| same_in_any_case(word, other);
                if is("true") { Some(true) } else { is("false").then_some(false) }
            }
            _ => None,
        })
    }

    /// The JSON inside a string, decoded.
    pub(crate) fn decoded(&self, name: &'static str) -> Value<'s> {
        self.find(name).map_or(Value::Null, |node| {
            self.take(node);
            self.reading.decoded(node)
        })
    }

    /// The items of the list `name` inside the field `set`, such as `TaskSet.Task`.
    pub(crate) fn list(&self, set: &'static str, name: &'static str) -> Items<'d, 's> {
        let items = self.typed(set, "an object that holds a list", |node| self.reading.items(node, name));
        items.unwrap_or_else(|| Items::none(self.reading.document))
    }

    /// What nobody took, reported where its name is not `documented`.
    pub(crate) fn extra(&self, documented: &dyn Fn(&str) -> bool) -> Extra<'s> {
        let mut extra = Extra::default();
        self.add_extra(&mut extra, documented);
        extra
    }

    /// Adds what nobody took, save names that are there already: those are only reported.
    pub(crate) fn add_extra(&self, extra: &mut Extra<'s>, documented: &dyn Fn(&str) -> bool) {
        let rest = self.rest();
        if !rest.is_empty() {
            self.add_rest(rest, extra, documented);
        }
    }

    #[cold]
    fn add_rest(&self, rest: Vec<(NodeId, bool)>, extra: &mut Extra<'s>, documented: &dyn Fn(&str) -> bool) {
        let document = self.reading.document;
        let mut names = Texts::default();
        let known = extra.0.iter().filter(|(name, _)| names.add(name).is_none()).count();
        let mut fresh = Vec::new();
        for (child, reported) in rest {
            let name = document.name(child);
            let clash = names.add(name).is_some_and(|number| number < known);
            if clash || !(reported || documented(name)) {
                self.reading.unknown(child);
            }
            if !clash {
                fresh.push(child);
            }
        }
        self.reading.add_members(&fresh, extra);
    }

    /// Reports what nobody took, where there is no `extra` to hold it.
    pub(crate) fn report_rest(&self) {
        for (child, _) in self.rest().into_iter().filter(|(_, reported)| !reported) {
            self.reading.unknown(child);
        }
    }

    /// Keeps what nobody took for the task's `extra`.
    pub(crate) fn keep_rest(&self) {
        for (child, _) in self.rest() {
            self.reading.keep_nested(child);
        }
    }

    /// What nobody took, and whether that was reported already.
    #[inline(never)]
    fn rest(&self) -> Vec<(NodeId, bool)> {
        let mut rest = Vec::new();
        for member in self.members().iter() {
            match member.state.get() {
                State::Taken => {}
                state => rest.push((member.node, state == State::Rejected)),
            }
        }
        rest
    }
}

/// The text of a node without the white space at its ends, if there is any.
#[inline(never)]
pub(crate) fn trimmed<'s>(document: &Document<'s>, node: NodeId) -> Option<Text<'s>> {
    let text = trim(document.text_cow(node));
    if text.is_empty() { None } else { Some(text) }
}

/// A text without the white space at its ends, where all but ASCII is an error.
pub(crate) fn word<'d>(document: &'d Document<'_>, node: NodeId) -> &'d str {
    trim_ascii(document.text(node))
}

/// The standard library's, which is inlined wherever it is called.
#[inline(never)]
pub(crate) fn trim_ascii(text: &str) -> &str {
    text.trim_ascii()
}

/// Are they equal but for their case?
#[inline(never)]
pub(crate) fn same_in_any_case(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// Without the white space at its ends.
#[inline(always)]
fn trim(text: Text<'_>) -> Text<'_> {
    let is_mark = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    if is_mark(text.as_bytes().first()) && is_mark(text.as_bytes().last()) {
        return text;
    }
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text::trim(text)),
        Cow::Owned(text) => Cow::Owned(text::trim(&text).to_owned()),
    }
}
