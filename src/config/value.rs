//! What a setting may hold, and how it is read from text.

use std::fmt;

use crate::model::door::Rule;
use crate::model::zone::Zone;

/// A setting's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing is set.
    Absent,
    Number(u64),
    Unlimited,
    Flag(bool),
    Text(String),
    List(Vec<String>),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => Ok(()),
            Self::Number(number) => write!(f, "{number}"),
            Self::Unlimited => f.write_str("unlimited"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Text(text) => f.write_str(text),
            Self::List(words) => f.write_str(&words.join(",")),
        }
    }
}

/// What values a setting takes.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A whole number in this range, ends included.
    Number(u64, u64),
    /// The same, or `unlimited`.
    NumberOrUnlimited(u64, u64),
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Any of these words.
    Words(&'static [&'static str]),
    /// One line of text.
    Text,
    /// The same, or nothing.
    OptionalText,
    /// A path.
    Path,
    /// A path, or nothing.
    OptionalPath,
    /// The name of a time zone, or nothing.
    OptionalZone,
    /// Any rules for the local door.
    Rules,
}

impl Shape {
    /// Says in a few words what values fit.
    pub fn describe(self) -> String {
        match self {
            Self::Number(least, most) => format!("a whole number from {least} to {most}"),
            Self::NumberOrUnlimited(least, most) => {
                format!("a whole number from {least} to {most}, or unlimited")
            }
            Self::Flag => "true or false".to_owned(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Words(words) => format!("any of {}", words.join(", ")),
            Self::Text => "text".to_owned(),
            Self::Path => "a path".to_owned(),
            Self::OptionalText => "text, or empty for none".to_owned(),
            Self::OptionalPath => "a path, or empty for none".to_owned(),
            Self::OptionalZone => {
                "the name of a time zone such as Europe/Berlin or UTC, or empty".to_owned()
            }
            Self::Rules => {
                "rules such as { user = \"www-data\", words = [\"verify\", \"confirm\"] }, with group in place of user or own = true; in a variable user=www-data words=verify+confirm, by commas"
                    .to_owned()
            }
        }
    }

    /// Reads text, as it stands in a variable, into a value of this shape.
    pub fn read_text(self, text: &str) -> Option<Value> {
        let text = text.trim();
        match self {
            Self::Number(..) => self.check(Value::Number(text.parse().ok()?)),
            Self::NumberOrUnlimited(..) => match text {
                "unlimited" | "-1" => Some(Value::Unlimited),
                _ => self.check(Value::Number(text.parse().ok()?)),
            },
            Self::Flag => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" | "1" => Some(Value::Flag(true)),
                "false" | "no" | "off" | "0" => Some(Value::Flag(false)),
                _ => None,
            },
            Self::Words(_) | Self::Rules => self.check(Value::List(
                text.split(',')
                    .map(str::trim)
                    .filter(|word| !word.is_empty())
                    .map(str::to_owned)
                    .collect(),
            )),
            Self::OptionalText | Self::OptionalPath | Self::OptionalZone if text.is_empty() => {
                Some(Value::Absent)
            }
            Self::Word(_)
            | Self::Text
            | Self::Path
            | Self::OptionalText
            | Self::OptionalPath
            | Self::OptionalZone => self.check(Value::Text(text.to_owned())),
        }
    }

    /// The value, if it fits this shape.
    pub fn check(self, value: Value) -> Option<Value> {
        let fits = match (self, &value) {
            (
                Self::Number(least, most) | Self::NumberOrUnlimited(least, most),
                Value::Number(number),
            ) => (least..=most).contains(number),
            (Self::NumberOrUnlimited(..), Value::Unlimited) | (Self::Flag, Value::Flag(_)) => true,
            (Self::Word(words), Value::Text(text)) => words.contains(&text.as_str()),
            (Self::Words(words), Value::List(list)) => {
                list.iter().all(|word| words.contains(&word.as_str()))
            }
            (Self::Rules, Value::List(list)) => list.iter().all(|text| Rule::parse(text).is_some()),
            (Self::Text | Self::Path, Value::Text(text)) => {
                !text.is_empty() && !text.contains(char::is_control)
            }
            (Self::OptionalText | Self::OptionalPath, Value::Text(text)) => {
                !text.contains(char::is_control)
            }
            (Self::OptionalZone, Value::Text(name)) => Zone::named(name).is_some(),
            (Self::OptionalText | Self::OptionalPath | Self::OptionalZone, Value::Absent) => true,
            _ => false,
        };
        fits.then_some(value)
    }
}
