//! Table `attempts`: what became of every code that was tried.

use super::engine::{Connection, Transaction, params, row};
use super::paging::{Asked, Filter, Log};
use crate::error::Result;
use crate::model::attempt::{Outcome, Purpose};
use crate::model::id::UserId;
use crate::model::page::{Page, PageRequest};
use crate::model::time::Timestamp;

row! {
    "";
    /// One row of `attempts`.
    #[derive(Clone, Debug)]
    pub struct Attempt {
        pub at: Timestamp,
        pub purpose: Purpose,
        pub outcome: Outcome,
        pub user_id: Option<UserId>,
        /// The name at the time; as typed, if nobody has it.
        pub user: Option<String>,
        /// Public id of the batch the code belongs to, if it is known.
        pub batch: Option<String>,
        /// The code's hint, if it is one of the user's.
        pub hint: Option<String>,
        pub actor: String,
    }
}

/// The table.
pub const LOG: Log = Log {
    table: "attempts",
    columns: Attempt::COLUMNS,
    key: "id",
};

/// Adds one.
pub fn insert(tx: &Transaction<'_>, attempt: &Attempt) -> Result<()> {
    tx.execute(
        "INSERT INTO attempts (at, purpose, outcome, user_id, user, batch, hint, actor)
         VALUES (:at, :purpose, :outcome, :user_id, :user, :batch, :hint, :actor)",
        params! {
            ":at": attempt.at,
            ":purpose": attempt.purpose,
            ":outcome": attempt.outcome,
            ":user_id": attempt.user_id,
            ":user": attempt.user,
            ":batch": attempt.batch,
            ":hint": attempt.hint,
            ":actor": attempt.actor,
        },
    )?;
    Ok(())
}

/// One page, newest first; of an outcome, or of `verify` or `confirm`.
pub fn list(
    connection: &Connection,
    filter: &Filter<UserId>,
    request: PageRequest,
) -> Result<Page<Attempt>> {
    let asked = Asked::default()
        .only("user_id = :user", ":user", &filter.user)
        .fitting(filter, "(outcome = :action OR purpose = :action)");
    LOG.newest_first(connection, asked, request, Attempt::read)
}
