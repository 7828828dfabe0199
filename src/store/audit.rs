//! Tables `audit` and `audit_head`: the chained record and where it begins and ends.

use super::engine::{Connection, Row, Transaction, params};
use super::paging::{Asked, Filter, Log};
use crate::error::Result;
use crate::model::audit::{Deed, Entry, Head};
use crate::model::id::UserId;
use crate::model::page::{Page, PageRequest};
use crate::model::seal::Seals;

const COLUMNS: &str =
    "number, at, actor, reason, action, user_id, \"user\", batch, hint, details, key_id, mac";

/// The table.
pub const LOG: Log = Log {
    table: "audit",
    columns: COLUMNS,
    key: "number",
};

fn read(row: Row<'_>) -> Result<Entry> {
    Ok(Entry {
        number: row.get(0)?,
        at: row.get(1)?,
        actor: row.get(2)?,
        reason: row.get(3)?,
        action: row.get(4)?,
        user_id: row.get(5)?,
        user: row.get(6)?,
        batch: row.get(7)?,
        hint: row.get(8)?,
        details: row.get(9)?,
        key: row.get(10)?,
        mac: row.get(11)?,
    })
}

/// Where the chain begins and ends, and what hangs from it; none in a store whose head was torn out.
pub fn head(connection: &Connection) -> Result<Option<Head>> {
    connection.maybe(
        "SELECT pruned, pruned_mac, count, last_mac, key_id, mac, root, height, sealed_to, world, seen_at
         FROM audit_head WHERE id = 1",
        params! {},
        |row| {
            let seals = match row.get(6)? {
                None => None,
                Some(root) => Some(Seals {
                    root,
                    height: u32::try_from(row.get::<u64>(7)?).unwrap_or(u32::MAX),
                    sealed_to: row.get(8)?,
                    world: row.get(9)?,
                    seen_at: row.get(10)?,
                }),
            };
            Ok(Head {
                pruned: row.get(0)?,
                pruned_mac: row.get(1)?,
                count: row.get(2)?,
                last_mac: row.get(3)?,
                key: row.get(4)?,
                mac: row.get(5)?,
                seals,
            })
        },
    )
}

/// Writes where the chain begins and ends, and what hangs from it.
pub fn put_head(tx: &Transaction<'_>, head: &Head) -> Result<()> {
    let seals = head.seals.as_ref();
    tx.change(
        "INSERT INTO audit_head (id, pruned, pruned_mac, count, last_mac, key_id, mac,
                                 root, height, sealed_to, world, seen_at)
         VALUES (1, :pruned, :pruned_mac, :count, :last_mac, :key, :mac,
                 :root, :height, :sealed_to, :world, :seen_at)
         ON CONFLICT (id) DO UPDATE SET
             pruned = excluded.pruned, pruned_mac = excluded.pruned_mac, count = excluded.count,
             last_mac = excluded.last_mac, key_id = excluded.key_id, mac = excluded.mac,
             root = excluded.root, height = excluded.height, sealed_to = excluded.sealed_to,
             world = excluded.world, seen_at = excluded.seen_at",
        params! {
            ":pruned": head.pruned,
            ":pruned_mac": head.pruned_mac,
            ":count": head.count,
            ":last_mac": head.last_mac,
            ":key": head.key,
            ":mac": head.mac,
            ":root": seals.map(|seals| seals.root),
            ":height": seals.map(|seals| u64::from(seals.height)),
            ":sealed_to": seals.map(|seals| seals.sealed_to),
            ":world": seals.map(|seals| seals.world),
            ":seen_at": seals.map(|seals| seals.seen_at),
        },
    )?;
    Ok(())
}

/// Adds an entry to the end of the chain.
pub fn insert(tx: &Transaction<'_>, entry: &Entry) -> Result<()> {
    tx.change(
        "INSERT INTO audit (number, at, actor, reason, action, user_id, \"user\", batch, hint, details, key_id, mac)
         VALUES (:number, :at, :actor, :reason, :action, :user_id, :user, :batch, :hint, :details, :key, :mac)",
        params! {
            ":number": entry.number,
            ":at": entry.at,
            ":actor": entry.actor,
            ":reason": entry.reason,
            ":action": entry.action,
            ":user_id": entry.user_id,
            ":user": entry.user,
            ":batch": entry.batch,
            ":hint": entry.hint,
            ":details": entry.details,
            ":key": entry.key,
            ":mac": entry.mac,
        },
    )?;
    Ok(())
}

/// Walks over the entries behind this number, until `visit` says stop with `false`; memory does
/// not grow with how many there are.
pub fn walk_behind(
    connection: &Connection,
    number: i64,
    mut visit: impl FnMut(Entry) -> Result<bool>,
) -> Result<()> {
    connection.walk(
        &format!("SELECT {COLUMNS} FROM audit WHERE number > :number ORDER BY number"),
        params! { ":number": number },
        |row| visit(read(row)?),
    )
}

/// The entry with this number.
pub fn by_number(connection: &Connection, number: i64) -> Result<Option<Entry>> {
    connection.maybe(
        &format!("SELECT {COLUMNS} FROM audit WHERE number = :number"),
        params! { ":number": number },
        read,
    )
}

/// The newest entry of this deed about the same user, batch and code.
pub fn newest_of(connection: &Connection, deed: &Deed) -> Result<Option<Entry>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM audit
         WHERE user_id = :user AND action = :action AND batch IS NOT DISTINCT FROM :batch
           AND hint IS NOT DISTINCT FROM :hint
           AND number <= (SELECT count FROM audit_head WHERE id = 1)
         ORDER BY number DESC LIMIT 1"
    );
    connection.maybe(
        &sql,
        params! {
            ":user": deed.user.as_ref().map(|(id, _)| *id),
            ":action": deed.action,
            ":batch": deed.batch,
            ":hint": deed.hint,
        },
        read,
    )
}

/// Deletes what lies before the beginning that the head names; says how many.
pub fn delete_pruned(tx: &Transaction<'_>) -> Result<u64> {
    tx.execute(
        "DELETE FROM audit WHERE number <= (SELECT pruned FROM audit_head WHERE id = 1)",
        params! {},
    )
}

/// One page, newest first. Of a user, the number finds entries from before a rename and the name
/// those of a user who was removed.
pub fn list(
    connection: &Connection,
    filter: &Filter<(Option<UserId>, String)>,
    request: PageRequest,
) -> Result<Page<Entry>> {
    let (id, name) = match &filter.user {
        Some((Some(id), _)) => (Some(*id), None),
        Some((None, name)) => (None, Some(name)),
        None => (None, None),
    };
    let asked = Asked::default()
        .only("user_id = :user_id", ":user_id", &id)
        .only("\"user\" = :user", ":user", &name)
        .fitting(filter, "action = :action");
    LOG.newest_first(connection, asked, request, read)
}
