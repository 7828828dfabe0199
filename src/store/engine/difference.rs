//! In what the tables, indexes and triggers of a store are not what this program makes.

use crate::model::user::quote;

/// A table, index, trigger or other thing that is not as this program makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `table`, `index`, `trigger`, `view` …
    pub kind: String,
    pub name: String,
    pub how: How,
}

/// In what it differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Missing,
    Changed,
    /// This program makes none of that name.
    Foreign,
}

impl Difference {
    /// What is wrong, as a clause.
    pub fn message(&self) -> String {
        let (kind, name) = (&self.kind, quote(&self.name));
        match self.how {
            How::Missing => format!("the {kind} {name} is missing"),
            How::Changed => format!("the {kind} {name} is not what this program made it"),
            How::Foreign => format!("the {kind} {name} was not made by this program"),
        }
    }
}
