//! Values on their way into a statement and out of a row.

use std::borrow::Cow;

use crate::model::alphabet::Alphabet;
use crate::model::attempt::{Outcome, Purpose};
use crate::model::audit::Action;
use crate::model::calendar::Every;
use crate::model::django::ImportedLog;
use crate::model::format::Format;
use crate::model::id::{BatchId, BatchName, KeyId, PurgeId, ScheduleId, TaskId, UserId};
use crate::model::language::LanguageTag;
use crate::model::limiter::LimitedAction;
use crate::model::mail::LetterKind;
use crate::model::schedule::{LastStatus, RunKind, ScheduleState};
use crate::model::state::{BatchState, CodeState, Elsewhere, UserState};
use crate::model::task::{TaskKind, TaskState};
use crate::model::time::{Timestamp, from_millis};
use crate::model::user::{Email, UserName};

/// What the store can hold in one place.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    Null,
    Integer(i64),
    Text(Cow<'a, str>),
    Bytes(Cow<'a, [u8]>),
}

impl Value<'_> {
    /// The same, whoever owned it.
    pub fn to_owned(&self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Integer(number) => Value::Integer(*number),
            Self::Text(text) => Value::Text(text.to_string().into()),
            Self::Bytes(bytes) => Value::Bytes(bytes.to_vec().into()),
        }
    }
}

/// What a statement is given.
#[derive(Clone, Copy, Debug)]
pub enum Params<'a> {
    /// By the names that stand in its text, such as `:user`.
    Named(&'a [(&'a str, Value<'a>)]),
    /// In the order of the numbers in its text: `?1`, `?2`.
    Numbered(&'a [Value<'a>]),
}

/// Parameters by name: `params! { ":user": user.id, ":now": now }`; without any, `params! {}`.
macro_rules! params {
    ($($name:literal: $value:expr),* $(,)?) => {
        $crate::store::engine::value::Params::Named(&[
            $(($name, $crate::store::engine::value::Bind::bind(&$value)),)*
        ])
    };
}
pub(crate) use params;

/// What can be given to a statement.
pub trait Bind {
    /// As the store holds it.
    fn bind(&self) -> Value<'_>;
}

/// What can be read from a column.
pub trait Column: Sized {
    /// Reads it; says what is wrong with a value that is not one of these.
    fn read(value: Value<'_>) -> Result<Self, String>;
}

/// What is wrong with a value of another kind.
fn odd<T>() -> Result<T, String> {
    Err("a value of another kind".to_owned())
}

impl Bind for Value<'_> {
    fn bind(&self) -> Value<'_> {
        self.clone()
    }
}

impl<T: Bind + ?Sized> Bind for &T {
    fn bind(&self) -> Value<'_> {
        (**self).bind()
    }
}

impl<T: Bind> Bind for Option<T> {
    fn bind(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, Bind::bind)
    }
}

impl<T: Column> Column for Option<T> {
    fn read(value: Value<'_>) -> Result<Self, String> {
        match value {
            Value::Null => Ok(None),
            value => T::read(value).map(Some),
        }
    }
}

impl Bind for i64 {
    fn bind(&self) -> Value<'_> {
        Value::Integer(*self)
    }
}

impl Column for i64 {
    fn read(value: Value<'_>) -> Result<Self, String> {
        match value {
            Value::Integer(number) => Ok(number),
            _ => odd(),
        }
    }
}

impl Bind for u64 {
    /// What is more than the store can count is the most it can.
    fn bind(&self) -> Value<'_> {
        Value::Integer(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}

impl Column for u64 {
    fn read(value: Value<'_>) -> Result<Self, String> {
        Self::try_from(i64::read(value)?).map_err(|_| "a negative number".to_owned())
    }
}

impl Bind for bool {
    fn bind(&self) -> Value<'_> {
        Value::Integer(i64::from(*self))
    }
}

impl Column for bool {
    fn read(value: Value<'_>) -> Result<Self, String> {
        i64::read(value).map(|number| number != 0)
    }
}

impl Bind for str {
    fn bind(&self) -> Value<'_> {
        Value::Text(self.into())
    }
}

impl Bind for String {
    fn bind(&self) -> Value<'_> {
        self.as_str().bind()
    }
}

impl Column for String {
    fn read(value: Value<'_>) -> Result<Self, String> {
        match value {
            Value::Text(text) => Ok(text.into_owned()),
            _ => odd(),
        }
    }
}

impl Bind for [u8] {
    fn bind(&self) -> Value<'_> {
        Value::Bytes(self.into())
    }
}

impl Bind for Vec<u8> {
    fn bind(&self) -> Value<'_> {
        self.as_slice().bind()
    }
}

impl Column for Vec<u8> {
    fn read(value: Value<'_>) -> Result<Self, String> {
        match value {
            Value::Bytes(bytes) => Ok(bytes.into_owned()),
            _ => odd(),
        }
    }
}

impl<const N: usize> Bind for [u8; N] {
    fn bind(&self) -> Value<'_> {
        self.as_slice().bind()
    }
}

impl<const N: usize> Column for [u8; N] {
    fn read(value: Value<'_>) -> Result<Self, String> {
        match value {
            Value::Bytes(bytes) => bytes.as_ref().try_into().or_else(|_| odd()),
            _ => odd(),
        }
    }
}

impl Bind for Timestamp {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn bind(&self) -> Value<'_> {
        Value::Integer(self.as_millisecond())
    }
}

impl Column for Timestamp {
    fn read(value: Value<'_>) -> Result<Self, String> {
        i64::read(value).map(from_millis)
    }
}

/// Words of the model, as they stand in the store.
macro_rules! words {
    ($($type:ty),+ $(,)?) => {
        $(
            impl Bind for $type {
                fn bind(&self) -> Value<'_> {
                    Value::Text(self.word().into())
                }
            }

            impl Column for $type {
                fn read(value: Value<'_>) -> Result<Self, String> {
                    let text = String::read(value)?;
                    Self::from_word(&text)
                        .ok_or_else(|| format!("the unknown word '{}'", text.escape_debug()))
                }
            }
        )+
    };
}
words! {
    UserState, CodeState, BatchState, Elsewhere, Alphabet, Format, LimitedAction, Purpose, Outcome,
    Action, LetterKind, TaskKind, TaskState, RunKind, ScheduleState, LastStatus,
    ImportedLog,
}

impl Bind for Every {
    fn bind(&self) -> Value<'_> {
        Value::Text(self.to_string().into())
    }
}

impl Column for Every {
    fn read(value: Value<'_>) -> Result<Self, String> {
        let text = String::read(value)?;
        Self::from_stored(&text)
            .ok_or_else(|| format!("what says not how often: '{}'", text.escape_debug()))
    }
}

/// Numbers and texts that the program tells apart and the store does not.
macro_rules! wrapped {
    ($($type:ty: $inner:ty, $bind:expr, $read:expr;)+) => {
        $(
            impl Bind for $type {
                fn bind(&self) -> Value<'_> {
                    let bind: fn(&Self) -> &$inner = $bind;
                    bind(self).bind()
                }
            }

            impl Column for $type {
                fn read(value: Value<'_>) -> Result<Self, String> {
                    Column::read(value).map($read)
                }
            }
        )+
    };
}
wrapped! {
    UserId: i64, |id| &id.0, Self;
    BatchId: i64, |id| &id.0, Self;
    TaskId: i64, |id| &id.0, Self;
    PurgeId: i64, |id| &id.0, Self;
    ScheduleId: i64, |id| &id.0, Self;
    BatchName: str, |name| name.as_str(), Self::from_stored;
    UserName: str, |name| name.as_str(), Self::from_stored;
    Email: str, |email| email.as_str(), Self::from_stored;
    LanguageTag: str, |tag| tag.as_str(), Self::from_stored;
    KeyId: str, |id| id.as_str(), |text: String| Self::new(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::CodeState;

    #[test]
    fn what_does_not_fit_is_said() {
        assert_eq!(u64::MAX.bind(), Value::Integer(i64::MAX));
        assert_eq!(
            u64::read(Value::Integer(-1)),
            Err("a negative number".into())
        );
        assert_eq!(Option::<i64>::read(Value::Null), Ok(None));
        for odd in [
            i64::read(Value::Null).err(),
            String::read(Value::Integer(1)).err(),
            <[u8; 2]>::read(vec![1_u8].bind()).err(),
        ] {
            assert_eq!(odd.unwrap(), "a value of another kind");
        }
        let gone = CodeState::read("gone".bind()).unwrap_err();
        assert_eq!(gone, "the unknown word 'gone'");
    }
}
