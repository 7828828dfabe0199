//! The log file: one line per event, private, appended.
//!
//! What is logged in a span is held back until the span says that it is durable, and dropped if it
//! ends without that: no line tells of a deed that did not happen.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use rustix::fs::OFlags;
use rustix::io::Errno;
use tracing::level_filters::LevelFilter;
use tracing::span::{Id, Record};
use tracing::{Dispatch, Subscriber, dispatcher};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::{Registry, fmt};

use crate::error::{Error, Kind, Result};
use crate::platform::clock::Clock;
use crate::platform::files::access::{is_trusted, own_user};

/// Runs `deed` with everything it logs going to this file.
pub fn with_file<T>(file: File, level: &str, clock: Clock, deed: impl FnOnce() -> T) -> T {
    dispatcher::with_default(&dispatch(file, level, clock), deed)
}

/// Where this thread logs to, to be handed to others.
#[derive(Clone)]
pub struct Logging(Dispatch);

impl Logging {
    /// Where this thread logs to.
    pub fn here() -> Self {
        Self(dispatcher::get_default(Dispatch::clone))
    }

    /// Runs `deed` with everything it logs going there.
    pub fn with<T>(&self, deed: impl FnOnce() -> T) -> T {
        dispatcher::with_default(&self.0, deed)
    }
}

/// Standard error as a log, for what goes on where nobody looks but at that.
///
/// # Errors
/// What the system says if there is none.
pub fn standard_error() -> Result<File> {
    let copy = std::os::fd::AsFd::as_fd(&rustix::stdio::stderr()).try_clone_to_owned();
    copy.map(File::from)
        .map_err(|error| Error::file("cannot write to standard error", error))
}

/// Opens the log file, and makes it if there is none.
///
/// # Errors
/// What the file system says when the file cannot be opened; [`Kind::Permission`] where somebody
/// else may have chosen what is written to.
pub fn open(path: &Path) -> Result<File> {
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

fn dispatch(file: File, level: &str, clock: Clock) -> Dispatch {
    let level: LevelFilter = level.parse().unwrap_or(LevelFilter::INFO);
    let journal = Journal::new(file);
    let writer = journal.clone();
    let lines = fmt::layer()
        .with_writer(move || writer.clone())
        .with_timer(Timer(clock))
        .with_ansi(false)
        .with_target(false)
        .with_filter(filter_fn(move |about| {
            about.is_event() && *about.level() <= level
        }));
    Dispatch::new(Registry::default().with(lines).with(journal))
}

/// Every line has the moment at which it was written.
struct Timer(Clock);

impl FormatTime for Timer {
    fn format_time(&self, writer: &mut Writer<'_>) -> std::fmt::Result {
        write!(writer, "{}", (self.0)())
    }
}

/// The file, and the lines that do not stand in it yet.
#[derive(Clone)]
struct Journal(Arc<Mutex<Lines>>);

struct Lines {
    file: File,
    /// For each span that is not over.
    held: Vec<Held>,
}

struct Held {
    /// Whose span it is: what others log meanwhile is not of it.
    thread: ThreadId,
    text: Vec<u8>,
    is_durable: bool,
}

impl Lines {
    /// The innermost span that this thread is in.
    fn of_this_thread(&mut self) -> Option<&mut Held> {
        let me = thread::current().id();
        self.held.iter_mut().rev().find(|held| held.thread == me)
    }
}

impl Journal {
    fn new(file: File) -> Self {
        let held = Vec::new();
        Self(Arc::new(Mutex::new(Lines { file, held })))
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Journal {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let mut lines = self.lines();
        match lines.of_this_thread() {
            Some(held) => held.text.write(text),
            None => lines.file.write(text),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<S: Subscriber> Layer<S> for Journal {
    fn on_enter(&self, _: &Id, _: Context<'_, S>) {
        self.lines().held.push(Held {
            thread: thread::current().id(),
            text: Vec::new(),
            is_durable: false,
        });
    }

    fn on_record(&self, _: &Id, _: &Record<'_>, _: Context<'_, S>) {
        if let Some(held) = self.lines().of_this_thread() {
            held.is_durable = true;
        }
    }

    fn on_exit(&self, _: &Id, _: Context<'_, S>) {
        let held = {
            let mut lines = self.lines();
            let me = thread::current().id();
            let last = lines.held.iter().rposition(|held| held.thread == me);
            last.map(|last| lines.held.remove(last))
        };
        if let Some(held) = held.filter(|held| held.is_durable) {
            // The deed is done and stands in the audit log; a full disk here undoes nothing.
            let _ = self.clone().write_all(&held.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_one_thread_takes_back_takes_nothing_of_another() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("log");
        let file = open(&path).unwrap();
        let clock: Clock = Arc::new(|| crate::model::time::from_millis(0));
        with_file(file, "info", clock, || {
            let span = tracing::info_span!("deed", durable = tracing::field::Empty);
            span.in_scope(|| {
                tracing::info!("taken back");
                let logging = Logging::here();
                thread::scope(|scope| {
                    scope.spawn(|| logging.with(|| tracing::info!("kept")));
                });
            });
        });
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.contains("kept") && !text.contains("taken back"),
            "{text}"
        );
    }

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
