//! When it is tried again, and with which clock.

use super::traveller::{cancel, header, member, read};
use tasklens::proxy::{DEADLINE_MS, Failure, TIMEOUT_MS, UpstreamHeaders};

const CLOCK: &str = r#"{"Code":"InvalidTimeStamp.Expired","Message":"m","RequestId":"r"}"#;
const BUSY: &str = r#"{"Code":"ServiceUnavailable","Message":"m","RequestId":"r"}"#;

#[test]
fn a_read_is_tried_twice_more_each_time_signed_anew() {
    let first = read().arrive();
    let second = first.replied(503, BUSY);
    assert_eq!(second.delay(), 50);
    let second = second.waited();
    let nonce = second.header("x-acs-signature-nonce");
    let third = second.failed(Failure::Network);
    assert_eq!(third.delay(), 100);
    let third = third.waited();
    assert_ne!(third.header("x-acs-signature-nonce"), nonce);
    let response = third.replied(503, BUSY).response();
    assert_eq!((response.status, response.body.as_slice()), (503, BUSY.as_bytes()));
}

#[test]
fn what_is_likely_to_pass_is_tried_again_and_nothing_else() {
    for (status, body) in [
        (500, r#"{"Code":"InternalError","Message":"m"}"#),
        (502, "<html>bad gateway</html>"),
        (503, ""),
        (504, "Server Timeout"),
        (400, r#"{"Code":"SignatureNonceUsed","Message":"m"}"#),
        (400, "<Error><Code>ServiceUnavailable</Code><Message>m</Message></Error>"),
    ] {
        read().arrive().replied(status, body).delay();
    }
    for (status, body) in [
        (400, r#"{"Code":"Throttling.User","Message":"m"}"#),
        (429, ""),
        (403, r#"{"Code":"Forbidden.RAM","Message":"m"}"#),
        (400, r#"{"Code":"SignatureDoesNotMatch","Message":"m"}"#),
        (404, r#"{"Code":"InvalidAccessKeyId.NotFound","Message":"m"}"#),
        (500, r#"{"Code":"Forbidden.RAM","Message":"m"}"#),
    ] {
        assert_eq!(read().arrive().replied(status, body).response().status, status, "{body}");
    }
}

#[test]
fn a_cancel_is_never_tried_again() {
    assert_eq!(cancel().arrive().failed(Failure::Network).response().status, 502);
    assert_eq!(cancel().arrive().replied(503, BUSY).response().status, 503);
    assert_eq!(cancel().arrive().failed(Failure::Timeout).response().status, 504);
}

#[test]
fn the_servers_hint_is_kept_where_there_is_time_for_it() {
    let hinted = |ms| UpstreamHeaders { acs_retry_after: Some(ms), ..UpstreamHeaders::default() };
    let journey = read().arrive().replied_with(503, hinted("3000"), BUSY.as_bytes());
    assert_eq!(journey.delay(), 3000);
    let journey = read().arrive().replied_with(503, hinted("60000"), BUSY.as_bytes());
    let response = journey.response();
    assert_eq!((response.status, header(&response, "x-acs-retry-after")), (503, Some("60000")));
}

#[test]
fn no_attempt_outlasts_the_deadline() {
    let journey = read().arrive().after(9_000).failed(Failure::Network).waited();
    assert_eq!(journey.sent().timeout_ms, DEADLINE_MS - journey.elapsed);
    assert_eq!(journey.after(4_600).failed(Failure::Network).response().status, 502);
    assert_eq!(read().arrive().after(TIMEOUT_MS).failed(Failure::Timeout).response().status, 504);
}

#[test]
fn an_expired_clock_is_set_once_by_the_servers_date() {
    let dated = |date| UpstreamHeaders { date: Some(date), ..UpstreamHeaders::default() };
    for traveller in [read(), cancel()] {
        let journey =
            traveller.arrive().replied_with(400, dated("Fri, 02 Jan 2026 04:00:00 GMT"), CLOCK.as_bytes());
        assert_eq!(journey.header("x-acs-date"), "2026-01-02T04:00:00Z");
        let again = journey.replied_with(400, dated("Fri, 02 Jan 2026 05:00:00 GMT"), CLOCK.as_bytes());
        assert_eq!(again.response().status, 400);
    }
}

#[test]
fn the_servers_clock_is_kept_for_later_attempts() {
    let date = UpstreamHeaders { date: Some("Fri, 02 Jan 2026 04:00:00 GMT"), ..UpstreamHeaders::default() };
    let journey =
        read().arrive().replied_with(400, date, CLOCK.as_bytes()).replied(503, BUSY).after(1000).waited();
    assert_eq!(journey.header("x-acs-date"), "2026-01-02T04:00:01Z");
}

#[test]
fn an_absurd_date_of_the_server_is_not_believed() {
    for date in [
        None,
        Some("Thu, 01 Jan 1970 00:00:00 GMT"),
        Some("Tue, 31 Dec 2019 23:59:59 GMT"),
        Some("Fri, 01 Jan 2100 00:00:00 GMT"),
        Some("yesterday"),
        Some(""),
    ] {
        let headers = UpstreamHeaders { date, ..UpstreamHeaders::default() };
        assert_eq!(
            read().arrive().replied_with(400, headers, CLOCK.as_bytes()).response().status,
            400,
            "{date:?}"
        );
    }
}

#[test]
fn what_is_no_answer_is_told_apart() {
    for status in [0, 100, 300, 301, 302, 304, 307, 308, 600, 999] {
        let response = read().arrive().replied(status, "{}").response();
        assert_eq!(
            (response.status, member(&response, "type").as_str()),
            (502, "urn:tasklens:proxy:redirected"),
            "{status}"
        );
    }
    for (failure, status) in [(Failure::Oversize, 502), (Failure::Timeout, 504), (Failure::Aborted, 502)] {
        assert_eq!(read().arrive().failed(failure).response().status, status, "{failure:?}");
    }
}
