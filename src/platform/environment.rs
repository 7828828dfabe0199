//! The only place that asks the process for its variables and arguments.

use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::model::environment::Environment;

/// The variables that are text, and the names of those that are not.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the door to the environment"
)]
pub fn variables() -> Environment {
    let mut not_text = Vec::new();
    let text: Environment = std::env::vars_os()
        .filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            match value.into_string() {
                Ok(value) => Some((name, value)),
                Err(_) => {
                    not_text.push(name);
                    None
                }
            }
        })
        .collect();
    text.and_not_text(not_text)
}

/// The arguments that are text.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the door to the environment"
)]
pub fn arguments() -> Vec<String> {
    std::env::args_os()
        .filter_map(|argument| argument.into_string().ok())
        .collect()
}

/// Where this program lies.
pub fn program() -> Result<PathBuf> {
    std::env::current_exe()
        .map_err(|error| Error::file("cannot find this program's own file", error))
}
