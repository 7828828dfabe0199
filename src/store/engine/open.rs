//! Opening a store wherever it is, and the two ways to use it: reading and writing.

use std::ops::{Deref, DerefMut};

use super::connection::{Connection, Transaction};
use super::moved::{Even, require_here};
use super::sqlite::connect::Purpose;
use super::tentative::Durable;
use super::value::params;
use super::{postgres, sqlite};
use crate::error::{Kind, Result};
use crate::model::location::Location;

/// An open store.
#[derive(Debug)]
pub struct Store {
    inner: Inner,
    location: Location,
}

#[derive(Debug)]
enum Inner {
    File(Box<sqlite::open::Store>),
    Server(postgres::open::Store),
}

/// A store that is closed behind its last use, or by the end of the process.
#[derive(Debug)]
pub enum Kept {
    Owned(Box<Store>),
    Left(&'static mut Store),
}

impl Deref for Kept {
    type Target = Store;

    fn deref(&self) -> &Store {
        match self {
            Self::Owned(store) => store,
            Self::Left(store) => store,
        }
    }
}

impl DerefMut for Kept {
    fn deref_mut(&mut self) -> &mut Store {
        match self {
            Self::Owned(store) => store,
            Self::Left(store) => store,
        }
    }
}

/// The same for a store of either kind.
macro_rules! either {
    ($inner:expr, $store:ident => $done:expr) => {
        match $inner {
            Inner::File($store) => $done,
            Inner::Server($store) => $done,
        }
    };
}

impl Store {
    /// Opens the store and upgrades it if an older version made it.
    ///
    /// # Errors
    /// [`Kind::NoStore`] if there is none, [`Kind::ReplacedStore`] if it was moved, and what its engine
    /// says.
    pub fn open(location: &Location) -> Result<Self> {
        Self::open_as(Purpose::Looking, location, |_| {})
    }

    /// The same for deeds, and says what will be asked first; see [`Connection::ahead`].
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_ahead(location: &Location, ahead: impl FnOnce(&Connection)) -> Result<Self> {
        Self::open_as(Purpose::Deeds, location, ahead)
    }

    fn open_as(
        purpose: Purpose,
        location: &Location,
        ahead: impl FnOnce(&Connection),
    ) -> Result<Self> {
        let store = Self::reached(purpose, location, ahead)?;
        require_here(match &store.inner {
            Inner::File(store) => moved_to(store.read())?,
            Inner::Server(store) => store.moved_to.clone(),
        })?;
        Ok(store)
    }

    /// The same where everything may have been moved to another place.
    pub fn open_even_moved(location: &Location) -> Result<Self> {
        Self::reached(Purpose::Looking, location, |_| {})
    }

    fn reached(
        purpose: Purpose,
        location: &Location,
        ahead: impl FnOnce(&Connection),
    ) -> Result<Self> {
        let inner = match location {
            Location::File(path) => {
                Inner::File(Box::new(sqlite::open::Store::open(path, purpose)?))
            }
            Location::Server(server) => Inner::Server(postgres::open::Store::open(server, ahead)?),
        };
        Ok(Self {
            inner,
            location: location.clone(),
        })
    }

    /// Makes a store with everything `first` writes into it, or opens the one that is there; says which.
    /// Neither a crash nor a second program at the same moment leaves half a store.
    pub fn open_or_create(
        location: &Location,
        first: impl FnOnce(&Transaction<'_>) -> Result<()>,
    ) -> Result<(Self, bool)> {
        let (inner, is_new) = match location {
            Location::File(path) => {
                let (store, is_new) = sqlite::open::Store::open_or_create(path, first)?;
                (Inner::File(Box::new(store)), is_new)
            }
            Location::Server(server) => {
                let (store, is_new) = postgres::open::Store::open_or_create(server, first)?;
                (Inner::Server(store), is_new)
            }
        };
        let location = location.clone();
        Ok((Self { inner, location }, is_new))
    }

    /// Whether there is a store, of whatever version.
    ///
    /// # Errors
    /// What reaching its server says.
    pub fn is_there(location: &Location) -> Result<bool> {
        match location {
            Location::File(path) => Ok(path.exists()),
            Location::Server(server) => match postgres::open::Store::open(server, |_| {}) {
                Ok(_) => Ok(true),
                Err(error) if error.kind() == Kind::NoStore => Ok(false),
                Err(error) => Err(error),
            },
        }
    }

    /// For reading. Several readings that must agree belong in [`Store::snapshot`].
    pub fn read(&self) -> &Connection {
        either!(&self.inner, store => store.read())
    }

    /// Reads several times from one unchanging state of the store.
    pub fn snapshot<T>(&mut self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        either!(&mut self.inner, store => store.snapshot(read))
    }

    /// Writes: waits for one's turn, and commits durably if `deed` succeeds; otherwise nothing has
    /// happened.
    ///
    /// # Errors
    /// What its engine says, and what `deed` says.
    pub fn write<T>(&mut self, deed: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        match &mut self.inner {
            Inner::File(store) => store.write(|tx| {
                require_here(moved_to(tx)?)?;
                deed(tx)
            }),
            Inner::Server(store) => store.write(Even::Here, Durable::AtOnce, deed),
        }
    }

    /// The same for a deed that touches nothing but the store: a server may undo it because of somebody
    /// who writes past all programs, and then it is done again, as a whole.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_again<T>(&mut self, deed: impl FnMut(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.write_as(Durable::AtOnce, deed)
    }

    /// The same for one of many such deeds, of which nothing is told before a later one is durable: no disk
    /// and no standby is waited for, and until then a crash may undo the latest of them, each as a whole.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_early<T>(&mut self, deed: impl FnMut(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.write_as(Durable::WithTheNext, deed)
    }

    fn write_as<T>(
        &mut self,
        durable: Durable,
        mut deed: impl FnMut(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        match &mut self.inner {
            Inner::File(store) => store.write_as(durable, |tx| {
                require_here(moved_to(tx)?)?;
                deed(tx)
            }),
            Inner::Server(store) => store.write_again(durable, deed),
        }
    }

    /// The same where everything may have been moved to another place.
    pub fn write_even_moved<T>(
        &mut self,
        deed: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        match &mut self.inner {
            Inner::File(store) => store.write(deed),
            Inner::Server(store) => store.write(Even::Moved, Durable::AtOnce, deed),
        }
    }

    /// Writes the file of an earlier version anew, without what is free in it; see
    /// [`sqlite::open::Store::write_anew`].
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_anew(&mut self) -> Result<()> {
        match &mut self.inner {
            Inner::File(store) => store.write_anew(),
            Inner::Server(_) => Ok(()),
        }
    }

    /// Whether another program waits to write at this moment.
    pub fn is_awaited(&self) -> bool {
        either!(&self.inner, store => store.is_awaited())
    }

    /// Keeps a file open until the process ends, where that is soon: to take down all that SQLite knows of it
    /// costs more than to let the system have it back. Nothing is left undone by that. A server is told goodbye.
    pub fn until_the_end(self, is_soon: bool) -> Kept {
        match is_soon && matches!(self.inner, Inner::File(_)) {
            true => Kept::Left(Box::leak(Box::new(self))),
            false => Kept::Owned(Box::new(self)),
        }
    }

    /// Where the store is.
    pub fn location(&self) -> &Location {
        &self.location
    }
}

fn moved_to(connection: &Connection) -> Result<Option<String>> {
    connection.value("SELECT moved_to FROM store WHERE id = 1", params! {})
}
