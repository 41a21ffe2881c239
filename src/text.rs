//! Looking for a part of a text, and for a text among many. The standard library's search is made for long texts, and is 2 kB of
//! each module.

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

/// The text with `with` wherever `part` stood.
pub(crate) fn replace(text: &str, part: &str, with: &str) -> String {
    let (mut replaced, mut rest) = (String::new(), text);
    while let Some((before, after)) = split_once(rest, part) {
        replaced.extend([before, with]);
        rest = after;
    }
    replaced + rest
}

/// Texts, each once. The standard library's sets are 3 kB of each module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts(Vec<Vec<String>>);

impl Texts {
    /// So many lists that one is short, of 100,000 texts too.
    const LISTS: u64 = 512;

    /// Adds a text; false where it is there already.
    pub(crate) fn insert(&mut self, text: String) -> bool {
        self.0.resize_with(Self::LISTS as usize, Vec::new);
        let known = self.0.get_mut((checksum(&text) % Self::LISTS) as usize);
        match known.filter(|known| !known.contains(&text)) {
            Some(known) => {
                known.push(text);
                true
            }
            None => false,
        }
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
    fn a_text_is_added_once() {
        let mut texts = Texts::default();
        let numbers = || (0..10_000).map(|number: u32| number.to_string());
        assert!(numbers().all(|number| texts.insert(number)));
        assert!(numbers().all(|number| !texts.insert(number)));
        assert!(texts.insert(String::new()));
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
