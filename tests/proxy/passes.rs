//! What passes, and what it becomes.

use super::traveller::{ID, TOKEN, Traveller, get, read};
use tasklens::proxy::TIMEOUT_MS;

#[test]
fn a_read_goes_to_its_host_signed_and_with_no_header_of_the_caller() {
    let journey = read().with(|request| request.accept = Some("*/*")).arrive();
    let sent = journey.sent();
    assert_eq!(
        sent.url,
        "https://ecs.cn-hangzhou.aliyuncs.com/?RegionId=cn-hangzhou&TaskId=t-ce946ntx4wr0001"
    );
    assert_eq!((sent.method, sent.timeout_ms), ("GET", TIMEOUT_MS));
    let names: Vec<_> = sent.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "accept",
            "x-acs-action",
            "x-acs-version",
            "x-acs-content-sha256",
            "x-acs-date",
            "x-acs-signature-nonce",
            "authorization"
        ]
    );
    assert_eq!(journey.header("accept"), "application/json");
    assert_eq!(journey.header("x-acs-date"), "2026-01-02T03:04:05Z");
    assert!(journey.header("authorization").contains("SignedHeaders=host;x-acs-action;"));
}

#[test]
fn each_operation_has_its_host_method_and_path() {
    for (method, path, query, sent, url) in [
        (
            "GET",
            "/ecs/DescribeTasks",
            "RegionId=cn-hangzhou&TaskIds=t-1%2Ct-2",
            "GET",
            "https://ecs.cn-hangzhou.aliyuncs.com/?RegionId=cn-hangzhou&TaskIds=t-1%2Ct-2",
        ),
        (
            "POST",
            "/ecs/CancelTask",
            "RegionId=eu-central-1&TaskId=t-1",
            "POST",
            "https://ecs.eu-central-1.aliyuncs.com/?RegionId=eu-central-1&TaskId=t-1",
        ),
        (
            "GET",
            "/bdrc/DescribeTask",
            "RegionId=cn-shanghai&TaskId=t-1",
            "GET",
            "https://bdrc.cn-shanghai.aliyuncs.com/api/v1/tasks/t-1",
        ),
        (
            "GET",
            "/bdrc/DescribeTasks",
            "RegionId=cn-shanghai&MaxResults=50",
            "GET",
            "https://bdrc.cn-shanghai.aliyuncs.com/api/v1/tasks?MaxResults=50",
        ),
        (
            "GET",
            "/cloudcontrol/GetTask",
            "taskId=task-1",
            "GET",
            "https://cloudcontrol.aliyuncs.com/api/v1/tasks/task-1",
        ),
        (
            "POST",
            "/cloudcontrol/CancelTask",
            "taskId=task-1&RegionId=eu-central-1",
            "PUT",
            "https://cloudcontrol.ap-southeast-1.aliyuncs.com/api/v1/tasks/task-1/operation/cancel",
        ),
    ] {
        let journey = get(path, query).with(|request| request.method = method).arrive();
        assert_eq!((journey.sent().method, journey.sent().url.as_str()), (sent, url), "{path}");
    }
}

#[test]
fn only_ecs_is_asked_for_xml() {
    let wants_xml = |traveller: Traveller| {
        traveller.with(|request| request.accept = Some("Application/XML;q=0.9")).arrive().header("accept")
    };
    assert_eq!(wants_xml(read()), "application/xml");
    assert_eq!(wants_xml(get("/bdrc/DescribeTask", "RegionId=cn-shanghai&TaskId=t-1")), "application/json");
}

#[test]
fn another_upstream_gets_what_is_signed_for_the_real_host() {
    let direct = read().arrive();
    let journey = read().set("TASKLENS_UPSTREAM", "http://127.0.0.1:8080/").arrive();
    assert!(journey.sent().url.starts_with("http://127.0.0.1:8080/?RegionId="));
    assert_eq!(journey.header("authorization"), direct.header("authorization"));
}

#[test]
fn temporary_keys_send_their_token() {
    let journey = read().set("ALIBABA_CLOUD_SECURITY_TOKEN", TOKEN).arrive();
    assert_eq!(journey.header("x-acs-security-token"), TOKEN);
    assert_eq!(journey.header("x-acs-accesskey-id"), ID);
}

#[test]
fn keys_set_with_a_line_feed_at_their_end_are_the_same_keys() {
    let journey = read().set("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tFakeKeyIdForTests\n").arrive();
    assert_eq!(journey.header("authorization"), read().arrive().header("authorization"));
}
