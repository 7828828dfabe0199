//! The roles that a server needs for a store, as SQL.

use crate::model::location::Server;

/// The role of daily use where the URL names none.
const USUAL: &str = "recovery_codes";

/// What an administrator of the server does once: a role that makes and upgrades the tables, and one that
/// may do to their rows what daily use needs, but neither change a table nor anything else.
pub fn roles(server: &Server) -> String {
    let name = server.user().unwrap_or(USUAL).to_owned();
    let daily = quoted(&name);
    let owner = quoted(&format!("{name}_owner"));
    format!(
        "-- For an administrator of the server, once, in the database of the store.
-- Makes and upgrades the tables: `recovery-codes init` at first and after an upgrade, and `restore`.
CREATE ROLE {owner} LOGIN;
-- All the rest: logins, administrators, the worker.
CREATE ROLE {daily} LOGIN;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO {owner};
GRANT USAGE ON SCHEMA public TO {daily};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {daily};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public
    GRANT EXECUTE ON FUNCTIONS TO {daily};
-- A password for each, which `psql` asks for and sends as a digest:
--     \\password {name}_owner
--     \\password {name}
"
    )
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::model::environment::Environment;
    use crate::model::location::Location;

    fn of(url: &str) -> String {
        match Location::new(Path::new(url), &Environment::default()) {
            Location::Server(server) => roles(&server),
            Location::File(_) => panic!("{url}"),
        }
    }

    #[test]
    fn the_role_of_the_url_is_the_one_of_daily_use() {
        assert!(of("postgres://codes@db/x").contains("CREATE ROLE \"codes\" LOGIN"));
        assert!(of("postgres://db/x").contains("CREATE ROLE \"recovery_codes_owner\" LOGIN"));
        assert!(of("postgres://a\"b@db/x").contains("CREATE ROLE \"a\"\"b\" LOGIN"));
    }
}
