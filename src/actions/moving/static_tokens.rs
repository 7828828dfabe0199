//! Static tokens of django-otp, from the database of its site.

use zeroize::Zeroizing;

use crate::actions::moving::collected::Collected;
use crate::actions::moving::django::source::users_of;
use crate::error::Result;
use crate::platform::moved::account::{Account, Accounts, Code};
use crate::store::engine::foreign::Foreign;
use crate::store::static_tokens::{DEVICES, Holder, StaticToken, holders, walk};

/// Reads all that work there.
///
/// # Errors
/// [`Kind::Usage`](crate::error::Kind::Usage) for a database without such tables; what reading it and
/// putting it aside says.
pub fn read(database: &Foreign) -> Result<Collected> {
    database.read_into(|connection, apart| {
        let users = users_of(connection, DEVICES, "static tokens of django-otp")?;
        let mut accounts = apart.keep(Collected::new())?;
        holders(connection, &users, |holder| {
            apart.keep(add_holder(&mut accounts, holder))
        })?;
        walk(connection, |found| {
            apart.keep(add_token(&mut accounts, found))
        })?;
        Ok(accounts)
    })
}

fn add_holder(accounts: &mut Collected, holder: Holder) -> Result<()> {
    let account = Account {
        email: holder.email,
        is_active: holder.is_active,
        ..Account::new(0, &holder.name)
    };
    let number = accounts.add(account)?;
    accounts.note(&holder.key, &number.to_string())
}

fn add_token(accounts: &mut Collected, found: StaticToken) -> Result<()> {
    let code = Code::new(found.place, &Zeroizing::new(found.token));
    let number = accounts.noted(&found.user)?;
    let Some(number) = number.and_then(|number| number.parse().ok()) else {
        return Ok(());
    };
    let account = accounts.at(number)?;
    if account.place == 0 {
        account.place = found.place;
    }
    match found.is_confirmed {
        true => account.codes.push(code),
        false => accounts.count_dead(1),
    }
    Ok(())
}
