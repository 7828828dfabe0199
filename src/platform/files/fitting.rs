//! What root makes among the files of another account is that account's.

use std::path::Path;

use super::directory::private_directory_of;
use super::prepared::Prepared;
use crate::account::Account;
use crate::error::Result;

/// Makes the directory a file is to lie in, for its owner alone: theirs in whose directory it lies
/// itself.
pub fn fitting_directory_of(path: &Path) -> Result<&Path> {
    let _acting = Account::at(path)?.act()?;
    private_directory_of(path)
}

/// Writes a private file that is not there yet, and makes the directory it is to lie in: theirs in
/// whose directory it lies.
pub fn write_fitting(path: &Path, text: &[u8]) -> Result<()> {
    let acting = Account::at(path)?.act()?;
    if path.symlink_metadata().is_ok() {
        return Ok(());
    }
    private_directory_of(path)?;
    drop(acting);
    Prepared::write_fitting(path, text)?.put(false).map(drop)
}
