//! What a stranger's first program with the crate may be.

use tasklens::{Api, Body, Limits, ParseOptions, TaskRef, parse};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let call = TaskRef::new(Api::Ecs, Some("cn-hangzhou"), "t-bp1import")?.describe();
    assert_eq!(call.request().host, "ecs.cn-hangzhou.aliyuncs.com");

    let body = br#"{"TaskId":"t-bp1import","TaskStatus":"Processing","TaskProcess":"64%"}"#;
    let options = ParseOptions { limits: Limits { bytes: 1 << 20, ..Limits::default() }, ..ParseOptions::default() };
    match parse(body, &options)?.body {
        Body::Task(task) => assert_eq!(task.progress.fraction(), Some(0.64)),
        other => return Err(format!("expected one task, found {other:?}").into()),
    }
    Ok(())
}
