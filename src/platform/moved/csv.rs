//! A list of codes in CSV, one on each line, as a system without a format of its own has to be asked.

use super::account::{Accounts, Code};
use crate::error::{Error, Kind, Result};
use crate::platform::csv_file;
use zeroize::Zeroizing;

/// Reads a list with the columns `user` and `code`, and `email` if wanted.
///
/// A column `hash` is known, and each of its lines refused: what stands there is salted and slow by design,
/// so to find the code that somebody types, as many slow hashes would have to be computed as the user has
/// codes; everybody would wait that long, or learn who has how many.
///
/// # Errors
/// [`Kind::Usage`] when the first line does not name these columns.
pub fn read(bytes: &[u8]) -> Result<Accounts> {
    let mut lines = csv_file::read(bytes)?.lines.into_iter();
    let header = lines.next().map(|line| line.cells).unwrap_or_default();
    let column = |name: &str| {
        header
            .iter()
            .position(|cell| cell.trim().eq_ignore_ascii_case(name))
    };
    let (user, code, hash) = (column("user"), column("code"), column("hash"));
    let (Some(user), Some(what)) = (user, code.or(hash)) else {
        return Err(
            Error::new(Kind::Usage, "the first line does not name the columns user and code")
                .hint("nothing was changed; begin the list with the line user,code and give each code a line of its own"),
        );
    };
    let email = column("email");
    let mut accounts = Accounts::default();
    for mut line in lines {
        let place = line.number;
        if line.cells.len() != header.len() {
            let why = format!(
                "it has {} cells instead of {}",
                line.cells.len(),
                header.len()
            );
            accounts.refuse(place, why);
            continue;
        }
        let mut take = |column: usize| {
            let cell = line.cells.get_mut(column);
            cell.map(std::mem::take).unwrap_or_default()
        };
        let kept = Zeroizing::new(take(what));
        let email = email.map(&mut take).unwrap_or_default();
        let name = take(user);
        if code.is_none() {
            accounts.refuse(
                place,
                "its code is hashed with a salt, by which no code can be found that is typed",
            );
            continue;
        }
        let Some(account) = accounts.of(&name, place) else {
            continue;
        };
        let is_known = account.email == email || email.is_empty();
        if account.email.is_empty() {
            account.email = email;
        } else if !is_known {
            accounts.refuse(place, "its user has another address in a line before");
            continue;
        }
        account.codes.push(Code {
            place,
            kept,
            salt: None,
        });
    }
    Ok(accounts)
}
