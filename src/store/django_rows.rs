//! Records of a dump of the Django application, laid out in tables as its database has them, so that both are
//! read in one way. They are no part of the store, and gone when the program ends.

use std::cell::RefCell;

use super::django_tables::{CODES, Users};
use super::engine::sqlite::scratch::Scratch;
use super::engine::value::Params;
use super::engine::{Bind, Value, params};
use crate::error::Result;
use crate::model::django_dump::{Cell, Counts, Holds, Record, TABLES, Table};

/// Such tables.
#[derive(Debug)]
pub struct Laid {
    scratch: Scratch,
    /// The user who was named last, and the number of the record that says who that is: most records of one
    /// user stand together.
    last: RefCell<Option<(String, i64)>>,
    /// A statement for each table.
    inserts: Vec<String>,
}

/// Users stand under the number of their record.
const USERS: &str = "
    CREATE TABLE auth_user (id INTEGER PRIMARY KEY, username TEXT, email TEXT, is_active INTEGER);
    CREATE TABLE keys (key TEXT PRIMARY KEY, user INTEGER) WITHOUT ROWID;
";

const BATCHES: &str = "django_auth_recovery_codes_recoverycodesbatch";

/// What the tables are asked for by.
const INDEXES: [(&str, &str); 4] = [
    (BATCHES, "user_id"),
    (
        "django_auth_recovery_codes_recoverycodesbatchhistory",
        "user_id",
    ),
    ("django_auth_recovery_codes_recoverycodesetup", "user_id"),
    (CODES, "user_id"),
];

impl Laid {
    /// None yet.
    pub fn new() -> Result<Self> {
        let tables = TABLES.iter().map(create);
        let tables: String = tables.chain([USERS.to_owned()]).collect();
        Ok(Self {
            scratch: Scratch::new(&tables)?,
            last: RefCell::default(),
            inserts: TABLES.iter().map(insert).collect(),
        })
    }

    /// Adds a record.
    pub fn put(&self, record: &Record) -> Result<()> {
        match record {
            Record::User {
                number,
                name,
                email,
                is_active,
                keys,
            } => {
                let sql = "INSERT INTO auth_user VALUES (:number, :name, :email, :is_active)";
                let params = params! { ":number": number, ":name": name, ":email": email, ":is_active": is_active };
                self.scratch.execute(sql, params)?;
                for key in keys {
                    let (key, number) = (as_key(key), number.bind());
                    let params = [key.bind(), number];
                    let sql = "INSERT OR REPLACE INTO keys VALUES (?1, ?2)";
                    self.scratch.execute(sql, Params::Numbered(&params))?;
                }
                self.last.take();
                Ok(())
            }
            Record::Row(table, cells) => {
                let values: Result<Vec<_>> = cells.iter().map(|cell| self.value(cell)).collect();
                let place = TABLES.iter().position(|known| known.model == table.model);
                let sql = place.and_then(|place| self.inserts.get(place));
                let sql = sql.map_or("", String::as_str);
                self.scratch
                    .execute(sql, Params::Numbered(&values?))
                    .map(drop)
            }
        }
    }

    fn value<'a>(&self, cell: &'a Cell) -> Result<Value<'a>> {
        Ok(match cell {
            Cell::Nothing => Value::Null,
            Cell::Number(number) => number.bind(),
            Cell::Text(text) => text.bind(),
            Cell::User(key) => match self.user(key)? {
                Some(user) => Value::Integer(user),
                None => Value::Text(as_key(key).into()),
            },
        })
    }

    fn user(&self, key: &str) -> Result<Option<i64>> {
        let mut last = self.last.borrow_mut();
        if let Some((_, user)) = last.as_ref().filter(|(known, _)| known == key) {
            return Ok(Some(*user));
        }
        let sql = "SELECT user FROM keys WHERE key = :key";
        let user = self
            .scratch
            .maybe(sql, params! { ":key": as_key(key) }, |row| row.get(0))?;
        if let Some(user) = user {
            *last = Some((key.to_owned(), user));
        }
        Ok(user)
    }

    /// Puts together what belongs together; the key of a user of codes whom nobody knows, if there is one.
    pub fn finish(self) -> Result<(Scratch, Option<String>)> {
        for table in TABLES {
            let columns = table.columns.iter();
            for column in columns.filter(|column| column.holds == Holds::User) {
                self.resolve(table.name, column.name)?;
            }
        }
        self.find_holders()?;
        for (table, column) in INDEXES {
            let sql = format!("CREATE INDEX {table}_{column} ON {table} ({column})");
            self.scratch.execute(&sql, params! {})?;
        }
        let sql = format!(
            "SELECT COALESCE(substr(user_id, 2), 'null') FROM {CODES}
             WHERE typeof(user_id) <> 'integer' ORDER BY id LIMIT 1"
        );
        let unknown = self.scratch.maybe(&sql, params! {}, |row| row.get(0))?;
        Ok((self.scratch, unknown))
    }

    /// A batch whose user the dump does not hold is whose its codes are.
    fn find_holders(&self) -> Result<()> {
        let sql = format!("SELECT 1 FROM {BATCHES} WHERE user_id IS NULL");
        if self.scratch.maybe(&sql, params! {}, |_| Ok(()))?.is_none() {
            return Ok(());
        }
        let index = format!("CREATE INDEX of_batch ON {CODES} (batch_id)");
        let sql = format!(
            "UPDATE {BATCHES} SET user_id = (SELECT c.user_id FROM {CODES} c
                 WHERE c.batch_id = {BATCHES}.id ORDER BY c.id LIMIT 1)
             WHERE user_id IS NULL"
        );
        self.scratch.execute(&index, params! {})?;
        self.scratch.execute(&sql, params! {}).map(drop)
    }

    /// Lets a column name users by their numbers alone. Whoever is not in the dump is nobody; but whose a code
    /// is has to be known, and of who deleted it only that somebody did.
    fn resolve(&self, table: &str, column: &str) -> Result<()> {
        let only = match (table, column) {
            (CODES, "user_id") => format!("AND {column} IN (SELECT key FROM keys)"),
            (CODES, _) => return Ok(()),
            _ => String::new(),
        };
        let sql = format!(
            "UPDATE OR REPLACE {table} SET {column} = (SELECT user FROM keys WHERE key = {column})
             WHERE typeof({column}) = 'text' {only}"
        );
        self.scratch.execute(&sql, params! {}).map(drop)
    }

    /// Where the users are.
    pub fn users() -> Users {
        Users {
            table: "auth_user".to_owned(),
            key: "id".to_owned(),
            has_email: true,
            has_state: true,
            are_records: true,
        }
    }
}

/// How a user who is not known yet stands in the tables: as the dump spells it, but as no number.
fn as_key(key: &str) -> String {
    format!("?{key}")
}

fn create(table: &Table) -> String {
    let columns = table.columns.iter().map(|column| {
        let kind = match column.holds {
            Holds::Record => "INTEGER PRIMARY KEY",
            // Or else no index would be used to compare them with those of users.
            Holds::User => "INTEGER",
            _ => "",
        };
        let is_key = table.key.is_some_and(|(key, _)| key == column.name);
        format!(
            "{} {kind} {}",
            column.name,
            if is_key { "UNIQUE" } else { "" }
        )
    });
    let columns: Vec<String> = columns.collect();
    format!("CREATE TABLE {} ({});", table.name, columns.join(", "))
}

fn insert(table: &Table) -> String {
    let or = match table.key {
        Some((_, Counts::First)) => "OR IGNORE ",
        Some((_, Counts::Last)) => "OR REPLACE ",
        None => "",
    };
    let columns = table.columns.iter().map(|column| column.name);
    let columns: Vec<&str> = columns.collect();
    let numbers = (1..=columns.len()).map(|number| format!("?{number}"));
    let numbers: Vec<String> = numbers.collect();
    format!(
        "INSERT {or}INTO {} ({}) VALUES ({})",
        table.name,
        columns.join(", "),
        numbers.join(", ")
    )
}
