//! Records as JSON documents: names as they are, times in RFC 3339, absent as null.

use zeroize::Zeroizing;

use super::record::{Record, Value};
use crate::error::{Error, Kind, Result};
use crate::model::page::Page;
use crate::model::time::Timestamp;

/// One record as one document.
pub fn record(record: &Record) -> Zeroizing<String> {
    let mut text = room();
    write_record(&mut text, record);
    text.push('\n');
    text
}

/// One page of a list as one document, with what is said beside it.
pub fn page(page: &Page<Record>, beside: &Record) -> Zeroizing<String> {
    let mut text = room();
    text.push_str("{\"items\":[");
    for (number, item) in page.items.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        write_record(&mut text, item);
    }
    text.push_str(&format!(
        "],\"page\":{},\"pages\":{},\"total\":{}",
        page.page, page.pages, page.total
    ));
    for field in beside.fields() {
        text.push(',');
        write_text(&mut text, field.name);
        text.push(':');
        write_value(&mut text, &field.value);
    }
    text.push_str("}\n");
    text
}

/// An obstacle as the field of a document, with what to do in these words.
pub fn obstacle(error: &Error, advice: Option<&str>) -> Record {
    let mut inner = Record::new()
        .data("kind", error.kind().word())
        .data("message", error.to_string())
        .data("hint", advice);
    if let Some(seconds) = error.wait() {
        inner = inner.data("retry_after", seconds);
    }
    if !error.concerned().is_empty() {
        inner = inner.data("users", error.concerned().to_vec());
    }
    Record::new().data("error", inner)
}

/// A document that this program wrote, read back.
pub struct Document(serde_json::Value);

impl Document {
    /// Reads one record.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        serde_json::from_slice(bytes)
            .map(Self)
            .map_err(|_| damaged())
    }

    /// Text under this name.
    pub fn text(&self, name: &str) -> Result<String> {
        self.0[name].as_str().map(str::to_owned).ok_or_else(damaged)
    }

    /// A number under this name.
    pub fn number(&self, name: &str) -> Result<u64> {
        self.0[name].as_u64().ok_or_else(damaged)
    }

    /// A yes or no under this name.
    pub fn flag(&self, name: &str) -> Result<bool> {
        self.0[name].as_bool().ok_or_else(damaged)
    }

    /// A moment under this name.
    pub fn time(&self, name: &str) -> Result<Timestamp> {
        self.optional_time(name)?.ok_or_else(damaged)
    }

    /// A moment under this name, or nothing.
    pub fn optional_time(&self, name: &str) -> Result<Option<Timestamp>> {
        match self.0[name].as_str() {
            Some(text) => text.parse().map(Some).map_err(|_| damaged()),
            None => Ok(None),
        }
    }

    /// A list of records under this name.
    pub fn documents(&self, name: &str) -> Result<Vec<Self>> {
        let list = self.0[name].as_array().ok_or_else(damaged)?;
        Ok(list.iter().cloned().map(Self).collect())
    }

    /// A list of secrets under this name.
    pub fn secrets(&self, name: &str) -> Result<Vec<Zeroizing<String>>> {
        let list = self.0[name].as_array().ok_or_else(damaged)?;
        list.iter()
            .map(|secret| {
                secret
                    .as_str()
                    .map(|text| Zeroizing::new(text.to_owned()))
                    .ok_or_else(damaged)
            })
            .collect()
    }
}

fn damaged() -> Error {
    Error::new(
        Kind::DamagedStore,
        "the store holds a letter that cannot be read",
    )
}

/// Text that does not leave copies of secrets behind by growing, unless it is very long.
fn room() -> Zeroizing<String> {
    Zeroizing::new(String::with_capacity(16 * 1024))
}

fn write_record(text: &mut Zeroizing<String>, record: &Record) {
    text.push('{');
    let mut is_first = true;
    for field in record
        .fields()
        .iter()
        .filter(|field| !field.name.is_empty())
    {
        if !is_first {
            text.push(',');
        }
        is_first = false;
        write_text(text, field.name);
        text.push(':');
        write_value(text, &field.value);
    }
    text.push('}');
}

fn write_value(text: &mut Zeroizing<String>, value: &Value) {
    match value {
        Value::Absent => text.push_str("null"),
        Value::Flag(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) | Value::Seconds(number) | Value::Bytes(number) => {
            text.push_str(&number.to_string());
        }
        Value::Text(value) => write_text(text, value),
        Value::Millis(millis) => text.push_str(&format!("{}.{:03}", millis / 1000, millis % 1000)),
        Value::Events(events) => {
            let record = events
                .iter()
                .fold(Record::new(), |record, (what, at)| record.data(what, *at));
            write_record(text, &record);
        }
        Value::Time(at) => write_text(text, &at.to_string()),
        Value::Secret(secret) => write_secret(text, secret),
        Value::List(values) => {
            text.push('[');
            for (number, value) in values.iter().enumerate() {
                if number > 0 {
                    text.push(',');
                }
                write_value(text, value);
            }
            text.push(']');
        }
        Value::Record(record) => write_record(text, record),
    }
}

/// The same without a copy beside it: a code of another system may hold signs that JSON escapes (RFC 8259
/// section 7).
fn write_secret(text: &mut Zeroizing<String>, secret: &str) {
    text.push('"');
    for c in secret.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if c < ' ' => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => text.push(c),
        }
    }
    text.push('"');
}

fn write_text(text: &mut Zeroizing<String>, value: &str) {
    text.push_str(&serde_json::Value::from(value).to_string());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_secret_ends_where_it_ends() {
        for secret in [
            "",
            "AbC-123",
            "a\"b\\c",
            "\",\"user\":\"bob",
            "\u{0}\n\u{1f}",
            "ü🔑",
        ] {
            let said = record(&Record::new().data("code", Zeroizing::new(secret.to_owned())));
            let read: serde_json::Value = serde_json::from_str(&said).unwrap();
            assert_eq!(read, serde_json::json!({"code": secret}));
        }
    }

    #[test]
    fn a_record_is_one_document() {
        let said = Record::new()
            .field("user", "User", "a\"b\u{1b}")
            .words("Only for people", "x")
            .data("gone", None::<&str>)
            .data("codes", vec![Zeroizing::new("AbC-123".to_owned())])
            .data("inner", Record::new().data("n", 3_u64));
        assert_eq!(
            *record(&said),
            "{\"user\":\"a\\\"b\\u001b\",\"gone\":null,\"codes\":[\"AbC-123\"],\"inner\":{\"n\":3}}\n"
        );
    }

    proptest! {
        #[test]
        fn whatever_a_name_holds_the_document_parses(name in any::<String>()) {
            let text = record(&Record::new().data("user", name.as_str()));
            let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(parsed["user"].as_str(), Some(name.as_str()));
        }
    }
}
