//! The vectors of ACS3-HMAC-SHA256, stage by stage; and what the vectors do not say.

#![cfg(feature = "proxy")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use serde_json::Value;
use tasklens::sign::{
    Authorization, CanonicalRequest, Credentials, SigningInput, StringToSign, payload_hash, sign,
};

/// One request of `vectors/acs3.json`.
struct Vector(Value);

fn vectors() -> Vec<Vector> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/acs3.json");
    let all: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let vectors: Vec<_> = all["vectors"].as_array().unwrap().iter().cloned().map(Vector).collect();
    assert_eq!(vectors.len(), 10, "the vectors are there");
    vectors
}

impl Vector {
    fn text(&self, pointer: &str) -> Option<&str> {
        self.0.pointer(pointer).unwrap().as_str()
    }

    fn expected<'v>(&'v self, stage: &str, otherwise: &'v str) -> &'v str {
        self.0["expected"].get(stage).map_or(otherwise, |value| value.as_str().unwrap())
    }

    fn id(&self) -> &str {
        self.text("/id").unwrap()
    }

    fn pairs(&self, name: &str) -> Vec<(String, String)> {
        let map = self.0["request"][name].as_object().unwrap();
        map.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
    }

    fn credentials(&self) -> Credentials {
        let text = |name: &str| self.text(name).unwrap_or_default();
        Credentials::new(text("/accessKeyId"), text("/accessKeySecret"), self.text("/securityToken"))
    }

    fn body(&self) -> &[u8] {
        self.text("/request/body").unwrap_or_default().as_bytes()
    }

    /// The first stage, from the very headers that were sent.
    fn canonical_request(&self) -> CanonicalRequest {
        let text = |name: &str| self.text(name).unwrap();
        let hash = payload_hash(self.body());
        CanonicalRequest::new(
            text("/request/method"),
            text("/request/path"),
            &self.pairs("query"),
            &self.pairs("headers"),
            self.expected("hashedRequestPayload", &hash),
        )
    }
}

#[test]
fn stage_0_the_payload_hash() {
    for vector in vectors().iter().filter(|vector| vector.id() != "pub-v3-go-unit") {
        let hash = payload_hash(vector.body());
        assert_eq!(hash, vector.expected("hashedRequestPayload", &hash), "{}", vector.id());
        let sent = vector.pairs("headers").into_iter().find(|(name, _)| name == "x-acs-content-sha256");
        assert_eq!(hash, sent.unwrap().1, "{}", vector.id());
    }
}

#[test]
fn stage_1_the_canonical_request() {
    for vector in vectors() {
        let canonical = vector.canonical_request();
        let lines: Vec<_> = canonical.as_str().split('\n').collect();
        assert_eq!(lines[1], vector.expected("canonicalUri", lines[1]), "{}: path", vector.id());
        assert_eq!(lines[2], vector.expected("canonicalQuery", lines[2]), "{}: query", vector.id());
        let headers = lines[3..lines.len() - 3].join("\n") + "\n";
        assert_eq!(headers, vector.expected("canonicalHeaders", &headers), "{}: headers", vector.id());
        let names = canonical.signed_headers();
        assert_eq!(names, vector.expected("signedHeaders", names), "{}: signed headers", vector.id());
        assert_eq!(
            canonical.to_string(),
            vector.text("/expected/canonicalRequest").unwrap(),
            "{}",
            vector.id()
        );
    }
}

#[test]
fn stage_2_the_string_to_sign() {
    for vector in vectors() {
        let canonical = vector.canonical_request();
        let hash = payload_hash(canonical.as_str().as_bytes());
        assert_eq!(hash, vector.expected("hashedCanonicalRequest", &hash), "{}", vector.id());
        let text = StringToSign::of(&canonical);
        assert_eq!(text.to_string(), vector.text("/expected/stringToSign").unwrap(), "{}", vector.id());
    }
}

#[test]
fn stage_3_the_signature() {
    for vector in vectors() {
        let signature = vector.credentials().sign(&StringToSign::of(&vector.canonical_request()));
        assert_eq!(signature.to_string(), vector.text("/expected/signature").unwrap(), "{}", vector.id());
    }
}

#[test]
fn stage_4_the_authorization() {
    for vector in vectors() {
        let canonical = vector.canonical_request();
        let signature = vector.credentials().sign(&StringToSign::of(&canonical));
        let authorization = Authorization::of(vector.text("/accessKeyId").unwrap(), &canonical, &signature);
        assert_eq!(
            authorization.to_string(),
            vector.text("/expected/authorization").unwrap(),
            "{}",
            vector.id()
        );
    }
}

/// Signs the whole request of a vector, given these headers.
fn signed(vector: &Vector, headers: &[(String, String)]) -> tasklens::sign::Signed {
    let text = |name: &str| vector.text(name).unwrap();
    let input = SigningInput {
        method: text("/request/method"),
        host: text("/request/host"),
        path: text("/request/path"),
        query: &vector.pairs("query"),
        headers,
        body: vector.body(),
        date: text("/timestamp"),
        nonce: text("/nonce"),
    };
    sign(&input, &vector.credentials())
}

#[test]
fn a_whole_request_is_signed_alike_with_its_own_headers_or_without() {
    const ADDED: [&str; 6] = [
        "host",
        "x-acs-date",
        "x-acs-signature-nonce",
        "x-acs-content-sha256",
        "x-acs-accesskey-id",
        "x-acs-security-token",
    ];
    for vector in vectors().iter().filter(|vector| vector.text("/request/host").is_some()) {
        let all = vector.pairs("headers");
        let upper = all.iter().map(|(name, value)| (name.to_uppercase(), value.clone())).collect();
        let bare = all.iter().filter(|(name, _)| !ADDED.contains(&name.as_str())).cloned().collect();
        for headers in [all, upper, bare] {
            let signed = signed(vector, &headers);
            let expected = vector.text("/expected/authorization").unwrap();
            assert_eq!(signed.authorization.as_str(), expected, "{}", vector.id());
            assert_eq!(signed.headers.last().unwrap(), &("authorization".to_owned(), expected.to_owned()));
        }
    }
}

#[test]
fn what_signing_adds_cannot_be_given_otherwise() {
    let vectors = vectors();
    let vector = &vectors[0];
    let mut headers = vector.pairs("headers");
    for name in ["Host", "X-Acs-Date", "x-acs-signature-NONCE", "x-acs-content-sha256", "Authorization"] {
        headers.push((name.to_owned(), "forged".to_owned()));
    }
    let signed = signed(vector, &headers);
    assert_eq!(signed.authorization.as_str(), vector.text("/expected/authorization").unwrap());
    assert!(signed.headers.iter().all(|(_, value)| !value.contains("forged")));
}

#[test]
fn names_sort_by_bytes_beyond_the_basic_plane_too() {
    // By UTF-16 units U+10000 would come before U+FFFD.
    let query = ["\u{10000}", "\u{fffd}", "a", "B"].map(|name| (name.to_owned(), String::new()));
    let canonical = CanonicalRequest::new("GET", "", &query, &[], "");
    assert_eq!(canonical.as_str(), "GET\n/\nB=&a=&%EF%BF%BD=&%F0%90%80%80=\n\n\n");
}

#[test]
fn repeated_names_of_the_query_stay_and_sort_by_value() {
    let query = [("a", "2"), ("a", "10"), ("a", "")].map(|(n, v)| (n.to_owned(), v.to_owned()));
    let canonical = CanonicalRequest::new("GET", "/", &query, &[], "");
    assert!(canonical.as_str().starts_with("GET\n/\na=&a=10&a=2\n"));
}

#[test]
fn credentials_are_never_shown() {
    let credentials = Credentials::new("the-id", "the-secret", Some("the-token"));
    assert_eq!(format!("{credentials:?}"), "Credentials([redacted])");
}
