//! Table `limiters`: failures and cooldowns of one subject for one action.

use super::engine::{Connection, Row, Transaction, params};

use crate::error::Result;
use crate::model::id::UserId;
use crate::model::limiter::{LimitedAction, Limiter};
use crate::model::time::Timestamp;

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

fn limiter(row: Row<'_>) -> Result<Limiter> {
    Ok(Limiter {
        failures: row.get(0)?,
        penalty: row.get(1)?,
        blocked_until: row.get(2)?,
        last_attempt: row.get(3)?,
        locked_at: row.get(4)?,
    })
}

/// What is remembered; the empty limiter if nothing is.
pub fn get(connection: &Connection, subject: &Subject, action: LimitedAction) -> Result<Limiter> {
    let found = connection.maybe(
        "SELECT failures, penalty, blocked_until, last_attempt, locked_at FROM limiters
         WHERE subject = :subject AND action = :action",
        params! { ":subject": subject.text(), ":action": action },
        limiter,
    )?;
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
    tx.execute(
        "DELETE FROM limiters WHERE (subject, action) IN
             (SELECT subject, action FROM limiters WHERE forgotten_at <= :now LIMIT 3)",
        params! { ":now": now },
    )?;
    tx.execute("INSERT INTO limiters (subject, action, user_id, failures, penalty, blocked_until, last_attempt,
                               locked_at, forgotten_at)
         VALUES (:subject, :action, :user, :failures, :penalty, :blocked, :last, :locked, :forgotten)
         ON CONFLICT (subject, action) DO UPDATE SET
             failures = excluded.failures, penalty = excluded.penalty,
             blocked_until = excluded.blocked_until, last_attempt = excluded.last_attempt,
             locked_at = excluded.locked_at, forgotten_at = excluded.forgotten_at", params! {
        ":subject": subject.text(),
        ":action": action,
        ":user": subject.user_id(),
        ":failures": limiter.failures,
        ":penalty": limiter.penalty,
        ":blocked": limiter.blocked_until,
        ":last": limiter.last_attempt,
        ":locked": limiter.locked_at,
        ":forgotten": forgotten_at,
    })?;
    Ok(())
}

/// Forgets what is remembered of one action; says whether there was anything.
pub fn delete(tx: &Transaction<'_>, subject: &Subject, action: LimitedAction) -> Result<bool> {
    let deleted = tx.execute(
        "DELETE FROM limiters WHERE subject = :subject AND action = :action",
        params! { ":subject": subject.text(), ":action": action },
    )?;
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
    connection.all("SELECT u.name, l.action, l.failures, l.penalty, l.blocked_until, l.last_attempt, l.locked_at
         FROM limiters l JOIN users u ON u.id = l.user_id
         WHERE l.forgotten_at IS NULL OR l.forgotten_at > :now
         ORDER BY u.name, l.action", params! { ":now": now }, |row| {
            Ok(Named {
                user: row.get(0)?,
                action: row.get(1)?,
                limiter: limiter(row.after(2))?,
            })
        })
}

/// How many names nobody has are being counted.
pub fn unknown_names(connection: &Connection, now: Timestamp) -> Result<u64> {
    connection.value(
        "SELECT COUNT(*) FROM limiters WHERE user_id IS NULL AND (forgotten_at IS NULL OR forgotten_at > :now)",
        params! { ":now": now })
}

/// Forgets what is remembered of one action of everybody.
pub fn delete_all_of(tx: &Transaction<'_>, action: LimitedAction) -> Result<()> {
    tx.execute(
        "DELETE FROM limiters WHERE action = :action",
        params! { ":action": action },
    )?;
    Ok(())
}
