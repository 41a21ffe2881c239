//! The exports as JavaScript calls them; run in Node and in headless Chromium.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use js_sys::{Array, Date, JSON, Object, Reflect, Uint8Array};
use tasklens::wasm::{Client, build_request, parse, summarize};
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

/// The tape makes what serde-wasm-bindgen makes, which crosses once a property.
#[wasm_bindgen_test]
fn every_kind_of_reply_arrives_as_the_general_way_would_bring_it() {
    macro_rules! corpus {
        ($($case:literal),* $(,)?) => { [$(include_str!(concat!("corpus/", $case))),*] };
    }
    let general = serde_wasm_bindgen::Serializer::json_compatible();
    for body in corpus![
        "accepted/plain_values_beside_the_request_id/response.json",
        "bdrc/detail_and_result_are_decoded/response.json",
        "bdrc/json_number_out_of_range_is_kept_as_text/response.json",
        "bdrc/progress_above_range_is_clamped/response.json",
        "bdrc/tasks_with_a_next_page/response.json",
        "bdrc/unknown_fields_go_to_extra/response.json",
        "cloudcontrol/failed_with_json_in_the_message/response.json",
        "cloudcontrol/resource_path_has_one_line_a_path/response.json",
        "ecs/counts_as_strings/response.json",
        "ecs/json_duplicate_key_deep_down/response.json",
    ] {
        let reply = tasklens::parse(body.as_bytes(), &tasklens::ParseOptions::default()).unwrap();
        let expected = text(&serde::Serialize::serialize(&reply, &general).unwrap());
        assert_eq!(text(&parse(bytes(body), JsValue::UNDEFINED).unwrap()), expected);
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
fn options_of_a_client_are_refused_by_name() {
    let made = |json: &str| Client::new("http://proxy.example/".to_owned(), &object(json)).map(drop);
    assert!(made(r#"{"timeoutMs":1,"retry":{"capMs":1},"headers":{"a":"b"},"format":"xml"}"#).is_ok());
    for (options, path) in [
        (r#"{"timeoutMs":0.5}"#, "timeoutMs"),
        (r#"{"fetch":"fetch"}"#, "fetch"),
        (r#"{"headers":{"a b":""}}"#, "headers"),
        (r#"{"format":"JSON"}"#, "format"),
        (r#"{"retry":{"attempts":101}}"#, "retry.attempts"),
        (r#"{"retry":{"factor":null,"jitter":1}}"#, "retry.jitter"),
    ] {
        let thrown = made(options).unwrap_err();
        assert_eq!(
            (get(&thrown, "code"), get(&thrown, "path")),
            ("request".into(), path.into()),
            "{options}"
        );
    }
}
