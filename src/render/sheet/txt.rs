//! The sheet as plain text: every code on a line of its own, as the last word of the line.

use zeroize::Zeroizing;

use super::content::Sheet;
use crate::render::words::lines;

/// Columns that fit a terminal, a mail and a page.
const WIDTH: usize = 76;

/// Columns before the values of facts, at least.
const LABELS: usize = 11;

/// The file.
pub fn write(sheet: &Sheet) -> Zeroizing<Vec<u8>> {
    let mut file = Zeroizing::new(Vec::with_capacity(room(sheet)));
    let mut line = |parts: &[&str]| {
        for part in parts {
            file.extend_from_slice(part.as_bytes());
        }
        file.push(b'\n');
    };
    let title = sheet.title();
    line(&[&title]);
    line(&[&"=".repeat(title.chars().count())]);
    line(&[]);
    let facts = sheet.facts();
    let longest = facts.iter().map(|(label, _)| label.chars().count()).max();
    let width = (longest.unwrap_or(0) + 2).max(LABELS);
    for (label, value) in facts {
        let label = format!("{label}:");
        line(&[&format!("{label:<width$}"), &value]);
    }
    line(&[]);
    for (number, code) in (1..).zip(&sheet.codes) {
        line(&["[ ] ", &format!("{number:>3}  "), code]);
    }
    line(&[]);
    for paragraph in sheet.advice() {
        for (number, text) in lines(&paragraph, WIDTH - 2).iter().enumerate() {
            line(&[if number == 0 { "- " } else { "  " }, text]);
        }
    }
    file
}

/// Bytes that are enough for the whole file: a buffer that grew would leave codes behind where it
/// was before.
fn room(sheet: &Sheet) -> usize {
    let facts = sheet.facts();
    let advice = sheet.advice();
    facts
        .iter()
        .map(|(label, value)| 4 * label.len() + value.len() + 80)
        .sum::<usize>()
        + sheet
            .codes
            .iter()
            .map(|code| code.len() + 16)
            .sum::<usize>()
        + advice.iter().map(|text| text.len() * 2).sum::<usize>()
        + sheet.title().len() * 4
}

#[cfg(test)]
mod tests {
    use super::super::content::samples;
    use super::*;

    fn text(user: &str, codes: usize) -> String {
        String::from_utf8(write(&samples::sheet(user, codes)).to_vec()).unwrap()
    }

    #[test]
    fn a_sheet_reads_like_this() {
        let shown = "\
Recovery codes
==============

Site:      Example
Log in at: https://example.org/login
User:      Łukasz 李小龍
Batch:     8C2655A1
Issued:    2026-11-23 14:05 UTC
Expires:   2027-11-23 14:05 UTC

[ ]   1  QUu5Mk-OeANhU-LJtUTC-jdzKDS-veoSML-il87ak
[ ]   2  HFvCF7-Plcmk6-sQI7xI-PRQDYO-Ue4Vha-Lgg8Ve

- If you cannot use your second factor, log in as usual and type one of
  these codes in its place.
- Capital and small letters are different; dashes and spaces do not matter.
- Each code works once: tick it off when you have used it. The first six
  characters are no secret; say them when you ask for help with a code.
- Keep this sheet offline, private and apart from your password. Whoever
  reads it can log in as you.
- New codes end these. Of two sheets the one works whose batch `user show`
  calls active.
";
        assert_eq!(text("Łukasz 李小龍", 2), shown);
    }

    #[test]
    fn each_code_is_the_last_word_of_its_line() {
        let sheet = samples::sheet("alice", 100);
        let text = text("alice", 100);
        let last: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("[ ] "))
            .filter_map(|line| line.split(' ').next_back())
            .collect();
        let codes: Vec<&str> = sheet.codes.iter().map(|code| code.as_str()).collect();
        assert_eq!(last, codes);
    }

    #[test]
    fn the_file_fits_the_room_that_was_made_for_it() {
        for user in ["a".to_owned(), "李".repeat(150)] {
            for codes in [0, 1, 100] {
                let sheet = samples::sheet(&user, codes);
                assert!(write(&sheet).len() <= room(&sheet));
            }
        }
    }
}
