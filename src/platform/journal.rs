//! The log file: one line per event, private, appended.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Mutex;

use tracing::level_filters::LevelFilter;
use tracing::{Dispatch, dispatcher};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

use crate::error::{Error, Result};
use crate::platform::clock::Clock;

/// Every line has the moment at which it was written.
struct Timer(Clock);

impl FormatTime for Timer {
    fn format_time(&self, writer: &mut Writer<'_>) -> std::fmt::Result {
        write!(writer, "{}", (self.0)())
    }
}

/// Runs `deed` with everything it logs going to the file at `path`.
///
/// # Errors
/// What the file system says when the file cannot be opened.
pub fn with_file<T>(path: &Path, level: &str, clock: Clock, deed: impl FnOnce() -> T) -> Result<T> {
    let file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| {
            Error::file(
                format!("cannot open the log file {}", path.display()),
                error,
            )
        })?;
    Ok(dispatcher::with_default(
        &dispatch(file, level, clock),
        deed,
    ))
}

fn dispatch(file: File, level: &str, clock: Clock) -> Dispatch {
    let level: LevelFilter = level.parse().unwrap_or(LevelFilter::INFO);
    Dispatch::new(
        tracing_subscriber::fmt()
            .with_max_level(level)
            .with_writer(Mutex::new(file))
            .with_timer(Timer(clock))
            .with_ansi(false)
            .with_target(false)
            .finish(),
    )
}
