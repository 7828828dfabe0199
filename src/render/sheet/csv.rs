//! The sheet as a table after RFC 4180.
//!
//! Only numbers, hints and codes stand in it, so nothing a user chose can become a formula. With
//! its dashes a code is always text; hints that a spreadsheet would take for a number are not
//! issued (`model::alphabet::is_taken_for_a_number`).

use csv::{Terminator, WriterBuilder};
use zeroize::Zeroizing;

use super::content::Sheet;
use crate::error::{Error, Kind, Result};

/// The file.
pub fn write(sheet: &Sheet) -> Result<Zeroizing<Vec<u8>>> {
    let mut file = Zeroizing::new(Vec::with_capacity(room(sheet)));
    fill(sheet, &mut file)
        .map_err(|error| Error::new(Kind::Io, "cannot write the codes as csv").because(error))?;
    Ok(file)
}

fn fill(sheet: &Sheet, file: &mut Vec<u8>) -> Result<(), csv::Error> {
    let mut table = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(file);
    table.write_record(["number", "hint", "code"])?;
    for (number, code) in (1..).zip(&sheet.codes) {
        let hint = code.split('-').next().unwrap_or_default();
        table.write_record([number.to_string().as_str(), hint, code])?;
    }
    table.flush()?;
    Ok(())
}

/// Bytes that are enough for the whole file: a buffer that grew would leave codes behind where it
/// was before.
fn room(sheet: &Sheet) -> usize {
    24 + sheet
        .codes
        .iter()
        .map(|code| code.len() + 24)
        .sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::super::content::samples;
    use super::*;

    /// A strict reader: records end with CRLF, and nothing needs a quotation mark.
    fn records(file: &[u8]) -> Vec<Vec<&str>> {
        let text = std::str::from_utf8(file).unwrap();
        let body = text.strip_suffix("\r\n").unwrap();
        body.split("\r\n")
            .map(|record| {
                assert!(!record.contains(['"', '\r', '\n']), "{record}");
                record.split(',').collect()
            })
            .collect()
    }

    #[test]
    fn a_record_holds_a_number_a_hint_and_a_code() {
        let sheet = samples::sheet("alice", 100);
        let file = write(&sheet).unwrap();
        let records = records(&file);
        assert_eq!(records.len(), 101);
        assert_eq!(records[0], ["number", "hint", "code"]);
        for (number, code) in (1..).zip(&sheet.codes) {
            assert_eq!(
                records[number],
                [&number.to_string(), &code[..6], code.as_str()]
            );
        }
        assert!(file.len() <= room(&sheet));
    }

    #[test]
    fn nothing_that_a_user_chose_stands_in_it() {
        let calm = write(&samples::sheet("alice", 3)).unwrap();
        let sly = write(&samples::sheet("=HYPERLINK(\"https://evil.example\")", 3)).unwrap();
        assert_eq!(calm, sly);
    }

    #[test]
    fn a_code_of_digits_is_no_number() {
        let mut sheet = samples::sheet("alice", 0);
        for code in ["123456-234567-345678", "12E456-222222-333333", "2E5678-1"] {
            sheet.codes.push(zeroize::Zeroizing::new(code.into()));
        }
        let file = write(&sheet).unwrap();
        for record in &records(&file)[1..] {
            assert!(record[2].parse::<f64>().is_err(), "{}", record[2]);
        }
    }
}
