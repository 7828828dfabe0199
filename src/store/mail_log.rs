//! Table `mail_log`: what became of mail.

use super::engine::{Connection, Row, Transaction, params};
use super::paging::{Asked, Log};
use crate::error::Result;
use crate::model::page::{Page, PageRequest};
use crate::model::time::Timestamp;

/// One row of `mail_log`.
#[derive(Clone, Debug)]
pub struct Mailed {
    pub at: Timestamp,
    pub kind: String,
    /// Masked: `a…@example.org`.
    pub recipient: String,
    pub outcome: String,
}

/// The table.
pub const LOG: Log = Log {
    table: "mail_log",
    columns: "at, kind, recipient, outcome",
    key: "id",
};

impl Mailed {
    fn read(row: Row<'_>) -> Result<Self> {
        Ok(Self {
            at: row.get(0)?,
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
        params! {
            ":at": mailed.at, ":kind": mailed.kind, ":recipient": mailed.recipient,
            ":outcome": mailed.outcome,
        },
    )?;
    Ok(())
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
    let asked = Asked::default()
        .only("recipient = :recipient", ":recipient", &filter.recipient)
        .only(
            "(kind = :action OR outcome = :action)",
            ":action",
            &filter.action,
        )
        .between(&filter.since, &filter.until);
    LOG.newest_first(connection, asked, request, Mailed::read)
}
