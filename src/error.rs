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

/// Every kind of obstacle by how it ends, with its word.
macro_rules! kinds {
    ($($exit:ident: $($variant:ident = $word:literal),+;)+) => {
        /// What kind of obstacle it is; the word is the `kind` of the JSON error document.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind { $($($variant,)+)+ }

        impl Kind {
            /// The stable word for programs.
            pub fn word(self) -> &'static str {
                match self { $($(Self::$variant => $word,)+)+ }
            }

            /// The kind of a word; none for a word that is not one of these.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($($word => Some(Self::$variant),)+)+ _ => None }
            }

            /// The exit code this kind ends with.
            pub fn exit(self) -> Exit {
                match self { $($(Self::$variant)|+ => Exit::$exit,)+ }
            }
        }
    };
}

kinds! {
    Usage:
        Usage = "usage",
        MalformedName = "malformed_name",
        MalformedEmail = "malformed_email",
        MalformedLanguage = "malformed_language";
    No:
        MalformedCode = "malformed_code";
    Refused:
        UnknownUser = "unknown_user",
        UserExists = "user_exists",
        EmailTaken = "email_taken",
        UserDisabled = "user_disabled",
        UnknownLanguage = "unknown_language",
        UnknownBatch = "unknown_batch",
        AmbiguousId = "ambiguous_id",
        UnknownCode = "unknown_code",
        WrongState = "wrong_state",
        AlreadyConfirmed = "already_confirmed",
        AlreadyExported = "already_exported",
        AlreadyEmailed = "already_emailed",
        NoSession = "no_session",
        NoEmail = "no_email",
        FileExists = "file_exists",
        UnknownTask = "unknown_task",
        UnknownSchedule = "unknown_schedule",
        ScheduleExists = "schedule_exists",
        UnknownPurge = "unknown_purge",
        UnknownKey = "unknown_key",
        KeyInUse = "key_in_use",
        NotConfirmed = "not_confirmed",
        NotAllowed = "not_allowed";
    Failed:
        NoStore = "no_store",
        DamagedStore = "damaged_store",
        Forged = "forged",
        DoubtfulClock = "doubtful_clock",
        NewerStore = "newer_store",
        ReplacedStore = "replaced_store",
        LockedStore = "locked_store",
        Unreachable = "unreachable",
        NotDurable = "not_durable",
        ReadOnlyStore = "read_only_store",
        DiskFull = "disk_full",
        Permission = "permission",
        MissingKey = "missing_key",
        WrongKey = "wrong_key",
        DamagedKey = "damaged_key",
        Config = "config",
        Mail = "mail",
        Task = "task",
        Interrupted = "interrupted",
        Io = "io",
        InDoubt = "in_doubt",
        Incomplete = "incomplete",
        Busy = "busy";
    Wait:
        Wait = "wait";
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
