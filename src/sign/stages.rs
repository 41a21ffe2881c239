//! The stages as values. Each can be shown; none holds the secret.

use super::ALGORITHM;
use crate::request::{encode_query, in_order};
use sha2::{Digest, Sha256};
use std::fmt;

/// The first stage: method, path, query, headers, their names, and the payload's hash, one a line. With temporary keys the
/// security token is in it: `Display` shows the text, `Debug` does not.
#[derive(Clone, PartialEq, Eq)]
pub struct CanonicalRequest {
    text: String,
    signed_headers: String,
}

impl CanonicalRequest {
    /// Signs of the `headers` what the specification lists: `host`, `content-type` and every `x-acs-*`. The path is as it is
    /// sent; an empty one is `/`, for that is how it arrives. Names sort by their bytes.
    pub fn new(
        method: &str,
        path: &str,
        query: &[(String, String)],
        headers: &[(String, String)],
        payload_hash: &str,
    ) -> Self {
        let path = if path.is_empty() { "/" } else { path };
        let mut signed = merge(headers);
        signed.retain(|(name, _)| is_signed(name));
        let lines: String = signed.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let names: Vec<_> = signed.iter().map(|(name, _)| name.as_str()).collect();
        let signed_headers = names.join(";");
        let query = canonical_query(query);
        let text = format!("{method}\n{path}\n{query}\n{lines}\n{signed_headers}\n{payload_hash}");
        Self { text, signed_headers }
    }

    /// The text that is hashed.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The names of the headers that are signed, joined with `;`.
    pub fn signed_headers(&self) -> &str {
        &self.signed_headers
    }
}

impl fmt::Debug for CanonicalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CanonicalRequest([redacted], {})", self.signed_headers)
    }
}

/// The second stage: the algorithm, and the hash of the canonical request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StringToSign(String);

impl StringToSign {
    /// Of a canonical request.
    pub fn of(request: &CanonicalRequest) -> Self {
        Self(format!("{ALGORITHM}\n{}", payload_hash(request.as_str().as_bytes())))
    }

    /// The text that is signed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The third stage, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature(String);

impl Signature {
    pub(super) fn new(hex: String) -> Self {
        Self(hex)
    }

    /// 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The value of the `Authorization` header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization(String);

impl Authorization {
    /// From who signed, what was signed, and the signature.
    pub fn of(access_key_id: &str, request: &CanonicalRequest, signature: &Signature) -> Self {
        let (headers, signature) = (request.signed_headers(), signature.as_str());
        Self(format!("{ALGORITHM} Credential={access_key_id},SignedHeaders={headers},Signature={signature}"))
    }

    /// The header's value.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! shown_as_text {
    ($($stage:ty),*) => {$(
        impl fmt::Display for $stage {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}
shown_as_text!(CanonicalRequest, StringToSign, Signature, Authorization);

/// SHA-256 of a body, in hexadecimal.
pub fn payload_hash(body: &[u8]) -> String {
    hex(&Sha256::digest(body))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Names in lower case, values trimmed, in the order of the names; values of one name sorted and joined with `,`.
pub(super) fn merge(headers: &[(String, String)]) -> Vec<(String, String)> {
    let mut lower = headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()));
    let mut merged = in_order(&mut lower);
    merged.dedup_by(|next, first| {
        let again = next.0 == first.0;
        if again {
            first.1.push(',');
            first.1.push_str(&next.1);
        }
        again
    });
    merged
}

fn is_signed(name: &str) -> bool {
    name == "host" || name == "content-type" || name.starts_with("x-acs-")
}

/// Sorted by the bytes of the names as they are, then of the values; encoded after that.
fn canonical_query(query: &[(String, String)]) -> String {
    encode_query(&in_order(&mut query.iter().cloned()))
}
