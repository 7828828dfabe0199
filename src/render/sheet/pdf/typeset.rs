//! Text in any script becomes pieces in the order in which they are drawn.
//!
//! What the built-in faces have is set as it is. The rest is shaped in a font that has it, by the
//! rules of its script and in its direction (Unicode Standard Annex 9).

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use genpdf::error::Error;
use harfrust::{Buffer, Direction, Font, ShapeOptions, ShaperFont, shape};
use unicode_bidi::ParagraphBidiInfo;
use unicode_normalization::char::is_combining_mark;

use super::chosen::has;
use super::measure::{Characters, EM, Placed};

/// Sets text with these fonts beside the built-in faces.
#[derive(Default)]
pub struct Typesetter {
    fonts: Vec<Font>,
    characters: RefCell<Characters>,
    lacking: RefCell<BTreeSet<char>>,
}

/// Text in one face.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    /// In the built-in one.
    BuiltIn(String),
    /// In the one made to measure, in its characters, so many units of [`EM`] wide.
    Measured(String, i32),
}

/// Characters that one font draws in a row, or the built-in face.
type Stretch = (Option<usize>, Range<usize>);

impl Typesetter {
    /// One with these fonts.
    pub fn with(fonts: Vec<Font>) -> Self {
        Self {
            fonts,
            ..Self::default()
        }
    }

    /// Whether one of its fonts has a character. What none has is remembered.
    pub fn has(&self, c: char) -> bool {
        let is_there = self.font_of(c, None).is_some();
        if !is_there {
            self.lacking.borrow_mut().insert(c);
        }
        is_there
    }

    /// What was asked for and no font has.
    pub fn lacking(&self) -> BTreeSet<char> {
        self.lacking.borrow().clone()
    }

    /// The font file with all that was set by now, if it was not all built-in.
    ///
    /// # Errors
    /// As [`Characters::face`].
    pub fn face(&self) -> Result<Option<Vec<u8>>, Error> {
        let characters = self.characters.borrow();
        match characters.is_empty() {
            true => Ok(None),
            false => characters.face(&self.fonts).map(Some),
        }
    }

    /// The pieces of a line, from left to right. Every character is in the built-in face or in one of
    /// the fonts; where one cannot be set all the same, the answer is none.
    pub fn line(&self, text: &str, is_built_in: impl Fn(char) -> bool) -> Option<Vec<Piece>> {
        if text.chars().all(&is_built_in) {
            return Some(vec![Piece::BuiltIn(text.to_owned())]);
        }
        let order = ParagraphBidiInfo::new(text, None);
        let (levels, runs) = order.visual_runs(0..text.len());
        let mut pieces = Vec::new();
        for run in runs {
            let is_backward = levels[run.start].is_rtl();
            let mut stretches = self.stretches(text, run, &is_built_in)?;
            if is_backward {
                stretches.reverse();
            }
            for (font, range) in stretches {
                let text = &text[range];
                pieces.push(match font {
                    Some(font) => self.shaped(font, text, is_backward)?,
                    None if is_backward => Piece::BuiltIn(text.chars().rev().map(mirror).collect()),
                    None => Piece::BuiltIn(text.to_owned()),
                });
            }
        }
        Some(pieces)
    }

    /// Which font draws what in a run of one direction; none where a mark and its letter are in no one
    /// font.
    fn stretches(
        &self,
        text: &str,
        run: Range<usize>,
        is_built_in: &impl Fn(char) -> bool,
    ) -> Option<Vec<Stretch>> {
        let mut stretches: Vec<Stretch> = Vec::new();
        for (at, c) in text[run.clone()].char_indices() {
            let here = run.start + at..run.start + at + c.len_utf8();
            let before = stretches.last().and_then(|(font, _)| *font);
            let font = match is_built_in(c) {
                true => None,
                false => self.font_of(c, before),
            };
            match (stretches.last_mut(), font) {
                (Some((same, range)), _) if *same == font => range.end = here.end,
                // A mark is drawn on its letter, by whoever draws that.
                (Some((None, range)), Some(number)) if is_combining_mark(c) => {
                    let letter = letter_at_end(&text[range.clone()]);
                    let start = range.end - letter.len();
                    if !letter.chars().all(|c| has(&self.fonts[number], c)) {
                        return None;
                    }
                    range.end = start;
                    stretches.retain(|(_, range)| !range.is_empty());
                    stretches.push((font, start..here.end));
                }
                _ => stretches.push((font, here)),
            }
        }
        Some(stretches)
    }

    /// A font that has the character: the one before it if it can be, for marks belong to their letters.
    fn font_of(&self, c: char, before: Option<usize>) -> Option<usize> {
        let is_of = |font: &usize| has(&self.fonts[*font], c);
        before
            .filter(is_of)
            .or_else(|| (0..self.fonts.len()).find(is_of))
    }

    fn shaped(&self, font: usize, text: &str, is_backward: bool) -> Option<Piece> {
        let mut buffer = Buffer::new();
        buffer.push_str(text);
        buffer.set_direction(match is_backward {
            true => Direction::RightToLeft,
            false => Direction::LeftToRight,
        });
        buffer.guess_segment_properties();
        let shaper = ShaperFont::new(&self.fonts[font]).with_scale(i32::from(EM));
        shape(&shaper, &mut buffer, ShapeOptions::new()).ok()?;
        let clusters: Vec<usize> = buffer
            .glyph_infos()
            .iter()
            .map(|info| info.cluster as usize)
            .collect();
        let mut characters = self.characters.borrow_mut();
        let (mut set, mut width) = (String::new(), 0);
        let glyphs = buffer.glyph_infos().iter().zip(buffer.glyph_positions());
        for (number, (info, position)) in glyphs.enumerate() {
            let placed = Placed {
                font,
                glyph: info.glyph_id,
                advance: position.x_advance.max(0),
                offset: (position.x_offset, position.y_offset),
            };
            set.push(characters.of(placed, alone(text, &clusters, number))?);
            width += placed.advance;
        }
        Some(Piece::Measured(set, width))
    }
}

/// The last letter of a text with the marks on it.
fn letter_at_end(text: &str) -> &str {
    let letter = text.char_indices().rfind(|(_, c)| !is_combining_mark(*c));
    letter.map_or(text, |(start, _)| &text[start..])
}

/// The one character for which the one glyph of a cluster stands.
fn alone(text: &str, clusters: &[usize], number: usize) -> Option<char> {
    let begin = clusters[number];
    let end = clusters.iter().filter(|other| **other > begin).min();
    let mut of_cluster = text[begin..*end.unwrap_or(&text.len())].chars();
    let is_one = clusters.iter().filter(|other| **other == begin).count() == 1;
    match (of_cluster.next(), of_cluster.next()) {
        (Some(c), None) if is_one => Some(c),
        _ => None,
    }
}

/// A bracket as it is drawn from right to left.
fn mirror(c: char) -> char {
    const PAIRS: [(char, char); 6] = [
        ('(', ')'),
        ('[', ']'),
        ('{', '}'),
        ('<', '>'),
        ('«', '»'),
        ('‹', '›'),
    ];
    for (left, right) in PAIRS {
        if c == left {
            return right;
        }
        if c == right {
            return left;
        }
    }
    c
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One with the built-in face for words, of which only ASCII is taken for built-in.
    fn typesetter() -> Typesetter {
        let sans: &'static [u8] = include_bytes!("../fonts/sans.ttf");
        Typesetter::with(vec![Font::new(sans, 0).unwrap()])
    }

    fn line(typesetter: &Typesetter, text: &str) -> Vec<Piece> {
        typesetter.line(text, |c| c.is_ascii()).unwrap()
    }

    #[test]
    fn what_is_built_in_stays_and_the_rest_is_made_to_measure() {
        let typesetter = typesetter();
        assert_eq!(line(&typesetter, "Max"), [Piece::BuiltIn("Max".to_owned())]);
        assert_eq!(typesetter.face().unwrap(), None);
        let pieces = line(&typesetter, "Max Жук (Ж)");
        let [
            Piece::BuiltIn(max),
            Piece::Measured(beetle, wide),
            ..,
            Piece::BuiltIn(end),
        ] = &pieces[..]
        else {
            panic!("{pieces:?}");
        };
        assert_eq!(
            (max.as_str(), beetle.as_str(), end.as_str()),
            ("Max ", "Жук", ")")
        );
        let face: &'static [u8] = typesetter.face().unwrap().unwrap().leak();
        let (made, of) = (Font::new(face, 0).unwrap(), &typesetter.fonts[0]);
        let width = |font: &Font, c: char| {
            let glyph = font.charmap().map_unicode(c).unwrap();
            font.glyph_metrics().h_advance(glyph) as i32
        };
        let widths = "Жук".chars().map(|c| width(of, c));
        assert_eq!(widths.sum::<i32>(), *wide);
        for c in "Жук".chars() {
            assert_eq!(width(&made, c), width(of, c), "{c}");
            assert!(has(&made, c));
        }
        assert_eq!(made.num_glyphs(), 2 + 3);
    }

    #[test]
    fn a_mark_takes_its_letter_along() {
        let typesetter = typesetter();
        // The font has the letter, but is said to be needed for the mark alone.
        let built_in = |c: char| c.is_ascii();
        assert_eq!(letter_at_end("ab\u{300}\u{301}"), "b\u{300}\u{301}");
        let stretches = typesetter.stretches("xab\u{483}y", 0..6, &built_in);
        assert!(has(&typesetter.fonts[0], 'b'));
        match has(&typesetter.fonts[0], '\u{483}') {
            true => assert_eq!(
                stretches.unwrap(),
                [(None, 0..2), (Some(0), 2..5), (None, 5..6)]
            ),
            false => assert_eq!(stretches.unwrap(), [(None, 0..6)]),
        }
    }

    #[test]
    fn what_no_font_has_is_remembered() {
        let typesetter = typesetter();
        assert!(typesetter.has('Ж') && !typesetter.has('李') && !typesetter.has('م'));
        assert_eq!(typesetter.lacking(), BTreeSet::from(['李', 'م']));
    }

    #[test]
    fn a_glyph_has_one_character_and_a_character_one_glyph() {
        let mut characters = Characters::default();
        let placed = |glyph, advance| Placed {
            font: 0,
            glyph,
            advance,
            offset: (0, 0),
        };
        let mut of = |glyph, advance, c| characters.of(placed(glyph, advance), c).unwrap();
        assert_eq!(of(7, 100, Some('ب')), 'ب');
        assert_eq!(of(7, 100, None), 'ب');
        // Another form of the letter, the letter with another width, a picture beyond 16 bits.
        assert_eq!(of(8, 100, Some('ب')), '\u{e000}');
        assert_eq!(of(7, 90, Some('ب')), '\u{e001}');
        assert_eq!(of(9, 100, Some('😀')), '\u{e002}');
        // A mark that is only another name for one.
        assert_eq!(of(10, 100, Some('\u{e003}')), '\u{e003}');
        assert_eq!(of(11, 100, None), '\u{e004}');
    }

    #[test]
    fn brackets_open_the_way_the_text_runs() {
        let mirrored: String = "a(<[»".chars().rev().map(mirror).collect();
        assert_eq!(mirrored, "«]>)a");
    }
}
