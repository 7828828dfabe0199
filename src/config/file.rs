//! Reading `config.toml` into dotted keys.

use std::borrow::Cow;

use super::value::Value;

/// One line of the file: its dotted key and what it holds; none for what no setting can hold.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: String,
    pub value: Option<Value>,
}

/// Reads the whole file; the error says where it is not TOML.
pub fn parse(text: &str) -> Result<Vec<Entry>, String> {
    let text = without_comments(text);
    let table: toml::Table = toml::from_str(&text).map_err(|error| place(&text, &error))?;
    let mut entries = Vec::new();
    flatten("", table, &mut entries);
    Ok(entries)
}

/// The text with nothing in each line that is a comment: a file as it is made has hardly another, and to read
/// over them takes longer than all else here. A place in it is the same as before.
fn without_comments(text: &str) -> Cow<'_, str> {
    let mut left = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let bare = line.strip_suffix('\n').unwrap_or(line);
        let bare = match bare.len() < line.len() {
            true => bare.strip_suffix('\r').unwrap_or(bare),
            false => bare,
        };
        if bare.trim_start_matches([' ', '\t']).starts_with('#') && !holds_control(bare) {
            left.push_str(if bare.len() < line.len() { "\n" } else { "" });
            continue;
        }
        // What follows may be lines of one text.
        if ["\"\"\"", "'''"].iter().any(|quotes| line.contains(quotes)) {
            return Cow::Borrowed(text);
        }
        left.push_str(line);
    }
    Cow::Owned(left)
}

/// What no comment may hold; the reader refuses it.
fn holds_control(line: &str) -> bool {
    let is_control = |byte: u8| (byte < b' ' && byte != b'\t') || byte == 0x7f;
    // To the end, for that is done for many bytes at once.
    line.bytes()
        .fold(false, |holds, byte| holds | is_control(byte))
}

/// Line, column and reason. What stands there is not repeated: the wrong file may have been named,
/// and its lines may be secrets.
fn place(text: &str, error: &toml::de::Error) -> String {
    let start = error.span().map_or(0, |span| span.start.min(text.len()));
    let before = &text.as_bytes()[..start];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before
        .iter()
        .rev()
        .take_while(|byte| **byte != b'\n')
        .count()
        + 1;
    format!("line {line}, column {column}: {}", error.message())
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
                .iter()
                .map(item)
                .collect::<Option<_>>()
                .map(Value::List),
            toml::Value::Float(_) | toml::Value::Datetime(_) => None,
        };
        entries.push(Entry { key, value });
    }
}

/// One item of a list: text, or a table as the text that a variable would hold, `user=www-data
/// words=verify+confirm`.
fn item(item: &toml::Value) -> Option<String> {
    let toml::Value::Table(table) = item else {
        return item.as_str().map(str::to_owned);
    };
    let part = |(name, value): (&String, &toml::Value)| {
        let text = match value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Boolean(flag) => flag.to_string(),
            toml::Value::Array(words) => {
                let words: Option<Vec<&str>> = words.iter().map(toml::Value::as_str).collect();
                words?.join("+")
            }
            _ => return None,
        };
        // What would be read as something else.
        let is_one = !text.contains(|c: char| c.is_whitespace() || c == ',');
        is_one.then(|| format!("{name}={text}"))
    };
    let parts: Option<Vec<String>> = table.iter().map(part).collect();
    Some(parts?.join(" "))
}

/// A value as the file spells it.
pub fn literal(value: &Value) -> String {
    let number = |number: &u64| i64::try_from(*number).unwrap_or(i64::MAX).into();
    let spelled: toml::Value = match value {
        Value::Number(value) => number(value),
        Value::Flag(flag) => (*flag).into(),
        Value::List(words) => words.clone().into(),
        value => value.to_string().into(),
    };
    spelled.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_left_out_and_nothing_else() {
        let read = |text: &str| -> Result<toml::Table, String> {
            let table: Result<toml::Table, toml::de::Error> = toml::from_str(text);
            table.map_err(|error| place(text, &error))
        };
        for text in [
            "# a\n\t # b = 1\r\nc = 2 # d\n#",
            "a = [ # b\n# ]\n 1,\n#\n]",
            "a = \"\"\"\n# kept\n\"\"\"",
            "a = '''\n# kept\n'''",
            "# fine\na = \"# open\n# not fine",
            "# fine\n# \u{7} is not\na = 1",
            "# fine\n# a\rb = 1\n",
            "# fine\n# b\r\r\na = 1",
            "# fine \"\"\"\na = 1\n# '''\n",
            "# fine\n\u{a0}# not blank",
            "# fine\na = \"x\\\n# y\"",
            "[a]\n# b\nb = 1\n[a]",
            "",
        ] {
            let expected = read(text);
            assert_eq!(read(&without_comments(text)), expected, "{text:?}");
        }
        assert_eq!(without_comments("# a\nb = 1\n  # c"), "\nb = 1\n");
    }
}
