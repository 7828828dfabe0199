//! As whom root works among the files of another account.
//!
//! Whoever owns a directory may put a link or another directory into the place of anything there,
//! between any two steps of a program that works in it. So root does not work there as root: for
//! that long its thread is the other account to the file system, and whatever a name leads to, it
//! can read and change what they can, and makes what belongs to them.

use std::fs;
use std::io;
use std::marker::PhantomData;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Gid, Uid};
use rustix::process::{getegid, geteuid, getgroups};
#[cfg(target_os = "linux")]
use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};

#[cfg(not(target_os = "linux"))]
use elsewhere::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};

use crate::error::{Error, Result};

/// The account as whom one works at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account(Option<(Uid, Gid)>);

impl Account {
    /// Whoever runs this program.
    pub const OWN: Self = Self(None);

    /// Whether it is root who runs this program.
    pub fn is_root() -> bool {
        geteuid().is_root()
    }

    /// For the file at `path`, which need not be there: whose it is, or whose the directory is in
    /// which it would be made. Where that is root's, but lies in a directory of another account,
    /// it is that account, and so it is for a link. For everybody but root it is themselves.
    pub fn at(path: &Path) -> Result<Self> {
        if !geteuid().is_root() {
            return Ok(Self::OWN);
        }
        owner_on_the_way(path)
            .map(Self)
            .map_err(|error| Error::file(format!("cannot read {}", path.display()), error))
    }

    /// Is this account to the file system, in this thread, until the answer is dropped.
    pub fn act(self) -> Result<Acting> {
        let Some((user, group)) = self.0.filter(|_| geteuid().is_root()) else {
            return Ok(Acting::new(None));
        };
        let change = || -> rustix::io::Result<Acting> {
            let acting = Acting::new(Some((getegid(), getgroups()?)));
            set_thread_groups(&[group])?;
            set_thread_res_gid(None, group, None)?;
            set_thread_res_uid(None, user, None)?;
            Ok(acting)
        };
        change().map_err(|error| {
            let doing = format!("root cannot act as the account {}", user.as_raw());
            Error::file(doing, error.into()).hint("run this as the account whose store it is")
        })
    }
}

/// While this lives, the thread is another account to the file system.
#[must_use]
#[derive(Debug)]
pub struct Acting {
    before: Option<(Gid, Vec<Gid>)>,
    /// What a thread is, it cannot hand to another.
    _thread: PhantomData<*const ()>,
}

impl Acting {
    fn new(before: Option<(Gid, Vec<Gid>)>) -> Self {
        Self {
            before,
            _thread: PhantomData,
        }
    }
}

impl Drop for Acting {
    fn drop(&mut self) {
        if let Some((group, groups)) = self.before.take() {
            // Root can become root again. If not, it goes on with less, which harms nobody.
            let _ = set_thread_res_uid(None, Uid::ROOT, None);
            let _ = set_thread_res_gid(None, group, None);
            let _ = set_thread_groups(&groups);
        }
    }
}

/// Elsewhere a thread is what its process is.
#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use rustix::fs::{Gid, Uid};
    use rustix::io::{Errno, Result};

    pub fn set_thread_groups(_: &[Gid]) -> Result<()> {
        Err(Errno::NOSYS)
    }

    pub fn set_thread_res_gid(_: Option<Gid>, _: Gid, _: Option<Gid>) -> Result<()> {
        Err(Errno::NOSYS)
    }

    pub fn set_thread_res_uid(_: Option<Uid>, _: Uid, _: Option<Uid>) -> Result<()> {
        Err(Errno::NOSYS)
    }
}

/// The last account besides root to whom something on the way to `path` belongs.
fn owner_on_the_way(path: &Path) -> io::Result<Option<(Uid, Gid)>> {
    let mut owner = None;
    let mut way = PathBuf::new();
    for step in std::path::absolute(path)?.components() {
        way.push(step);
        let found = match fs::symlink_metadata(&way) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => break,
            Err(error) => return Err(error),
        };
        if found.uid() != 0 {
            owner = Some((Uid::from_raw(found.uid()), Gid::from_raw(found.gid())));
        } else if found.is_symlink()
            && let Ok(place) = fs::canonicalize(&way)
        {
            // Root's own link: what matters is where it leads.
            owner = owner_on_the_way(&place)?.or(owner);
            way = place;
        }
    }
    Ok(owner)
}
