//! Settings as they came out of the layers, and what is wrong with them.

use super::value::Value;
use crate::error::{Error, Kind};

/// Something wrong with the settings, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

impl Finding {
    /// The error it ends a command with.
    pub fn error(&self) -> Error {
        let joint = if self.remedy.ends_with('?') { "" } else { ";" };
        Error::new(Kind::Config, self.problem.clone()).hint(format!(
            "{}{joint} `recovery-codes check` shows everything that is wrong",
            self.remedy
        ))
    }
}

/// A setting with where its value came from.
#[derive(Clone, Debug)]
pub struct Effective {
    pub key: &'static str,
    pub value: Value,
    pub origin: String,
}
