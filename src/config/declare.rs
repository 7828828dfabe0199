//! How a setting is declared: once, as a row of the table and as a typed field.

use std::path::PathBuf;

use super::choices::{Delivery, ReportWhen};
use super::effective::Effective;
use super::value::Value;
use crate::model::alphabet::Alphabet;
use crate::model::door::Rule;
use crate::model::format::Format;
use crate::model::mail::{Backend, LetterKind, Security};
use crate::model::zone::Zone;

/// `section: Type { field: type = shape, default, [variables of the application], help; … }` for every
/// section: the table of all, a struct for each section, and one that holds them.
macro_rules! declare {
    ($(
        $section:ident: $struct:ident {
            $( $field:ident: $type:ty = $shape:expr, $default:literal, [$($django:expr),*], $help:literal; )+
        }
    )+) => {
        /// Every setting, in the order in which it is shown.
        pub const SETTINGS: &[$crate::config::setting::Setting] = &[$( $(
            $crate::config::setting::Setting {
                key: concat!(stringify!($section), ".", stringify!($field)),
                shape: $shape,
                default: $default,
                django: &[$($django),*],
                help: $help,
            },
        )+ )+];

        $(
            #[doc = concat!("`", stringify!($section), ".*`")]
            #[derive(Clone, Debug)]
            pub struct $struct {
                $( #[doc = $help] pub $field: $type, )+
            }
        )+

        /// The settings as the program uses them: typed, in their units.
        #[derive(Clone, Debug)]
        pub struct Settings {
            $( #[doc = concat!("`", stringify!($section), ".*`")] pub $section: $struct, )+
        }

        impl Settings {
            /// All of them out of the layers, where each fits.
            pub(super) fn from_effective(effective: &[$crate::config::effective::Effective]) -> Self {
                Self {
                    $( $section: $struct {
                        $( $field: $crate::config::declare::take(
                            effective,
                            concat!(stringify!($section), ".", stringify!($field)),
                        ), )+
                    }, )+
                }
            }
        }
    };
}
pub(super) use declare;

/// The value of a setting; that each is in the table and fits is shown by a test.
pub(super) fn take<T: Take>(effective: &[Effective], key: &str) -> T {
    let found = effective.iter().find(|effective| effective.key == key);
    let value = found.map_or(&Value::Absent, |effective| &effective.value);
    T::take(value).unwrap_or_else(|| unreachable!("{key} is not {value:?}"))
}

/// What a setting can be in the program.
pub(super) trait Take: Sized {
    /// Out of a value that fits.
    fn take(value: &Value) -> Option<Self>;
}

impl Take for u64 {
    fn take(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }
}

impl Take for u32 {
    fn take(value: &Value) -> Option<Self> {
        Some(Self::try_from(u64::take(value)?).unwrap_or(Self::MAX))
    }
}

impl Take for u16 {
    fn take(value: &Value) -> Option<Self> {
        Some(Self::try_from(u64::take(value)?).unwrap_or(Self::MAX))
    }
}

impl Take for Option<u64> {
    /// None for unlimited.
    fn take(value: &Value) -> Option<Self> {
        Some(u64::take(value))
    }
}

impl Take for bool {
    fn take(value: &Value) -> Option<Self> {
        match value {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        }
    }
}

impl Take for String {
    fn take(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl Take for Option<String> {
    fn take(value: &Value) -> Option<Self> {
        Some(String::take(value))
    }
}

impl Take for PathBuf {
    fn take(value: &Value) -> Option<Self> {
        String::take(value).map(Self::from)
    }
}

impl Take for Option<PathBuf> {
    fn take(value: &Value) -> Option<Self> {
        Some(String::take(value).map(PathBuf::from))
    }
}

impl Take for Zone {
    fn take(value: &Value) -> Option<Self> {
        match value {
            Value::Absent => Some(Self::System),
            _ => Self::named(&String::take(value)?),
        }
    }
}

impl Take for Vec<LetterKind> {
    fn take(value: &Value) -> Option<Self> {
        match value {
            Value::List(words) => words
                .iter()
                .map(|word| LetterKind::from_word(word))
                .collect(),
            _ => None,
        }
    }
}

impl Take for Vec<Rule> {
    fn take(value: &Value) -> Option<Self> {
        match value {
            Value::List(rules) => rules.iter().map(|rule| Rule::parse(rule)).collect(),
            _ => None,
        }
    }
}

macro_rules! take_words {
    ($($type:ty),+ $(,)?) => {$(
        impl Take for $type {
            fn take(value: &Value) -> Option<Self> {
                Self::from_word(&String::take(value)?)
            }
        }
    )+};
}
take_words! { Alphabet, Format, Backend, Security, ReportWhen, Delivery }
