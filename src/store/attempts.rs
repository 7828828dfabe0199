//! Table `attempts`: what became of every code that was tried.

use super::engine::value::Params;
use super::engine::{Bind as _, Connection, Transaction, Value, params, row};
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
pub fn insert(tx: &Transaction<'_>, attempt: &Attempt) -> Result<()> {
    tx.change(INSERT, Params::Named(&values(attempt)))
}

/// SQL: one row more.
const INSERT: &str = "INSERT INTO attempts (at, purpose, outcome, user_id, \"user\", batch, hint, actor, source, reason, times)
     VALUES (:at, :purpose, :outcome, :user_id, :user, :batch, :hint, :actor, :source, :reason, :times)";

fn values(attempt: &Attempt) -> [(&'static str, Value<'_>); 11] {
    [
        (":at", attempt.at.bind()),
        (":purpose", attempt.purpose.bind()),
        (":outcome", attempt.outcome.bind()),
        (":user_id", attempt.user_id.bind()),
        (":user", attempt.user.bind()),
        (":batch", attempt.batch.bind()),
        (":hint", attempt.hint.bind()),
        (":actor", attempt.actor.bind()),
        (":source", attempt.source.bind()),
        (":reason", attempt.reason.bind()),
        (":times", attempt.times.bind()),
    ]
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

/// The last hour in which there were such attempts, how many, and the row that stands for those that have
/// none of their own.
pub fn strangers(
    connection: &Connection,
    outcome: Outcome,
) -> Result<Option<(i64, u64, Option<i64>)>> {
    connection.maybe(
        "SELECT hour, seen, attempt_id FROM strangers WHERE outcome = :outcome",
        params! { ":outcome": outcome },
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

/// Adds one that costs whoever makes it nothing: of the same outcome, `most` in an hour are kept one by
/// one, and one row says how many more there were.
pub fn insert_bounded(tx: &Transaction<'_>, attempt: &Attempt, most: u64) -> Result<Kept> {
    let hour = attempt.at.as_millisecond().div_euclid(HOUR);
    let (seen, row) = match strangers(tx, attempt.outcome)? {
        Some((last, seen, row)) if last == hour => (seen.saturating_add(1), row),
        _ => (1, None),
    };
    tx.change(
        "INSERT INTO strangers (outcome, hour, seen, attempt_id) VALUES (:outcome, :hour, :seen, :id)
         ON CONFLICT (outcome) DO UPDATE SET
             seen = excluded.seen, attempt_id = excluded.attempt_id, hour = excluded.hour",
        params! { ":outcome": attempt.outcome, ":hour": hour, ":seen": seen, ":id": row },
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
    let id: i64 = tx.value(
        &format!("{INSERT} RETURNING id"),
        Params::Named(&values(&first)),
    )?;
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
