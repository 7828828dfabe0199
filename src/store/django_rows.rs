//! Records of a dump of the Django application, laid out in tables as its database has them, so that both are
//! read in one way. They are no part of the store, and gone when the program ends.

use super::django_tables::{self, CODES, Users};
use super::engine::sqlite::scratch::Scratch;
use super::engine::value::Params;
use super::engine::{Bind, Value, params};
use crate::error::Result;
use crate::model::django_dump::{Cell, Counts, Holds, Record, TABLES, Table};

/// Such tables.
#[derive(Debug)]
pub struct Laid {
    scratch: Scratch,
    /// A statement for each table.
    inserts: Vec<String>,
}

/// Such tables when all records are read and what belongs together is put together.
#[derive(Debug)]
pub struct Joined {
    pub rows: Scratch,
    /// The key of a user of codes whom nobody knows, if there is one. Then nothing else is done.
    pub unknown: Option<String>,
    /// Codes that no batch takes: it is in no record, or another user's.
    pub stray: u64,
}

/// Users stand under the number of their record. Records of one name are one person, the first of them.
const USERS: &str = "
    CREATE TABLE auth_user (id INTEGER PRIMARY KEY, username TEXT, email TEXT, is_active INTEGER, person INTEGER);
    CREATE TABLE keys (key TEXT PRIMARY KEY, person INTEGER) WITHOUT ROWID;
";

const BATCHES: &str = "django_auth_recovery_codes_recoverycodesbatch";
const HISTORY: &str = "django_auth_recovery_codes_recoverycodesbatchhistory";
const SETUPS: &str = "django_auth_recovery_codes_recoverycodesetup";

/// What the tables are asked for by.
const INDEXES: [(&str, &str); 3] = [
    (BATCHES, "user_id"),
    (SETUPS, "user_id"),
    (CODES, "user_id"),
];

/// Who a key stands for: the person of the last record that has it.
const PERSONS: [&str; 3] = [
    "CREATE INDEX auth_user_username ON auth_user (username)",
    "UPDATE auth_user SET person =
         (SELECT MIN(same.id) FROM auth_user same WHERE same.username = auth_user.username)",
    "UPDATE keys SET person = (SELECT u.person FROM auth_user u WHERE u.id = keys.person)",
];

impl Laid {
    /// None yet.
    pub fn new() -> Result<Self> {
        let tables = TABLES.iter().map(create);
        let tables: String = tables.chain([USERS.to_owned()]).collect();
        Ok(Self {
            scratch: Scratch::new(&tables)?,
            inserts: TABLES.iter().map(insert).collect(),
        })
    }

    /// Adds a record. Whom it means by a key is not asked before all are there.
    pub fn put(&self, record: &Record) -> Result<()> {
        match record {
            Record::User {
                number,
                name,
                email,
                is_active,
                keys,
            } => {
                let sql = "INSERT INTO auth_user VALUES (:number, :name, :email, :is_active, NULL)";
                let params = params! { ":number": number, ":name": name, ":email": email, ":is_active": is_active };
                self.scratch.execute(sql, params)?;
                for key in keys {
                    let (key, number) = (as_key(key), number.bind());
                    let params = [key.bind(), number];
                    let sql = "INSERT OR REPLACE INTO keys VALUES (?1, ?2)";
                    self.scratch.execute(sql, Params::Numbered(&params))?;
                }
                Ok(())
            }
            Record::Row(table, cells) => {
                let values: Vec<_> = cells.iter().map(value).collect();
                let place = TABLES.iter().position(|known| known.model == table.model);
                let sql = place.and_then(|place| self.inserts.get(place));
                let sql = sql.map_or("", String::as_str);
                self.scratch
                    .execute(sql, Params::Numbered(&values))
                    .map(drop)
            }
        }
    }

    /// Puts together what belongs together, in whatever order it came.
    pub fn join(self) -> Result<Joined> {
        for sql in PERSONS {
            self.change(sql)?;
        }
        for table in TABLES {
            self.resolve(table)?;
        }
        let sql = format!(
            "SELECT COALESCE(substr(user_id, 2), 'null') FROM {CODES}
             WHERE typeof(user_id) <> 'integer' ORDER BY id LIMIT 1"
        );
        let unknown: Option<String> = self.scratch.maybe(&sql, params! {}, |row| row.get(0))?;
        let stray = match unknown {
            Some(_) => 0,
            None => {
                self.gather()?;
                self.stray()?
            }
        };
        Ok(Joined {
            rows: self.scratch,
            unknown,
            stray,
        })
    }

    fn change(&self, sql: &str) -> Result<()> {
        self.scratch.execute(sql, params! {}).map(drop)
    }

    /// Lets a table name users by their numbers alone. Whoever is not in the dump is nobody; but whose a code
    /// is has to be known, and of who deleted it only that somebody did.
    fn resolve(&self, table: &Table) -> Result<()> {
        let columns = table.columns.iter();
        let columns = columns.filter(|column| column.holds == Holds::User);
        let sets = columns.filter_map(|column| {
            let name = column.name;
            // As it is, the column would be compared as a number, and without an index.
            let person = format!("SELECT k.person FROM keys k WHERE k.key = CAST({name} AS TEXT)");
            match (table.name, name) {
                (CODES, "user_id") => Some(format!("{name} = COALESCE(({person}), {name})")),
                (CODES, _) => None,
                _ => Some(format!("{name} = ({person})")),
            }
        });
        let sets: Vec<String> = sets.collect();
        match sets.is_empty() {
            true => Ok(()),
            false => self.change(&format!("UPDATE {} SET {}", table.name, sets.join(", "))),
        }
    }

    /// Lets each batch stand once, with the person whose it is.
    fn gather(&self) -> Result<()> {
        let batches = TABLES.iter().find(|table| table.name == BATCHES);
        let columns = batches.map_or(&[][..], |table| table.columns);
        let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
        let rest = names.iter().skip_while(|name| **name == "id");
        let rest = rest.fold(String::new(), |all, name| all + ", " + name);
        for sql in [
            // What a purge there took is known from the history alone, and stands as batches do.
            format!(
                "INSERT OR IGNORE INTO {BATCHES} (id{rest}) SELECT batch_id{rest} FROM {HISTORY}"
            ),
            format!("DELETE FROM {HISTORY}"),
            // The codes say whose the batch is, the first one for all.
            "CREATE TABLE holders (batch TEXT PRIMARY KEY, person INTEGER) WITHOUT ROWID".to_owned(),
            format!("INSERT OR IGNORE INTO holders SELECT batch_id, user_id FROM {CODES} ORDER BY id"),
            format!(
                "UPDATE {BATCHES} SET user_id =
                     COALESCE((SELECT h.person FROM holders h WHERE h.batch = {BATCHES}.id), user_id)"
            ),
            "DROP TABLE holders".to_owned(),
            // Only what was tried with success says something, and of that the last.
            format!("DELETE FROM {SETUPS} WHERE NOT success"),
        ] {
            self.change(&sql)?;
        }
        for (table, column) in INDEXES {
            self.change(&format!(
                "CREATE INDEX {table}_{column} ON {table} ({column})"
            ))?;
        }
        self.change(&format!(
            "DELETE FROM {SETUPS} WHERE id <
                 (SELECT MAX(later.id) FROM {SETUPS} later WHERE later.user_id = {SETUPS}.user_id)"
        ))
    }

    fn stray(&self) -> Result<u64> {
        self.scratch.read(django_tables::stray)
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

fn value(cell: &Cell) -> Value<'_> {
    match cell {
        Cell::Nothing => Value::Null,
        Cell::Number(number) => number.bind(),
        Cell::Text(text) => text.bind(),
        Cell::User(key) => Value::Text(as_key(key).into()),
    }
}

/// How a user stands in the tables until all are known: as the dump spells it, but as no number.
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
