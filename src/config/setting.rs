//! One row of the table of settings.

use super::django::Django;
use super::value::Shape;

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// `section.name`.
    pub key: &'static str,
    /// What it takes.
    pub shape: Shape,
    /// Its default as text; empty for none.
    pub default: &'static str,
    /// The variables of the Django application that it replaces.
    pub django: &'static [Django],
    /// What it is for, in one sentence with its unit.
    pub help: &'static str,
}
