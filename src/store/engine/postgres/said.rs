//! What a server says, in words a person can act on.

use std::error::Error as StdError;
use std::io;

use tokio_postgres::error::{Severity, SqlState};

use super::tls::is_unproven;
use crate::error::{Error, Kind};

/// Why something that was asked of a server came to nothing.
#[derive(Debug)]
pub(super) enum Failure {
    /// It did not answer in time.
    Late,
    Said(tokio_postgres::Error),
}

impl Failure {
    /// Whether the server may have done it all the same, for it did not say that it did not.
    pub(super) fn is_in_doubt(&self) -> bool {
        match self {
            Self::Late => true,
            // It ends the connection, or itself, and may do so after a commit.
            Self::Said(error) => error.as_db_error().is_none_or(|said| {
                let class = said.code().code().get(..2);
                matches!(class, Some("08" | "57" | "58" | "XX"))
                    || matches!(
                        said.parsed_severity(),
                        Some(Severity::Fatal | Severity::Panic)
                    )
            }),
        }
    }

    /// Nothing more can be asked over this connection.
    pub(super) fn is_end(&self) -> bool {
        match self {
            Self::Late => true,
            Self::Said(error) => error.is_closed() || error.as_db_error().is_none(),
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        let error = match failure {
            Failure::Late => {
                return unreachable("the server of the store does not answer in time");
            }
            Failure::Said(error) => error,
        };
        let Some(said) = error.as_db_error() else {
            return lost(error);
        };
        let code = said.code().code();
        let (kind, message, hint) = match code {
            _ if *said.code() == SqlState::LOCK_NOT_AVAILABLE
                || *said.code() == SqlState::T_R_DEADLOCK_DETECTED
                || *said.code() == SqlState::T_R_SERIALIZATION_FAILURE =>
            {
                (
                    Kind::LockedStore,
                    "the store is locked by another program",
                    "run it again; if it stays so, look for a program that holds the store open (pg_stat_activity)",
                )
            }
            "25006" => return standby(),
            "28000" | "28P01" => (
                Kind::Permission,
                "the server of the store does not let this account in",
                "look at the user in the store's URL, at the password (server.password_file, or ~/.pgpass) and at the server's pg_hba.conf",
            ),
            "42501" => (
                Kind::Permission,
                "the server of the store does not allow this",
                "`recovery-codes init --print-roles` prints what its role needs",
            ),
            "3D000" => (
                Kind::NoStore,
                "there is no such database on the server",
                "make it with createdb, or name another with --store",
            ),
            "57014" => (
                Kind::LockedStore,
                "somebody ended what was asked of the server of the store",
                "run it again",
            ),
            "53100" => (
                Kind::DiskFull,
                "the disk of the store's server is full",
                "free some space there and run it again",
            ),
            _ if code.starts_with("53") => (
                Kind::Busy,
                "the server of the store has no connection or no memory left",
                "run it again; if it stays so, raise max_connections of the server",
            ),
            "42P05" | "26000" => (
                Kind::Unreachable,
                "a pooler stands before the server of the store that gives it another connection for each transaction",
                "nothing was changed; have the pooler give out whole sessions (pool_mode = session), or name the server itself",
            ),
            "25P03" => {
                return unreachable("the server of the store heard nothing for too long")
                    .because(error);
            }
            _ if ["57", "08", "25", "0A"]
                .iter()
                .any(|class| code.starts_with(class)) =>
            {
                return unreachable("the server of the store ends the connection").because(error);
            }
            _ => {
                return Self::new(Kind::DamagedStore, "the store does not hold what it should")
                    .because(error)
                    .hint("run `recovery-codes check`; if it was edited by hand, put a backup in its place");
            }
        };
        Self::new(kind, message).because(error).hint(hint)
    }
}

/// Whether it was said because there is no such table.
pub(super) fn is_missing_table(error: &Error) -> bool {
    code(error) == Some(&SqlState::UNDEFINED_TABLE)
}

/// Whether it was said of a transaction that the server undid as a whole, for it and another could not
/// both be done; begun anew, it may be.
pub(super) fn is_undone(error: &Error) -> bool {
    let undone = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
    ];
    error.kind() == Kind::LockedStore && code(error).is_some_and(|code| undone.contains(code))
}

fn code(error: &Error) -> Option<&SqlState> {
    let cause = error.source()?;
    cause.downcast_ref::<tokio_postgres::Error>()?.code()
}

/// What the library says of a server that declines TLS.
const NO_TLS: &str = "server does not support TLS";

/// A connection that was never there, or is gone.
fn lost(error: tokio_postgres::Error) -> Error {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(&error);
    while let Some(inner) = cause {
        if let Some(inner) = inner.downcast_ref::<io::Error>() {
            if inner.kind() == io::ErrorKind::PermissionDenied {
                return Error::new(Kind::Permission, "the server of the store cannot be asked")
                    .because(error)
                    .hint("look at the owner and mode of the server's socket");
            }
            if is_unproven(inner) {
                return Error::new(
                    Kind::Unreachable,
                    "whoever answers does not prove to be the server of the store",
                )
                .because(error)
                .hint("nothing was told to it; look at the host in the store's URL, at the name in the server's certificate, and at sslrootcert");
            }
        }
        if inner.to_string() == NO_TLS {
            return Error::new(
                Kind::Unreachable,
                "the server of the store does not speak TLS",
            )
            .because(error)
            .hint("nothing was told to it; set ssl = on on the server; in a network of which you are sure, write sslmode=disable into the store's URL");
        }
        cause = inner.source();
    }
    unreachable("the server of the store cannot be reached").because(error)
}

/// The error for a server that cannot be asked; nothing happened.
pub(super) fn unreachable(message: &str) -> Error {
    Error::new(Kind::Unreachable, message).hint(
        "nothing was changed, and no code is accepted without the server; look at the network and at the server, and at the store's URL",
    )
}

/// The error for a server that only follows another.
pub(super) fn standby() -> Error {
    Error::new(
        Kind::Unreachable,
        "the server of the store is a standby, which only follows another",
    )
    .hint(
        "name all servers in the store's URL, so that the primary is found: postgres://a,b,c/codes",
    )
}

/// The error for a commit of which nobody knows what became.
pub(super) fn in_doubt(failure: Option<Failure>) -> Error {
    let made = Error::new(
        Kind::InDoubt,
        "the server did not confirm that it is durable on another one, so it is not certain whether this was done",
    )
    .hint("look at the servers and the network between them; then look whether it was done before you do it again");
    match failure {
        Some(Failure::Said(error)) => made.because(error),
        Some(Failure::Late) | None => made,
    }
}

/// The error for a server of which nobody else has a copy, although that is not said to be meant.
pub(super) fn alone() -> Error {
    Error::new(
        Kind::NotDurable,
        "the server of the store has no synchronous standby, so what it confirms may be lost with it",
    )
    .hint("set synchronous_standby_names on the server (see `recovery-codes help hosts`); if it is meant to be alone, say so with server.alone = true")
}
