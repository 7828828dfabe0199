//! What a server knows of the store, and of what it promises.

use super::super::connection::Connection;
use super::super::value::params;
use crate::error::Result;
use crate::model::time::Timestamp;

/// Bytes of the tables with their indexes; what is free in them the server does not tell.
pub fn size(connection: &Connection) -> Result<(u64, u64)> {
    let size = connection.value(
        "SELECT CAST(COALESCE(SUM(pg_total_relation_size(oid)), 0) AS BIGINT) FROM pg_class
         WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relkind = 'r'",
        params! {},
    )?;
    Ok((size, 0))
}

/// Rows that belong to nothing, which a server with its triggers switched off lets in: of which table,
/// in which other, and how many.
pub fn foreign_key_check(connection: &Connection) -> Result<Vec<(String, String, u64)>> {
    let mut found = Vec::new();
    for (table, column, parent) in [
        ("batches", "user_id", "users"),
        ("codes", "batch_id", "batches"),
        ("limiters", "user_id", "users"),
        ("letters", "task_id", "tasks"),
        ("letters", "batch_id", "batches"),
        ("sessions", "batch_id", "batches"),
        ("sessions", "user_id", "users"),
        ("tasks", "schedule_id", "schedules"),
        ("purged_batches", "purge_id", "purges"),
        ("reminders", "user_id", "users"),
    ] {
        let rows = connection.value(
            &format!(
                "SELECT COUNT(*) FROM {table} c WHERE c.{column} IS NOT NULL
                   AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.id = c.{column})"
            ),
            params! {},
        )?;
        if rows > 0 {
            found.push((table.to_owned(), parent.to_owned(), rows));
        }
    }
    Ok(found)
}

/// What a server says of itself that a promise depends on.
#[derive(Clone, Debug)]
pub struct Promises {
    /// Such as 150018 for 15.18.
    pub version: i64,
    /// Whether what it confirms outlives a power failure.
    pub survives_power_failure: bool,
    /// `synchronous_standby_names`; empty for none.
    pub standbys: String,
    pub is_encrypted: bool,
    /// Whether it is asked over a socket of this machine.
    pub is_local: bool,
    /// Whether the role may do what daily use does not need: make tables, or everything.
    pub may_change_tables: bool,
    /// Its clock.
    pub clock: Timestamp,
}

/// Asks the server about itself.
///
/// # Errors
/// As [`Connection::one`]; for a store in a file, too.
pub fn promises(connection: &Connection) -> Result<Promises> {
    connection.one(
        "SELECT CAST(current_setting('server_version_num') AS BIGINT),
                current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on',
                current_setting('synchronous_standby_names'),
                COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false),
                inet_server_addr() IS NULL,
                has_schema_privilege(current_schema(), 'CREATE')
                    OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
                CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)",
        params! {},
        |row| {
            Ok(Promises {
                version: row.get(0)?,
                survives_power_failure: row.get(1)?,
                standbys: row.get(2)?,
                is_encrypted: row.get(3)?,
                is_local: row.get(4)?,
                may_change_tables: row.get(5)?,
                clock: row.get(6)?,
            })
        },
    )
}
