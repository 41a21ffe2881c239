//! Cutting out what must not be seen, however it is written: as it is, percent-encoded, behind escapes of JSON or XML, or
//! several of these one within the other.
//!
//! Cut are the key id, the secret, the security token and our signatures wherever they stand; and from a quote of what was
//! signed, or of an `Authorization`, everything to the end of its string or element. What is cut is whole escapes, so that
//! JSON stays JSON and XML stays XML. Base64 is not looked through: the API never sees the secret, and was never seen to
//! write anything of ours in it.

mod escapes;

use crate::schema::SIGNATURE_QUOTES;
use crate::sign::{ALGORITHM, Credentials};
use escapes::{Format, unescape};
use std::ops::Range;

/// What stands instead.
const CUT: &[u8] = b"[redacted]";

/// JSON within JSON within an address, and one more.
const LAYERS: u32 = 4;

/// A dummy key may be shorter than any real one. Below this it is cut only where it is a word of its own, or half of every
/// document would go.
const SHORTEST: usize = 5;

/// Knows what to look for.
pub(super) struct Redactor {
    needles: Vec<Vec<u8>>,
    /// In lower case; what follows is cut.
    quotes: Vec<Vec<u8>>,
    /// Which bytes a match can begin with.
    begins: [bool; 256],
}

impl Redactor {
    /// For the credentials in use and the signatures made with them.
    pub(super) fn new(credentials: Option<&Credentials>, signatures: &[String]) -> Self {
        let secrets = credentials.iter().flat_map(|c| c.secrets().chain([c.access_key_id()]));
        let needles: Vec<Vec<u8>> = secrets
            .chain(signatures.iter().map(String::as_str))
            .filter(|text| !text.is_empty())
            .map(|text| text.as_bytes().to_vec())
            .collect();
        let authorization = format!("{ALGORITHM} credential").to_ascii_lowercase();
        let quotes: Vec<Vec<u8>> = SIGNATURE_QUOTES
            .iter()
            .map(|text| text.as_bytes().to_vec())
            .chain([authorization.into()])
            .collect();
        let mut begins = [false; 256];
        let firsts = needles.iter().chain(&quotes).filter_map(|text| text.first());
        for byte in firsts.chain(b"\\&%") {
            for byte in [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()] {
                if let Some(begin) = begins.get_mut(usize::from(byte)) {
                    *begin = true;
                }
            }
        }
        Self { needles, quotes, begins }
    }

    /// The text without what must not be seen; `None` where there is nothing of it.
    pub(super) fn redact(&self, text: &[u8]) -> Option<Vec<u8>> {
        let format = Format::of(text);
        let mut kept = Vec::new();
        let (mut at, mut done) = (0, 0);
        let mut in_cdata = false;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            if rest.starts_with(b"<![CDATA[") || rest.starts_with(b"]]>") {
                in_cdata = rest.starts_with(b"<");
            }
            let unit = format.unit(text, at);
            let (from, to) = match unit.clone().find_map(|start| self.find(text, start)) {
                None => {
                    at = unit.end;
                    continue;
                }
                // Half an escape is none: both ends are moved out to whole ones.
                Some(Found::Secret(end)) => (unit.start, format.whole(text, unit.start, end)),
                Some(Found::Quote(end)) => {
                    let from = format.whole(text, unit.start, end);
                    (from, format.end_of_string(text, from, in_cdata))
                }
            };
            kept.extend_from_slice(text.get(done..from).unwrap_or_default());
            kept.extend_from_slice(CUT);
            done = to;
            at = to.max(unit.end);
        }
        (!kept.is_empty()).then(|| {
            kept.extend_from_slice(text.get(done..).unwrap_or_default());
            kept
        })
    }

    /// What begins at `start`, and where it ends.
    fn find(&self, text: &[u8], start: usize) -> Option<Found> {
        let first = usize::from(*text.get(start)?);
        if !*self.begins.get(first)? {
            return None;
        }
        let quote =
            self.quotes.iter().find_map(|quote| ends(text, start, quote, |byte| byte.to_ascii_lowercase()));
        quote.map(Found::Quote).or_else(|| {
            let secret = |needle: &Vec<u8>| {
                let end = ends(text, start, needle, |byte| byte)?;
                (needle.len() >= SHORTEST || is_word(text, start..end)).then_some(Found::Secret(end))
            };
            self.needles.iter().find_map(secret)
        })
    }
}

enum Found {
    Secret(usize),
    Quote(usize),
}

/// Where `needle` ends, if it begins at `start` behind any number of layers of escapes.
fn ends(text: &[u8], start: usize, needle: &[u8], fold: impl Fn(u8) -> u8) -> Option<usize> {
    (0..=LAYERS).find_map(|layers| {
        needle.iter().try_fold(start, |at, expected| {
            let (byte, next) = unescape(text, at, layers)?;
            (fold(byte) == *expected).then_some(next)
        })
    })
}

fn is_word(text: &[u8], range: Range<usize>) -> bool {
    let before = range.start.checked_sub(1).and_then(|at| text.get(at));
    let neighbours = [before, text.get(range.end)];
    neighbours.into_iter().flatten().all(|byte| !byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str) -> String {
        let credentials = Credentials::new("LTAI4FfAkE", "s3cr3t/key+Z", Some("CAIS+tok/en=="));
        let redactor = Redactor::new(Some(&credentials), &["0a1b".repeat(16)]);
        redactor
            .redact(text.as_bytes())
            .map_or_else(|| text.to_owned(), |cut| String::from_utf8_lossy(&cut).into_owned())
    }

    #[test]
    fn a_secret_is_found_however_it_is_written() {
        for secret in [
            "s3cr3t/key+Z",
            r"s3cr3t\/key\u002bZ",
            r"s3cr3t\/key\u002BZ",
            "s3cr3t%2Fkey%2bZ",
            "s3cr3t%252Fkey%252BZ",
            "s3cr3t&#47;key&#x2b;Z",
            "s3cr3t/key&amp;#43;Z",
            r"\u00733cr3t\u00252Fkey\u0025252BZ",
        ] {
            let secret = secret.replace(r"\\", r"\");
            assert_eq!(redacted(&format!("{{\"a\":\"x{secret}y\"}}")), r#"{"a":"x[redacted]y"}"#, "{secret}");
        }
    }

    #[test]
    fn a_quote_of_what_was_signed_ends_with_its_string() {
        assert_eq!(
            redacted(r#"{"Message":"server String To Sign is:GET&%2F&\"A\"","Code":"x"}"#),
            r#"{"Message":"server String To Sign is:[redacted]","Code":"x"}"#
        );
        assert_eq!(
            redacted("<Error><Message>canonicalRequest is:GET\n/</Message></Error>"),
            "<Error><Message>canonicalRequest is:[redacted]</Message></Error>"
        );
        assert_eq!(
            redacted("<Error><![CDATA[string to sign is:<a>]]></Error>"),
            "<Error><![CDATA[string to sign is:[redacted]]]></Error>"
        );
        assert_eq!(redacted("string to sign is: a\nb"), "string to sign is:[redacted]");
        assert_eq!(redacted("x ACS3-HMAC-SHA256 Credential=a,b"), "x ACS3-HMAC-SHA256 Credential[redacted]");
    }

    #[test]
    fn what_holds_nothing_of_it_stays_as_it_is() {
        for text in ["", "{}", r#"{"a":"100%","b":"\u0073","c":"&amp;"}"#, "LTAI4FfAk", "s3cr3t"] {
            assert_eq!(redacted(text), text);
        }
    }

    #[test]
    fn a_very_short_key_is_cut_only_as_a_word() {
        let redactor = Redactor::new(Some(&Credentials::new("ak", "sk", None)), &[]);
        let cut = redactor.redact(br#"{"task":"ak","b":"break","c":"?id=ak&k=sk"}"#).unwrap_or_default();
        assert_eq!(
            String::from_utf8_lossy(&cut),
            r#"{"task":"[redacted]","b":"break","c":"?id=[redacted]&k=[redacted]"}"#
        );
    }
}
