//! The same with the feature `proxy`: what it adds is there.

use tasklens::proxy::ProxyEnv;
use tasklens::sign::{CanonicalRequest, Credentials, StringToSign, payload_hash};

fn main() {
    assert!(ProxyEnv::NAMES.contains(&"TASKLENS_TOKENS"));
    let canonical = CanonicalRequest::new("GET", "/", &[], &[], &payload_hash(b""));
    let signature = Credentials::new("YourAccessKeyId", "YourAccessKeySecret", None).sign(&StringToSign::of(&canonical));
    assert_eq!(signature.as_str().len(), 64);
}
