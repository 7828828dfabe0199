//! A line of the page: words, boxes to tick and rules, at their places.

use genpdf::error::Error;
use genpdf::fonts::FontCache;
use genpdf::render::Area;
use genpdf::style::{Color, Style};
use genpdf::{Context, Element, Mm, Position, RenderResult, Size};
use zeroize::Zeroizing;

use super::faces::drop_of;

/// Stands on a page as a whole; what no longer fits goes to the next page. Lengths are in
/// millimetres.
pub struct Line {
    height: f64,
    items: Vec<Item>,
}

enum Item {
    /// One word or more, each in its own style, without a gap between them.
    Text {
        at: f64,
        words: Vec<(Zeroizing<String>, Style)>,
    },
    TickBox {
        at: f64,
        side: f64,
    },
    /// From here to there, this far above the foot of the line.
    Rule {
        from: f64,
        to: f64,
        above: f64,
        color: Color,
    },
}

/// Letters stand this far above the foot of their line, as a part of its height.
const FOOT: f64 = 0.3;

impl Line {
    /// An empty line.
    pub fn new(height: f64) -> Self {
        Self {
            height,
            items: Vec::new(),
        }
    }

    /// Its height.
    pub fn height(&self) -> f64 {
        self.height
    }

    /// With words in several styles from this place on, without a gap between them.
    pub fn words(mut self, at: f64, words: &[(impl AsRef<str>, Style)]) -> Self {
        let words = words
            .iter()
            .map(|(text, style)| (Zeroizing::new(text.as_ref().to_owned()), *style))
            .collect();
        self.items.push(Item::Text { at, words });
        self
    }

    /// With a square to tick, on the foot of the letters.
    pub fn tick_box(mut self, at: f64, side: f64) -> Self {
        self.items.push(Item::TickBox { at, side });
        self
    }

    /// With a rule from one place to another, this far above the foot of the line.
    pub fn rule(mut self, from: f64, to: f64, above: f64, color: Color) -> Self {
        self.items.push(Item::Rule {
            from,
            to,
            above,
            color,
        });
        self
    }

    fn draw(&self, context: &Context, area: &Area<'_>) -> Result<(), Error> {
        let cache = &context.font_cache;
        let base = self.height * (1.0 - FOOT);
        for item in &self.items {
            match item {
                Item::Text { at, words } => {
                    write(cache, area, (*at, base), words)?;
                }
                Item::TickBox { at, side } => {
                    let foot = base + side * 0.15;
                    let corners = [
                        (0.0, 0.0),
                        (*side, 0.0),
                        (*side, *side),
                        (0.0, *side),
                        (0.0, 0.0),
                    ];
                    let points = corners.map(|(x, y)| place(at + x, foot - y));
                    area.draw_line(points.to_vec(), Color::Greyscale(90).into());
                }
                Item::Rule {
                    from,
                    to,
                    above,
                    color,
                } => {
                    let y = self.height - above;
                    area.draw_line(vec![place(*from, y), place(*to, y)], (*color).into());
                }
            }
        }
        Ok(())
    }
}

/// Writes words from left to right; the feet of their letters are this far from the top of the area.
pub fn write(
    cache: &FontCache,
    area: &Area<'_>,
    (at, base): (f64, f64),
    words: &[(impl AsRef<str>, Style)],
) -> Result<(), Error> {
    let Some((_, style)) = words.first() else {
        return Ok(());
    };
    // genpdf counts from the top of the letters; letters of two sizes share their foot.
    let place = Position::new(at, Mm::from(base) - drop_of(cache, *style));
    if let Some(mut section) = area.text_section(cache, place, *style) {
        for (text, style) in words {
            section.print_str(text.as_ref(), *style)?;
        }
    }
    Ok(())
}

impl Element for Line {
    fn render(
        &mut self,
        context: &Context,
        area: Area<'_>,
        _: Style,
    ) -> Result<RenderResult, Error> {
        let size = Size::new(area.size().width, Mm::from(self.height));
        if size.height > area.size().height {
            return Ok(RenderResult {
                size: Size::new(0, 0),
                has_more: true,
            });
        }
        self.draw(context, &area)?;
        Ok(RenderResult {
            size,
            has_more: false,
        })
    }
}

fn place(x: f64, y: f64) -> Position {
    Position::new(x, y)
}
