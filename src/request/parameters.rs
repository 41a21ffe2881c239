//! One parameter of an operation: its two names, and the rule its value must meet.

use super::operations::Place;
use crate::error::{Error, ErrorCode, quote, shown};
use crate::model::{Timestamp, read_time};
use crate::text::{Parts, append, integer, number};

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
    Integer(i64, i64),
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
        let text = match argument {
            Argument::List(list) => return self.list(list),
            Argument::Text(text) => text.clone(),
            Argument::Number(number) => shown(*number),
        };
        let is_text = matches!(argument, Argument::Text(_));
        let is_up_to = |longest| (1..=longest).contains(&text.len());
        let fits = match self.rule {
            Rule::Ids | Rule::Numbered => false,
            Rule::Integer(least, most) => {
                let number = integer(&text).filter(|number| (least..=most).contains(number));
                number.is_some_and(|number| text == number.to_string())
            }
            Rule::Time => match time(argument) {
                Some(time) => return Ok(time),
                None => false,
            },
            _ if !is_text => false,
            // Checked with its endpoint.
            Rule::Region => true,
            Rule::Id => id(&text).map(|_| true)?,
            Rule::OneOf(words) => words.contains(&text.as_str()),
            Rule::Word => {
                is_up_to(LONGEST_WORD)
                    && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.".contains(&b))
            }
            Rule::Token => is_up_to(LONGEST_TOKEN) && text.bytes().all(|b| b.is_ascii_graphic()),
        };
        if fits {
            return Ok(text);
        }
        let (expected, why) = match self.rule {
            Rule::Ids | Rule::Numbered => ("a list of ids".to_owned(), ""),
            Rule::Integer(least, most) => (format!("an integer from {least} to {most}"), ""),
            Rule::Time => ("a UTC time such as `2020-11-23T15:10:00Z`".to_owned(), ""),
            Rule::OneOf(words) if is_text => {
                let words = super::listed(&mut words.iter().copied());
                (format!("one of {words}"), "; the API ignores any other")
            }
            Rule::Word if is_text => ("a name such as `ImportImage`".to_owned(), ""),
            Rule::Token if is_text => ("the token of the page before".to_owned(), ""),
            _ => ("a text".to_owned(), ""),
        };
        Err(wrong(format!("expected {expected}, found {}{why}", quote(&text))))
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
    pub(super) fn write(&self, value: String, wire: &mut Vec<(String, String)>) {
        if self.rule != Rule::Numbered {
            return wire.push((self.wire.to_owned(), value));
        }
        for (index, value) in Parts::of(&value, b',').enumerate() {
            wire.push((format!("{}.{}", self.wire, index + 1), value.to_owned()));
        }
    }
}

/// The number of `ResourceIds.7`, from 1 to 100.
fn number_of(wire: &str, name: &str) -> Option<usize> {
    let digits = name.strip_prefix(wire)?.strip_prefix('.')?;
    let number =
        number(digits)?.try_into().ok().filter(|number| (1..=super::Call::MOST_IDS).contains(number))?;
    (digits == number.to_string()).then_some(number)
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
        _ if text.contains(odd) => (" without spaces, commas or controls", quote(text)),
        _ => return Ok(text),
    };
    Err(wrong(format!("expected an id{rule}, found {found}")))
}

fn wrong(detail: String) -> Error {
    Error::new(ErrorCode::Request, detail)
}
