//! What stands where on the page.

use std::rc::Rc;
use std::sync::Arc;

use genpdf::Document;
use genpdf::error::Error as PdfError;
use genpdf::fonts::FontCache;
use genpdf::style::{Color, Style};
use zeroize::Zeroizing;

use super::chosen::choose;
use super::faces::Faces;
use super::frame::{Foot, Frame, HEIGHT, Place, Turn, WIDTH};
use super::line::Line;
use super::spelling::lines;
use super::typeset::Typesetter;
use crate::error::{Error, Kind, Result};
use crate::render::sheet::content::{Sheet, parts};

const GREY: Color = Color::Greyscale(100);
const LIGHT: Color = Color::Greyscale(205);

/// Where the values of the facts begin, at least.
const VALUE: f64 = 26.0;
/// More codes than this stand in two columns.
const ONE_COLUMN: usize = 20;

/// Bytes that are enough for the faces and a few pages: a buffer that grew would leave codes
/// behind where it was before.
const ROOM: usize = 512 * 1024;

/// The same for a sheet after the first.
fn room_for(sheet: &Sheet) -> usize {
    (16 + sheet.codes.len()) * 1024
}

/// One file for these sheets, each on pages of its own: 10 codes are one page; 100 are two.
pub fn write(sheets: &[Sheet]) -> Result<Zeroizing<Vec<u8>>> {
    let room = ROOM + sheets.iter().skip(1).map(room_for).sum::<usize>();
    let mut file = Zeroizing::new(Vec::with_capacity(room));
    fill(sheets, &mut file)?;
    Ok(file)
}

fn fill(sheets: &[Sheet], file: &mut Vec<u8>) -> Result<()> {
    let no = |error: PdfError| {
        Error::new(Kind::Io, "cannot lay out the codes as pdf")
            .because(error.to_string())
            .hint("choose another format, such as txt")
    };
    let built_in = Rc::new(Typesetter::default());
    let mut page = lay_out(sheets, &built_in).map_err(no)?;
    let lacking = built_in.lacking();
    if let (false, Some(sheet)) = (lacking.is_empty(), sheets.first()) {
        let fonts = choose(lacking, (sheet.fonts)()?);
        if !fonts.is_empty() {
            let typesetter = Rc::new(Typesetter::with(fonts));
            // Only what was set once is known to be needed. A font that is broken inside is none: then
            // there are numbers.
            let set = lay_out(sheets, &typesetter).and_then(|_| lay_out(sheets, &typesetter));
            page = set.unwrap_or(page);
        }
    }
    page.render(file).map_err(no)
}

/// All pages, as this one sets their words.
fn lay_out(sheets: &[Sheet], typesetter: &Rc<Typesetter>) -> Result<Document, PdfError> {
    let (mut document, faces) = Faces::load(typesetter)?;
    // Viewers show this as the window's title, and not every viewer reads more than ASCII there.
    document.set_title(match sheets {
        [sheet] => format!("{} {}", sheet.title(), sheet.batch.short()),
        _ => sheets.first().map(Sheet::title).unwrap_or_default(),
    });
    document.set_minimal_conformance();
    let place = Place::default();
    let foot = |sheet: &Sheet| Foot {
        texts: Arc::clone(&sheet.texts),
        batch: sheet.batch.short().to_owned(),
    };
    let feet: Vec<Foot> = sheets.iter().map(foot).collect();
    let style = faces.text(8).with_color(GREY);
    for foot in &feet {
        faces.words(document.font_cache(), &foot.on_page(1), style);
    }
    document.set_page_decorator(Frame {
        feet,
        faces: faces.clone(),
        style,
        place: place.clone(),
    });
    for (number, sheet) in sheets.iter().enumerate() {
        if number > 0 {
            document.push(Turn::of(&place));
        }
        let writer = Writer {
            sheet,
            faces: &faces,
            cache: document.font_cache(),
        };
        let lines = writer.lines();
        for line in lines {
            document.push(line);
        }
    }
    Ok(document)
}

/// Sets the lines of one sheet.
struct Writer<'a> {
    sheet: &'a Sheet,
    faces: &'a Faces,
    cache: &'a FontCache,
}

impl Writer<'_> {
    fn lines(&self) -> Vec<Line> {
        let (mut lines, tail) = (self.head(), self.tail());
        let taken: f64 = lines.iter().chain(&tail).map(Line::height).sum();
        lines.extend(self.codes(HEIGHT - taken));
        lines.extend(tail);
        lines
    }

    /// A line with text at a place.
    fn text(&self, line: Line, at: f64, text: &str, style: Style) -> Line {
        line.words(at, &self.faces.words(self.cache, text, style))
    }

    /// The same, where the text ends at the place.
    fn right_text(&self, line: Line, end: f64, text: &str, style: Style) -> Line {
        let width = self.faces.width(self.cache, text, style);
        self.text(line, end - width, text, style)
    }

    /// Text in lines of so many millimetres at the most.
    fn broken(&self, text: &str, style: Style, width: f64) -> Vec<String> {
        lines(text, |line| {
            self.faces.width(self.cache, line, style) <= width
        })
    }

    /// The title and the facts.
    fn head(&self) -> Vec<Line> {
        let (faces, cache) = (self.faces, self.cache);
        let title = faces.text(22).bold();
        let mut head = vec![
            self.text(Line::new(12.0), 0.0, &self.sheet.title(), title),
            Line::new(4.0).rule(0.0, WIDTH, 2.0, GREY),
        ];
        let mut all_complete = true;
        let facts = self.sheet.facts();
        let width = |label: &str| faces.width(cache, label, faces.text(10)) + 4.0;
        let widths = facts.iter().map(|(label, _)| width(label));
        let begin = widths.fold(VALUE, f64::max);
        for (name, value) in facts {
            let (value, is_complete) = faces.spelled(cache, &value);
            all_complete &= is_complete;
            // Numbers are long: 150 of them still leave room for ten codes.
            let (style, height) = if is_complete {
                (faces.text(10), 5.2)
            } else {
                (faces.text(8), 4.2)
            };
            let mut label = Some(name);
            for text in self.broken(&value, style, WIDTH - begin) {
                let line = match label.take() {
                    Some(name) => {
                        let grey = faces.text(10).with_color(GREY);
                        self.text(Line::new(5.2), 0.0, &name, grey)
                    }
                    None => Line::new(height),
                };
                head.push(self.text(line, begin, &text, style));
            }
        }
        if !all_complete {
            let note = self.sheet.texts.plain("sheet-numbers");
            let grey = faces.text(8).with_color(GREY);
            head.push(self.text(Line::new(5.2), begin, &note, grey));
        }
        head.push(Line::new(4.0));
        head
    }

    /// The codes in rows that share the room, as far as they are neither squeezed nor lost in it.
    fn codes(&self, room: f64) -> Vec<Line> {
        let codes = &self.sheet.codes;
        let columns = if codes.len() > ONE_COLUMN { 2 } else { 1 };
        let rows = codes.len().div_ceil(columns);
        let height = (room / rows.max(1) as f64).clamp(6.2, 10.0);
        let used = self.sheet.texts.plain("sheet-used");
        let numbered: Vec<_> = (1..).zip(codes).collect();
        numbered
            .chunks(columns)
            .map(|row| {
                let line = Line::new(height).rule(0.0, WIDTH, 0.3, LIGHT);
                if columns == 1 {
                    row.iter().fold(line, |line, (number, code)| {
                        self.wide(line, *number, code, &used)
                    })
                } else {
                    (0..).zip(row).fold(line, |line, (column, (number, code))| {
                        self.narrow(line, f64::from(column) * 86.5, *number, code)
                    })
                }
            })
            .collect()
    }

    /// A code over the whole width, with room to write the day it was used.
    fn wide(&self, line: Line, number: usize, code: &str, used: &str) -> Line {
        let grey = |points| self.faces.text(points).with_color(GREY);
        let line = line.tick_box(0.0, 4.2);
        let line = self.right_text(line, 13.5, &number.to_string(), grey(10));
        let style = self.faces.code(if is_long(code) { 11 } else { 13 });
        let line = code_at(line, 18.0, code, style);
        self.right_text(line, 145.0, used, grey(8))
            .rule(147.0, WIDTH, 2.2, GREY)
    }

    fn narrow(&self, line: Line, left: f64, number: usize, code: &str) -> Line {
        let grey = self.faces.text(8).with_color(GREY);
        let line = line.tick_box(left, 3.2);
        let line = self.right_text(line, left + 11.0, &number.to_string(), grey);
        let style = self.faces.code(if is_long(code) { 7 } else { 8 });
        code_at(line, left + 13.0, code, style)
    }

    /// How to use and keep the codes.
    fn tail(&self) -> Vec<Line> {
        let style = self.faces.text(9);
        let how = self.sheet.texts.plain("sheet-how");
        let mut tail = vec![
            Line::new(4.0),
            self.text(Line::new(6.0), 0.0, &how, self.faces.text(11).bold()),
        ];
        for paragraph in self.sheet.advice() {
            let broken = self.broken(&paragraph, style, WIDTH - 4.0);
            for (number, text) in broken.iter().enumerate() {
                let bullet = if number == 0 { "•" } else { "" };
                let line = self.text(Line::new(4.8), 0.0, bullet, style);
                tail.push(self.text(line, 4.0, text, style));
            }
        }
        tail
    }
}

/// Whether a code has more than six groups, and wants smaller letters.
fn is_long(code: &str) -> bool {
    code.len() > 41
}

fn code_at(line: Line, at: f64, code: &str, style: Style) -> Line {
    let (hint, rest) = parts(code);
    line.words(at, &[(hint, style.bold()), (rest, style)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::BatchName;
    use crate::render::sheet::content::samples;

    /// The pages as a reader that is not the writer copies them.
    fn pages(sheet: &Sheet) -> Vec<String> {
        pages_of(std::slice::from_ref(sheet))
    }

    fn pages_of(sheets: &[Sheet]) -> Vec<String> {
        let file = write(sheets).unwrap();
        let document = lopdf::Document::load_mem(&file).unwrap();
        let numbers = document.get_pages().into_keys();
        numbers
            .map(|number| document.extract_text(&[number]).unwrap())
            .collect()
    }

    #[test]
    fn every_code_is_copied_with_plain_dashes() {
        for (count, pages_wanted) in [(1, 1), (10, 1), (20, 1), (40, 1), (100, 2)] {
            let sheet = samples::sheet("alice", count);
            let pages = pages(&sheet);
            assert_eq!(pages.len(), pages_wanted, "{count}");
            // This reader puts a space wherever the face changes; those that people use do not.
            let text = pages.concat().replace(" -", "-");
            for code in &sheet.codes {
                assert_eq!(text.matches(code.as_str()).count(), 1, "{text}");
            }
        }
    }

    #[test]
    fn a_longer_code_stays_in_its_column() {
        let (document, faces) = Faces::load(&Rc::default()).unwrap();
        let width = |code: &str, points| {
            let style = faces.code(points).bold();
            f64::from(style.str_width(document.font_cache(), code))
        };
        let (six, seven) = ("000000-".repeat(6), "000000-".repeat(7));
        let (six, seven) = (&six[1..], &seven[1..]);
        assert!(!is_long(six) && is_long(seven));
        for (code, one_column, two_columns) in [(six, 13, 8), (seven, 11, 7)] {
            // Behind it stands "used", or the tick box of the other column.
            assert!(18.0 + width(code, one_column) < 136.0);
            assert!(13.0 + width(code, two_columns) < 86.5);
        }
    }

    #[test]
    fn every_page_says_which_batch_it_is_of() {
        for (number, page) in (1..).zip(pages(&samples::sheet("alice", 100))) {
            assert!(
                page.contains(&format!("batch 8C2655A1, page {number}")),
                "{page}"
            );
        }
    }

    #[test]
    fn each_of_many_sheets_has_pages_of_its_own() {
        let sheets = [("alice", 10), ("bob", 100), ("carol", 1)];
        let mut sheets = sheets.map(|(user, codes)| samples::sheet(user, codes));
        for (sheet, batch) in sheets.iter_mut().zip(["AAAAAAAA", "BBBBBBBB", "CCCCCCCC"]) {
            sheet.batch = BatchName::from_stored(batch.repeat(2));
        }
        let pages = pages_of(&sheets);
        let want = [
            ("alice", "AAAAAAAA, page 1"),
            ("bob", "BBBBBBBB, page 1"),
            ("", "BBBBBBBB, page 2"),
            ("carol", "CCCCCCCC, page 1"),
        ];
        assert_eq!(pages.len(), want.len());
        for (page, (user, foot)) in pages.iter().zip(want) {
            assert!(page.contains(user) && page.contains(foot), "{page}");
        }
        for (page, sheet) in [(0, 0), (3, 2)] {
            let text = pages[page].replace(" -", "-");
            assert!(
                sheets[sheet]
                    .codes
                    .iter()
                    .all(|code| text.contains(code.as_str()))
            );
        }
    }

    #[test]
    fn every_name_is_shown_beside_ten_codes_on_one_page() {
        for (name, shown) in [
            ("Łukasz Żółć", "Łukasz Żółć"),
            (
                "Ἀλέξανδρος Дмитрий Nguyễn",
                "[U+1F08]λέξανδρος Дмитрий Nguyễn",
            ),
            ("李小龍", "[U+674E][U+5C0F][U+9F8D]"),
            ("علي", "[U+0639][U+0644][U+064A]"),
            ("Max 😀", "Max [U+1F600]"),
            (&"W".repeat(150), "WWWWWWWWWWWWWWWWWWWW"),
            (&"龍".repeat(150), "[U+9F8D][U+9F8D]"),
        ] {
            let sheet = samples::sheet(name, 10);
            let pages = pages(&sheet);
            assert_eq!(pages.len(), 1, "{name}");
            assert!(pages[0].contains(shown), "{}", pages[0]);
            let is_explained = pages[0].contains("Unicode number");
            assert_eq!(is_explained, shown.contains("U+"), "{name}");
        }
    }

    #[test]
    fn the_file_fits_the_room_that_was_made_for_it() {
        let sheet = samples::sheet(&"龍".repeat(150), 100);
        let one = write(&[sheet]).unwrap().len();
        assert!(one <= ROOM, "{one}");
        for codes in [1, 10, 100] {
            let sheet = |_| samples::sheet(&"龍".repeat(150), codes);
            let many: Vec<_> = (0..20).map(sheet).collect();
            let more = (write(&many).unwrap().len() - write(&many[..10]).unwrap().len()) / 10;
            assert!(more <= room_for(&many[0]), "{more}");
        }
    }
}
