//! Moments, without a calendar library: two written forms and one number.

use serde::{Serialize, Serializer};

/// A moment, in milliseconds since the Unix epoch; within ±8.64e15, as JavaScript's `Date`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    const FURTHEST: i64 = 8_640_000_000_000_000;
    /// The last one there is.
    pub(crate) const LAST: Self = Self(Self::FURTHEST);

    /// From milliseconds since the Unix epoch; `None` beyond what JavaScript's `Date` can hold.
    pub const fn from_millis(millis: i64) -> Option<Self> {
        if -Self::FURTHEST <= millis && millis <= Self::FURTHEST { Some(Self(millis)) } else { None }
    }

    /// From Unix seconds; `None` beyond what JavaScript's `Date` can hold.
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        seconds.checked_mul(1000).and_then(Self::from_millis)
    }

    /// Milliseconds since the Unix epoch.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// `yyyy-MM-ddTHH:mm:ssZ`, as requests and signatures write it; `None` outside of the years 0 to 9999.
    pub fn to_utc_seconds(self) -> Option<String> {
        let seconds = self.0.div_euclid(1000);
        let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (year, month, day) = date_of(days);
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        (0..=9999)
            .contains(&year)
            .then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

/// How exact a written moment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Precision {
    Seconds,
    Minutes,
}

/// Reads `yyyy-MM-ddTHH:mmZ` or `yyyy-MM-ddTHH:mm:ssZ`, with an optional fraction of a second and `Z` or an offset
/// such as `+08:00`. `None` for another form or an impossible date.
pub(crate) fn read_time(text: &str) -> Option<(Timestamp, Precision)> {
    let mut rest = text.as_bytes();
    let year = digits(&mut rest, 4)?;
    mark(&mut rest, b'-')?;
    let month = digits(&mut rest, 2)?;
    mark(&mut rest, b'-')?;
    let day = digits(&mut rest, 2)?;
    mark(&mut rest, b'T')?;
    let hour = digits(&mut rest, 2)?;
    mark(&mut rest, b':')?;
    let minute = digits(&mut rest, 2)?;
    let (mut second, mut millis, mut precision) = (0, 0, Precision::Minutes);
    if mark(&mut rest, b':').is_some() {
        second = digits(&mut rest, 2)?;
        precision = Precision::Seconds;
        if mark(&mut rest, b'.').is_some() {
            millis = fraction(&mut rest)?;
        }
    }
    let offset_minutes = offset(&mut rest)?;
    let possible = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    if !rest.is_empty() || !possible || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let minutes = (days_from_epoch(year, month, day) * 24 + hour) * 60 + minute - offset_minutes;
    Timestamp::from_millis((minutes * 60 + second) * 1000 + millis).map(|moment| (moment, precision))
}

/// Reads an HTTP date in the form that servers must write, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7). The
/// name of the day is not looked at.
pub(crate) fn read_http_date(text: &str) -> Option<Timestamp> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, date) = text.trim_ascii().split_once(", ")?;
    let mut words = date.split(' ');
    let day = words.next()?;
    let name = words.next()?;
    let month = MONTHS.iter().position(|month| *month == name)? + 1;
    let (year, time) = (words.next()?, words.next()?);
    if words.next() != Some("GMT") || words.next().is_some() {
        return None;
    }
    read_time(&format!("{year}-{month:02}-{day}T{time}Z")).map(|(moment, _)| moment)
}

fn mark(rest: &mut &[u8], byte: u8) -> Option<()> {
    *rest = rest.strip_prefix(&[byte])?;
    Some(())
}

fn digits(rest: &mut &[u8], count: usize) -> Option<i64> {
    let (head, tail) = rest.split_at_checked(count)?;
    *rest = tail;
    head.iter()
        .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
}

/// Milliseconds; what is finer is cut.
fn fraction(rest: &mut &[u8]) -> Option<i64> {
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (head, tail) = rest.split_at_checked(length).filter(|(head, _)| !head.is_empty())?;
    *rest = tail;
    Some((0..3).fold(0, |millis, i| millis * 10 + head.get(i).map_or(0, |byte| i64::from(byte - b'0'))))
}

/// `Z`, or minutes east of Greenwich.
fn offset(rest: &mut &[u8]) -> Option<i64> {
    if mark(rest, b'Z').is_some() {
        return Some(0);
    }
    let sign = if mark(rest, b'+').is_some() { 1 } else { mark(rest, b'-').map(|()| -1)? };
    let hours = digits(rest, 2)?;
    let _ = mark(rest, b':');
    let minutes = digits(rest, 2)?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March so that the leap day
/// is the last (Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil).
fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The other way: a year, a month and a day for days since 1970-01-01 (the same paper, civil_from_days).
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(text: &str) -> Option<i64> {
        read_time(text).map(|(moment, _)| moment.millis())
    }

    #[test]
    fn both_documented_forms_are_read_with_their_precision() {
        assert_eq!(read_time("2015-11-23T02:13Z"), Some((Timestamp(1_448_244_780_000), Precision::Minutes)));
        assert_eq!(
            read_time("2018-03-06T07:33:51Z"),
            Some((Timestamp(1_520_321_631_000), Precision::Seconds))
        );
    }

    #[test]
    fn a_fraction_and_an_offset_are_accepted() {
        assert_eq!(millis("1970-01-01T00:00:00.1239Z"), Some(123));
        assert_eq!(millis("1970-01-01T08:00:00.5+08:00"), Some(500));
        assert_eq!(millis("1969-12-31T19:00-0500"), Some(0));
    }

    #[test]
    fn impossible_dates_and_other_forms_are_none() {
        for text in [
            "2015-02-29T00:00Z",
            "2015-13-01T00:00Z",
            "2015-00-01T00:00Z",
            "2015-01-00T00:00Z",
            "2015-04-31T00:00Z",
            "2015-01-01T24:00Z",
            "2015-01-01T00:60Z",
            "2015-01-01T00:00:60Z",
            "2015-11-23 02:13",
            "2015-11-23T02:13",
            "2015-11-23T02:13Z ",
            "2015-11-23T02:13:00.Z",
            "2015-11-23T02:13+24:00",
            "",
            "+015-11-23T02:13Z",
            "２015",
        ] {
            assert_eq!(millis(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for seconds in (-62_167_219_200..253_402_300_799).step_by(86_400 * 97 + 12_345) {
            let moment = Timestamp(seconds * 1000);
            let text = moment.to_utc_seconds().unwrap_or_default();
            assert_eq!(read_time(&text), Some((moment, Precision::Seconds)), "{text}");
        }
        assert_eq!(Timestamp(253_402_300_800_000).to_utc_seconds(), None, "the year 10000");
    }

    #[test]
    fn an_http_date_is_read_in_its_one_form() {
        let read = |text| read_http_date(text).map(Timestamp::millis);
        assert_eq!(read("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777_000));
        for text in [
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn leap_days_are_where_the_calendar_has_them() {
        assert_eq!(millis("2000-02-29T00:00Z"), Some(951_782_400_000));
        assert_eq!(millis("1900-02-29T00:00Z"), None);
        assert_eq!(millis("0000-03-01T00:00Z"), Some(-62_162_035_200_000));
    }
}
