//! Static tokens of django-otp, as `manage.py dumpdata` writes them: tokens in plaintext, of devices, of
//! users. A token that was used is gone.

use std::collections::HashMap;
use std::io::BufRead;

use serde_json::Value;
use zeroize::Zeroizing;

use super::account::{Account, Accounts, Code};
use super::records;
use crate::error::Result;

const HINT: &str = "write it with `manage.py dumpdata auth.user otp_static`";

/// Reads a dump; records of anything else do not matter.
///
/// # Errors
/// [`Kind::Usage`](crate::error::Kind::Usage) when it is none.
pub fn read(input: impl BufRead) -> Result<Accounts> {
    let mut dump = Dump::default();
    let mut number = 0;
    records::each(input, None, HINT, |record| {
        number += 1;
        if dump.add(number, record).is_none() {
            let why = "it is not as django-otp writes it";
            dump.accounts.refuse(number, why);
        }
    })?;
    Ok(dump.finish())
}

#[derive(Default)]
struct Dump {
    accounts: Accounts,
    /// Users by number or natural key.
    users: HashMap<String, usize>,
    /// Whose a device is, and whether it is confirmed.
    devices: HashMap<String, (String, bool)>,
    tokens: Vec<(String, Code)>,
}

impl Dump {
    /// None for a record that is not as it should be.
    fn add(&mut self, place: u64, mut record: Value) -> Option<()> {
        let key = record["pk"].to_string();
        let mut fields = record["fields"].take();
        match record["model"].as_str()? {
            "otp_static.staticdevice" => {
                let user = fields.get("user")?.to_string();
                let is_confirmed = fields["confirmed"].as_bool()?;
                self.devices.insert(key, (user, is_confirmed));
            }
            "otp_static.statictoken" => {
                let device = fields.get("device")?.to_string();
                let Value::String(token) = fields["token"].take() else {
                    return None;
                };
                self.tokens
                    .push((device, Code::new(place, &Zeroizing::new(token))));
            }
            // A project may have a model of its own for users; other records know user names too.
            model if model == "auth.user" || fields.get("password").is_some() => {
                let Some(name) = fields.get("username") else {
                    return Some(());
                };
                let name = name.as_str()?.to_owned();
                let natural = Value::from(vec![name.clone()]).to_string();
                let number = self.accounts.list.len();
                self.users.extend([(key, number), (natural, number)]);
                self.accounts.add(Account {
                    place,
                    name,
                    email: fields
                        .get("email")
                        .map_or(Some(""), Value::as_str)?
                        .to_owned(),
                    is_active: fields.get("is_active").map_or(Some(true), Value::as_bool)?,
                    origin: String::new(),
                    expires_at: None,
                    codes: Vec::new(),
                });
            }
            _ => {}
        }
        Some(())
    }

    /// Gives each token to its user.
    fn finish(self) -> Accounts {
        let Self {
            mut accounts,
            users,
            devices,
            tokens,
        } = self;
        for (device, code) in tokens {
            let Some((user, is_confirmed)) = devices.get(&device) else {
                accounts.refuse(
                    code.place,
                    "the dump does not hold the device of this token",
                );
                continue;
            };
            let user = users.get(user).copied();
            match user.and_then(|number| accounts.list.get_mut(number)) {
                Some(_) if !is_confirmed => accounts.dead += 1,
                Some(account) => account.codes.push(code),
                None => {
                    accounts.refuse(code.place, "the dump does not hold the user of this token")
                }
            }
        }
        accounts
    }
}
