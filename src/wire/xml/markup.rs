//! What stands inside of markup: names, attributes, references, declarations; and which characters are legal at all.

use crate::error::quote;
use crate::text::{Texts, cut, hex, slice};

/// Why reading stops: what begins where the document breaks, and in words how; without any where it is only nested too deep.
pub(super) struct Stop<'s> {
    pub(super) at: &'s str,
    pub(super) words: Option<String>,
}

/// What was read, or why it stops there.
pub(super) type Checked<'s, T = ()> = Result<T, Box<Stop<'s>>>;

pub(super) fn broken(at: &str, words: impl Into<String>) -> Box<Stop<'_>> {
    Box::new(Stop { at, words: Some(words.into()) })
}

/// As Unicode writes it, of four digits: of what is not shown as it is, none has more.
pub(super) fn code_point(c: char) -> String {
    format!("U+{}", hex(c.into(), 4).to_ascii_uppercase())
}

/// Legal text has no form feed, so that what is ASCII's white space in it is XML's [3].
///
/// # Errors
/// Where a character is none of XML's.
pub(super) fn legal(text: &str) -> Checked<'_, &str> {
    match first_illegal(text) {
        None => Ok(text),
        Some((at, c)) => {
            let at = slice(text, at, text.len());
            Err(broken(at, format!("character {} is not allowed", code_point(c))))
        }
    }
}

/// The first word, and what stands behind it.
pub(super) fn word(text: &str) -> (&str, &str) {
    split(text, b' ')
}

/// What stands before the first white space or `mark`, and the rest.
fn split(text: &str, mark: u8) -> (&str, &str) {
    let length = text.bytes().position(|byte| byte.is_ascii_whitespace() || byte == mark);
    let length = length.unwrap_or(text.len());
    (slice(text, 0, length), slice(text, length, text.len()))
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

/// NameChar [4a], where it is no NameStartChar.
fn is_name_rest(c: char) -> bool {
    matches!(c, '0'..='9' | '-' | '.' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Name [5].
pub(super) fn check_name(name: &str) -> Checked<'_> {
    let good = name.chars().enumerate().all(|(i, c)| is_name_start(c) || i > 0 && is_name_rest(c));
    match good && !name.is_empty() {
        true => Ok(()),
        false => Err(broken(name, format!("expected a name, found {}", quote(name)))),
    }
}

/// The attributes of a start tag [40, 41]: `(S Name S? '=' S? value)*`, each name once.
pub(super) fn attributes(text: &str) -> Checked<'_> {
    let mut names = Texts::default();
    // The first of the alphabet that comes again.
    let mut again: Option<&str> = None;
    let mut rest = text;
    loop {
        let next = rest.trim_ascii_start();
        if next.is_empty() {
            break;
        }
        if next.len() == rest.len() {
            return Err(broken(next, "expected white space before an attribute"));
        }
        let (name, value, after) = attribute(next)?;
        if names.add(name).is_some() && again.is_none_or(|again| name < again) {
            again = Some(name);
        }
        attribute_value(value)?;
        rest = after;
    }
    match again {
        Some(again) => Err(broken(again, format!("attribute {} comes twice", quote(again)))),
        None => Ok(()),
    }
}

/// Cuts one `name="value"` off: the name, the value without its quotes, and what follows.
fn attribute(text: &str) -> Checked<'_, (&str, &str, &str)> {
    let (name, behind) = split(text, b'=');
    check_name(name)?;
    let equals = behind.trim_ascii_start();
    let Some(value) = equals.strip_prefix('=') else {
        return Err(broken(equals, format!("expected `=` after attribute {}", quote(name))));
    };
    let value = value.trim_ascii_start();
    let mark = value.bytes().next().filter(|byte| matches!(byte, b'"' | b'\''));
    match mark.and_then(|mark| cut(value.get(1..)?, mark)) {
        Some((inside, after)) => Ok((name, inside, after)),
        None => Err(broken(value, "expected a quoted attribute value")),
    }
}

/// AttValue [10]: no `<`, and every `&` begins a reference that we know.
fn attribute_value(value: &str) -> Checked<'_> {
    let mut rest = value;
    let mark = |rest: &str| rest.bytes().position(|byte| class(byte) & MARKUP != 0);
    while let Some(at) = mark(rest) {
        let found = slice(rest, at, rest.len());
        let Some(reference) = found.strip_prefix('&') else {
            return Err(broken(found, "`<` is not allowed in an attribute value"));
        };
        let Some((name, after)) = cut(reference, b';') else {
            return Err(broken(found, "expected `;` after `&`"));
        };
        dereference(found, name)?;
        rest = after;
    }
    Ok(())
}

/// What the reference at `at` with that name stands for: one of the five named entities, or a character reference [4.1, 4.6];
/// others need a DOCTYPE, which no reply has.
pub(super) fn dereference<'s>(at: &'s str, name: &str) -> Checked<'s, char> {
    const NAMED: [(&str, char); 5] = [("lt", '<'), ("gt", '>'), ("amp", '&'), ("quot", '"'), ("apos", '\'')];
    if let Some((_, c)) = NAMED.iter().find(|(known, _)| *known == name) {
        return Ok(*c);
    }
    let digits = name.strip_prefix('#').unwrap_or_default();
    let (digits, radix) = digits.strip_prefix('x').map_or((digits, 10), |digits| (digits, 16));
    let number =
        |code: u32, digit: u8| code.checked_mul(radix)?.checked_add(char::from(digit).to_digit(radix)?);
    // Without a digit it is U+0000, which no reference stands for.
    let code = digits.bytes().try_fold(0, number);
    code.and_then(char::from_u32)
        .filter(|c| is_char(*c))
        .ok_or_else(|| broken(at, format!("{} is no reference", quote(&format!("&{name};")))))
}

/// XMLDecl [23]: version, then encoding, then standalone. `whole` begins with it, `text` are its attributes.
pub(super) fn declaration<'s>(whole: &'s str, text: &'s str) -> Checked<'s> {
    attributes(text)?;
    let mut rest = text.trim_ascii_start();
    let mut allowed = ["version", "encoding", "standalone"].iter();
    let mut first = true;
    while !rest.is_empty() {
        let (name, value, after) = attribute(rest)?;
        if !allowed.any(|next| *next == name) || (first && name != "version") {
            return Err(broken(rest, format!("{} is out of place in the XML declaration", quote(name))));
        }
        let good = match name {
            "version" => value == "1.0",
            "encoding" => value.eq_ignore_ascii_case("utf-8"),
            _ => matches!(value, "yes" | "no"),
        };
        if !good {
            let words = format!("XML declaration: {name} {} is not supported", quote(value));
            return Err(broken(value, words));
        }
        first = false;
        rest = after.trim_ascii_start();
    }
    match first {
        true => Err(broken(whole, "expected a version in the XML declaration")),
        false => Ok(()),
    }
}

/// PI [16, 17]: a name that is not `xml`, then white space before anything else.
pub(super) fn instruction(target: &str) -> Checked<'_> {
    check_name(target)?;
    match target.eq_ignore_ascii_case("xml") {
        true => Err(broken(target, "a processing instruction must not be called `xml`")),
        false => Ok(()),
    }
}
