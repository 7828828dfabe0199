//! Looks at everything that could be wrong, and says what to do about each.

mod deep;
mod everything;
mod findings;
mod inside;
mod key;
mod mail;
pub(in crate::actions) mod seals;
mod settings;
pub mod status;
mod store;
mod work;

pub use everything::check;
pub use findings::{Finding, Findings, Level};
