//! JSON text → [`Document`].
//!
//! One pass over the bytes, by the grammar of RFC 8259. Two things the grammar allows are read and reported: an escape of
//! half a surrogate pair, for which U+FFFD stands, and a number that no double can hold, which is kept as text. What breaks
//! the grammar is told in serde_json's words at serde_json's place, for these are what Rust's users know; the tests read the
//! same texts with both.

use super::{Document, Format, Key, Kind, Limits, NodeId, Oddity, Span};
use crate::error::{Error, ErrorCode, Place};

/// # Errors
/// `syntax` with the place where the grammar breaks, `limit` where the nesting is too deep.
pub(crate) fn read<'s>(source: &'s str, limits: &Limits) -> Result<Document<'s>, Error> {
    let mut scanner = Scanner {
        document: Document::new(Format::Json, source),
        source,
        bytes: source.as_bytes(),
        at: 0,
        name: (Span::NONE, Key::NONE),
        open: Vec::new(),
        last_surrogate: None,
    };
    match scanner.document(limits.depth) {
        Ok(()) => Ok(scanner.document),
        Err(Stop::TooDeep) => Err(limits.too_deep(Place::of(source, scanner.at))),
        Err(Stop::Broken(words, at)) => {
            Err(Error::new(ErrorCode::Syntax, format!("json: {words}")).at(Place::of(source, at)))
        }
    }
}

/// Why it goes no further.
enum Stop {
    TooDeep,
    /// The grammar, in words, and at which byte.
    Broken(&'static str, usize),
}

/// An object or an array with something in it, not closed yet.
struct Open {
    id: NodeId,
    is_object: bool,
    /// How many members, and a bit for each of their names: as many bits as members, if no two have one name.
    members: u32,
    names: u64,
    /// What to compare with: of an array the last object in it, of an object the member whose name is likely to come next.
    /// Any node will do, see [`Scanner::label_again`].
    before: NodeId,
}

struct Scanner<'s> {
    document: Document<'s>,
    source: &'s str,
    bytes: &'s [u8],
    /// The next byte.
    at: usize,
    /// The name of the value to come.
    name: (Span, Key),
    open: Vec<Open>,
    /// Where half a surrogate pair was reported: once a value is enough.
    last_surrogate: Option<NodeId>,
}

impl Scanner<'_> {
    fn document(&mut self, depth: usize) -> Result<(), Stop> {
        loop {
            let is_whole = self.value(depth)?;
            if is_whole && !self.next()? {
                return Ok(());
            }
        }
    }

    /// Reads a value, or the beginning of one that holds others: tells whether it is whole.
    fn value(&mut self, depth: usize) -> Result<bool, Stop> {
        match self.peek() {
            Some(b'"') => {
                let at = self.at;
                self.at += 1;
                let text = self.string(self.document.next())?;
                self.push(Kind::String, text, at);
            }
            Some(b'{') => return self.open(Kind::Object, b'}', depth),
            Some(b'[') => return self.open(Kind::Array, b']', depth),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word(b"true", Kind::True)?,
            Some(b'f') => self.word(b"false", Kind::False)?,
            Some(b'n') => self.word(b"null", Kind::Null)?,
            Some(_) => return Err(self.broken("expected value")),
            None => return Err(self.cut_off("EOF while parsing a value")),
        }
        Ok(true)
    }

    fn open(&mut self, kind: Kind, end: u8, depth: usize) -> Result<bool, Stop> {
        if self.open.len() >= depth {
            return Err(Stop::TooDeep);
        }
        let is_object = kind == Kind::Object;
        let id = self.push(kind, Span::NONE, self.at);
        let before = match self.open.last_mut() {
            Some(list) if !list.is_object => std::mem::replace(&mut list.before, id).next(),
            _ => id,
        };
        self.at += 1;
        match self.peek() {
            Some(byte) if byte == end => {
                self.at += 1;
                return Ok(true);
            }
            None if is_object => return Err(self.cut_off("EOF while parsing an object")),
            None => return Err(self.cut_off("EOF while parsing a list")),
            Some(_) => self.open.push(Open { id, is_object, members: 0, names: 0, before }),
        }
        self.label(is_object)?;
        Ok(false)
    }

    /// After a whole value: moves to the one that follows it, closing what ends before it. False at the end of the text.
    fn next(&mut self) -> Result<bool, Stop> {
        loop {
            let byte = self.peek();
            let Some(open) = self.open.last() else {
                return if byte.is_none() { Ok(false) } else { Err(self.broken("trailing characters")) };
            };
            let is_object = open.is_object;
            match byte {
                Some(b',') => {
                    self.at += 1;
                    return match self.peek() {
                        None => Err(self.cut_off("EOF while parsing a value")),
                        Some(b'}') if is_object => Err(self.broken("trailing comma")),
                        Some(b']') if !is_object => Err(self.broken("trailing comma")),
                        Some(_) => self.label(is_object).map(|()| true),
                    };
                }
                Some(b'}') if is_object => self.close(),
                Some(b']') if !is_object => self.close(),
                Some(_) if is_object => return Err(self.broken("expected `,` or `}`")),
                Some(_) => return Err(self.broken("expected `,` or `]`")),
                None if is_object => return Err(self.cut_off("EOF while parsing an object")),
                None => return Err(self.cut_off("EOF while parsing a list")),
            }
        }
    }

    fn close(&mut self) {
        self.at += 1;
        let Some(open) = self.open.pop() else { return };
        self.document.close(open.id);
        if open.is_object && open.names.count_ones() != open.members {
            self.shadow_duplicates(open.id);
        }
    }

    /// Reads the name of the value to come, and its colon; an item of an array has none.
    fn label(&mut self, is_member: bool) -> Result<(), Stop> {
        if !is_member {
            self.name = (Span::NONE, Key::NONE);
            return Ok(());
        }
        if self.label_again() {
            return Ok(());
        }
        if self.byte() != Some(b'"') {
            return Err(self.broken("key must be a string"));
        }
        self.at += 1;
        let span = self.string(self.document.last())?;
        let key = Key::of(self.document.bytes(span));
        self.name = (span, key);
        if let Some(open) = self.open.last_mut() {
            open.members += 1;
            open.names |= 1 << key.bit();
            // Where the one before had another member in between, this one is found again behind that.
            let (_, _, skipped) = self.document.label(open.before);
            let (_, known, next) = self.document.label(skipped);
            if known == key {
                open.before = next;
            }
        }
        match self.peek() {
            Some(b':') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(self.broken("expected `:`")),
            None => Err(self.cut_off("EOF while parsing an object")),
        }
    }

    /// The objects of a list have the same names in the same order: where the text goes on as it did in the one before,
    /// quotes and colon included, the name is known already. It spares a third of the time of reading a list.
    fn label_again(&mut self) -> bool {
        let Some(open) = self.open.last_mut() else { return false };
        let (name, key, next) = self.document.label(open.before);
        let start = (name.start as usize).wrapping_sub("\"".len());
        let length = "\"".len() + name.len as usize + "\":".len();
        let before = self.bytes.get(start..).and_then(|before| before.get(..length));
        let here = self.bytes.get(self.at..self.at + length);
        let is_again = before.zip(here).is_some_and(|(before, here)| super::same(before, here));
        if is_again {
            self.at += length;
            self.name = (name, key);
            open.members += 1;
            open.names |= 1 << key.bit();
            open.before = next;
        }
        is_again
    }

    fn push(&mut self, kind: Kind, text: Span, at: usize) -> NodeId {
        let (name, key) = self.name;
        self.document.push_keyed(name, key, kind, text, at)
    }

    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    fn broken(&self, words: &'static str) -> Stop {
        Stop::Broken(words, self.at)
    }

    fn cut_off(&self, words: &'static str) -> Stop {
        Stop::Broken(words, self.bytes.len())
    }

    fn word(&mut self, word: &[u8], kind: Kind) -> Result<(), Stop> {
        let at = self.at;
        for expected in word {
            match self.byte() {
                Some(byte) if byte == *expected => self.at += 1,
                Some(_) => return Err(self.broken("expected ident")),
                None => return Err(self.cut_off("EOF while parsing a value")),
            }
        }
        self.push(kind, Span::NONE, at);
        Ok(())
    }

    fn number(&mut self) -> Result<(), Stop> {
        let at = self.at;
        self.skip(b"-");
        let first = self.at;
        self.digits()?;
        if self.at > first + 1 && self.bytes.get(first) == Some(&b'0') {
            return Err(Stop::Broken("invalid number", first + 1));
        }
        if self.skip(b".") {
            self.digits()?;
        }
        if self.skip(b"eE") {
            self.skip(b"+-");
            self.digits()?;
        }
        let text = Span::source(at, self.at);
        if !is_out_of_range(self.source.get(at..self.at).unwrap_or_default()) {
            self.push(Kind::Number, text, at);
            return Ok(());
        }
        let node = self.push(Kind::String, text, at);
        let message = "a number that no double can hold; its text is kept".to_owned();
        self.document.oddities.push(Oddity { code: "number-out-of-range", node, at, message });
        Ok(())
    }

    fn skip(&mut self, any: &[u8]) -> bool {
        let found = self.byte().is_some_and(|byte| any.contains(&byte));
        self.at += usize::from(found);
        found
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<(), Stop> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.byte() {
            self.at += 1;
        }
        match self.byte() {
            _ if self.at > start => Ok(()),
            Some(_) => Err(self.broken("invalid number")),
            None => Err(self.cut_off("EOF while parsing a value")),
        }
    }

    /// From behind the opening quote to behind the closing one. Half a surrogate pair is reported at `node`.
    #[inline]
    fn string(&mut self, node: NodeId) -> Result<Span, Stop> {
        let start = self.at;
        self.at = string_end(self.bytes, start);
        if self.byte() == Some(b'"') {
            self.at += 1;
            return Ok(Span::source(start, self.at - 1));
        }
        self.decode(start, node)
    }

    /// A string with escapes: into the side buffer.
    fn decode(&mut self, mut start: usize, node: NodeId) -> Result<Span, Stop> {
        let from = self.document.decoded.len();
        loop {
            let byte = self.byte();
            if let Some(b'"' | b'\\') = byte {
                let plain = self.source.get(start..self.at).unwrap_or_default();
                self.document.decoded.push_str(plain);
            }
            match byte {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Span::decoded(from, self.document.decoded.len()));
                }
                Some(b'\\') => {
                    let c = self.escape(node)?;
                    self.document.decoded.push(c);
                }
                Some(_) => {
                    return Err(
                        self.broken("control character (\\u0000-\\u001F) found while parsing a string")
                    );
                }
                None => return Err(self.cut_off("EOF while parsing a string")),
            }
            start = self.at;
            self.at = string_end(self.bytes, start);
        }
    }

    fn escape(&mut self, node: NodeId) -> Result<char, Stop> {
        let at = self.at;
        self.at += 1;
        let c = match self.byte() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let digits = self.bytes.get(at + 2..at + 6);
                let digits = digits.ok_or_else(|| self.cut_off("EOF while parsing a string"))?;
                let unit = hex(digits).ok_or(Stop::Broken("invalid escape", at + 5))?;
                self.at = at + 6;
                return Ok(self.unpaired(unit, at, node));
            }
            Some(_) => return Err(self.broken("invalid escape")),
            None => return Err(self.cut_off("EOF while parsing a string")),
        };
        self.at += 1;
        Ok(c)
    }

    /// The character of a UTF-16 unit, together with the escape that follows if the two are a pair.
    fn unpaired(&mut self, unit: u32, at: usize, node: NodeId) -> char {
        let low = match (unit, self.bytes.get(self.at..self.at + 6)) {
            (0xD800..=0xDBFF, Some([b'\\', b'u', digits @ ..])) => hex(digits),
            _ => None,
        };
        if let Some(low @ 0xDC00..=0xDFFF) = low {
            self.at += 6;
            let code = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        }
        if let Some(c) = char::from_u32(unit) {
            return c;
        }
        if self.last_surrogate != Some(node) {
            self.last_surrogate = Some(node);
            let message = "half of a surrogate pair; U+FFFD stands in its place".to_owned();
            self.document.oddities.push(Oddity { code: "lone-surrogate", node, at, message });
        }
        char::REPLACEMENT_CHARACTER
    }

    /// The last of several members of one name counts, as in JavaScript; the others are passed over from here on.
    fn shadow_duplicates(&mut self, object: NodeId) {
        const FEW: usize = 16;
        let document = &self.document;
        let mut members: Vec<NodeId> = document.children(object).collect();
        let few = members.len() <= FEW;
        if !few {
            document.sort_by_name(&mut members);
        }
        let mut shadowed = Vec::new();
        for (index, member) in members.iter().enumerate() {
            let later = members.get(index + 1..).unwrap_or_default();
            let later = if few { later } else { later.get(..1).unwrap_or_default() };
            let name = document.name(*member);
            if let Some(last) = later.iter().rev().find(|other| document.is_named(**other, name)) {
                shadowed.push((*member, *last));
            }
        }
        for (member, by) in shadowed {
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
/// Eight bytes at a time: a byte is one of these where its high bit is set in what is `found`; a borrow can set only higher
/// ones than the first (Mycroft's test for a zero byte).
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::MAX / 0xFF;
    while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let word = u64::from_le_bytes(*eight);
        let (quote, backslash) = (word ^ (ONES * b'"' as u64), word ^ (ONES * b'\\' as u64));
        let found = quote.wrapping_sub(ONES) & !quote
            | backslash.wrapping_sub(ONES) & !backslash
            | word.wrapping_sub(ONES * b' ' as u64) & !word;
        let found = found & (ONES << 7);
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

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
}

/// Is a well-formed JSON number larger than any double? Found from its digits: no float is made.
fn is_out_of_range(number: &str) -> bool {
    /// The first digits of 2^1024 - 2^970: from there on a number is rounded to infinity, not to the largest double.
    const LARGEST: (&str, i64) = ("1797693134862315807937289714053034", 308);
    let Some((mantissa, exponent)) = number.split_once(['e', 'E']).or_else(|| {
        // Without an exponent it takes that many digits.
        (number.len() > LARGEST.1 as usize).then_some((number, "0"))
    }) else {
        return false;
    };
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return false;
    }
    let is_negative = exponent.starts_with('-');
    let size = exponent.trim_start_matches(['+', '-']);
    // Beyond 31 bits the digits of no 1 GiB document could bring it back into range.
    let size = size.bytes().fold(0, |size: i64, digit| {
        (size * 10 + i64::from(digit - b'0')).min(i64::from(i32::MAX))
    });
    let leading_zeros = (digits.len() - significant.len()) as i64;
    let magnitude = whole.len() as i64 - 1 - leading_zeros + if is_negative { -size } else { size };
    magnitude > LARGEST.1 || (magnitude == LARGEST.1 && significant >= LARGEST.0)
}
