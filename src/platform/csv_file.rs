//! A table that somebody else wrote as CSV (RFC 4180): bytes in, lines of cells out.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::rc::Rc;
use std::time::SystemTime;

use csv::{ReaderBuilder, StringRecord};

use super::encoding::{Text, detect};
use crate::error::{Error, Kind, Result};

/// One line of a table.
#[derive(Debug, Default, PartialEq, Eq)]
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

/// Bytes that can be read more than once.
pub trait Table {
    /// Reads them from the beginning.
    ///
    /// # Errors
    /// What the file system says.
    fn begin(&self) -> io::Result<Box<dyn Read + '_>>;

    /// What tells whether they were changed; none where nobody can.
    ///
    /// # Errors
    /// What the file system says.
    fn stamp(&self) -> io::Result<Option<Stamp>> {
        Ok(None)
    }
}

/// How long a file is, and when it was changed.
pub type Stamp = (u64, SystemTime);

impl Table for &[u8] {
    fn begin(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(*self))
    }
}

/// The lines of a table, its header among them, in whatever encoding and with whatever separator a
/// spreadsheet writes. A byte order mark, the kind of line ends and empty lines do not matter.
///
/// # Errors
/// [`Kind::Io`] when the library fails; no bytes make it.
pub fn read(bytes: &[u8]) -> Result<Sheet> {
    let mut lines = Vec::new();
    let (encoding, separator) = each(&bytes, |line| {
        lines.push(line);
        Ok(())
    })?;
    Ok(Sheet {
        lines,
        encoding,
        separator,
    })
}

/// The same line by line, of which only one is in memory; says the encoding and what stands between cells.
/// The table is read twice: to see how it is written, and to read it.
///
/// # Errors
/// [`Kind::Io`] when it cannot be read or is changed meanwhile, [`Kind::Usage`] for a line that does not end, and what `visit` says,
/// which ends it.
pub fn each(
    table: &dyn Table,
    mut visit: impl FnMut(Line) -> Result<()>,
) -> Result<(&'static str, char)> {
    let failed = |error| Error::new(Kind::Io, "cannot read the table").because(error);
    let before = table.stamp().map_err(failed)?;
    let encoding = detect(&mut table.begin().map_err(failed)?).map_err(failed)?;
    let text = Text::new(table.begin().map_err(failed)?, encoding);
    // With an end of line behind everything a quotation mark that nobody closed leaves it in
    // its cell, where it is seen; without, the last cell of a file that was cut off looks whole.
    let mut ended = BufReader::new(text.chain(Cursor::new("\n")));
    let first = beginning(&mut ended).map_err(failed)?;
    let (separator, begin) = separator(&String::from_utf8_lossy(&first));
    let starts = Rc::new(RefCell::new(Starts::default()));
    let noted = Noted {
        inner: Cursor::new(first).chain(ended),
        starts: Rc::clone(&starts),
    };
    let mut noted = BufReader::new(noted);
    io::copy(&mut noted.by_ref().take(begin), &mut io::sink()).map_err(failed)?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .from_reader(noted);
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| {
        starts
            .borrow()
            .endless()
            .unwrap_or_else(|| failed(error.into()))
    })? {
        let offset = record.position().map_or(0, csv::Position::byte);
        let number = starts.borrow_mut().line_of(offset + begin);
        starts
            .borrow_mut()
            .forget_before(reader.position().byte() + begin);
        visit(Line {
            number,
            cells: record.iter().map(str::to_owned).collect(),
        })?;
    }
    if table.stamp().map_err(failed)? != before {
        return Err(
            Error::new(Kind::Io, "the list was changed while it was read").hint(
                "nothing was changed here; run it again when no other program writes the list",
            ),
        );
    }
    Ok((encoding.name(), separator))
}

/// No line of a table is longer, with all that stands between its quotation marks.
const LONGEST_LINE: u64 = 1 << 20;

/// No first line that says how a table is written is longer.
const LONGEST: u64 = 64 << 10;

/// All up to the end of the first line that is not empty.
fn beginning(input: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let (mut begin, mut is_in_line) = (Vec::new(), false);
    for byte in input.take(LONGEST).bytes() {
        let byte = byte?;
        begin.push(byte);
        if is_end(&byte) && is_in_line {
            break;
        }
        is_in_line |= !is_end(&byte);
    }
    Ok(begin)
}

/// What stands between cells, and where the table begins: Excel says `sep=;` in a line of its own; else
/// it is what stands most often in the first line, outside quotation marks.
fn separator(text: &str) -> (char, u64) {
    let is_end = |c: char| matches!(c, '\n' | '\r');
    let first = text.trim_start_matches(is_end);
    let before = text.len() - first.len();
    let first = first.split(is_end).next().unwrap_or("");
    if let Some(said) = first.strip_prefix("sep=")
        && let Some(separator) = said.chars().next().filter(char::is_ascii)
    {
        return (separator, (before + first.len()) as u64);
    }
    let unquoted = || first.split('"').step_by(2).flat_map(str::chars);
    let count = |separator: char| unquoted().filter(|c| *c == separator).count();
    let most = [',', ';', '\t']
        .into_iter()
        .rev()
        .max_by_key(|separator| count(*separator));
    (most.unwrap_or(','), 0)
}

/// Where in a file its lines begin, as far as it was read and they were not asked for: the library's own
/// count is behind where lines end with CRLF or are empty.
#[derive(Default)]
struct Starts {
    /// Where each line begins that is not empty, and its number.
    known: VecDeque<(u64, u64)>,
    /// What was read so far, ends of lines in it, and the last byte.
    offset: u64,
    ends: u64,
    last: Option<u8>,
}

impl Starts {
    fn note(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
            if !is_end(byte) {
                if self.last.as_ref().is_none_or(is_end) {
                    self.known.push_back((self.offset, self.ends + 1));
                }
            } else if (self.last, byte) != (Some(b'\r'), &b'\n') {
                self.ends += 1;
            }
            self.last = Some(*byte);
            self.offset += 1;
        }
    }

    /// The number of the first line that begins at `offset` or behind it.
    fn line_of(&mut self, offset: u64) -> u64 {
        self.forget_before(offset);
        self.known.front().map_or(self.ends + 1, |(_, line)| *line)
    }

    /// Forgets lines that begin before `offset`.
    fn forget_before(&mut self, offset: u64) {
        while self.known.front().is_some_and(|(start, _)| *start < offset) {
            self.known.pop_front();
        }
    }

    /// What is wrong with a line that was not taken yet, though so much of it was read that it has no end.
    fn endless(&self) -> Option<Error> {
        let (start, line) = self.known.front()?;
        (self.offset - start > LONGEST_LINE).then(|| {
            Error::new(
                Kind::Usage,
                format!("line {line} is longer than 1 MiB with all that is quoted in it"),
            )
            .hint("nothing was changed; look for a quotation mark there that nobody closed")
        })
    }
}

/// What is read, with a note of where its lines begin.
struct Noted<R> {
    inner: R,
    starts: Rc<RefCell<Starts>>,
}

impl<R: Read> Read for Noted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.starts.borrow().endless().is_some() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let read = self.inner.read(buffer)?;
        self.starts.borrow_mut().note(&buffer[..read]);
        Ok(read)
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

    #[test]
    fn a_quotation_mark_that_nobody_closed_does_not_take_a_long_list() {
        let rest = "somebody,else@example.org\n".repeat(LONGEST_LINE as usize / 10);
        let error = read(format!("a,b\nc,d\n\n\ne,\"f\n{rest}").as_bytes()).unwrap_err();
        assert_eq!(error.kind(), Kind::Usage);
        assert!(error.to_string().starts_with("line 5 is longer"), "{error}");
        // What is no part of a line may be as long as it likes.
        let empty = "\n".repeat(3 * LONGEST_LINE as usize);
        let last = 3 * LONGEST_LINE + 2;
        assert_eq!(
            lines(format!("a,b\n{empty}c,d\n").as_bytes()),
            [(1, cells(&["a", "b"])), (last, cells(&["c", "d"]))]
        );
        let long = "x".repeat(LONGEST_LINE as usize / 2);
        let text = format!("a,b\n{long},1\n{long},2\n{long},3\n");
        assert_eq!(lines(text.as_bytes()).len(), 4);
    }
}
