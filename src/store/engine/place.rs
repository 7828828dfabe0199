//! The place of a store, whatever keeps it, into which another store is put.

use std::path::{Path, PathBuf};

use super::connection::Connection;
use super::copy::{clear, copy};
use super::open::Store;
use super::postgres;
use super::sqlite::duplicate::Duplicate;
use super::sqlite::identity::{Identity, replaced};
use super::sqlite::replace;
use super::value::params;
use crate::account::Account;
use crate::error::{Error, Kind, Result};
use crate::model::location::Location;

/// The place of a store, whether or not there is one.
#[derive(Clone, Debug)]
pub enum Place {
    File(replace::Place),
    Server {
        location: Location,
        /// The head of the audit chain of the store that is there, if there is one.
        head: Option<Vec<u8>>,
    },
}

impl Place {
    /// Looks at the place.
    ///
    /// # Errors
    /// As [`replace::Place::look`], and what reaching a server says.
    pub fn look(location: &Location) -> Result<Self> {
        let Some(path) = location.file() else {
            let look = || match Store::is_there(location)? {
                true => head(Store::open_even_moved(location)?.read()).map(Some),
                false => Ok(None),
            };
            let head = look().map_err(|error| in_the_way(error, location))?;
            let location = location.clone();
            return Ok(Self::Server { location, head });
        };
        replace::Place::look(path).map(Self::File)
    }

    /// Whether there is a store.
    pub fn is_taken(&self) -> bool {
        match self {
            Self::File(place) => place.identity.is_some(),
            Self::Server { head, .. } => head.is_some(),
        }
    }

    /// Whether the file of this identity is the store itself.
    pub fn is(&self, identity: Identity) -> bool {
        match self {
            Self::File(place) => place.identity == Some(identity),
            Self::Server { .. } => false,
        }
    }

    /// The epoch of the store that is there, if it can still be read; it may be of any version.
    pub fn epoch(&self) -> Result<Option<i64>> {
        self.read(|connection| connection.value("SELECT epoch FROM store WHERE id = 1", params! {}))
    }

    /// Something of the store that is there, if it can still be read.
    ///
    /// # Errors
    /// What keeps it from being read for now only, such as a server that is away.
    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<Option<T>> {
        let location = match self {
            Self::File(place) => return Ok(place.read(read)),
            Self::Server { head: None, .. } => return Ok(None),
            Self::Server { location, .. } => location,
        };
        match Store::open_even_moved(location).and_then(|store| read(store.read())) {
            Ok(found) => Ok(Some(found)),
            Err(error) if matches!(error.kind(), Kind::DamagedStore | Kind::Forged) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Puts the closed copy at `copy` into this place. The store that was there is set aside: beside its
    /// file, under its name with `mark`, or from a server as a file that `aside` names; says where.
    ///
    /// # Errors
    /// [`crate::error::Kind::ReplacedStore`] when another store is there than when it was looked at, or the same with
    /// more in it; as [`replace::Place::take`], and as [`Store::write`].
    pub fn take(
        self,
        file: &Path,
        mark: &str,
        aside: impl FnOnce(&mut Store) -> Result<PathBuf>,
    ) -> Result<Option<PathBuf>> {
        let (location, seen) = match self {
            Self::File(place) => return place.take(file, mark),
            Self::Server { location, head } => (location, head),
        };
        let from = Duplicate::open(file, Account::at(file)?)?;
        let (mut store, is_new) =
            Store::open_or_create(&location, |tx| copy(from.read(), tx, |_| Ok(())))
                .map_err(|error| in_the_way(error, &location))?;
        if is_new {
            return Ok(None);
        }
        let Some(seen) = seen else {
            return Err(replaced());
        };
        let aside = aside(&mut store).map_err(|error| in_the_way(error, &location))?;
        let taken = store.write_even_moved(|tx| {
            if head(tx)? != seen {
                return Err(replaced());
            }
            clear(tx)?;
            copy(from.read(), tx, |_| Ok(()))
        });
        match taken {
            Ok(()) => Ok(Some(aside)),
            Err(error) => {
                let kept = format!("a copy of the store as it was is {}", aside.display());
                Err(error.also(kept))
            }
        }
    }
}

/// What keeps a server's store from being set aside: if it is damaged, nothing of it is cleared away, for
/// nobody else may have it.
fn in_the_way(error: Error, at: &Location) -> Error {
    if error.kind() != Kind::DamagedStore {
        return error;
    }
    let Location::Server(server) = at else {
        return error;
    };
    let schema = postgres::open::Store::schema_of(server).unwrap_or_else(|_| "public".to_owned());
    let hint = format!(
        "nothing was changed, for what is there cannot be set aside; keep a dump of it (pg_dump), have an \
         administrator of the server run `DROP SCHEMA {schema} CASCADE; CREATE SCHEMA {schema};` and what \
         `recovery-codes init --print-roles` grants in it, and restore again"
    );
    error.hint(hint)
}

/// What changes with everything that is done.
fn head(connection: &Connection) -> Result<Vec<u8>> {
    let head = connection.maybe("SELECT mac FROM audit_head", params! {}, |row| row.get(0))?;
    Ok(head.unwrap_or_default())
}
