//! Table `attempts`: what became of every code that was tried.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::error::unknown_word;
use crate::error::Result;
use crate::model::attempt::{Outcome, Purpose};
use crate::model::id::UserId;
use crate::model::page::{Page, PageRequest};
use crate::model::time::{Timestamp, from_millis};

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

impl Attempt {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let purpose: String = row.get(1)?;
        let outcome: String = row.get(2)?;
        Ok(Self {
            at: from_millis(row.get(0)?),
            purpose: Purpose::from_word(&purpose)
                .ok_or_else(|| unknown_word("attempts.purpose", &purpose))?,
            outcome: Outcome::from_word(&outcome)
                .ok_or_else(|| unknown_word("attempts.outcome", &outcome))?,
            user_id: row.get::<_, Option<i64>>(3)?.map(UserId),
            user: row.get(4)?,
            batch: row.get(5)?,
            hint: row.get(6)?,
            actor: row.get(7)?,
        })
    }
}

/// Adds one.
pub fn insert(tx: &Transaction<'_>, attempt: &Attempt) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO attempts (at, purpose, outcome, user_id, user, batch, hint, actor)
         VALUES (:at, :purpose, :outcome, :user_id, :user, :batch, :hint, :actor)",
    )?
    .execute(named_params! {
        ":at": attempt.at.as_millisecond(),
        ":purpose": attempt.purpose.word(),
        ":outcome": attempt.outcome.word(),
        ":user_id": attempt.user_id.map(|id| id.0),
        ":user": attempt.user,
        ":batch": attempt.batch,
        ":hint": attempt.hint,
        ":actor": attempt.actor,
    })?;
    Ok(())
}

/// When the newest attempt was made.
pub fn last_at(connection: &Connection) -> Result<Option<Timestamp>> {
    let at = connection
        .query_row(
            "SELECT at FROM attempts ORDER BY id DESC LIMIT 1",
            [],
            |row| row.get(0),
        )
        .optional()?;
    Ok(at.map(from_millis))
}

/// The number of the last of the oldest attempts that are all older than `cutoff`; 0 for none.
pub fn last_before(connection: &Connection, cutoff: Timestamp, now: Timestamp) -> Result<i64> {
    super::paging::last_before(connection, "attempts", "id", cutoff, now)
}

/// How many attempts there are up to this number.
pub fn count_through(connection: &Connection, last: i64) -> Result<u64> {
    super::paging::count_through(connection, "attempts", last)
}

/// Deletes the oldest `most` attempts up to this number; says how many.
pub fn delete_through(tx: &Transaction<'_>, last: i64, most: u64) -> Result<u64> {
    super::paging::delete_through(tx, "attempts", last, most)
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
    let asked = super::paging::Asked::default()
        .only("user_id = :user", ":user", filter.user.map(|id| id.0))
        .only(
            "(outcome = :action OR purpose = :action)",
            ":action",
            filter.action.clone(),
        )
        .between(filter.since, filter.until);
    super::paging::newest_first(
        connection,
        &super::paging::Listing {
            table: "attempts",
            columns: "at, purpose, outcome, user_id, user, batch, hint, actor",
            key: "id",
        },
        &asked,
        request,
        Attempt::from_row,
    )
}
