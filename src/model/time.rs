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
pub(crate) fn read_time(text: &[u8]) -> Option<(Timestamp, Precision)> {
    let (date, rest) = text.split_first_chunk()?;
    let (time, mut rest) = rest.split_first_chunk()?;
    const DATE: Form = Form::of(b"0000-00-");
    const TIME: Form = Form::of(b"00T00:00");
    let (date, time) = (DATE.pairs(date)?, TIME.pairs(time)?);
    let at = |pairs: u64, place: u32| (pairs >> (8 * place)) as u32 & 0xFF;
    let (year, month, day) = (at(date, 0) * 100 + at(date, 2), at(date, 5), at(time, 0));
    let (hour, minute) = (at(time, 3), at(time, 6));
    let (mut second, mut millis, mut precision) = (0, 0, Precision::Minutes);
    if let [b':', s1, s2, after @ ..] = rest {
        (second, rest, precision) = (two_digits(*s1, *s2)?, after, Precision::Seconds);
        if let [b'.', after @ ..] = rest {
            (millis, rest) = fraction(after)?;
        }
    }
    let offset_minutes = if let [b'Z'] = rest { 0 } else { offset(rest)? };
    // Nearly every day is one that all months have: the processor need not guess which month it is.
    let possible = (1..=12).contains(&month) && day > 0 && (day <= 28 || day <= days_in(year, month));
    if !possible || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = i64::from(days_from_epoch(year, month, day)) * 86_400
        + i64::from(((hour * 60 + minute) * 60 + second) as i32 - offset_minutes * 60);
    Timestamp::from_millis(seconds * 1000 + i64::from(millis)).map(|moment| (moment, precision))
}

/// Reads an HTTP date in the form that servers must write, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7). The
/// name of the day is not looked at.
pub(crate) fn read_http_date(text: &str) -> Option<Timestamp> {
    const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    /// Any byte may stand for `_`: months are looked up, digits are read.
    const FORM: &[u8; 26] = b", __ ___ ____ __:__:__ GMT";
    let date = text.trim_ascii().as_bytes().last_chunk()?;
    if !FORM.iter().zip(date).all(|(form, byte)| *form == b'_' || form == byte) {
        return None;
    }
    let [_, _, d1, d2, _, n1, n2, n3, _, y1, y2, y3, y4, _, h1, h2, _, m1, m2, _, s1, s2, _, _, _, _] = *date;
    let month = MONTHS.chunks(3).position(|month| month == [n1, n2, n3])? as u8 + 1;
    let (o1, o2) = (b'0' + month / 10, b'0' + month % 10);
    let written =
        [y1, y2, y3, y4, b'-', o1, o2, b'-', d1, d2, b'T', h1, h2, b':', m1, m2, b':', s1, s2, b'Z'];
    read_time(&written).map(|(moment, _)| moment)
}

/// Eight bytes of a time: digits where it has zeros, and else these very bytes.
struct Form {
    bytes: u64,
    /// Added to what differs from `bytes`, it sets the high bit of what is no digit, or not that byte.
    limits: u64,
}

impl Form {
    const fn of(bytes: &[u8; 8]) -> Self {
        let (bytes, mut limits, mut place) = (u64::from_le_bytes(*bytes), 0, 0);
        while place < 64 {
            let is_digit = (bytes >> place) as u8 == b'0';
            limits |= (if is_digit { 0x7F - 9 } else { 0x7F }) << place;
            place += 8;
        }
        Self { bytes, limits }
    }

    /// What each two digits come to, in the byte of the first of them; for all eight bytes at once.
    #[inline(always)]
    fn pairs(&self, text: &[u8; 8]) -> Option<u64> {
        const HIGH: u64 = (u64::MAX / 0xFF) << 7;
        let found = u64::from_le_bytes(*text) ^ self.bytes;
        let is_of_it = (found | found.wrapping_add(self.limits)) & HIGH == 0;
        is_of_it.then_some(found.wrapping_mul(10).wrapping_add(found >> 8))
    }
}

fn two_digits(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then_some(u32::from(tens) * 10 + u32::from(ones))
}

/// Milliseconds, and what follows them; what is finer is cut.
fn fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at_checked(length).filter(|(digits, _)| !digits.is_empty())?;
    let millis = digits.iter().chain([b'0'; 3].iter()).take(3);
    Some((millis.fold(0, |millis, digit| millis * 10 + u32::from(digit - b'0')), rest))
}

/// Minutes east of Greenwich.
fn offset(text: &[u8]) -> Option<i32> {
    let (sign, h1, h2, m1, m2) = match *text {
        [sign, h1, h2, b':', m1, m2] | [sign, h1, h2, m1, m2] => (sign, h1, h2, m1, m2),
        _ => return None,
    };
    let (hours, minutes) = (two_digits(h1, h2)?, two_digits(m1, m2)?);
    let east = if hours < 24 && minutes < 60 { (hours * 60 + minutes) as i32 } else { return None };
    match sign {
        b'+' => Some(east),
        b'-' => Some(-east),
        _ => None,
    }
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March so that the leap day
/// is the last (Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil).
#[inline(always)]
fn days_from_epoch(year: u32, month: u32, day: u32) -> i32 {
    // An era of 400 years more, for the months before March of the year 0.
    let (year, march_month) = if month <= 2 { (year + 399, month + 9) } else { (year + 400, month - 3) };
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    (year * 365 + year / 4 - year / 100 + year / 400 + day_of_year) as i32 - 719_468 - 146_097
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
        read_time(text.as_bytes()).map(|(moment, _)| moment.millis())
    }

    #[test]
    fn both_documented_forms_are_read_with_their_precision() {
        assert_eq!(read_time(b"2015-11-23T02:13Z"), Some((Timestamp(1_448_244_780_000), Precision::Minutes)));
        assert_eq!(
            read_time(b"2018-03-06T07:33:51Z"),
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
    fn no_other_byte_is_taken_for_a_digit_or_for_what_stands_between() {
        let text = *b"2011-11-11T11:11Z";
        for (place, own) in text.into_iter().enumerate() {
            for byte in 0..=u8::MAX {
                let mut other = text;
                if let Some(changed) = other.get_mut(place) {
                    *changed = byte;
                }
                let is_of_the_form = byte == own || (own.is_ascii_digit() && byte.is_ascii_digit());
                let is_taken = read_time(&other).is_some();
                assert!(is_of_the_form || !is_taken, "{place}: {byte}");
                // Behind the year it may be too large.
                assert!(is_taken || !is_of_the_form || (place >= 5 && byte != own), "{place}: {byte}");
            }
        }
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
            assert_eq!(read_time(text.as_bytes()), Some((moment, Precision::Seconds)), "{text}");
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
