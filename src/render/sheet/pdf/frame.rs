//! The margins of every page and the line at its foot.

use genpdf::error::Error;
use genpdf::render::Area;
use genpdf::style::Style;
use genpdf::{Context, Margins, PageDecorator, Position};

/// Millimetres of A4 without the margins.
pub const WIDTH: f64 = 170.0;
pub const HEIGHT: f64 = 247.0;

const TOP: f64 = 17.0;
const SIDE: f64 = 20.0;
/// Letter paper is 18 mm shorter than A4: nothing stands so low that it would be cut off there.
const BOTTOM: f64 = 33.0;
const FOOT: f64 = 267.0;

/// Says on every page which sheet it belongs to.
pub struct Frame {
    pub foot: String,
    pub style: Style,
    pub pages: usize,
}

impl PageDecorator for Frame {
    fn decorate_page<'a>(
        &mut self,
        context: &Context,
        mut area: Area<'a>,
        _: Style,
    ) -> Result<Area<'a>, Error> {
        self.pages += 1;
        let foot = format!("{}, page {}", self.foot, self.pages);
        area.print_str(
            &context.font_cache,
            Position::new(SIDE, FOOT),
            self.style,
            foot,
        )?;
        area.add_margins(Margins::trbl(TOP, SIDE, BOTTOM, SIDE));
        Ok(area)
    }
}
