//! Recovery codes of Keycloak, as `kc.sh export` writes a realm with its users: of each code SHA-512 without
//! a salt. A code that was used is gone.

use std::io::BufRead;

use serde_json::Value;

use super::account::{Account, Accounts, Code};
use super::records;
use crate::error::Result;

const HINT: &str = "write it with `kc.sh export --realm NAME --users realm_file`";

/// What Keycloak calls the digest; before 26.2 by the name of a signature.
const ALGORITHMS: [&str; 2] = ["SHA-512", "RS512"];

/// Reads the users of one realm or several.
///
/// # Errors
/// [`Kind::Usage`](crate::error::Kind::Usage) when it is no export.
pub fn read(input: impl BufRead) -> Result<Accounts> {
    let mut accounts = Accounts::default();
    let mut number = 0;
    records::each(input, Some("users"), HINT, |user| {
        number += 1;
        if let Err(why) = add(&mut accounts, number, &user) {
            accounts.refuse(number, why);
        }
    })?;
    Ok(accounts)
}

fn add(accounts: &mut Accounts, place: u64, user: &Value) -> Result<(), &'static str> {
    const STRANGE: &str = "it is not as Keycloak writes it";
    let name = user["username"].as_str().ok_or(STRANGE)?;
    let no_credentials = Vec::new();
    let credentials = user["credentials"].as_array().unwrap_or(&no_credentials);
    let mut own = credentials
        .iter()
        .filter(|credential| credential["type"] == "recovery-authn-codes");
    let Some(credential) = own.next() else {
        return Ok(());
    };
    let within =
        |name: &str| -> Option<Value> { serde_json::from_str(credential[name].as_str()?).ok() };
    let data = within("credentialData").ok_or(STRANGE)?;
    let secret =
        within("secretData").ok_or("its codes are left out; export users with credentials")?;
    let is_known = data["algorithm"]
        .as_str()
        .is_some_and(|algorithm| ALGORITHMS.contains(&algorithm));
    let is_once = data["hashIterations"]
        .as_i64()
        .is_none_or(|times| times <= 1);
    if !is_known || !is_once {
        return Err("its codes are hashed in a way that this program does not know");
    }
    let list = secret["codes"].as_array().ok_or(STRANGE)?;
    let code = |code: &Value| Some(Code::new(place, code["encodedHashedValue"].as_str()?));
    let codes: Option<Vec<Code>> = list.iter().map(code).collect();
    accounts.add(Account {
        place,
        name: name.to_owned(),
        email: user["email"].as_str().unwrap_or_default().to_owned(),
        is_active: user["enabled"].as_bool().unwrap_or(false),
        origin: credential["id"].as_str().unwrap_or_default().to_owned(),
        expires_at: None,
        codes: codes.ok_or(STRANGE)?,
    });
    // Keycloak asks the first alone.
    for other in own {
        let remaining = other["credentialData"]
            .as_str()
            .and_then(|data| serde_json::from_str::<Value>(data).ok())
            .and_then(|data| data["remaining"].as_u64());
        accounts.dead += remaining.unwrap_or(0);
    }
    Ok(())
}
