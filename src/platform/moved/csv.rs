//! A list of codes in CSV, one on each line, as a system without a format of its own has to be asked.

use super::account::{Accounts, Code};
use crate::error::{Error, Kind, Result};
use crate::platform::csv_file;
use zeroize::Zeroizing;

/// Reads a list with the columns `user`, `code` or `hash`, and `email` if wanted. Each line has a code or a
/// hash.
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
    let Some(user) = user.filter(|_| code.or(hash).is_some()) else {
        return Err(
            Error::new(Kind::Usage, "the first line does not name the columns user and code")
                .hint("nothing was changed; begin the list with the line user,code or user,hash and give each code a line of its own"),
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
        let [code, hash] = [code, hash].map(|column| column.map(&mut take).unwrap_or_default());
        let [code, hash] = [code, hash].map(Zeroizing::new);
        let email = email.map(&mut take).unwrap_or_default();
        let name = take(user);
        let is_hash = !hash.is_empty();
        if is_hash && !code.is_empty() {
            accounts.refuse(place, "it has both a code and a hash");
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
            kept: if is_hash { hash } else { code },
            salt: None,
            is_hash,
        });
    }
    Ok(accounts)
}
