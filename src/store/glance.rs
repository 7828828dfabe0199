//! All users and all codes at a glance: one pass over the batches whose codes may work, and the sums of
//! those that are over.

use super::engine::{Connection, params};

use super::marks::UNDELIVERED;
use super::users::{LEFT, Measure};
use crate::error::Result;

/// How many users are in which condition.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub users: u64,
    pub disabled: u64,
    /// Among those that are not disabled:
    pub none: u64,
    pub low: u64,
    pub expiring: u64,
    pub unconfirmed: u64,
    pub undelivered: u64,
    pub outdated: u64,
}

/// Codes of all batches by what became of them; of the active ones only those that work.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totals {
    pub batches: u64,
    pub issued: u64,
    pub active: u64,
    pub expired: u64,
    /// Of an epoch before the last restore.
    pub outdated: u64,
    pub used: u64,
    pub invalidated: u64,
    pub deleted: u64,
    pub purged: u64,
}

/// A limit that is none. Behind it, what is reckoned for a batch is reckoned once, and not for each count.
const ALL: i64 = i64::MAX;

/// Counts them. What is read stands in an index of its own, `batches_open`.
pub fn counts(connection: &Connection, measure: &Measure) -> Result<(Counts, Totals)> {
    let sql = format!(
        "SELECT (SELECT COUNT(*) FROM users), (SELECT COUNT(*) FROM users WHERE state = 'disabled'),
                COUNT(*) FILTER (WHERE is_sheet AND codes > 0),
                COUNT(*) FILTER (WHERE is_sheet AND codes BETWEEN 1 AND :low),
                COUNT(*) FILTER (WHERE is_sheet AND codes > 0 AND expires_at <= :soon),
                COUNT(*) FILTER (WHERE is_sheet AND codes > 0 AND confirmed_at IS NULL),
                COUNT(*) FILTER (WHERE is_sheet AND codes > 0 AND is_undelivered),
                COUNT(*) FILTER (WHERE is_sheet AND is_outdated),
                (SELECT batches FROM totals) + COUNT(*), (SELECT issued FROM totals) + COALESCE(SUM(b.issued), 0),
                COALESCE(SUM(codes), 0),
                COALESCE(SUM(remaining) FILTER (WHERE expires_at <= :now), 0),
                COALESCE(SUM(remaining) FILTER (WHERE is_outdated AND (expires_at IS NULL OR expires_at > :now)), 0),
                (SELECT used FROM totals) + COALESCE(SUM(b.used), 0), (SELECT invalidated FROM totals) + COALESCE(SUM(b.invalidated), 0),
                (SELECT deleted FROM totals) + COALESCE(SUM(b.deleted), 0), (SELECT purged FROM totals) + COALESCE(SUM(b.purged), 0)
         FROM (SELECT {LEFT} AS codes, {UNDELIVERED} AS is_undelivered, b.is_temporary = 0 AND b.state = 'active'
                          AND b.user_id NOT IN (SELECT id FROM users WHERE state = 'disabled') AS is_sheet,
                      b.issued - b.used - b.invalidated - b.deleted AS remaining, b.expires_at, b.confirmed_at,
                      b.epoch < (SELECT epoch FROM store) AS is_outdated,
                      b.issued, b.used, b.invalidated, b.deleted, b.purged
               FROM batches b WHERE b.state IN ('active', 'pending') LIMIT {ALL}) b"
    );
    let params = params! { ":now": measure.now, ":low": measure.low, ":soon": measure.soon };
    connection.one(&sql, params, |row| {
        let (users, disabled): (u64, u64) = (row.get(0)?, row.get(1)?);
        let holders: u64 = row.get(2)?;
        let counts = Counts {
            users,
            disabled,
            none: users.saturating_sub(disabled).saturating_sub(holders),
            low: row.get(3)?,
            expiring: row.get(4)?,
            unconfirmed: row.get(5)?,
            undelivered: row.get(6)?,
            outdated: row.get(7)?,
        };
        let totals = Totals {
            batches: row.get(8)?,
            issued: row.get(9)?,
            active: row.get(10)?,
            expired: row.get(11)?,
            outdated: row.get(12)?,
            used: row.get(13)?,
            invalidated: row.get(14)?,
            deleted: row.get(15)?,
            purged: row.get(16)?,
        };
        Ok((counts, totals))
    })
}
