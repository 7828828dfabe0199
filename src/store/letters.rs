//! Table `letters`: what a mail task sends, sealed until it has left.

use super::engine::{Connection, Transaction, params};
use crate::error::Result;
use crate::model::id::{BatchId, KeyId, TaskId, UserId};
use crate::model::mail::LetterKind;

/// One row of `letters`.
#[derive(Clone, Debug)]
pub struct LetterRow {
    pub task_id: TaskId,
    pub kind: LetterKind,
    pub recipient: String,
    /// The batch whose codes it carries.
    pub batch_id: Option<BatchId>,
    pub message_id: String,
    /// Whether what it says is bound to its kind and to whom it goes; one of an earlier version is not.
    pub is_bound: bool,
    /// The key of the ring that sealed it.
    pub key: KeyId,
    /// What it says; none once it has left.
    pub sealed: Option<Vec<u8>>,
}

/// What this task sends.
pub fn of_task(connection: &Connection, task: TaskId) -> Result<Option<LetterRow>> {
    connection.maybe(
        "SELECT task_id, kind, recipient, batch_id, message_id, is_bound, key_id, sealed FROM letters WHERE task_id = :task",
        params! { ":task": task },
        |row| {
            Ok(LetterRow {
                task_id: row.get(0)?,
                kind: row.get(1)?,
                recipient: row.get(2)?,
                batch_id: row.get(3)?,
                message_id: row.get(4)?,
                is_bound: row.get(5)?,
                key: row.get(6)?,
                sealed: row.get(7)?,
            })
        },
    )
}

/// The task that carries, or carried, the codes of this batch.
pub fn task_of_batch(connection: &Connection, batch: BatchId) -> Result<Option<TaskId>> {
    connection.maybe(
        "SELECT task_id FROM letters WHERE batch_id = :batch",
        params! { ":batch": batch },
        |row| row.get(0),
    )
}

/// How many letters that have not left need this key.
pub fn count_of_key(connection: &Connection, key: &KeyId) -> Result<u64> {
    connection.value(
        "SELECT COUNT(*) FROM letters WHERE key_id = :key AND sealed IS NOT NULL",
        params! { ":key": key },
    )
}

/// Adds what a task sends. A second letter with the codes of one batch is refused by the store.
pub fn insert(tx: &Transaction<'_>, letter: &LetterRow) -> Result<()> {
    tx.change(
        "INSERT INTO letters (task_id, kind, recipient, batch_id, message_id, is_bound, key_id, sealed)
         VALUES (:task, :kind, :recipient, :batch, :message_id, :is_bound, :key, :sealed)",
        params! {
            ":task": letter.task_id,
            ":kind": letter.kind,
            ":recipient": letter.recipient,
            ":batch": letter.batch_id,
            ":message_id": letter.message_id,
            ":is_bound": letter.is_bound,
            ":key": letter.key,
            ":sealed": letter.sealed,
        },
    )?;
    Ok(())
}

/// Takes away what a letter said: it has left, or never will.
pub fn empty(tx: &Transaction<'_>, task: TaskId) -> Result<()> {
    tx.change(
        "UPDATE letters SET sealed = NULL WHERE task_id = :task",
        params! { ":task": task },
    )?;
    Ok(())
}

/// Takes away letters with codes of this batch that have not left, with their tasks. One that
/// is being sent in this moment loses its contents, so that it is not sent again.
pub fn delete_unsent(tx: &Transaction<'_>, batch: BatchId) -> Result<()> {
    tx.change(
        "UPDATE letters SET sealed = NULL WHERE batch_id = :batch",
        params! { ":batch": batch },
    )?;
    tx.change(
        "DELETE FROM tasks WHERE state IN ('queued', 'failed')
           AND id IN (SELECT task_id FROM letters WHERE batch_id = :batch)",
        params! { ":batch": batch },
    )?;
    Ok(())
}

/// The same for all batches of this user.
pub fn delete_unsent_of(tx: &Transaction<'_>, user: UserId) -> Result<()> {
    tx.change(
        "DELETE FROM tasks WHERE state IN ('queued', 'failed')
           AND id IN (SELECT l.task_id FROM letters l JOIN batches b ON b.id = l.batch_id
                      WHERE b.user_id = :user)",
        params! { ":user": user },
    )?;
    Ok(())
}

/// Takes away all letters that have not left, with their tasks, and what any of the others may
/// still say.
pub fn delete_all_unsent(tx: &Transaction<'_>) -> Result<()> {
    tx.change(
        "DELETE FROM tasks WHERE state <> 'done' AND id IN (SELECT task_id FROM letters)",
        params! {},
    )?;
    tx.change(
        "UPDATE letters SET sealed = NULL WHERE sealed IS NOT NULL",
        params! {},
    )?;
    Ok(())
}
