//! Escapes: what a text says behind them, and where they may be cut.

use std::ops::Range;

/// What a text is written in, for where its strings end and what in it is of one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Xml,
    Plain,
}

impl Format {
    /// By the first character, as for reading.
    pub(super) fn of(text: &[u8]) -> Self {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        match text.trim_ascii_start().first() {
            Some(b'{' | b'[' | b'"') => Self::Json,
            Some(b'<') => Self::Xml,
            _ => Self::Plain,
        }
    }

    /// The piece that begins at `at`: an escape of this format, or one byte.
    pub(super) fn unit(self, text: &[u8], at: usize) -> Range<usize> {
        let length = match (self, text.get(at)) {
            (Self::Json, Some(b'\\')) if text.get(at + 1) == Some(&b'u') => 6,
            (Self::Json, Some(b'\\')) => 2,
            (Self::Xml, Some(b'&')) => {
                let end = text.iter().skip(at).take(LONGEST_REFERENCE).position(|byte| *byte == b';');
                end.map_or(1, |end| end + 1)
            }
            _ => 1,
        };
        at..(at + length).min(text.len())
    }

    /// `end`, moved to where a piece ends; `from` is where one begins.
    pub(super) fn whole(self, text: &[u8], from: usize, end: usize) -> usize {
        let mut at = from;
        while at < end.min(text.len()) {
            at = self.unit(text, at).end;
        }
        at
    }

    /// Where the string, or the text of the element, ends that `at` is in.
    pub(super) fn end_of_string(self, text: &[u8], at: usize, in_cdata: bool) -> usize {
        let mut at = at;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let is_end = match self {
                Self::Json => rest.starts_with(b"\""),
                Self::Xml if in_cdata => rest.starts_with(b"]]>"),
                Self::Xml => rest.starts_with(b"<"),
                Self::Plain => false,
            };
            if is_end {
                break;
            }
            at = self.unit(text, at).end;
        }
        at
    }
}

/// The longest reference of XML that is one of ours: `&#x10FFFF;`.
const LONGEST_REFERENCE: usize = 10;

/// What every escape begins with.
pub(super) const ESCAPES: &[u8] = b"\\&%";

/// What is no ASCII, and so no part of anything looked for.
const OTHER: u8 = 0xff;

/// The character at `at` behind up to `layers` layers of escapes, and where the next begins. An escape that is broken is what
/// its bytes are.
pub(super) fn unescape(text: &[u8], at: usize, layers: u32) -> Option<(u8, usize)> {
    let Some(below) = layers.checked_sub(1) else { return text.get(at).map(|byte| (*byte, at + 1)) };
    let (byte, next) = unescape(text, at, below)?;
    let escaped = match byte {
        b'\\' => json(text, next, below),
        b'&' => xml(text, next, below),
        b'%' => number(text, next, below, 2, 16),
        _ => None,
    };
    escaped.or(Some((byte, next)))
}

/// After a backslash.
fn json(text: &[u8], at: usize, layers: u32) -> Option<(u8, usize)> {
    let (byte, next) = unescape(text, at, layers)?;
    match byte {
        b'"' | b'\\' | b'/' => Some((byte, next)),
        b'b' | b'f' | b'n' | b'r' | b't' => Some((b' ', next)),
        b'u' => number(text, next, layers, 4, 16),
        _ => None,
    }
}

/// After an ampersand.
fn xml(text: &[u8], at: usize, layers: u32) -> Option<(u8, usize)> {
    const NAMES: [(&[u8], u8); 5] =
        [(b"amp;", b'&'), (b"lt;", b'<'), (b"gt;", b'>'), (b"quot;", b'"'), (b"apos;", b'\'')];
    let (first, next) = unescape(text, at, layers)?;
    if first != b'#' {
        let rest = |name: &[u8]| {
            let (own, rest) = name.split_first()?;
            (*own == first).then_some(rest)?.iter().try_fold(next, |at, own| {
                let (byte, next) = unescape(text, at, layers)?;
                (byte == *own).then_some(next)
            })
        };
        return NAMES.iter().find_map(|(name, byte)| Some((*byte, rest(name)?)));
    }
    let (digits, radix) = match unescape(text, next, layers)? {
        (b'x', digits) => (digits, 16),
        _ => (next, 10),
    };
    // Zeros may lead: there is no longest.
    let mut end = digits;
    let mut value: u32 = 0;
    loop {
        let (byte, next) = unescape(text, end, layers)?;
        if byte == b';' && end > digits {
            return Some((ascii(value), next));
        }
        value = value.saturating_mul(radix).saturating_add(char::from(byte).to_digit(radix)?);
        end = next;
    }
}

/// So many digits.
fn number(text: &[u8], at: usize, layers: u32, digits: u32, radix: u32) -> Option<(u8, usize)> {
    let (value, end) = (0..digits).try_fold((0_u32, at), |(value, at), _| {
        let (byte, next) = unescape(text, at, layers)?;
        Some((value * radix + char::from(byte).to_digit(radix)?, next))
    })?;
    Some((ascii(value), end))
}

fn ascii(value: u32) -> u8 {
    u8::try_from(value).ok().filter(u8::is_ascii).unwrap_or(OTHER)
}
