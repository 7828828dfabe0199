//! What stands where on the page.

use std::sync::Arc;

use genpdf::Document;
use genpdf::error::Error as PdfError;
use genpdf::style::{Color, Style};
use zeroize::Zeroizing;

use super::faces::{Faces, has};
use super::frame::{Foot, Frame, HEIGHT, Place, Turn, WIDTH};
use super::line::Line;
use super::spelling::{lines, spelled};
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
    fill(sheets, &mut file).map_err(|error| {
        Error::new(Kind::Io, "cannot lay out the codes as pdf")
            .because(error.to_string())
            .hint("choose another format, such as txt")
    })?;
    Ok(file)
}

fn fill(sheets: &[Sheet], file: &mut Vec<u8>) -> Result<(), PdfError> {
    let (mut document, faces) = Faces::load()?;
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
    document.set_page_decorator(Frame {
        feet: sheets.iter().map(foot).collect(),
        style: faces.text(8).with_color(GREY),
        place: place.clone(),
    });
    for (number, sheet) in sheets.iter().enumerate() {
        if number > 0 {
            document.push(Turn::of(&place));
        }
        let head = head(sheet, &document, faces);
        let tail = tail(sheet, &document, faces);
        let taken: f64 = head.iter().chain(&tail).map(Line::height).sum();
        let codes = codes(sheet, faces, HEIGHT - taken);
        for line in head.into_iter().chain(codes).chain(tail) {
            document.push(line);
        }
    }
    document.render(file)
}

/// The title and the facts.
fn head(sheet: &Sheet, document: &Document, faces: Faces) -> Vec<Line> {
    let cache = document.font_cache();
    let mut head = vec![
        Line::new(12.0).text(0.0, &sheet.title(), faces.text(22).bold()),
        Line::new(4.0).rule(0.0, WIDTH, 2.0, GREY),
    ];
    let mut all_complete = true;
    let facts = sheet.facts();
    let width = |label: &str| f64::from(faces.text(10).str_width(cache, label)) + 4.0;
    let widths = facts.iter().map(|(label, _)| width(label));
    let begin = widths.fold(VALUE, f64::max);
    for (name, value) in facts {
        let style = faces.text(10);
        let (value, is_complete) = spelled(&value, |c| has(cache, style, c));
        all_complete &= is_complete;
        // Numbers are long: 150 of them still leave room for ten codes.
        let (style, height) = if is_complete {
            (style, 5.2)
        } else {
            (faces.text(8), 4.2)
        };
        let fits = |line: &str| f64::from(style.str_width(cache, line)) <= WIDTH - begin;
        let mut label = Some(name);
        for text in lines(&value, fits) {
            let line = match label.take() {
                Some(name) => Line::new(5.2).text(0.0, &name, faces.text(10).with_color(GREY)),
                None => Line::new(height),
            };
            head.push(line.text(begin, &text, style));
        }
    }
    if !all_complete {
        let note = sheet.texts.plain("sheet-numbers");
        head.push(Line::new(5.2).text(begin, &note, faces.text(8).with_color(GREY)));
    }
    head.push(Line::new(4.0));
    head
}

/// The codes in rows that share the room, as far as they are neither squeezed nor lost in it.
fn codes(sheet: &Sheet, faces: Faces, room: f64) -> Vec<Line> {
    let columns = if sheet.codes.len() > ONE_COLUMN { 2 } else { 1 };
    let rows = sheet.codes.len().div_ceil(columns);
    let height = (room / rows.max(1) as f64).clamp(6.2, 10.0);
    let used = sheet.texts.plain("sheet-used");
    let numbered: Vec<_> = (1..).zip(&sheet.codes).collect();
    numbered
        .chunks(columns)
        .map(|row| {
            let line = Line::new(height).rule(0.0, WIDTH, 0.3, LIGHT);
            if columns == 1 {
                row.iter().fold(line, |line, (number, code)| {
                    wide(line, *number, code, &used, faces)
                })
            } else {
                (0..).zip(row).fold(line, |line, (column, (number, code))| {
                    narrow(line, f64::from(column) * 86.5, *number, code, faces)
                })
            }
        })
        .collect()
}

/// A code over the whole width, with room to write the day it was used.
fn wide(line: Line, number: usize, code: &str, used: &str, faces: Faces) -> Line {
    let grey = |points| faces.text(points).with_color(GREY);
    let line = line
        .tick_box(0.0, 4.2)
        .right_text(13.5, number.to_string(), grey(10));
    code_at(
        line,
        18.0,
        code,
        faces.code(if is_long(code) { 11 } else { 13 }),
    )
    .right_text(145.0, used.to_owned(), grey(8))
    .rule(147.0, WIDTH, 2.2, GREY)
}

fn narrow(line: Line, left: f64, number: usize, code: &str, faces: Faces) -> Line {
    let grey = faces.text(8).with_color(GREY);
    let line = line
        .tick_box(left, 3.2)
        .right_text(left + 11.0, number.to_string(), grey);
    code_at(
        line,
        left + 13.0,
        code,
        faces.code(if is_long(code) { 7 } else { 8 }),
    )
}

/// Whether a code has more than six groups, and wants smaller letters.
fn is_long(code: &str) -> bool {
    code.len() > 41
}

fn code_at(line: Line, at: f64, code: &str, style: Style) -> Line {
    let (hint, rest) = parts(code);
    line.words(at, &[(hint, style.bold()), (rest, style)])
}

/// How to use and keep the codes.
fn tail(sheet: &Sheet, document: &Document, faces: Faces) -> Vec<Line> {
    let cache = document.font_cache();
    let style = faces.text(9);
    let fits = |line: &str| f64::from(style.str_width(cache, line)) <= WIDTH - 4.0;
    let mut tail = vec![
        Line::new(4.0),
        Line::new(6.0).text(0.0, &sheet.texts.plain("sheet-how"), faces.text(11).bold()),
    ];
    for paragraph in sheet.advice() {
        for (number, text) in lines(&paragraph, fits).iter().enumerate() {
            let bullet = if number == 0 { "•" } else { "" };
            tail.push(
                Line::new(4.8)
                    .text(0.0, bullet, style)
                    .text(4.0, text, style),
            );
        }
    }
    tail
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
        let (document, faces) = Faces::load().unwrap();
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
