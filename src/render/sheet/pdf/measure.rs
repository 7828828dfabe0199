//! A face made to measure: each glyph as a shaper placed it is one character of a small font of its own.
//!
//! genpdf embeds whole fonts, writes a glyph for each character and knows nothing of shaping. So what
//! other fonts draw is shaped first; then the outlines that were used, moved to where they belong and
//! as wide as they turned out, become a font that genpdf writes character by character. Whatever
//! format the outlines had, they are TrueType then, which is all that genpdf can embed.

use std::collections::{BTreeMap, BTreeSet};

use genpdf::error::{Error, ErrorKind};
use harfrust::font::glyph::outline::{DrawMemory, DrawOptions, PathSink};
use harfrust::{Font, GlyphId};
use kurbo::{BezPath, PathEl, Point, Vec2};
use write_fonts::FontBuilder;
use write_fonts::tables::cmap::Cmap;
use write_fonts::tables::glyf::{GlyfLocaBuilder, Glyph, SimpleGlyph};
use write_fonts::tables::head::Head;
use write_fonts::tables::hhea::Hhea;
use write_fonts::tables::hmtx::{Hmtx, LongMetric};
use write_fonts::tables::loca::LocaFormat;
use write_fonts::tables::maxp::Maxp;

/// Units of the em, as in the built-in faces.
pub const EM: u16 = 2048;
/// Where the built-in faces end above and below, so that letters of both stand on one line.
const ASCENT: i16 = 1901;
const DESCENT: i16 = -483;

/// How far from its place an outline may reach, in units: half of what the format can say.
const FURTHEST: f64 = 16_000.0;

const SPACE: char = ' ';

/// How far a quadratic curve may be from the cubic one that it stands for, in units.
const ACCURACY: f64 = 1.0;

/// A glyph as it is placed: of which font, how wide, and how far from its place; in units of [`EM`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Placed {
    pub font: usize,
    pub glyph: u32,
    pub advance: i32,
    pub offset: (i32, i32),
}

/// The characters of the face so far.
#[derive(Debug, Default)]
pub struct Characters {
    by_glyph: BTreeMap<Placed, char>,
    taken: BTreeSet<char>,
}

impl Characters {
    /// The character that stands for a glyph: the one it was shaped for if that is free, so that it is
    /// copied from the page as what it is, else one for private use. None where all are used up.
    pub fn of(&mut self, placed: Placed, shaped_for: Option<char>) -> Option<char> {
        if let Some(c) = self.by_glyph.get(&placed) {
            return Some(*c);
        }
        // Beyond these genpdf writes numbers that no reader understands.
        let own = shaped_for.filter(|c| *c <= '\u{ffff}' && *c != SPACE && !self.taken.contains(c));
        let private = || ('\u{e000}'..='\u{f8ff}').find(|c| !self.taken.contains(c));
        let c = own.or_else(private)?;
        self.taken.insert(c);
        self.by_glyph.insert(placed, c);
        Some(c)
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.by_glyph.is_empty()
    }

    /// The font file with these characters.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidFont`] where an outline cannot be drawn or written.
    pub fn face(&self, fonts: &[Font]) -> Result<Vec<u8>, Error> {
        self.write(fonts).map_err(|why| {
            let why = format!("a font of this machine cannot be used: {why}");
            Error::new(why, ErrorKind::InvalidFont)
        })
    }

    fn write(&self, fonts: &[Font]) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
        let mut glyphs = GlyfLocaBuilder::new();
        // One for what is not there, and a space, without which a face would have no characters at all.
        glyphs.add_glyph(&Glyph::Empty)?.add_glyph(&Glyph::Empty)?;
        let mut widths = vec![LongMetric::new(EM / 2, 0); 2];
        let mut mappings = vec![(SPACE, write_fonts::types::GlyphId::new(1))];
        let (mut points, mut contours) = (0, 0);
        for (number, (placed, c)) in (2..).zip(&self.by_glyph) {
            let path = outline(&fonts[placed.font], *placed)?;
            let left = match path.is_empty() {
                true => 0.0,
                false => {
                    let around = path.control_box();
                    let furthest = [around.x0, around.y0, around.x1, around.y1];
                    if furthest.iter().any(|at| at.abs() > FURTHEST) {
                        return Err("a letter is larger than any".into());
                    }
                    around.x0.round()
                }
            };
            if path.is_empty() {
                glyphs.add_glyph(&Glyph::Empty)?;
            } else {
                let glyph = SimpleGlyph::from_bezpath(&path).map_err(|why| format!("{why:?}"))?;
                let all: usize = glyph.contours.iter().map(|contour| contour.len()).sum();
                points = points.max(u16::try_from(all)?);
                contours = contours.max(u16::try_from(glyph.contours.len())?);
                glyphs.add_glyph(&glyph)?;
            }
            let advance = u16::try_from(placed.advance.max(0))?;
            widths.push(LongMetric::new(advance, left as i16));
            mappings.push((*c, write_fonts::types::GlyphId::new(number)));
        }
        let (glyf, loca, format) = glyphs.build();
        let count = u16::try_from(widths.len())?;
        let head = Head {
            units_per_em: EM,
            index_to_loc_format: i16::from(format == LocaFormat::Long),
            magic_number: 0x5f0f_3cf5,
            ..Head::default()
        };
        let hhea = Hhea {
            ascender: ASCENT.into(),
            descender: DESCENT.into(),
            number_of_h_metrics: count,
            ..Hhea::default()
        };
        let maxp = Maxp {
            max_points: Some(points),
            max_contours: Some(contours),
            ..none_but_glyphs(count)
        };
        let mut font = FontBuilder::new();
        font.add_table(&head)?
            .add_table(&hhea)?
            .add_table(&maxp)?
            .add_table(&Hmtx::new(widths, Vec::new()))?
            .add_table(&Cmap::from_mappings(mappings).map_err(|why| format!("{why:?}"))?)?
            .add_table(&glyf)?
            .add_table(&loca)?;
        Ok(font.build())
    }
}

/// A table of limits for glyphs without instructions and components.
fn none_but_glyphs(count: u16) -> Maxp {
    Maxp {
        num_glyphs: count,
        max_points: Some(0),
        max_contours: Some(0),
        max_composite_points: Some(0),
        max_composite_contours: Some(0),
        max_zones: Some(2),
        max_twilight_points: Some(0),
        max_storage: Some(0),
        max_function_defs: Some(0),
        max_instruction_defs: Some(0),
        max_stack_elements: Some(0),
        max_size_of_instructions: Some(0),
        max_component_elements: Some(0),
        max_component_depth: Some(0),
    }
}

/// What a glyph looks like at its place, in units of [`EM`], without cubic curves.
fn outline(font: &Font, placed: Placed) -> Result<BezPath, String> {
    let mut pen = Pen::default();
    if let Some(glyph) = font.outline_glyphs().get(GlyphId::new(placed.glyph)) {
        let options = DrawOptions::new().with_ppem(Some(f32::from(EM)));
        glyph
            .draw(&options, DrawMemory::Scratch, &mut pen)
            .map_err(|error| format!("{error:?}"))?;
    }
    let (x, y) = placed.offset;
    let offset = Vec2::new(f64::from(x), f64::from(y));
    Ok(quadratic(&pen.0, offset))
}

fn quadratic(path: &BezPath, offset: Vec2) -> BezPath {
    let mut here = Point::ZERO;
    let mut all = BezPath::new();
    for element in path {
        let element = kurbo::Affine::translate(offset) * element;
        match element {
            PathEl::CurveTo(one, two, end) => {
                let curve = kurbo::CubicBez::new(here, one, two, end);
                for (_, _, quad) in curve.to_quads(ACCURACY) {
                    all.push(PathEl::QuadTo(quad.p1, quad.p2));
                }
            }
            other => all.push(other),
        }
        here = element.end_point().unwrap_or(here);
    }
    all
}

#[derive(Default)]
struct Pen(BezPath);

impl PathSink for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(at(x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(at(x, y));
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        self.0.quad_to(at(cx0, cy0), at(x, y));
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.0.curve_to(at(cx0, cy0), at(cx1, cy1), at(x, y));
    }

    fn close(&mut self) {
        self.0.close_path();
    }
}

fn at(x: f32, y: f32) -> Point {
    Point::new(f64::from(x), f64::from(y))
}
