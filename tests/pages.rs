//! A walk over every page of a list, while the list shifts under it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::collections::BTreeSet;
use tasklens::{Argument, Body, Call, ErrorCode, Operation, Pages, ParseOptions, parse};

fn ecs(arguments: &[(&str, f64)]) -> Pages {
    let region = ("regionId".to_owned(), Argument::from("cn-hangzhou"));
    let numbers = arguments.iter().map(|(name, number)| ((*name).to_owned(), Argument::Number(*number)));
    pages(Operation::EcsDescribeTasks, numbers.chain([region]))
}

fn bdrc(token: Option<&str>) -> Pages {
    let region = ("regionId".to_owned(), Argument::from("cn-shanghai"));
    let token = token.map(|token| ("nextToken".to_owned(), Argument::from(token)));
    pages(Operation::BdrcDescribeTasks, token.into_iter().chain([region]))
}

fn pages(operation: Operation, arguments: impl IntoIterator<Item = (String, Argument)>) -> Pages {
    Pages::new(Call::new(operation, arguments).expect("a call")).expect("a list")
}

/// Hands in one reply; returns the ids that were new.
fn take(pages: &mut Pages, body: &str) -> Vec<String> {
    let reply = parse(body.as_bytes(), &ParseOptions::default()).expect("a reply");
    let Body::Tasks(list) = reply.body else { panic!("a list") };
    pages.take(list).into_iter().map(|task| task.id.into_owned()).collect()
}

/// The page asked for, or `None` at the end.
fn asked(pages: &Pages, wire: &str) -> Option<u64> {
    pages.next().expect("no error")?.value(wire)?.parse().ok()
}

/// Reads a list by number to its end. Before each look, from 0, `shift` may change it. Returns what came, and which
/// pages were asked for.
fn walk(
    mut pages: Pages,
    mut list: Vec<u32>,
    total: bool,
    mut shift: impl FnMut(usize, &mut Vec<u32>),
) -> (Vec<u32>, Vec<u64>) {
    let (mut found, mut looks) = (Vec::new(), Vec::new());
    while let Some(number) = asked(&pages, "PageNumber") {
        let size = asked(&pages, "PageSize").expect("a size") as usize;
        shift(looks.len(), &mut list);
        looks.push(number);
        let on_page = list.iter().skip((number as usize - 1) * size).take(size);
        let tasks: Vec<_> =
            on_page.map(|id| format!(r#"{{"TaskId":"{id}","TaskStatus":"Processing"}}"#)).collect();
        let total = if total { list.len().to_string() } else { "null".to_owned() };
        let body = format!(r#"{{"TotalCount":{total},"TaskSet":{{"Task":[{}]}}}}"#, tasks.join(","));
        found.extend(take(&mut pages, &body).iter().filter_map(|id| id.parse::<u32>().ok()));
        assert!(looks.len() < 1000, "the walk does not end");
    }
    (found, looks)
}

fn numbers(range: std::ops::Range<u32>) -> Vec<u32> {
    range.collect()
}

#[test]
fn a_list_is_read_to_its_end_and_not_beyond() {
    for (count, looks) in [(0, 1), (1, 1), (100, 1), (101, 2), (200, 2), (250, 3)] {
        let (found, asked) = walk(ecs(&[]), numbers(0..count), true, |_, _| ());
        assert_eq!((found, asked), (numbers(0..count), (1..=looks).collect()), "{count}");
    }
}

#[test]
fn without_a_total_a_page_that_is_not_full_is_the_last() {
    for (count, looks) in [(0, 1), (99, 1), (100, 2), (150, 2), (200, 3)] {
        let (found, asked) = walk(ecs(&[]), numbers(0..count), false, |_, _| ());
        assert_eq!((found, asked.len()), (numbers(0..count), looks), "{count}");
    }
}

#[test]
fn the_walk_begins_where_the_caller_does_and_keeps_the_size() {
    let begun = ecs(&[("pageNumber", 3.0), ("pageSize", 10.0)]);
    assert_eq!(walk(begun, numbers(0..45), true, |_, _| ()), (numbers(20..45), vec![3, 4, 5]));
}

#[test]
fn a_server_may_hold_its_pages_smaller() {
    let mut pages = ecs(&[]);
    let page = |from: u32| {
        let tasks: Vec<_> =
            (from..from + 2).map(|id| format!(r#"{{"TaskId":"{id}","TaskStatus":"Finished"}}"#)).collect();
        format!(r#"{{"PageSize":2,"TotalCount":4,"TaskSet":{{"Task":[{}]}}}}"#, tasks.join(","))
    };
    assert_eq!(take(&mut pages, &page(0)), ["0", "1"]);
    assert_eq!(asked(&pages, "PageNumber"), Some(2));
    assert_eq!(take(&mut pages, &page(2)), ["2", "3"]);
    assert_eq!(asked(&pages, "PageNumber"), None);
}

#[test]
fn tasks_put_in_before_come_once() {
    let (found, _) = walk(ecs(&[("pageSize", 10.0)]), numbers(100..150), true, |look, list| {
        if look > 0 && list.len() < 60 {
            list.splice(0..0, [look as u32, 50 + look as u32]);
        }
    });
    assert_eq!(found, numbers(100..150));
}

#[test]
fn tasks_that_slip_onto_a_page_before_are_found_in_order() {
    for (gone, looks) in [
        (1, vec![1, 2, 3, 2, 3, 4, 5]),
        (10, vec![1, 2, 3, 2, 3, 4]),
        (11, vec![1, 2, 3, 1, 2, 3, 4]),
        (19, vec![1, 2, 3, 1, 2, 3, 4]),
    ] {
        let (found, asked) = walk(ecs(&[("pageSize", 10.0)]), numbers(0..50), true, |look, list| {
            if look == 2 {
                list.drain(..gone);
            }
        });
        assert_eq!((found, asked), (numbers(0..50), looks), "{gone} gone");
    }
}

#[test]
fn what_slips_when_the_last_page_is_asked_for_is_found_too() {
    let (found, looks) = walk(ecs(&[("pageSize", 10.0)]), numbers(0..20), true, |look, list| {
        if look == 1 {
            list.drain(..10);
        }
    });
    assert_eq!((found, looks), (numbers(0..20), vec![1, 2, 1]));
}

#[test]
fn a_walk_never_goes_back_before_its_first_page() {
    let begun = ecs(&[("pageNumber", 3.0), ("pageSize", 10.0)]);
    let (_, looks) = walk(begun, numbers(0..60), true, |look, list| {
        if look == 1 {
            list.drain(..25);
        }
    });
    assert_eq!(looks, [3, 4, 3, 4]);
}

#[test]
fn a_list_that_shrinks_with_every_look_does_not_hold_the_walk() {
    let (found, looks) = walk(ecs(&[("pageSize", 10.0)]), numbers(0..300), true, |_, list| {
        list.remove(0);
    });
    assert!(looks.len() < 200, "{} looks", looks.len());
    let once: BTreeSet<_> = found.iter().collect();
    assert_eq!(once.len(), found.len());
}

#[test]
fn pages_without_anything_new_end_in_an_error() {
    let mut pages = ecs(&[("pageSize", 1.0)]);
    let same = r#"{"TaskSet":{"Task":[{"TaskId":"a","TaskStatus":"Finished"}]}}"#;
    assert_eq!(take(&mut pages, same), ["a"]);
    for _ in 0..10 {
        assert!(pages.next().is_ok());
        assert_eq!(take(&mut pages, same), [""; 0]);
    }
    let message = pages.next().map_err(|error| error.to_string());
    assert_eq!(
        message,
        Err("`$`: 10 pages in a row hold only tasks of pages before; the list would never end".to_owned())
    );
}

#[test]
fn a_task_that_comes_twice_on_one_page_comes_once() {
    let mut pages = ecs(&[]);
    let twice = r#"{"TaskSet":{"Task":[{"TaskId":"a","TaskStatus":"x"},{"TaskId":"a","TaskStatus":"x"}]}}"#;
    assert_eq!(take(&mut pages, twice), ["a"]);
}

fn token_page(id: &str, next: &str) -> String {
    let task = format!(r#"{{"TaskId":"{id}","TaskStatus":"RUNNING"}}"#);
    let content = if id.is_empty() { "" } else { &task };
    format!(r#"{{"Data":{{"Content":[{content}],"NextToken":"{next}"}}}}"#)
}

#[test]
fn tokens_are_followed_until_there_is_none_also_over_an_empty_page() {
    let mut pages = bdrc(None);
    assert_eq!(asked(&pages, "MaxResults"), Some(100));
    assert_eq!(take(&mut pages, &token_page("a", "x")), ["a"]);
    assert_eq!(take(&mut pages, &token_page("", "y")), [""; 0]);
    let call = pages.next().expect("no error").expect("more");
    assert_eq!(call.value("NextToken"), Some("y"));
    assert_eq!(take(&mut pages, &token_page("b", "")), ["b"]);
    assert_eq!(pages.next(), Ok(None));
}

#[test]
fn a_token_that_comes_again_ends_in_an_error_after_the_page_it_came_with() {
    for (begun, tokens) in [(None, vec!["x", "x"]), (None, vec!["x", "y", "x"]), (Some("x"), vec!["x"])] {
        let mut pages = bdrc(begun);
        for (id, token) in tokens.iter().enumerate() {
            let id = id.to_string();
            assert_eq!(take(&mut pages, &token_page(&id, token)), [id]);
        }
        let error = pages.next().expect_err("a loop");
        assert_eq!((error.code(), error.field_path()), (ErrorCode::Invalid, Some("$.Data.NextToken")));
    }
}

#[test]
fn only_lists_have_pages() {
    let fields = [("taskId".to_owned(), Argument::from("t-1"))];
    let call = Call::new(Operation::CloudControlGetTask, fields).expect("a call");
    assert_eq!(Pages::new(call).map(drop).map_err(|error| error.code()), Err(ErrorCode::Request));
}
