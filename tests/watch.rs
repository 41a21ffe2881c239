//! The watch on made-up time: who is asked when, and what an answer means.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

#[path = "support/scenario.rs"]
#[allow(dead_code)]
mod scenario;

use scenario::{DENIED, REGION, Scenario, THROTTLED, Trouble, bdrc, cloud_control, ecs, many};
use tasklens::{Action, Call, Operation, Policy, Timestamp, Watch};

const LIST: Operation = Operation::EcsDescribeTasks;
const ONE: Operation = Operation::EcsDescribeTaskAttribute;
const GET: Operation = Operation::CloudControlGetTask;

/// Ten seconds apart at most, so that a test's numbers stay readable.
fn policy() -> Policy {
    Policy { interval_ms: 1000, max_interval_ms: 8000, factor: 2.0, deadline_ms: 600_000, progress: None }
}

fn without_progress() -> Policy {
    Policy { progress: Some(false), ..policy() }
}

fn gaps(times: &[i64]) -> Vec<i64> {
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

// ── what is asked, and how often ──

#[test]
fn the_first_poll_is_immediate() {
    let run = Scenario::new([cloud_control("a")], policy()).run_until(0);
    assert_eq!(run.times(GET), [0]);
}

#[test]
fn a_thousand_tasks_make_ten_calls_a_round_and_not_one_more() {
    let run = Scenario::new(many(1000), policy()).run_until(8000);
    assert_eq!(run.times(LIST).len(), run.sent.len(), "nothing but lists");
    // Due at 0, 1 s, 3 s and 7 s later: the interval doubles while nothing changes.
    for (round, from) in [(0, 0), (1, 900), (2, 2700), (3, 6500)] {
        let calls = run.sent.iter().filter(|(at, _)| (from..from + 700).contains(at)).count();
        assert_eq!(calls, 10, "round {round}");
    }
    let ids: Vec<_> =
        run.sent.iter().map(|(_, call)| call.value("TaskIds").unwrap().split(',').count()).collect();
    assert!(ids.iter().all(|count| *count == 100));
}

#[test]
fn a_round_costs_no_more_calls_than_the_api_needs_for_it() {
    // Each task is polled three times: at 0, 1 s and 3 s. A call holds a hundred ids, so the floor is one for each hundred.
    for (tasks, floor) in [(1, 1), (100, 1), (101, 2), (1000, 10), (10_000, 100)] {
        let mut scenario = Scenario::new(many(tasks), without_progress());
        scenario.latency = 1;
        assert_eq!(scenario.run_until(4500).sent.len(), 3 * floor, "{tasks} tasks");
    }
}

#[test]
fn calls_shrink_with_the_tasks_that_are_left() {
    let mut scenario = Scenario::new(many(300), without_progress());
    for n in (0..300).filter(|n| n % 3 != 0) {
        scenario =
            scenario.life(&format!("t-{n}"), &[(0, Some("Processing"), None), (500, Some("Finished"), None)]);
    }
    let run = scenario.run_until(60_000);
    assert_eq!(run.told("end").len(), 200);
    let last = run.sent.iter().rev().take(3).map(|(at, _)| *at).collect::<Vec<_>>();
    assert!(last[0] - last[1] > 1000, "one call a round for a hundred tasks: {last:?}");
}

#[test]
fn regions_are_asked_apart() {
    let elsewhere = tasklens::TaskRef::new(tasklens::Api::Ecs, Some("cn-beijing"), "t-0").unwrap();
    let run = Scenario::new(many(20).into_iter().chain([elsewhere]), without_progress()).run_until(0);
    let regions: Vec<_> = run.sent.iter().map(|(_, call)| call.value("RegionId").unwrap()).collect();
    assert_eq!(regions, [REGION, "cn-beijing"]);
}

#[test]
fn a_task_that_comes_twice_is_one() {
    let watch = Watch::new([ecs("a"), ecs("a"), cloud_control("a")], policy()).unwrap();
    assert_eq!(watch.refs().len(), 2);
}

#[test]
fn nothing_to_watch_is_refused() {
    let error = Watch::new([], policy()).unwrap_err();
    assert_eq!(error.to_string(), "`refs`: expected at least one task to watch");
}

#[test]
fn the_progress_of_few_running_tasks_is_asked_for_and_costs_one_call_a_round() {
    let run = Scenario::new([ecs("a")], policy())
        .life("a", &[(0, Some("Processing"), Some("10%"))])
        .run_until(7500);
    assert_eq!(run.times(LIST), [0], "the list is asked once");
    assert_eq!(gaps(&run.times(ONE)), [1000, 2000, 4000]);
    assert_eq!(run.events, ["0 update a running", "0 update a running 10%"]);
}

#[test]
fn a_task_that_waits_is_not_asked_for_its_progress() {
    let life = [(0, Some("Waiting"), None), (2500, Some("Processing"), Some("0%"))];
    let run = Scenario::new([ecs("a")], policy()).life("a", &life).run_until(3100);
    assert_eq!((run.times(LIST), run.times(ONE)), (vec![0, 1000, 3000], vec![3000]));
}

#[test]
fn tasks_of_the_other_apis_are_asked_one_by_one_spread_over_the_interval() {
    let refs = (0..4).map(|n| bdrc(&format!("t-{n}")));
    let run = Scenario::new(refs, policy()).run_until(900);
    assert_eq!(run.times(Operation::BdrcDescribeTask), [0, 250, 500, 750]);
}

#[test]
fn no_more_than_twenty_a_second_are_asked_one_by_one() {
    let refs = (0..1000).map(|n| cloud_control(&format!("task-{n}")));
    let run = Scenario::new(refs, policy()).run_until(200_000);
    let worst = (1..200).map(|s| run.sent.iter().filter(|(at, _)| at / 1000 == s).count()).max().unwrap();
    assert!(worst <= 30, "{worst} in one second");
}

#[test]
fn no_more_than_six_calls_are_under_way_at_once() {
    let mut scenario = Scenario::new(many(2000), policy());
    scenario.latency = 300;
    assert_eq!(scenario.run_until(20_000).most_at_once, 6);
}

// ── backoff ──

#[test]
fn the_interval_grows_to_its_bound_and_falls_back_when_something_changes() {
    let life = [(0, Some("Pending"), None), (40_000, Some("Running"), None)];
    let run = Scenario::new([cloud_control("a")], policy()).life("a", &life).run_until(60_000);
    assert_eq!(gaps(&run.times(GET))[..6], [1000, 2000, 4000, 7273, 7273, 7273]);
    let change = run.times(GET).iter().position(|at| *at >= 40_000).unwrap();
    assert_eq!(gaps(&run.times(GET))[change..change + 3], [1000, 2000, 4000]);
}

#[test]
fn a_task_that_was_cancelled_is_asked_for_soon() {
    let life =
        [(0, Some("Running"), None), (20_500, Some("Cancelling"), None), (24_000, Some("Cancelled"), None)];
    let mut scenario = Scenario::new([cloud_control("a")], policy()).life("a", &life).run_until(20_000);
    let quiet = *scenario.times(GET).last().unwrap();
    scenario.watch.hurry(&cloud_control("a"), Timestamp::from_millis(20_000).unwrap());
    let scenario = scenario.run();
    let after: Vec<_> = scenario.times(GET).into_iter().filter(|at| *at > quiet).collect();
    assert_eq!(after, [20_000, 22_000, 23_000, 25_000], "at once, and with the first interval again");
}

#[test]
fn polls_are_spread_by_chance_and_never_beyond_the_longest_interval() {
    for (random, gaps_wanted) in [(0.0, [900, 1800, 3600, 6545]), (1.0, [1100, 2200, 4400, 8000])] {
        let mut scenario = Scenario::new([cloud_control("a")], policy());
        scenario.random = random;
        assert_eq!(gaps(&scenario.run_until(20_000).times(GET))[..4], gaps_wanted);
    }
}

#[test]
fn a_clock_that_goes_backwards_does_no_harm() {
    let mut watch = Watch::new([cloud_control("a")], policy()).unwrap();
    let at = |ms| Timestamp::from_millis(ms).unwrap();
    assert!(matches!(watch.next(at(1_000_000)), Action::Poll(..)));
    assert!(matches!(watch.next(at(0)), Action::Wait(until) if until > at(0)));
}

// ── what an answer means ──

#[test]
fn an_update_comes_only_when_something_changed() {
    let life =
        [(0, Some("CREATED"), None), (5000, Some("RUNNING"), Some("100")), (9000, Some("COMPLETE"), None)];
    let run = Scenario::new([bdrc("a")], policy()).life("a", &life).run();
    assert_eq!(
        run.events,
        [
            "0 update a queued",
            "7000 update a running 1%",
            "10000 update a succeeded 100%",
            "10000 end a succeeded"
        ]
    );
    assert_eq!(run.end, Some(None));
}

#[test]
fn another_request_id_inside_the_task_is_no_change() {
    let run =
        Scenario::new([bdrc("a")], policy()).life("a", &[(0, Some("RUNNING"), Some("5"))]).run_until(60_000);
    assert_eq!(run.events.len(), 1);
}

#[test]
fn a_word_that_grows_by_one_of_its_letters_is_a_change() {
    let life = [(0, Some("oooooooooooooooo"), None), (5000, Some("ooooooooooooooooo"), None)];
    let run = Scenario::new([cloud_control("a")], policy()).life("a", &life).run_until(60_000);
    assert_eq!(run.told("update").len(), 2);
}

#[test]
fn an_unknown_status_keeps_the_watch_polling() {
    let life = [(0, Some("Reticulating"), None), (20_000, Some("Succeeded"), None)];
    let run = Scenario::new([cloud_control("a")], policy()).life("a", &life).run();
    assert_eq!(run.events[0], "0 update a unknown");
    assert_eq!(run.told("end a succeeded").len(), 1);
}

#[test]
fn an_ended_task_is_asked_for_no_more() {
    let run = Scenario::new([cloud_control("a"), cloud_control("b")], policy())
        .life("a", &[(0, Some("Succeeded"), None)])
        .run_until(60_000);
    let asked = run.sent.iter().filter(|(_, call)| call.value("taskId") == Some("a")).count();
    assert_eq!(asked, 1);
}

#[test]
fn the_end_of_few_ecs_tasks_is_heard_from_the_task_itself() {
    let page = r#"{"TaskId":"a","TaskStatus":"Finished","TaskProcess":"100%","TotalCount":2,"SuccessCount":1,"FailedCount":1}"#;
    let run = Scenario::new([ecs("a")], policy())
        .life("a", &[(0, Some("Finished"), None)])
        .when(move |call, _| (call.operation() == ONE).then_some(Trouble::Reply(200, page, None)))
        .run();
    assert_eq!(run.events, ["0 update a partial 100%", "0 end a partial"]);
}

#[test]
fn a_task_that_vanishes_is_gone_and_not_failed() {
    let life = [(0, Some("Processing"), None), (1500, None, None)];
    let run = Scenario::new([ecs("a")], without_progress()).life("a", &life).run();
    assert_eq!(run.events, ["0 update a running", "4000 gone a"]);
    let run = Scenario::new([ecs("a")], policy()).life("a", &life).run();
    assert_eq!(run.told("gone").len(), 1, "also when asked for by itself: {:?}", run.events);
}

#[test]
fn a_list_that_skips_a_task_once_does_not_make_it_gone() {
    let life = [(0, Some("Processing"), None), (900, None, None), (1100, Some("Processing"), None)];
    let run = Scenario::new([ecs("a")], without_progress()).life("a", &life).run_until(60_000);
    assert!(run.told("gone").is_empty());
}

#[test]
fn a_task_never_listed_is_given_up_with_the_apis_own_words() {
    let run = Scenario::new(many(20), without_progress()).life("t-7", &[(0, None, None)]).run_until(10_000);
    assert_eq!(run.told("given up"), ["0 given up t-7 fault"]);
    assert_eq!(run.times(ONE), [0], "it was asked for once by itself");
    assert_eq!(run.told("update").len(), 19, "the others go on");
}

// ── failures ──

#[test]
fn a_failed_poll_is_an_event_and_not_the_end() {
    let run = Scenario::new([cloud_control("a")], policy())
        .trouble(Trouble::Nothing)
        .trouble(Trouble::Reply(503, "<html>", None))
        .life("a", &[(0, Some("Succeeded"), None)])
        .run();
    assert_eq!(
        run.events,
        [
            "0 retry a network in 750",
            "750 retry a fault in 1500",
            "2250 update a succeeded 100%",
            "2250 end a succeeded"
        ]
    );
}

#[test]
fn failures_back_off_to_the_longest_interval_until_the_deadline() {
    let run = Scenario::new([cloud_control("a")], policy()).when(|_, _| Some(Trouble::Nothing)).run();
    assert!(gaps(&run.times(GET)).iter().all(|gap| *gap <= 8000));
    assert_eq!(run.now, 600_000);
    assert!(run.overdue().unwrap().starts_with("task `a` was still not seen at its deadline:"));
}

#[test]
fn the_servers_wish_is_honoured_once() {
    let run = Scenario::new([cloud_control("a")], policy())
        .trouble(Trouble::Reply(429, THROTTLED, Some("5000")))
        .run_until(9000);
    assert_eq!(run.times(GET), [0, 5000, 6000, 8000]);
}

#[test]
fn a_huge_wish_is_cut_to_the_deadline_and_never_becomes_a_short_one() {
    let run = Scenario::new([cloud_control("a")], policy())
        .trouble(Trouble::Reply(429, THROTTLED, Some("18446744073709551615")))
        .run();
    assert_eq!(run.times(GET), [0, 599_000], "a last look, and no loop");
}

#[test]
fn throttling_holds_back_the_neighbours_of_the_region() {
    let run = Scenario::new(many(200), policy())
        .when(|_, now| (now == 1000).then_some(Trouble::Reply(429, THROTTLED, Some("5000"))))
        .run_until(5999);
    let at_once = run.times(LIST).iter().filter(|at| **at == 1000).count();
    assert_eq!(
        (at_once, run.sent.len()),
        (1, 3),
        "one is refused, the other waits with it: {:?}",
        run.times(LIST)
    );
}

#[test]
fn what_cannot_get_better_ends_at_once_for_whom_it_concerns() {
    let denied = |call: &Call, _: i64| (call.operation() == GET).then_some(Trouble::Reply(403, DENIED, None));
    let run = Scenario::new([cloud_control("a"), bdrc("b")], policy()).when(denied).run_until(5000);
    assert_eq!(run.events, ["0 given up a fault", "500 update b running"]);
    assert!(run.times(Operation::BdrcDescribeTask).len() > 1, "the other goes on");
}

#[test]
fn a_task_not_found_at_first_sight_ends_at_once() {
    let run = Scenario::new([cloud_control("a")], policy()).life("a", &[(0, None, None)]).run();
    assert_eq!(run.events, ["0 given up a fault"]);
    assert_eq!(run.end, Some(None));
}

#[test]
fn one_id_the_api_does_not_take_does_not_end_the_others() {
    let refuses = |call: &Call, _: i64| {
        let bad = call.value("TaskIds").is_some_and(|ids| ids.split(',').any(|id| id == "t-13"));
        let fault = r#"{"Code":"InvalidTaskIds.Malformed","Message":"no"}"#;
        bad.then_some(Trouble::Reply(400, fault, None))
    };
    let run = Scenario::new(many(100), policy()).when(refuses).run_until(500);
    assert_eq!(run.told("given up"), ["0 given up t-13 fault"]);
    assert_eq!(run.told("update").len(), 99);
}

#[test]
fn a_refused_page_of_a_listed_task_leaves_it_to_the_list() {
    let life = [(0, Some("Processing"), None), (5000, Some("Finished"), None)];
    let run = Scenario::new([ecs("a")], policy())
        .life("a", &life)
        .when(|call, _| (call.operation() == ONE).then_some(Trouble::Reply(403, DENIED, None)))
        .run();
    assert_eq!(run.times(ONE), [0], "asked once");
    assert_eq!(run.told("end"), ["6000 end a succeeded"]);
}

#[test]
fn a_refused_list_leaves_few_tasks_to_their_own_pages() {
    let refuses =
        |call: &Call, _: i64| (call.operation() == LIST).then_some(Trouble::Reply(403, DENIED, None));
    let life = [(0, Some("Processing"), Some("10%")), (5000, Some("Finished"), Some("100%"))];
    let run = Scenario::new([ecs("a")], policy()).life("a", &life).when(refuses).run();
    assert_eq!((run.times(LIST), run.told("end")), (vec![0], vec!["7000 end a succeeded"]));
    let run = Scenario::new(many(20), policy()).when(refuses).run();
    assert_eq!((run.sent.len(), run.told("given up").len()), (1, 1), "many are given up: {:?}", run.events);
    let denied =
        Scenario::new([ecs("a")], policy()).when(|_, _| Some(Trouble::Reply(403, DENIED, None))).run();
    assert_eq!(denied.events, ["0 given up a fault"]);
}

#[test]
fn a_bare_404_is_no_word_of_the_api() {
    let life = [(0, Some("Processing"), None), (5000, Some("Finished"), None)];
    let run = Scenario::new([ecs("a")], policy())
        .life("a", &life)
        .when(|call, _| (call.operation() == ONE).then_some(Trouble::Reply(404, "not here", None)))
        .run();
    assert_eq!((run.told("gone").len(), run.told("end")), (0, vec!["6000 end a succeeded"]));
}

#[test]
fn a_page_in_the_place_of_the_proxy_is_given_up_after_a_few_readings() {
    let html = Trouble::Reply(200, "<!doctype html>", None);
    let run = Scenario::new([cloud_control("a")], policy()).when(move |_, _| Some(html.clone())).run();
    assert_eq!(run.told("retry").len(), 2);
    assert_eq!(run.told("given up").len(), 1);
}

#[test]
fn a_missing_region_is_no_missing_task() {
    let fault = r#"{"Code":"InvalidRegionId.NotFound","Message":"no such region"}"#;
    let run = Scenario::new([bdrc("a")], policy())
        .when(move |_, now| (now > 0).then_some(Trouble::Reply(404, fault, None)))
        .run();
    assert_eq!(run.told("gone").len(), 0);
    assert_eq!(run.told("given up").len(), 1);
}

// ── deadline, pause, state ──

#[test]
fn the_deadline_is_checked_by_the_clock_with_a_last_look_before_it() {
    let policy = Policy { deadline_ms: 10_000, ..policy() };
    let run = Scenario::new([cloud_control("a")], policy).run();
    assert_eq!(run.times(GET), [0, 1000, 3000, 7000, 9000]);
    assert_eq!(run.now, 10_000);
    assert_eq!(run.overdue().unwrap(), "task `a` was still running at its deadline: 5 polls in 10 s");
}

#[test]
fn a_machine_that_slept_past_the_deadline_asks_no_more() {
    let mut watch = Watch::new([cloud_control("a")], policy()).unwrap();
    let at = |ms| Timestamp::from_millis(ms).unwrap();
    let Action::Poll(id, _) = watch.next(at(0)) else { panic!() };
    watch.on_error(id, at(1), 0.5, tasklens::Error::network("none"), None);
    assert!(matches!(watch.next(at(700_000)), Action::Done(Some(_))));
}

#[test]
fn a_paused_watch_asks_nothing_and_catches_up_at_once() {
    let mut scenario = Scenario::new([cloud_control("a"), bdrc("b")], policy()).run_until(10_000);
    let before = scenario.sent.len();
    scenario.watch.pause();
    let mut scenario = scenario.run_until(100_000);
    assert_eq!(scenario.sent.len(), before);
    scenario.watch.resume(Timestamp::from_millis(100_000).unwrap());
    let scenario = scenario.run_until(100_000);
    assert_eq!(scenario.sent.len(), before + 2);
}

#[test]
fn the_deadline_goes_on_while_paused() {
    let mut scenario = Scenario::new([cloud_control("a")], policy());
    scenario = scenario.run_until(0);
    scenario.watch.pause();
    assert_eq!(scenario.run().now, 600_000);
}

#[test]
fn a_watch_goes_on_from_its_state() {
    let lives = [(0, Some("Processing"), Some("10%")), (30_000, Some("Finished"), Some("100%"))];
    let first = Scenario::new([ecs("a"), cloud_control("b")], policy()).life("a", &lives).run_until(10_000);
    let text = first.watch.state(r#"{"mine":[1,2]}"#);
    let (watch, kept) = Watch::restore(&text).unwrap();
    assert_eq!((kept, watch.deadline()), (r#"{"mine":[1,2]}"#, first.watch.deadline()));
    assert_eq!(watch.state(kept), text, "nothing is lost");
    let mut second = Scenario::of(watch).life("a", &lives);
    second.now = 11_000;
    let second = second.run_until(60_000);
    assert_eq!(
        second.events,
        ["31546 update a succeeded 100%", "31546 end a succeeded"],
        "what was seen is no news"
    );
}

#[test]
fn a_state_is_refused_when_foreign_or_damaged() {
    let text = Scenario::new([ecs("a")], policy()).run_until(0).watch.state("null");
    let refused = |text: &str| Watch::restore(text).map(drop).unwrap_err().to_string();
    for foreign in ["", "{}", "null", "eyJhIjoxfQ=="] {
        assert_eq!(refused(foreign), "`resume`: is no state of a watch; it comes from `Watch.state()`");
    }
    assert!(refused(&text.replacen(":1:", ":2:", 1)).contains("another version"));
    for at in 0..text.len() {
        let mut damaged = text.clone().into_bytes();
        damaged[at] ^= 1;
        if let Ok(damaged) = String::from_utf8(damaged) {
            assert!(Watch::restore(&damaged).is_err(), "byte {at}");
        }
        assert!(Watch::restore(&text[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn tasks_can_be_added_to_a_watch() {
    let mut scenario = Scenario::new([cloud_control("a")], policy()).run_until(100);
    scenario.watch.extend([cloud_control("a"), bdrc("b")]);
    let scenario = scenario.run_until(100);
    assert_eq!(scenario.told("update b").len(), 1);
    assert_eq!(scenario.watch.refs().len(), 2);
}

#[test]
fn a_policy_out_of_its_range_names_the_part() {
    for (wrong, name) in [
        (Policy { interval_ms: 0, ..policy() }, "intervalMs"),
        (Policy { interval_ms: 9000, ..policy() }, "intervalMs"),
        (Policy { factor: 0.5, ..policy() }, "factor"),
        (Policy { deadline_ms: u64::MAX, ..policy() }, "deadlineMs"),
    ] {
        let error = Watch::new([ecs("a")], wrong).unwrap_err();
        assert_eq!(error.field_path(), Some(name));
    }
}

#[test]
fn an_answer_to_no_poll_is_nothing() {
    let mut scenario = Scenario::new([cloud_control("a")], policy());
    let now = Timestamp::from_millis(0).unwrap();
    let Action::Poll(id, _) = scenario.watch.next(now) else { panic!() };
    let error = || tasklens::Error::network("none");
    assert_eq!(scenario.watch.on_error(id, now, 0.5, error(), None).len(), 1);
    assert!(scenario.watch.on_error(id, now, 0.5, error(), None).is_empty(), "answered already");
}
