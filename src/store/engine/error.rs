//! What SQLite says, and what any engine may find, in words a person can act on.

use std::error::Error as StdError;

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_IOERR_WRITE;

use crate::error::{Error, Kind};

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error_code();
        let (kind, message, hint) = match code {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
                Kind::LockedStore,
                "the store is locked by another program",
                Some("run it again; if it stays so, look for a program that holds the store open"),
            ),
            Some(ErrorCode::DiskFull) => (
                Kind::DiskFull,
                "the disk is full",
                Some("free some space and run it again"),
            ),
            Some(ErrorCode::ReadOnly) => (
                Kind::ReadOnlyStore,
                "the store cannot be written",
                Some(
                    "check the owner and mode of the store file and its directory, and that the file system is not mounted read-only",
                ),
            ),
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => (
                Kind::Permission,
                "the store cannot be opened",
                Some("check the owner and mode of the store file and its directory"),
            ),
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => (
                Kind::DamagedStore,
                "the store is damaged, or not a store at all",
                Some("keep a copy of the file as it is, and put a backup in its place"),
            ),
            Some(ErrorCode::SystemIoFailure) => (
                Kind::Io,
                "the store cannot be read or written",
                Some("check the disk and the system's log"),
            ),
            _ => match &error {
                rusqlite::Error::SqliteFailure(_, _) => return unlike(error),
                _ => (
                    Kind::DamagedStore,
                    "the store could not be used",
                    Some("run `recovery-codes check`"),
                ),
            },
        };
        let made = Self::new(kind, message).because(error);
        match hint {
            Some(hint) => made.hint(hint),
            None => made,
        }
    }
}

/// Whether a commit that failed so may have reached the disk: all of it was written, and only
/// that it stays was not confirmed.
pub(super) fn is_in_doubt(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| {
        error.code == ErrorCode::SystemIoFailure && error.extended_code != SQLITE_IOERR_WRITE
    })
}

/// The error for such a commit that could not be undone either.
pub(super) fn in_doubt(error: rusqlite::Error) -> Error {
    Error::new(
        Kind::InDoubt,
        "the disk failed at the last moment, so it is not certain whether this was done",
    )
    .because(error)
    .hint(
        "check the disk and the system's log; then look whether it was done before you do it again",
    )
}

/// The error for a store that others do not let go of.
pub(super) fn locked() -> Error {
    Error::new(
        Kind::LockedStore,
        "the store is held by another program that reads without an end",
    )
    .hint("nothing was changed; end that program, such as a backup or a check of a large store, and run it again")
}

/// What one engine alone has was asked of another.
pub(super) fn another_engine() -> Error {
    Error::new(
        Kind::Io,
        "the store is kept by another engine than this is for",
    )
    .hint("name another store with --store")
}

/// A value that the store cannot hold if this program wrote it.
pub(super) fn mismatch(what: String) -> Error {
    unlike(what)
}

/// A row that is always there, and is not.
pub(in crate::store) fn missing() -> Error {
    unlike("a row is missing".to_owned())
}

fn unlike(what: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
    Error::new(Kind::DamagedStore, "the store does not hold what it should")
        .because(what)
        .hint("run `recovery-codes check`; if it was edited by hand, put a backup in its place")
}
