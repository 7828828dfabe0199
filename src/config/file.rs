//! Reading `config.toml` into dotted keys.

use super::value::Value;

/// One line of the file: its dotted key and what it holds; none for what no setting can hold.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: String,
    pub value: Option<Value>,
}

/// Reads the whole file; the error says where it is not TOML.
pub fn parse(text: &str) -> Result<Vec<Entry>, String> {
    let table: toml::Table = toml::from_str(text).map_err(|error| error.to_string())?;
    let mut entries = Vec::new();
    flatten("", table, &mut entries);
    Ok(entries)
}

fn flatten(prefix: &str, table: toml::Table, entries: &mut Vec<Entry>) {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name
        } else {
            format!("{prefix}.{name}")
        };
        let value = match value {
            toml::Value::Table(table) => {
                flatten(&key, table, entries);
                continue;
            }
            toml::Value::String(text) => Some(Value::Text(text)),
            toml::Value::Boolean(flag) => Some(Value::Flag(flag)),
            // The old files spell "unlimited" so.
            toml::Value::Integer(-1) => Some(Value::Unlimited),
            toml::Value::Integer(number) => u64::try_from(number).ok().map(Value::Number),
            toml::Value::Array(items) => items
                .into_iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect::<Option<_>>()
                .map(Value::List),
            toml::Value::Float(_) | toml::Value::Datetime(_) => None,
        };
        entries.push(Entry { key, value });
    }
}
