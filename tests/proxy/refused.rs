//! What is refused, shape by shape.

use super::traveller::{Traveller, cancel, get, header, member, read};
use tasklens::proxy::{Question, Step};

#[test]
fn every_wrong_shape_of_a_path_is_no_operation() {
    for path in [
        "/",
        "/ecs",
        "/ecs/",
        "/ecs/DeleteInstance",
        "/ecs/DescribeTasks/",
        "//ecs/DescribeTasks",
        "/ecs//DescribeTasks",
        "/ECS/DescribeTasks",
        "/ecs/describetasks",
        "/ecs/DescribeTasks%00",
        "/ecs%2FDescribeTasks",
        "/bdrc/CancelTask",
        "/ecs/GetTask",
        "/https://evil.example/",
    ] {
        let response = get(path, "RegionId=cn-hangzhou").refused();
        assert_eq!(
            (response.status, member(&response, "type").as_str()),
            (404, "urn:tasklens:proxy:operation"),
            "{path}"
        );
    }
}

#[test]
fn every_wrong_parameter_is_named() {
    for (path, query, name) in [
        ("/ecs/DescribeTasks", "", "RegionId"),
        ("/ecs/DescribeTasks", "RegionId=cn-hangzhou&RegionId=cn-beijing", "RegionId"),
        ("/ecs/DescribeTasks", "RegionId=cn-hangzhou&Action=DeleteInstance", "Action"),
        ("/ecs/DescribeTasks", "RegionId=cn-hangzhou&host=evil.example", "host"),
        ("/ecs/DescribeTasks", "RegionId=cn-hangzhou&regionId=x", "regionId"),
        ("/ecs/DescribeTasks", "RegionId=cn-hangzhou&TaskIds=", "TaskIds[0]"),
        ("/ecs/DescribeTasks", "RegionId=cn-hangzhou&TaskIds=t-1,t%2F2", "TaskIds"),
        ("/ecs/DescribeTasks", "RegionId=cn-hangzhou&PageSize=101", "PageSize"),
        ("/ecs/DescribeTasks", "RegionId=cn-hangzhou&PageSize=%", "PageSize"),
        ("/ecs/DescribeTasks", "RegionId=cn-hangzhou&PageSize=%ff", "PageSize"),
        ("/ecs/DescribeTasks", "RegionId=cn-hangzhou&ResourceIds.1=m-1&ResourceIds.2=m*2", "ResourceIds.2"),
        ("/ecs/DescribeTasks", "RegionId=cn-hangzhou&TaskGroupId=..%2Fx", "TaskGroupId"),
        ("/ecs/DescribeTaskAttribute", "RegionId=cn-hangzhou", "TaskId"),
        ("/ecs/DescribeTaskAttribute", "RegionId=cn-hangzhou&TaskId=t-1****", "TaskId"),
        ("/ecs/DescribeTaskAttribute", "RegionId=cn-hangzhou&TaskId=t%C3%A9", "TaskId"),
        ("/ecs/DescribeTaskAttribute", "RegionId=cn-hangzhou&TaskId=a.b", "TaskId"),
        ("/ecs/DescribeTaskAttribute", "RegionId=evil.example%23&TaskId=t-1", "RegionId"),
        ("/ecs/DescribeTaskAttribute", "RegionId=cn-hangzhou.evil.example&TaskId=t-1", "RegionId"),
        ("/ecs/DescribeTaskAttribute", "RegionId=CN-HANGZHOU&TaskId=t-1", "RegionId"),
        ("/bdrc/DescribeTask", "RegionId=cn-hangzhou&TaskId=t-1", "RegionId"),
        ("/bdrc/DescribeTask", "RegionId=cn-shanghai&TaskId=..", "TaskId"),
        ("/bdrc/DescribeTask", "RegionId=cn-shanghai&TaskId=a%2F..%2Fb", "TaskId"),
        ("/cloudcontrol/GetTask", "TaskId=t-1", "TaskId"),
        ("/cloudcontrol/GetTask", "taskId=t-1%0D%0Ax-acs-action:%20DeleteInstance", "taskId"),
    ] {
        let response = get(path, query).refused();
        assert_eq!((response.status, member(&response, "parameter").as_str()), (400, name), "{path}?{query}");
        assert!(
            member(&response, "detail").starts_with(&format!("`{name}`: ")),
            "{}",
            member(&response, "detail")
        );
    }
}

#[test]
fn an_id_of_64_characters_passes_and_one_of_65_does_not() {
    let query = |count: usize| -> &'static str { format!("taskId={}", "a".repeat(count)).leak() };
    get("/cloudcontrol/GetTask", query(64)).arrive().sent();
    assert_eq!(get("/cloudcontrol/GetTask", query(65)).refused().status, 400);
}

#[test]
fn a_hundred_ids_pass_and_a_hundred_and_one_do_not() {
    let query = |count: usize| -> &'static str {
        let ids: Vec<_> = (0..count).map(|n| format!("t-{n:020}")).collect();
        format!("RegionId=cn-hangzhou&TaskIds={}", ids.join("%2C")).leak()
    };
    get("/ecs/DescribeTasks", query(100)).arrive().sent();
    assert_eq!(member(&get("/ecs/DescribeTasks", query(101)).refused(), "parameter"), "TaskIds");
}

#[test]
fn an_address_over_8_kib_is_too_long_for_whoever_sends_it() {
    let long = format!("RegionId=cn-hangzhou&TaskIds={}", "a".repeat(8200)).leak();
    let response = get("/ecs/DescribeTasks", long).with(|request| request.authorization = None).refused();
    assert_eq!(response.status, 414);
}

#[test]
fn another_method_is_told_the_right_one() {
    for (traveller, method, allowed) in [
        (read(), "POST", "GET"),
        (read(), "HEAD", "GET"),
        (read(), "DELETE", "GET"),
        (cancel(), "GET", "POST"),
        (cancel(), "OPTIONS", "POST"),
    ] {
        let response = traveller.with(|request| request.method = method).refused();
        assert_eq!((response.status, header(&response, "allow")), (405, Some(allowed)), "{method}");
    }
}

#[test]
fn a_body_is_refused_whatever_is_said_of_its_length() {
    for length in ["1", "99999999999999999999", "-1", "0, 5", "x"] {
        assert_eq!(
            cancel().with(|request| request.content_length = Some(length)).refused().status,
            413,
            "{length}"
        );
    }
    let unknown = || cancel().with(|request| request.has_body = true).arrive();
    assert_eq!(unknown().step(), &Step::Ask(Question::HasBody));
    assert_eq!(unknown().answered(true).response().status, 413);
    unknown().answered(false).sent();
    cancel().with(|request| (request.has_body, request.content_length) = (true, Some("0"))).arrive().sent();
}

#[test]
fn cancelling_is_off_until_the_word_true_is_set() {
    for value in ["", "false", "1", "TRUE", "yes"] {
        assert_eq!(cancel().set("TASKLENS_ALLOW_CANCEL", value).refused().status, 403, "{value}");
    }
    assert_eq!(cancel().unset("TASKLENS_ALLOW_CANCEL").refused().status, 403);
    assert_eq!(cancel().arrive().sent().method, "POST");
}

#[test]
fn only_listed_regions_pass_and_all_where_none_is_listed() {
    let listed = |traveller: Traveller| traveller.set("TASKLENS_REGIONS", "cn-beijing, cn-shanghai");
    let response = listed(read()).refused();
    assert_eq!((response.status, member(&response, "type").as_str()), (403, "urn:tasklens:proxy:region"));
    listed(get("/bdrc/DescribeTask", "RegionId=cn-shanghai&TaskId=t-1")).arrive().sent();
    listed(get("/cloudcontrol/GetTask", "taskId=t-1")).arrive().sent();
    assert_eq!(listed(get("/cloudcontrol/GetTask", "taskId=t-1&RegionId=eu-west-1")).refused().status, 403);
    read().set("TASKLENS_REGIONS", "").arrive().sent();
}
