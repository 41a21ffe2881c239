//! Looking for a part of a text, and for a text among many; cutting texts up. What the standard library has for it is made for long
//! texts, and is many kB of each module.

/// What stands from one byte to another; nothing, where a character lies across an end or the text ends before. Not inlined: a look
/// at both ends is long.
#[inline(never)]
pub(crate) fn slice(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

/// As [`str::trim`], in one walk: the standard library's, which also steps back over characters, is 200 B more of the module.
#[inline(never)]
pub(crate) fn trim(text: &str) -> &str {
    let (mut from, mut to) = (text.len(), 0);
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        (from, to) = (from.min(at), at + c.len_utf8());
    }
    slice(text, from, to)
}

/// Where `part` stands first.
pub(crate) fn find(text: &str, part: &str) -> Option<usize> {
    text.as_bytes().windows(part.len()).position(|found| found == part.as_bytes())
}

/// Where `part` stands first, in whatever case.
pub(crate) fn find_in_any_case(text: &str, part: &str) -> Option<usize> {
    text.as_bytes().windows(part.len()).position(|found| found.eq_ignore_ascii_case(part.as_bytes()))
}

/// What stands before `part` and what behind it, where it stands first.
pub(crate) fn split_once<'t>(text: &'t str, part: &str) -> Option<(&'t str, &'t str)> {
    let at = find(text, part)?;
    Some((slice(text, 0, at), slice(text, at + part.len(), text.len())))
}

/// What stands before the first `mark` and what behind it.
pub(crate) fn cut(text: &str, mark: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == mark)?;
    Some((slice(text, 0, at), slice(text, at + 1, text.len())))
}

/// What stands between `mark`s, one after the other.
pub(crate) struct Parts<'t> {
    rest: Option<&'t str>,
    mark: u8,
}

impl<'t> Parts<'t> {
    pub(crate) fn of(text: &'t str, mark: u8) -> Self {
        Self { rest: Some(text), mark }
    }
}

impl<'t> Iterator for Parts<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let rest = self.rest.take()?;
        let Some((part, behind)) = cut(rest, self.mark) else { return Some(rest) };
        self.rest = Some(behind);
        Some(part)
    }
}

/// The last digits of a number, so many, in hexadecimal.
pub(crate) fn hex(number: u64, digits: u32) -> String {
    let digit = |place: u32| char::from_digit((number >> (4 * place)) as u32 & 15, 16);
    (0..digits).rev().filter_map(digit).collect()
}

/// Adds a part, and before it what stands between two.
pub(crate) fn append(text: &mut String, between: &str, part: &str) {
    if !text.is_empty() {
        text.push_str(between);
    }
    text.push_str(part);
}

/// The text with `with` wherever `part` stood.
pub(crate) fn replace(text: &str, part: &str, with: &str) -> String {
    let (mut replaced, mut rest) = (String::new(), text);
    while let Some((before, after)) = split_once(rest, part) {
        replaced.extend([before, with]);
        rest = after;
    }
    replaced + rest
}

/// Its first characters, so many.
pub(crate) fn start(text: &str, count: usize) -> &str {
    let mut seen = 0;
    let end = text.bytes().position(|byte| {
        // Continuation bytes of UTF-8 are 10xxxxxx; every other byte begins a character.
        seen += usize::from(byte & 0xC0 != 0x80);
        seen > count
    });
    slice(text, 0, end.unwrap_or(text.len()))
}

/// As [`String::from_utf8_lossy`], with the check that reading needs anyway: the standard library's own is 800 B of the module.
pub(crate) fn lossy(bytes: &[u8]) -> String {
    let (mut text, mut rest) = (String::new(), bytes);
    loop {
        let error = match std::str::from_utf8(rest) {
            Ok(end) => return text + end,
            Err(error) => error,
        };
        let (good, bad) = rest.split_at_checked(error.valid_up_to()).unwrap_or_default();
        text.push_str(std::str::from_utf8(good).unwrap_or_default());
        text.push(char::REPLACEMENT_CHARACTER);
        rest = error.error_len().and_then(|length| bad.get(length..)).unwrap_or_default();
    }
}

/// A number from 0, as [`str::parse`] reads it: for all kinds of numbers one function.
#[inline(never)]
pub(crate) fn number(text: &str) -> Option<u64> {
    text.parse().ok()
}

/// The same, or one below 0.
pub(crate) fn integer(text: &str) -> Option<i64> {
    match text.strip_prefix('-') {
        None => number(text)?.try_into().ok(),
        Some(digits) if digits.starts_with('+') => None,
        Some(digits) => 0_i64.checked_sub_unsigned(number(digits)?),
    }
}

/// Texts, each once. The standard library's sets and maps are 3 kB of each module.
///
/// A tree: from a text it goes to one of two others by a bit of a checksum, each time by the next bit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts(Vec<(String, [usize; 2])>);

impl Texts {
    /// Adds a text, or says which it is of those that are there: they are numbered as they came.
    pub(crate) fn add(&mut self, text: &str) -> Option<usize> {
        let count = self.0.len();
        let (mut at, mut bits) = (0, checksum(text));
        while let Some((known, [even, odd])) = self.0.get_mut(at) {
            if known == text {
                return Some(at);
            }
            let next = if bits & 1 == 0 { even } else { odd };
            if *next == 0 {
                *next = count;
            }
            (at, bits) = (*next, bits >> 1);
        }
        self.0.push((text.to_owned(), [0, 0]));
        None
    }
}

/// FNV-1a, 64 bit (draft-eastlake-fnv, section 2).
pub(crate) fn checksum(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_between_marks() {
        for text in ["", ",", "a", "a,", ",b", "a,,b", "€,\u{1F600}"] {
            assert!(Parts::of(text, b',').eq(text.split(',')), "{text}");
            assert_eq!(cut(text, b','), text.split_once(','));
        }
    }

    #[test]
    fn a_text_begins_with_so_many_characters() {
        assert_eq!(["", "a", "a€", "a€b"].map(|text| start(text, 2)), ["", "a", "a€", "a€"]);
        assert_eq!(start("€", 0), "");
    }

    #[test]
    fn white_space_at_the_ends_is_cut_as_the_standard_library_cuts_it() {
        for text in ["", " ", "a", " a b\n", "\u{3000}\u{a0}é \u{2003}é\u{85}", "\u{200b} ", "\u{feff}a"] {
            assert_eq!(trim(text), text.trim(), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_utf8_is_read_as_the_standard_library_reads_it() {
        let parts: [&[u8]; 9] = [
            b"a",
            "€".as_bytes(),
            b"\xFF",
            b"\x80",
            b"\xC3",
            b"\xE2\x82",
            b"\xF0\x9F\x98",
            b"\xED\xA0",
            b"\xC0\x80",
        ];
        for (first, second) in parts.iter().flat_map(|first| parts.iter().map(move |second| (first, second)))
        {
            let bytes = [first, *second, b"b", *first].concat();
            assert_eq!(lossy(&bytes), String::from_utf8_lossy(&bytes), "{bytes:?}");
        }
    }

    #[test]
    fn integers_are_read_as_the_standard_library_reads_them() {
        for digits in
            ["", "0", "7", "007", "9223372036854775807", "9223372036854775808", "18446744073709551616", "x"]
        {
            for sign in ["", "+", "-", "--", "-+", "+-", " "] {
                let text = format!("{sign}{digits}");
                assert_eq!((number(&text), integer(&text)), (text.parse().ok(), text.parse().ok()), "{text}");
            }
        }
    }

    #[test]
    fn a_text_is_added_once() {
        let mut texts = Texts::default();
        assert!((0..1000).all(|number| texts.add(&number.to_string()).is_none()));
        assert!((0..1000).all(|number| texts.add(&number.to_string()) == Some(number)));
        assert_eq!(texts.add(""), None);
    }

    #[test]
    fn a_part_is_found_where_it_stands_first() {
        assert_eq!(find("a€b€c", "€"), Some(1));
        assert_eq!(find("ab", "abc"), None);
        assert_eq!(find_in_any_case("Not Throttling.User", "throttling"), Some(4));
        assert_eq!(split_once("a€b€c", "€"), Some(("a", "b€c")));
        assert_eq!(split_once("a", "€"), None);
        assert_eq!(replace("a€€b€", "€", "+"), "a++b+");
    }
}
