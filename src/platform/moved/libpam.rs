//! Scratch codes of google-authenticator: lines of eight digits in a file of each user (its FILEFORMAT). A
//! code that was used is gone.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use zeroize::Zeroizing;

use super::account::{Account, Accounts, Code};
use crate::error::Result;
use crate::platform::door::name_of;

/// Digits of a scratch code.
const DIGITS: usize = 8;

/// Google-authenticator itself reads no more.
const LARGEST: u64 = 64 << 10;

/// Reads the files, each of the account it belongs to.
///
/// # Errors
/// What keeping them says.
pub fn read(paths: &[PathBuf], accounts: &mut dyn Accounts) -> Result<()> {
    for (place, path) in (1..).zip(paths) {
        match file(place, path) {
            Ok(account) => drop(accounts.add(account)?),
            Err(why) => accounts.refuse(place, &format!("{} {why}", path.display())),
        }
    }
    Ok(())
}

fn file(place: u64, path: &Path) -> Result<Account, String> {
    let opened = File::options()
        .read(true)
        // A link could lead to the file of somebody else, and a pipe keep the program waiting.
        .custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed())
        .open(path);
    let cannot = |error: std::io::Error| match error.raw_os_error() {
        Some(number) if number == rustix::io::Errno::LOOP.raw_os_error() => {
            "is a link; name the file itself".to_owned()
        }
        _ => format!("cannot be read: {error}"),
    };
    let file = opened.map_err(cannot)?;
    let found = file.metadata().map_err(cannot)?;
    if !found.is_file() {
        return Err("is no regular file".to_owned());
    }
    if found.mode() & 0o022 != 0 {
        return Err(
            "can be written by others than its owner, so its codes may be anybody's".to_owned(),
        );
    }
    if found.nlink() > 1 {
        return Err("has a second name; name a file that has one".to_owned());
    }
    let name = name_of(found.uid()).ok_or_else(|| {
        format!(
            "belongs to the number {}, which is no account here",
            found.uid()
        )
    })?;
    let mut text = Zeroizing::new(String::with_capacity(LARGEST as usize + 1));
    file.take(LARGEST + 1)
        .read_to_string(&mut text)
        .map_err(cannot)?;
    if text.len() as u64 > LARGEST {
        return Err("is larger than google-authenticator's files are".to_owned());
    }
    let codes = codes(place, &text).ok_or("is no file of google-authenticator")?;
    Ok(Account {
        codes,
        ..Account::new(place, &name)
    })
}

/// None where it is no such file: a secret, options, and codes.
fn codes(place: u64, text: &str) -> Option<Vec<Code>> {
    let mut lines = text.lines();
    let secret = lines.next()?;
    let is_base32 = |c: char| c.is_ascii_uppercase() || ('2'..='7').contains(&c);
    if secret.is_empty() || !secret.chars().all(is_base32) {
        return None;
    }
    let mut codes = Vec::new();
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('"')) {
        if line.len() != DIGITS || !line.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        codes.push(Code::new(place, line));
    }
    Some(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_of_eight_digits_are_codes() {
        let text =
            "R7TQ2ABCDEFGHJKM\n\" RATE_LIMIT 3 30 1700000000\n\" TOTP_AUTH\n12345678\n87654321\n";
        let found: Vec<String> = codes(1, text)
            .unwrap()
            .iter()
            .map(|code| code.kept.to_string())
            .collect();
        assert_eq!(found, ["12345678", "87654321"]);
        for text in [
            "",
            "12345678\n",
            "R7TQ2\nhunter2\n",
            "R7TQ2\n1234567\n",
            "root:x:0:0\n",
        ] {
            assert!(codes(1, text).is_none(), "{text}");
        }
    }
}
