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
use escapes::{ESCAPES, Format, unescape};
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
    needles: Vec<Needle>,
    /// Which bytes a needle begins with.
    begins: Bytes,
    /// Which bytes have to be looked at; most of a document goes by.
    stops: Bytes,
}

type Bytes = [bool; 256];

struct Needle {
    text: Vec<u8>,
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// Is cut.
    Secret,
    /// What follows it in its string is cut; it is in lower case, and found in any.
    Quote,
}

impl Redactor {
    /// For the credentials in use and the signatures made with them.
    pub(super) fn new(credentials: Option<&Credentials>, signatures: &[String]) -> Self {
        let keys = credentials.iter().flat_map(|c| c.secrets().chain([c.access_key_id()]));
        let secrets = keys.chain(signatures.iter().map(String::as_str)).map(|text| (text, What::Secret));
        let authorization = format!("{ALGORITHM} credential").to_ascii_lowercase();
        let quotes = SIGNATURE_QUOTES.into_iter().chain([authorization.as_str()]);
        let needles: Vec<_> = quotes
            .map(|text| (text, What::Quote))
            .chain(secrets)
            .filter(|(text, _)| !text.is_empty())
            .map(|(text, what)| Needle { text: text.as_bytes().to_vec(), what })
            .collect();
        let mut begins = [false; 256];
        for first in needles.iter().filter_map(|needle| needle.text.first()) {
            mark(&mut begins, &[first.to_ascii_lowercase(), first.to_ascii_uppercase()]);
        }
        let mut stops = begins;
        mark(&mut stops, ESCAPES);
        mark(&mut stops, b"<]");
        Self { needles, begins, stops }
    }

    /// The text without what must not be seen; `None` where there is nothing of it.
    pub(super) fn redact(&self, text: &[u8]) -> Option<Vec<u8>> {
        let format = Format::of(text);
        let mut kept = Vec::new();
        let (mut at, mut done) = (0, 0);
        let mut in_cdata = false;
        while let Some(passed) =
            text.get(at..).and_then(|rest| rest.iter().position(|b| has(&self.stops, *b)))
        {
            at += passed;
            let rest = text.get(at..).unwrap_or_default();
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
                Some((What::Secret, end)) => (unit.start, format.whole(text, unit.start, end)),
                Some((What::Quote, end)) => {
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
    fn find(&self, text: &[u8], start: usize) -> Option<(What, usize)> {
        let written = *text.get(start)?;
        // An escape says one character, however deep it is.
        let said = if ESCAPES.contains(&written) { unescape(text, start, LAYERS)?.0 } else { written };
        if !has(&self.begins, written) && !has(&self.begins, said) {
            return None;
        }
        self.needles.iter().find_map(|needle| Some((needle.what, needle.end(text, start)?)))
    }
}

impl Needle {
    /// Where it ends, if it begins at `start` behind any number of layers of escapes.
    fn end(&self, text: &[u8], start: usize) -> Option<usize> {
        let fold = |byte: u8| match self.what {
            What::Secret => byte,
            What::Quote => byte.to_ascii_lowercase(),
        };
        let pairs = self.text.iter().zip(text.get(start..)?);
        let plain = pairs.take_while(|(own, byte)| fold(**byte) == **own && !ESCAPES.contains(byte)).count();
        let (at, rest) = (start + plain, self.text.get(plain..)?);
        let end = match text.get(at) {
            _ if rest.is_empty() => at,
            Some(byte) if ESCAPES.contains(byte) => {
                // Only where it looks like an escape itself does it matter that there are fewer.
                let least = if rest.iter().any(|byte| ESCAPES.contains(byte)) { 0 } else { LAYERS };
                (least..=LAYERS).find_map(|layers| {
                    rest.iter().try_fold(at, |at, own| {
                        let (byte, next) = unescape(text, at, layers)?;
                        (fold(byte) == *own).then_some(next)
                    })
                })?
            }
            _ => return None,
        };
        let is_long = self.text.len() >= SHORTEST;
        (is_long || is_word(text, start..end)).then_some(end)
    }
}

fn is_word(text: &[u8], range: Range<usize>) -> bool {
    let before = range.start.checked_sub(1).and_then(|at| text.get(at));
    let neighbours = [before, text.get(range.end)];
    neighbours.into_iter().flatten().all(|byte| !byte.is_ascii_alphanumeric())
}

fn has(set: &Bytes, byte: u8) -> bool {
    set.get(usize::from(byte)).is_some_and(|is_in| *is_in)
}

fn mark(set: &mut Bytes, bytes: &[u8]) {
    for byte in bytes {
        if let Some(is_in) = set.get_mut(usize::from(*byte)) {
            *is_in = true;
        }
    }
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
