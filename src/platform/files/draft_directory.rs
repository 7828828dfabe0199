//! Where a file is made that needs a name before it is in its place: a private, hidden directory
//! beside it, which takes everything along that SQLite may leave next to a file.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustix::fs::{Mode, OFlags};
use tempfile::TempDir;

const PREFIX: &str = ".recovery-codes-draft-";

/// The directory; dropped, it is gone with what lies in it.
#[derive(Debug)]
pub(super) struct DraftDirectory {
    directory: TempDir,
    /// The kernel lets go of it when its holder dies, and then the draft is nobody's.
    _lock: File,
}

impl DraftDirectory {
    /// Makes one in this directory; the first time, it takes away those of killed programs.
    pub fn make_in(parent: &Path) -> io::Result<Self> {
        if is_first_in(parent) {
            for (path, lock) in seize_abandoned(parent) {
                // What stays is named by `check`, and tried again by the next program.
                let _ = fs::remove_dir_all(path);
                drop(lock);
            }
        }
        loop {
            let directory = tempfile::Builder::new()
                .prefix(PREFIX)
                .rand_bytes(10)
                .permissions(fs::Permissions::from_mode(0o700))
                .tempdir_in(parent)
                // What it says of the path is said by whoever wants the file.
                .map_err(|error| io::Error::from(error.kind()))?;
            // Somebody may find it in the moment before it is locked, and take it away.
            let lock = match File::open(directory.path()) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                opened => opened?,
            };
            // Where there are no such locks, nobody takes a draft away either.
            let _ = lock.lock();
            if is_at(&lock, directory.path()) {
                return Ok(Self {
                    directory,
                    _lock: lock,
                });
            }
        }
    }

    /// Where the file is made.
    pub fn file(&self) -> PathBuf {
        self.directory.path().join("draft")
    }
}

/// Whether this program has made no draft here yet: looking through a directory for each of the many
/// files that go there would take longer with each.
fn is_first_in(parent: &Path) -> bool {
    static PARENTS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    let mut parents = PARENTS.lock().unwrap_or_else(PoisonError::into_inner);
    parents.insert(parent.to_owned())
}

/// Drafts in this directory which killed programs left behind.
pub fn abandoned_drafts(parent: &Path) -> Vec<PathBuf> {
    seize_abandoned(parent).map(|(path, _)| path).collect()
}

/// The same, each with the lock that keeps others from it.
fn seize_abandoned(parent: &Path) -> impl Iterator<Item = (PathBuf, File)> {
    let entries = is_local(parent).then(|| fs::read_dir(parent).ok());
    let entries = entries.flatten().into_iter().flatten().flatten();
    entries
        .filter(|entry| {
            entry
                .file_name()
                .as_encoded_bytes()
                .starts_with(PREFIX.as_bytes())
        })
        .filter_map(|entry| {
            let path = entry.path();
            let lock = seize(&path)?;
            Some((path, lock))
        })
}

/// Whether the locks of all who can write in this directory are known here: on a disk that other
/// machines have as well, what looks abandoned may be theirs.
fn is_local(directory: &Path) -> bool {
    // ext2 to ext4, XFS, Btrfs, tmpfs, overlays, F2FS, ZFS and FAT, as statfs(2) numbers them.
    rustix::fs::statfs(directory).is_ok_and(|found| {
        matches!(
            found.f_type,
            0xEF53
                | 0x5846_5342
                | 0x9123_683E
                | 0x0102_1994
                | 0x794C_7630
                | 0xF2F5_2010
                | 0x2FC1_2FC1
                | 0x4D44
        )
    })
}

fn seize(path: &Path) -> Option<File> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let directory = File::from(rustix::fs::open(path, flags, Mode::empty()).ok()?);
    let is_mine = directory.metadata().ok()?.uid() == rustix::process::geteuid().as_raw();
    (is_mine && directory.try_lock().is_ok() && is_at(&directory, path)).then_some(directory)
}

fn is_at(directory: &File, path: &Path) -> bool {
    match (directory.metadata(), fs::symlink_metadata(path)) {
        (Ok(held), Ok(found)) => (held.dev(), held.ino()) == (found.dev(), found.ino()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_of_a_dead_program_is_taken_away_and_that_of_a_living_one_is_not() {
        let place = tempfile::tempdir().unwrap();
        // As another program made it.
        let living = place.path().join(".recovery-codes-draft-living");
        fs::create_dir(&living).unwrap();
        let lock = File::open(&living).unwrap();
        lock.lock().unwrap();
        let dead = place.path().join(".recovery-codes-draft-0123456789");
        fs::create_dir(&dead).unwrap();
        fs::write(dead.join("draft-journal"), "half").unwrap();
        std::os::unix::fs::symlink(
            place.path(),
            place.path().join(".recovery-codes-draft-link"),
        )
        .unwrap();
        fs::write(place.path().join(".recovery-codes-draft-file"), "theirs").unwrap();
        assert_eq!(abandoned_drafts(place.path()), [dead.as_path()]);
        drop(DraftDirectory::make_in(place.path()).unwrap());
        assert!(!dead.exists() && living.exists());
        drop(lock);
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_program_looks_for_dead_drafts_once_in_each_directory() {
        let place = tempfile::tempdir().unwrap();
        let own = DraftDirectory::make_in(place.path()).unwrap();
        fs::write(own.file(), "half").unwrap();
        let later = place.path().join(".recovery-codes-draft-later");
        fs::create_dir(&later).unwrap();
        drop(DraftDirectory::make_in(place.path()).unwrap());
        assert!(later.exists() && own.file().exists());
        assert_eq!(abandoned_drafts(place.path()), [later]);
        drop(own);
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }
}
