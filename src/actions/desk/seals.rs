//! The seals of one writing: whether what is in the store was written by somebody with the key, and
//! the same for what is written now (DESIGN section 4.11).
//!
//! A deed says whom it is about to change. Then their rows are proven; the deed says what becomes of
//! each, and that is what is sealed when it is done, never what the store says by then.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};

use crate::actions::desk::head::{self, Ground};
use crate::actions::desk::seal_user::{Known, number};
use crate::actions::desk::tree::{Tree, forged};
use crate::error::{Error, Kind, Result};
use crate::model::audit::Head;
use crate::model::id::{BatchId, UserId};
use crate::model::user::quote;
use crate::render::quoting::name_in_shell;
use crate::secret::keyring::Keyring;
use crate::store::batches::Batch;
use crate::store::codes::{self, CodeRow};
use crate::store::users::User;
use crate::store::{Connection, Transaction, seals};

/// The seals of one writing.
#[derive(Default)]
pub(in crate::actions) struct Seals {
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    ground: Option<Ground>,
    users: BTreeMap<UserId, Known>,
    changed: BTreeSet<UserId>,
    changes_world: bool,
}

impl Seals {
    /// Whether everything that decides about this user's logins is what it was; then batches and
    /// codes can be asked about.
    pub fn look(&self, tx: &Connection, ring: &Keyring, id: UserId) -> Result<bool> {
        let state = &mut *self.state.borrow_mut();
        let ground = state.ground(tx, ring)?;
        let known = match state.users.entry(id) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                entry.insert(Known::look(tx, &ground.tree, ground.sealed_to, id)?)
            }
        };
        Ok(ground.world_holds && known.holds)
    }

    /// Whether a code of a user who was looked at is what it was.
    pub fn holds(&self, batch: &Batch, code: &CodeRow) -> bool {
        let state = self.state.borrow();
        let known = state.users.get(&batch.user_id);
        known.is_some_and(|known| known.holds_code(batch, code))
    }

    /// Makes sure that this batch is open and this user's, and that both are what they were.
    ///
    /// # Errors
    /// [`Kind::Forged`].
    pub fn require(
        &self,
        tx: &Connection,
        ring: &Keyring,
        (user, batch): (&User, &Batch),
    ) -> Result<()> {
        let is_user = self.look(tx, ring, user.id)?;
        let state = self.state.borrow();
        let known = state.users.get(&user.id);
        match known.is_some_and(|known| is_user && known.holds_batch(batch)) {
            true => Ok(()),
            false => self.refuse(user.name.as_str()),
        }
    }

    /// Says that this user is about to be changed.
    ///
    /// # Errors
    /// [`Kind::Forged`]: what somebody else wrote is not to be sealed.
    pub fn touch(&self, tx: &Connection, ring: &Keyring, user: &User) -> Result<()> {
        let holds = self.look(tx, ring, user.id)?;
        let mut state = self.state.borrow_mut();
        if !holds
            || !state
                .users
                .get(&user.id)
                .is_some_and(|known| known.is(user))
        {
            drop(state);
            return self.refuse(user.name.as_str());
        }
        state.changed.insert(user.id);
        Ok(())
    }

    /// Whether a user who was looked at is whom somebody means who types this.
    pub fn is_called(&self, id: UserId, typed: &str) -> bool {
        let state = self.state.borrow();
        let known = state.users.get(&id);
        known.is_some_and(|known| known.is_called(typed))
    }

    /// Says that this user is from now on what is given here, whatever their rows were: added, or removed.
    pub fn renew(&self, tx: &Connection, ring: &Keyring, id: UserId, known: Known) -> Result<()> {
        self.state.borrow_mut().ground(tx, ring)?;
        self.require_world()?;
        let mut state = self.state.borrow_mut();
        state.users.insert(id, known);
        state.changed.insert(id);
        Ok(())
    }

    /// Says what a deed makes of a user who was touched.
    pub fn change(&self, id: UserId, change: impl FnOnce(&mut Known)) {
        if let Some(known) = self.state.borrow_mut().users.get_mut(&id) {
            change(known);
        }
    }

    /// Says that the store's own row or its keys are about to be changed.
    ///
    /// # Errors
    /// [`Kind::Forged`].
    pub fn touch_world(&self, tx: &Connection, ring: &Keyring) -> Result<()> {
        self.state.borrow_mut().ground(tx, ring)?;
        self.require_world()?;
        self.state.borrow_mut().changes_world = true;
        Ok(())
    }

    /// Changes the store's own row or its keys, outside a [`Writing`](super::workspace::Writing).
    ///
    /// # Errors
    /// As [`Seals::touch_world`], and what `change` says.
    pub fn changing_world(
        tx: &Transaction<'_>,
        ring: &Keyring,
        change: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let seals = Self::default();
        seals.touch_world(tx, ring)?;
        change()?;
        seals.close(tx, ring)
    }

    /// Seals what was changed, outside a [`Writing`](super::workspace::Writing).
    pub fn close(self, tx: &Transaction<'_>, ring: &Keyring) -> Result<()> {
        if !self.are_changed() {
            return Ok(());
        }
        let mut head = head::proven(tx, ring)?;
        self.finish(tx, &mut head)?;
        head::close(tx, ring, head)
    }

    /// Whether anything is to be sealed.
    pub fn are_changed(&self) -> bool {
        let state = self.state.borrow();
        state.ground.is_some() && (!state.changed.is_empty() || state.changes_world)
    }

    /// Seals what was changed, at the end of the writing, in a head that is still to be closed.
    pub fn finish(self, tx: &Transaction<'_>, head: &mut Head) -> Result<()> {
        let state = self.state.into_inner();
        let Some(ground) = state.ground else {
            return Ok(());
        };
        let mut digests = Vec::new();
        for id in &state.changed {
            // Who is behind those that are sealed already is sealed when their turn comes.
            if id.0 > ground.sealed_to {
                continue;
            }
            if let Some(known) = state.users.get(id) {
                digests.push((number(*id), known.seal(tx, *id)?));
            }
        }
        let Some(sealed) = &mut head.seals else {
            return Ok(());
        };
        let mut tree = ground.tree;
        tree.put(tx, &digests)?;
        (sealed.root, sealed.height) = (tree.root, tree.height);
        if state.changes_world {
            sealed.world = head::world(tx)?;
        }
        Ok(())
    }

    /// Asks ahead what [`Seals::look`] asks in a tree of this height, where these batches of the
    /// user are open.
    pub fn look_ahead(tx: &Connection, height: u32, id: UserId, open: &[BatchId]) {
        head::look_ahead(tx);
        drop(seals::user(tx, id));
        Tree::find_ahead(tx, height, number(id));
        for batch in open {
            drop(seals::batch(tx, *batch));
            drop(codes::of_batch(tx, *batch));
        }
    }

    /// Says what it is that does not hold: the store as a whole, or what it holds of this user.
    fn refuse(&self, name: &str) -> Result<()> {
        self.require_world()?;
        Err(forged_user(name))
    }

    fn require_world(&self) -> Result<()> {
        match self.state.borrow().ground {
            Some(ground) if !ground.world_holds => Err(forged("the table store or keys")),
            _ => Ok(()),
        }
    }
}

impl State {
    fn ground(&mut self, tx: &Connection, ring: &Keyring) -> Result<Ground> {
        if let Some(ground) = self.ground {
            return Ok(ground);
        }
        let ground = Ground::look(tx, ring)?;
        Ok(*self.ground.insert(ground))
    }
}

/// What to do about a user whose row was written by somebody else.
pub(in crate::actions) fn remedy(name: &str) -> String {
    format!(
        "put a backup in the store's place, or remove the user with `recovery-codes user remove {}` and add them again",
        name_in_shell(name)
    )
}

/// The error for a user whose row is not what it was.
fn forged_user(name: &str) -> Error {
    Error::new(
        Kind::Forged,
        format!(
            "what the store holds of the user {} was changed by somebody without the key",
            quote(name)
        ),
    )
    .hint(remedy(name))
}
