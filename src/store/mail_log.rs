//! Table `mail_log`: what became of mail.

use rusqlite::{Connection, Row, Transaction, named_params};

use crate::error::Result;
use crate::model::page::{Page, PageRequest};
use crate::model::time::{Timestamp, from_millis};

/// One row of `mail_log`.
#[derive(Clone, Debug)]
pub struct Mailed {
    pub at: Timestamp,
    pub kind: String,
    /// Masked: `a…@example.org`.
    pub recipient: String,
    pub outcome: String,
}

impl Mailed {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            at: from_millis(row.get(0)?),
            kind: row.get(1)?,
            recipient: row.get(2)?,
            outcome: row.get(3)?,
        })
    }
}

/// Adds one.
pub fn insert(tx: &Transaction<'_>, mailed: &Mailed) -> Result<()> {
    tx.execute(
        "INSERT INTO mail_log (at, kind, recipient, outcome) VALUES (:at, :kind, :recipient, :outcome)",
        named_params! {
            ":at": mailed.at.as_millisecond(), ":kind": mailed.kind,
            ":recipient": mailed.recipient, ":outcome": mailed.outcome,
        },
    )?;
    Ok(())
}

/// The number of the last of the oldest lines that are all older than `cutoff`; 0 for none.
pub fn last_before(connection: &Connection, cutoff: Timestamp, now: Timestamp) -> Result<i64> {
    super::paging::last_before(connection, "mail_log", "id", cutoff, now)
}

/// How many lines there are up to this number.
pub fn count_through(connection: &Connection, last: i64) -> Result<u64> {
    super::paging::count_through(connection, "mail_log", last)
}

/// Deletes the oldest `most` lines up to this number; says how many.
pub fn delete_through(tx: &Transaction<'_>, last: i64, most: u64) -> Result<u64> {
    super::paging::delete_through(tx, "mail_log", last, most)
}

/// Which mail a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The masked address.
    pub recipient: Option<String>,
    /// The kind or the outcome.
    pub action: Option<String>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// One page, newest first.
pub fn list(
    connection: &Connection,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Mailed>> {
    let asked = super::paging::Asked::default()
        .only(
            "recipient = :recipient",
            ":recipient",
            filter.recipient.clone(),
        )
        .only(
            "(kind = :action OR outcome = :action)",
            ":action",
            filter.action.clone(),
        )
        .between(filter.since, filter.until);
    super::paging::newest_first(
        connection,
        &super::paging::Listing {
            table: "mail_log",
            columns: "at, kind, recipient, outcome",
            key: "id",
        },
        &asked,
        request,
        Mailed::from_row,
    )
}
