//! Batches from systems whose codes are shorter than ours, and weak ones among them.

use super::batches::Batch;
use super::engine::{Connection, params};
use crate::error::Result;
use crate::model::id::UserId;
use crate::model::time::Timestamp;

/// The user's unpurged batches from a system whose codes are shorter than ours, newest first.
pub fn of_user(connection: &Connection, user: UserId) -> Result<Vec<Batch>> {
    let sql = format!(
        "SELECT {} FROM batches b
         WHERE b.user_id = :user AND b.imported_from <> 'django' AND b.state <> 'purged'
         ORDER BY b.id DESC",
        Batch::COLUMNS
    );
    connection.all(&sql, params! { ":user": user }, Batch::read)
}

/// State by state, each by the index of batches from elsewhere: of both together SQLite would read through
/// all batches that are open, at every login.
const ANY_OPEN: &str = "SELECT 1 FROM batches WHERE imported_from <> 'django' AND state = 'active'
     UNION ALL SELECT 1 FROM batches WHERE imported_from <> 'django' AND state = 'pending' LIMIT 1";

/// Whether anybody has such codes that may still work.
pub fn any_open(connection: &Connection) -> Result<bool> {
    connection.exists(ANY_OPEN, params! {})
}

/// Whether the user has weak codes that may still work.
pub fn has_weak(connection: &Connection, user: UserId) -> Result<bool> {
    connection.exists(
        "SELECT 1 FROM batches
         WHERE user_id = :user AND is_weak = 1 AND state IN ('active', 'pending')",
        params! { ":user": user },
    )
}

/// State by state, for the same reason.
const NEXT_SLOW: &str = "SELECT slow FROM batches
     WHERE state = 'active' AND slow > :last AND slow IS NOT NULL AND issued > used + invalidated + deleted
       AND (expires_at IS NULL OR expires_at > :now) AND epoch >= (SELECT epoch FROM store)
     UNION ALL
     SELECT slow FROM batches
     WHERE state = 'pending' AND slow > :last AND slow IS NOT NULL AND issued > used + invalidated + deleted
       AND (expires_at IS NULL OR expires_at > :now) AND epoch >= (SELECT epoch FROM store)
     ORDER BY slow LIMIT 1";

/// What slow hashes the batches need whose codes may work, each answer once, and `most` at the most.
pub fn slow(connection: &Connection, now: Timestamp, most: usize) -> Result<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    // From one to the next, so that it takes no longer where many batches need the same.
    while found.len() < most {
        let next = connection.maybe(
            NEXT_SLOW,
            params! { ":last": found.last().map_or("", String::as_str), ":now": now },
            |row| row.get(0),
        )?;
        match next {
            Some(next) => found.push(next),
            None => break,
        }
    }
    Ok(found)
}

/// How many users have weak codes that work now, and how many codes that are.
pub fn count_weak(connection: &Connection, now: Timestamp) -> Result<(u64, u64)> {
    connection.one(
        "SELECT COUNT(DISTINCT user_id), COALESCE(SUM(issued - used - invalidated - deleted), 0)
         FROM batches WHERE is_weak = 1 AND state IN ('active', 'pending')
           AND issued > used + invalidated + deleted
           AND (expires_at IS NULL OR expires_at > :now) AND epoch >= (SELECT epoch FROM store)",
        params! { ":now": now },
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

#[cfg(test)]
mod tests {
    use super::super::engine::sqlite::migrations::{CURRENT, model};
    use super::*;

    #[test]
    fn a_login_looks_for_batches_from_elsewhere_by_their_index() {
        let store = model(CURRENT).unwrap();
        for (sql, by) in [
            (ANY_OPEN, "USING INDEX batches_moved (state=?)"),
            (NEXT_SLOW, "USING INDEX batches_slow (state=? AND slow>?)"),
        ] {
            // What is not said is NULL.
            let plan = format!("EXPLAIN QUERY PLAN {sql}");
            let steps = store
                .all(&plan, params! {}, |row| row.get::<String>(3))
                .unwrap();
            let by_index = |step: &&String| step.contains(by);
            assert_eq!(steps.iter().filter(by_index).count(), 2, "{steps:?}");
            let is_sorted = |step: &String| step.contains("TEMP B-TREE");
            assert!(!steps.iter().any(is_sorted), "{steps:?}");
        }
    }
}
