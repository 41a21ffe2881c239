//! Every call that is refused, by its field and its rule; every request that is made, as the API will get it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use proptest::prelude::*;
use tasklens::{Api, Argument, Call, ErrorCode, Operation, TaskRef, UnsignedRequest};

type Given<'a> = (&'a str, Argument);

fn text(text: &str) -> Argument {
    Argument::from(text)
}

fn number(number: f64) -> Argument {
    Argument::Number(number)
}

fn list<'a>(items: impl IntoIterator<Item = &'a str>) -> Argument {
    Argument::List(items.into_iter().map(str::to_owned).collect())
}

fn call(operation: &str, arguments: &[Given<'_>]) -> Result<Call, tasklens::Error> {
    let operation = Operation::from_name(operation).expect("an operation");
    Call::new(operation, arguments.iter().map(|(name, value)| ((*name).to_owned(), value.clone())))
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Path and message of a refusal; its code is always `request`, and trying again is of no use.
fn refusal<T: std::fmt::Debug>(made: Result<T, tasklens::Error>) -> (String, String) {
    let error = made.expect_err("refused");
    assert_eq!((error.code(), error.is_retryable()), (ErrorCode::Request, false));
    (error.field_path().unwrap_or_default().to_owned(), error.to_string())
}

// ── what becomes of a call ──

fn request(operation: &str, arguments: &[Given<'_>]) -> UnsignedRequest {
    call(operation, arguments).expect("a call").request()
}

#[test]
fn each_operation_is_a_template() {
    let ecs = |action| ["application/json", action, "2014-05-26"];
    let bdrc = |action| ["application/json", action, "2023-08-08"];
    let cloud_control = |action| ["application/json", action, "2022-08-30"];
    let region = || ("regionId", text("cn-shanghai"));
    let task = || ("taskId", text("t-0004d9ctt1ii****"));
    const ECS: &str = "ecs.cn-shanghai.aliyuncs.com";
    const BDRC: &str = "bdrc.cn-shanghai.aliyuncs.com";
    const CLOUD_CONTROL: &str = "cloudcontrol.aliyuncs.com";
    for (operation, arguments, method, host, path, query, headers) in [
        (
            "ecs.DescribeTasks",
            vec![region()],
            "GET",
            ECS,
            "/",
            &[("RegionId", "cn-shanghai")][..],
            ecs("DescribeTasks"),
        ),
        (
            "ecs.DescribeTaskAttribute",
            vec![task(), region()],
            "GET",
            ECS,
            "/",
            &[("RegionId", "cn-shanghai"), ("TaskId", "t-0004d9ctt1ii****")],
            ecs("DescribeTaskAttribute"),
        ),
        (
            "ecs.CancelTask",
            vec![region(), task()],
            "POST",
            ECS,
            "/",
            &[("RegionId", "cn-shanghai"), ("TaskId", "t-0004d9ctt1ii****")],
            ecs("CancelTask"),
        ),
        (
            "bdrc.DescribeTask",
            vec![region(), task()],
            "GET",
            BDRC,
            "/api/v1/tasks/t-0004d9ctt1ii%2A%2A%2A%2A",
            &[],
            bdrc("DescribeTask"),
        ),
        ("bdrc.DescribeTasks", vec![region()], "GET", BDRC, "/api/v1/tasks", &[], bdrc("DescribeTasks")),
        (
            "cloudcontrol.GetTask",
            vec![task()],
            "GET",
            CLOUD_CONTROL,
            "/api/v1/tasks/t-0004d9ctt1ii%2A%2A%2A%2A",
            &[],
            cloud_control("GetTask"),
        ),
        (
            "cloudcontrol.CancelTask",
            vec![task(), region()],
            "PUT",
            CLOUD_CONTROL,
            "/api/v1/tasks/t-0004d9ctt1ii%2A%2A%2A%2A/operation/cancel",
            &[],
            cloud_control("CancelTask"),
        ),
    ] {
        let [accept, action, version] = headers;
        let expected = UnsignedRequest {
            method,
            host: host.to_owned(),
            path: path.to_owned(),
            query: pairs(query),
            headers: [("accept", accept), ("x-acs-action", action), ("x-acs-version", version)],
        };
        assert_eq!(request(operation, &arguments), expected, "{operation}");
    }
}

#[test]
fn a_query_is_in_canonical_order_with_values_as_they_are() {
    let ids: Vec<_> = (1..=11).map(|n| format!("i-{n}")).collect();
    let made = request(
        "ecs.DescribeTasks",
        &[
            ("resourceIds", list(ids.iter().map(String::as_str))),
            ("taskStatus", text("Processing")),
            ("taskAction", text("ImportImage")),
            ("taskIds", list(["t-b", "t-a****", "t-镜~'()"])),
            ("startTime", number(0.0)),
            ("endTime", text("2020-11-23T15:10Z")),
            ("pageSize", number(100.0)),
            ("pageNumber", text("2")),
            ("regionId", text("cn-hangzhou")),
        ],
    );
    let expected = [
        ("EndTime", "2020-11-23T15:10:00Z"),
        ("PageNumber", "2"),
        ("PageSize", "100"),
        ("RegionId", "cn-hangzhou"),
        ("ResourceIds.1", "i-1"),
        ("ResourceIds.10", "i-10"),
        ("ResourceIds.11", "i-11"),
        ("ResourceIds.2", "i-2"),
        ("ResourceIds.3", "i-3"),
        ("ResourceIds.4", "i-4"),
        ("ResourceIds.5", "i-5"),
        ("ResourceIds.6", "i-6"),
        ("ResourceIds.7", "i-7"),
        ("ResourceIds.8", "i-8"),
        ("ResourceIds.9", "i-9"),
        ("StartTime", "1970-01-01T00:00:00Z"),
        ("TaskAction", "ImportImage"),
        ("TaskIds", "t-b,t-a****,t-镜~'()"),
        ("TaskStatus", "Processing"),
    ];
    assert_eq!(made.query, pairs(&expected));
}

#[test]
fn a_token_and_its_conditions_stay_as_they_are() {
    let made = request(
        "bdrc.DescribeTasks",
        &[
            ("regionId", text("cn-shanghai")),
            ("nextToken", text("AAA+/b==&x")),
            ("maxResults", number(500.0)),
            ("taskStatus", text("RUNNING")),
            ("taskType", text("CHECK_RULES")),
        ],
    );
    let expected = [
        ("MaxResults", "500"),
        ("NextToken", "AAA+/b==&x"),
        ("TaskStatus", "RUNNING"),
        ("TaskType", "CHECK_RULES"),
    ];
    assert_eq!(made.query, pairs(&expected));
}

#[test]
fn an_id_in_a_path_is_one_segment_whatever_it_holds() {
    for (id, path) in [
        ("t-0004d9ctt1ii****", "t-0004d9ctt1ii%2A%2A%2A%2A"),
        ("a/b", "a%2Fb"),
        ("../x", "..%2Fx"),
        ("a?b#c", "a%3Fb%23c"),
        ("100%", "100%25"),
        ("a+b", "a%2Bb"),
        ("~-_.", "~-_."),
        ("任务", "%E4%BB%BB%E5%8A%A1"),
        ("{}", "%7B%7D"),
    ] {
        let made = request("cloudcontrol.GetTask", &[("taskId", text(id))]);
        assert_eq!(made.path, format!("/api/v1/tasks/{path}"), "{id}");
    }
}

#[test]
fn times_are_sent_in_seconds_and_utc() {
    for (given, sent) in [
        (text("2020-11-23T15:10Z"), "2020-11-23T15:10:00Z"),
        (text("2020-11-23T15:10:07Z"), "2020-11-23T15:10:07Z"),
        (text("2020-11-23T15:10:07.999Z"), "2020-11-23T15:10:07Z"),
        (text("2020-11-23T23:10:07+08:00"), "2020-11-23T15:10:07Z"),
        (number(1_606_144_207_000.0), "2020-11-23T15:10:07Z"),
        (number(1_606_144_207_999.5), "2020-11-23T15:10:07Z"),
        (number(-1.0), "1969-12-31T23:59:59Z"),
    ] {
        let made =
            request("ecs.DescribeTasks", &[("regionId", text("cn-hangzhou")), ("startTime", given.clone())]);
        assert!(made.query.contains(&("StartTime".to_owned(), sent.to_owned())), "{given:?}: {made:?}");
    }
}

#[test]
fn a_group_may_stand_with_what_only_says_which_page() {
    let made = request(
        "ecs.DescribeTasks",
        &[
            ("regionId", text("cn-hangzhou")),
            ("taskGroupId", text("g-2ze2op2grqpclwu7****")),
            ("pageSize", number(10.0)),
        ],
    );
    let expected =
        [("PageSize", "10"), ("RegionId", "cn-hangzhou"), ("TaskGroupId", "g-2ze2op2grqpclwu7****")];
    assert_eq!(made.query, pairs(&expected));
}

// ── what is refused ──

/// By the contract's names: the operation, what is given, the path and the message.
#[test]
fn calls_are_refused_naming_the_field_and_its_rule() {
    const TASKS: &str = "ecs.DescribeTasks";
    const HANGZHOU: (&str, &str) = ("regionId", "cn-hangzhou");
    let region = || (HANGZHOU.0, text(HANGZHOU.1));
    let long = "x".repeat(129);
    let many: Vec<_> = (0..101).map(|n| format!("t-{n}")).collect();
    let many = || list(many.iter().map(String::as_str));
    for (operation, arguments, path, message) in [
        (TASKS, vec![], "regionId", "`regionId`: is required for `ecs.DescribeTasks`"),
        ("ecs.CancelTask", vec![region()], "taskId", "`taskId`: is required for `ecs.CancelTask`"),
        ("cloudcontrol.GetTask", vec![], "taskId", "`taskId`: is required for `cloudcontrol.GetTask`"),
        (
            "bdrc.DescribeTask",
            vec![("taskId", text("t-1"))],
            "regionId",
            "`regionId`: is required for `bdrc.DescribeTask`",
        ),
        (
            "cloudcontrol.GetTask",
            vec![("id", text("t-1"))],
            "id",
            "`id`: is no field of `cloudcontrol.GetTask`; it takes `regionId`, `taskId`",
        ),
        (
            "cloudcontrol.GetTask",
            vec![("TaskId", text("t-1"))],
            "TaskId",
            "`TaskId`: is no field of `cloudcontrol.GetTask`; it takes `regionId`, `taskId`",
        ),
        (
            TASKS,
            vec![("regionId", text("CN-hangzhou"))],
            "regionId",
            "`regionId`: expected a region id such as `cn-hangzhou`, found `CN-hangzhou`",
        ),
        (
            TASKS,
            vec![("regionId", text("cn-x.evil.com"))],
            "regionId",
            "`regionId`: expected a region id such as `cn-hangzhou`, found `cn-x.evil.com`",
        ),
        (TASKS, vec![("regionId", number(1.0))], "regionId", "`regionId`: expected a text, found `1`"),
        (
            "bdrc.DescribeTasks",
            vec![("regionId", text("cn-beijing"))],
            "regionId",
            "`regionId`: BDRC has an endpoint in `cn-shanghai`, `ap-southeast-1`, `cn-shanghai-finance-1` only, found \
             `cn-beijing`",
        ),
        (
            "cloudcontrol.GetTask",
            vec![("taskId", text("t-1")), ("regionId", text("x"))],
            "regionId",
            "`regionId`: expected a region id such as `cn-hangzhou`, found `x`",
        ),
        (
            TASKS,
            vec![region(), ("pageNumber", number(0.0))],
            "pageNumber",
            "`pageNumber`: expected an integer from 1 to 1000000, found `0`",
        ),
        (
            TASKS,
            vec![region(), ("pageSize", number(101.0))],
            "pageSize",
            "`pageSize`: expected an integer from 1 to 100, found `101`",
        ),
        (
            TASKS,
            vec![region(), ("pageSize", number(1.5))],
            "pageSize",
            "`pageSize`: expected an integer from 1 to 100, found `1.5`",
        ),
        (
            TASKS,
            vec![region(), ("pageSize", number(-0.0625))],
            "pageSize",
            "`pageSize`: expected an integer from 1 to 100, found `-0.0625`",
        ),
        (
            TASKS,
            vec![region(), ("pageSize", number(-1e300))],
            "pageSize",
            "`pageSize`: expected an integer from 1 to 100, found `a number over 64 bits`",
        ),
        (
            TASKS,
            vec![region(), ("pageSize", number(f64::NAN))],
            "pageSize",
            "`pageSize`: expected an integer from 1 to 100, found `NaN`",
        ),
        (
            TASKS,
            vec![region(), ("pageSize", text("010"))],
            "pageSize",
            "`pageSize`: expected an integer from 1 to 100, found `010`",
        ),
        (
            TASKS,
            vec![region(), ("pageSize", list(["1"]))],
            "pageSize",
            "`pageSize`: expected one value, found a list",
        ),
        (
            "bdrc.DescribeTasks",
            vec![("regionId", text("cn-shanghai")), ("maxResults", number(9.0))],
            "maxResults",
            "`maxResults`: expected an integer from 10 to 500, found `9`",
        ),
        (
            "bdrc.DescribeTasks",
            vec![("regionId", text("cn-shanghai")), ("maxResults", number(501.0))],
            "maxResults",
            "`maxResults`: expected an integer from 10 to 500, found `501`",
        ),
        (
            "bdrc.DescribeTasks",
            vec![("regionId", text("cn-shanghai")), ("nextToken", text(""))],
            "nextToken",
            "`nextToken`: expected the token of the page before, found ``",
        ),
        (
            "bdrc.DescribeTasks",
            vec![("regionId", text("cn-shanghai")), ("nextToken", text("a b"))],
            "nextToken",
            "`nextToken`: expected the token of the page before, found `a b`",
        ),
        (
            "bdrc.DescribeTasks",
            vec![("regionId", text("cn-shanghai")), ("taskType", text("CHECK RULES"))],
            "taskType",
            "`taskType`: expected a name such as `ImportImage`, found `CHECK RULES`",
        ),
        (
            TASKS,
            vec![region(), ("taskIds", text("t-1"))],
            "taskIds",
            "`taskIds`: expected a list of ids, found `t-1`",
        ),
        (
            TASKS,
            vec![region(), ("taskIds", list([]))],
            "taskIds",
            "`taskIds`: expected 1 to 100 ids, found 0",
        ),
        (
            TASKS,
            vec![region(), ("taskIds", many())],
            "taskIds",
            "`taskIds`: expected 1 to 100 ids, found 101",
        ),
        (
            TASKS,
            vec![region(), ("resourceIds", many())],
            "resourceIds",
            "`resourceIds`: expected 1 to 100 ids, found 101",
        ),
        (
            TASKS,
            vec![region(), ("taskIds", list(["a", "b,c"]))],
            "taskIds[1]",
            "`taskIds[1]`: expected an id without spaces, commas or controls, found `b,c`",
        ),
        (
            TASKS,
            vec![region(), ("resourceIds", list([""]))],
            "resourceIds[0]",
            "`resourceIds[0]`: expected an id, found an empty text",
        ),
        (
            TASKS,
            vec![region(), ("taskStatus", text("Waiting"))],
            "taskStatus",
            "`taskStatus`: expected one of `Finished`, `Processing`, `Failed`, found `Waiting`; the API ignores any other",
        ),
        (
            TASKS,
            vec![region(), ("taskStatus", text("finished"))],
            "taskStatus",
            "`taskStatus`: expected one of `Finished`, `Processing`, `Failed`, found `finished`; the API ignores any other",
        ),
        (
            TASKS,
            vec![region(), ("taskAction", text(""))],
            "taskAction",
            "`taskAction`: expected a name such as `ImportImage`, found ``",
        ),
        (
            TASKS,
            vec![region(), ("startTime", text("yesterday"))],
            "startTime",
            "`startTime`: expected a UTC time such as `2020-11-23T15:10:00Z`, found `yesterday`",
        ),
        (
            TASKS,
            vec![region(), ("startTime", text("2021-02-29T00:00:00Z"))],
            "startTime",
            "`startTime`: expected a UTC time such as `2020-11-23T15:10:00Z`, found `2021-02-29T00:00:00Z`",
        ),
        (
            TASKS,
            vec![region(), ("endTime", number(f64::NAN))],
            "endTime",
            "`endTime`: expected a UTC time such as `2020-11-23T15:10:00Z`, found `NaN`",
        ),
        (
            TASKS,
            vec![region(), ("endTime", number(1e15))],
            "endTime",
            "`endTime`: expected a UTC time such as `2020-11-23T15:10:00Z`, found `1000000000000000`",
        ),
        (
            TASKS,
            vec![region(), ("startTime", number(1000.0)), ("endTime", number(0.0))],
            "endTime",
            "`endTime`: expected a time from `1970-01-01T00:00:01Z` on, found `1970-01-01T00:00:00Z`",
        ),
        (
            TASKS,
            vec![region(), ("taskGroupId", text("g-1")), ("taskIds", list(["t-1"]))],
            "taskIds",
            "`taskIds`: is ignored by the API beside a task group id; leave one of them out",
        ),
        (
            TASKS,
            vec![region(), ("taskGroupId", text("g-1")), ("startTime", number(0.0))],
            "startTime",
            "`startTime`: is ignored by the API beside a task group id; leave one of them out",
        ),
        (
            "ecs.DescribeTaskAttribute",
            vec![region(), ("taskId", text("t 1"))],
            "taskId",
            "`taskId`: expected an id without spaces, commas or controls, found `t 1`",
        ),
        (
            "ecs.DescribeTaskAttribute",
            vec![region(), ("taskId", number(1.0))],
            "taskId",
            "`taskId`: expected a text, found `1`",
        ),
        (
            "bdrc.DescribeTask",
            vec![("regionId", text("cn-shanghai")), ("taskId", text(".."))],
            "taskId",
            "`taskId`: expected an id, found `..`",
        ),
        (
            "cloudcontrol.CancelTask",
            vec![("taskId", text(&long))],
            "taskId",
            "`taskId`: expected an id of up to 128 bytes, found 129",
        ),
    ] {
        let found = refusal(call(operation, &arguments));
        assert_eq!(found, (path.to_owned(), message.to_owned()), "{operation} {arguments:?}");
    }
}

/// By the API's own names, as the proxy gets them.
#[test]
fn queries_are_refused_naming_the_parameter() {
    let region = ("RegionId", "cn-hangzhou");
    for (operation, query, path, message) in [
        ("ecs.DescribeTasks", vec![], "RegionId", "is required for `ecs.DescribeTasks`"),
        ("ecs.DescribeTasks", vec![region, region], "RegionId", "expected once, found again"),
        ("ecs.DescribeTasks", vec![region, ("regionId", "x")], "regionId", "is no field of"),
        ("ecs.DescribeTasks", vec![region, ("Action", "RunInstances")], "Action", "is no field of"),
        ("ecs.DescribeTasks", vec![region, ("OwnerId", "1")], "OwnerId", "is no field of"),
        (
            "ecs.DescribeTasks",
            vec![region, ("PageSize", "0")],
            "PageSize",
            "expected an integer from 1 to 100",
        ),
        (
            "ecs.DescribeTasks",
            vec![region, ("PageSize", "")],
            "PageSize",
            "expected an integer from 1 to 100",
        ),
        ("ecs.DescribeTasks", vec![region, ("TaskIds", "")], "TaskIds[0]", "found an empty text"),
        ("ecs.DescribeTasks", vec![region, ("TaskIds", "a,,b")], "TaskIds[1]", "found an empty text"),
        ("ecs.DescribeTasks", vec![region, ("ResourceIds", "a")], "ResourceIds", "is no field of"),
        ("ecs.DescribeTasks", vec![region, ("ResourceIds.2", "a")], "ResourceIds", "`.1` is missing"),
        ("ecs.DescribeTasks", vec![region, ("ResourceIds.0", "a")], "ResourceIds.0", "is no field of"),
        ("ecs.DescribeTasks", vec![region, ("ResourceIds.01", "a")], "ResourceIds.01", "is no field of"),
        ("ecs.DescribeTasks", vec![region, ("ResourceIds.101", "a")], "ResourceIds.101", "is no field of"),
        (
            "ecs.DescribeTasks",
            vec![region, ("ResourceIds.1", "a"), ("ResourceIds.1", "b")],
            "ResourceIds",
            "`.2` is missing",
        ),
        ("cloudcontrol.GetTask", vec![("TaskId", "t-1")], "TaskId", "is no field of"),
        ("cloudcontrol.GetTask", vec![("taskId", "a b")], "taskId", "without spaces"),
    ] {
        let operation = Operation::from_name(operation).expect("an operation");
        let (at, why) = refusal(Call::from_query(operation, &pairs(&query)));
        assert_eq!(at, path, "{query:?}: {why}");
        assert!(why.contains(message), "{query:?}: {why}");
    }
}

#[test]
fn references_are_refused_naming_the_part() {
    for (api, region, id, path) in [
        (Api::Ecs, None, "t-1", "regionId"),
        (Api::Bdrc, None, "t-1", "regionId"),
        (Api::Bdrc, Some("cn-beijing"), "t-1", "regionId"),
        (Api::CloudControl, Some("nowhere"), "t-1", "regionId"),
        (Api::Ecs, Some("cn-hangzhou"), "", "id"),
        (Api::Ecs, Some("cn-hangzhou"), "a,b", "id"),
        (Api::CloudControl, None, "a\nb", "id"),
        (Api::CloudControl, None, ".", "id"),
    ] {
        assert_eq!(refusal(TaskRef::new(api, region, id)).0, path, "{api:?} {region:?} {id:?}");
    }
    let bdrc = TaskRef::new(Api::Bdrc, Some("cn-shanghai"), "t-1").expect("a reference");
    assert_eq!(refusal(bdrc.cancel()).0, "api");
}

#[test]
fn a_reference_makes_the_same_calls_as_its_fields() {
    for (api, region, describe, cancel) in [
        (Api::Ecs, Some("cn-hangzhou"), "ecs.DescribeTaskAttribute", Some("ecs.CancelTask")),
        (Api::Bdrc, Some("cn-shanghai"), "bdrc.DescribeTask", None),
        (Api::CloudControl, None, "cloudcontrol.GetTask", Some("cloudcontrol.CancelTask")),
        (Api::CloudControl, Some("eu-central-1"), "cloudcontrol.GetTask", Some("cloudcontrol.CancelTask")),
    ] {
        let reference = TaskRef::new(api, region, "t-1").expect("a reference");
        let mut fields = vec![("taskId", text("t-1"))];
        fields.extend(region.map(|region| ("regionId", text(region))));
        assert_eq!(reference.describe(), call(describe, &fields).expect("a call"));
        if let Some(cancel) = cancel {
            assert_eq!(reference.cancel(), call(cancel, &fields));
        }
        assert_eq!(reference.describe().operation().api(), api);
    }
}

// ── the way through the proxy ──

#[test]
fn the_proxy_is_asked_by_api_and_operation_and_a_cancel_is_posted() {
    let region = || ("regionId", text("cn-hangzhou"));
    for (operation, arguments, method, url) in [
        (
            "ecs.DescribeTasks",
            vec![region(), ("taskIds", list(["t-1", "t-2****"])), ("resourceIds", list(["i-1"]))],
            "GET",
            "ecs/DescribeTasks?RegionId=cn-hangzhou&TaskIds=t-1%2Ct-2%2A%2A%2A%2A&ResourceIds.1=i-1",
        ),
        (
            "ecs.CancelTask",
            vec![region(), ("taskId", text("t-1"))],
            "POST",
            "ecs/CancelTask?RegionId=cn-hangzhou&TaskId=t-1",
        ),
        (
            "cloudcontrol.GetTask",
            vec![("taskId", text("a&b=c"))],
            "GET",
            "cloudcontrol/GetTask?taskId=a%26b%3Dc",
        ),
        (
            "cloudcontrol.CancelTask",
            vec![("taskId", text("t-1"))],
            "POST",
            "cloudcontrol/CancelTask?taskId=t-1",
        ),
    ] {
        assert_eq!(call(operation, &arguments).expect("a call").proxied(), (method, url.to_owned()));
    }
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let hex: Vec<_> = rest.by_ref().take(2).collect();
            u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap()
        } else {
            byte
        });
    }
    String::from_utf8(bytes).unwrap()
}

/// Ids as published, and ids of anything that is let through.
fn id() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,4}-[a-z0-9]{1,20}\\*{0,4}",
        "\\PC{1,20}".prop_filter("an id", |id: &String| {
            id.len() <= 128
                && id != "."
                && id != ".."
                && !id.contains(|c: char| c.is_whitespace() || c == ',')
        })
    ]
}

fn ids() -> impl Strategy<Value = Argument> {
    prop::collection::vec(id(), 1..=100).prop_map(Argument::List)
}

fn time() -> impl Strategy<Value = Argument> {
    (0..4_102_444_800_000_i64).prop_map(|millis| number(millis as f64))
}

fn ecs_list() -> impl Strategy<Value = Call> {
    let optional = prop::option::of::<BoxedStrategy<Argument>>;
    let integer = |most: u32| (1..=most).prop_map(|n| number(f64::from(n))).boxed();
    let status = prop::sample::select(vec!["Finished", "Processing", "Failed"]).prop_map(text).boxed();
    let fields = (
        optional(integer(1_000_000)),
        optional(integer(100)),
        optional(ids().boxed()),
        optional("[A-Za-z_]{1,30}".prop_map(|word| text(&word)).boxed()),
        optional(status),
        optional(time().boxed()),
        optional(ids().boxed()),
    );
    fields.prop_map(|(page, size, tasks, action, status, start, resources)| {
        let named = [
            ("resourceIds", resources),
            ("pageNumber", page),
            ("pageSize", size),
            ("taskIds", tasks),
            ("taskAction", action),
            ("taskStatus", status),
            ("startTime", start),
        ];
        let given = named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let region = ("regionId".to_owned(), text("cn-hangzhou"));
        Call::new(Operation::EcsDescribeTasks, given.chain([region])).expect("a call")
    })
}

fn any_call() -> impl Strategy<Value = Call> {
    let one = (0..5_usize, id()).prop_map(|(which, id)| {
        let (operation, region) = [
            ("ecs.DescribeTaskAttribute", Some("ap-southeast-1")),
            ("ecs.CancelTask", Some("us-west-1")),
            ("bdrc.DescribeTask", Some("cn-shanghai-finance-1")),
            ("cloudcontrol.GetTask", None),
            ("cloudcontrol.CancelTask", Some("cn-hongkong")),
        ][which];
        let region = region.map(|region| ("regionId", text(region)));
        call(operation, &region.into_iter().chain([("taskId", text(&id))]).collect::<Vec<_>>())
            .expect("a call")
    });
    let bdrc_list = ("[!-~]{1,60}", 10..=500_u32).prop_map(|(token, size)| {
        let fields = [
            ("regionId", text("cn-shanghai")),
            ("nextToken", text(&token)),
            ("maxResults", number(f64::from(size))),
        ];
        call("bdrc.DescribeTasks", &fields).expect("a call")
    });
    prop_oneof![one, ecs_list(), bdrc_list]
}

proptest! {
    #[test]
    fn what_is_sent_to_the_proxy_is_the_call_that_it_reads(call in any_call()) {
        let (_, url) = call.proxied();
        let (path, query) = url.split_once('?').expect("a query");
        prop_assert!(url.bytes().all(|b| b.is_ascii_graphic()));
        let operation = Operation::from_name(&path.replace('/', ".")).expect("an operation");
        let query: Vec<_> = query
            .split('&')
            .map(|pair| pair.split_once('=').map(|(name, value)| (decode(name), decode(value))).expect("a pair"))
            .collect();
        let read = Call::from_query(operation, &query).expect("a call");
        prop_assert_eq!(read.request(), call.request());
        prop_assert_eq!(read, call);
    }

    #[test]
    fn a_request_is_in_order_and_its_path_is_plain(call in any_call()) {
        let request = call.request();
        prop_assert!(request.query.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(request.path.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~%/".contains(&b)));
        prop_assert!(request.host.ends_with(".aliyuncs.com"));
    }

    #[test]
    fn no_text_makes_a_call_panic_or_pass_unchecked(name in "[a-zA-Z.0-9]{0,20}", value in "\\PC{0,40}", millis: f64) {
        for operation in ["ecs.DescribeTasks", "bdrc.DescribeTasks", "cloudcontrol.GetTask"] {
            let _ = call(operation, &[(&name, text(&value))]);
            let _ = call(operation, &[("startTime", number(millis)), ("regionId", text(&value))]);
            let _ = Call::from_query(Operation::from_name(operation).unwrap(), &[(name.clone(), value.clone())]);
        }
    }
}
