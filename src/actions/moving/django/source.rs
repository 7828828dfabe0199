//! From where the rows of the Django application come.

use std::io::BufRead;

use crate::error::{Error, Kind, Result};
use crate::model::django::{CleanUp, ImportedEntry, ImportedLog, Past, Person};
use crate::platform::django_dump;
use crate::store::Connection;
use crate::store::django_rows::Laid;
use crate::store::django_tables::{self, Users};
use crate::store::engine::foreign::{self, Foreign};

/// Where they are: in the application's database, or in a dump that is laid out as such. A few users are read
/// at a time.
#[derive(Debug)]
pub struct Source {
    database: Foreign,
    users: Users,
    /// Whether Django-Q has its tables there.
    has_queue: bool,
    stray: u64,
}

impl Source {
    /// A dump.
    ///
    /// # Errors
    /// As [`django_dump::read`]; [`Kind::Usage`] for codes of nobody.
    pub fn dump(input: impl BufRead) -> Result<Self> {
        let rows = Laid::new()?;
        django_dump::read(input, |record| rows.put(&record))?;
        let joined = rows.join()?;
        if let Some(user) = joined.unknown {
            let message = format!("the dump does not hold the user {user}");
            return Err(django_dump::refuse(message));
        }
        Ok(Self {
            database: Foreign::LaidOut(joined.rows),
            users: Laid::users(),
            has_queue: false,
            stray: joined.stray,
        })
    }

    /// A database, in which the application has its tables.
    ///
    /// # Errors
    /// [`Kind::Usage`] where it has none.
    pub fn database(database: Foreign) -> Result<Self> {
        let (users, has_queue, stray) = database.read(|connection| {
            let has_queue = foreign::has_table(connection, "django_q_schedule")?;
            let users = users_of(
                connection,
                django_tables::CODES,
                "django-auth-recovery-codes",
            )?;
            Ok((users, has_queue, django_tables::stray(connection)?))
        })?;
        Ok(Self {
            database,
            users,
            has_queue,
            stray,
        })
    }

    /// Codes that no batch of theirs takes.
    pub(in crate::actions) fn stray(&self) -> u64 {
        self.stray
    }

    /// What users are counted by: records of the dump, or rows of the table of users.
    pub fn unit(&self) -> &'static str {
        match self.users.are_records {
            true => "record",
            false => "row",
        }
    }

    /// Walks over everybody who has or had codes there, from the beginning each time that `begin` is called.
    pub(in crate::actions) fn persons<T>(
        &self,
        begin: impl Fn() -> Result<T>,
        mut visit: impl FnMut(&mut T, Person) -> Result<()>,
    ) -> Result<T> {
        self.database.read_into(|connection, apart| {
            let mut into = apart.keep(begin())?;
            django_tables::persons(connection, &self.users, |person| {
                apart.keep(visit(&mut into, person))
            })?;
            Ok(into)
        })
    }

    /// What is kept of the codes of these, in their order.
    pub(in crate::actions) fn pasts<'a>(
        &self,
        keys: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<Vec<Past>> {
        self.database.read(|connection| {
            let past = |key| django_tables::past(connection, &self.users, key);
            keys.clone().map(past).collect()
        })
    }

    /// Lines of one of its logs behind the number `after`, by number, `most` at the most.
    pub(in crate::actions) fn entries(
        &self,
        log: ImportedLog,
        range: (i64, u64),
    ) -> Result<Vec<ImportedEntry>> {
        self.database
            .read(|connection| django_tables::log(connection, &self.users, log, range))
    }

    /// Its recurring clean-ups; and runs in its queue whose clean-up was deleted.
    pub(in crate::actions) fn clean_ups(&self) -> Result<(Vec<CleanUp>, Vec<String>)> {
        self.database
            .read(|connection| django_tables::clean_ups(connection, self.has_queue))
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
        are_records: false,
        table,
        key,
    })
}
