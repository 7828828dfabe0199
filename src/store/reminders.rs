//! Table `reminders`: who is to be reminded of their codes, and when they last were.

use super::engine::{Connection, Transaction, params};
use super::users::{LEFT, Measure};
use crate::error::Result;
use crate::model::id::UserId;
use crate::model::time::Timestamp;
use crate::model::user::UserName;

/// Active users with an address whose newest codes work, but are few or were never confirmed, and who
/// were not reminded after `since`; by name.
pub fn due(connection: &Connection, measure: &Measure, since: Timestamp) -> Result<Vec<UserName>> {
    let sql = format!(
        "SELECT u.name FROM users u
         JOIN batches b ON b.user_id = u.id AND b.state IN ('active', 'pending') AND b.is_temporary = 0
         LEFT JOIN reminders r ON r.user_id = u.id
         WHERE u.state = 'active' AND u.email IS NOT NULL AND {LEFT} > 0
           AND (b.confirmed_at IS NULL OR {LEFT} <= :low)
           AND (r.reminded_at IS NULL OR r.reminded_at <= :since)
           AND (b.state = 'pending' OR NOT EXISTS (
               SELECT 1 FROM batches p WHERE p.user_id = u.id AND p.state = 'pending'))
         ORDER BY u.name"
    );
    let params = params! { ":now": measure.now, ":low": measure.low, ":since": since };
    connection.all(&sql, params, |row| row.get(0))
}

/// When this user was last reminded; none if never.
pub fn last(connection: &Connection, user: UserId) -> Result<Option<Timestamp>> {
    connection.maybe(
        "SELECT reminded_at FROM reminders WHERE user_id = :user",
        params! { ":user": user },
        |row| row.get(0),
    )
}

/// Claims the one reminder of this time; says whether the last one is from `since` or before.
pub fn claim(tx: &Transaction<'_>, user: UserId, now: Timestamp, since: Timestamp) -> Result<bool> {
    let changed = tx.execute(
        "INSERT INTO reminders (user_id, reminded_at) VALUES (:user, :now)
         ON CONFLICT (user_id) DO UPDATE SET reminded_at = :now WHERE reminders.reminded_at <= :since",
        params! { ":user": user, ":now": now, ":since": since },
    )?;
    Ok(changed == 1)
}
