//! A table that somebody else wrote as CSV (RFC 4180): bytes in, lines of cells out.

use csv::{ReaderBuilder, StringRecord};

use super::encoding::{Decoded, decode};
use crate::error::{Error, Kind, Result};

/// One line of a table.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// The line of the file in which it begins; the first is 1.
    pub number: u64,
    pub cells: Vec<String>,
}

/// A table as it was written.
#[derive(Debug)]
pub struct Sheet {
    /// Its header among them.
    pub lines: Vec<Line>,
    /// What the encoding is called.
    pub encoding: &'static str,
    /// What stands between cells: a comma, a semicolon or a tab.
    pub separator: char,
}

/// The lines of a table, its header among them, in whatever encoding and with whatever separator a
/// spreadsheet writes. A byte order mark, the kind of line ends and empty lines do not matter.
///
/// # Errors
/// [`Kind::Io`] when the library fails; no bytes make it.
pub fn read(bytes: &[u8]) -> Result<Sheet> {
    let mut lines = Vec::new();
    let (encoding, separator) = each(bytes, |line| lines.push(line))?;
    Ok(Sheet {
        lines,
        encoding,
        separator,
    })
}

/// The same line by line, of which only one is in memory; says the encoding and what stands between cells.
///
/// # Errors
/// As [`read`].
pub fn each(bytes: &[u8], mut visit: impl FnMut(Line)) -> Result<(&'static str, char)> {
    let Decoded { text, encoding } = decode(bytes);
    // With an end of line behind everything a quotation mark that nobody closed leaves it in
    // its cell, where it is seen; without, the last cell of a file that was cut off looks whole.
    let ended = text + "\n";
    let (separator, begin) = separator(&ended);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .from_reader(ended.get(begin..).unwrap_or_default().as_bytes());
    let mut place = Place {
        bytes: ended.as_bytes(),
        offset: 0,
        line: 1,
    };
    let mut record = StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|error| Error::new(Kind::Io, "cannot read the table").because(error))?
    {
        let offset = record.position().map_or(0, csv::Position::byte);
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        visit(Line {
            number: place.line_of(offset.saturating_add(begin)),
            cells: record.iter().map(str::to_owned).collect(),
        });
    }
    Ok((encoding, separator))
}

/// What stands between cells, and where the table begins: Excel says `sep=;` in a line of its own; else
/// it is what stands most often in the first line, outside quotation marks.
fn separator(text: &str) -> (char, usize) {
    let first = text.lines().find(|line| !line.is_empty()).unwrap_or("");
    if let Some(said) = first.strip_prefix("sep=")
        && let Some(separator) = said.chars().next().filter(char::is_ascii)
    {
        return (separator, text.find(first).unwrap_or(0) + first.len());
    }
    let unquoted = || first.split('"').step_by(2).flat_map(str::chars);
    let count = |separator: char| unquoted().filter(|c| *c == separator).count();
    let most = [',', ';', '\t']
        .into_iter()
        .rev()
        .max_by_key(|separator| count(*separator));
    (most.unwrap_or(','), 0)
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

    /// Each line's number and its cells.
    fn lines(bytes: &[u8]) -> Vec<(u64, Vec<String>)> {
        let lines = read(bytes).unwrap().lines.into_iter();
        lines.map(|line| (line.number, line.cells)).collect()
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
    fn what_stands_between_cells_is_seen() {
        for (text, separator) in [
            ("name,email\n", ','),
            ("name;email\n", ';'),
            ("name\temail\n", '\t'),
            ("\"a,b,c\";email\n", ';'),
            ("name\n", ','),
            ("\n\nname;a,b;c\n", ';'),
        ] {
            assert_eq!(
                read(text.as_bytes()).unwrap().separator,
                separator,
                "{text}"
            );
        }
        let table = "sep=;\r\nname;email\r\na;b\r\n".as_bytes();
        assert_eq!(
            lines(table),
            [(2, cells(&["name", "email"])), (3, cells(&["a", "b"]))]
        );
    }

    #[test]
    fn a_quotation_mark_that_nobody_closed_is_seen() {
        assert_eq!(lines(b"a,\"b@c.org"), [(1, cells(&["a", "b@c.org\n"]))]);
        assert_eq!(lines(b"a,\""), [(1, cells(&["a", "\n"]))]);
        assert_eq!(lines(b""), []);
    }
}
