//! Rows become something visible.

pub mod json;
pub mod language;
pub mod letter;
pub mod quoting;
pub mod record;
pub mod sheet;
pub mod style;
pub mod table;
pub mod units;
pub mod visible;
pub mod wire;
pub mod words;
