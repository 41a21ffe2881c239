//! The exports as JavaScript calls them; run in Node and in headless Chromium.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use js_sys::{Array, Date, JSON, Object, Reflect, Uint8Array};
use tasklens::wasm::{build_request, parse, patience_of, summarize};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

const TASK: &str = r#"{"TaskId":"t-1","TaskStatus":"Processing","TaskProcess":"64%","CreationTime":"2015-11-23T02:13Z",
  "RequestId":"4BE2C7FE","Note":{"a":[1,2.5,true,null,"x"],"__proto__":1}}"#;

fn bytes(text: &str) -> JsValue {
    Uint8Array::from(text.as_bytes()).into()
}

fn get(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, name| Reflect::get(&value, &name.into()).unwrap())
}

fn text(value: &JsValue) -> String {
    JSON::stringify(value).unwrap().into()
}

fn option(name: &str, value: impl Into<JsValue>) -> JsValue {
    let options = Object::new();
    Reflect::set(&options, &name.into(), &value.into()).unwrap();
    options.into()
}

#[wasm_bindgen_test]
fn a_task_arrives_as_plain_data() {
    let reply = parse(bytes(TASK), JsValue::UNDEFINED).unwrap();
    assert_eq!(get(&reply, "task.status"), "running");
    assert_eq!(get(&reply, "task.progress.fraction"), 0.64);
    assert_eq!(get(&reply, "task.createdAt"), 1_448_244_780_000.0);
    assert_eq!(get(&reply, "task.cancellable"), JsValue::NULL);
    assert_eq!(text(&get(&reply, "task.extra.Note")), r#"{"a":[1,2.5,true,null,"x"],"__proto__":1}"#);
    let copy = JSON::parse(&text(&reply)).unwrap();
    assert_eq!(text(&copy), text(&reply));
}

/// The tape makes what serde-wasm-bindgen makes, which crosses once a property and asks the types themselves for their names.
fn assert_as_the_general_way_would_bring_it(body: &str, http_status: Option<u16>) {
    let options = tasklens::ParseOptions { http_status, ..Default::default() };
    let general = serde_wasm_bindgen::Serializer::json_compatible();
    let reply = tasklens::parse(body.as_bytes(), &options).unwrap();
    let expected = text(&serde::Serialize::serialize(&reply, &general).unwrap());
    let options = http_status.map_or(JsValue::UNDEFINED, |status| option("httpStatus", status));
    assert_eq!(text(&parse(bytes(body), options.clone()).unwrap()), expected);
    if let Ok(summary) = tasklens::summarize(body.as_bytes(), &tasklens::ParseOptions::default()) {
        let expected = text(&serde::Serialize::serialize(&summary, &general).unwrap());
        assert_eq!(text(&summarize(bytes(body), options).unwrap()), expected);
    }
}

#[wasm_bindgen_test]
fn every_kind_of_reply_arrives_as_the_general_way_would_bring_it() {
    macro_rules! corpus {
        ($($case:literal),* $(,)?) => { [$(include_str!(concat!("corpus/", $case))),*] };
    }
    for body in corpus![
        "accepted/plain_values_beside_the_request_id/response.json",
        "bdrc/detail_and_result_are_decoded/response.json",
        "bdrc/error_of_a_failed_task/response.json",
        "bdrc/json_number_out_of_range_is_kept_as_text/response.json",
        "bdrc/progress_above_range_is_clamped/response.json",
        "bdrc/tasks_none/response.json",
        "bdrc/tasks_with_a_next_page/response.json",
        "bdrc/times_in_unix_seconds/response.json",
        "bdrc/unknown_fields_go_to_extra/response.json",
        "cloudcontrol/failed_with_json_in_the_message/response.json",
        "cloudcontrol/resource_path_has_one_line_a_path/response.json",
        "ecs/counts_as_strings/response.json",
        "ecs/json_duplicate_key_deep_down/response.json",
        "ecs/sub_task_statuses/response.json",
        "ecs/sub_task_with_a_related_item/response.json",
        "ecs/tasks_of_every_status/response.json",
        "fault/access_denied_detail/response.json",
        "fault/recommend_escaped_twice/response.json",
        "started/by_sub_tasks/response.json",
        "started/by_task_id_and_group/response.json",
    ] {
        assert_as_the_general_way_would_bring_it(body, None);
    }
    for status in [400, 401, 403, 404, 409, 410, 429, 502] {
        assert_as_the_general_way_would_bring_it("<html>", Some(status));
    }
    let clock = r#"{"Code":"IllegalTimestamp","Message":"too old","RequestId":"4BE2C7FE"}"#;
    assert_as_the_general_way_would_bring_it(clock, None);
}

/// Enough for several pieces, each with its own words and texts to remember.
#[wasm_bindgen_test]
fn a_list_that_crosses_in_pieces_arrives_whole() {
    let task = |n: usize| {
        let action = ["ImportImage", "ExportImage", "é镜像😀"][n % 3];
        let time = if n.is_multiple_of(2) { "1969-12-31T23:59:59Z" } else { "2018-03-06T07:33Z" };
        format!(
            r#"{{"TaskId":"t-{n}","TaskStatus":"{}","TaskAction":"{action}","CreationTime":"{time}","Note":["{n}é"]}}"#,
            if n.is_multiple_of(7) { "Finished" } else { "Processing" }
        )
    };
    let tasks: Vec<_> = (0..4000).map(task).collect();
    let body = format!(r#"{{"TaskSet":{{"Task":[{}]}},"RequestId":"4BE2C7FE"}}"#, tasks.join(","));
    assert_as_the_general_way_would_bring_it(&body, None);
}

/// No two tasks share an object: whoever changes one changes that one.
#[wasm_bindgen_test]
fn tasks_share_nothing_that_can_be_changed() {
    let body =
        r#"{"TaskSet":{"Task":[{"TaskId":"a","TaskStatus":"Failed"},{"TaskId":"b","TaskStatus":"Failed"}]}}"#;
    let tasks = get(&parse(bytes(body), JsValue::UNDEFINED).unwrap(), "tasks");
    for name in ["extra", "subTasks", "progress"] {
        let of = |index: u32| get(&Reflect::get_u32(&tasks, index).unwrap(), name);
        assert!(of(0).is_object() && !Object::is(&of(0), &of(1)), "{name}");
    }
}

#[wasm_bindgen_test]
fn characters_of_every_width_arrive_whole() {
    let name = "é镜像😀\u{7f}";
    let body = format!(
        r#"{{"Data":{{"TaskId":"t","TaskStatus":"RUNNING","TaskName":"{name}","TaskDescription":"after"}}}}"#
    );
    let reply = parse(bytes(&body), JsValue::UNDEFINED).unwrap();
    assert_eq!(get(&reply, "task.name"), name);
    assert_eq!(get(&reply, "task.description"), "after");
}

#[wasm_bindgen_test]
fn an_error_is_thrown_as_data_with_its_place() {
    let thrown = parse(bytes("{\n  \"a\": 1,}"), JsValue::UNDEFINED).unwrap_err();
    assert_eq!(get(&thrown, "code"), "syntax");
    assert_eq!((get(&thrown, "line"), get(&thrown, "column")), (2.into(), 10.into()));
    let thrown = parse(bytes("{\"TaskId\":1,\"TaskStatus\":\"x\"}"), JsValue::UNDEFINED).unwrap_err();
    assert_eq!((get(&thrown, "code"), get(&thrown, "path")), ("invalid".into(), "$.TaskId".into()));
}

#[wasm_bindgen_test]
fn options_are_read_and_refused_by_name() {
    let fault = parse(bytes("<html>"), option("httpStatus", 502)).unwrap();
    assert_eq!(get(&fault, "fault.code"), "HTTP 502");
    let list = r#"{"TaskSet":{"Task":[{"TaskId":"a","TaskStatus":"Failed"},{"TaskId":"b","TaskStatus":"Finished"}]}}"#;
    let slice: JsValue = Array::of2(&1.into(), &f64::INFINITY.into()).into();
    let reply = parse(bytes(list), option("slice", slice)).unwrap();
    assert_eq!(text(&get(&reply, "summary.byStatus")), r#"{"succeeded":1,"failed":1}"#);
    assert_eq!((get(&reply, "offset"), get(&reply, "tasks.length")), (1.into(), 1.into()));
    for (name, value) in [
        ("format", JsValue::from("yaml")),
        ("maxDepth", 513.into()),
        ("slice", 1.into()),
        ("operation", "x".into()),
    ] {
        let thrown = parse(bytes(list), option(name, value)).unwrap_err();
        assert_eq!(get(&thrown, "code"), "request");
        assert!(get(&thrown, "message").as_string().unwrap().contains(name));
    }
}

#[wasm_bindgen_test]
fn a_body_that_is_no_bytes_is_refused() {
    for body in [JsValue::UNDEFINED, 5.into(), "text".into(), Object::new().into()] {
        assert_eq!(get(&parse(body, JsValue::UNDEFINED).unwrap_err(), "code"), "request");
    }
}

#[wasm_bindgen_test]
fn a_summary_counts_and_a_fault_is_thrown() {
    let summary = summarize(bytes(TASK), JsValue::UNDEFINED).unwrap();
    assert_eq!(
        text(&summary),
        r#"{"total":1,"byStatus":{"running":1},"terminal":0,"progress":{"fraction":0.64,"known":1}}"#
    );
    let thrown =
        summarize(bytes(r#"{"Code":"Throttling","Message":"slow down"}"#), JsValue::UNDEFINED).unwrap_err();
    assert_eq!((get(&thrown, "code"), get(&thrown, "fault.retryable")), ("fault".into(), true.into()));
}

#[wasm_bindgen_test]
fn the_deepest_allowed_nesting_fits_the_stack() {
    let depth = 511;
    let body =
        format!("{{\"TaskId\":\"t\",\"TaskStatus\":\"x\",\"X\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(bytes(&body), option("maxDepth", 512)).is_ok());
    assert_eq!(get(&parse(bytes(&body), JsValue::UNDEFINED).unwrap_err(), "code"), "limit");
}

fn object(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

fn set(object: &JsValue, name: &str, value: impl Into<JsValue>) {
    Reflect::set(object, &name.into(), &value.into()).unwrap();
}

#[wasm_bindgen_test]
fn a_request_has_pairs_for_its_query_and_an_object_for_its_headers() {
    let call =
        object(r#"{"operation":"ecs.DescribeTasks","regionId":"cn-hangzhou","taskIds":["t-1","t-2****"]}"#);
    assert_eq!(
        text(&build_request(&call).unwrap()),
        concat!(
            r#"{"method":"GET","host":"ecs.cn-hangzhou.aliyuncs.com","path":"/","#,
            r#""query":[["RegionId","cn-hangzhou"],["TaskIds","t-1,t-2****"]],"#,
            r#""headers":{"accept":"application/json","x-acs-action":"DescribeTasks","x-acs-version":"2014-05-26"}}"#
        )
    );
}

#[wasm_bindgen_test]
fn every_kind_of_value_is_read_and_what_is_absent_is_left_out() {
    let call = object(
        r#"{"operation":"ecs.DescribeTasks","regionId":"cn-hangzhou","pageSize":50,"taskAction":null,"startTime":1000}"#,
    );
    set(&call, "endTime", Date::new(&2000.into()));
    set(&call, "taskStatus", JsValue::UNDEFINED);
    assert_eq!(
        text(&get(&build_request(&call).unwrap(), "query")),
        r#"[["EndTime","1970-01-01T00:00:02Z"],["PageSize","50"],["RegionId","cn-hangzhou"],["StartTime","1970-01-01T00:00:01Z"]]"#
    );
}

#[wasm_bindgen_test]
fn a_call_is_refused_by_the_name_of_its_field() {
    for (call, path) in [
        ("null", "call"),
        ("[]", "call"),
        ("{}", "operation"),
        (r#"{"operation":7}"#, "operation"),
        (r#"{"operation":"ecs.RunInstances"}"#, "operation"),
        (r#"{"operation":"cloudcontrol.GetTask","taskId":{}}"#, "taskId"),
        (r#"{"operation":"cloudcontrol.GetTask","taskId":true}"#, "taskId"),
        (r#"{"operation":"cloudcontrol.GetTask","task":"t"}"#, "task"),
        (r#"{"operation":"ecs.DescribeTasks","regionId":"cn-hangzhou","taskIds":["a",null]}"#, "taskIds[1]"),
        (r#"{"operation":"ecs.DescribeTasks"}"#, "regionId"),
    ] {
        let thrown = build_request(&object(call)).unwrap_err();
        assert_eq!((get(&thrown, "code"), get(&thrown, "path")), ("request".into(), path.into()), "{call}");
        assert!(get(&thrown, "message").as_string().unwrap().contains(path), "{call}");
        assert_eq!(get(&thrown, "retryable"), false);
    }
    assert_eq!(get(&build_request(&JsValue::UNDEFINED).unwrap_err(), "path"), "call");
}

#[wasm_bindgen_test]
fn a_field_whose_reading_throws_is_one_that_is_absent() {
    let call =
        js_sys::eval("({ operation: 'cloudcontrol.GetTask', get taskId() { throw new Error('mine') } })");
    assert_eq!(get(&build_request(&call.unwrap()).unwrap_err(), "path"), "taskId");
}

#[wasm_bindgen_test]
fn how_long_a_client_waits_is_refused_by_name() {
    let made = |options| patience_of(&object(options)).map(drop);
    let all =
        r#"{"timeoutMs":1,"retry":{"attempts":0,"initialMs":null,"capMs":1,"factor":1,"jitter":"none"}}"#;
    assert!(made(all).is_ok());
    for (wrong, path) in [
        (r#"{"timeoutMs":0.5}"#, "timeoutMs"),
        (r#"{"retry":[]}"#, "retry"),
        (r#"{"retry":{"attempts":101,"capMs":1}}"#, "retry.attempts"),
        (r#"{"retry":{"factor":"2","capMs":1}}"#, "retry.factor"),
        (r#"{"retry":{"jitter":1,"capMs":1}}"#, "retry.jitter"),
    ] {
        let thrown = made(wrong).unwrap_err();
        assert_eq!((get(&thrown, "code"), get(&thrown, "path")), ("request".into(), path.into()));
    }
}
