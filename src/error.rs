//! The one error type: what went wrong, what to do next, and the exit code it ends with.

use std::error::Error as StdError;
use std::fmt;

/// How the program ends (DESIGN section 5, table of exit codes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, or yes.
    Done = 0,
    /// No: an answer, not a failure.
    No = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// The state forbids it.
    Refused = 3,
    /// The environment failed: disk, permission, lock, key, mail server.
    Failed = 4,
    /// The limiter asks to wait.
    Wait = 5,
}

impl Exit {
    /// The number the operating system gets.
    pub fn code(self) -> u8 {
        self as u8
    }
}

/// What kind of obstacle it is; the word is the `kind` of the JSON error document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Usage,
    MalformedName,
    MalformedEmail,
    MalformedLanguage,
    MalformedCode,
    UnknownUser,
    UserExists,
    EmailTaken,
    UserDisabled,
    UnknownLanguage,
    UnknownBatch,
    AmbiguousId,
    UnknownCode,
    WrongState,
    AlreadyConfirmed,
    AlreadyExported,
    AlreadyEmailed,
    NoSession,
    NoEmail,
    FileExists,
    UnknownTask,
    UnknownSchedule,
    ScheduleExists,
    UnknownPurge,
    UnknownKey,
    KeyInUse,
    NotConfirmed,
    NoStore,
    DamagedStore,
    Forged,
    DoubtfulClock,
    NewerStore,
    ReplacedStore,
    LockedStore,
    ReadOnlyStore,
    DiskFull,
    Permission,
    MissingKey,
    WrongKey,
    DamagedKey,
    Config,
    Mail,
    Task,
    Interrupted,
    Io,
    InDoubt,
    Incomplete,
    Wait,
}

impl Kind {
    /// The stable word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::MalformedName => "malformed_name",
            Self::MalformedEmail => "malformed_email",
            Self::MalformedLanguage => "malformed_language",
            Self::MalformedCode => "malformed_code",
            Self::UnknownUser => "unknown_user",
            Self::UserExists => "user_exists",
            Self::EmailTaken => "email_taken",
            Self::UserDisabled => "user_disabled",
            Self::UnknownLanguage => "unknown_language",
            Self::UnknownBatch => "unknown_batch",
            Self::AmbiguousId => "ambiguous_id",
            Self::UnknownCode => "unknown_code",
            Self::WrongState => "wrong_state",
            Self::AlreadyConfirmed => "already_confirmed",
            Self::AlreadyExported => "already_exported",
            Self::AlreadyEmailed => "already_emailed",
            Self::NoSession => "no_session",
            Self::NoEmail => "no_email",
            Self::FileExists => "file_exists",
            Self::UnknownTask => "unknown_task",
            Self::UnknownSchedule => "unknown_schedule",
            Self::ScheduleExists => "schedule_exists",
            Self::UnknownPurge => "unknown_purge",
            Self::UnknownKey => "unknown_key",
            Self::KeyInUse => "key_in_use",
            Self::NotConfirmed => "not_confirmed",
            Self::NoStore => "no_store",
            Self::DamagedStore => "damaged_store",
            Self::Forged => "forged",
            Self::DoubtfulClock => "doubtful_clock",
            Self::NewerStore => "newer_store",
            Self::ReplacedStore => "replaced_store",
            Self::LockedStore => "locked_store",
            Self::ReadOnlyStore => "read_only_store",
            Self::DiskFull => "disk_full",
            Self::Permission => "permission",
            Self::MissingKey => "missing_key",
            Self::WrongKey => "wrong_key",
            Self::DamagedKey => "damaged_key",
            Self::Config => "config",
            Self::Mail => "mail",
            Self::Task => "task",
            Self::Interrupted => "interrupted",
            Self::Io => "io",
            Self::InDoubt => "in_doubt",
            Self::Incomplete => "incomplete",
            Self::Wait => "wait",
        }
    }

    /// The exit code this kind ends with.
    pub fn exit(self) -> Exit {
        match self {
            Self::MalformedCode => Exit::No,
            Self::Usage | Self::MalformedName | Self::MalformedEmail | Self::MalformedLanguage => {
                Exit::Usage
            }
            Self::UnknownUser
            | Self::UserExists
            | Self::EmailTaken
            | Self::UserDisabled
            | Self::UnknownLanguage
            | Self::UnknownBatch
            | Self::AmbiguousId
            | Self::UnknownCode
            | Self::WrongState
            | Self::AlreadyConfirmed
            | Self::AlreadyExported
            | Self::AlreadyEmailed
            | Self::NoSession
            | Self::NoEmail
            | Self::FileExists
            | Self::UnknownTask
            | Self::UnknownSchedule
            | Self::ScheduleExists
            | Self::UnknownPurge
            | Self::UnknownKey
            | Self::KeyInUse
            | Self::NotConfirmed => Exit::Refused,
            Self::NoStore
            | Self::DamagedStore
            | Self::Forged
            | Self::DoubtfulClock
            | Self::NewerStore
            | Self::ReplacedStore
            | Self::LockedStore
            | Self::ReadOnlyStore
            | Self::DiskFull
            | Self::Permission
            | Self::MissingKey
            | Self::WrongKey
            | Self::DamagedKey
            | Self::Config
            | Self::Mail
            | Self::Task
            | Self::Interrupted
            | Self::Io
            | Self::InDoubt
            | Self::Incomplete => Exit::Failed,
            Self::Wait => Exit::Wait,
        }
    }
}

/// An obstacle: what happened, and what the person can do about it.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    message: String,
    hint: Option<String>,
    retry_after: Option<u64>,
    users: Vec<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The result of everything that can meet an obstacle.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An obstacle of this kind; `message` is one clear sentence without a final stop.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hint: None,
            retry_after: None,
            users: Vec::new(),
            source: None,
        }
    }

    /// Adds what to do next.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds more to do beside what is advised already.
    pub fn also(self, more: impl Into<String>) -> Self {
        let more = more.into();
        let hint = match &self.hint {
            Some(hint) => format!("{hint}; {more}"),
            None => more,
        };
        self.hint(hint)
    }

    /// Adds the wait in whole seconds.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Adds the names of all users it concerns, for programs; the message names a few.
    pub fn users(mut self, names: Vec<String>) -> Self {
        self.users = names;
        self
    }

    /// Adds the error underneath.
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What kind of obstacle it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The exit code it ends with.
    pub fn exit(&self) -> Exit {
        self.kind.exit()
    }

    /// What to do next, where there is something to do.
    pub fn advice(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The users it concerns, where it concerns some.
    pub fn concerned(&self) -> &[String] {
        &self.users
    }

    /// The announced wait in seconds, for [`Kind::Wait`].
    pub fn wait(&self) -> Option<u64> {
        self.retry_after
    }

    /// An error of the operating system about a file or directory; `doing` reads like
    /// "cannot read /etc/x".
    pub fn file(doing: impl Into<String>, error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        let (kind, hint) = match error.kind() {
            ErrorKind::PermissionDenied => (
                Kind::Permission,
                "run it as the user who owns the file, or have its owner and mode corrected",
            ),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                (Kind::DiskFull, "free some space and run it again")
            }
            ErrorKind::ReadOnlyFilesystem => (
                Kind::Permission,
                "the file system is mounted read-only; choose another place",
            ),
            ErrorKind::IsADirectory => (Kind::Io, "name a file; this is a directory"),
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => (
                Kind::Io,
                "something on the way to it is a file and no directory; choose another place",
            ),
            ErrorKind::NotFound => (
                Kind::Io,
                "make its directory first, or choose another place",
            ),
            ErrorKind::InvalidData => (Kind::Io, "it is not text; put the right file in its place"),
            _ => (Kind::Io, "check the path, the disk and the system's log"),
        };
        Self::new(kind, doing).because(error).hint(hint)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_its_causes_in_one_line() {
        let error = Error::file(
            "cannot read the key file",
            std::io::Error::from(std::io::ErrorKind::PermissionDenied),
        );
        assert_eq!(
            error.to_string(),
            "cannot read the key file: permission denied"
        );
        assert_eq!(error.exit(), Exit::Failed);
        assert!(error.advice().is_some());
    }
}
