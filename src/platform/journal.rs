//! The log file: one line per event, private, appended.

use std::fs::{File, Metadata, OpenOptions};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Mutex;

use rustix::fs::OFlags;
use rustix::io::Errno;
use tracing::level_filters::LevelFilter;
use tracing::{Dispatch, dispatcher};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

use crate::error::{Error, Kind, Result};
use crate::model::time::Timestamp;
use crate::platform::files::access::{is_trusted, own_user};

/// The moment the run began stands on every line of it.
struct Fixed(Timestamp);

impl FormatTime for Fixed {
    fn format_time(&self, writer: &mut Writer<'_>) -> std::fmt::Result {
        write!(writer, "{}", self.0)
    }
}

/// Runs `deed` with everything it logs going to the file at `path`.
///
/// # Errors
/// What the file system says when the file cannot be opened; [`Kind::Permission`] where somebody
/// else may have chosen what is written to.
pub fn with_file<T>(
    path: &Path,
    level: &str,
    now: Timestamp,
    deed: impl FnOnce() -> T,
) -> Result<T> {
    let file = open(path)?;
    Ok(dispatcher::with_default(&dispatch(file, level, now), deed))
}

fn open(path: &Path) -> Result<File> {
    let doing = |error| {
        let doing = format!("cannot open the log file {}", path.display());
        Error::file(doing, error)
    };
    let refuse = |why| {
        let what = format!("the log file {} {why}", path.display());
        Error::new(Kind::Permission, what)
            .hint("take it away, or name another in log.file; a new one is made private")
    };
    let opened = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed())
        .open(path);
    let file = match opened {
        Err(_) if path.is_symlink() => return Err(refuse("is a link")),
        // What a pipe says that nobody reads.
        Err(error) if error.raw_os_error() == Some(Errno::NXIO.raw_os_error()) => {
            return Err(refuse("is not a regular file"));
        }
        opened => opened.map_err(doing)?,
    };
    let found = file.metadata().map_err(doing)?;
    match distrust(&found, own_user()) {
        Some(why) => Err(refuse(why)),
        None => Ok(file),
    }
}

/// Why nothing should be written to a file by `me`.
fn distrust(found: &Metadata, me: u32) -> Option<&'static str> {
    if !found.is_file() {
        return Some("is not a regular file");
    }
    if !is_trusted(found.uid(), me) {
        return Some("belongs to another user");
    }
    (found.nlink() > 1).then_some("is another file as well, under a second name")
}

fn dispatch(file: File, level: &str, now: Timestamp) -> Dispatch {
    let level: LevelFilter = level.parse().unwrap_or(LevelFilter::INFO);
    Dispatch::new(
        tracing_subscriber::fmt()
            .with_max_level(level)
            .with_writer(Mutex::new(file))
            .with_timer(Fixed(now))
            .with_ansi(false)
            .with_target(false)
            .finish(),
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_log_is_written_only_where_nobody_else_has_a_hand_in_it() {
        let place = tempfile::tempdir().unwrap();
        let [log, link, name] = ["log", "link", "name"].map(|name| place.path().join(name));
        let why = |path: &Path| open(path).unwrap_err().to_string();
        let private = open(&log).unwrap().metadata().unwrap();
        assert_eq!(private.mode() & 0o777, 0o600);
        let me = private.uid();
        assert_eq!(distrust(&private, me), None);
        assert_eq!(distrust(&private, me + 1).is_none(), me == 0);
        std::os::unix::fs::symlink(&log, &link).unwrap();
        assert!(why(&link).contains("is a link"));
        assert!(why(Path::new("/dev/null")).contains("is not a regular file"));
        fs::hard_link(&log, &name).unwrap();
        assert!(why(&log).contains("second name"));
        fs::remove_file(&name).unwrap();
        open(&log).unwrap();
        if me == 0 {
            std::os::unix::fs::chown(&log, Some(65534), None).unwrap();
            assert!(why(&log).contains("belongs to another user"));
        }
    }
}
