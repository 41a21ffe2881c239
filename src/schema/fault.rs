//! The reply when the call itself is refused (api.md sections 1.8, 1.9, 3.3 and 4).

use crate::error::{Error, Place};
use crate::field::{Object, Reading};
use crate::model::{Body, Extra, Fault, FaultKind, Finding, Reply, Text, Value};
use crate::text::{find, find_in_any_case, lossy, number, replace, start};
use crate::wire::{Document, Kind, NodeId};
use std::borrow::Cow;

const REDACTED: &str = "the server quoted what it signed; it was cut out";

/// A member by name: upper camel first, then any case (api.md section 4: lower camel and all lower were *seen*).
fn member(document: &Document<'_>, name: &str) -> Option<NodeId> {
    let root = document.root();
    let any_case = |child: &NodeId| document.name(*child).eq_ignore_ascii_case(name);
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
    let text = |name: &str| field_text(&root, name);
    let code = text("Code").map(crate::field::trim).unwrap_or_default();
    let message = text("Message").unwrap_or_default();
    let (message, cut) = redact(message);
    if let (true, Some(node)) = (cut, member(document, "Message")) {
        reading.report("redacted", node, REDACTED);
    }
    text("RequestId");
    let host_id = text("HostId").filter(|text| !text.is_empty());
    let recommend = text("Recommend").filter(|text| !text.is_empty()).map(|raw| recommend(reading, raw));
    let body_status =
        ["Status", "StatusCode"].into_iter().fold(None, |first, name| status(&root, name).or(first));
    let status = http_status.or(body_status);
    let access_denied = access_denied(&root);
    report_other_spellings(&root);
    root.report_rest();
    let kind = kind(&code, status);
    Body::Fault(Box::new(Fault {
        retryable: matches!(kind, FaultKind::Throttled | FaultKind::Transient),
        code,
        message,
        request_id: super::Root::new(document)
            .request_id()
            .map(|id| crate::field::trim(document.text_cow(id))),
        host_id,
        recommend,
        status,
        kind,
        access_denied,
    }))
}

/// Reports a field that is there in a second spelling: only one can be read.
fn report_other_spellings(root: &Object<'_, '_, '_>) {
    let document = root.reading.document;
    if document.kind(root.node) != Kind::Object {
        return;
    }
    for child in document.children(root.node) {
        let name = document.name(child);
        let known = FIELDS.iter().find(|known| known.eq_ignore_ascii_case(name));
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
    Some(match root.reading.value(node) {
        Value::Null => return None,
        Value::Text(text) => text,
        other => Cow::Owned(other.to_string()),
    })
}

/// An HTTP status that some gateways write into the body.
fn status(root: &Object<'_, '_, '_>, name: &str) -> Option<u16> {
    let node = member(root.reading.document, name)?;
    let status =
        number(root.number_text(node)?)?.try_into().ok().filter(|status| (100..600).contains(status))?;
    root.take(node);
    Some(status)
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
fn recommend<'s>(reading: &Reading<'_, 's>, raw: Text<'s>) -> Text<'s> {
    let (raw, _) = redact(raw);
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
    let (message, cut) = redact(Cow::Owned(start(text.trim_start_matches('\u{feff}'), LONGEST).to_owned()));
    let kind = kind_of_status(Some(status));
    let finding = Finding {
        code: "unreadable-body",
        path: why.field_path().unwrap_or("$").to_owned(),
        message: format!("the body is no reply: {why}"),
        place: Some(why.place().unwrap_or(Place::START)),
        at: 0,
    };
    let mut findings = vec![finding];
    if cut {
        let place = Some(Place::START);
        findings.push(Finding {
            code: "redacted",
            path: "$".to_owned(),
            message: REDACTED.to_owned(),
            place,
            at: 0,
        });
    }
    let fault = Fault {
        code: Cow::Owned(format!("HTTP {status}")),
        message,
        request_id: request_id.clone(),
        host_id: None,
        recommend: None,
        status: Some(status),
        kind,
        retryable: matches!(kind, FaultKind::Throttled | FaultKind::Transient),
        access_denied: None,
    };
    Reply { request_id, findings, body: Body::Fault(Box::new(fault)) }
}

/// What an HTTP error means, its body read or not.
#[cfg(feature = "proxy")]
pub(super) fn kind_of(document: Option<&Document<'_>>, http_status: u16) -> FaultKind {
    let fault = document.filter(|document| is_fault(document));
    let code = fault.and_then(|document| Some(document.text(member(document, "Code")?).trim()));
    kind(code.unwrap_or_default(), Some(http_status))
}

/// What codes mean, the first that fits; `*` is anything before or behind.
const KINDS: &[(&str, FaultKind)] = &[
    ("InternalError", FaultKind::Transient),
    ("InternalFailure", FaultKind::Transient),
    ("UnknownError", FaultKind::Transient),
    ("SignatureNonceUsed", FaultKind::Transient),
    ("ServiceUnavailable*", FaultKind::Transient),
    ("InvalidAccessKeyId*", FaultKind::Credentials),
    ("InvalidSecurityToken*", FaultKind::Credentials),
    ("MissingSecurityToken*", FaultKind::Credentials),
    ("SignatureDoesNotMatch*", FaultKind::Credentials),
    ("IncompleteSignature", FaultKind::Credentials),
    ("Forbidden.AccessKeyDisabled", FaultKind::Credentials),
    ("InvalidAccount.NotFound", FaultKind::Credentials),
    ("InvalidTimeStamp*", FaultKind::Clock),
    ("IllegalTimestamp*", FaultKind::Clock),
    ("InvalidApi.NotFound", FaultKind::Invalid),
    ("InvalidProduct.NotFound", FaultKind::Invalid),
    ("*.NotFound", FaultKind::NotFound),
    ("Forbidden*", FaultKind::Denied),
    ("StatusForbidden*", FaultKind::Denied),
    ("RealNameAuthenticationError*", FaultKind::Denied),
    ("*NoPermission", FaultKind::Denied),
    ("*AccessDenied*", FaultKind::Denied),
    ("OperationConflict", FaultKind::Conflict),
    ("CancelTaskFailed", FaultKind::Conflict),
    ("LastTokenProcessing", FaultKind::Conflict),
    ("*IncorrectTaskStatus", FaultKind::Conflict),
    ("*InvalidTaskStatus", FaultKind::Conflict),
    ("*TaskNotCompleted", FaultKind::Conflict),
    ("Missing*", FaultKind::Invalid),
    ("Invalid*", FaultKind::Invalid),
    ("Unsupported*", FaultKind::Invalid),
    ("Idempotent*", FaultKind::Invalid),
    ("ContentMD5*", FaultKind::Invalid),
    ("ContentLength*", FaultKind::Invalid),
];

/// What a code means, and the HTTP status only where the code says nothing: the same code travels with different
/// statuses by product and year (api.md 1.8).
fn kind(code: &str, status: Option<u16>) -> FaultKind {
    if find_in_any_case(code, "throttling").is_some() {
        return FaultKind::Throttled;
    }
    let known = KINDS.iter().find(|(pattern, _)| fits(code, pattern));
    known.map_or_else(|| kind_of_status(status), |(_, kind)| *kind)
}

fn fits(code: &str, pattern: &str) -> bool {
    let (end, is_end) = pattern.strip_prefix('*').map_or((pattern, false), |end| (end, true));
    match (end.strip_suffix('*'), is_end) {
        (None, false) => code == pattern,
        (None, true) => code.ends_with(end),
        (Some(start), false) => code.starts_with(start),
        (Some(part), true) => find(code, part).is_some(),
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

/// Cuts a quote of what was signed, to the end.
fn redact(message: Text<'_>) -> (Text<'_>, bool) {
    let cut = SIGNATURE_QUOTES
        .iter()
        .filter_map(|quote| Some(find_in_any_case(&message, quote)? + quote.len()))
        .min();
    match cut.and_then(|cut| message.get(..cut)) {
        Some(kept) => (Cow::Owned(format!("{kept}[redacted]")), true),
        None => (message, false),
    }
}
