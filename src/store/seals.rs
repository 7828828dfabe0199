//! Table `seals`, and the columns in which a user and a batch keep the digests of what they hold.

use super::engine::{Connection, Transaction, params};

use super::batches::Batch;
use super::users::User;
use crate::error::Result;
use crate::model::id::{BatchId, UserId};

/// Levels are this far apart in the number of a node.
const LEVEL: i64 = 1 << 48;

fn id_of(level: u32, node: u64) -> i64 {
    i64::from(level) * LEVEL + i64::try_from(node).unwrap_or(LEVEL - 1)
}

/// The digests of one node, if there is one.
pub fn node(connection: &Connection, level: u32, node: u64) -> Result<Option<Vec<u8>>> {
    connection.maybe(
        "SELECT digests FROM seals WHERE id = :id",
        params! { ":id": id_of(level, node) },
        |row| row.get(0),
    )
}

/// Writes the digests of one node.
pub fn put_node(tx: &Transaction<'_>, level: u32, node: u64, digests: &[u8]) -> Result<()> {
    tx.change(
        "INSERT INTO seals (id, digests) VALUES (:id, :digests)
         ON CONFLICT (id) DO UPDATE SET digests = excluded.digests",
        params! { ":id": id_of(level, node), ":digests": digests },
    )?;
    Ok(())
}

/// A user with everything that is sealed of them.
#[derive(Clone, Debug)]
pub struct SealedUser {
    pub user: User,
    pub email_folded: Option<String>,
    /// Of each batch that is active or pending.
    pub open_batches: Vec<u8>,
}

/// The user with this number.
pub fn user(connection: &Connection, id: UserId) -> Result<Option<SealedUser>> {
    let sql = format!(
        "SELECT {}, u.email_folded, u.open_batches FROM users u WHERE u.id = :id",
        User::COLUMNS
    );
    connection.maybe(&sql, params! { ":id": id }, |row| {
        let more = row.after(7);
        Ok(SealedUser {
            user: User::read(row)?,
            email_folded: more.get(0)?,
            open_batches: more.get(1)?,
        })
    })
}

/// Writes what a user holds.
pub fn put_open_batches(tx: &Transaction<'_>, id: UserId, open: &[u8]) -> Result<()> {
    tx.change(
        "UPDATE users SET open_batches = :open WHERE id = :id",
        params! { ":id": id, ":open": open },
    )?;
    Ok(())
}

/// The batch with this number, and the digests of its codes.
pub fn batch(connection: &Connection, id: BatchId) -> Result<Option<(Batch, Vec<u8>)>> {
    let sql = format!(
        "SELECT {}, b.code_digests FROM batches b WHERE b.id = :id",
        Batch::COLUMNS
    );
    connection.maybe(&sql, params! { ":id": id }, |row| {
        Ok((Batch::read(row)?, row.after(27).get(0)?))
    })
}

/// Writes the digests of a batch's codes.
pub fn put_code_digests(tx: &Transaction<'_>, id: BatchId, digests: &[u8]) -> Result<()> {
    tx.change(
        "UPDATE batches SET code_digests = :digests WHERE id = :id",
        params! { ":id": id, ":digests": digests },
    )?;
    Ok(())
}

/// The batches of a user that are active or pending.
pub fn open_of(connection: &Connection, user: UserId) -> Result<Vec<BatchId>> {
    let mut open = Vec::new();
    // The conditions stand in the text, for there is an index for each of them alone.
    for which in [
        "state = 'active' AND is_temporary = 0",
        "state = 'pending'",
        "state = 'active' AND is_temporary = 1",
    ] {
        let sql = format!("SELECT id FROM batches WHERE user_id = :user AND {which}");
        open.extend(connection.all(&sql, params! { ":user": user }, |row| row.get::<BatchId>(0))?);
    }
    Ok(open)
}

/// The numbers of users behind this one, `most` at the most.
pub fn users_after(connection: &Connection, id: UserId, most: u64) -> Result<Vec<UserId>> {
    connection.all(
        "SELECT id FROM users WHERE id > :id ORDER BY id LIMIT :most",
        params! { ":id": id, ":most": most },
        |row| row.get(0),
    )
}

/// How much there is to seal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub users: u64,
    /// Batches that are active or pending.
    pub batches: u64,
    pub codes: u64,
}

/// How much there is to seal.
pub fn counts(connection: &Connection) -> Result<Counts> {
    connection.one(
        "SELECT (SELECT COUNT(*) FROM users), COUNT(*), COALESCE(SUM(issued - purged), 0)
         FROM batches WHERE state IN ('active', 'pending')",
        params! {},
        |row| {
            Ok(Counts {
                users: row.get(0)?,
                batches: row.get(1)?,
                codes: row.get(2)?,
            })
        },
    )
}

/// The users whom the newest entries of the audit log concern, and who are still there.
pub fn users_seen_lately(connection: &Connection, entries: u64) -> Result<Vec<UserId>> {
    connection.all(
        "SELECT DISTINCT user_id FROM (SELECT user_id FROM audit ORDER BY number DESC LIMIT :most) AS newest
         WHERE user_id IN (SELECT id FROM users)",
        params! { ":most": entries },
        |row| row.get(0),
    )
}
