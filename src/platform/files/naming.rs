//! How a file comes to its name.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, RenameFlags, linkat, renameat_with};
#[cfg(target_os = "linux")]
use rustix::fs::{Mode, OFlags};

use super::draft_directory::DraftDirectory;

/// A file in this directory that has no name, where there is such a thing.
#[cfg(not(target_os = "linux"))]
pub(super) fn nameless(_: &Path, _: u32) -> Option<File> {
    None
}

/// A file in this directory that has no name, where there is such a thing.
#[cfg(target_os = "linux")]
pub(super) fn nameless(directory: &Path, mode: u32) -> Option<File> {
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(directory, flags, Mode::from_raw_mode(mode)).ok()?);
    // It gets its name by way of this.
    handle(&file).exists().then_some(file)
}

/// A file with a name in a directory of its own, from where it can be renamed.
pub(super) fn named(directory: &Path, mode: u32) -> io::Result<(File, Option<DraftDirectory>)> {
    let draft = DraftDirectory::make_in(directory)?;
    let file = File::options()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(draft.file())?;
    Ok((file, Some(draft)))
}

fn handle(file: &File) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

/// Gives a file that has no name this one, unless it is taken.
pub(super) fn link(file: &File, name: &Path) -> io::Result<()> {
    Ok(linkat(
        CWD,
        handle(file),
        CWD,
        name,
        AtFlags::SYMLINK_FOLLOW,
    )?)
}

/// Renames a file, unless the name is taken.
pub(super) fn rename_if_free(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // A file system that cannot look and rename in one step can at least link so.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {
            fs::hard_link(from, to)?;
            fs::remove_file(from)
        }
        renamed => Ok(renamed?),
    }
}
