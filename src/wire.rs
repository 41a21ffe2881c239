//! One tree for both formats, so that a schema is written once.
//!
//! A reply becomes a flat list of nodes in document order. A node holds no text of its own: values are spans of the source,
//! or of one side buffer for what had to be decoded (escapes, entities); names are spans, too, which nodes share. A node knows where its subtree
//! ends, so that walking the members of an object is a jump from one to the next. A list of 10,000 tasks costs two
//! allocations that grow, not a hundred thousand small ones.
//!
//! [`json`] and [`xml`] build the tree; nothing here knows a task.

pub(crate) mod json;
mod limits;
pub(crate) mod xml;

use crate::error::{Error, ErrorCode, Place, quote};
use crate::text::{Texts, replace, slice, start};
pub use limits::Limits;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::num::NonZeroU32;

/// How a reply is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// RFC 8259.
    Json,
    /// XML 1.0, without a document type.
    Xml,
}

/// A stretch of the source or of the side buffer.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    /// The top bit says: of the side buffer.
    start: u32,
    len: u32,
}

impl Span {
    const DECODED: u32 = 1 << 31;
    const NONE: Self = Self { start: 0, len: 0 };

    fn source(start: usize, end: usize) -> Self {
        Self { start: start as u32, len: end.saturating_sub(start) as u32 }
    }

    fn decoded(start: usize, end: usize) -> Self {
        Self { start: start as u32 | Self::DECODED, len: end.saturating_sub(start) as u32 }
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    False,
    True,
    /// A JSON number; its text as written.
    Number,
    /// A JSON string, decoded.
    String,
    /// An XML element without child elements: a string, a number, a boolean or an empty list, as its reader wants it.
    Leaf,
    Array,
    /// A JSON object, or an XML element with child elements.
    Object,
    /// A member whose name came again later: the last one counts.
    Shadowed,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    label: Label,
    text: Span,
    /// Where the value begins in the source.
    at: u32,
    /// The first node after this one's subtree.
    end: NodeId,
    kind: Kind,
}

impl Node {
    const NOTHING: Self =
        Self { label: Label::NONE, text: Span::NONE, at: 0, end: NodeId(NonZeroU32::MAX), kind: Kind::Null };
}

/// Which of the names of a document a node has: two may be alike. Where a reader finds the same name again, it gives the same
/// label, and nothing needs to be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Label(u32);

impl Label {
    /// That of the items of an array and of the root of a JSON document.
    pub(crate) const NONE: Self = Self(0);
}

/// A name.
#[derive(Clone, Copy)]
struct Name {
    span: Span,
    key: Key,
}

impl Name {
    const NONE: Self = Self { span: Span::NONE, key: Key(0) };
}

/// What is compared before a name: names with different keys differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key(u32);

impl Key {
    #[inline(always)]
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let byte = |at: usize| u32::from(bytes.get(at).copied().unwrap_or_default());
        let (middle, last) = (byte(bytes.len() / 2), byte(bytes.len().wrapping_sub(2)));
        Self(bytes.len() as u32 | byte(0) << 8 | middle << 16 | last << 24)
    }

    /// Which bit of 64 stands for it: keys with different bits differ. The factor was searched for: the documented names of a
    /// task, of any of the APIs, all have bits of their own.
    pub(crate) fn bit(self) -> u32 {
        self.0.wrapping_mul(0x0467_3B75) >> 26
    }
}

/// A node of a [`Document`].
///
/// None has the number 0, so that to have none is a number as well, of no more than a word: the module is 300 B
/// smaller for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NodeId(NonZeroU32);

impl NodeId {
    const ROOT: Self = Self(NonZeroU32::MIN);

    fn of(index: usize) -> Self {
        Self(NonZeroU32::new(index as u32).unwrap_or(NonZeroU32::MIN))
    }

    fn index(self) -> usize {
        self.0.get() as usize
    }

    /// The one after it in the text: of an object the first member.
    fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// Something odd that the reader of a format saw: a code, where, and words about it.
pub(crate) struct Oddity {
    pub(crate) code: &'static str,
    pub(crate) node: NodeId,
    pub(crate) at: usize,
    pub(crate) message: String,
}

/// A whole reply, as a tree.
pub(crate) struct Document<'s> {
    format: Format,
    source: &'s str,
    decoded: String,
    /// The first is none.
    nodes: Vec<Node>,
    names: Vec<Name>,
    pub(crate) oddities: Vec<Oddity>,
    steps: OnceCell<Vec<Step>>,
}

/// The text of a body, without its byte-order mark.
///
/// # Errors
/// `limit` for a body over `limits.bytes`, `syntax` for bytes that are not UTF-8.
pub(crate) fn text<'s>(body: &'s [u8], limits: &Limits) -> Result<&'s str, Error> {
    if body.len() > limits.bytes {
        return Err(limits.too_large());
    }
    let text = std::str::from_utf8(body).map_err(|error| not_utf8(body, error.valid_up_to()))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// `body` is UTF-8 up to there.
#[cold]
fn not_utf8(body: &[u8], valid_up_to: usize) -> Error {
    let good = body.get(..valid_up_to).and_then(|good| std::str::from_utf8(good).ok()).unwrap_or_default();
    let good = good.strip_prefix('\u{feff}').unwrap_or(good);
    Error::new(ErrorCode::Syntax, "expected UTF-8, found a byte that is none").at(Place::of(good, good.len()))
}

impl Format {
    /// By the first character after white space: a header may lie, the text cannot.
    pub(crate) fn of(text: &str) -> Self {
        match text.chars().find(|c| !c.is_whitespace()) {
            Some('<') => Self::Xml,
            _ => Self::Json,
        }
    }
}

impl<'s> Document<'s> {
    /// Reads `source`, which [`text`] has checked.
    ///
    /// # Errors
    /// `syntax` where it is not well-formed, `limit` where it is too deep.
    pub(crate) fn read(source: &'s str, format: Format, limits: &Limits) -> Result<Self, Error> {
        match format {
            Format::Json => json::read(source, limits),
            Format::Xml => xml::read(source, limits),
        }
    }

    fn new(format: Format, source: &'s str) -> Self {
        let mut names = Vec::with_capacity(32);
        names.push(Name::NONE);
        let mut nodes = Vec::with_capacity(64);
        nodes.push(Node::NOTHING);
        Self {
            format,
            source,
            decoded: String::new(),
            nodes,
            names,
            oddities: Vec::new(),
            steps: OnceCell::new(),
        }
    }

    fn push(&mut self, name: Span, kind: Kind, text: Span, at: usize) -> NodeId {
        let label = self.new_label(name);
        self.push_labelled(label, kind, text, at)
    }

    #[inline(always)]
    fn push_labelled(&mut self, label: Label, kind: Kind, text: Span, at: usize) -> NodeId {
        let id = self.next();
        if self.nodes.len() == self.nodes.capacity() {
            self.grow(at);
        }
        self.nodes.push(Node { label, text, at: at as u32, end: id.next(), kind });
        id
    }

    fn new_label(&mut self, span: Span) -> Label {
        let key = Key::of(self.stretch(span));
        self.names.push(Name { span, key });
        Label(self.names.len() as u32 - 1)
    }

    /// Room for as many nodes as there will be if the rest of the text is like what lies before `at`, and an eighth more: so
    /// that the list is copied a few times at most, and is hardly larger than it must be. No text has room for many times the
    /// nodes that it had so far by its beginning alone.
    #[cold]
    fn grow(&mut self, at: usize) {
        let count = self.nodes.len();
        let rest = self.source.len().saturating_sub(at);
        let like = count as u64 * rest as u64 / (at as u64 + 1);
        self.nodes.reserve_exact((like / 8 * 9).min(count as u64 * 16) as usize + count / 8 + 64);
    }

    /// A node's label, and the node after its subtree.
    fn label(&self, id: NodeId) -> (Label, NodeId) {
        let node = self.node(id);
        (node.label, node.end)
    }

    fn name_of(&self, label: Label) -> Name {
        self.names.get(label.0 as usize).copied().unwrap_or(Name::NONE)
    }

    /// The node that will be pushed next.
    fn next(&self) -> NodeId {
        NodeId::of(self.nodes.len())
    }

    /// The node that was pushed last.
    fn last(&self) -> NodeId {
        NodeId::of(self.nodes.len().saturating_sub(1))
    }

    /// Ends the subtree of `id` after the last node pushed.
    fn close(&mut self, id: NodeId) {
        let end = self.next();
        if let Some(node) = self.node_mut(id) {
            node.end = end;
        }
    }

    fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(id.index())
    }

    fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id.index()).unwrap_or(&Node::NOTHING)
    }

    fn span(&self, span: Span) -> &str {
        let (buffer, start) = self.place(span);
        slice(buffer, start, start + span.len as usize)
    }

    /// As [`Document::span`]: a text's ends cost a look at characters.
    #[inline(always)]
    fn stretch(&self, span: Span) -> &[u8] {
        let (buffer, start) = self.place(span);
        buffer.as_bytes().get(start..start + span.len as usize).unwrap_or_default()
    }

    /// The buffer it is a stretch of, and where it begins there.
    #[inline(always)]
    fn place(&self, span: Span) -> (&str, usize) {
        match span.start & Span::DECODED {
            0 => (self.source, span.start as usize),
            _ => (self.decoded.as_str(), (span.start & !Span::DECODED) as usize),
        }
    }

    /// The text, borrowed from the source where it stands there as it is.
    // In the module a function, for its size; natively in place, for its time: 3 % of reading a list. So with others of its kind.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn borrow(&self, span: Span) -> Cow<'s, str> {
        match span.start & Span::DECODED {
            0 => {
                let start = span.start as usize;
                Cow::Borrowed(self.source.get(start..start + span.len as usize).unwrap_or_default())
            }
            _ => Cow::Owned(self.span(span).to_owned()),
        }
    }

    pub(crate) fn format(&self) -> Format {
        self.format
    }

    pub(crate) fn source(&self) -> &'s str {
        self.source
    }

    pub(crate) fn root(&self) -> NodeId {
        NodeId::ROOT
    }

    pub(crate) fn kind(&self, id: NodeId) -> Kind {
        self.node(id).kind
    }

    /// The member's or element's name; empty for the items of an array and the root of a JSON document.
    pub(crate) fn name(&self, id: NodeId) -> &str {
        self.span(self.name_of(self.node(id).label).span)
    }

    /// Is it called that?
    pub(crate) fn is_named(&self, id: NodeId, name: &str) -> bool {
        self.is_label_of(self.node(id).label, name, Key::of(name.as_bytes()))
    }

    /// Is a label that of a name, whose key is `key`?
    #[inline]
    pub(crate) fn is_label_of(&self, label: Label, name: &str, key: Key) -> bool {
        let known = self.name_of(label);
        known.key == key && self.reads(known.span, name)
    }

    /// Does that stretch of text read so?
    #[inline(never)]
    fn reads(&self, span: Span, text: &str) -> bool {
        same(self.stretch(span), text.as_bytes())
    }

    /// Are two labels those of one name?
    pub(crate) fn are_alike(&self, a: Label, b: Label) -> bool {
        a == b || {
            let (one, other) = (self.name_of(a), self.name_of(b));
            one.key == other.key && same(self.stretch(one.span), self.stretch(other.span))
        }
    }

    pub(crate) fn label_of(&self, id: NodeId) -> Label {
        self.node(id).label
    }

    pub(crate) fn key_of(&self, label: Label) -> Key {
        self.name_of(label).key
    }

    pub(crate) fn name_cow(&self, id: NodeId) -> Cow<'s, str> {
        self.borrow(self.name_of(self.node(id).label).span)
    }

    /// The text of a string, number or leaf; empty for the rest.
    pub(crate) fn text(&self, id: NodeId) -> &str {
        self.span(self.node(id).text)
    }

    /// As [`Document::text`], where no characters are looked at.
    #[inline(always)]
    pub(crate) fn bytes(&self, id: NodeId) -> &[u8] {
        self.stretch(self.node(id).text)
    }

    #[inline(always)]
    pub(crate) fn text_cow(&self, id: NodeId) -> Cow<'s, str> {
        self.borrow(self.node(id).text)
    }

    /// Where the value begins, in bytes of the source.
    pub(crate) fn at(&self, id: NodeId) -> usize {
        self.node(id).at as usize
    }

    /// The members of an object, the items of an array, the child elements of an element.
    pub(crate) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.kinds_of_children(id).map(|(child, ..)| child)
    }

    /// The same, each with its label and its kind.
    pub(crate) fn kinds_of_children(&self, id: NodeId) -> impl Iterator<Item = (NodeId, Label, Kind)> + '_ {
        let nodes = self.nodes.get(..self.node(id).end.index()).unwrap_or(&self.nodes);
        let mut next = id.next();
        std::iter::from_fn(move || {
            loop {
                let (child, node) = (next, nodes.get(next.index())?);
                next = node.end;
                if node.kind != Kind::Shadowed {
                    return Some((child, node.label, node.kind));
                }
            }
        })
    }

    fn all_children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let end = self.node(id).end.min(self.next());
        let mut next = id.next();
        std::iter::from_fn(move || {
            let child = next;
            next = self.node(child).end;
            (child < end).then_some(child)
        })
    }

    /// The last member of that name.
    pub(crate) fn member(&self, id: NodeId, name: &str) -> Option<NodeId> {
        if self.kind(id) != Kind::Object {
            return None;
        }
        let key = Key::of(name.as_bytes());
        let mut found = None;
        for (child, label, _) in self.kinds_of_children(id) {
            if self.is_label_of(label, name, key) {
                found = Some(child);
            }
        }
        found
    }

    /// Null, an empty string, an element that holds nothing.
    pub(crate) fn is_empty(&self, id: NodeId) -> bool {
        match self.kind(id) {
            Kind::Null => true,
            Kind::String | Kind::Leaf => self.text(id).is_empty(),
            _ => false,
        }
    }

    /// As [`Document::is_empty`], or nothing but white space: for whatever is not a text.
    pub(crate) fn is_blank(&self, id: NodeId) -> bool {
        match self.kind(id) {
            Kind::String | Kind::Leaf => self.stretch(self.node(id).text).trim_ascii_start().is_empty(),
            _ => self.is_empty(id),
        }
    }

    /// What stands there, in words: for messages.
    pub(crate) fn describe(&self, id: NodeId) -> String {
        let words = match self.kind(id) {
            Kind::Null | Kind::Shadowed => "null",
            Kind::False => "false",
            Kind::True => "true",
            Kind::Number => start(self.text(id), 32),
            Kind::String | Kind::Leaf if self.is_blank(id) => "nothing",
            Kind::String | Kind::Leaf => return quote(self.text(id)),
            Kind::Array => "an array",
            Kind::Object if self.format == Format::Xml => "child elements",
            Kind::Object => "an object",
        };
        words.to_owned()
    }

    /// The JSONPath of a node, for XML too.
    pub(crate) fn path(&self, id: NodeId) -> String {
        let mut path = "$".to_owned();
        self.walk_to(id, self.steps.get_or_init(|| self.all_steps()), &mut path);
        path
    }

    fn walk_to(&self, id: NodeId, steps: &[Step], path: &mut String) {
        let Some(step) = steps.get(id.index()).filter(|step| step.parent != id) else { return };
        self.walk_to(step.parent, steps, path);
        if self.kind(step.parent) != Kind::Array {
            push_name(path, self.name(id));
        }
        if let Some(index) = step.index {
            path.push_str(&format!("[{index}]"));
        }
    }

    #[cold]
    fn all_steps(&self) -> Vec<Step> {
        let mut steps = vec![Step { parent: NodeId::ROOT, index: None }; self.nodes.len()];
        for parent in (0..steps.len()).map(NodeId::of) {
            if matches!(self.kind(parent), Kind::Array | Kind::Object) {
                self.number_children(parent, &mut steps);
            }
        }
        steps
    }

    fn number_children(&self, parent: NodeId, steps: &mut [Step]) {
        let is_object = self.format == Format::Json && self.kind(parent) == Kind::Object;
        // ECS writes a list `X` as `<XSet><X/><X/></XSet>`; JSON has an array there even for one, of items without a name.
        let listed = match self.format {
            Format::Xml => self.name(parent).strip_suffix("Set"),
            Format::Json => (!is_object).then_some(""),
        };
        let (mut names, mut firsts) = (Texts::default(), Vec::new());
        for child in self.all_children(parent) {
            let name = self.name(child);
            let mut index = (listed == Some(name)).then_some(0);
            let known = if is_object { None } else { names.add(name) };
            match known.and_then(|known| firsts.get_mut(known)) {
                None => firsts.push((child, 0)),
                Some((first, count)) => {
                    *count += 1;
                    index = Some(*count);
                    if let Some(first) = steps.get_mut(NodeId::index(*first)) {
                        first.index = Some(0);
                    }
                }
            }
            if let Some(step) = steps.get_mut(child.index()) {
                *step = Step { parent, index };
            }
        }
    }
}

/// The items of a list: nodes beside each other, of one name.
pub(crate) struct Items<'d, 's> {
    document: &'d Document<'s>,
    next: NodeId,
    end: NodeId,
    label: Label,
}

impl<'d, 's> Items<'d, 's> {
    pub(crate) fn none(document: &'d Document<'s>) -> Self {
        Self { document, next: NodeId::ROOT, end: NodeId::ROOT, label: Label::NONE }
    }

    /// Of what is inside of `container` all that is called so.
    pub(crate) fn called(document: &'d Document<'s>, container: NodeId, label: Label) -> Self {
        Self { document, next: container.next(), end: document.node(container).end, label }
    }

    /// A single one.
    pub(crate) fn one(document: &'d Document<'s>, item: NodeId) -> Self {
        Self { document, next: item, end: item.next(), label: document.label_of(item) }
    }
}

impl Iterator for Items<'_, '_> {
    type Item = NodeId;

    #[inline(never)]
    fn next(&mut self) -> Option<NodeId> {
        while self.next < self.end {
            let (item, node) = (self.next, self.document.node(self.next));
            self.next = node.end;
            if self.document.are_alike(node.label, self.label) {
                return Some(item);
            }
        }
        None
    }
}

/// How a node is reached from the one above it. Only paths ask for it, and most replies have none to tell, so it is
/// made when the first is asked for: at once for all nodes, so that a million paths cost no more than a million steps.
#[derive(Clone)]
struct Step {
    /// Itself for the root.
    parent: NodeId,
    /// The index of an item among its like.
    index: Option<u32>,
}

/// Are they equal? Names have hardly more than 16 bytes, so that the first and the last eight, or four, are all of them; of an id
/// eight at a time lie between. The comparison that comes with wasm goes byte by byte.
#[inline(always)]
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    // Most that differ do so in length: no call for these.
    a.len() == b.len() && same_of_length(a, b)
}

#[inline(never)]
fn same_of_length(a: &[u8], b: &[u8]) -> bool {
    same_inlined(a, b)
}

/// Where all names pass by: a thirtieth of a list's reading.
#[inline(always)]
fn same_inlined(a: &[u8], b: &[u8]) -> bool {
    let ends = match have_same_ends::<8>(a, b) {
        None => have_same_ends::<4>(a, b),
        ends => ends,
    };
    a.len() == b.len() && ends != Some(false) && (ends.is_some() && a.len() <= 16 || are_same(a, b))
}

#[inline(never)]
fn are_same(a: &[u8], b: &[u8]) -> bool {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks());
    a.iter().eq(b) && a_rest == b_rest
}

/// Nothing, where one is shorter than an end.
#[inline(always)]
fn have_same_ends<const N: usize>(a: &[u8], b: &[u8]) -> Option<bool> {
    let heads = a.first_chunk::<N>()? == b.first_chunk()?;
    Some(heads && a.last_chunk::<N>()? == b.last_chunk()?)
}

/// Sorts the numbers of items by heap: rarely, and the standard library's sorts weigh 3 kB of a module for each kind of item.
#[inline(never)]
pub(crate) fn sort(items: &mut [usize], is_before: &dyn Fn(usize, usize) -> bool) {
    let (mut start, mut end) = (items.len() / 2, items.len());
    while end > 1 {
        if start > 0 {
            start -= 1;
        } else {
            end -= 1;
            items.swap(0, end);
        }
        let (mut parent, mut child) = (start, start * 2 + 1);
        while let Some([first, rest @ ..]) = items.get(child..end) {
            let mut largest = *first;
            if let Some(second) = rest.first().filter(|second| is_before(largest, **second)) {
                largest = *second;
                child += 1;
            }
            if !items.get(parent).is_some_and(|parent| is_before(*parent, largest)) {
                break;
            }
            items.swap(parent, child);
            (parent, child) = (child, child * 2 + 1);
        }
    }
}

/// Adds `.name`, or `["name"]` where the name is not a plain word.
pub(crate) fn push_name(path: &mut String, name: &str) {
    let plain = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"_-".contains(&byte));
    if plain {
        path.push('.');
        path.push_str(name);
        return;
    }
    let quoted = replace(&replace(name, "\\", "\\\\"), "\"", "\\\"");
    path.push_str(&format!("[\"{quoted}\"]"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_names_of_a_task_have_bits_of_their_own() {
        for names in [
            "TaskId TaskStatus TaskAction CreationTime FinishedTime SupportCancel ResourceId TaskProcess TotalCount \
             SuccessCount FailedCount OperationProgressSet RegionId RequestId Source FailedReason TaskGroupId ResourceIds",
            "OperationStatus ErrorCode ErrorMsg RelatedItemSet",
            "TaskId TaskStatus TaskType TaskName TaskDescription TaskPriority TaskDetail TaskResult ErrorMessage Progress \
             StartTime CompleteTime ExpireTime ExecutionId RequestId",
            "taskId status taskAction error createTime resourceId resourceType product resourcePath regionId",
        ] {
            let bits = names.split(' ').fold(0u64, |bits, name| bits | 1 << Key::of(name.as_bytes()).bit());
            assert_eq!(bits.count_ones() as usize, names.split(' ').count(), "{names}");
        }
    }

    #[test]
    fn whatever_is_sorted_comes_in_order() {
        for count in 0..50 {
            let mut items: Vec<usize> = (0..count).map(|number| number * 7 % 11).collect();
            let mut expected = items.clone();
            expected.sort_unstable();
            sort(&mut items, &|a, b| a < b);
            assert_eq!(items, expected);
        }
    }

    #[test]
    fn names_of_every_length_are_the_same_only_if_they_are() {
        for length in 0..40 {
            let name: Vec<u8> = (b'a'..).take(length).collect();
            assert!(same(&name, &name.clone()));
            assert!(!same(&name, &[&name[..], b"x"].concat()));
            for place in 0..length {
                let other: Vec<u8> =
                    (0..).zip(&name).map(|(at, byte)| byte ^ u8::from(at == place)).collect();
                assert!(!same(&name, &other), "{length}, {place}");
            }
        }
    }
}
