//! A store on a server, and the two ways to use it: reading and writing.

use tokio::time::Instant;

use super::super::connection::{Connection, Link, Transaction};
use super::super::moved::Even;
use super::super::sqlite::migrations::CURRENT;
use super::super::tentative::{Durable, Tentative};
use super::super::value::params;
use super::connect::connect;
use super::migrations;
use super::said::is_undone;
use crate::error::{Error, Kind, Result};
use crate::model::location::Server;

/// An open store.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    /// Where everything was by then when it was opened, if it was moved.
    pub(in crate::store::engine) moved_to: Option<String>,
}

impl Store {
    /// Connects to the store and upgrades it if an older version made it; `ahead` asks what is asked first of
    /// all of it.
    ///
    /// # Errors
    /// [`Kind::NoStore`] if there is none, [`Kind::Unreachable`], [`Kind::NewerStore`].
    pub fn open(server: &Server, ahead: impl FnOnce(&Connection)) -> Result<Self> {
        let mut store = Self::connected(server)?;
        store.connection.ahead(|connection| {
            drop(migrations::found(connection));
            ahead(connection);
        });
        let Some((version, moved_to)) = migrations::found(&store.connection)? else {
            return Err(
                Error::new(Kind::NoStore, "there is no store in this database")
                    .hint("make one with `recovery-codes init`, or name another with --store"),
            );
        };
        if version < CURRENT {
            store.write_first(|tx| migrations::apply(tx).map(drop))?;
        }
        store.moved_to = moved_to;
        Ok(store)
    }

    /// Makes the store with everything `first` writes into it, or opens the one that is there; says
    /// which.
    pub fn open_or_create(
        server: &Server,
        first: impl FnOnce(&Transaction<'_>) -> Result<()>,
    ) -> Result<(Self, bool)> {
        let mut store = Self::connected(server)?;
        if migrations::found(&store.connection)?.is_some() {
            return Ok((Self::open(server, |_| {})?, false));
        }
        let is_new = store.write_first(|tx| {
            let is_new = migrations::apply(tx)?;
            if is_new {
                first(tx)?;
            }
            Ok(is_new)
        })?;
        Ok((store, is_new))
    }

    /// The name of the schema in which a store is, or would be, as SQL.
    ///
    /// # Errors
    /// What reaching the server says.
    pub(in crate::store::engine) fn schema_of(server: &Server) -> Result<String> {
        let sql = "SELECT quote_ident(current_schema())";
        Self::connected(server)?.connection.value(sql, params! {})
    }

    fn connected(server: &Server) -> Result<Self> {
        let link = Link::Postgres(Box::new(connect(server)?));
        Ok(Self {
            connection: Connection::new(link),
            moved_to: None,
        })
    }

    /// Writes before there is anything in which one could wait for one's turn.
    fn write_first<T>(&mut self, deed: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let tentative = Tentative::begin();
        let open = self.connection.postgres()?.begin_making()?;
        let tx = self.connection.begun(open);
        let done = deed(&tx)?;
        tx.commit()?;
        tentative.is_durable();
        Ok(done)
    }

    /// For reading. Several readings that must agree belong in [`Store::snapshot`].
    pub fn read(&self) -> &Connection {
        &self.connection
    }

    /// Reads several times from one unchanging state of the store.
    pub fn snapshot<T>(&mut self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let open = self.connection.postgres()?.begin_reading()?;
        let tx = self.connection.begun(open);
        read(&tx)
    }

    /// Writes: waits for one's turn, and commits durably if `deed` succeeds; otherwise nothing has
    /// happened.
    ///
    /// # Errors
    /// [`Kind::LockedStore`], [`Kind::ReplacedStore`], [`Kind::Unreachable`], [`Kind::NotDurable`], [`Kind::InDoubt`] where the
    /// server did not confirm the commit, and what `deed` says.
    pub(in crate::store::engine) fn write<T>(
        &mut self,
        even: Even,
        durable: Durable,
        deed: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let tentative = Tentative::begin();
        let open = self.connection.postgres()?.begin_writing(even, durable)?;
        let tx = self.connection.begun(open);
        let done = deed(&tx)?;
        tx.commit()?;
        tentative.is_durable();
        Ok(done)
    }

    /// The same for a deed that may be done again: where the server undid it because of somebody who takes
    /// no turn, it is, as a whole and as long as a commit may take. What is in doubt is never.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub(in crate::store::engine) fn write_again<T>(
        &mut self,
        durable: Durable,
        mut deed: impl FnMut(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let since = Instant::now();
        loop {
            match self.write(Even::Here, durable, &mut deed) {
                Err(error)
                    if is_undone(&error)
                        && since.elapsed() < self.connection.postgres()?.timeout => {}
                done => return done,
            }
        }
    }

    /// Whether another program waits to write at this moment.
    pub fn is_awaited(&self) -> bool {
        let waiting = self.connection.exists(
            "SELECT 1 FROM pg_locks WHERE relation = CAST('turn' AS regclass) AND NOT granted",
            params! {},
        );
        waiting.unwrap_or(true)
    }
}
