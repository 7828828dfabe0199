//! Signals that must not simply end the process.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag::register;

use crate::error::{Error, Result};

/// Set by SIGINT and SIGTERM.
pub type Stop = Arc<AtomicBool>;

/// From now on SIGINT and SIGTERM ask for an end instead of ending the process.
pub fn stop_on_signals() -> Result<Stop> {
    let stop = Stop::default();
    for signal in [SIGINT, SIGTERM] {
        register(signal, Arc::clone(&stop))
            .map_err(|error| Error::file("cannot wait for signals", error))?;
    }
    Ok(stop)
}

/// From now on a file that would grow beyond the limit of this process (`RLIMIT_FSIZE`) is an
/// error of the write, as on a full disk, and not the end of the process.
///
/// A system that refuses is no reason to refuse the work.
pub fn survive_file_limit() {
    let _ = register(SIGXFSZ, Arc::default());
}
