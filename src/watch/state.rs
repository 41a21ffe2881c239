//! A watch as one string, to go on after a reload or on another machine.
//!
//! ```text
//! tasklens-watch:1:<checksum>:<policy and deadline>\n<one task>\n…\n\n<what the caller keeps beside it>
//! ```
//!
//! A line is a list of words with tabs between them; ids hold neither (`request`). The checksum, FNV-1a (64 bit, in hex) of
//! what follows it, is against damage, not against forgery: the string holds no secret and opens nothing.

use super::estimate::Samples;
use super::watched::{Phase, Seen, Watched};
use super::{Policy, Watch};
use crate::error::{Error, ErrorCode};
use crate::model::{Api, Status};
use crate::request::TaskRef;
use crate::text::{Parts, Texts, checksum, cut, hex, integer, number, split_once};
use std::fmt::Display;

const PREFIX: &str = "tasklens-watch:";
const VERSION: &str = "1";
/// Between the tasks and what the caller keeps.
const END: &str = "\n\n";

impl Watch {
    /// The watch as one string; `kept` is the caller's own text to carry along.
    pub fn state(&self, kept: &str) -> String {
        let mut body = Words::default();
        let Policy { interval_ms, max_interval_ms, factor, deadline_ms, progress } = self.policy;
        let progress = progress.map_or(2, u64::from);
        [interval_ms, max_interval_ms, factor.to_bits(), deadline_ms, progress]
            .iter()
            .for_each(|number| body.word(number));
        body.optional(self.deadline);
        for (name, task) in self.refs.iter().zip(&self.tasks) {
            body.line();
            let texts = [name.api().name(), name.region().unwrap_or_default(), name.id()];
            texts.iter().for_each(|text| body.word(text));
            let numbers =
                [task.phase as u32, task.polls, task.misses, task.listed.into(), task.by_list.into()];
            numbers.iter().for_each(|number| body.word(number));
            let seen = task.seen.as_ref();
            body.word(&seen.map_or("", |seen| seen.status.name()));
            body.optional(seen.and_then(|seen| seen.basis_points).map(i64::from));
            body.word(&seen.map_or(0, |seen| seen.digest));
            task.samples.to_parts().iter().for_each(|part| body.word(part));
        }
        let body = body.0 + END + kept;
        format!("{PREFIX}{VERSION}:{}:{body}", hex(checksum(&body), 16))
    }

    /// The watch that [`Watch::state`] wrote, and what the caller kept beside it. Backoff begins anew; the deadline stays.
    ///
    /// # Errors
    /// `request` where the text is foreign, of another version or damaged.
    pub fn restore(text: &str) -> Result<(Self, &str), Error> {
        let mut watch = Self::empty();
        let kept = watch.take_up(text)?;
        Ok((watch, kept))
    }

    /// [`Watch::restore`] into an empty watch.
    pub(crate) fn take_up<'t>(&mut self, text: &'t str) -> Result<&'t str, Error> {
        let refuse = |detail: &str| Error::new(ErrorCode::Request, detail).path("resume");
        let rest = text
            .strip_prefix(PREFIX)
            .ok_or_else(|| refuse("is no state of a watch; it comes from `Watch.state()`"))?;
        let (version, rest) = cut(rest, b':').unwrap_or((rest, ""));
        if version != VERSION {
            return Err(refuse("is the state of another version's watch; begin a new one"));
        }
        let damaged = || refuse("is a damaged state of a watch; begin a new one");
        let (sum, body) = cut(rest, b':').ok_or_else(damaged)?;
        if !sum.eq_ignore_ascii_case(&hex(checksum(body), 16)) {
            return Err(damaged());
        }
        let (lines, kept) = split_once(body, END).ok_or_else(damaged)?;
        self.read(lines).map(|()| kept).ok_or_else(damaged)
    }

    fn read(&mut self, lines: &str) -> Option<()> {
        let mut lines = Parts::of(lines, b'\n');
        let mut words = Line::of(lines.next()?);
        let policy = Policy {
            interval_ms: words.number()?,
            max_interval_ms: words.number()?,
            factor: f64::from_bits(words.number()?),
            deadline_ms: words.number()?,
            progress: match words.next()? {
                "0" => Some(false),
                "1" => Some(true),
                _ => None,
            },
        };
        self.set_policy(policy).ok()?;
        self.deadline = words.optional()?;
        let mut known = Texts::default();
        for line in lines {
            let (name, watched) = task(Line::of(line))?;
            if !self.add(&mut known, name, watched) {
                return None;
            }
        }
        self.fill_lanes(0);
        Some(())
    }
}

fn task(mut words: Line<'_>) -> Option<(TaskRef, Watched)> {
    let api = Api::from_name(words.next()?)?;
    let region = words.next().map(|region| (!region.is_empty()).then_some(region))?;
    let name = TaskRef::new(api, region, words.next()?).ok()?;
    let phases = [Phase::Live, Phase::Ended, Phase::Gone, Phase::GivenUp];
    let phase = *phases.get(usize::try_from(words.number()?).ok()?)?;
    let (polls, misses) = (words.number()?.try_into().ok()?, words.number()?.try_into().ok()?);
    let (listed, by_list) = (words.next()? == "1", words.next()? == "1");
    let status = Status::from_name(words.next()?);
    let basis_points = match words.optional()? {
        Some(points) => Some(points.try_into().ok()?),
        None => None,
    };
    let digest = words.number()?;
    let mut samples = Vec::new();
    while let Some(part) = words.next() {
        samples.push(integer(part)?);
    }
    let seen = status.map(|status| Seen { status, basis_points, digest });
    let samples = Samples::from_parts(&samples)?;
    Some((name, Watched { phase, seen, polls, misses, listed, by_list, samples }))
}

/// The words of a line, one after the other.
struct Line<'t>(Parts<'t>);

impl<'t> Line<'t> {
    fn of(line: &'t str) -> Self {
        Self(Parts::of(line, b'\t'))
    }

    fn next(&mut self) -> Option<&'t str> {
        self.0.next()
    }

    fn number(&mut self) -> Option<u64> {
        number(self.next()?)
    }

    /// A number, or none where `-` stands in its place.
    fn optional(&mut self) -> Option<Option<i64>> {
        match self.next()? {
            "-" => Some(None),
            word => integer(word).map(Some),
        }
    }
}

/// Lines of words.
#[derive(Default)]
struct Words(String);

impl Words {
    fn word(&mut self, word: &dyn Display) {
        if !self.0.is_empty() && !self.0.ends_with('\n') {
            self.0.push('\t');
        }
        self.0.push_str(&word.to_string());
    }

    fn optional(&mut self, number: Option<i64>) {
        match number {
            Some(number) => self.word(&number),
            None => self.word(&"-"),
        }
    }

    fn line(&mut self) {
        self.0.push('\n');
    }
}
