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
        /// From where it came, if that was said.
        pub source: Option<String>,
        /// Why it was made, if that was said.
        pub reason: Option<String>,
        /// How many like it this row stands for.
        pub times: u64,
    }
}

/// The table.
pub const LOG: Log = Log {
    table: "attempts",
    columns: Attempt::COLUMNS,
    key: "id",
};

/// Adds one.
pub fn insert(tx: &Transaction<'_>, attempt: &Attempt) -> Result<i64> {
    tx.value(
        "INSERT INTO attempts (at, purpose, outcome, user_id, \"user\", batch, hint, actor, source, reason, times)
         VALUES (:at, :purpose, :outcome, :user_id, :user, :batch, :hint, :actor, :source, :reason, :times)
         RETURNING id",
        params! {
            ":at": attempt.at,
            ":purpose": attempt.purpose,
            ":outcome": attempt.outcome,
            ":user_id": attempt.user_id,
            ":user": attempt.user,
            ":batch": attempt.batch,
            ":hint": attempt.hint,
            ":actor": attempt.actor,
            ":source": attempt.source,
            ":reason": attempt.reason,
            ":times": attempt.times,
        },
    )
}

/// What became of an attempt of which strangers can make as many as they like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It has a row of its own.
    Alone,
    /// It begins the row that stands for all that follow in this hour.
    First,
    /// It is counted in that row.
    Counted,
}

/// An hour in milliseconds.
const HOUR: i64 = 3_600_000;

/// Adds one that costs whoever makes it nothing: of the same outcome, `most` in an hour are kept one by
/// one, and one row says how many more there were.
pub fn insert_bounded(tx: &Transaction<'_>, attempt: &Attempt, most: u64) -> Result<Kept> {
    let hour = attempt.at.as_millisecond().div_euclid(HOUR);
    let (seen, row): (u64, Option<i64>) = tx.one(
        "INSERT INTO strangers (outcome, hour, seen) VALUES (:outcome, :hour, 1)
         ON CONFLICT (outcome) DO UPDATE SET
             seen = CASE WHEN strangers.hour = excluded.hour THEN strangers.seen + 1 ELSE 1 END,
             attempt_id = CASE WHEN strangers.hour = excluded.hour THEN strangers.attempt_id END,
             hour = excluded.hour
         RETURNING seen, attempt_id",
        params! { ":outcome": attempt.outcome, ":hour": hour },
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if seen <= most {
        insert(tx, attempt)?;
        return Ok(Kept::Alone);
    }
    let is_counted = match row {
        Some(id) => tx.execute(
            "UPDATE attempts SET times = times + 1 WHERE id = :id",
            params! { ":id": id },
        )?,
        None => 0,
    };
    if is_counted == 1 {
        return Ok(Kept::Counted);
    }
    let first = Attempt {
        user_id: None,
        user: None,
        source: None,
        reason: None,
        ..attempt.clone()
    };
    let id = insert(tx, &first)?;
    tx.change(
        "UPDATE strangers SET attempt_id = :id WHERE outcome = :outcome",
        params! { ":id": id, ":outcome": attempt.outcome },
    )?;
    Ok(Kept::First)
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
