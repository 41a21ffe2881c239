//! One parameter of an operation: its two names, and the rule its value must meet.

use super::operations::Place;
use crate::error::{Error, ErrorCode, integer_rule, quote, shown};
use crate::model::{Timestamp, read_time};
use crate::text::{Parts, append, number};

/// A value as a caller gives it.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A text.
    Text(String),
    /// A number; for a time, milliseconds since the Unix epoch.
    Number(f64),
    /// Several texts.
    List(Vec<String>),
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Checked with the endpoint.
    Region,
    Id,
    /// Up to 100, joined with commas.
    Ids,
    /// Up to 100, each a parameter of its own: `ResourceIds.1`.
    Numbered,
    Integer(u64, u64),
    OneOf(&'static [&'static str]),
    /// A name the API knows: the sets are open.
    Word,
    /// Written as `yyyy-MM-ddTHH:mm:ssZ`.
    Time,
    /// What the API gave for the next page.
    Token,
}

/// One parameter.
#[derive(Debug)]
pub(super) struct Parameter {
    /// The contract's name.
    pub(super) name: &'static str,
    /// The API's own name.
    pub(super) wire: &'static str,
    pub(super) rule: Rule,
    pub(super) required: bool,
    pub(super) place: Place,
    /// Ignored by the API beside TaskGroupId.
    pub(super) is_condition: bool,
}

/// The longest id taken; the longest published has 37 characters.
const LONGEST_ID: usize = 128;
const LONGEST_TOKEN: usize = 2048;
const LONGEST_WORD: usize = 64;

impl Parameter {
    /// Is this the parameter's own name, or that of one of its numbered values?
    pub(super) fn is_named(&self, wire: &str) -> bool {
        match self.rule {
            Rule::Numbered => number_of(self.wire, wire).is_some(),
            _ => self.wire == wire,
        }
    }

    #[cfg(feature = "proxy")]
    pub(super) fn holds_ids(&self) -> bool {
        matches!(self.rule, Rule::Id | Rule::Ids | Rule::Numbered)
    }

    /// The values of a query under this parameter's names.
    ///
    /// # Errors
    /// `request` where the numbers of a list have a gap: the API would stop there.
    pub(super) fn gather(&self, query: &[(String, String)]) -> Result<Option<Argument>, Error> {
        let text = |wire: &str| query.iter().find(|(name, _)| name == wire).map(|(_, value)| value.clone());
        let Rule::Numbered = self.rule else {
            return Ok(text(self.wire).map(|value| match self.rule {
                Rule::Ids => Argument::List(Parts::of(&value, b',').map(str::to_owned).collect()),
                _ => Argument::Text(value),
            }));
        };
        let count = query.iter().filter(|(name, _)| self.is_named(name)).count();
        let values: Vec<_> = (1..=count).map_while(|n| text(&format!("{}.{n}", self.wire))).collect();
        if values.len() < count {
            return Err(wrong(format!(
                "expected them numbered from 1 without a gap, `.{}` is missing",
                values.len() + 1
            )));
        }
        Ok((count > 0).then_some(Argument::List(values)))
    }

    /// The text a value is sent as; that of several has commas between, which no id has.
    ///
    /// # Errors
    /// `request`, saying the rule and what was found. The path is a place within the value, or none.
    pub(super) fn value(&self, argument: &Argument) -> Result<String, Error> {
        let (text, is_text) = match argument {
            Argument::List(list) => return self.list(list),
            Argument::Text(text) => (text.clone(), true),
            Argument::Number(number) => (shown(*number), false),
        };
        let is_up_to = |longest| (1..=longest).contains(&text.len());
        let mut why = "";
        let made: String;
        let (fits, expected) = match self.rule {
            Rule::Ids | Rule::Numbered => (false, "a list of ids"),
            Rule::Integer(least, most) => {
                made = integer_rule(least, most);
                (whole(&text).is_some_and(|number| (least..=most).contains(&number)), &*made)
            }
            Rule::Time => match time(argument) {
                Some(time) => return Ok(time),
                None => (false, "a UTC time such as `2020-11-23T15:10:00Z`"),
            },
            _ if !is_text => (false, "a text"),
            // Checked with its endpoint.
            Rule::Region => (true, ""),
            Rule::Id => (id(&text).map(|_| true)?, ""),
            Rule::OneOf(words) => {
                made = format!("one of {}", super::listed(&mut words.iter().copied()));
                why = "; the API ignores any other";
                (words.contains(&text.as_str()), &*made)
            }
            Rule::Word => {
                let is_word = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.".contains(&b));
                (is_up_to(LONGEST_WORD) && is_word, "a name such as `ImportImage`")
            }
            Rule::Token => {
                let is_token = text.bytes().all(|b| b.is_ascii_graphic());
                (is_up_to(LONGEST_TOKEN) && is_token, "the token of the page before")
            }
        };
        match fits {
            true => Ok(text),
            false => Err(wrong(format!("expected {expected}, found {}{why}", quote(&text)))),
        }
    }

    fn list(&self, list: &[String]) -> Result<String, Error> {
        if !matches!(self.rule, Rule::Ids | Rule::Numbered) {
            return Err(wrong("expected one value, found a list".to_owned()));
        }
        if !(1..=super::Call::MOST_IDS).contains(&list.len()) {
            let most = super::Call::MOST_IDS;
            return Err(wrong(format!("expected 1 to {most} ids, found {}", list.len())));
        }
        let mut ids = String::new();
        for (index, text) in list.iter().enumerate() {
            id(text).map_err(|error| error.path(format!("[{index}]")))?;
            append(&mut ids, ",", text);
        }
        Ok(ids)
    }

    /// Adds a value under the API's own name, or several each under its own.
    pub(super) fn write(&self, value: &str, wire: &mut Vec<(String, String)>) {
        if self.rule != Rule::Numbered {
            return wire.push((self.wire.to_owned(), value.to_owned()));
        }
        for (index, value) in Parts::of(value, b',').enumerate() {
            wire.push((format!("{}.{}", self.wire, index + 1), value.to_owned()));
        }
    }
}

/// The number of `ResourceIds.7`, from 1 to 100.
fn number_of(wire: &str, name: &str) -> Option<u64> {
    let digits = name.strip_prefix(wire)?.strip_prefix('.')?;
    whole(digits).filter(|number| (1..=super::Call::MOST_IDS as u64).contains(number))
}

/// An integer from 1 on, without a sign and leading zeros.
fn whole(text: &str) -> Option<u64> {
    text.starts_with(|first: char| ('1'..='9').contains(&first)).then(|| number(text))?
}

fn time(argument: &Argument) -> Option<String> {
    let moment = match argument {
        Argument::Text(text) => read_time(text.as_bytes()).map(|(moment, _)| moment)?,
        Argument::Number(millis) => {
            let whole = millis.is_finite().then_some(*millis as i64)?;
            Timestamp::from_millis(whole)?
        }
        Argument::List(_) => return None,
    };
    moment.to_utc_seconds()
}

/// An id, as it is. Published ones hold letters, digits, `-`, `_` and, where they are masked, `*`; others are let through
/// encoded, except what would change the meaning of a list or a path.
///
/// # Errors
/// `request`, saying what was found.
pub(super) fn id(text: &str) -> Result<&str, Error> {
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == ',';
    let (rule, found) = match text {
        "" => ("", "an empty text".to_owned()),
        "." | ".." => ("", quote(text)),
        _ if text.len() > LONGEST_ID => {
            return Err(wrong(format!("expected an id of up to {LONGEST_ID} bytes, found {}", text.len())));
        }
        _ if text.chars().any(odd) => (" without spaces, commas or controls", quote(text)),
        _ => return Ok(text),
    };
    Err(wrong(format!("expected an id{rule}, found {found}")))
}

fn wrong(detail: String) -> Error {
    Error::new(ErrorCode::Request, detail)
}
