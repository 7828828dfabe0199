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
    /// A user from one source, as it is counted.
    From(UserId, String),
    /// A user from all sources together.
    Everywhere(UserId),
    /// A name nobody has, as a keyed digest.
    Unknown(String),
}

/// What stands for all sources together.
const EVERYWHERE: &str = "all sources";

impl Subject {
    fn text(&self) -> String {
        match self {
            Self::User(id) => format!("user:{}", id.0),
            Self::From(id, source) => format!("from:{}:{source}", id.0),
            Self::Everywhere(id) => format!("everywhere:{}", id.0),
            Self::Unknown(digest) => format!("name:{digest}"),
        }
    }

    fn user_id(&self) -> Option<i64> {
        match self {
            Self::User(id) | Self::From(id, ..) | Self::Everywhere(id) => Some(id.0),
            Self::Unknown(_) => None,
        }
    }

    fn source(&self) -> Option<&str> {
        match self {
            Self::From(_, source) => Some(source),
            Self::Everywhere(_) => Some(EVERYWHERE),
            Self::User(_) | Self::Unknown(_) => None,
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
    tx.change(
        "DELETE FROM limiters WHERE (subject, action) IN
             (SELECT subject, action FROM limiters WHERE forgotten_at <= :now LIMIT 3)",
        params! { ":now": now },
    )?;
    tx.change("INSERT INTO limiters (subject, action, user_id, failures, penalty, blocked_until, last_attempt,
                               locked_at, forgotten_at, source)
         VALUES (:subject, :action, :user, :failures, :penalty, :blocked, :last, :locked, :forgotten, :source)
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
        ":source": subject.source(),
    })?;
    Ok(())
}

/// Forgets the names nobody has that were tried longest ago, if there are more than `most`.
pub fn bound_unknown(tx: &Transaction<'_>, most: u64) -> Result<()> {
    tx.change(
        "DELETE FROM limiters WHERE (subject, action) IN
             (SELECT subject, action FROM limiters WHERE user_id IS NULL
              ORDER BY last_attempt DESC NULLS LAST LIMIT 100 OFFSET :most)",
        params! { ":most": most },
    )?;
    Ok(())
}

/// Forgets the sources from which a user was tried longest ago and which are not locked, if there are
/// more than `most`.
pub fn bound_sources(tx: &Transaction<'_>, user: UserId, most: u64) -> Result<()> {
    tx.change(
        "DELETE FROM limiters WHERE (subject, action) IN
             (SELECT subject, action FROM limiters
              WHERE user_id = :user AND source IS NOT NULL AND locked_at IS NULL
              ORDER BY last_attempt DESC NULLS LAST LIMIT 100 OFFSET :most)",
        params! { ":user": user, ":most": most },
    )?;
    Ok(())
}

/// From how many sources a user was tried in vain so often.
pub fn sources_with(connection: &Connection, user: UserId, failures: u64) -> Result<u64> {
    connection.value(
        "SELECT COUNT(*) FROM limiters
         WHERE user_id = :user AND action = 'verify' AND source IS NOT NULL AND subject <> :everywhere
           AND failures >= :failures",
        params! {
            ":user": user, ":everywhere": Subject::Everywhere(user).text(), ":failures": failures,
        },
    )
}

/// Forgets everything that is remembered of a user; says whether there was anything.
pub fn delete_of_user(tx: &Transaction<'_>, user: UserId) -> Result<bool> {
    let deleted = tx.execute(
        "DELETE FROM limiters WHERE user_id = :user",
        params! { ":user": user },
    )?;
    Ok(deleted > 0)
}

/// Forgets what is remembered of one action.
pub fn delete(tx: &Transaction<'_>, subject: &Subject, action: LimitedAction) -> Result<()> {
    tx.change(
        "DELETE FROM limiters WHERE subject = :subject AND action = :action",
        params! { ":subject": subject.text(), ":action": action },
    )
}

/// One limiter with the name of its user.
#[derive(Clone, Debug)]
pub struct Named {
    pub user: String,
    pub action: LimitedAction,
    pub limiter: Limiter,
    /// From where, as it is counted, if attempts say so.
    pub source: Option<String>,
}

/// All limiters of users that are not forgotten by `now`, by user's name.
pub fn of_users(connection: &Connection, now: Timestamp) -> Result<Vec<Named>> {
    list(connection, None, now)
}

/// The same of one user, and only those of a source.
pub fn sources_of(connection: &Connection, user: UserId, now: Timestamp) -> Result<Vec<Named>> {
    list(connection, Some(user), now)
}

fn list(connection: &Connection, user: Option<UserId>, now: Timestamp) -> Result<Vec<Named>> {
    let only = match user {
        Some(_) => "l.user_id = :user AND l.source IS NOT NULL",
        None => ":user IS NULL",
    };
    connection.all(
        &format!(
            "SELECT u.name, l.action, l.failures, l.penalty, l.blocked_until, l.last_attempt, l.locked_at,
                    l.source
             FROM limiters l JOIN users u ON u.id = l.user_id
             WHERE {only} AND (l.forgotten_at IS NULL OR l.forgotten_at > :now)
             ORDER BY u.name, l.action, l.source NULLS FIRST"
        ),
        params! { ":user": user, ":now": now },
        |row| {
            Ok(Named {
                user: row.get(0)?,
                action: row.get(1)?,
                limiter: limiter(row.after(2))?,
                source: row.get(7)?,
            })
        },
    )
}

/// How many names nobody has are being counted.
pub fn unknown_names(connection: &Connection, now: Timestamp) -> Result<u64> {
    connection.value(
        "SELECT COUNT(*) FROM limiters WHERE user_id IS NULL AND (forgotten_at IS NULL OR forgotten_at > :now)",
        params! { ":now": now })
}

/// Forgets what is remembered of one action of everybody.
pub fn delete_all_of(tx: &Transaction<'_>, action: LimitedAction) -> Result<()> {
    tx.change(
        "DELETE FROM limiters WHERE action = :action",
        params! { ":action": action },
    )?;
    Ok(())
}
