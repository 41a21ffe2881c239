//! Looking for a part of a text. The standard library's search is made for long texts, and is 2 kB of each module.

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

#[cfg(test)]
mod tests {
    use super::*;

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
