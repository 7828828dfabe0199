//! Letters: what happened, as a subject, plain text and HTML.

mod compose;
mod news;
mod phrases;
mod templates;

pub use compose::{Letter, compose, rehearse};
pub use news::{News, Occasion, ReportRow};
pub use templates::{Overrides, file_names};
