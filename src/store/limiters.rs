//! Table `limiters`: failures and cooldowns of one subject for one action.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::error::unknown_word;
use crate::error::Result;
use crate::model::id::UserId;
use crate::model::limiter::{LimitedAction, Limiter};
use crate::model::time::{Timestamp, from_millis};

/// Whose attempts are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A user.
    User(UserId),
    /// A name nobody has, as a keyed digest.
    Unknown(String),
}

impl Subject {
    fn text(&self) -> String {
        match self {
            Self::User(id) => format!("user:{}", id.0),
            Self::Unknown(digest) => format!("name:{digest}"),
        }
    }

    fn user_id(&self) -> Option<i64> {
        match self {
            Self::User(id) => Some(id.0),
            Self::Unknown(_) => None,
        }
    }
}

fn limiter(row: &Row<'_>, first: usize) -> rusqlite::Result<Limiter> {
    let moment = |column: usize| -> rusqlite::Result<Option<Timestamp>> {
        Ok(row.get::<_, Option<i64>>(first + column)?.map(from_millis))
    };
    Ok(Limiter {
        failures: row.get(first)?,
        penalty: row.get(first + 1)?,
        blocked_until: moment(2)?,
        last_attempt: moment(3)?,
        locked_at: moment(4)?,
    })
}

/// What is remembered; the empty limiter if nothing is.
pub fn get(connection: &Connection, subject: &Subject, action: LimitedAction) -> Result<Limiter> {
    let found = connection
        .prepare_cached(
            "SELECT failures, penalty, blocked_until, last_attempt, locked_at FROM limiters
             WHERE subject = :subject AND action = :action",
        )?
        .query_row(
            named_params! { ":subject": subject.text(), ":action": action.word() },
            |row| limiter(row, 0),
        )
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// Remembers it until `forgotten_at`, and drops a few that are forgotten by `now`, so that
/// names nobody has cannot fill the store.
pub fn put(
    tx: &Transaction<'_>,
    subject: &Subject,
    action: LimitedAction,
    limiter: &Limiter,
    forgotten_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM limiters WHERE (subject, action) IN
             (SELECT subject, action FROM limiters WHERE forgotten_at <= :now LIMIT 3)",
    )?
    .execute(named_params! { ":now": now.as_millisecond() })?;
    tx.prepare_cached(
        "INSERT INTO limiters (subject, action, user_id, failures, penalty, blocked_until, last_attempt,
                               locked_at, forgotten_at)
         VALUES (:subject, :action, :user, :failures, :penalty, :blocked, :last, :locked, :forgotten)
         ON CONFLICT (subject, action) DO UPDATE SET
             failures = excluded.failures, penalty = excluded.penalty,
             blocked_until = excluded.blocked_until, last_attempt = excluded.last_attempt,
             locked_at = excluded.locked_at, forgotten_at = excluded.forgotten_at",
    )?
    .execute(named_params! {
        ":subject": subject.text(),
        ":action": action.word(),
        ":user": subject.user_id(),
        ":failures": limiter.failures,
        ":penalty": limiter.penalty,
        ":blocked": limiter.blocked_until.map(Timestamp::as_millisecond),
        ":last": limiter.last_attempt.map(Timestamp::as_millisecond),
        ":locked": limiter.locked_at.map(Timestamp::as_millisecond),
        ":forgotten": forgotten_at.map(Timestamp::as_millisecond),
    })?;
    Ok(())
}

/// Forgets what is remembered of one action; says whether there was anything.
pub fn delete(tx: &Transaction<'_>, subject: &Subject, action: LimitedAction) -> Result<bool> {
    let deleted = tx
        .prepare_cached("DELETE FROM limiters WHERE subject = :subject AND action = :action")?
        .execute(named_params! { ":subject": subject.text(), ":action": action.word() })?;
    Ok(deleted > 0)
}

/// One limiter with the name of its user.
#[derive(Clone, Debug)]
pub struct Named {
    pub user: String,
    pub action: LimitedAction,
    pub limiter: Limiter,
}

/// All limiters of users that are not forgotten by `now`, by user's name.
pub fn of_users(connection: &Connection, now: Timestamp) -> Result<Vec<Named>> {
    let mut statement = connection.prepare(
        "SELECT u.name, l.action, l.failures, l.penalty, l.blocked_until, l.last_attempt, l.locked_at
         FROM limiters l JOIN users u ON u.id = l.user_id
         WHERE l.forgotten_at IS NULL OR l.forgotten_at > :now
         ORDER BY u.name, l.action",
    )?;
    let rows = statement
        .query_map(named_params! { ":now": now.as_millisecond() }, |row| {
            let action: String = row.get(1)?;
            Ok(Named {
                user: row.get(0)?,
                action: LimitedAction::from_word(&action)
                    .ok_or_else(|| unknown_word("limiters.action", &action))?,
                limiter: limiter(row, 2)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// How many names nobody has are being counted.
pub fn unknown_names(connection: &Connection, now: Timestamp) -> Result<u64> {
    let count = connection.query_row(
        "SELECT COUNT(*) FROM limiters WHERE user_id IS NULL AND (forgotten_at IS NULL OR forgotten_at > :now)",
        named_params! { ":now": now.as_millisecond() },
        |row| row.get(0),
    )?;
    Ok(count)
}

/// Forgets what is remembered of one action of everybody.
pub fn delete_all_of(tx: &Transaction<'_>, action: LimitedAction) -> Result<()> {
    tx.execute(
        "DELETE FROM limiters WHERE action = :action",
        named_params! { ":action": action.word() },
    )?;
    Ok(())
}
