//! Numbers, waits, sizes and times in words.

use super::record::Value;
use super::visible::visible_line;
use crate::model::zone::Zone;

/// `1 code`, `2 codes`.
pub fn count(number: u64, one: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {}", several(one)),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub fn and(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// What a list says that is empty: as a whole, or because a part of it `is_asked_for`.
pub fn nothing(one: &str, is_asked_for: bool) -> String {
    match is_asked_for {
        true => format!("There is no such {one}."),
        false => format!("No {} yet.", several(one)),
    }
}

fn several(one: &str) -> String {
    if ["ch", "sh", "ss"].iter().any(|end| one.ends_with(end)) {
        format!("{one}es")
    } else if let Some(stem) = one.strip_suffix("try") {
        format!("{stem}tries")
    } else {
        format!("{one}s")
    }
}

/// What happens to so many codes that come to an end.
pub fn stops(number: u64) -> &'static str {
    if number == 1 {
        "it stops working"
    } else {
        "they stop working"
    }
}

/// A wait a person can plan with: `1 minute 20 seconds`.
pub fn wait(seconds: u64) -> String {
    let parts = [
        (seconds / 86_400, "day"),
        (seconds / 3600 % 24, "hour"),
        (seconds / 60 % 60, "minute"),
        (seconds % 60, "second"),
    ];
    let mut said: Vec<String> = parts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, unit)| count(number, unit))
        .take(2)
        .collect();
    if said.is_empty() {
        said.push("0 seconds".into());
    }
    said.join(" ")
}

/// A size: `12.4 MiB`.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return count(bytes, "byte");
    }
    let (mut whole, mut unit) = (bytes, 0);
    while whole >= 1024 * 1024 && unit + 1 < UNITS.len() {
        whole /= 1024;
        unit += 1;
    }
    format!(
        "{}.{} {}",
        whole / 1024,
        whole % 1024 * 10 / 1024,
        UNITS[unit]
    )
}

/// A value as it stands in a table, with times by this zone.
pub fn cell(value: &Value, zone: &Zone) -> String {
    match value {
        Value::Absent => "-".into(),
        Value::Flag(true) => "yes".into(),
        Value::Flag(false) => "no".into(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => visible_line(text),
        Value::Time(at) => zone.compact(*at),
        Value::Events(events) => {
            let told = events
                .iter()
                .map(|(what, at)| format!("{what} {}", zone.date(*at)));
            told.collect::<Vec<_>>().join(", ")
        }
        Value::Seconds(seconds) => wait(*seconds),
        Value::Millis(millis) => format!("{}.{} seconds", millis / 1000, millis % 1000 / 100),
        Value::Bytes(bytes) => size(*bytes),
        Value::Secret(_) => "(secret)".into(),
        Value::List(values) => {
            let cells: Vec<_> = values.iter().map(|value| cell(value, zone)).collect();
            cells.join(" ")
        }
        Value::Record(_) => String::new(),
    }
}

/// The text in lines of so many characters; a word that is longer has a line for itself.
pub fn lines(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            let length = line.chars().count() + 1 + word.chars().count();
            if !line.is_empty() && length > room {
                lines.push(std::mem::take(&mut line));
            } else if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_and_counts_read_like_sentences() {
        assert_eq!(wait(1), "1 second");
        assert_eq!(wait(80), "1 minute 20 seconds");
        assert_eq!(wait(3600), "1 hour");
        assert_eq!(wait(90_061), "1 day 1 hour");
        assert_eq!(count(1, "batch"), "1 batch");
        assert_eq!(count(2, "batch"), "2 batches");
        assert_eq!(count(3, "entry"), "3 entries");
        assert_eq!(count(2, "pass"), "2 passes");
        assert_eq!(nothing("batch", false), "No batches yet.");
        assert_eq!(nothing("batch", true), "There is no such batch.");
        assert_eq!(size(512), "512 bytes");
        assert_eq!(size(12_345_678), "11.7 MiB");
        assert_eq!(size(4096), "4.0 KiB");
    }
}
