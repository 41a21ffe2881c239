//! Who may ask: the origin of the page, and the token.

use super::config::Config;
use sha2::digest::CtOutput;
use sha2::{Digest, Sha256};

/// May a page of this origin read the answer? Exactly those listed, and the proxy's own.
pub(super) fn is_allowed_origin(config: &Config, origin: &str, own: &str) -> bool {
    // Sandboxed frames and files share the origin `null`: never one of ours.
    origin != "null" && (origin == own || config.origins.iter().any(|allowed| allowed == origin))
}

/// Does `Authorization: Bearer …` carry one of the tokens? No tokens, no entry.
pub(super) fn is_authorized(config: &Config, authorization: Option<&str>) -> bool {
    let Some(token) = authorization.and_then(bearer) else { return false };
    let given = digest(token);
    // All are compared, each in constant time: how long it takes tells neither which one nor how much of it is right.
    config.tokens.iter().fold(false, |found, known| found | (given == digest(known)))
}

/// The token of the scheme, whose name has no case (RFC 9110, section 11.1).
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.trim().split_once(' ')?;
    let token = token.trim_start();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// Hashes are of one length, and `CtOutput` compares in constant time.
fn digest(token: &str) -> CtOutput<Sha256> {
    CtOutput::new(Sha256::digest(token.as_bytes()))
}
