//! The margins of every page and the line at its foot.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use genpdf::error::Error;
use genpdf::render::Area;
use genpdf::style::Style;
use genpdf::{Context, Element, Margins, PageDecorator, RenderResult, Size};

use super::faces::Faces;
use super::line::write;
use crate::render::language::{Filling, Texts};

/// Millimetres of A4 without the margins.
pub const WIDTH: f64 = 170.0;
pub const HEIGHT: f64 = 247.0;

const TOP: f64 = 17.0;
const SIDE: f64 = 20.0;
/// Letter paper is 18 mm shorter than A4: nothing stands so low that it would be cut off there.
const BOTTOM: f64 = 33.0;
const FOOT: f64 = 270.3;

/// Which of the sheets is being laid out, and how many pages of it there are.
#[derive(Clone, Debug, Default)]
pub struct Place {
    sheet: Rc<Cell<usize>>,
    pages: Rc<Cell<usize>>,
}

/// What the line at the foot says of a sheet.
pub struct Foot {
    pub texts: Arc<Texts>,
    /// Its short id.
    pub batch: String,
}

impl Foot {
    /// The line on this page of the sheet.
    pub fn on_page(&self, page: u64) -> String {
        let batch = Filling::Text(self.batch.clone());
        let values = [("batch", batch), ("page", Filling::Number(page))];
        self.texts.say("sheet-foot", &values).plain()
    }
}

/// Says on every page which sheet it belongs to.
pub struct Frame {
    /// One for each sheet.
    pub feet: Vec<Foot>,
    pub faces: Faces,
    pub style: Style,
    pub place: Place,
}

impl PageDecorator for Frame {
    fn decorate_page<'a>(
        &mut self,
        context: &Context,
        mut area: Area<'a>,
        _: Style,
    ) -> Result<Area<'a>, Error> {
        self.place.pages.update(|pages| pages + 1);
        let page = self.place.pages.get() as u64;
        let cache = &context.font_cache;
        if let Some(foot) = self.feet.get(self.place.sheet.get()) {
            let words = self.faces.words(cache, &foot.on_page(page), self.style);
            write(cache, &area, (SIDE, FOOT), &words)?;
        }
        area.add_margins(Margins::trbl(TOP, SIDE, BOTTOM, SIDE));
        Ok(area)
    }
}

/// Between two sheets: what follows begins on a page of its own.
pub struct Turn {
    place: Place,
    is_done: bool,
}

impl Turn {
    pub fn of(place: &Place) -> Self {
        Self {
            place: place.clone(),
            is_done: false,
        }
    }
}

impl Element for Turn {
    fn render(&mut self, _: &Context, _: Area<'_>, _: Style) -> Result<RenderResult, Error> {
        let has_more = !std::mem::replace(&mut self.is_done, true);
        if has_more {
            self.place.sheet.update(|sheet| sheet + 1);
            self.place.pages.set(0);
        }
        Ok(RenderResult {
            size: Size::new(0, 0),
            has_more,
        })
    }
}
