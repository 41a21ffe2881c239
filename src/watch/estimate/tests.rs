//! One claim each, on made-up time: minutes are written as such.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::histories::Dice;
use super::{Estimate, FURTHEST, MOST_SAMPLES, Sample, Samples};

const START: i64 = 1_700_000_000_000;
const MINUTE: i64 = 60_000;

/// Polled at these minutes, with these per cents.
fn seen(polls: impl IntoIterator<Item = (i64, u16)>) -> Samples {
    let mut samples = Samples::default();
    for (minute, percent) in polls {
        samples.push(START + minute * MINUTE, percent * 100);
    }
    samples
}

/// As known at its last poll.
fn estimate(samples: &Samples) -> Option<Estimate> {
    samples.estimate(samples.last?.at)
}

/// When the end is expected, in minutes.
fn finish(samples: &Samples) -> i64 {
    (estimate(samples).unwrap().finish_at - START + MINUTE / 2).div_euclid(MINUTE)
}

/// One per cent a minute, until that minute.
fn steady(until: i64) -> Vec<(i64, u16)> {
    (0..=until).map(|minute| (minute, minute as u16)).collect()
}

#[test]
fn a_steady_task_is_expected_where_its_pace_leads() {
    let known = estimate(&seen(steady(40))).unwrap();
    // A change is taken to have come half-way between two polls.
    assert_eq!(known.finish_at, START + 100 * MINUTE - MINUTE / 2);
    assert_eq!(known.remaining_ms, 59 * 60_000 + 30_000);
    assert!(known.earliest_at < known.finish_at && known.finish_at < known.latest_at);
}

#[test]
fn one_change_is_not_enough() {
    assert_eq!(estimate(&Samples::default()), None);
    assert_eq!(estimate(&seen([(0, 10)])), None);
    assert_eq!(estimate(&seen([(0, 10), (5, 10), (6, 11), (9, 11)])), None);
}

#[test]
fn a_task_that_is_seen_to_jump_from_nothing_to_half_is_never_estimated() {
    let polls = (0..40).map(|minute| (minute, if minute < 20 { 0 } else { 50 }));
    assert_eq!(estimate(&seen(polls)), None);
}

#[test]
fn quarters_are_estimated_from_the_second_on() {
    let polls = |until| seen((0..=until).map(|minute| (minute, (minute / 10 * 25) as u16)));
    assert_eq!(estimate(&polls(19)), None);
    // The half-minute is the change's again.
    assert_eq!(finish(&polls(20)), 40);
    assert_eq!(finish(&polls(25)), 40);
}

#[test]
fn waiting_at_the_first_figure_says_nothing_about_the_pace() {
    let waited = seen((0..500).map(|minute| (minute, 0)).chain((500..=540).map(|m| (m, (m - 500) as u16))));
    assert_eq!(finish(&waited), 600);
}

#[test]
fn more_changes_give_more_confidence() {
    let confidence = |polls| estimate(&seen(polls)).unwrap().confidence;
    assert!(confidence(steady(2)) < confidence(steady(3)));
    assert!(confidence(steady(3)) < confidence(steady(12)));
}

#[test]
fn an_uneven_pace_gives_less_confidence_and_a_wider_range() {
    let even = estimate(&seen(steady(20))).unwrap();
    let uneven =
        estimate(&seen((0..=20).map(|m| (m, [0, 1, 1, 1, 5][m as usize % 5] + m as u16 / 5 * 5)))).unwrap();
    let width = |known: Estimate| (known.latest_at - known.earliest_at) as f64 / known.remaining_ms as f64;
    assert!(uneven.confidence < even.confidence);
    assert!(width(uneven) > width(even));
}

#[test]
fn a_stall_delays_the_end_and_costs_confidence() {
    let mut samples = seen(steady(40));
    let before = estimate(&samples).unwrap();
    for minute in 41..=60 {
        samples.push(START + minute * MINUTE, 4_000);
    }
    let stalled = estimate(&samples).unwrap();
    assert!(stalled.finish_at > before.finish_at + 15 * MINUTE);
    assert!(stalled.latest_at - stalled.earliest_at > before.latest_at - before.earliest_at);
    assert!(stalled.confidence < before.confidence - 0.1);
}

#[test]
fn after_a_stall_confidence_returns() {
    let stalled = seen(steady(40).into_iter().chain((41..=60).map(|minute| (minute, 40))));
    let resumed = steady(40).into_iter().chain((41..=60).map(|minute| (minute, 40)));
    let resumed = seen(resumed.chain((61..=80).map(|minute| (minute, (minute - 20) as u16))));
    assert!(estimate(&resumed).unwrap().confidence > estimate(&stalled).unwrap().confidence);
    // It would be 120 without a memory; part of the stall is taken for the task's way.
    assert!((120..135).contains(&finish(&resumed)));
}

#[test]
fn a_jump_forward_brings_the_end_nearer() {
    let jumped = seen(steady(30).into_iter().chain((31..=40).map(|minute| (minute, (minute + 40) as u16))));
    assert!((50..=60).contains(&finish(&jumped)), "{}", finish(&jumped));
}

#[test]
fn a_task_that_slows_down_is_expected_later_than_its_mean_pace_says() {
    // 60 in 30 minutes, then one every two: the mean pace says 86.
    let slowing = (0..=30).map(|m| (m, 2 * m as u16)).chain((31..=60).map(|m| (m, (45 + m / 2) as u16)));
    assert!(finish(&seen(slowing)) > 86);
}

#[test]
fn a_task_that_speeds_up_is_expected_sooner_than_its_mean_pace_says() {
    // 20 in 40 minutes, then two a minute: the mean pace says 143.
    let speeding = (0..=40).map(|m| (m, m as u16 / 2)).chain((41..=60).map(|m| (m, (2 * m - 60) as u16)));
    assert!(finish(&seen(speeding)) < 143);
}

#[test]
fn one_lower_figure_is_a_slip_and_forgotten() {
    let mut samples = seen(steady(40));
    samples.push(START + 41 * MINUTE, 0);
    assert_eq!(estimate(&samples), None);
    samples.push(START + 42 * MINUTE, 4_200);
    assert_eq!(finish(&samples), 100);
}

#[test]
fn two_lower_figures_make_void_what_was_seen_before() {
    let mut samples = seen(steady(40));
    for minute in 0..=20 {
        samples.push(START + (41 + minute) * MINUTE, 100 * minute as u16);
        assert_eq!(estimate(&samples).is_some(), minute >= 3);
    }
    assert_eq!(finish(&samples), 141);
}

#[test]
fn at_the_whole_nothing_can_be_said_of_what_is_left() {
    assert_eq!(estimate(&seen(steady(100))), None);
    assert!(estimate(&seen(steady(99))).is_some());
}

#[test]
fn a_sleeping_laptop_does_not_slow_the_task_down() {
    let slept = steady(20).into_iter().chain((60..=70).map(|minute| (minute, minute as u16)));
    assert_eq!(finish(&seen(slept)), 100);
}

#[test]
fn a_clock_set_back_moves_what_was_seen_with_it() {
    let mut samples = seen(steady(40));
    let before = estimate(&samples).unwrap();
    let now = START - 500 * MINUTE;
    samples.push(now, 4_000);
    let after = samples.estimate(now).unwrap();
    assert_eq!(after.remaining_ms, before.remaining_ms);
    assert_eq!(after.finish_at, before.finish_at - 540 * MINUTE);
}

#[test]
fn a_clock_that_stands_still_gives_no_pace() {
    let mut samples = Samples::default();
    (0..50).for_each(|percent| samples.push(START, percent * 100));
    assert_eq!(samples.estimate(START), None);
}

#[test]
fn between_polls_the_remaining_time_runs_down_to_nothing_and_then_ends() {
    let samples = seen(steady(40));
    let known = estimate(&samples).unwrap();
    let later = samples.estimate(START + 50 * MINUTE).unwrap();
    assert_eq!((later.finish_at, later.latest_at), (known.finish_at, known.latest_at));
    assert_eq!(known.remaining_ms - later.remaining_ms, 600_000);
    assert_eq!(samples.estimate(known.latest_at).unwrap().remaining_ms, 0);
    assert_eq!(samples.estimate(known.latest_at + 1), None);
}

#[test]
fn a_long_watch_keeps_few_samples_the_first_and_the_newest_among_them() {
    let mut samples = Samples::default();
    (0..9_999).for_each(|points| samples.push(START + i64::from(points) * 1_000, points));
    assert_eq!(samples.changes.len(), MOST_SAMPLES);
    assert_eq!(samples.changes.first().unwrap().basis_points, 1);
    assert_eq!(samples.changes.last().unwrap().basis_points, 9_998);
    let in_the_last_eighth = samples.changes.iter().filter(|change| change.basis_points > 8_749).count();
    assert!(in_the_last_eighth >= 4, "{:?}", samples.changes);
    assert_eq!(size_of::<Sample>(), 16);
}

#[test]
fn whatever_clock_and_figures_say_an_estimate_is_in_order_and_samples_survive_being_saved() {
    let extremes = [i64::MIN, i64::MIN + 1, -FURTHEST, -1, 0, 1, START, FURTHEST, i64::MAX - 1, i64::MAX];
    let mut dice = Dice::new(7);
    let mut estimates = 0;
    for _ in 0..2_000 {
        let mut samples = Samples::default();
        let mut now = START;
        let mut figure: u16 = 0;
        for _ in 0..40 {
            now = match dice.below(8) {
                0 => extremes[dice.below(extremes.len())],
                1 => now.saturating_sub(dice.below(100_000) as i64),
                _ => now.saturating_add(dice.below(100_000) as i64),
            };
            figure = match dice.below(20) {
                0 => dice.below(70_000) as u16,
                _ => figure.saturating_add(dice.below(300) as u16),
            };
            samples.push(now, figure);
            assert_eq!(Samples::from_parts(&samples.to_parts()), Some(samples.clone()));
            assert!(samples.changes.len() <= MOST_SAMPLES);
            let asked = if dice.below(4) == 0 { extremes[dice.below(extremes.len())] } else { now };
            if let Some(known) = samples.estimate(asked) {
                let asked = asked.clamp(-FURTHEST, FURTHEST);
                assert!(
                    known.earliest_at <= known.finish_at && known.finish_at <= known.latest_at,
                    "{known:?}"
                );
                assert!(known.earliest_at >= -FURTHEST && known.latest_at <= FURTHEST, "{known:?}");
                assert_eq!(known.remaining_ms, known.finish_at.abs_diff(asked));
                assert!(known.finish_at >= asked);
                assert!((0.0..=1.0).contains(&known.confidence), "{known:?}");
                estimates += 1;
            }
        }
    }
    assert!(estimates > 10_000, "only {estimates}");
}

#[test]
fn parts_that_were_never_written_are_refused() {
    let parts = seen([(0, 0), (1, 1), (2, 2)]).to_parts();
    assert_eq!(parts.len(), 8);
    assert_eq!(Samples::from_parts(&[]), Some(Samples::default()));
    for length in 1..parts.len() {
        assert_eq!(Samples::from_parts(&parts[..length]), None, "{length}");
    }
    // Moment, highest figure, step, lower; then moment and figure of both samples.
    let wrong = [FURTHEST + 1, 10_001, 0, 2, START + 9 * MINUTE, 200, START + 9 * MINUTE, -1];
    for (place, number) in wrong.into_iter().enumerate() {
        let mut parts = parts.clone();
        parts[place] = number;
        assert_eq!(Samples::from_parts(&parts), None, "{place}");
    }
    let mut many = vec![START, 17, 1, 0];
    (1..=17).for_each(|points| many.extend([START, points]));
    assert_eq!(Samples::from_parts(&many), None);
}

#[test]
fn an_estimate_is_written_in_the_words_of_the_contract() {
    let written = serde_json::to_value(estimate(&seen(steady(40)))).unwrap();
    let names: Vec<&String> = written.as_object().unwrap().keys().collect();
    assert_eq!(names, ["confidence", "earliestAt", "finishAt", "latestAt", "remainingMs"]);
}
