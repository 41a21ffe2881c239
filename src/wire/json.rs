//! JSON text → [`Document`].
//!
//! One pass over the bytes, by the grammar of RFC 8259. Two things the grammar allows are read and reported: an escape of
//! half a surrogate pair, for which U+FFFD stands, and a number that no double can hold, which is kept as text. What breaks
//! the grammar is told in serde_json's words at serde_json's place, for these are what Rust's users know; the tests read the
//! same texts with both.

use super::{Document, Format, Kind, Label, Limits, NodeId, Oddity, Span, same_inlined, sort};
use crate::error::{Error, ErrorCode, Place};
use crate::text::slice;

/// # Errors
/// `syntax` with the place where the grammar breaks, `limit` where the nesting is too deep.
pub(crate) fn read<'s>(source: &'s str, limits: &Limits) -> Result<Document<'s>, Error> {
    let mut scanner = Scanner {
        document: Document::new(Format::Json, source),
        source,
        bytes: source.as_bytes(),
        label: Label::NONE,
        open: Open { id: NodeId::ROOT, inside: Inside::Nothing, members: 0, names: 0, before: NodeId::ROOT },
        within: NodeId::ROOT,
        outer: Vec::with_capacity(8),
        last_surrogate: None,
        stop: (TOO_DEEP, 0),
    };
    if scanner.document(limits.depth).is_some() {
        return Ok(scanner.document);
    }
    let (words, at) = scanner.stop;
    let place = Place::of(source, at);
    Err(match words {
        TOO_DEEP => limits.too_deep(place),
        words => Error::new(ErrorCode::Syntax, format!("json: {words}")).at(place),
    })
}

/// Stands for the words of [`Limits::too_deep`].
const TOO_DEEP: &str = "";

#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Object,
    Array,
    /// Around all there is.
    Nothing,
}

/// An object or an array with something in it, not closed yet.
struct Open {
    id: NodeId,
    inside: Inside,
    /// How many members, and a bit for each of their names: as many bits as members, if no two have one name.
    members: u32,
    names: u64,
    /// What to compare with: of an array the last object in it, of an object the member whose name is likely to come next.
    /// Any node will do, see [`Scanner::name_again`].
    before: NodeId,
}

impl Open {
    /// Field by field: 24 bytes in one are a call to the engine, and three of these an object made a list take a twentieth longer.
    #[inline(always)]
    fn replace(&mut self, next: Self) -> Self {
        let before = Self {
            id: self.id,
            inside: self.inside,
            members: self.members,
            names: self.names,
            before: self.before,
        };
        (self.id, self.inside, self.members, self.names, self.before) =
            (next.id, next.inside, next.members, next.names, next.before);
        before
    }
}

/// Most of its functions are told where to begin, and tell where they ended. What reads a list's plain values is one function by
/// force of `inline(always)`: compiled for size it would be seven, and reading a list would take a twentieth longer.
struct Scanner<'s> {
    document: Document<'s>,
    source: &'s str,
    bytes: &'s [u8],
    /// That of the value to come.
    label: Label,
    /// What to compare with inside of the value to come, as [`Open::before`].
    within: NodeId,
    /// The innermost, and what is around it.
    open: Open,
    outer: Vec<Open>,
    /// Where half a surrogate pair was reported: once a value is enough.
    last_surrogate: Option<NodeId>,
    /// Why it goes no further, and at which byte: what it is reading is `None` then.
    stop: (&'static str, usize),
}

impl Scanner<'_> {
    fn document(&mut self, depth: usize) -> Option<()> {
        let mut at = 0;
        loop {
            at = self.past_space(at);
            let (after, is_whole) = match self.byte(at) {
                Some(b'"') => (self.text(at)?, true),
                Some(b'{') => self.open(Kind::Object, at, depth)?,
                Some(b'[') => self.open(Kind::Array, at, depth)?,
                Some(b'-' | b'0'..=b'9') => (self.number(at)?, true),
                Some(b't') => (self.word(b"true", Kind::True, at)?, true),
                Some(b'f') => (self.word(b"false", Kind::False, at)?, true),
                Some(b'n') => (self.word(b"null", Kind::Null, at)?, true),
                Some(_) => return self.broken("expected value", at),
                None => return self.cut_off("EOF while parsing a value"),
            };
            at = after;
            if is_whole {
                match self.next(at)? {
                    Some(next) => at = next,
                    None => return Some(()),
                }
            }
            at = match self.open.inside {
                Inside::Object => self.name(at, is_whole)?,
                _ => self.item(at)?,
            };
        }
    }

    /// After a whole value: what stands behind the comma that follows it, when all is closed that ends before. `None` at the end of
    /// the text.
    #[inline(always)]
    fn next(&mut self, mut at: usize) -> Option<Option<usize>> {
        loop {
            at = self.past_space(at);
            match (self.byte(at), self.open.inside) {
                (Some(b','), Inside::Object | Inside::Array) => return Some(Some(self.past_space(at + 1))),
                (Some(b'}'), Inside::Object) | (Some(b']'), Inside::Array) => self.close(),
                (Some(_), Inside::Object) => return self.broken("expected `,` or `}`", at),
                (Some(_), Inside::Array) => return self.broken("expected `,` or `]`", at),
                (Some(_), Inside::Nothing) => return self.broken("trailing characters", at),
                (None, Inside::Nothing) => return Some(None),
                (None, inside) => return self.unclosed(inside),
            }
            at += 1;
        }
    }

    /// Where a value that holds others begins inside, or goes on where it is whole, for there are none; and whether it is.
    fn open(&mut self, kind: Kind, at: usize, depth: usize) -> Option<(usize, bool)> {
        if self.outer.len() >= depth {
            return self.broken(TOO_DEEP, at);
        }
        let id = self.push(kind, Span::NONE, at);
        let before = match self.open.inside {
            Inside::Array => std::mem::replace(&mut self.open.before, id).next(),
            _ => self.within,
        };
        let is_object = kind == Kind::Object;
        let inside = if is_object { Inside::Object } else { Inside::Array };
        let at = self.past_space(at + 1);
        match (self.byte(at), inside) {
            (Some(b'}'), Inside::Object) | (Some(b']'), Inside::Array) => return Some((at + 1, true)),
            (None, inside) => return self.unclosed(inside),
            (Some(_), _) => {}
        }
        let outer = self.open.replace(Open { id, inside, members: 0, names: 0, before });
        self.outer.push(outer);
        Some((at, false))
    }

    fn close(&mut self) {
        let Some(outer) = self.outer.pop() else { return };
        let open = self.open.replace(outer);
        self.document.close(open.id);
        if open.inside == Inside::Object && open.names.count_ones() != open.members {
            self.shadow_duplicates(open.id);
        }
    }

    /// In an array: no name.
    fn item(&mut self, at: usize) -> Option<usize> {
        self.label = Label::NONE;
        match self.byte(at) {
            Some(b']') => self.broken("trailing comma", at),
            Some(_) => Some(at),
            None => self.cut_off("EOF while parsing a value"),
        }
    }

    /// The name of the value to come, and its colon.
    #[inline(always)]
    fn name(&mut self, at: usize, is_after_comma: bool) -> Option<usize> {
        match self.name_again(at) {
            Some(after) => Some(after),
            None => self.new_name(at, is_after_comma),
        }
    }

    /// The objects of a list have the same names in the same order: where the text goes on as it did in the one before,
    /// quotes and colon included, the name is known already.
    #[inline(always)]
    fn name_again(&mut self, at: usize) -> Option<usize> {
        let open = &mut self.open;
        let (label, next) = self.document.label(open.before);
        let name = self.document.name_of(label);
        let start = (name.span.start as usize).wrapping_sub("\"".len());
        let length = "\"".len() + name.span.len as usize + "\":".len();
        let before = self.bytes.get(start..)?.get(..length)?;
        if !same_inlined(before, self.bytes.get(at..)?.get(..length)?) {
            return None;
        }
        self.label = label;
        self.within = open.before.next();
        open.members += 1;
        open.names |= 1 << name.key.bit();
        open.before = next;
        Some(at + length)
    }

    fn new_name(&mut self, at: usize, is_after_comma: bool) -> Option<usize> {
        match self.byte(at) {
            Some(b'"') => {}
            Some(b'}') if is_after_comma => return self.broken("trailing comma", at),
            Some(_) => return self.broken("key must be a string", at),
            None => return self.cut_off("EOF while parsing a value"),
        }
        let (span, after) = self.string(at + 1, self.document.last())?;
        self.label = self.document.new_label(span);
        let key = self.document.name_of(self.label).key;
        self.open.members += 1;
        self.open.names |= 1 << key.bit();
        // Where the one before had another member in between, this one is found again behind that.
        let (_, skipped) = self.document.label(self.open.before);
        let (label, next) = self.document.label(skipped);
        if self.document.name_of(label).key == key {
            self.open.before = next;
        }
        let colon = self.past_space(after);
        match self.byte(colon) {
            Some(b':') => Some(colon + 1),
            Some(_) => self.broken("expected `:`", colon),
            None => self.cut_off("EOF while parsing an object"),
        }
    }

    #[inline(always)]
    fn push(&mut self, kind: Kind, text: Span, at: usize) -> NodeId {
        self.document.push_labelled(self.label, kind, text, at)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Mostly there is none.
    #[inline(always)]
    fn past_space(&self, at: usize) -> usize {
        match self.byte(at) {
            Some(byte) if byte > b' ' => at,
            _ => self.skip_space(at),
        }
    }

    fn skip_space(&self, mut at: usize) -> usize {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.byte(at) {
            at += 1;
        }
        at
    }

    fn unclosed<T>(&mut self, inside: Inside) -> Option<T> {
        match inside {
            Inside::Object => self.cut_off("EOF while parsing an object"),
            _ => self.cut_off("EOF while parsing a list"),
        }
    }

    fn cut_off<T>(&mut self, words: &'static str) -> Option<T> {
        self.broken(words, self.bytes.len())
    }

    fn broken<T>(&mut self, words: &'static str, at: usize) -> Option<T> {
        self.stop_at(words, at);
        None
    }

    #[cold]
    #[inline(never)]
    fn stop_at(&mut self, words: &'static str, at: usize) {
        self.stop = (words, at);
    }

    fn word(&mut self, word: &[u8], kind: Kind, at: usize) -> Option<usize> {
        for (place, expected) in (at..).zip(word) {
            match self.byte(place) {
                Some(byte) if byte == *expected => {}
                Some(_) => return self.broken("expected ident", place),
                None => return self.cut_off("EOF while parsing a value"),
            }
        }
        self.push(kind, Span::NONE, at);
        Some(at + word.len())
    }

    fn number(&mut self, at: usize) -> Option<usize> {
        let first = self.past_one_of(b"-", at);
        let mut end = self.digits(first)?;
        if end > first + 1 && self.byte(first) == Some(b'0') {
            return self.broken("invalid number", first + 1);
        }
        if self.byte(end) == Some(b'.') {
            end = self.digits(end + 1)?;
        }
        let has_exponent = matches!(self.byte(end), Some(b'e' | b'E'));
        if has_exponent {
            end = self.digits(self.past_one_of(b"+-", end + 1))?;
        }
        let text = Span::source(at, end);
        let may_be_large = has_exponent || end - at > LARGEST.1 as usize;
        let is_kept = may_be_large && is_out_of_range(self.bytes.get(at..end).unwrap_or_default());
        let node = self.push(if is_kept { Kind::String } else { Kind::Number }, text, at);
        if is_kept {
            let message = "a number that no double can hold; its text is kept".to_owned();
            self.document.oddities.push(Oddity { code: "number-out-of-range", node, at, message });
        }
        Some(end)
    }

    fn past_one_of(&self, bytes: &[u8], at: usize) -> usize {
        at + usize::from(self.byte(at).is_some_and(|byte| bytes.contains(&byte)))
    }

    /// One digit or more.
    fn digits(&mut self, at: usize) -> Option<usize> {
        let mut end = at;
        while let Some(b'0'..=b'9') = self.byte(end) {
            end += 1;
        }
        match self.byte(end) {
            _ if end > at => Some(end),
            Some(_) => self.broken("invalid number", end),
            None => self.cut_off("EOF while parsing a value"),
        }
    }

    /// A string that is a value.
    #[inline(always)]
    fn text(&mut self, at: usize) -> Option<usize> {
        let end = string_end(self.bytes, at + 1);
        let (text, after) = match self.byte(end) {
            Some(b'"') => (Span::source(at + 1, end), end + 1),
            _ => self.decode(at + 1, end, self.document.next())?,
        };
        self.push(Kind::String, text, at);
        Some(after)
    }

    /// From behind the opening quote to behind the closing one. Half a surrogate pair is reported at `node`.
    fn string(&mut self, at: usize, node: NodeId) -> Option<(Span, usize)> {
        let end = string_end(self.bytes, at);
        match self.byte(end) {
            Some(b'"') => Some((Span::source(at, end), end + 1)),
            _ => self.decode(at, end, node),
        }
    }

    /// A string with escapes, of which those from `start` to `at` are plain: into the side buffer.
    #[cold]
    fn decode(&mut self, mut start: usize, mut at: usize, node: NodeId) -> Option<(Span, usize)> {
        let from = self.document.decoded.len();
        loop {
            let byte = self.byte(at);
            if let Some(b'"' | b'\\') = byte {
                self.document.decoded.push_str(slice(self.source, start, at));
            }
            start = match byte {
                Some(b'"') => return Some((Span::decoded(from, self.document.decoded.len()), at + 1)),
                Some(b'\\') => self.escape(at, node)?,
                Some(_) => {
                    let words = "control character (\\u0000-\\u001F) found while parsing a string";
                    return self.broken(words, at);
                }
                None => return self.cut_off("EOF while parsing a string"),
            };
            at = string_end(self.bytes, start);
        }
    }

    fn escape(&mut self, at: usize, node: NodeId) -> Option<usize> {
        let c = match self.byte(at + 1) {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(at, node),
            Some(_) => return self.broken("invalid escape", at + 1),
            None => return self.cut_off("EOF while parsing a string"),
        };
        self.document.decoded.push(c);
        Some(at + 2)
    }

    /// A UTF-16 unit, together with the one that follows if the two are a pair.
    fn unicode(&mut self, at: usize, node: NodeId) -> Option<usize> {
        let bytes = self.bytes;
        let unit = |at: usize| match bytes.get(at..)?.first_chunk::<6>()? {
            [b'\\', b'u', digits @ ..] => hex(digits),
            _ => None,
        };
        if bytes.len() < at + 6 {
            return self.cut_off("EOF while parsing a string");
        }
        let Some(high) = unit(at) else { return self.broken("invalid escape", at + 5) };
        if let (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) = (high, unit(at + 6)) {
            let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            self.document.decoded.extend(char::from_u32(code));
            return Some(at + 12);
        }
        let c = char::from_u32(high);
        if c.is_none() && self.last_surrogate != Some(node) {
            self.last_surrogate = Some(node);
            let message = "half of a surrogate pair; U+FFFD stands in its place".to_owned();
            self.document.oddities.push(Oddity { code: "lone-surrogate", node, at, message });
        }
        self.document.decoded.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
        Some(at + 6)
    }

    /// The last of several members of one name counts, as in JavaScript; the others are passed over from here on.
    #[cold]
    fn shadow_duplicates(&mut self, object: NodeId) {
        const FEW: usize = 16;
        let mut members = Vec::new();
        for member in self.document.children(object) {
            members.push(member.index());
        }
        let few = members.len() <= FEW;
        if !few {
            // Those of one name in the order of the text.
            let name = |member| self.document.name(NodeId::of(member));
            sort(&mut members, &|a, b| (name(a), a) < (name(b), b));
        }
        for (index, member) in members.iter().enumerate() {
            let later = members.get(index + 1..).unwrap_or_default();
            let later = if few { later } else { later.get(..1).unwrap_or_default() };
            let name = |member: usize| self.document.name(NodeId::of(member));
            let Some(by) = later.iter().rev().find(|other| name(**other) == name(*member)) else { continue };
            let (member, by) = (NodeId::of(*member), NodeId::of(*by));
            let message = format!(
                "the name comes more than once; the last value counts, not {}",
                self.document.describe(member)
            );
            let at = self.document.at(by);
            self.document.oddities.push(Oddity { code: "duplicate-key", node: by, at, message });
            if let Some(node) = self.document.node_mut(member) {
                node.kind = Kind::Shadowed;
            }
        }
    }
}

/// From `at` on, the first byte that a string cannot simply go over: a quote, a backslash, a control character.
///
/// Eight bytes at a time: taking one from a zero, or a space from a control character, sets a byte's high bit, and so does what is
/// borrowed then, but only above the first that is found. Bytes with the high bit set before are none of these.
#[inline(always)]
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::MAX / 0xFF;
    while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let word = u64::from_le_bytes(*eight);
        let less_one = |byte: u8| (word ^ (ONES * u64::from(byte))).wrapping_sub(ONES);
        let found = less_one(b'"') | less_one(b'\\') | word.wrapping_sub(ONES * u64::from(b' '));
        let found = found & !word & (ONES << 7);
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0..b' ')) {
        at += 1;
    }
    at
}

fn hex(digits: &[u8; 4]) -> Option<u32> {
    digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
}

/// The first digits of 2^1024 - 2^970, and its power of ten: from there on a number is rounded to infinity, not to the largest
/// double.
const LARGEST: (&[u8], i64) = (b"1797693134862315807937289714053034", 308);

/// Is a well-formed JSON number larger than any double? Found from its digits: no float is made. Without an exponent it takes
/// more than 308 of them.
#[cold]
fn is_out_of_range(number: &[u8]) -> bool {
    let (mut digits, mut whole, mut exponent) = (Vec::new(), None, None::<i64>);
    let mut is_negative = false;
    for byte in number {
        match (byte, &mut exponent) {
            (b'0'..=b'9', None) => digits.push(*byte),
            // Beyond 31 bits the digits of no 1 GiB document could bring it back into range.
            (b'0'..=b'9', Some(size)) => {
                *size = (*size * 10 + i64::from(byte - b'0')).min(i64::from(i32::MAX))
            }
            (b'.', _) => whole = Some(digits.len()),
            (b'e' | b'E', _) => exponent = Some(0),
            (b'-', Some(_)) => is_negative = true,
            _ => {}
        }
    }
    let Some(zeros) = digits.iter().position(|digit| *digit != b'0') else { return false };
    let (whole, size) = (whole.unwrap_or(digits.len()), exponent.unwrap_or_default());
    let magnitude = whole as i64 - 1 - zeros as i64 + if is_negative { -size } else { size };
    magnitude > LARGEST.1 || (magnitude == LARGEST.1 && digits.get(zeros..) >= Some(LARGEST.0))
}
