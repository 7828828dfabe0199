//! From where the rows of the Django application come.

use std::io::BufRead;

use crate::error::{Error, Kind, Result};
use crate::model::django::{CleanUp, ImportedEntry, ImportedLog, Past, Person};
use crate::platform::django_dump::{self, Dump};
use crate::store::Connection;
use crate::store::django_tables::{self, Users};
use crate::store::engine::foreign::{self, Foreign};

/// From where they come.
#[derive(Debug)]
pub enum Source {
    /// All at once, as `dumpdata` wrote them.
    Dump(Box<Dump>),
    /// From the database itself, a few users at a time.
    Database(Database),
}

/// The application's database.
#[derive(Debug)]
pub struct Database {
    file: Foreign,
    users: Users,
    /// Whether Django-Q has its tables there.
    has_queue: bool,
}

impl Source {
    /// A dump.
    ///
    /// # Errors
    /// As [`django_dump::read`].
    pub fn dump(input: impl BufRead) -> Result<Self> {
        Ok(Self::Dump(Box::new(django_dump::read(input)?)))
    }

    /// A database, in which the application has its tables.
    ///
    /// # Errors
    /// [`Kind::Usage`] where it has none.
    pub fn database(file: Foreign) -> Result<Self> {
        let (users, has_queue) = file.read(|connection| {
            let has_queue = foreign::has_table(connection, "django_q_schedule")?;
            let users = users_of(
                connection,
                django_tables::CODES,
                "django-auth-recovery-codes",
            )?;
            Ok((users, has_queue))
        })?;
        Ok(Self::Database(Database {
            file,
            users,
            has_queue,
        }))
    }

    /// What users are counted by: records of the dump, or rows of the table of users.
    pub fn unit(&self) -> &'static str {
        match self {
            Self::Dump(_) => "record",
            Self::Database(_) => "row",
        }
    }

    /// Everybody who has or had codes there.
    pub(in crate::actions) fn persons(&self) -> Result<Vec<Person>> {
        match self {
            Self::Dump(dump) => Ok(dump.persons.clone()),
            Self::Database(Database { file, users, .. }) => {
                file.read(|connection| django_tables::persons(connection, users))
            }
        }
    }

    /// What is kept of the codes of these, in their order.
    pub(in crate::actions) fn pasts<'a>(
        &self,
        keys: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<Vec<Past>> {
        match self {
            Self::Dump(dump) => {
                let past = |key| dump.pasts.get(key).cloned().unwrap_or_default();
                Ok(keys.map(past).collect())
            }
            Self::Database(Database { file, users, .. }) => file.read(|connection| {
                let past = |key| django_tables::past(connection, users, key);
                keys.clone().map(past).collect()
            }),
        }
    }

    /// Lines of one of its logs behind the number `after`, by number, `most` at the most.
    pub(in crate::actions) fn entries(
        &self,
        log: ImportedLog,
        (after, most): (i64, u64),
    ) -> Result<Vec<ImportedEntry>> {
        match self {
            Self::Dump(dump) => {
                let behind = |entry: &&ImportedEntry| entry.log == log && entry.number > after;
                let mut entries: Vec<_> = dump.entries.iter().filter(behind).cloned().collect();
                entries.sort_by_key(|entry| entry.number);
                Ok(entries)
            }
            Self::Database(Database { file, users, .. }) => {
                file.read(|connection| django_tables::log(connection, users, log, (after, most)))
            }
        }
    }

    /// Its recurring clean-ups; and runs in its queue whose clean-up was deleted.
    pub(in crate::actions) fn clean_ups(&self) -> Result<(Vec<CleanUp>, Vec<String>)> {
        match self {
            Self::Dump(dump) => Ok((dump.clean_ups.clone(), Vec::new())),
            Self::Database(Database {
                file, has_queue, ..
            }) => file.read(|connection| django_tables::clean_ups(connection, *has_queue)),
        }
    }
}

/// Where the users are at whom the column `user_id` of this table points.
///
/// # Errors
/// [`Kind::Usage`] where there is no such table, or the users have no names.
pub(in crate::actions) fn users_of(
    connection: &Connection,
    table: &str,
    what: &str,
) -> Result<Users> {
    let refuse = |message: &str| {
        Error::new(Kind::Usage, message).hint(format!(
            "nothing was changed; name the database of the site that has the tables of {what}"
        ))
    };
    let place = foreign::pointed_at(connection, table, "user_id")?;
    let (table, key) =
        place.ok_or_else(|| refuse(&format!("the database has no tables of {what}")))?;
    let columns = foreign::columns(connection, &table)?;
    let has = |name: &str| columns.iter().any(|column| column == name);
    if !has("username") || !has(&key) {
        return Err(refuse("the site's table of users has no column username"));
    }
    Ok(Users {
        has_email: has("email"),
        has_state: has("is_active"),
        table,
        key,
    })
}
