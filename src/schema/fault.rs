//! The reply when the call itself is refused (api.md sections 1.8, 1.9, 3.3 and 4).

use crate::error::{Error, Place};
use crate::field::{Object, Reading, same_in_any_case, trimmed};
use crate::model::{Body, Extra, Fault, FaultKind, Finding, Reply, Text, Value};
use crate::text::{Parts, find_in_any_case, lossy, replace, start, trim};
use crate::wire::{Document, Kind, NodeId};
use std::borrow::Cow;

const REDACTED: &str = "the server quoted what it signed; it was cut out";

/// A member by name: upper camel first, then any case (api.md section 4: lower camel and all lower were *seen*).
fn member(document: &Document<'_>, name: &str) -> Option<NodeId> {
    let root = document.root();
    let any_case = |child: &NodeId| same_in_any_case(document.name(*child), name);
    match document.kind(root) {
        Kind::Object => document.member(root, name).or_else(|| document.children(root).find(any_case)),
        _ => None,
    }
}

/// `Code` and `Message`, root `Error` or not.
pub(super) fn is_fault(document: &Document<'_>) -> bool {
    let there = |name| member(document, name).is_some_and(|node| document.kind(node) != Kind::Null);
    there("Code") && there("Message")
}

/// The fault that a readable document describes.
#[inline(never)]
pub(super) fn fault<'s>(reading: &Reading<'_, 's>, http_status: Option<u16>) -> Body<'s> {
    let document = reading.document;
    let root = reading.object(document.root());
    let text = |name: &str| field_text(&root, name).unwrap_or_default();
    let filled = |name: &str| Some(text(name)).filter(|text| !text.is_empty());
    let code = trim(&text("Code")).to_owned();
    let mut fault = bare_fault(code, text("Message"));
    if redact(&mut fault.message)
        && let Some(node) = member(document, "Message")
    {
        reading.report("redacted", node, REDACTED);
    }
    text("RequestId");
    let request_id = super::Root::new(document).request_id();
    fault.request_id = request_id.map(|id| trimmed(document, id).unwrap_or_default());
    fault.host_id = filled("HostId");
    fault.recommend = filled("Recommend").map(|raw| recommend(reading, raw));
    let one_status = status(&root, "Status");
    let body_status = status(&root, "StatusCode").or(one_status);
    fault.status = http_status.or(body_status);
    fault.access_denied = access_denied(&root);
    report_other_spellings(&root);
    root.report_rest();
    let kind = kind(&fault.code, fault.status);
    settle(&mut fault, kind);
    Body::Fault(fault)
}

/// A fault of which only this is known yet.
fn bare_fault(code: String, message: Text<'_>) -> Box<Fault<'_>> {
    Box::new(Fault {
        code: Cow::Owned(code),
        message,
        request_id: None,
        host_id: None,
        recommend: None,
        status: None,
        kind: FaultKind::Other,
        retryable: false,
        access_denied: None,
    })
}

fn settle(fault: &mut Fault<'_>, kind: FaultKind) {
    fault.kind = kind;
    fault.retryable = matches!(kind, FaultKind::Throttled | FaultKind::Transient);
}

/// Reports a field that is there in a second spelling: only one can be read.
fn report_other_spellings(root: &Object<'_, '_, '_>) {
    let document = root.reading.document;
    if document.kind(root.node) != Kind::Object {
        return;
    }
    for child in document.children(root.node) {
        let name = document.name(child);
        let known = FIELDS.iter().find(|known| same_in_any_case(known, name));
        let read = known.and_then(|known| member(document, known));
        if let Some(read) = read.filter(|read| !document.is_named(*read, name)) {
            let found = document.describe(child);
            let message =
                format!("`{}` is read, this other spelling of it is not: {found}", document.name(read));
            root.reading.report("duplicate-key", child, message);
            root.take(child);
        }
    }
}

const FIELDS: [&str; 6] = ["Code", "Message", "RequestId", "HostId", "Recommend", "AccessDeniedDetail"];

/// A field as text, whatever it is.
fn field_text<'s>(root: &Object<'_, '_, 's>, name: &str) -> Option<Text<'s>> {
    let document = root.reading.document;
    let node = member(document, name)?;
    root.take(node);
    root.reading.value(node).into_text()
}

/// An HTTP status that some gateways write into the body.
fn status(root: &Object<'_, '_, '_>, name: &str) -> Option<u16> {
    let node = member(root.reading.document, name)?;
    let status = root.unsigned(node).filter(|status| (100..600).contains(status))?;
    root.take(node);
    Some(status as u16)
}

/// AccessDeniedDetail; its upper-case key wins when several are there (*seen* in an SDK's test).
fn access_denied<'s>(root: &Object<'_, '_, 's>) -> Option<Extra<'s>> {
    let node = member(root.reading.document, "AccessDeniedDetail")?;
    match root.reading.value(node) {
        Value::Object(detail) => {
            root.take(node);
            Some(detail)
        }
        _ => {
            root.wrong_kind(node, "an object");
            None
        }
    }
}

/// Some gateways write `&amp;` into a JSON string (*seen*): a link with that in it leads nowhere.
fn recommend<'s>(reading: &Reading<'_, 's>, mut raw: Text<'s>) -> Text<'s> {
    redact(&mut raw);
    let link = replace(&raw, "&amp;", "&");
    if link.len() == raw.len() {
        return raw;
    }
    if let Some(node) = member(reading.document, "Recommend") {
        reading.report("escaped-recommend", node, "`&amp;` in a link is read as `&`");
    }
    Cow::Owned(link)
}

/// The fault that an HTTP error with an unreadable body is.
pub(super) fn unreadable<'s>(
    body: &'s [u8],
    status: u16,
    request_id: Option<Text<'s>>,
    why: &Error,
) -> Reply<'s> {
    const LONGEST: usize = 200;
    let text = lossy(body);
    let mut text = text.as_str();
    while let Some(rest) = text.strip_prefix('\u{feff}') {
        text = rest;
    }
    let mut fault = bare_fault(format!("HTTP {status}"), Cow::Owned(start(text, LONGEST).to_owned()));
    let mut findings = vec![Finding {
        code: "unreadable-body",
        path: why.field_path().unwrap_or("$").to_owned(),
        message: format!("the body is no reply: {why}"),
        place: why.place().or(Some(Place::START)),
        at: 0,
    }];
    if redact(&mut fault.message) {
        let (path, message) = ("$".to_owned(), REDACTED.to_owned());
        findings.push(Finding { code: "redacted", path, message, place: Some(Place::START), at: 0 });
    }
    (fault.request_id, fault.status) = (request_id.clone(), Some(status));
    settle(&mut fault, kind_of_status(Some(status)));
    Reply { request_id, findings, body: Body::Fault(fault) }
}

/// What an HTTP error means, its body read or not.
#[cfg(feature = "proxy")]
pub(super) fn kind_of(document: Option<&Document<'_>>, http_status: u16) -> FaultKind {
    let fault = document.filter(|document| is_fault(document));
    let code = fault.and_then(|document| Some(trim(document.text(member(document, "Code")?))));
    kind(code.unwrap_or_default(), Some(http_status))
}

/// What codes mean, the first that fits; `*` is anything before or behind.
const KINDS: [(FaultKind, &str); 8] = [
    (
        FaultKind::Transient,
        "InternalError InternalFailure UnknownError SignatureNonceUsed ServiceUnavailable*",
    ),
    (
        FaultKind::Credentials,
        "InvalidAccessKeyId* InvalidSecurityToken* MissingSecurityToken* SignatureDoesNotMatch* IncompleteSignature \
         Forbidden.AccessKeyDisabled InvalidAccount.NotFound",
    ),
    (FaultKind::Clock, "InvalidTimeStamp* IllegalTimestamp*"),
    (FaultKind::Invalid, "InvalidApi.NotFound InvalidProduct.NotFound"),
    (FaultKind::NotFound, "*.NotFound"),
    (
        FaultKind::Denied,
        "Forbidden* StatusForbidden* RealNameAuthenticationError* *NoPermission *AccessDenied*",
    ),
    (
        FaultKind::Conflict,
        "OperationConflict CancelTaskFailed LastTokenProcessing *IncorrectTaskStatus *InvalidTaskStatus \
         *TaskNotCompleted",
    ),
    (FaultKind::Invalid, "Missing* Invalid* Unsupported* Idempotent* ContentMD5* ContentLength*"),
];

/// What a code means, and the HTTP status only where the code says nothing: the same code travels with different
/// statuses by product and year (api.md 1.8).
fn kind(code: &str, status: Option<u16>) -> FaultKind {
    if find_in_any_case(code, "throttling").is_some() {
        return FaultKind::Throttled;
    }
    for (kind, patterns) in KINDS {
        if Parts::of(patterns, b' ').any(|pattern| fits(code.as_bytes(), pattern.as_bytes())) {
            return kind;
        }
    }
    kind_of_status(status)
}

fn fits(code: &[u8], pattern: &[u8]) -> bool {
    match (pattern, code) {
        ([b'*'], _) => true,
        ([b'*', end @ ..], _) => (0..code.len()).any(|from| fits(code.get(from..).unwrap_or_default(), end)),
        ([first, pattern @ ..], [byte, code @ ..]) => first == byte && fits(code, pattern),
        _ => pattern.is_empty() && code.is_empty(),
    }
}

fn kind_of_status(status: Option<u16>) -> FaultKind {
    match status {
        Some(401) => FaultKind::Credentials,
        Some(403) => FaultKind::Denied,
        Some(404) => FaultKind::NotFound,
        Some(408 | 500..) => FaultKind::Transient,
        Some(409) => FaultKind::Conflict,
        Some(429) => FaultKind::Throttled,
        Some(400..) => FaultKind::Invalid,
        _ => FaultKind::Other,
    }
}

/// What stands before a quote of what was signed, in lower case. SignatureDoesNotMatch quotes the whole string to sign, with
/// the key id and every parameter (*seen*).
pub(crate) const SIGNATURE_QUOTES: [&str; 3] =
    ["string to sign is:", "stringtosign is:", "canonicalrequest is:"];

/// Cuts a quote of what was signed, to the end; says whether there was one.
fn redact(message: &mut Text<'_>) -> bool {
    let mut cut = usize::MAX;
    for quote in SIGNATURE_QUOTES {
        if let Some(at) = find_in_any_case(message, quote) {
            cut = cut.min(at + quote.len());
        }
    }
    let Some(kept) = message.get(..cut) else { return false };
    *message = Cow::Owned(format!("{kept}[redacted]"));
    true
}
