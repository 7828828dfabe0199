//! Table `sessions`: the sealed plaintext of a batch, for a few minutes.

use super::engine::{Connection, Row, Transaction, params};
use crate::error::Result;
use crate::model::id::{BatchId, BatchName, KeyId, UserId};
use crate::model::time::Timestamp;

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
    fn read(row: Row<'_>) -> Result<Self> {
        Ok(Self {
            batch_id: row.get(0)?,
            batch: row.get(1)?,
            expires_at: row.get(2)?,
            key: row.get(3)?,
            sealed: row.get(4)?,
        })
    }
}

/// The session of a user's newest batch that has one.
pub fn of_user(connection: &Connection, user: UserId) -> Result<Option<Session>> {
    connection.maybe(
        &format!("{SELECT} WHERE s.user_id = :user ORDER BY s.batch_id DESC LIMIT 1"),
        params! { ":user": user },
        Session::read,
    )
}

/// Public ids of a user's batches that have a session.
pub fn batches_of(connection: &Connection, user: UserId) -> Result<Vec<BatchName>> {
    connection.all(
        "SELECT b.name FROM sessions s JOIN batches b ON b.id = s.batch_id WHERE s.user_id = :user",
        params! { ":user": user },
        |row| row.get(0),
    )
}

/// All sessions.
pub fn all(connection: &Connection) -> Result<Vec<Session>> {
    connection.all(SELECT, params! {}, Session::read)
}

/// Public ids of the batches whose sessions are over by `now`.
pub fn expired(connection: &Connection, now: Timestamp) -> Result<Vec<BatchName>> {
    connection.all(
        "SELECT b.name FROM sessions s JOIN batches b ON b.id = s.batch_id WHERE s.expires_at <= :now",
        params! { ":now": now },
        |row| row.get(0),
    )
}

/// How many open sessions need this key.
pub fn count_of_key(connection: &Connection, key: &KeyId, now: Timestamp) -> Result<u64> {
    connection.value(
        "SELECT COUNT(*) FROM sessions WHERE key_id = :key AND expires_at > :now",
        params! { ":key": key, ":now": now },
    )
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
    tx.change(
        "INSERT INTO sessions (batch_id, user_id, expires_at, key_id, sealed)
         VALUES (:batch, :user, :expires_at, :key, :sealed)",
        params! {
            ":batch": batch, ":user": user, ":expires_at": expires_at, ":key": key,
            ":sealed": sealed,
        },
    )?;
    Ok(())
}

/// Ends the session of one batch; says whether there was one.
pub fn delete(tx: &Transaction<'_>, batch: BatchId) -> Result<bool> {
    let deleted = tx.execute(
        "DELETE FROM sessions WHERE batch_id = :batch",
        params! { ":batch": batch },
    )?;
    Ok(deleted > 0)
}

/// Ends the sessions that are over by `now`.
pub fn delete_expired(tx: &Transaction<'_>, now: Timestamp) -> Result<()> {
    tx.change(
        "DELETE FROM sessions WHERE expires_at <= :now",
        params! { ":now": now },
    )?;
    Ok(())
}

/// Ends all sessions.
pub fn delete_all(tx: &Transaction<'_>) -> Result<()> {
    tx.change("DELETE FROM sessions", params! {})?;
    Ok(())
}
