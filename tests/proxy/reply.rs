//! What goes back.

use super::traveller::{ID, TOKEN, get, header, member, read};
use tasklens::proxy::UpstreamHeaders;

#[test]
fn status_and_body_go_back_and_of_the_headers_only_what_is_listed() {
    let headers = UpstreamHeaders {
        content_type: Some("text/xml;charset=utf-8"),
        request_id: Some("4BE2C7FE"),
        retry_after: Some("7"),
        date: Some("Fri, 02 Jan 2026 03:04:05 GMT"),
        acs_retry_after: Some("1500"),
    };
    let response = read().arrive().replied_with(400, headers, b"<Error/>").response();
    assert_eq!((response.status, response.body.as_slice()), (400, b"<Error/>".as_slice()));
    assert_eq!(
        response.headers,
        [
            ("content-type", "text/xml;charset=utf-8"),
            ("x-acs-request-id", "4BE2C7FE"),
            ("x-acs-retry-after", "1500"),
            ("retry-after", "7"),
            ("date", "Fri, 02 Jan 2026 03:04:05 GMT"),
            ("cache-control", "no-store"),
            ("cross-origin-resource-policy", "same-origin"),
            ("vary", "Origin"),
            ("x-content-type-options", "nosniff"),
        ]
        .map(|(name, value)| (name, value.to_owned()))
    );
}

#[test]
fn nothing_goes_back_that_a_browser_would_run_or_take_for_the_proxys_own() {
    for given in [
        None,
        Some("text/html"),
        Some("application/problem+json"),
        Some("image/svg+xml"),
        Some("text/javascript"),
        Some("a\nb"),
        Some(""),
    ] {
        let headers = UpstreamHeaders { content_type: given, ..UpstreamHeaders::default() };
        let response = read().arrive().replied_with(200, headers, b"{}").response();
        assert_eq!(header(&response, "content-type"), Some("application/octet-stream"), "{given:?}");
    }
}

#[test]
fn a_status_without_a_body_has_none() {
    assert_eq!(read().arrive().replied(204, "x").response().body, b"");
}

#[test]
fn a_quoted_string_to_sign_does_not_go_back() {
    let body = format!(
        r#"{{"Message":"Specified signature is not matched with our calculation. server string to sign is:GET&%2F&AccessKeyId%3D{ID}%26TaskId%3Dt-1","RequestId":"r","Code":"SignatureDoesNotMatch"}}"#
    );
    let response = read().arrive().replied(400, &body).response();
    assert_eq!(
        String::from_utf8(response.body).unwrap(),
        r#"{"Message":"Specified signature is not matched with our calculation. server string to sign is:[redacted]","RequestId":"r","Code":"SignatureDoesNotMatch"}"#
    );
}

#[test]
fn a_header_that_echoes_a_key_does_not_go_back() {
    let headers = UpstreamHeaders { request_id: Some(ID), ..UpstreamHeaders::default() };
    let response = read().arrive().replied_with(200, headers, b"{}").response();
    assert_eq!(header(&response, "x-acs-request-id"), None);
}

#[test]
fn problems_echo_at_most_64_characters() {
    for query in [
        format!("RegionId=cn-hangzhou&{}=1", "#".repeat(4000)),
        format!("RegionId={}", "#".repeat(4000)),
        format!("{}=%", "#".repeat(4000)),
        format!("RegionId=cn-hangzhou&TaskIds={}", "#".repeat(4000)),
    ] {
        let response = get("/ecs/DescribeTasks", query.leak()).refused();
        let detail = member(&response, "detail");
        assert!(response.status == 400 && detail.matches('#').count() <= 64, "{detail}");
    }
}

#[test]
fn nothing_shows_a_key_in_a_debugger() {
    let journey = read().set("ALIBABA_CLOUD_SECURITY_TOKEN", TOKEN).arrive();
    let shown = format!("{:?}", journey.step());
    assert!(!shown.contains(ID) && !shown.contains(TOKEN) && !shown.contains("ACS3"), "{shown}");
}
