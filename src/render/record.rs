//! What a word has to say, once: named for programs, labelled for people.

use zeroize::Zeroizing;

use crate::model::time::Timestamp;

/// One thing that is said.
#[derive(Debug)]
pub enum Value {
    Absent,
    Flag(bool),
    Number(u64),
    Text(String),
    Time(Timestamp),
    /// What happened, and on which day.
    Events(Vec<(&'static str, Timestamp)>),
    /// A length of time in seconds.
    Seconds(u64),
    /// A length of time in milliseconds, said in seconds.
    Millis(u64),
    /// A size in bytes.
    Bytes(u64),
    /// Plaintext that is wiped on drop.
    Secret(Zeroizing<String>),
    List(Vec<Value>),
    Record(Record),
}

macro_rules! value_from {
    ($($type:ty => $variant:ident,)+) => {
        $(impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(value)
            }
        })+
    };
}
value_from! {
    bool => Flag,
    u64 => Number,
    String => Text,
    Timestamp => Time,
    Zeroizing<String> => Secret,
    Record => Record,
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

/// One field of a record.
#[derive(Debug)]
pub struct Field {
    /// The name in JSON; empty for people only.
    pub name: &'static str,
    /// The label in text; empty for programs only.
    pub label: &'static str,
    pub value: Value,
}

/// Some fields in the order in which they are said.
#[derive(Debug, Default)]
pub struct Record(Vec<Field>);

impl Record {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more field, for programs and people.
    pub fn field(
        mut self,
        name: &'static str,
        label: &'static str,
        value: impl Into<Value>,
    ) -> Self {
        self.0.push(Field {
            name,
            label,
            value: value.into(),
        });
        self
    }

    /// One more field for programs only.
    pub fn data(self, name: &'static str, value: impl Into<Value>) -> Self {
        self.field(name, "", value)
    }

    /// One more field for people only.
    pub fn words(self, label: &'static str, value: impl Into<Value>) -> Self {
        self.field("", label, value)
    }

    /// All fields of another record after these.
    pub fn extend(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// All fields.
    pub fn fields(&self) -> &[Field] {
        &self.0
    }
}
