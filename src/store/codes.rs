//! Table `codes`: one row per code, of which only the hint can be read.

use super::engine::{Connection, Transaction, params, row};

use super::batches::Batch;
use crate::error::Result;
use crate::model::id::{BatchId, BatchName, KeyId, UserId};
use crate::model::state::CodeState;
use crate::model::time::Timestamp;

row! {
    "c.";
    /// One row of `codes`.
    #[derive(Clone, Debug)]
    pub struct CodeRow {
        pub batch_id: BatchId,
        /// 1 is the first on the sheet.
        pub position: i64,
        pub hint: String,
        pub state: CodeState,
        /// When it was used, invalidated or deleted.
        pub ended_at: Option<Timestamp>,
        /// PHC string of the secret part.
        pub hash: String,
        /// The key the hash was made with.
        pub key_id: KeyId,
        /// What the system that issued it mixed into its own digest of it.
        pub salt: Option<String>,
    }
}

const COLUMNS: &str = CodeRow::COLUMNS;

/// Walks over the hashes of all codes, with batch and position; memory does not grow with their
/// number.
pub fn walk_hashes(
    connection: &Connection,
    mut visit: impl FnMut(&BatchName, i64, &str),
) -> Result<()> {
    connection.walk(
        "SELECT b.name, c.position, c.hash FROM codes c JOIN batches b ON b.id = c.batch_id
         ORDER BY c.batch_id, c.position",
        params! {},
        |row| {
            let (batch, hash): (BatchName, String) = (row.get(0)?, row.get(2)?);
            visit(&batch, row.get(1)?, &hash);
            Ok(true)
        },
    )
}

/// The rows of one batch in the order of the sheet.
pub fn of_batch(connection: &Connection, batch: BatchId) -> Result<Vec<CodeRow>> {
    let sql =
        format!("SELECT {COLUMNS} FROM codes c WHERE c.batch_id = :batch ORDER BY c.position");
    connection.all(&sql, params! { ":batch": batch }, CodeRow::read)
}

/// What a code begins with, however it may be read. What stands for a code from elsewhere must not
/// be taken for one that was issued here, nor the other way round.
#[derive(Clone, Copy, Debug)]
pub struct Hints<'a> {
    pub full: Option<&'a str>,
    pub typeable: Option<&'a str>,
    /// The hint of the digest by which the Django application finds it.
    pub django: Option<&'a str>,
    /// A hint of what stands for a shorter code of another system; what is typed does not lead to it alone.
    pub moved: Option<&'a str>,
}

/// The user's unpurged code that has one of these hints in a batch of that kind: at most one,
/// since hints of a user do not look alike.
pub fn by_hint(
    connection: &Connection,
    user: UserId,
    hints: Hints<'_>,
) -> Result<Option<(CodeRow, Batch)>> {
    let sql = format!(
        "SELECT {COLUMNS}, {} FROM batches b CROSS JOIN codes c
         WHERE c.batch_id = b.id AND b.user_id = :user AND b.state <> 'purged'
           AND CASE WHEN b.imported_from = 'django' THEN c.hint = :django
                    WHEN b.imported_from IS NOT NULL THEN c.hint = :moved
                    WHEN b.alphabet = 'full' THEN c.hint = :full
                    ELSE c.hint = :typeable END
         ORDER BY b.id DESC LIMIT 1",
        Batch::COLUMNS
    );
    connection.maybe(
        &sql,
        params! {
            ":user": user, ":full": hints.full, ":typeable": hints.typeable, ":django": hints.django,
            ":moved": hints.moved,
        },
        |row| Ok((CodeRow::read(row)?, Batch::read(row.after(8))?)),
    )
}

/// The row at this place, if it is not purged.
pub fn by_position(
    connection: &Connection,
    batch: BatchId,
    position: i64,
) -> Result<Option<CodeRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM codes c WHERE c.batch_id = :batch AND c.position = :position"
    );
    connection.maybe(
        &sql,
        params! { ":batch": batch, ":position": position },
        CodeRow::read,
    )
}

/// Hints of all unpurged codes of a user.
pub fn hints(connection: &Connection, user: UserId) -> Result<Vec<String>> {
    connection.all(
        "SELECT c.hint FROM batches b CROSS JOIN codes c
         WHERE c.batch_id = b.id AND b.user_id = :user AND b.state <> 'purged' ORDER BY b.id DESC, c.position",
        params! { ":user": user },
        |row| row.get(0),
    )
}

/// Adds one code, which is active.
pub fn insert(tx: &Transaction<'_>, code: &CodeRow) -> Result<()> {
    tx.change(
        "INSERT INTO codes (batch_id, position, hint, hash, key_id, state, salt)
         VALUES (:batch, :position, :hint, :hash, :key, 'active', :salt)",
        params! {
            ":batch": code.batch_id, ":position": code.position, ":hint": code.hint,
            ":hash": code.hash, ":key": code.key_id, ":salt": code.salt,
        },
    )?;
    Ok(())
}

/// The decision: turns an active code into a used one if, at this very moment, it is active and
/// has the hash that was compared, its batch is active, of this epoch and not expired, and its user
/// is active. Says whether it did. Of any number of callers one at most is told yes. The hash gives
/// way to a mark that opens nothing.
pub fn use_up(
    tx: &Transaction<'_>,
    batch: BatchId,
    position: i64,
    (compared, mark): (&str, &str),
    now: Timestamp,
) -> Result<bool> {
    let used = tx.execute(
        "UPDATE codes SET state = 'used', ended_at = :now, hash = :mark
         WHERE batch_id = :batch AND position = :position AND state = 'active' AND hash = :compared
           AND EXISTS (SELECT 1 FROM batches b JOIN users u ON u.id = b.user_id
                       WHERE b.id = codes.batch_id AND b.state = 'active' AND u.state = 'active'
                         AND (b.expires_at IS NULL OR b.expires_at > :now)
                         AND b.epoch >= (SELECT epoch FROM store))",
        params! {
            ":batch": batch, ":position": position, ":now": now, ":compared": compared,
            ":mark": mark,
        },
    )?;
    Ok(used == 1)
}

/// Moves one code from one state to another; says whether it was in the first.
pub fn change(
    tx: &Transaction<'_>,
    batch: BatchId,
    position: i64,
    from: CodeState,
    to: CodeState,
    now: Timestamp,
) -> Result<bool> {
    let ended = (to != CodeState::Active).then_some(now);
    let changed = tx.execute(
        "UPDATE codes SET state = :to, ended_at = :ended
         WHERE batch_id = :batch AND position = :position AND state = :from",
        params! {
            ":batch": batch, ":position": position, ":from": from, ":to": to, ":ended": ended,
        },
    )?;
    Ok(changed == 1)
}

/// Takes all active codes of a batch along into another state; says how many.
pub fn end_all(tx: &Transaction<'_>, batch: BatchId, to: CodeState, now: Timestamp) -> Result<u64> {
    tx.execute(
        "UPDATE codes SET state = :to, ended_at = :now WHERE batch_id = :batch AND state = 'active'",
        params! { ":batch": batch, ":to": to, ":now": now },
    )
}

/// Removes all rows of a batch; says how many.
pub fn delete_all(tx: &Transaction<'_>, batch: BatchId) -> Result<u64> {
    tx.execute(
        "DELETE FROM codes WHERE batch_id = :batch",
        params! { ":batch": batch },
    )
}

/// Codes that could still be accepted, or could be again once reactivated.
const LIVE: &str = "b.state IN ('active', 'pending') AND c.state IN ('active', 'invalidated')
     AND (b.expires_at IS NULL OR b.expires_at > :now)";

/// How many live codes need each key; keys that none needs are left out.
pub fn live_by_key(connection: &Connection, now: Timestamp) -> Result<Vec<(KeyId, u64)>> {
    connection.all(
        &format!(
            "SELECT c.key_id, COUNT(*) FROM batches b CROSS JOIN codes c
             WHERE c.batch_id = b.id AND {LIVE} GROUP BY c.key_id ORDER BY c.key_id"
        ),
        params! { ":now": now },
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Whose live codes need this key, by name, and how many of them.
pub fn users_of_key(
    connection: &Connection,
    key: &KeyId,
    now: Timestamp,
) -> Result<Vec<(String, u64)>> {
    connection.all(
        &format!(
            "SELECT u.name, COUNT(*) FROM batches b CROSS JOIN codes c JOIN users u ON u.id = b.user_id
             WHERE c.batch_id = b.id AND {LIVE} AND c.key_id = :key GROUP BY u.id ORDER BY u.name"
        ),
        params! { ":key": key, ":now": now },
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
