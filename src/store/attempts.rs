//! Table `attempts`: what became of every code that was tried.

use super::engine::{Connection, Row, Transaction, params};
use super::paging::{Asked, Log};
use crate::error::Result;
use crate::model::attempt::{Outcome, Purpose};
use crate::model::id::UserId;
use crate::model::page::{Page, PageRequest};
use crate::model::time::Timestamp;

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

/// The table.
pub const LOG: Log = Log {
    table: "attempts",
    columns: "at, purpose, outcome, user_id, user, batch, hint, actor",
    key: "id",
};

impl Attempt {
    fn read(row: Row<'_>) -> Result<Self> {
        Ok(Self {
            at: row.get(0)?,
            purpose: row.get(1)?,
            outcome: row.get(2)?,
            user_id: row.get(3)?,
            user: row.get(4)?,
            batch: row.get(5)?,
            hint: row.get(6)?,
            actor: row.get(7)?,
        })
    }
}

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

/// Which attempts a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub user: Option<UserId>,
    /// The outcome, or `verify`, or `confirm`.
    pub action: Option<String>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// One page, newest first.
pub fn list(
    connection: &Connection,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Attempt>> {
    let asked = Asked::default()
        .only("user_id = :user", ":user", &filter.user)
        .only(
            "(outcome = :action OR purpose = :action)",
            ":action",
            &filter.action,
        )
        .between(&filter.since, &filter.until);
    LOG.newest_first(connection, asked, request, Attempt::read)
}
