//! JSON text → [`Document`].
//!
//! serde_json checks the grammar of RFC 8259 and decodes the strings; [`Builder`] writes down what it reports. serde has
//! no word for places, so a cursor follows along in the same text: between two values there are only white space,
//! commas, colons and brackets, and a string without escapes says itself where it stands.
//!
//! Two things RFC 8259 allows stop serde_json: an escape of half a surrogate pair, and a number no double can hold. Only
//! when it stops is the text searched for these; they are replaced by something of the same length, and read again.

use super::{Document, Format, Kind, Limits, NodeId, Oddity, Span};
use crate::error::{Error, ErrorCode, Place};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// # Errors
/// `syntax` with the place where the grammar breaks, `limit` where the nesting is too deep.
pub(crate) fn read<'s>(source: &'s str, limits: &Limits) -> Result<Document<'s>, Error> {
    match build(source, source, &[], limits) {
        Err(error) if error.code() == ErrorCode::Syntax => match mend(source) {
            Some((mended, mends)) => build(source, &mended, &mends, limits),
            None => Err(error),
        },
        read => read,
    }
}

/// Reads `text`, which is `source` or its mended copy: the same length, and alike outside of the mends.
fn build<'s>(source: &'s str, text: &str, mends: &[Mend], limits: &Limits) -> Result<Document<'s>, Error> {
    // A guess that spares the list most of its growing; a wrong one costs only that.
    let document = Document::new(Format::Json, source, source.len() / 24 + 4);
    let mut builder = Builder { document, text, cursor: 0, depth: limits.depth, too_deep: None, mends };
    let mut json = serde_json::Deserializer::from_str(text);
    json.disable_recursion_limit();
    let done = Value { builder: &mut builder, name: Span::NONE, depth: 0 }.deserialize(&mut json);
    match done.and_then(|()| json.end()) {
        Ok(()) => {
            builder.report_surrogates();
            Ok(builder.document)
        }
        Err(error) => Err(match builder.too_deep {
            Some(at) => limits.too_deep(Place::of(source, at)),
            None => syntax(source, &error),
        }),
    }
}

/// serde_json's words without its place, at our place: it counts a line's bytes, we its characters.
fn syntax(source: &str, error: &serde_json::Error) -> Error {
    let words = error.to_string();
    let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
    let offset = match error.is_eof() {
        true => source.len(),
        false => {
            let line_start: usize =
                source.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
            // Column 0 is the line feed before the line: a bare one inside a string.
            (line_start + error.column()).saturating_sub(1)
        }
    };
    Error::new(ErrorCode::Syntax, format!("json: {words}")).at(Place::of(source, offset))
}

struct Builder<'s, 't> {
    document: Document<'s>,
    text: &'t str,
    /// All before it has been seen.
    cursor: usize,
    depth: usize,
    too_deep: Option<usize>,
    mends: &'t [Mend],
}

impl Builder<'_, '_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// Moves to the next value or name, over white space and what separates values.
    fn seek(&mut self) -> usize {
        while matches!(self.byte(self.cursor), Some(b' ' | b'\t' | b'\r' | b'\n' | b',' | b':')) {
            self.cursor += 1;
        }
        self.cursor
    }

    /// Moves over one bracket.
    fn bracket(&mut self) -> usize {
        let at = self.seek();
        self.cursor = at + 1;
        at
    }

    /// Where a string without escapes stands: it is a piece of the text.
    fn borrowed(&mut self, string: &str) -> Span {
        let start = (string.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        self.cursor = start + string.len() + 1;
        Span::source(start, start + string.len())
    }

    /// Keeps a decoded string and moves over its escaped form.
    fn decoded(&mut self, string: &str) -> Span {
        self.cursor = self.seek() + 1;
        while let Some(byte) = self.byte(self.cursor) {
            self.cursor += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                break;
            }
        }
        let start = self.document.decoded.len();
        self.document.decoded.push_str(string);
        Span::decoded(start, start + string.len())
    }

    fn number(&mut self, name: Span) {
        let at = self.seek();
        while matches!(self.byte(self.cursor), Some(b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')) {
            self.cursor += 1;
        }
        let text = Span::source(at, self.cursor);
        if self.mends.binary_search_by_key(&at, |mend| mend.at()).is_err() {
            self.document.push(name, Kind::Number, text, at);
            return;
        }
        let node = self.document.push(name, Kind::String, text, at);
        let message = "a number that no double can hold; its text is kept".to_owned();
        self.document.oddities.push(Oddity { code: "number-out-of-range", node, at, message });
    }

    fn word(&mut self, name: Span, kind: Kind, length: usize) {
        let at = self.seek();
        self.cursor += length;
        self.document.push(name, kind, Span::NONE, at);
    }

    /// The last of several members of one name counts, as in JavaScript; the others are passed over from here on.
    fn shadow_duplicates(&mut self, object: NodeId) {
        const FEW: usize = 16;
        let document = &self.document;
        // As many bits as members: no two have one name, and nothing needs to be compared.
        if document.names(object).count_ones() as usize == document.children(object).count() {
            return;
        }
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

    fn report_surrogates(&mut self) {
        for mend in self.mends {
            let Mend::Surrogate { at } = *mend else { continue };
            let after = self.document.nodes.partition_point(|node| node.at as usize <= at);
            let node = NodeId(after.saturating_sub(1) as u32);
            let known = |oddity: &Oddity| oddity.node == node && oddity.code == "lone-surrogate";
            if self.document.oddities.last().is_some_and(known) {
                continue;
            }
            let message = "half of a surrogate pair; U+FFFD stands in its place".to_owned();
            self.document.oddities.push(Oddity { code: "lone-surrogate", node, at, message });
        }
    }
}

/// One value, wherever it stands.
struct Value<'b, 's, 't> {
    builder: &'b mut Builder<'s, 't>,
    name: Span,
    depth: usize,
}

impl Value<'_, '_, '_> {
    fn enter<E: serde::de::Error>(&mut self, kind: Kind) -> Result<NodeId, E> {
        let at = self.builder.bracket();
        if self.depth >= self.builder.depth {
            self.builder.too_deep = Some(at);
            return Err(E::custom("too deep"));
        }
        Ok(self.builder.document.push(self.name, kind, Span::NONE, at))
    }

    fn leave(self, id: NodeId) {
        self.builder.bracket();
        self.builder.document.close(id);
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.builder.word(self.name, Kind::Null, 4);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        let (kind, length) = if value { (Kind::True, 4) } else { (Kind::False, 5) };
        self.builder.word(self.name, kind, length);
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.builder.number(self.name);
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.builder.number(self.name);
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.builder.number(self.name);
        Ok(())
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<(), E> {
        let text = self.builder.borrowed(value);
        self.builder.document.push(self.name, Kind::String, text, (text.start as usize).saturating_sub(1));
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        let at = self.builder.seek();
        let text = self.builder.decoded(value);
        self.builder.document.push(self.name, Kind::String, text, at);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let id = self.enter::<A::Error>(Kind::Array)?;
        let depth = self.depth + 1;
        while items.next_element_seed(Value { builder: self.builder, name: Span::NONE, depth })?.is_some() {}
        self.leave(id);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        let id = self.enter::<A::Error>(Kind::Object)?;
        let depth = self.depth + 1;
        while let Some(name) = members.next_key_seed(Name(self.builder))? {
            members.next_value_seed(Value { builder: self.builder, name, depth })?;
        }
        self.builder.document.close(id);
        self.builder.shadow_duplicates(id);
        self.leave(id);
        Ok(())
    }
}

/// The name of a member.
struct Name<'b, 's, 't>(&'b mut Builder<'s, 't>);

impl<'de> DeserializeSeed<'de> for Name<'_, '_, '_> {
    type Value = Span;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Span, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name<'_, '_, '_> {
    type Value = Span;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Span, E> {
        Ok(self.0.borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Span, E> {
        Ok(self.0.decoded(name))
    }
}

/// What was replaced in a text that serde_json refuses though RFC 8259 does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mend {
    /// `\ud800` alone, replaced by `\ufffd`.
    Surrogate { at: usize },
    /// A number beyond the range of a double, replaced by a zero of its length.
    Number { start: usize, end: usize },
}

impl Mend {
    fn at(&self) -> usize {
        match *self {
            Self::Surrogate { at } | Self::Number { start: at, .. } => at,
        }
    }
}

/// The text with every lone surrogate escape and every too-large number replaced, or `None` where there is none.
fn mend(source: &str) -> Option<(String, Vec<Mend>)> {
    let bytes = source.as_bytes();
    let mut mends = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'"' => mend_string(bytes, at + 1, &mut mends),
            b'-' | b'0'..=b'9' => mend_number(source, at, &mut mends),
            _ => at + 1,
        };
    }
    if mends.is_empty() {
        return None;
    }
    let mut mended = String::with_capacity(source.len());
    let mut copied = 0;
    for mend in &mends {
        let (start, end) = match *mend {
            Mend::Surrogate { at } => (at, at + 6),
            Mend::Number { start, end } => (start, end),
        };
        mended.push_str(source.get(copied..start).unwrap_or_default());
        match mend {
            Mend::Surrogate { .. } => mended.push_str("\\ufffd"),
            Mend::Number { .. } => {
                mended.push_str("0.");
                mended.extend(std::iter::repeat_n('0', end - start - 2));
            }
        }
        copied = end;
    }
    mended.push_str(source.get(copied..).unwrap_or_default());
    Some((mended, mends))
}

fn mend_string(bytes: &[u8], mut at: usize, mends: &mut Vec<Mend>) -> usize {
    let escape = |at: usize| -> Option<u16> {
        let hex = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()
    };
    while let Some(byte) = bytes.get(at) {
        match (byte, escape(at)) {
            (b'"', _) => return at + 1,
            (_, Some(0xD800..=0xDBFF)) if matches!(escape(at + 6), Some(0xDC00..=0xDFFF)) => at += 12,
            (_, Some(0xD800..=0xDFFF)) => {
                mends.push(Mend::Surrogate { at });
                at += 6;
            }
            (b'\\', _) => at += 2,
            _ => at += 1,
        }
    }
    at
}

fn mend_number(source: &str, start: usize, mends: &mut Vec<Mend>) -> usize {
    let rest = source.get(start..).unwrap_or_default();
    let length =
        rest.find(|c: char| !matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E')).unwrap_or(rest.len());
    let end = start + length;
    if rest.get(..length).is_some_and(is_out_of_range) {
        mends.push(Mend::Number { start, end });
    }
    end
}

/// Is a well-formed JSON number larger than any double? Found from its digits: no float is made.
fn is_out_of_range(number: &str) -> bool {
    /// The first digits of 1.7976931348623157e308, the largest double, less one in the last place: serde_json rounds.
    const LARGEST: (&str, i64) = ("1797693134862315", 308);
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let exponent_digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let well_formed = is_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && (is_digits(fraction) || !mantissa.contains('.'))
        && is_digits(exponent_digits);
    if !well_formed {
        return false;
    }
    let digits: String = whole.chars().chain(fraction.chars()).collect();
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return false;
    }
    // Beyond i32 the digits of no 1 GiB document could bring it back into range.
    let exponent = match exponent_digits.trim_start_matches('0').parse::<i32>() {
        Ok(size) => i64::from(size),
        Err(_) if exponent_digits.bytes().all(|b| b == b'0') => 0,
        Err(_) => i64::from(i32::MAX),
    } * if exponent.starts_with('-') { -1 } else { 1 };
    let leading_zeros = (digits.len() - significant.len()) as i64;
    let magnitude = whole.len() as i64 - 1 - leading_zeros + exponent;
    magnitude > LARGEST.1
        || (magnitude == LARGEST.1 && significant.get(..16).unwrap_or(significant) >= LARGEST.0)
}
