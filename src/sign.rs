//! ACS3-HMAC-SHA256, the signature of all three APIs, each stage a value under its specification's name. (*Documented*: help.aliyun.com,
//! "V3 request structure and signature"; compared with the official SDK's signer.)
//!
//! ```text
//! method, path, query, headers, payload hash ──▶ CanonicalRequest ──SHA-256──▶ StringToSign
//!                                                        StringToSign ──HMAC-SHA256, the secret──▶ Signature
//!                                             key id, signed headers, Signature ──▶ Authorization
//! ```
//!
//! Time and nonce are arguments. Who may ask for a signature, and of what, is the proxy's to decide.
//!
//! ```
//! use tasklens::sign::{CanonicalRequest, Credentials, StringToSign, payload_hash};
//!
//! let credentials = Credentials::new("YourAccessKeyId", "YourAccessKeySecret", None);
//! let query = [("RegionId".to_owned(), "cn-hangzhou".to_owned())];
//! let headers = [("x-acs-action".to_owned(), "DescribeTasks".to_owned())];
//! let canonical = CanonicalRequest::new("GET", "/", &query, &headers, &payload_hash(b""));
//! assert!(canonical.as_str().starts_with("GET\n/\nRegionId=cn-hangzhou\nx-acs-action:DescribeTasks\n\nx-acs-action\n"));
//! let signature = credentials.sign(&StringToSign::of(&canonical));
//! assert_eq!(signature.as_str().len(), 64);
//! ```

mod stages;

pub use stages::{Authorization, CanonicalRequest, Signature, StringToSign, payload_hash};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// The algorithm, as it is named in the string to sign and the `Authorization` header.
pub const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// An AccessKey pair, with a security token where it is a temporary one (STS). `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    access_key_id: String,
    access_key_secret: String,
    security_token: Option<String>,
}

impl Credentials {
    /// The pair as it is: nothing is trimmed or checked.
    pub fn new(access_key_id: &str, access_key_secret: &str, security_token: Option<&str>) -> Self {
        Self {
            access_key_id: access_key_id.to_owned(),
            access_key_secret: access_key_secret.to_owned(),
            security_token: security_token.map(str::to_owned),
        }
    }

    /// The id: sent with every request, and no secret, but nobody's business either.
    pub(crate) fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// What must never be seen outside.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        [Some(self.access_key_secret.as_str()), self.security_token.as_deref()].into_iter().flatten()
    }

    /// The signature: HMAC-SHA256 with the secret as it is, no derivation and no `&`.
    pub fn sign(&self, text: &StringToSign) -> Signature {
        // HMAC takes keys of any length. If it ever did not, an empty signature is one that no gateway accepts.
        let mac = Hmac::<Sha256>::new_from_slice(self.access_key_secret.as_bytes());
        let bytes = mac.map(|mac| mac.chain_update(text.as_str().as_bytes()).finalize().into_bytes());
        Signature::new(bytes.map(|bytes| stages::hex(&bytes)).unwrap_or_default())
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials([redacted])")
    }
}

/// A request that is to be signed.
#[derive(Clone)]
pub struct SigningInput<'a> {
    /// Such as `GET`.
    pub method: &'a str,
    /// The host it is for; also where it is sent elsewhere.
    pub host: &'a str,
    /// The path as it is sent: percent-encoded.
    pub path: &'a str,
    /// Names and values as they are, in any order.
    pub query: &'a [(String, String)],
    /// Headers to send beside those that signing adds.
    pub headers: &'a [(String, String)],
    /// The body; empty for every request of ours.
    pub body: &'a [u8],
    /// `yyyy-MM-ddTHH:mm:ssZ`.
    pub date: &'a str,
    /// Different for every request, a repeated one included.
    pub nonce: &'a str,
}

/// A signed request: each stage, and the headers to send, a security token among them; so there is no `Debug`.
#[derive(Clone)]
#[non_exhaustive]
pub struct Signed {
    /// All headers, their names in lower case: the given ones, those that were added, `authorization`.
    pub headers: Vec<(String, String)>,
    /// The first stage.
    pub canonical_request: CanonicalRequest,
    /// The second.
    pub string_to_sign: StringToSign,
    /// The third.
    pub signature: Signature,
    /// What goes into the header.
    pub authorization: Authorization,
}

/// Signs a request. `host`, `x-acs-date`, `x-acs-signature-nonce` and `x-acs-content-sha256` are the input's own, whatever
/// the given headers say; of `x-acs-accesskey-id` and `x-acs-security-token`, which temporary keys add, a given one stays.
/// A header given more than once is sent once, its values sorted and joined with `,` as they are signed.
///
/// ```
/// use tasklens::sign::{Credentials, SigningInput, sign};
/// use tasklens::{Api, TaskRef};
///
/// let request = TaskRef::new(Api::Ecs, Some("cn-hangzhou"), "t-bp1import")?.describe().request();
/// let headers = request.headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
/// let input = SigningInput {
///     method: request.method,
///     host: &request.host,
///     path: &request.path,
///     query: &request.query,
///     headers: &headers,
///     body: b"",
///     date: "2026-01-02T03:04:05Z",
///     nonce: "a nonce that was never used before",
/// };
/// let signed = sign(&input, &Credentials::new("YourAccessKeyId", "YourAccessKeySecret", None));
/// let (name, value) = signed.headers.last().unwrap();
/// assert_eq!(name, "authorization");
/// assert!(value.starts_with("ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"));
/// # Ok::<(), tasklens::Error>(())
/// ```
pub fn sign(input: &SigningInput<'_>, credentials: &Credentials) -> Signed {
    let payload_hash = payload_hash(input.body);
    let own = [
        ("host", input.host),
        ("x-acs-content-sha256", &payload_hash),
        ("x-acs-date", input.date),
        ("x-acs-signature-nonce", input.nonce),
    ];
    let mut headers = stages::merge(input.headers);
    headers.retain(|(name, _)| name != "authorization" && own.iter().all(|(known, _)| known != name));
    headers.extend(own.map(|(name, value)| (name.to_owned(), value.to_owned())));
    if let Some(token) = &credentials.security_token {
        let temporary = [("x-acs-accesskey-id", &credentials.access_key_id), ("x-acs-security-token", token)];
        for (name, value) in temporary {
            if headers.iter().all(|(given, _)| given != name) {
                headers.push((name.to_owned(), value.clone()));
            }
        }
    }
    let canonical_request =
        CanonicalRequest::new(input.method, input.path, input.query, &headers, &payload_hash);
    let string_to_sign = StringToSign::of(&canonical_request);
    let signature = credentials.sign(&string_to_sign);
    let authorization = Authorization::of(&credentials.access_key_id, &canonical_request, &signature);
    headers.push(("authorization".to_owned(), authorization.as_str().to_owned()));
    Signed { headers, canonical_request, string_to_sign, signature, authorization }
}
