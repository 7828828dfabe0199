//! The tree of digests over all users. Its root hangs from the head of the audit chain, so a user's
//! row that is put back as it was is known, unless everything else is put back with it (R. Merkle,
//! "A Digital Signature Based on a Conventional Encryption Function", 1987).

use crate::error::{Error, Kind, Result};
use crate::model::seal::{Digest, NOTHING, Seals};
use crate::secret::digest::Digesting;
use crate::store::{Connection, Transaction, seals};

/// What hangs from one node.
const WIDTH: usize = 32;

/// The root and the number of levels; level 0 holds the digests of users, by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::actions) struct Tree {
    pub root: Digest,
    pub height: u32,
}

/// The digests of a node.
type Node = [Digest; WIDTH];

impl Tree {
    /// The one that hangs from the head.
    pub fn of(seals: &Seals) -> Self {
        Self {
            root: seals.root,
            height: seals.height,
        }
    }

    /// The tree over nobody.
    pub const EMPTY: Self = Self {
        root: NOTHING,
        height: 1,
    };

    /// The digest of this user, [`NOTHING`] for one who is not there; none if somebody changed the
    /// way to it.
    pub fn find(&self, connection: &Connection, user: u64) -> Result<Option<Digest>> {
        if !self.covers(user) {
            return Ok(Some(NOTHING));
        }
        let mut digest = self.root;
        for level in (0..self.height).rev() {
            let Some(node) = read(connection, level, number(user, level + 1), &digest)? else {
                return Ok(None);
            };
            digest = node[place(user, level)];
        }
        Ok(Some(digest))
    }

    /// Asks ahead what [`Tree::find`] asks in a tree of this height.
    pub fn find_ahead(connection: &Connection, height: u32, user: u64) {
        for level in 0..height {
            drop(seals::node(connection, level, number(user, level + 1)));
        }
    }

    /// Puts digests of users in their places, in the order of their numbers.
    ///
    /// # Errors
    /// [`crate::error::Kind::Forged`] when somebody changed the way to one of them.
    pub fn put(&mut self, tx: &Transaction<'_>, users: &[(u64, Digest)]) -> Result<()> {
        let Some((last, _)) = users.last() else {
            return Ok(());
        };
        while !self.covers(*last) {
            if self.root != NOTHING {
                let mut node = [NOTHING; WIDTH];
                node[0] = self.root;
                self.root = write(tx, self.height, 0, &node)?;
            }
            self.height += 1;
        }
        self.root = change(tx, self.height - 1, 0, &self.root, users)?;
        Ok(())
    }

    /// Calls `visit` with each user who is in it and their digest, and with none for each node that
    /// somebody changed.
    pub fn walk(
        &self,
        connection: &Connection,
        visit: &mut impl FnMut(Option<(u64, Digest)>) -> Result<()>,
    ) -> Result<()> {
        walk(connection, self.height - 1, 0, &self.root, visit)
    }

    fn covers(&self, user: u64) -> bool {
        number(user, self.height) == 0
    }
}

/// The number of the node at this level above which a user stands.
fn number(user: u64, level: u32) -> u64 {
    user.checked_shr(level * WIDTH.ilog2()).unwrap_or(0)
}

/// Where a user's way goes at this level.
fn place(user: u64, level: u32) -> usize {
    usize::try_from(number(user, level)).unwrap_or(usize::MAX) % WIDTH
}

fn walk(
    connection: &Connection,
    level: u32,
    number: u64,
    digest: &Digest,
    visit: &mut impl FnMut(Option<(u64, Digest)>) -> Result<()>,
) -> Result<()> {
    let Some(node) = read(connection, level, number, digest)? else {
        return visit(None);
    };
    for (below, digest) in (number * WIDTH as u64..).zip(&node) {
        match level {
            _ if *digest == NOTHING => {}
            0 => visit(Some((below, *digest)))?,
            _ => walk(connection, level - 1, below, digest, visit)?,
        }
    }
    Ok(())
}

/// A node that has this digest; none if there is none.
fn read(
    connection: &Connection,
    level: u32,
    number: u64,
    expected: &Digest,
) -> Result<Option<Node>> {
    if *expected == NOTHING {
        return Ok(Some([NOTHING; WIDTH]));
    }
    let Some(bytes) = seals::node(connection, level, number)? else {
        return Ok(None);
    };
    let (digests, rest) = bytes.as_chunks::<{ NOTHING.len() }>();
    let node: Option<Node> = digests.try_into().ok().filter(|_| rest.is_empty());
    Ok(node.filter(|node| digest_of(level, number, node) == *expected))
}

fn write(tx: &Transaction<'_>, level: u32, number: u64, node: &Node) -> Result<Digest> {
    seals::put_node(tx, level, number, node.as_flattened())?;
    Ok(digest_of(level, number, node))
}

fn digest_of(level: u32, number: u64, node: &Node) -> Digest {
    Digesting::of("node")
        .number(level.into())
        .bytes(&number.to_be_bytes())
        .bytes(node.as_flattened())
        .finish()
}

fn change(
    tx: &Transaction<'_>,
    level: u32,
    own: u64,
    digest: &Digest,
    users: &[(u64, Digest)],
) -> Result<Digest> {
    let node = read(tx, level, own, digest)?;
    let mut node = node.ok_or_else(|| forged("a row of the table seals"))?;
    for below in users.chunk_by(|one, two| number(one.0, level) == number(two.0, level)) {
        let (user, digest) = below[0];
        let slot = &mut node[place(user, level)];
        *slot = match level {
            0 => digest,
            _ => change(tx, level - 1, number(user, level), slot, below)?,
        };
    }
    write(tx, level, own, &node)
}

/// The error for something that was changed without the key.
pub(in crate::actions) fn forged(what: &str) -> Error {
    Error::new(
        Kind::Forged,
        format!("{what} was changed by somebody without the key"),
    )
    .hint("`recovery-codes check --deep` names all that was; put a backup in the store's place")
}
