//! Whether to try again, and after how long: backoff with jitter, and what the server itself asks for.
//!
//! Randomness and time are arguments; whoever calls sleeps.

use crate::error::{Error, ErrorCode, shown};
use crate::model::{Fault, FaultKind, Timestamp, read_http_date};
use crate::text::number;

/// How a call is tried again: by default three times, after up to 200 ms, 400 ms and 800 ms.
///
/// ```
/// use tasklens::{Jitter, RetryPolicy};
///
/// let policy = RetryPolicy { jitter: Jitter::None, ..RetryPolicy::default() }.checked()?;
/// assert_eq!([1, 2, 3].map(|retry| policy.delay(retry, 0.5, None)), [200, 400, 800]);
/// assert_eq!(policy.delay(1, 0.5, Some(5000)), 5000, "what the server asks for comes first");
/// # Ok::<(), tasklens::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryPolicy {
    /// How often again after the first try: 0 to [`RetryPolicy::MOST_ATTEMPTS`].
    pub attempts: u32,
    /// Before the first retry, in milliseconds; at most `cap_ms`.
    pub initial_ms: u64,
    /// What each further delay is multiplied with: 1 to 100.
    pub factor: f64,
    /// No delay of ours is longer, in milliseconds; at most [`RetryPolicy::LONGEST_MS`].
    pub cap_ms: u64,
    /// Whether delays are spread.
    pub jitter: Jitter,
}

/// How delays are spread, so that many clients do not come back at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    /// Anywhere from nothing to the whole delay.
    Full,
    /// Not at all.
    None,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { attempts: 3, initial_ms: 200, factor: 2.0, cap_ms: 20_000, jitter: Jitter::Full }
    }
}

impl RetryPolicy {
    /// The longest the server is waited for, in milliseconds: the official SDKs cut its wish there (*seen* in
    /// `@darabonba/typescript` 1.0.5, `src/retry.ts`).
    pub const LONGEST_HINT_MS: u64 = 120_000;
    /// The most attempts that can be asked for.
    pub const MOST_ATTEMPTS: u32 = 100;
    /// The longest delay that can be asked for, in milliseconds: a day, far inside what timers can hold.
    pub const LONGEST_MS: u64 = 86_400_000;

    /// The policy itself, if every part of it is in its range.
    ///
    /// # Errors
    /// `request`, naming the part that is out of its range.
    pub fn checked(self) -> Result<Self, Error> {
        if self.attempts > Self::MOST_ATTEMPTS {
            let detail = format!("expected 0 to {}, found {}", Self::MOST_ATTEMPTS, self.attempts);
            return Err(refuse("retry.attempts", detail));
        }
        check_factor("retry.factor", self.factor)?;
        if self.cap_ms > Self::LONGEST_MS {
            let detail = format!("expected up to {} ms, found {}", Self::LONGEST_MS, self.cap_ms);
            return Err(refuse("retry.capMs", detail));
        }
        check_bound("retry.initialMs", self.initial_ms, "capMs", self.cap_ms)?;
        Ok(self)
    }

    /// The policy with these delays, in milliseconds. Of the two, one that is left out gives way to the other.
    #[must_use]
    pub fn with_delays(mut self, initial_ms: Option<u64>, cap_ms: Option<u64>) -> Self {
        (self.initial_ms, self.cap_ms) = fit((initial_ms, cap_ms), (self.initial_ms, self.cap_ms));
        self
    }

    /// How long to wait before retry number `retry`, from 1, in milliseconds. `random` is from 0 to 1. The server's `hint`
    /// wins over our own delay and is cut to [`RetryPolicy::LONGEST_HINT_MS`].
    pub fn delay(&self, retry: u32, random: f64, hint: Option<u64>) -> u64 {
        if let Some(hint) = hint {
            return hint.min(Self::LONGEST_HINT_MS);
        }
        let whole = backoff(self.initial_ms, self.factor, self.cap_ms, retry.saturating_sub(1));
        match self.jitter {
            Jitter::None => whole,
            Jitter::Full => (whole as f64 * random.clamp(0.0, 1.0)) as u64,
        }
    }
}

pub(crate) fn refuse(path: &str, detail: String) -> Error {
    Error::new(ErrorCode::Request, detail).path(path)
}

/// What a delay is multiplied with.
pub(crate) fn check_factor(path: &str, factor: f64) -> Result<(), Error> {
    match (1.0..=100.0).contains(&factor) {
        true => Ok(()),
        false => Err(refuse(path, format!("expected 1 to 100, found {}", shown(factor)))),
    }
}

/// A first delay is no longer than its bound.
pub(crate) fn check_bound(path: &str, first: u64, name: &str, bound: u64) -> Result<(), Error> {
    match first <= bound {
        true => Ok(()),
        false => Err(refuse(path, format!("expected up to `{name}` ({bound} ms), found {first} ms"))),
    }
}

/// A first delay and its bound, of which some are asked for: what was not asked for gives way to what was.
pub(crate) fn fit(asked: (Option<u64>, Option<u64>), (first, bound): (u64, u64)) -> (u64, u64) {
    match asked {
        (Some(first), Some(bound)) => (first, bound),
        (Some(first), None) => (first, bound.max(first)),
        (None, Some(bound)) => (first.min(bound), bound),
        (None, None) => (first, bound),
    }
}

/// `initial × factor^steps`, at most `cap`.
pub(crate) fn backoff(initial: u64, factor: f64, cap: u64, steps: u32) -> u64 {
    let steps = i32::try_from(steps).unwrap_or(i32::MAX);
    // Beyond a double is infinity, and so the cap.
    let delay = initial as f64 * factor.powi(steps);
    if delay < cap as f64 { delay as u64 } else { cap }
}

/// What the server asks to be waited for, in milliseconds: `x-acs-retry-after` in milliseconds before `Retry-After` in
/// seconds or as a date (the official SDKs; RFC 9110, section 10.2.3). A date counts from the reply's own `date`, so that our
/// clock does not matter, else from `now`. Nothing, zero, negative or unreadable is no hint.
///
/// ```
/// use tasklens::{Timestamp, retry_hint};
///
/// let now = Timestamp::default();
/// assert_eq!(retry_hint(Some("1500"), Some("9"), None, now), Some(1500));
/// assert_eq!(retry_hint(None, Some("9"), None, now), Some(9000));
/// let (until, date) = (Some("Sun, 06 Nov 1994 08:49:47 GMT"), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
/// assert_eq!(retry_hint(None, until, date, now), Some(10_000));
/// ```
pub fn retry_hint(
    acs_retry_after: Option<&str>,
    retry_after: Option<&str>,
    date: Option<&str>,
    now: Timestamp,
) -> Option<u64> {
    let until = |text: &str| {
        let from = date.and_then(read_http_date).unwrap_or(now);
        u64::try_from(read_http_date(text)?.millis().checked_sub(from.millis())?).ok().filter(|ms| *ms > 0)
    };
    let seconds = || above_zero(retry_after).map(|seconds| seconds.saturating_mul(1000));
    above_zero(acs_retry_after).or_else(seconds).or_else(|| until(retry_after?))
}

fn above_zero(text: Option<&str>) -> Option<u64> {
    number(text?.trim_ascii()).filter(|number| *number > 0)
}

/// A fault whose reply carries `x-acs-retry-after`, in milliseconds above 0, is throttling, whatever its code says (*seen* in
/// the official SDKs of 2026-07): it becomes [`FaultKind::Throttled`] and retryable.
pub fn heed_retry_after(fault: &mut Fault<'_>, acs_retry_after: Option<&str>) {
    if above_zero(acs_retry_after).is_some() && !fault.retryable {
        fault.kind = FaultKind::Throttled;
        fault.retryable = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Option<Timestamp> = Timestamp::from_millis(1_000_000_000_000);

    fn hint(acs: Option<&str>, plain: Option<&str>, date: Option<&str>) -> Option<u64> {
        retry_hint(acs, plain, date, NOW?)
    }

    #[test]
    fn milliseconds_come_before_seconds_and_nonsense_is_no_hint() {
        assert_eq!(hint(Some("1500"), Some("9"), None), Some(1500));
        assert_eq!(hint(None, Some("9"), None), Some(9000));
        for nothing in ["0", "", "-5", "soon", "1.5"] {
            assert_eq!(hint(Some(nothing), Some(nothing), None), None, "{nothing}");
        }
    }

    #[test]
    fn a_date_counts_from_the_replys_own_clock() {
        let later = Some("Sun, 06 Nov 1994 08:49:47 GMT");
        assert_eq!(hint(None, later, Some("Sun, 06 Nov 1994 08:49:37 GMT")), Some(10_000));
        assert_eq!(hint(None, later, None), None, "long past by our clock");
    }

    #[test]
    fn a_huge_hint_is_cut_and_never_becomes_a_short_one() {
        let policy = RetryPolicy::default();
        let huge = hint(None, Some("18446744073709551615"), None);
        assert_eq!(policy.delay(1, 0.0, huge), RetryPolicy::LONGEST_HINT_MS);
    }

    #[test]
    fn delays_grow_to_the_cap_and_jitter_covers_all_of_it() {
        let policy = RetryPolicy { jitter: Jitter::None, ..RetryPolicy::default() };
        let delays: Vec<_> = [1, 2, 3, 8, u32::MAX].map(|retry| policy.delay(retry, 0.5, None)).into();
        assert_eq!(delays, [200, 400, 800, 20_000, 20_000]);
        let full = RetryPolicy::default();
        assert_eq!((full.delay(2, 0.0, None), full.delay(2, 1.0, None)), (0, 400));
    }

    #[test]
    fn what_was_not_asked_for_gives_way_to_what_was() {
        let delays = |initial, cap| {
            let policy = RetryPolicy::default().with_delays(initial, cap);
            (policy.initial_ms, policy.cap_ms)
        };
        assert_eq!(delays(None, None), (200, 20_000));
        assert_eq!(delays(None, Some(50)), (50, 50));
        assert_eq!(delays(Some(30_000), None), (30_000, 30_000));
        assert_eq!(delays(Some(500), Some(100)), (500, 100), "refused when it is checked");
    }

    #[test]
    fn a_policy_out_of_its_range_names_the_part() {
        let wrong = RetryPolicy { initial_ms: 500, cap_ms: 100, ..RetryPolicy::default() };
        let message = wrong.checked().map_err(|error| error.to_string());
        assert_eq!(
            message,
            Err("`retry.initialMs`: expected up to `capMs` (100 ms), found 500 ms".to_owned())
        );
        assert!(RetryPolicy { factor: f64::NAN, ..RetryPolicy::default() }.checked().is_err());
    }
}
