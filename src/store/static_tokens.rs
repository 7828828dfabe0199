//! The tables of django-otp's static tokens in the database of its site.

use super::django_tables::Users;
use super::engine::{Connection, params};
use crate::error::Result;

/// The table whose column `user_id` points at the users.
pub const DEVICES: &str = "otp_static_staticdevice";

/// A user who has or had tokens.
pub struct Holder {
    /// How other rows name them.
    pub key: String,
    pub name: String,
    /// Empty for none.
    pub email: String,
    pub is_active: bool,
}

/// Walks over them, by name.
pub fn holders(
    connection: &Connection,
    users: &Users,
    mut visit: impl FnMut(Holder) -> Result<()>,
) -> Result<()> {
    let sql = format!(
        "SELECT CAST({key} AS TEXT), u.username, {email}, {state} FROM {source} u
         WHERE EXISTS (SELECT 1 FROM {DEVICES} d WHERE d.user_id = {key}) ORDER BY u.username",
        key = users.key(),
        email = users.email(),
        state = users.state(),
        source = users.source(),
    );
    connection.walk(&sql, params! {}, |row| {
        visit(Holder {
            key: row.get(0)?,
            name: row.get(1)?,
            email: row.get(2)?,
            is_active: row.get(3)?,
        })?;
        Ok(true)
    })
}

/// One token, of a device of a user. A token that was used is gone.
pub struct StaticToken {
    /// The number of its row.
    pub place: u64,
    /// The key of the user.
    pub user: String,
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

/// Walks over all tokens, in the order of their rows: to sort them, SQLite would write some into a file.
pub fn walk(
    connection: &Connection,
    mut visit: impl FnMut(StaticToken) -> Result<()>,
) -> Result<()> {
    let sql = format!(
        "SELECT t.id, CAST(d.user_id AS TEXT), CASE WHEN d.confirmed THEN 1 ELSE 0 END, t.token
         FROM otp_static_statictoken t CROSS JOIN {DEVICES} d WHERE d.id = t.device_id ORDER BY t.id"
    );
    connection.walk(&sql, params! {}, |row| {
        visit(StaticToken {
            place: row.get(0)?,
            user: row.get(1)?,
            is_confirmed: row.get(2)?,
            token: row.get(3)?,
        })?;
        Ok(true)
    })
}
