//! Tables `audit` and `audit_head`: the chained record and where it begins and ends.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use crate::error::Result;
use crate::model::audit::{Action, Entry, Head};
use crate::model::id::{KeyId, UserId};
use crate::model::page::{Page, PageRequest};
use crate::model::time::{Timestamp, from_millis};

const COLUMNS: &str =
    "number, at, actor, reason, action, user_id, user, batch, hint, details, key_id, mac";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        number: row.get(0)?,
        at: from_millis(row.get(1)?),
        actor: row.get(2)?,
        reason: row.get(3)?,
        action: row.get(4)?,
        user_id: row.get::<_, Option<i64>>(5)?.map(UserId),
        user: row.get(6)?,
        batch: row.get(7)?,
        hint: row.get(8)?,
        details: row.get(9)?,
        key: KeyId::new(row.get::<_, String>(10)?),
        mac: row.get(11)?,
    })
}

/// Where the chain begins and ends; none in a store whose head was torn out.
pub fn head(connection: &Connection) -> Result<Option<Head>> {
    let head = connection
        .prepare_cached(
            "SELECT pruned, pruned_mac, count, last_mac, key_id, mac FROM audit_head WHERE id = 1",
        )?
        .query_row([], |row| {
            Ok(Head {
                pruned: row.get(0)?,
                pruned_mac: row.get(1)?,
                count: row.get(2)?,
                last_mac: row.get(3)?,
                key: KeyId::new(row.get::<_, String>(4)?),
                mac: row.get(5)?,
            })
        })
        .optional()?;
    Ok(head)
}

/// Writes where the chain begins and ends.
pub fn put_head(tx: &Transaction<'_>, head: &Head) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO audit_head (id, pruned, pruned_mac, count, last_mac, key_id, mac)
         VALUES (1, :pruned, :pruned_mac, :count, :last_mac, :key, :mac)
         ON CONFLICT (id) DO UPDATE SET
             pruned = excluded.pruned, pruned_mac = excluded.pruned_mac, count = excluded.count,
             last_mac = excluded.last_mac, key_id = excluded.key_id, mac = excluded.mac",
    )?
    .execute(named_params! {
        ":pruned": head.pruned,
        ":pruned_mac": head.pruned_mac,
        ":count": head.count,
        ":last_mac": head.last_mac,
        ":key": head.key.as_str(),
        ":mac": head.mac,
    })?;
    Ok(())
}

/// Adds an entry to the end of the chain.
pub fn insert(tx: &Transaction<'_>, entry: &Entry) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO audit (number, at, actor, reason, action, user_id, user, batch, hint, details, key_id, mac)
         VALUES (:number, :at, :actor, :reason, :action, :user_id, :user, :batch, :hint, :details, :key, :mac)",
    )?
    .execute(named_params! {
        ":number": entry.number,
        ":at": entry.at.as_millisecond(),
        ":actor": entry.actor,
        ":reason": entry.reason,
        ":action": entry.action,
        ":user_id": entry.user_id.map(|id| id.0),
        ":user": entry.user,
        ":batch": entry.batch,
        ":hint": entry.hint,
        ":details": entry.details,
        ":key": entry.key.as_str(),
        ":mac": entry.mac,
    })?;
    Ok(())
}

/// Walks over all entries from the first, until `visit` says stop with `false`; memory does
/// not grow with their number.
pub fn walk(connection: &Connection, mut visit: impl FnMut(Entry) -> Result<bool>) -> Result<()> {
    let mut statement =
        connection.prepare(&format!("SELECT {COLUMNS} FROM audit ORDER BY number"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if !visit(from_row(row)?)? {
            break;
        }
    }
    Ok(())
}

/// The entry with this number.
pub fn by_number(connection: &Connection, number: i64) -> Result<Option<Entry>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM audit WHERE number = :number"
    ))?;
    Ok(statement
        .query_row(named_params! { ":number": number }, from_row)
        .optional()?)
}

/// The number of the last of the oldest entries that are all older than `cutoff`; 0 for none.
pub fn last_before(connection: &Connection, cutoff: Timestamp, now: Timestamp) -> Result<i64> {
    super::paging::last_before(connection, "audit", "number", cutoff, now)
}

/// Deletes what lies before the beginning that the head names; says how many.
pub fn delete_pruned(tx: &Transaction<'_>) -> Result<u64> {
    let deleted = tx.execute(
        "DELETE FROM audit WHERE number <= (SELECT pruned FROM audit_head WHERE id = 1)",
        [],
    )?;
    Ok(deleted as u64)
}

/// When the newest entry was written.
pub fn last_at(connection: &Connection) -> Result<Option<Timestamp>> {
    let at = connection
        .query_row(
            "SELECT at FROM audit ORDER BY number DESC LIMIT 1",
            [],
            |row| row.get(0),
        )
        .optional()?;
    Ok(at.map(from_millis))
}

/// Which entries a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// A user's number and name; the number finds entries from before a rename, the name those
    /// of a user who was removed.
    pub user: Option<(Option<UserId>, String)>,
    pub action: Option<Action>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// One page, newest first.
pub fn list(connection: &Connection, filter: &Filter, request: PageRequest) -> Result<Page<Entry>> {
    let (id, name) = match &filter.user {
        Some((Some(id), _)) => (Some(id.0), None),
        Some((None, name)) => (None, Some(name.clone())),
        None => (None, None),
    };
    let action = filter.action.map(|action| action.word().to_owned());
    let asked = super::paging::Asked::default()
        .only("user_id = :user_id", ":user_id", id)
        .only("user = :user", ":user", name)
        .only("action = :action", ":action", action)
        .between(filter.since, filter.until);
    super::paging::newest_first(
        connection,
        &super::paging::Listing {
            table: "audit",
            columns: COLUMNS,
            key: "number",
        },
        &asked,
        request,
        from_row,
    )
}
