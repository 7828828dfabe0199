//! Chooses fonts for characters that the built-in faces lack.

use std::collections::BTreeSet;
use std::sync::Arc;

use harfrust::font::Source;
use harfrust::font::attribute::Style;
use harfrust::font::glyph::outline::{DrawMemory, DrawOptions, PathSink};
use harfrust::{Font, GlyphId, Tag};
use unicode_normalization::char::is_combining_mark;

use crate::model::font::Face;

/// More fonts than one page has scripts.
const MOST: usize = 8;

/// As few of these faces as have all the characters that any of them has; upright and of usual weight
/// before others, then in their order.
pub fn choose(mut lacking: BTreeSet<char>, faces: Vec<Face>) -> Vec<Font> {
    let with_marks = lacking.iter().any(|c| is_combining_mark(*c));
    let mut candidates: Vec<(bool, Font, BTreeSet<char>)> = faces
        .into_iter()
        .filter_map(|face| {
            let font = open(Arc::clone(&face))?;
            let named = lacking.iter().copied();
            let named: BTreeSet<char> = named.filter(|c| glyph(&font, *c).is_some()).collect();
            // Many fonts have marks and cannot put them onto letters.
            let is_able = !with_marks || places_marks(&face);
            (!named.is_empty()).then_some((is_able, font, named))
        })
        .collect();
    candidates.sort_by_key(|(is_able, font, _)| (!is_able, !is_plain(font)));
    let mut chosen = Vec::new();
    while chosen.len() < MOST {
        let useful = |named: &BTreeSet<char>| named.intersection(&lacking).count();
        // The last of the largest, backwards: the first of them.
        let backwards = candidates.iter().enumerate().rev();
        let best = backwards.max_by_key(|(_, (is_able, _, named))| {
            let is_useful = useful(named) > 0;
            (is_useful && *is_able, useful(named))
        });
        let Some((number, _)) = best.filter(|(_, (_, _, named))| useful(named) > 0) else {
            break;
        };
        let (_, font, mut named) = candidates.remove(number);
        // Only now its outlines are read, which are many megabytes in some.
        named.retain(|c| lacking.contains(c) && has(&font, *c));
        if !named.is_empty() {
            lacking.retain(|c| !named.contains(c));
            chosen.push(font);
        }
    }
    chosen
}

fn open(face: Face) -> Option<Font> {
    type Read = dyn Fn(Tag) -> Option<harfrust::font::Blob> + Send + Sync;
    let read: Arc<Read> = Arc::new(move |tag: Tag| face(tag.to_be_bytes()).map(Into::into));
    Font::new(Source::from(read), 0)
}

/// Whether a font says where marks stand on letters: by the feature `mark` of its table GPOS (OpenType,
/// "GPOS", "Feature List Table").
fn places_marks(face: &Face) -> bool {
    let Some(table) = face(*b"GPOS") else {
        return false;
    };
    let number = |at: usize| {
        let bytes = table.get(at..at + 2)?;
        Some(usize::from(bytes[0]) << 8 | usize::from(bytes[1]))
    };
    let Some(list) = number(6) else {
        return false;
    };
    let count = number(list).unwrap_or(0);
    let tag = |feature: usize| table.get(list + 2 + 6 * feature..list + 6 + 6 * feature);
    (0..count).any(|feature| tag(feature) == Some(b"mark"))
}

fn is_plain(font: &Font) -> bool {
    let attributes = font.default_attributes();
    attributes.style == Style::Normal && (350.0..=450.0).contains(&attributes.weight.value())
}

/// The glyph that a font names for a character.
fn glyph(font: &Font, c: char) -> Option<GlyphId> {
    let glyph = font.charmap().map_unicode(c);
    glyph.filter(|id| id.to_u32() != 0)
}

/// Whether a font can draw a character: with an outline, which pictures in colours have not, and not as
/// nothing.
pub fn has(font: &Font, c: char) -> bool {
    let outline = glyph(font, c).and_then(|glyph| font.outline_glyphs().get(glyph));
    outline.is_some_and(|outline| {
        let mut seen = Seen(false);
        let drawn = outline.draw(&DrawOptions::new(), DrawMemory::Scratch, &mut seen);
        drawn.is_ok() && (seen.0 || c.is_whitespace())
    })
}

/// Whether anything was drawn.
struct Seen(bool);

impl PathSink for Seen {
    fn move_to(&mut self, _: f32, _: f32) {}

    fn line_to(&mut self, _: f32, _: f32) {
        self.0 = true;
    }

    fn quad_to(&mut self, _: f32, _: f32, _: f32, _: f32) {
        self.0 = true;
    }

    fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, _: f32, _: f32) {
        self.0 = true;
    }

    fn close(&mut self) {}
}
