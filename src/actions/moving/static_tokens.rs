//! Static tokens of django-otp, from the database of its site.

use zeroize::Zeroizing;

use crate::actions::moving::django::source::users_of;
use crate::error::Result;
use crate::platform::moved::account::{Account, Accounts, Code};
use crate::store::engine::foreign::Foreign;
use crate::store::static_tokens::{DEVICES, walk};

/// Reads all that work there.
///
/// # Errors
/// [`Kind::Usage`](crate::error::Kind::Usage) for a database without such tables, and what reading says.
pub fn read(database: &Foreign) -> Result<Accounts> {
    database.read(|connection| {
        let users = users_of(connection, DEVICES, "static tokens of django-otp")?;
        let mut accounts = Accounts::default();
        walk(connection, &users, |found| {
            if accounts
                .list
                .last()
                .is_none_or(|last| last.name != found.user)
            {
                accounts.add(Account {
                    place: found.place,
                    name: found.user,
                    email: found.email,
                    is_active: found.is_active,
                    origin: String::new(),
                    expires_at: None,
                    codes: Vec::new(),
                });
            }
            let code = Code::new(found.place, &Zeroizing::new(found.token));
            match accounts.list.last_mut() {
                Some(account) if found.is_confirmed => account.codes.push(code),
                _ => accounts.dead += 1,
            }
            Ok(())
        })?;
        Ok(accounts)
    })
}
