//! The tables of django-otp's static tokens in the database of its site.

use super::django_tables::Users;
use super::engine::{Connection, params};
use crate::error::Result;

/// The table whose column `user_id` points at the users.
pub const DEVICES: &str = "otp_static_staticdevice";

/// One token, of a device of a user. A token that was used is gone.
pub struct StaticToken {
    /// The number of its row.
    pub place: u64,
    pub user: String,
    /// Empty for none.
    pub email: String,
    pub is_active: bool,
    /// Whether the device was ever confirmed.
    pub is_confirmed: bool,
    /// In plaintext, as it stands there.
    pub token: String,
}

impl std::fmt::Debug for StaticToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StaticToken({}, secret)", self.place)
    }
}

/// Walks over all tokens, by user.
pub fn walk(
    connection: &Connection,
    users: &Users,
    mut visit: impl FnMut(StaticToken) -> Result<()>,
) -> Result<()> {
    let email = if users.has_email {
        "COALESCE(u.email, '')"
    } else {
        "''"
    };
    let state = match users.has_state {
        true => "CASE WHEN u.is_active THEN 1 ELSE 0 END",
        false => "1",
    };
    let sql = format!(
        "SELECT t.id, u.username, {email}, {state}, CASE WHEN d.confirmed THEN 1 ELSE 0 END, t.token
         FROM otp_static_statictoken t JOIN {DEVICES} d ON d.id = t.device_id
         JOIN {source} u ON {key} = d.user_id ORDER BY u.username, t.id",
        source = users.source(),
        key = users.key(),
    );
    connection.walk(&sql, params! {}, |row| {
        visit(StaticToken {
            place: row.get(0)?,
            user: row.get(1)?,
            email: row.get(2)?,
            is_active: row.get(3)?,
            is_confirmed: row.get(4)?,
            token: row.get(5)?,
        })?;
        Ok(true)
    })
}
