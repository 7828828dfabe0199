//! Records of JSON one after the other: of a document only one record is in memory.

use std::fmt;
use std::io::BufRead;

use serde::Deserialize as _;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::error::{Error, Kind, Result};

/// Reads records: the elements of an array, or documents one behind the other; under a name, those of the
/// array of that name in each document.
///
/// # Errors
/// [`Kind::Usage`] with the place where it is no JSON, and this hint; and what `visit` says, which ends it.
pub(in crate::platform) fn each(
    mut input: impl BufRead,
    under: Option<&'static str>,
    hint: &str,
    mut visit: impl FnMut(Value) -> Result<()>,
) -> Result<()> {
    skip_mark(&mut input);
    let mut stopped = None;
    let read = read(input, under, &mut |record| {
        let done = visit(record);
        done.map_err(|error| stopped = Some(error)).is_ok()
    });
    match (stopped, read) {
        (Some(error), _) => Err(error),
        (None, Ok(())) => Ok(()),
        (None, Err(error)) => {
            let place = format!("line {}, column {}", error.line(), error.column());
            Err(Error::new(
                Kind::Usage,
                format!("this is not the JSON that is meant: {place}"),
            )
            .hint(format!("nothing was changed; {hint}")))
        }
    }
}

/// The same, until `visit` says stop with `false`.
fn read(
    input: impl BufRead,
    under: Option<&'static str>,
    visit: &mut dyn FnMut(Value) -> bool,
) -> serde_json::Result<()> {
    let mut reader = serde_json::Deserializer::from_reader(input);
    loop {
        let records = Records {
            under,
            visit: &mut *visit,
        };
        records.deserialize(&mut reader)?;
        if reader.end().is_ok() {
            return Ok(());
        }
    }
}

/// A byte order mark does not matter.
fn skip_mark(input: &mut impl BufRead) {
    const MARK: &[u8] = b"\xEF\xBB\xBF";
    if input.fill_buf().is_ok_and(|begin| begin.starts_with(MARK)) {
        input.consume(MARK.len());
    }
}

struct Records<'a> {
    under: Option<&'static str>,
    visit: &'a mut dyn FnMut(Value) -> bool,
}

impl Records<'_> {
    fn visit<E: de::Error>(&mut self, record: Value) -> Result<(), E> {
        match (self.visit)(record) {
            true => Ok(()),
            false => Err(E::custom("stopped")),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Records<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Records<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("records")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut from: A) -> Result<(), A::Error> {
        match self.under {
            None => {
                while let Some(record) = from.next_element()? {
                    self.visit(record)?;
                }
            }
            Some(_) => {
                let Self { under, visit } = self;
                while from
                    .next_element_seed(Records {
                        under,
                        visit: &mut *visit,
                    })?
                    .is_some()
                {}
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut from: A) -> Result<(), A::Error> {
        let Some(under) = self.under else {
            let record = Value::deserialize(MapAccessDeserializer::new(from))?;
            return self.visit(record);
        };
        while let Some(name) = from.next_key::<String>()? {
            match name == under {
                true => from.next_value_seed(Records {
                    under: None,
                    visit: &mut *self.visit,
                })?,
                false => from.next_value::<IgnoredAny>().map(drop)?,
            }
        }
        Ok(())
    }
}
