//! The faces the page is set in; they are part of the file.
//!
//! The faces every viewer has would make it smaller, but genpdf writes them with two bytes per
//! character where those have one, and half of the viewers then leave a gap after each letter.

use std::rc::Rc;

use genpdf::error::Error;
use genpdf::fonts::{Font, FontCache, FontData, FontFamily};
use genpdf::style::Style;
use genpdf::{Document, Mm};

use unicode_normalization::char::is_combining_mark;

use super::measure::{Characters, EM};
use super::spelling::spelled;
use super::typeset::{Piece, Typesetter};

const SANS: &[u8] = include_bytes!("../fonts/sans.ttf");
const SANS_BOLD: &[u8] = include_bytes!("../fonts/sans-bold.ttf");
const MONO: &[u8] = include_bytes!("../fonts/mono.ttf");
const MONO_BOLD: &[u8] = include_bytes!("../fonts/mono-bold.ttf");

/// What text is set in.
#[derive(Clone)]
pub struct Faces {
    text: FontFamily<Font>,
    code: FontFamily<Font>,
    /// Made to measure for what the others lack.
    measured: Option<FontFamily<Font>>,
    typesetter: Rc<Typesetter>,
}

/// Text and what it is set in.
pub type Word = (String, Style);

impl Faces {
    /// An empty document and the faces in it.
    pub fn load(typesetter: &Rc<Typesetter>) -> Result<(Document, Self), Error> {
        // A document embeds each member of a family, so the two families of upright faces go in
        // as one of four, and nothing is embedded twice.
        let mut document = Document::new(FontFamily {
            regular: face(SANS)?,
            bold: face(SANS_BOLD)?,
            italic: face(MONO)?,
            bold_italic: face(MONO_BOLD)?,
        });
        let measured = match typesetter.face()? {
            None => None,
            Some(data) => {
                let empty = FontData::new(Characters::default().face(&[])?, None)?;
                Some(document.add_font_family(FontFamily {
                    regular: FontData::new(data, None)?,
                    bold: empty.clone(),
                    italic: empty.clone(),
                    bold_italic: empty,
                }))
            }
        };
        let all = document.font_cache().default_font_family();
        let upright = |regular, bold| FontFamily {
            regular,
            bold,
            italic: regular,
            bold_italic: bold,
        };
        let faces = Self {
            text: upright(all.regular, all.bold),
            code: upright(all.italic, all.bold_italic),
            measured,
            typesetter: Rc::clone(typesetter),
        };
        Ok((document, faces))
    }

    /// For words: Latin, Greek, Cyrillic, Armenian and Georgian; in bold ASCII alone.
    pub fn text(&self, points: u8) -> Style {
        Style::new()
            .with_font_family(self.text)
            .with_font_size(points)
    }

    /// For codes: ASCII, every character equally wide, none like another.
    pub fn code(&self, points: u8) -> Style {
        Style::new()
            .with_font_family(self.code)
            .with_font_size(points)
    }

    /// Text with the number of each character that can be drawn neither in the built-in face for words
    /// nor in one of this machine, and whether there was one.
    pub fn spelled(&self, cache: &FontCache, text: &str) -> (String, bool) {
        let style = self.text(10);
        let is_built_in = |c| has(cache, style, c);
        // The letter below a mark is wanted in the mark's font, too.
        let mut letter = None;
        for c in text.chars() {
            if !is_combining_mark(c) {
                letter = Some(c);
            } else if let Some(letter) = letter.filter(|_| !is_built_in(c)) {
                self.typesetter.has(letter);
            }
        }
        spelled(text, |c| is_built_in(c) || self.typesetter.has(c))
    }

    /// A line of text in the order in which it is drawn.
    pub fn words(&self, cache: &FontCache, text: &str, style: Style) -> Vec<Word> {
        let word = |piece| match piece {
            Piece::BuiltIn(text) => {
                let style = self.full(cache, &text, style);
                (text, style)
            }
            Piece::Measured(text, _) => {
                let family = self.measured.unwrap_or(self.text);
                (text, plain(family, style))
            }
        };
        self.pieces(cache, text).into_iter().map(word).collect()
    }

    /// How wide a line of text is, in millimetres.
    pub fn width(&self, cache: &FontCache, text: &str, style: Style) -> f64 {
        let width = |piece: &Piece| match piece {
            Piece::BuiltIn(text) => f64::from(self.full(cache, text, style).str_width(cache, text)),
            Piece::Measured(_, units) => {
                f64::from(style.font_size()) * f64::from(*units) / f64::from(EM) * POINT
            }
        };
        self.pieces(cache, text).iter().map(width).sum()
    }

    fn pieces(&self, cache: &FontCache, text: &str) -> Vec<Piece> {
        let (text, _) = self.spelled(cache, text);
        let plain = self.text(10);
        let is_built_in = |c| has(cache, plain, c);
        let set = self.typesetter.line(&text, is_built_in);
        set.unwrap_or_else(|| vec![Piece::BuiltIn(spelled(&text, is_built_in).0)])
    }

    /// The same style, or the one that is not bold where bold lacks something.
    fn full(&self, cache: &FontCache, text: &str, style: Style) -> Style {
        match text.chars().all(|c| has(cache, style, c)) {
            true => style,
            false => plain(self.text, style),
        }
    }
}

/// Millimetres of a point.
const POINT: f64 = 25.4 / 72.0;

/// The regular face of a family, in size and colour like this.
fn plain(family: FontFamily<Font>, like: Style) -> Style {
    let style = Style::new()
        .with_font_family(family)
        .with_font_size(like.font_size());
    match like.color() {
        Some(color) => style.with_color(color),
        None => style,
    }
}

/// Whether a face has a glyph for a character.
pub fn has(cache: &FontCache, style: Style, c: char) -> bool {
    cache.get_rt_font(style.font(cache)).glyph(c).id().0 != 0
}

/// How far it is from the top of a line of text to the foot of its letters.
pub fn drop_of(cache: &FontCache, style: Style) -> Mm {
    style.font(cache).glyph_height(style.font_size())
}

fn face(data: &[u8]) -> Result<FontData, Error> {
    FontData::new(data.to_vec(), None)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn every_glyph_is_copied_as_the_character_it_was_printed_for() {
        let (document, faces) = Faces::load(&Rc::default()).unwrap();
        let cache = document.font_cache();
        for style in [faces.text(9), faces.code(9), faces.code(9).bold()] {
            let font = style.font(cache);
            let mut seen = HashMap::new();
            for c in ('\u{20}'..='\u{ffff}').filter(|c| has(cache, style, *c)) {
                let glyph = font.glyph_ids(cache, [c])[0];
                assert_eq!(seen.insert(glyph, c), None, "{c}");
            }
            for c in ' '..='~' {
                assert!(has(cache, style, c), "{c}");
            }
        }
    }

    #[test]
    fn every_character_of_a_code_is_equally_wide() {
        let (document, faces) = Faces::load(&Rc::default()).unwrap();
        let cache = document.font_cache();
        for style in [faces.code(9), faces.code(9).bold()] {
            let width = faces.code(9).char_width(cache, '0');
            for c in '-'..='z' {
                assert_eq!(style.char_width(cache, c), width, "{c}");
            }
        }
    }
}
