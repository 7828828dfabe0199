//! Table `mail_log`: what became of mail.

use super::engine::{Connection, Transaction, params, row};
use super::paging::{Asked, Filter, Log};
use crate::error::Result;
use crate::model::page::{Page, PageRequest};
use crate::model::time::Timestamp;

row! {
    "";
    /// One row of `mail_log`.
    #[derive(Clone, Debug)]
    pub struct Mailed {
        pub at: Timestamp,
        pub kind: String,
        /// Masked: `a…@example.org`.
        pub recipient: String,
        pub outcome: String,
    }
}

/// The table.
pub const LOG: Log = Log {
    table: "mail_log",
    columns: Mailed::COLUMNS,
    key: "id",
};

/// Adds one.
pub fn insert(tx: &Transaction<'_>, mailed: &Mailed) -> Result<()> {
    tx.change(
        "INSERT INTO mail_log (at, kind, recipient, outcome) VALUES (:at, :kind, :recipient, :outcome)",
        params! {
            ":at": mailed.at, ":kind": mailed.kind, ":recipient": mailed.recipient,
            ":outcome": mailed.outcome,
        },
    )?;
    Ok(())
}

/// One page, newest first; of a masked address, of a kind or an outcome.
pub fn list(
    connection: &Connection,
    filter: &Filter<String>,
    request: PageRequest,
) -> Result<Page<Mailed>> {
    let asked = Asked::default()
        .only("recipient = :recipient", ":recipient", &filter.user)
        .fitting(filter, "(kind = :action OR outcome = :action)");
    LOG.newest_first(connection, asked, request, Mailed::read)
}
