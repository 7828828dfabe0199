//! The faces the page is set in; they are part of the file.
//!
//! The faces every viewer has would make it smaller, but genpdf writes them with two bytes per
//! character where those have one, and half of the viewers then leave a gap after each letter.

use genpdf::error::Error;
use genpdf::fonts::{Font, FontCache, FontData, FontFamily};
use genpdf::style::Style;
use genpdf::{Document, Mm};

const SANS: &[u8] = include_bytes!("../fonts/sans.ttf");
const SANS_BOLD: &[u8] = include_bytes!("../fonts/sans-bold.ttf");
const MONO: &[u8] = include_bytes!("../fonts/mono.ttf");
const MONO_BOLD: &[u8] = include_bytes!("../fonts/mono-bold.ttf");

/// What text is set in.
#[derive(Clone, Copy)]
pub struct Faces {
    text: FontFamily<Font>,
    code: FontFamily<Font>,
}

impl Faces {
    /// An empty document and the faces in it.
    pub fn load() -> Result<(Document, Self), Error> {
        // A document embeds each member of a family, so the two families of upright faces go in
        // as one of four, and nothing is embedded twice.
        let document = Document::new(FontFamily {
            regular: face(SANS)?,
            bold: face(SANS_BOLD)?,
            italic: face(MONO)?,
            bold_italic: face(MONO_BOLD)?,
        });
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
        let (document, faces) = Faces::load().unwrap();
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
        let (document, faces) = Faces::load().unwrap();
        let cache = document.font_cache();
        for style in [faces.code(9), faces.code(9).bold()] {
            let width = faces.code(9).char_width(cache, '0');
            for c in '-'..='z' {
                assert_eq!(style.char_width(cache, c), width, "{c}");
            }
        }
    }
}
