//! A value whose shape no documentation promises: an unknown field, the JSON inside a string.

use super::Text;
use crate::text::hex;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use std::fmt::{self, Write};

/// Any JSON value, as it came.
#[derive(Clone, Debug, PartialEq, Hash, Default)]
pub enum Value<'a> {
    /// Null, or nothing there.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A number that a double can hold, as it was written.
    Number(Text<'a>),
    /// A string; an element's text in XML.
    Text(Text<'a>),
    /// An array; repeated elements in XML.
    List(Vec<Value<'a>>),
    /// An object; an element with child elements in XML.
    Object(Extra<'a>),
}

/// Names with their values, in the order in which they came.
#[derive(Clone, Debug, PartialEq, Hash, Default)]
pub struct Extra<'a>(pub Vec<(Text<'a>, Value<'a>)>);

impl<'a> Extra<'a> {
    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Compact JSON.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => f.write_str(if *value { "true" } else { "false" }),
            Self::Number(text) => f.write_str(text),
            Self::Text(text) => quoted(f, text),
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    f.write_str(if index == 0 { "[" } else { "," })?;
                    item.fmt(f)?;
                }
                f.write_str(if items.is_empty() { "[]" } else { "]" })
            }
            Self::Object(Extra(members)) => {
                for (index, (name, value)) in members.iter().enumerate() {
                    f.write_str(if index == 0 { "{" } else { "," })?;
                    quoted(f, name)?;
                    f.write_char(':')?;
                    value.fmt(f)?;
                }
                f.write_str(if members.is_empty() { "{}" } else { "}" })
            }
        }
    }
}

fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            control if control < ' ' => write!(f, "\\u{}", hex(control.into(), 4))?,
            other => f.write_char(other)?,
        }
    }
    f.write_char('"')
}

impl<'a> Value<'a> {
    /// As a text, whatever it is but null.
    pub(crate) fn into_text(self) -> Option<Text<'a>> {
        match self {
            Self::Null => None,
            Self::Text(text) => Some(text),
            other => Some(Text::Owned(other.to_string())),
        }
    }
}

impl Value<'_> {
    /// The same value, borrowing nothing.
    pub fn into_owned(self) -> Value<'static> {
        self.owned()
    }

    fn owned(&self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(text) => Value::Number(own(text)),
            Self::Text(text) => Value::Text(own(text)),
            Self::List(items) => Value::List(items.iter().map(Value::owned).collect()),
            Self::Object(members) => Value::Object(members.owned()),
        }
    }
}

impl Extra<'_> {
    /// The same members, borrowing nothing.
    pub fn into_owned(self) -> Extra<'static> {
        self.owned()
    }

    pub(super) fn owned(&self) -> Extra<'static> {
        Extra(self.0.iter().map(|(name, value)| (own(name), value.owned())).collect())
    }
}

pub(super) fn own(text: &str) -> Text<'static> {
    Text::Owned(text.to_owned())
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(text) => match (text.parse::<i64>(), text.parse::<u64>(), text.parse::<f64>()) {
                (Ok(number), ..) if text != "-0" => serializer.serialize_i64(number),
                (_, Ok(number), _) => serializer.serialize_u64(number),
                (_, _, Ok(number)) => serializer.serialize_f64(number),
                _ => serializer.serialize_str(text),
            },
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Self::Object(members) => members.serialize(serializer),
        }
    }
}

impl Serialize for Extra<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
