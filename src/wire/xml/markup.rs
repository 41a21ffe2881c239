//! What stands inside of markup: names, attributes, references, declarations; and which characters are legal at all.

use super::super::sorted;
use crate::error::{Error, ErrorCode, Place, quote};

pub(super) fn syntax(source: &str, at: usize, detail: &str) -> Error {
    Error::new(ErrorCode::Syntax, format!("xml: {detail}")).at(Place::of(source, at))
}

/// A stretch of the text.
#[derive(Clone, Copy)]
pub(super) struct Piece<'s> {
    pub(super) source: &'s str,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl<'s> Piece<'s> {
    pub(super) fn raw(self) -> &'s str {
        self.source.get(self.start..self.end).unwrap_or_default()
    }

    /// Without so many bytes of markup in front and behind.
    pub(super) fn inner(self, front: usize, behind: usize) -> Piece<'s> {
        Piece { start: self.start + front, end: self.end.saturating_sub(behind), ..self }
    }

    pub(super) fn error(self, detail: &str) -> Error {
        syntax(self.source, self.start, detail)
    }

    /// The first word, and what stands behind it.
    pub(super) fn word(self) -> (Piece<'s>, Piece<'s>) {
        let length = self.raw().find(is_space).unwrap_or(self.raw().len());
        (Piece { end: self.start + length, ..self }, self.inner(length, 0))
    }

    /// # Errors
    /// Where a character is none of XML's.
    pub(super) fn legal(self) -> Result<(), Error> {
        match first_illegal(self.raw()) {
            None => Ok(()),
            Some((at, c)) => {
                Err(self.inner(at, 0).error(&format!("character U+{:04X} is not allowed", c as u32)))
            }
        }
    }
}

/// NameChar [4a], as far as ASCII goes.
pub(super) const NAME: u8 = 1;
/// Ends a stretch of text.
pub(super) const MARKUP: u8 = 1 << 1;
/// May begin a `]]>`.
pub(super) const BRACKET: u8 = 1 << 2;
/// Begins or is an end of a line that is to be read as a line feed.
pub(super) const RETURN: u8 = 1 << 3;
/// May begin a character that is none of XML's: in UTF-8 a control byte, or 0xEF for U+FFFE and U+FFFF.
pub(super) const SUSPECT: u8 = 1 << 4;

/// What a byte may be, as bits. From a table, which takes half the time that the ranges themselves take in WebAssembly.
#[inline]
pub(super) fn class(byte: u8) -> u8 {
    CLASSES.get(usize::from(byte)).copied().unwrap_or_default()
}

#[allow(clippy::indexing_slicing, reason = "it would not compile")]
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < classes.len() {
        classes[byte] = match byte as u8 {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b':' | b'_' | b'-' | b'.' => NAME,
            b'<' | b'&' => MARKUP,
            b']' => BRACKET,
            b'\r' => RETURN,
            b'\t' | b'\n' => 0,
            0..b' ' | 0xEF => SUSPECT,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// White space [3].
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// Char [2].
fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The first character that is none of XML's.
fn first_illegal(text: &str) -> Option<(usize, char)> {
    let mut suspects = text.bytes().enumerate().filter(|(_, byte)| class(*byte) & SUSPECT != 0);
    suspects.find_map(|(at, _)| {
        let c = text.get(at..)?.chars().next()?;
        (!is_char(c)).then_some((at, c))
    })
}

/// NameStartChar [4].
fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | ':' | '_'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// NameChar [4a].
fn is_name_char(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '0'..='9' | '-' | '.' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Name [5].
pub(super) fn check_name(name: Piece<'_>) -> Result<(), Error> {
    let raw = name.raw();
    let good = raw.chars().enumerate().all(|(i, c)| if i == 0 { is_name_start(c) } else { is_name_char(c) });
    match good && !raw.is_empty() {
        true => Ok(()),
        false => Err(name.error(&format!("expected a name, found {}", quote(raw)))),
    }
}

/// The attributes of a start tag [40, 41]: `(S Name S? '=' S? value)*`, each name once.
pub(super) fn attributes(piece: Piece<'_>) -> Result<(), Error> {
    let mut names: Vec<(&str, usize)> = Vec::new();
    let mut rest = piece;
    loop {
        let text = rest.raw();
        let spaces = text.len() - text.trim_start_matches(is_space).len();
        rest = rest.inner(spaces, 0);
        if rest.raw().is_empty() {
            break;
        }
        if spaces == 0 {
            return Err(rest.error("expected white space before an attribute"));
        }
        let (name, value, after) = attribute(rest)?;
        names.push((name, rest.start));
        attribute_value(value)?;
        rest = after;
    }
    let names = sorted(names);
    match names.iter().zip(names.iter().skip(1)).find(|((name, _), (next, _))| name == next) {
        Some((_, (name, start))) => {
            Err(Piece { start: *start, ..piece }.error(&format!("attribute {} comes twice", quote(name))))
        }
        None => Ok(()),
    }
}

/// Cuts one `name="value"` off: the name, the value without its quotes, and what follows.
fn attribute(piece: Piece<'_>) -> Result<(&str, Piece<'_>, Piece<'_>), Error> {
    let text = piece.raw();
    let name_length = text.find(|c| is_space(c) || c == '=').unwrap_or(text.len());
    let name = Piece { end: piece.start + name_length, ..piece };
    check_name(name)?;
    let skip_space = |piece: Piece<'_>| piece.raw().len() - piece.raw().trim_start_matches(is_space).len();
    let equals = piece.inner(name_length, 0);
    let equals = equals.inner(skip_space(equals), 0);
    if !equals.raw().starts_with('=') {
        return Err(equals.error(&format!("expected `=` after attribute {}", quote(name.raw()))));
    }
    let value = equals.inner(1, 0);
    let value = value.inner(skip_space(value), 0);
    let quoted = value.raw().chars().next().filter(|c| matches!(c, '"' | '\''));
    let length = quoted.and_then(|mark| value.inner(1, 0).raw().find(mark));
    match length {
        None => Err(value.error("expected a quoted attribute value")),
        Some(length) => {
            let inside = Piece { start: value.start + 1, end: value.start + 1 + length, ..value };
            Ok((name.raw(), inside, value.inner(length + 2, 0)))
        }
    }
}

/// AttValue [10]: no `<`, and every `&` begins a reference that we know.
fn attribute_value(value: Piece<'_>) -> Result<(), Error> {
    let mut rest = value;
    while let Some(at) = rest.raw().find(['<', '&']) {
        let found = rest.inner(at, 0);
        if found.raw().starts_with('<') {
            return Err(found.error("`<` is not allowed in an attribute value"));
        }
        let Some(end) = found.raw().find(';') else { return Err(found.error("expected `;` after `&`")) };
        dereference(Piece { start: found.start + 1, end: found.start + end, ..found })?;
        rest = found.inner(end + 1, 0);
    }
    Ok(())
}

/// The five named entities and character references [4.1, 4.6]; others need a DOCTYPE, which no reply has.
pub(super) fn dereference(name: Piece<'_>) -> Result<char, Error> {
    let raw = name.raw();
    let code = match (raw, raw.strip_prefix("#x"), raw.strip_prefix('#')) {
        ("lt", ..) => return Ok('<'),
        ("gt", ..) => return Ok('>'),
        ("amp", ..) => return Ok('&'),
        ("quot", ..) => return Ok('"'),
        ("apos", ..) => return Ok('\''),
        (_, Some(hex), _) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16).ok(),
        (_, None, Some(decimal)) if decimal.bytes().all(|b| b.is_ascii_digit()) => decimal.parse().ok(),
        _ => None,
    };
    code.and_then(char::from_u32).filter(|c| is_char(*c)).ok_or_else(|| {
        let whole = Piece { start: name.start - 1, ..name };
        whole.error(&format!("{} is no reference", quote(&format!("&{raw};"))))
    })
}

/// XMLDecl [23]: at the very start, version, then encoding, then standalone.
pub(super) fn declaration(piece: Piece<'_>) -> Result<(), Error> {
    if piece.start != 0 {
        return Err(piece.error("an XML declaration is allowed at the very start only"));
    }
    let mut rest = piece.inner("<?xml".len(), "?>".len());
    attributes(rest)?;
    let mut allowed = ["version", "encoding", "standalone"].iter();
    let mut first = true;
    while !rest.raw().trim_matches(is_space).is_empty() {
        let spaces = rest.raw().len() - rest.raw().trim_start_matches(is_space).len();
        let (name, value, after) = attribute(rest.inner(spaces, 0))?;
        if !allowed.any(|next| *next == name) || (first && name != "version") {
            return Err(rest
                .inner(spaces, 0)
                .error(&format!("{} is out of place in the XML declaration", quote(name))));
        }
        let text = value.raw();
        let good = match name {
            "version" => text == "1.0",
            "encoding" => text.eq_ignore_ascii_case("utf-8"),
            _ => matches!(text, "yes" | "no"),
        };
        if !good {
            return Err(value.error(&format!("XML declaration: {name} {} is not supported", quote(text))));
        }
        first = false;
        rest = after;
    }
    match first {
        true => Err(piece.error("expected a version in the XML declaration")),
        false => Ok(()),
    }
}

/// PI [16, 17]: a name that is not `xml`, then white space before anything else.
pub(super) fn instruction(piece: Piece<'_>) -> Result<(), Error> {
    let inner = piece.inner("<?".len(), "?>".len());
    let (target, _) = inner.word();
    check_name(target)?;
    match target.raw().eq_ignore_ascii_case("xml") {
        true => Err(target.error("a processing instruction must not be called `xml`")),
        false => Ok(()),
    }
}
