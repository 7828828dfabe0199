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
/// [`Kind::Usage`](crate::error::Kind::Usage) when it is no export; what keeping them says.
pub fn read(input: impl BufRead, accounts: &mut dyn Accounts) -> Result<()> {
    let mut number = 0;
    records::each(input, Some("users"), HINT, |user| {
        number += 1;
        match account(number, &user) {
            Ok(None) => {}
            Ok(Some((account, dead))) => {
                accounts.add(account)?;
                accounts.count_dead(dead);
            }
            Err(why) => accounts.refuse(number, why),
        }
        Ok(())
    })
}

/// A user with codes, and how many others they have.
fn account(place: u64, user: &Value) -> Result<Option<(Account, u64)>, &'static str> {
    const STRANGE: &str = "it is not as Keycloak writes it";
    let name = user["username"].as_str().ok_or(STRANGE)?;
    let no_credentials = Vec::new();
    let credentials = user["credentials"].as_array().unwrap_or(&no_credentials);
    let mut own = credentials
        .iter()
        .filter(|credential| credential["type"] == "recovery-authn-codes");
    let Some(credential) = own.next() else {
        return Ok(None);
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
    let account = Account {
        email: user["email"].as_str().unwrap_or_default().to_owned(),
        is_active: user["enabled"].as_bool().unwrap_or(false),
        origin: credential["id"].as_str().unwrap_or_default().to_owned(),
        codes: codes.ok_or(STRANGE)?,
        ..Account::new(place, name)
    };
    // Keycloak asks the first alone.
    let remaining = own.filter_map(|other| {
        let data = serde_json::from_str::<Value>(other["credentialData"].as_str()?).ok()?;
        data["remaining"].as_u64()
    });
    Ok(Some((account, remaining.sum())))
}
