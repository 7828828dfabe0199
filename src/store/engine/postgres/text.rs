//! Statements as PostgreSQL reads them: parameters have numbers.

use super::super::value::{Params, Value};

/// A statement with `$1`, `$2` … where `:name` or `?1` stood, and its values in that order. What is null
/// stands in the text: of a parameter that is, the server could not always tell the type.
pub(super) fn numbered<'p>(sql: &str, params: Params<'p>) -> (String, Vec<&'p Value<'p>>) {
    let mut text = String::with_capacity(sql.len() + 16);
    let mut places: Vec<(usize, &Value<'_>)> = Vec::new();
    let mut rest = sql;
    while let Some(at) = rest.find(['\'', '"', ':', '?']) {
        let (before, found) = rest.split_at(at);
        text.push_str(before);
        let mark = &found[..1];
        if mark == "'" || mark == "\"" {
            let end = found[1..].find(mark).map_or(found.len(), |end| end + 2);
            text.push_str(&found[..end]);
            rest = &found[end..];
            continue;
        }
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = found[1..]
            .find(|c| !is_part(c))
            .map_or(found.len(), |end| end + 1);
        let (name, behind) = found.split_at(end);
        rest = behind;
        let found = match params {
            Params::Named(named) => {
                let place = named.iter().position(|(known, _)| *known == name);
                place.map(|place| (place, &named[place].1))
            }
            Params::Numbered(values) => {
                let number = name[1..].parse().ok();
                let place = number.and_then(|number: usize| number.checked_sub(1));
                place.and_then(|place| Some((place, values.get(place)?)))
            }
        };
        match found {
            // What is no parameter is for the server to refuse.
            None => text.push_str(name),
            Some((_, Value::Null)) => text.push_str("NULL"),
            Some((place, value)) => {
                let known = places.iter().position(|(known, _)| *known == place);
                let number = known.unwrap_or_else(|| {
                    places.push((place, value));
                    places.len() - 1
                });
                text.push('$');
                text.push_str(&(number + 1).to_string());
            }
        }
    }
    text.push_str(rest);
    let values = places.into_iter().map(|(_, value)| value).collect();
    (text, values)
}

#[cfg(test)]
mod tests {
    use super::super::super::value::params;
    use super::*;

    #[test]
    fn names_become_numbers_in_the_order_in_which_they_stand() {
        let params = params! { ":a": 1_i64, ":b": "x", ":unused": 3_i64 };
        let (text, values) = numbered(
            "SELECT ':a', \":b\" WHERE x = :b AND y = :a AND z = :b",
            params,
        );
        assert_eq!(
            text,
            "SELECT ':a', \":b\" WHERE x = $1 AND y = $2 AND z = $1"
        );
        assert_eq!(values, [&Value::Text("x".into()), &Value::Integer(1)]);
        let values = [Value::Integer(7), Value::Null];
        let (text, values) = numbered("IN (?2, ?1)", Params::Numbered(&values));
        assert_eq!(text, "IN (NULL, $1)");
        assert_eq!(values, [&Value::Integer(7)]);
        assert_eq!(numbered("'it''s :a'", params! {}).0, "'it''s :a'");
    }
}
