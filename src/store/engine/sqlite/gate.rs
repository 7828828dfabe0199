//! The queue in front of the store: writers take turns by a kernel lock on a file beside it.
//!
//! SQLite's own waiting polls, so that of many writers one can starve for seconds; a waiting
//! `flock` is served in order. The lock is advisory: SQLite still guards the data itself.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::fs::OFlags;

use crate::error::{Error, Kind, Result};

/// The place in the queue of one program.
#[derive(Debug)]
pub struct Gate {
    path: PathBuf,
    queue: PathBuf,
    patience: Duration,
    file: Option<File>,
}

/// One's turn; it ends when this is dropped.
#[derive(Debug)]
pub struct Turn(File);

impl Drop for Turn {
    fn drop(&mut self) {
        // Closing the last handle would free it as well; this is sooner than the cached one.
        let _ = self.0.unlock();
    }
}

impl Gate {
    /// The queue for the store at `store`, in which nobody waits longer than `patience`.
    pub fn of(store: &Path, patience: Duration) -> Self {
        let beside = |ending: &str| {
            let mut name = store.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        Self {
            path: beside(".lock"),
            queue: beside(".queue"),
            patience,
            file: None,
        }
    }

    /// Waits for one's turn.
    ///
    /// # Errors
    /// [`Kind::LockedStore`] after the patience is over; what the file system says when the
    /// lock's file cannot be made.
    pub fn enter(&mut self) -> Result<Turn> {
        let file = match self.file.take() {
            Some(file) => file,
            None => self.open()?,
        };
        let held = file
            .try_clone()
            .map_err(|error| Error::file(self.doing(), error))?;
        self.file = Some(file);
        match held.try_lock() {
            Ok(()) => Ok(Turn(held)),
            Err(TryLockError::WouldBlock) => self.wait(held),
            Err(TryLockError::Error(error)) => Err(Error::file(self.doing(), error)),
        }
    }

    /// Whether another program waits for its turn at this moment.
    pub fn is_awaited(&self) -> bool {
        match open_beside(&self.queue) {
            // Whoever waits holds the queue's file together with all others who wait.
            Ok(file) => matches!(file.try_lock(), Err(TryLockError::WouldBlock)),
            Err(_) => true,
        }
    }

    /// `flock` knows no deadline, so a thread does the waiting; one that comes too late finds
    /// nobody listening and lets go at once.
    fn wait(&self, held: File) -> Result<Turn> {
        let queue = open_beside(&self.queue).map_err(|error| Error::file(self.doing(), error))?;
        let (sender, receiver) = mpsc::sync_channel(1);
        let one = Waiting::one().ok_or_else(|| self.too_late())?;
        let wait = move || {
            let _one = one;
            let locked = queue
                .lock_shared()
                .and_then(|()| held.lock())
                .map(|()| Turn(held));
            drop(queue);
            let _ = sender.send(locked);
        };
        let begun = thread::Builder::new().spawn(wait);
        begun.map_err(|error| Error::file(self.doing(), error))?;
        match receiver.recv_timeout(self.patience) {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(error)) => Err(Error::file(self.doing(), error)),
            Err(_) => Err(self.too_late()),
        }
    }

    fn too_late(&self) -> Error {
        Error::new(
            Kind::LockedStore,
            format!(
                "the store is locked by another program for more than {} seconds",
                self.patience.as_secs()
            ),
        )
        .hint("run it again; if it stays so, look for a program that hangs while it holds the lock file")
    }

    fn open(&self) -> Result<File> {
        open_beside(&self.path).map_err(|error| Error::file(self.doing(), error))
    }

    fn doing(&self) -> String {
        format!("cannot lock {}", self.path.display())
    }
}

/// One of the threads of this process that wait. They outlive the patience of who began them as long as
/// somebody else holds the lock, so there are only so many.
struct Waiting;

impl Waiting {
    const MOST: usize = 32;

    fn one() -> Option<Self> {
        let one = Self;
        let others = WAITING.fetch_add(1, Ordering::Relaxed);
        // What was counted is taken back where there are too many.
        (others < Self::MOST).then_some(one)
    }
}

static WAITING: AtomicUsize = AtomicUsize::new(0);

impl Drop for Waiting {
    fn drop(&mut self) {
        WAITING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Opens a file beside the store, and makes it if it is not there. It never is a link.
fn open_beside(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_has_an_end_and_the_turn_goes_on() {
        let place = tempfile::tempdir().unwrap();
        let store = place.path().join("s.db");
        let mut first = Gate::of(&store, Duration::from_secs(5));
        let mut second = Gate::of(&store, Duration::from_millis(10));
        let turn = first.enter().unwrap();
        assert_eq!(second.enter().unwrap_err().kind(), Kind::LockedStore);
        drop(turn);
        let mut third = Gate::of(&store, Duration::from_secs(5));
        drop(third.enter().unwrap());
        drop(first.enter().unwrap());
    }

    #[test]
    fn who_has_the_turn_sees_that_somebody_waits() {
        let place = tempfile::tempdir().unwrap();
        let store = place.path().join("s.db");
        let mut first = Gate::of(&store, Duration::from_secs(5));
        let turn = first.enter().unwrap();
        assert!(!first.is_awaited());
        let waiting = thread::spawn({
            let mut second = Gate::of(&store, Duration::from_secs(5));
            move || drop(second.enter().unwrap())
        });
        while !first.is_awaited() {
            thread::yield_now();
        }
        drop(turn);
        waiting.join().unwrap();
        assert!(!first.is_awaited());
    }
}
