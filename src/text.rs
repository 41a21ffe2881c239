//! Looking for a part of a text, and for a text among many; cutting texts up. What the standard library has for it is made for long
//! texts, and is many kB of each module.

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
    let (before, rest) = text.split_at_checked(find(text, part)?)?;
    Some((before, rest.get(part.len()..)?))
}

/// What stands before the first `mark` and what behind it.
pub(crate) fn cut(text: &str, mark: u8) -> Option<(&str, &str)> {
    let (before, behind) = text.split_at_checked(text.bytes().position(|byte| byte == mark)?)?;
    Some((before, behind.get(1..)?))
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

/// The text with `with` wherever `part` stood.
pub(crate) fn replace(text: &str, part: &str, with: &str) -> String {
    let (mut replaced, mut rest) = (String::new(), text);
    while let Some((before, after)) = split_once(rest, part) {
        replaced.extend([before, with]);
        rest = after;
    }
    replaced + rest
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
