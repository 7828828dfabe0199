//! A table that somebody else wrote as CSV (RFC 4180): bytes in, lines of cells out.

use csv::{ByteRecord, ReaderBuilder};

use crate::error::{Error, Kind, Result};

/// One line of a table.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// The line of the file in which it begins; the first is 1.
    pub number: u64,
    /// None if it is not UTF-8.
    pub cells: Option<Vec<String>>,
}

/// The lines of a table, its header among them. A byte order mark, the kind of line ends and
/// empty lines do not matter.
///
/// # Errors
/// [`Kind::Io`] when the library fails; no bytes make it.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>> {
    // With an end of line behind everything a quotation mark that nobody closed leaves it in
    // its cell, where it is seen; without, the last cell of a file that was cut off looks whole.
    let ended = [bytes, b"\n"].concat();
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(ended.as_slice());
    let mut lines = Vec::new();
    let mut place = Place {
        bytes: &ended,
        offset: 0,
        line: 1,
    };
    let mut record = ByteRecord::new();
    while reader
        .read_byte_record(&mut record)
        .map_err(|error| Error::new(Kind::Io, "cannot read the table").because(error))?
    {
        let begin = record.position().map_or(0, csv::Position::byte);
        lines.push(Line {
            number: place.line_of(usize::try_from(begin).unwrap_or(usize::MAX)),
            cells: record
                .iter()
                .map(|cell| String::from_utf8(cell.to_vec()).ok())
                .collect(),
        });
    }
    Ok(lines)
}

/// Where in a file a record begins: the library's own count is behind where lines end with CRLF
/// or are empty.
struct Place<'a> {
    bytes: &'a [u8],
    offset: usize,
    line: u64,
}

impl Place<'_> {
    /// The line of the first byte from `offset` on that does not end a line.
    fn line_of(&mut self, offset: usize) -> u64 {
        while let Some(byte) = self.bytes.get(self.offset) {
            let is_end = matches!(byte, b'\n' | b'\r');
            if self.offset >= offset && !is_end {
                break;
            }
            let is_half = *byte == b'\r' && self.bytes.get(self.offset + 1) == Some(&b'\n');
            self.line += u64::from(is_end && !is_half);
            self.offset += 1;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line's number and its cells, with what is not UTF-8 as nothing.
    fn lines(bytes: &[u8]) -> Vec<(u64, Vec<String>)> {
        let lines = read(bytes).unwrap();
        lines
            .into_iter()
            .map(|line| (line.number, line.cells.unwrap_or_default()))
            .collect()
    }

    fn cells(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn whatever_ends_the_lines_they_are_counted() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "name,email#alice,a@b##\"a#b\",x#last,".replace('#', end);
            let broken = format!("a{end}b");
            let expected = [
                (1, cells(&["name", "email"])),
                (2, cells(&["alice", "a@b"])),
                (4, cells(&[&broken, "x"])),
                (6, cells(&["last", ""])),
            ];
            assert_eq!(lines(text.as_bytes()), expected, "{end:?}");
            assert_eq!(lines((text + end).as_bytes()), expected, "{end:?}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_cell() {
        assert_eq!(lines(b"\xEF\xBB\xBFname\n"), [(1, cells(&["name"]))]);
        assert_eq!(
            lines(b"\xEF\xBB\xBF\"na\"\"me\"\n"),
            [(1, cells(&["na\"me"]))]
        );
    }

    #[test]
    fn what_is_not_utf_8_has_no_cells() {
        let found = read(b"name\ncaf\xE9\n").unwrap();
        assert_eq!((found[1].number, &found[1].cells), (2, &None));
    }

    #[test]
    fn a_quotation_mark_that_nobody_closed_is_seen() {
        assert_eq!(lines(b"a,\"b@c.org"), [(1, cells(&["a", "b@c.org\n"]))]);
        assert_eq!(lines(b"a,\""), [(1, cells(&["a", "\n"]))]);
        assert_eq!(lines(b""), []);
    }
}
