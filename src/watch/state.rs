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

const PREFIX: &str = "tasklens-watch:";
const VERSION: &str = "1";
/// Between the tasks and what the caller keeps.
const END: &str = "\n\n";

impl Watch {
    /// The watch as one string; `kept` is the caller's own text to carry along.
    pub fn state(&self, kept: &str) -> String {
        let mut body = Words::default();
        let Policy { interval_ms, max_interval_ms, factor, deadline_ms, progress } = self.policy;
        [interval_ms, max_interval_ms, factor.to_bits(), deadline_ms].iter().for_each(|n| body.word(*n));
        body.word(progress.map_or(2, u8::from));
        body.optional(self.deadline);
        for (name, task) in self.refs.iter().zip(&self.tasks) {
            body.line();
            body.word(name.api().name());
            body.word(name.region().unwrap_or_default());
            body.word(name.id());
            body.word(task.phase as u8);
            [task.polls, task.misses].iter().for_each(|n| body.word(*n));
            [task.listed, task.by_list].iter().for_each(|flag| body.word(u8::from(*flag)));
            body.word(task.seen.as_ref().map_or("", |seen| seen.status.name()));
            body.optional(task.seen.as_ref().and_then(|seen| seen.basis_points));
            body.word(task.seen.as_ref().map_or(0, |seen| seen.digest));
            task.samples.to_parts().iter().for_each(|part| body.word(*part));
        }
        let body = body.0 + END + kept;
        format!("{PREFIX}{VERSION}:{:016x}:{body}", checksum(&body))
    }

    /// The watch that [`Watch::state`] wrote, and what the caller kept beside it. Backoff begins anew; the deadline stays.
    ///
    /// # Errors
    /// `request` where the text is foreign, of another version or damaged.
    pub fn restore(text: &str) -> Result<(Self, &str), Error> {
        let refuse = |detail: &str| Error::new(ErrorCode::Request, detail).path("resume");
        let rest = text
            .strip_prefix(PREFIX)
            .ok_or_else(|| refuse("is no state of a watch; it comes from `Watch.state()`"))?;
        let (version, rest) = rest.split_once(':').unwrap_or((rest, ""));
        if version != VERSION {
            return Err(refuse("is the state of another version's watch; begin a new one"));
        }
        let damaged = || refuse("is a damaged state of a watch; begin a new one");
        let (sum, body) = rest.split_once(':').ok_or_else(damaged)?;
        if u64::from_str_radix(sum, 16) != Ok(checksum(body)) || sum.len() != 16 {
            return Err(damaged());
        }
        let (lines, kept) = body.split_once(END).ok_or_else(damaged)?;
        Self::read(lines).map(|watch| (watch, kept)).ok_or_else(damaged)
    }

    fn read(lines: &str) -> Option<Self> {
        let mut lines = lines.split('\n');
        let mut words = lines.next()?.split('\t');
        let mut word = || words.next();
        let policy = Policy {
            interval_ms: word()?.parse().ok()?,
            max_interval_ms: word()?.parse().ok()?,
            factor: f64::from_bits(word()?.parse().ok()?),
            deadline_ms: word()?.parse().ok()?,
            progress: match word()? {
                "0" => Some(false),
                "1" => Some(true),
                _ => None,
            },
        };
        let mut watch = Self::empty(policy.checked().ok()?);
        watch.deadline = optional(word()?)?;
        let (refs, tasks): (Vec<_>, Vec<_>) =
            lines.map(task).collect::<Option<Vec<_>>>()?.into_iter().unzip();
        watch.add(&mut refs.into_iter());
        if watch.refs.len() != tasks.len() {
            return None;
        }
        watch.tasks = tasks;
        watch.live = watch.tasks.iter().filter(|task| task.phase == Phase::Live).count();
        watch.fill_lanes(0);
        Some(watch)
    }
}

fn task(line: &str) -> Option<(TaskRef, Watched)> {
    let mut words = line.split('\t');
    let api = Api::from_name(words.next()?)?;
    let region = words.next().map(|region| (!region.is_empty()).then_some(region))?;
    let name = TaskRef::new(api, region, words.next()?).ok()?;
    let phases = [Phase::Live, Phase::Ended, Phase::Gone, Phase::GivenUp];
    let phase = phases.get(words.next()?.parse::<usize>().ok()?)?;
    let (polls, misses) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    let (listed, by_list) = (words.next()? == "1", words.next()? == "1");
    let status = Status::from_name(words.next()?);
    let basis_points = optional(words.next()?)?;
    let digest = words.next()?.parse().ok()?;
    let samples = words.map(|part| part.parse().ok()).collect::<Option<Vec<i64>>>()?;
    let watched = Watched {
        phase: *phase,
        seen: status.map(|status| Seen { status, basis_points, digest }),
        polls,
        misses,
        listed,
        by_list,
        samples: Samples::from_parts(&samples)?,
    };
    Some((name, watched))
}

/// Lines of words.
#[derive(Default)]
struct Words(String);

impl Words {
    fn word(&mut self, word: impl ToString) {
        if !self.0.is_empty() && !self.0.ends_with('\n') {
            self.0.push('\t');
        }
        self.0.push_str(&word.to_string());
    }

    fn optional(&mut self, word: Option<impl ToString>) {
        self.word(word.map_or_else(|| "-".to_owned(), |word| word.to_string()));
    }

    fn line(&mut self) {
        self.0.push('\n');
    }
}

/// A number, or none where `-` stands in its place.
fn optional<T: std::str::FromStr>(word: &str) -> Option<Option<T>> {
    if word == "-" { Some(None) } else { word.parse().ok().map(Some) }
}

/// FNV-1a, 64 bit (draft-eastlake-fnv, section 2).
fn checksum(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}
