//! Static tokens of django-otp, as `manage.py dumpdata` writes them: tokens in plaintext, of devices, of
//! users. A token that was used is gone.

use std::io::BufRead;

use serde_json::Value;
use zeroize::Zeroizing;

use super::account::{Account, Accounts, Code};
use super::records;
use crate::error::Result;

const HINT: &str = "write it with `manage.py dumpdata auth.user otp_static`";

/// Reads a dump; records of anything else do not matter. Those that belong together may stand in any order.
///
/// # Errors
/// [`Kind::Usage`](crate::error::Kind::Usage) when it is none; what keeping them says.
pub fn read(input: impl BufRead, accounts: &mut dyn Accounts) -> Result<()> {
    let mut number = 0;
    records::each(input, None, HINT, |record| {
        number += 1;
        match item(number, record) {
            Some(item) => keep(accounts, item),
            None => {
                accounts.refuse(number, "it is not as django-otp writes it");
                Ok(())
            }
        }
    })?;
    give_out(accounts)
}

/// What a record is.
enum Item {
    /// A user, with the keys by which others name them.
    User(Account, [String; 2]),
    /// A device: its key, that of its user, and whether it is confirmed.
    Device(String, String, bool),
    /// A token, with the key of its device.
    Token(String, Code),
    Another,
}

/// None for a record that is not as it should be.
fn item(place: u64, mut record: Value) -> Option<Item> {
    let key = record["pk"].to_string();
    let mut fields = record["fields"].take();
    Some(match record["model"].as_str()? {
        "otp_static.staticdevice" => {
            let user = fields.get("user")?.to_string();
            Item::Device(key, user, fields["confirmed"].as_bool()?)
        }
        "otp_static.statictoken" => {
            let device = fields.get("device")?.to_string();
            let Value::String(token) = fields["token"].take() else {
                return None;
            };
            Item::Token(device, Code::new(place, &Zeroizing::new(token)))
        }
        // A project may have a model of its own for users; other records know user names too.
        model if model == "auth.user" || fields.get("password").is_some() => {
            let Some(name) = fields.get("username") else {
                return Some(Item::Another);
            };
            let name = name.as_str()?;
            let natural = Value::from(vec![name]).to_string();
            let account = Account {
                email: fields
                    .get("email")
                    .map_or(Some(""), Value::as_str)?
                    .to_owned(),
                is_active: fields.get("is_active").map_or(Some(true), Value::as_bool)?,
                ..Account::new(place, name)
            };
            Item::User(account, [key, natural])
        }
        _ => Item::Another,
    })
}

fn keep(accounts: &mut dyn Accounts, item: Item) -> Result<()> {
    match item {
        Item::User(account, keys) => {
            let number = accounts.add(account)?.to_string();
            let mut keys = keys.iter();
            keys.try_for_each(|key| accounts.note(&user_key(key), &number))
        }
        Item::Device(key, user, is_confirmed) => {
            let state = if is_confirmed { CONFIRMED } else { "" };
            accounts.note(&device_key(&key), &format!("{state}{user}"))
        }
        Item::Token(device, code) => accounts.put_off(&device, code),
        Item::Another => Ok(()),
    }
}

/// What stands before the user of a device that is confirmed; no key begins so.
const CONFIRMED: &str = "+";

fn user_key(key: &str) -> String {
    format!("user {key}")
}

fn device_key(key: &str) -> String {
    format!("device {key}")
}

/// Whose a token is: nobody's whom the dump holds, or of a user and a device that may be confirmed.
#[derive(Clone, Copy)]
enum Whose {
    NoDevice,
    NoUser,
    User { number: u64, is_confirmed: bool },
}

fn whose(accounts: &dyn Accounts, device: &str) -> Result<Whose> {
    let Some(device) = accounts.noted(&device_key(device))? else {
        return Ok(Whose::NoDevice);
    };
    let confirmed = device.strip_prefix(CONFIRMED);
    let user = accounts.noted(&user_key(confirmed.unwrap_or(&device)))?;
    Ok(match user.and_then(|number| number.parse().ok()) {
        None => Whose::NoUser,
        Some(number) => Whose::User {
            number,
            is_confirmed: confirmed.is_some(),
        },
    })
}

/// Gives each token to its user.
fn give_out(accounts: &mut dyn Accounts) -> Result<()> {
    let mut after = 0;
    // Tokens of one device stand together.
    let mut last = (String::new(), Whose::NoDevice);
    loop {
        let (tokens, number) = accounts.put_off_after(after)?;
        if tokens.is_empty() {
            return Ok(());
        }
        after = number;
        for (device, code) in tokens {
            if device != last.0 {
                last = (device.clone(), whose(accounts, &device)?);
            }
            match last.1 {
                Whose::NoDevice => {
                    let why = "the dump does not hold the device of this token";
                    accounts.refuse(code.place, why);
                }
                Whose::NoUser => {
                    let why = "the dump does not hold the user of this token";
                    accounts.refuse(code.place, why);
                }
                Whose::User {
                    is_confirmed: false,
                    ..
                } => accounts.count_dead(1),
                Whose::User { number, .. } => accounts.at(number)?.codes.push(code),
            }
        }
    }
}
