//! TAN tokens of privacyIDEA, as `pi-tokenjanitor` lists or exports them: of each TAN SHA-256 with a salt of
//! its own. A TAN that was used is gone.

use std::io::BufRead;

use serde_json::Value;

use super::account::{Accounts, Code};
use super::records;
use crate::error::Result;
use crate::model::time::Timestamp;

const HINT: &str = "write it with `pi-tokenjanitor find --active True --tokenattribute tokentype=tan list --format json -u username`";

/// Reads a list of tokens; those that are no TAN tokens do not matter.
///
/// # Errors
/// [`Kind::Usage`](crate::error::Kind::Usage) when it is none; what keeping them says.
pub fn read(input: impl BufRead, now: Timestamp, accounts: &mut dyn Accounts) -> Result<()> {
    let mut number = 0;
    records::each(input, None, HINT, |token| {
        number += 1;
        match tans(number, &token, now) {
            Some(Tans {
                name: Some(name),
                end,
                mut codes,
            }) => {
                let account = accounts.of(name, number)?;
                account.expires_at = account.expires_at.into_iter().chain(end).min();
                account.codes.append(&mut codes);
            }
            Some(Tans { codes, .. }) => accounts.count_dead(codes.len() as u64),
            None => accounts.refuse(number, "it is not as privacyIDEA writes it"),
        }
        Ok(())
    })
}

/// What a token has.
#[derive(Default)]
struct Tans<'a> {
    /// Whose they are, where they work.
    name: Option<&'a str>,
    end: Option<Timestamp>,
    codes: Vec<Code>,
}

/// None for a token that is not as it should be.
fn tans(place: u64, token: &Value, now: Timestamp) -> Option<Tans<'_>> {
    let either = |one: &str, other: &str| token.get(one).or_else(|| token.get(other)).cloned();
    if either("tokentype", "type")?.as_str()? != "tan" {
        return Some(Tans::default());
    }
    let info = either("info", "info_list")?;
    let info = info.as_object()?;
    let mut codes = Vec::new();
    for (_, tan) in info.iter().filter(|(name, _)| name.starts_with("tan.tan")) {
        let (salt, digest) = tan.as_str()?.split_once(':')?;
        codes.push(Code {
            salt: Some(salt.into()),
            ..Code::new(place, digest)
        });
    }
    let moment = |name: &str| match info.get(name).and_then(Value::as_str) {
        None | Some("") => Some(None),
        Some(text) => text.parse::<Timestamp>().ok().map(Some),
    };
    let (begin, end) = (
        moment("validity_period_start")?,
        moment("validity_period_end")?,
    );
    let flag = |name: &str| token[name].as_bool();
    let user = &token["user"];
    let name = user["username"].as_str().or(user["login"].as_str());
    let works = flag("active") != Some(false)
        && flag("revoked") != Some(true)
        && flag("locked") != Some(true)
        && begin.is_none_or(|at| at <= now)
        && end.is_none_or(|at| at > now);
    // A token may be nobody's.
    let name = name.filter(|name| !name.is_empty() && works);
    Some(Tans { name, end, codes })
}
