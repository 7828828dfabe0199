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

/// Walks over them, in the order of their keys.
pub fn holders(
    connection: &Connection,
    users: &Users,
    mut visit: impl FnMut(Holder) -> Result<()>,
) -> Result<()> {
    connection.walk(&holders_sql(users), params! {}, |row| {
        visit(Holder {
            key: row.get(0)?,
            name: row.get(1)?,
            email: row.get(2)?,
            is_active: row.get(3)?,
        })?;
        Ok(true)
    })
}

fn holders_sql(users: &Users) -> String {
    // In the database that Django made, these and the tokens stand in this order: nothing is sorted.
    format!(
        "SELECT CAST({key} AS TEXT), u.username, {email}, {state} FROM {source} u
         WHERE EXISTS (SELECT 1 FROM {DEVICES} d WHERE d.user_id = {key}) ORDER BY {key}",
        key = users.key(),
        email = users.email(),
        state = users.state(),
        source = users.source(),
    )
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

/// Walks over all tokens, in the order of their rows.
pub fn walk(
    connection: &Connection,
    mut visit: impl FnMut(StaticToken) -> Result<()>,
) -> Result<()> {
    connection.walk(&tokens_sql(), params! {}, |row| {
        visit(StaticToken {
            place: row.get(0)?,
            user: row.get(1)?,
            is_confirmed: row.get(2)?,
            token: row.get(3)?,
        })?;
        Ok(true)
    })
}

fn tokens_sql() -> String {
    // The join goes from the tokens to the devices, never the other way round.
    format!(
        "SELECT t.id, CAST(d.user_id AS TEXT), CASE WHEN d.confirmed THEN 1 ELSE 0 END, t.token
         FROM otp_static_statictoken t CROSS JOIN {DEVICES} d WHERE d.id = t.device_id ORDER BY t.id"
    )
}

#[cfg(test)]
mod tests {
    use super::super::django_tables::persons_sql;
    use super::super::engine::foreign::Foreign;
    use super::*;
    use crate::model::location::Location;

    fn users() -> Users {
        Users {
            table: "auth_user".to_owned(),
            key: "id".to_owned(),
            has_email: true,
            has_state: true,
            are_records: false,
        }
    }

    /// A database of these tables, as another program left it.
    fn foreign<T>(tables: &str, read: impl FnMut(&Connection) -> Result<T>) -> T {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("site.sqlite3");
        let made = rusqlite::Connection::open(&file).unwrap();
        made.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        made.execute_batch(tables).unwrap();
        let found = Foreign::at(&Location::File(file)).unwrap().unwrap();
        found.read(read).unwrap()
    }

    fn plan(connection: &Connection, sql: &str) -> Result<String> {
        let sql = format!("EXPLAIN QUERY PLAN {sql}");
        let steps = connection.all(&sql, params! {}, |row| row.get::<String>(3))?;
        Ok(steps.join("\n"))
    }

    #[test]
    fn nobody_and_no_token_is_sorted_in_what_django_made() {
        let of_tokens = include_str!("../../tests/fixtures/moving/otp-static.sql");
        let of_codes = include_str!("../../tests/fixtures/django/database.sql");
        let holders = foreign(of_tokens, |site| plan(site, &holders_sql(&users())));
        let tokens = foreign(of_tokens, |site| plan(site, &tokens_sql()));
        let persons = foreign(of_codes, |site| plan(site, &persons_sql(&users())));
        for plan in [holders, tokens, persons] {
            assert!(!plan.is_empty() && !plan.contains("TEMP B-TREE"), "{plan}");
        }
    }

    #[test]
    fn what_is_sorted_all_the_same_stays_in_memory() {
        const IN_MEMORY: i64 = 2;
        let odd = "CREATE TABLE auth_user (id bigint, username, email, is_active);
                   CREATE TABLE otp_static_staticdevice (id bigint, user_id bigint, confirmed);";
        let (plan, kept) = foreign(odd, |site| {
            let kept: i64 = site.value("PRAGMA temp_store", params! {})?;
            Ok((plan(site, &holders_sql(&users()))?, kept))
        });
        assert!(plan.contains("TEMP B-TREE"), "{plan}");
        assert_eq!(kept, IN_MEMORY);
    }
}
