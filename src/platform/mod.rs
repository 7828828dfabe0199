//! All that is not pure: clock, terminal, files, mailer.

pub mod alone;
pub mod clock;
mod closed_output;
pub mod csv_file;
pub mod django_dump;
pub mod door;
pub mod encoding;
pub mod environment;
pub mod files;
pub mod fonts;
pub mod hardening;
pub mod journal;
pub mod mailer;
pub mod moved;
pub mod pace;
pub mod progress;
pub mod service;
pub mod signals;
pub mod terminal;

pub use service::Platform;
