//! A list of codes in CSV, one on each line, as a system without a format of its own has to be asked.

use super::account::{Accounts, Code};
use crate::error::{Error, Kind, Result};
use crate::platform::csv_file::{self, Line, Table};
use zeroize::Zeroizing;

/// Reads a list with the columns `user`, `code` or `hash`, and `email` if wanted. Each line has a code or a
/// hash.
///
/// # Errors
/// [`Kind::Usage`] when the first line does not name these columns; what reading it and keeping them says.
pub fn read(table: &dyn Table, accounts: &mut dyn Accounts) -> Result<()> {
    let mut columns = None;
    csv_file::each(table, |line| {
        match &columns {
            None => columns = Some(Columns::read(line)?),
            Some(columns) => columns.add(line, accounts)?,
        }
        Ok(())
    })?;
    match columns {
        Some(_) => Ok(()),
        None => Columns::read(Line::default()).map(drop),
    }
}

/// Where in a line what is wanted stands.
struct Columns {
    user: usize,
    code: Option<usize>,
    hash: Option<usize>,
    email: Option<usize>,
    count: usize,
}

impl Columns {
    fn read(header: Line) -> Result<Self> {
        let column = |name: &str| {
            let mut cells = header.cells.iter();
            cells.position(|cell| cell.trim().eq_ignore_ascii_case(name))
        };
        let (user, code, hash) = (column("user"), column("code"), column("hash"));
        let Some(user) = user.filter(|_| code.or(hash).is_some()) else {
            return Err(
                Error::new(Kind::Usage, "the first line does not name the columns user and code")
                    .hint("nothing was changed; begin the list with the line user,code or user,hash and give each code a line of its own"),
            );
        };
        Ok(Self {
            user,
            code,
            hash,
            email: column("email"),
            count: header.cells.len(),
        })
    }

    fn add(&self, mut line: Line, accounts: &mut dyn Accounts) -> Result<()> {
        let place = line.number;
        if line.cells.len() != self.count {
            let why = format!(
                "it has {} cells instead of {}",
                line.cells.len(),
                self.count
            );
            accounts.refuse(place, &why);
            return Ok(());
        }
        let mut take = |column: Option<usize>| {
            let cell = column.and_then(|column| line.cells.get_mut(column));
            cell.map(std::mem::take).unwrap_or_default()
        };
        let [code, hash] = [self.code, self.hash].map(|column| Zeroizing::new(take(column)));
        let (email, name) = (take(self.email), take(Some(self.user)));
        let is_hash = !hash.is_empty();
        if is_hash && !code.is_empty() {
            accounts.refuse(place, "it has both a code and a hash");
            return Ok(());
        }
        let account = accounts.of(&name, place)?;
        let is_known = account.email == email || email.is_empty();
        if account.email.is_empty() {
            account.email = email;
        } else if !is_known {
            accounts.refuse(place, "its user has another address in a line before");
            return Ok(());
        }
        let kept = if is_hash { &hash } else { &code };
        account.codes.push(Code {
            is_hash,
            ..Code::new(place, kept)
        });
        Ok(())
    }
}
