//! Table `sessions`: the sealed plaintext of a batch, for a few minutes.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use crate::error::Result;
use crate::model::id::{BatchId, BatchName, KeyId, UserId};
use crate::model::time::{Timestamp, from_millis};

/// One row of `sessions`, with the public id of its batch.
#[derive(Clone, Debug)]
pub struct Session {
    pub batch_id: BatchId,
    pub batch: BatchName,
    pub expires_at: Timestamp,
    /// The key of the ring that takes part in the seal.
    pub key: KeyId,
    pub sealed: Vec<u8>,
}

const SELECT: &str = "SELECT s.batch_id, b.name, s.expires_at, s.key_id, s.sealed
     FROM sessions s JOIN batches b ON b.id = s.batch_id";

impl Session {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            batch_id: BatchId(row.get(0)?),
            batch: BatchName::from_stored(row.get(1)?),
            expires_at: from_millis(row.get(2)?),
            key: KeyId::new(row.get::<_, String>(3)?),
            sealed: row.get(4)?,
        })
    }
}

/// The session of a user's newest batch that has one.
pub fn of_user(connection: &Connection, user: UserId) -> Result<Option<Session>> {
    let sql = format!("{SELECT} WHERE s.user_id = :user ORDER BY s.batch_id DESC LIMIT 1");
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement
        .query_row(named_params! { ":user": user.0 }, Session::from_row)
        .optional()?)
}

/// Public ids of a user's batches that have a session.
pub fn batches_of(connection: &Connection, user: UserId) -> Result<Vec<BatchName>> {
    let mut statement = connection.prepare_cached(
        "SELECT b.name FROM sessions s JOIN batches b ON b.id = s.batch_id WHERE s.user_id = :user",
    )?;
    let names = statement
        .query_map(named_params! { ":user": user.0 }, |row| {
            Ok(BatchName::from_stored(row.get(0)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(names)
}

/// All sessions.
pub fn all(connection: &Connection) -> Result<Vec<Session>> {
    let mut statement = connection.prepare(SELECT)?;
    let sessions = statement
        .query_map([], Session::from_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(sessions)
}

/// Public ids of the batches whose sessions are over by `now`.
pub fn expired(connection: &Connection, now: Timestamp) -> Result<Vec<BatchName>> {
    let mut statement = connection.prepare_cached(
        "SELECT b.name FROM sessions s JOIN batches b ON b.id = s.batch_id WHERE s.expires_at <= :now",
    )?;
    let names = statement
        .query_map(named_params! { ":now": now.as_millisecond() }, |row| {
            Ok(BatchName::from_stored(row.get(0)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(names)
}

/// How many open sessions need this key.
pub fn count_of_key(connection: &Connection, key: &KeyId, now: Timestamp) -> Result<u64> {
    Ok(connection.query_row(
        "SELECT COUNT(*) FROM sessions WHERE key_id = :key AND expires_at > :now",
        named_params! { ":key": key.as_str(), ":now": now.as_millisecond() },
        |row| row.get(0),
    )?)
}

/// Begins a session.
pub fn insert(
    tx: &Transaction<'_>,
    batch: BatchId,
    user: UserId,
    expires_at: Timestamp,
    key: &KeyId,
    sealed: &[u8],
) -> Result<()> {
    tx.execute(
        "INSERT INTO sessions (batch_id, user_id, expires_at, key_id, sealed)
         VALUES (:batch, :user, :expires_at, :key, :sealed)",
        named_params! {
            ":batch": batch.0, ":user": user.0, ":expires_at": expires_at.as_millisecond(),
            ":key": key.as_str(), ":sealed": sealed,
        },
    )?;
    Ok(())
}

/// Ends the session of one batch; says whether there was one.
pub fn delete(tx: &Transaction<'_>, batch: BatchId) -> Result<bool> {
    let deleted = tx.execute(
        "DELETE FROM sessions WHERE batch_id = :batch",
        named_params! { ":batch": batch.0 },
    )?;
    Ok(deleted > 0)
}

/// Ends the sessions that are over by `now`.
pub fn delete_expired(tx: &Transaction<'_>, now: Timestamp) -> Result<()> {
    tx.execute(
        "DELETE FROM sessions WHERE expires_at <= :now",
        named_params! { ":now": now.as_millisecond() },
    )?;
    Ok(())
}

/// Ends all sessions.
pub fn delete_all(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM sessions", [])?;
    Ok(())
}
