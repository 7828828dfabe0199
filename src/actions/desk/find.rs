//! Finds what a person means: the user by name or address, the batch by the beginning of its
//! id, the code by its hint.

use crate::error::{Error, Kind, Result};
use crate::model::alphabet::{Alphabet, fold_hint};
use crate::model::id::BatchPrefix;
use crate::model::user::quote;
use crate::render::quoting::name_in_shell;
use crate::store::Connection;
use crate::store::batches::{self, Batch};
use crate::store::codes::{self, CodeRow, Hints};
use crate::store::users::{self, User};

/// The user of this name, else the one with this e-mail address.
///
/// # Errors
/// [`Kind::UnknownUser`].
pub fn user(connection: &Connection, text: &str) -> Result<User> {
    users::find(connection, text)?.ok_or_else(|| {
        Error::new(
            Kind::UnknownUser,
            format!("there is no user {}", quote(text)),
        )
        .hint("`recovery-codes user list` shows all; names are case-sensitive")
    })
}

/// The one batch whose public id begins so.
///
/// # Errors
/// [`Kind::UnknownBatch`], or [`Kind::AmbiguousId`] with the ids that begin so.
pub fn batch(connection: &Connection, prefix: &BatchPrefix) -> Result<Batch> {
    let mut found = batches::by_prefix(connection, prefix, 4)?;
    match (found.pop(), found.is_empty()) {
        (None, _) => Err(Error::new(
            Kind::UnknownBatch,
            format!("there is no batch whose id begins with {}", prefix.as_str()),
        )
        .hint("`recovery-codes batch list` shows all")),
        (Some(batch), true) => Ok(batch),
        (Some(last), false) => {
            found.push(last);
            let names: Vec<&str> = found.iter().map(|batch| batch.name.as_str()).collect();
            Err(Error::new(
                Kind::AmbiguousId,
                format!("more than one batch id begins with {}", prefix.as_str()),
            )
            .hint(format!("give more of it: {} ...", names.join(", "))))
        }
    }
}

/// The user's code with this hint, among those that are not purged.
///
/// # Errors
/// [`Kind::UnknownCode`].
pub fn code(connection: &Connection, user: &User, hint: &str) -> Result<(CodeRow, Batch)> {
    let typeable = fold_hint(hint);
    let exact = codes::by_hint(
        connection,
        user.id,
        Hints {
            full: Some(hint),
            typeable: Some(&typeable),
            django: Some(hint),
            moved: Some(hint),
        },
    )?;
    exact.ok_or_else(|| {
        Error::new(
            Kind::UnknownCode,
            format!("{} has no code {}", user.name, quote(hint)),
        )
        .hint(format!(
            "`recovery-codes code list {}` shows the hints; in the {} alphabet they are case-sensitive",
            name_in_shell(user.name.as_str()),
            Alphabet::Full.word()
        ))
    })
}

/// The error for a row that was there a moment ago in the same transaction.
pub(in crate::actions) fn vanished() -> Error {
    Error::new(
        Kind::DamagedStore,
        "the store lost a row while it was written",
    )
    .hint("run `recovery-codes check`")
}
