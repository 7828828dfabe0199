//! What a deed works with: the open store, the key ring, the settings, and who gives the command.

use std::cell::RefCell;
use std::ops::Deref;
use std::path::PathBuf;

use crate::actions::desk::head;
use crate::actions::desk::key_source::read_ring;
use crate::actions::desk::record::{append, log};
use crate::actions::desk::seal_user::Known;
use crate::actions::desk::seals::Seals;
use crate::config::Settings;
use crate::config::paths::Paths;
use crate::error::{Error, Kind, Result};
use crate::model::audit::{Deed, Head, Origin};
use crate::model::environment::{Entropy, Environment};
use crate::model::id::UserId;
use crate::model::time::{self, Timestamp};
use crate::secret::hash::Cost;
use crate::secret::keyring::{Holding, Keyring};
use crate::store::batches::Batch;
use crate::store::codes::CodeRow;
use crate::store::users::User;
use crate::store::{Connection, Kept, Store, Transaction, audit};

/// Everything a deed that changes something needs.
pub struct Workspace {
    pub store: Kept,
    pub ring: Keyring,
    pub settings: Settings,
    pub origin: Origin,
    pub entropy: Entropy,
    /// The user's private directory for keys of sessions, if there is one.
    pub runtime: Option<PathBuf>,
    /// What the clock says; decisions use the later of this and of what the store has seen.
    pub(in crate::actions) clock: Timestamp,
    /// Of the tree over all users, when the store was last written to.
    pub(in crate::actions) height: u32,
    /// Where the key ring is read from.
    pub(in crate::actions) keys: (Paths, Environment),
}

/// A clock may stand before what the store has seen by so many seconds: other programs and hosts read
/// theirs a little earlier or later.
const SLACK: u64 = 60;

/// One writing: the transaction, and what the deeds in it need.
pub struct Writing<'a> {
    tx: &'a Transaction<'a>,
    pub ring: &'a Keyring,
    pub settings: &'a Settings,
    pub origin: &'a Origin,
    pub entropy: &'a Entropy,
    seals: Seals,
    /// What is to be recorded, in this order.
    deeds: RefCell<Vec<Deed>>,
}

impl Writing<'_> {
    /// Says that this user is about to be changed; what is sealed of them is proven now, and
    /// sealed anew at the end.
    ///
    /// # Errors
    /// [`crate::error::Kind::Forged`].
    pub fn touch(&self, user: &User) -> Result<()> {
        self.seals.touch(self.tx, self.ring, user)
    }

    /// Says that this user was added in this writing.
    ///
    /// # Errors
    /// [`crate::error::Kind::Forged`] for a store in which nothing can be sealed.
    pub fn added(&self, user: User) -> Result<()> {
        let id = user.id;
        self.seals
            .renew(self.tx, self.ring, id, Known::new(Some(user)))
    }

    /// Says that this user is removed in this writing.
    ///
    /// # Errors
    /// As [`Writing::added`].
    pub fn removed(&self, user: UserId) -> Result<()> {
        self.seals.renew(self.tx, self.ring, user, Known::new(None))
    }

    /// Says what becomes of a user who was touched.
    pub fn becomes(&self, user: UserId, change: impl FnOnce(&mut User)) {
        self.seals.change(user, |known| known.becomes(change));
    }

    /// Says that this batch was issued in this writing, to a user who was touched or added.
    pub fn issued(&self, batch: Batch) {
        self.seals.change(batch.user_id, |known| known.issue(batch));
    }

    /// Says what becomes of a batch whose user was touched.
    pub fn batch_becomes(&self, batch: &Batch, change: impl FnOnce(&mut Batch)) {
        self.seals
            .change(batch.user_id, |known| known.batch_becomes(batch, change));
    }

    /// Says what a code is from now on, of a batch whose user was touched.
    pub fn code_becomes(&self, batch: &Batch, code: &CodeRow) {
        self.seals
            .change(batch.user_id, |known| known.code_becomes(batch, code));
    }

    /// Whether a user who was looked at is whom somebody means who types this.
    pub(in crate::actions) fn is_called(&self, user: UserId, typed: &str) -> bool {
        self.seals.is_called(user, typed)
    }

    /// Says that the store's own row or its keys are about to be changed.
    ///
    /// # Errors
    /// [`crate::error::Kind::Forged`].
    pub fn touch_world(&self) -> Result<()> {
        self.seals.touch_world(self.tx, self.ring)
    }

    /// Notes that this moment was seen, so that a clock that is set back later revives nothing.
    ///
    /// # Errors
    /// As [`head::proven`].
    pub(in crate::actions) fn see(&self) -> Result<()> {
        let mut head = head::proven(self.tx, self.ring)?;
        match &mut head.seals {
            Some(seals) if time::after_seconds(seals.seen_at, 1) <= self.origin.at => {
                seals.seen_at = self.origin.at;
                head::close(self.tx, self.ring, head)
            }
            _ => Ok(()),
        }
    }

    /// Whether what is sealed of this user is what it was; see [`Seals::look`].
    pub(in crate::actions) fn look(&self, user: UserId) -> Result<bool> {
        self.seals.look(self.tx, self.ring, user)
    }

    /// Makes sure that this batch is open and this user's; see [`Seals::require`].
    pub(in crate::actions) fn require(&self, user: &User, batch: &Batch) -> Result<()> {
        self.seals.require(self.tx, self.ring, (user, batch))
    }

    /// Whether a code of a user who was looked at is what it was; see [`Seals::holds`].
    pub(in crate::actions) fn holds(&self, batch: &Batch, code: &CodeRow) -> bool {
        self.seals.holds(batch, code)
    }

    /// Records a deed in the transaction in which it happens; the entry is written when the rest is.
    ///
    /// # Errors
    /// What proving the head of the chain says: a deed that cannot be recorded does not happen.
    pub fn record(&self, deed: Deed) -> Result<()> {
        head::proven(self.tx, self.ring)?;
        log(self.origin, &deed);
        self.deeds.borrow_mut().push(deed);
        Ok(())
    }

    /// Records what was done and seals what was changed, under one head.
    fn finish(self) -> Result<()> {
        let Self {
            tx,
            ring,
            origin,
            seals,
            deeds,
            ..
        } = self;
        let deeds = deeds.into_inner();
        if deeds.is_empty() && !seals.are_changed() {
            return Ok(());
        }
        let mut head = head::proven(tx, ring)?;
        for deed in deeds {
            append(tx, ring, origin, &mut head, deed)?;
        }
        seals.finish(tx, &mut head)?;
        head::close(tx, ring, head)
    }
}

impl<'a> Deref for Writing<'a> {
    type Target = Transaction<'a>;

    fn deref(&self) -> &Transaction<'a> {
        self.tx
    }
}

impl Workspace {
    /// Writes: everything that `deed` does happens, with its audit entries, or nothing.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write<T>(&mut self, deed: impl FnOnce(&Writing<'_>) -> Result<T>) -> Result<T> {
        let (store, mut desk) = self.split();
        store.write(|tx| desk.write(tx, deed))
    }

    /// The same for a deed that touches nothing but the store, and may be done again.
    ///
    /// # Errors
    /// As [`Store::write_again`].
    pub fn write_again<T>(&mut self, mut deed: impl FnMut(&Writing<'_>) -> Result<T>) -> Result<T> {
        let (store, mut desk) = self.split();
        store.write_again(|tx| desk.write(tx, &mut deed))
    }

    /// The store, and what stands around it.
    fn split(&mut self) -> (&mut Store, Around<'_>) {
        let Self {
            store,
            ring,
            settings,
            origin,
            entropy,
            keys,
            clock,
            height,
            ..
        } = self;
        // Whoever writes reads the head first.
        store
            .read()
            .ahead(|connection| drop(audit::head(connection)));
        let around = Around {
            ring,
            settings,
            origin,
            entropy,
            keys,
            clock: *clock,
            height,
        };
        (store, around)
    }

    /// Reads what the clock says by now. Where it stands before the latest moment the store has seen,
    /// that moment counts: what was over stays over.
    ///
    /// # Errors
    /// What reading the store says.
    pub fn read_clock(&mut self, now: Timestamp) -> Result<()> {
        self.clock = now;
        self.origin.at = latest(self.store.read(), now)?;
        Ok(())
    }

    /// Says what will be asked behind the clock; see [`Connection::ahead`].
    pub fn ahead_of_clock(&self, ahead: impl FnOnce(&Connection)) {
        self.store.read().ahead(|store| {
            drop(audit::head(store));
            ahead(store);
        });
    }

    /// It is later by now, while something else was waited for.
    pub(in crate::actions) fn go_on(&mut self, now: Timestamp) {
        self.clock = self.clock.max(now);
        self.origin.at = self.origin.at.max(now);
    }

    /// The latest moment the store has seen, if the clock stands before it by more than a minute.
    ///
    /// # Errors
    /// What reading the store says.
    pub fn doubtful_clock(&self) -> Result<Option<Timestamp>> {
        let seen = seen_at(self.store.read())?;
        Ok(seen.filter(|seen| is_doubtful(self.clock, *seen)))
    }

    /// Refuses what must not be done by a clock that may be wrong.
    ///
    /// # Errors
    /// [`Kind::DoubtfulClock`].
    pub(in crate::actions) fn require_sure_clock(&self) -> Result<()> {
        match self.doubtful_clock()? {
            Some(seen) => Err(doubtful(self.clock, seen)),
            None => Ok(()),
        }
    }

    /// What a new hash costs.
    pub fn cost(&self) -> Cost {
        cost(&self.settings)
    }
}

/// What a writing needs beside the store.
struct Around<'w> {
    ring: &'w mut Keyring,
    settings: &'w Settings,
    origin: &'w mut Origin,
    entropy: &'w Entropy,
    keys: &'w (Paths, Environment),
    clock: Timestamp,
    height: &'w mut u32,
}

impl Around<'_> {
    fn write<T>(
        &mut self,
        tx: &Transaction<'_>,
        deed: impl FnOnce(&Writing<'_>) -> Result<T>,
    ) -> Result<T> {
        // Another program may have rotated the key since this one read it.
        let head = audit::head(tx)?;
        let (paths, environment) = self.keys;
        let is_known = |head: &Head| self.ring.holding(&head.key) != Holding::Missing;
        if !head.as_ref().is_none_or(is_known)
            && let Some(mut fresh) = read_ring(paths, environment)?
        {
            if self.ring.expects_seals() {
                fresh.expect_seals();
            }
            *self.ring = fresh;
        }
        // What the store has seen is believed from here on, where it is proven.
        if let Some(head) = head.filter(|head| head::is_closed(self.ring, head)) {
            if let Some(seals) = &head.seals {
                *self.height = seals.height;
            }
            let seen = head.seals.map_or(self.clock, |seals| seals.seen_at);
            self.origin.at = seen.max(self.clock);
        }
        let writing = Writing {
            tx,
            ring: self.ring,
            settings: self.settings,
            origin: self.origin,
            entropy: self.entropy,
            seals: Seals::default(),
            deeds: RefCell::default(),
        };
        let done = deed(&writing)?;
        writing.finish()?;
        Ok(done)
    }
}

/// The later of what the clock says and of what the store has seen.
///
/// # Errors
/// What reading the store says.
pub fn latest(connection: &Connection, now: Timestamp) -> Result<Timestamp> {
    Ok(seen_at(connection)?.map_or(now, |seen| seen.max(now)))
}

fn seen_at(connection: &Connection) -> Result<Option<Timestamp>> {
    let head = audit::head(connection)?;
    Ok(head.and_then(|head| head.seals).map(|seals| seals.seen_at))
}

/// Whether a clock stands before what the store has seen by more than [`SLACK`].
pub(in crate::actions) fn is_doubtful(clock: Timestamp, seen: Timestamp) -> bool {
    seen > time::after_seconds(clock, SLACK)
}

/// The error for such a clock.
pub(in crate::actions) fn doubtful(clock: Timestamp, seen: Timestamp) -> Error {
    Error::new(
        Kind::DoubtfulClock,
        format!(
            "the clock says {}, and the store has seen {}",
            time::readable(clock),
            time::readable(seen)
        ),
    )
    .hint("set the clock; if it is right, the store has seen a wrong one, and `recovery-codes check --accept-clock` says so")
}

/// What a new hash costs under these settings.
pub fn cost(settings: &Settings) -> Cost {
    let hash = &settings.hash;
    Cost {
        memory_kib: hash.memory_kib,
        iterations: hash.iterations,
        parallelism: hash.parallelism,
    }
}
