//! A Python file of settings, read as text and never run: only what is written out has a value.

/// What stands behind a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// A number, a word such as `True`, or the text between quotation marks.
    Plain(String),
    /// A dictionary, with those of its values that are plain.
    Dictionary(Vec<(String, String)>),
    /// Something that only Python could work out.
    Computed,
}

/// Every name that a line begins with and that is set there, in the order of the file.
pub fn read(text: &str) -> Vec<(String, Written)> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (statement, after) = statement(rest);
        rest = after;
        // `==` compares, and whoever adds to a value computes.
        if let Some((name, value)) = statement.split_once('=')
            && is_name(name.trim_end())
            && !value.starts_with('=')
        {
            found.push((name.trim_end().to_owned(), written(value.trim())));
        }
    }
    found
}

fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    text.starts_with(|c: char| c.is_ascii_uppercase()) && text.chars().all(is_part)
}

/// One statement without its comments, and what follows. It goes on over lines within brackets and
/// long strings.
fn statement(text: &str) -> (String, &str) {
    let mut said = String::new();
    let mut depth = 0_u32;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        match c {
            '\n' if depth == 0 => return (said, &text[at + 1..]),
            '#' => {
                at += text[at..].find('\n').unwrap_or(text.len() - at);
                continue;
            }
            '\'' | '"' => {
                let length = string(&text[at..]);
                said.push_str(&text[at..at + length]);
                at += length;
                continue;
            }
            '\\' if text[at + 1..].starts_with('\n') => {
                at += 2;
                continue;
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        said.push(c);
        at += c.len_utf8();
    }
    (said, "")
}

/// How long the string is that the text begins with; one that is not closed ends with its line.
fn string(text: &str) -> usize {
    let quote = &text[..1];
    let long = quote.repeat(3);
    let mark = match text.starts_with(&long) {
        true => long.as_str(),
        false => quote,
    };
    let mut at = mark.len();
    while let Some(c) = text[at..].chars().next() {
        if text[at..].starts_with(mark) {
            return at + mark.len();
        }
        at += match c {
            '\n' if mark.len() == 1 => return at,
            '\\' => 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
            c => c.len_utf8(),
        };
    }
    text.len()
}

fn written(text: &str) -> Written {
    if let Some(value) = plain(text) {
        return Written::Plain(value);
    }
    let inner = text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'));
    let Some(inner) = inner else {
        return Written::Computed;
    };
    let pairs = parts(inner, ',').into_iter().filter_map(|pair| {
        let pair = parts(pair, ':');
        match pair.as_slice() {
            [key, value] => Some((plain(key.trim())?, plain(value.trim())?)),
            _ => None,
        }
    });
    Written::Dictionary(pairs.collect())
}

/// The parts between separators that stand in no string and no bracket.
fn parts(text: &str, separator: char) -> Vec<&str> {
    let (mut found, mut from, mut at, mut depth) = (Vec::new(), 0, 0, 0_u32);
    while let Some(c) = text[at..].chars().next() {
        let length = match c {
            '\'' | '"' => string(&text[at..]),
            c => c.len_utf8(),
        };
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            c if c == separator && depth == 0 => {
                found.push(&text[from..at]);
                from = at + length;
            }
            _ => {}
        }
        at += length;
    }
    found.push(&text[from..]);
    found
}

/// The value of a number, a word or one string.
fn plain(text: &str) -> Option<String> {
    if ["True", "False", "None"].contains(&text) {
        return Some(text.to_owned());
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.starts_with(|c: char| c.is_ascii_digit())
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'_')
    {
        return Some(text.replace('_', ""));
    }
    let raw = text.strip_prefix(['r', 'R']);
    let text = raw.unwrap_or_else(|| text.strip_prefix(['u', 'U']).unwrap_or(text));
    if !text.starts_with(['\'', '"']) || string(text) != text.len() {
        return None;
    }
    let quote = &text[..1];
    let long = quote.repeat(3);
    let mark = match text.len() >= 6 && text.starts_with(&long) {
        true => long.as_str(),
        false => quote,
    };
    let inner = text.strip_prefix(mark)?.strip_suffix(mark)?;
    match raw {
        Some(_) => Some(inner.to_owned()),
        None => unescaped(inner),
    }
}

/// A string without its escapes; none for an escape that only Python knows.
fn unescaped(text: &str) -> Option<String> {
    let mut made = String::new();
    let mut all = text.chars();
    while let Some(c) = all.next() {
        if c != '\\' {
            made.push(c);
            continue;
        }
        match all.next()? {
            'n' => made.push('\n'),
            't' => made.push('\t'),
            c @ ('\\' | '\'' | '"') => made.push(c),
            '\n' => {}
            _ => return None,
        }
    }
    Some(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain_of(text: &str) -> Option<String> {
        match read(text).pop()?.1 {
            Written::Plain(value) => Some(value),
            _ => None,
        }
    }

    #[test]
    fn what_is_written_out_has_a_value() {
        for (text, value) in [
            ("A = 5", "5"),
            ("A=-1 # unlimited", "-1"),
            ("A = 1_000", "1000"),
            ("A = True", "True"),
            ("A = 'x # y'  # z", "x # y"),
            ("A = \"it's\"", "it's"),
            ("A = r'a\\b'", "a\\b"),
            ("A = 'a\\'b'", "a'b"),
            ("A = \"\"\"a\nb\"\"\"", "a\nb"),
            ("A = ''", ""),
        ] {
            assert_eq!(plain_of(text).as_deref(), Some(value), "{text}");
        }
    }

    #[test]
    fn what_python_would_have_to_work_out_has_none() {
        for text in [
            "A = 60 * 60",
            "A = os.environ.get('A', '5')",
            "A = f'{b}'",
            "A = 'a' 'b'",
            "A = 'a' + b",
            "A = ('a')",
            "A = '\\x41'",
            "A = BASE_DIR / 'mail'",
            "A = 'open",
        ] {
            assert_eq!(read(text), [("A".to_owned(), Written::Computed)], "{text}");
        }
        for text in [
            "A == 5",
            "if X:\n    A = 5",
            "a = 5",
            "A += 5",
            "# A = 5",
            "'''\nA = 5'''",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }

    #[test]
    fn a_dictionary_tells_its_plain_values() {
        let text = "Q = {  # the queue\n    'timeout': 300, \"orm\": 'default',\n    'x': [1, 2], 'y': f(a, 'b:c'),\n}\nB = 2";
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(
            read(text),
            [
                (
                    "Q".to_owned(),
                    Written::Dictionary(vec![pair("timeout", "300"), pair("orm", "default")])
                ),
                ("B".to_owned(), Written::Plain("2".to_owned())),
            ]
        );
    }

    #[test]
    fn nothing_stumbles() {
        for text in [
            "'",
            "\\",
            "A = {",
            "A = '''",
            "}",
            "A = \"\\",
            "ä = 'ü\\",
            "A={'a'",
            "A = ''''",
        ] {
            read(text);
        }
    }
}
