//! How names, addresses and hints on the command line are read.

use crate::error::{Error, Kind, Result};
use crate::model::user::UserName;
use crate::secret::code::looks_like_a_code;

/// `USER`: a name or an e-mail address, composed to NFC.
///
/// # Errors
/// [`Kind::MalformedName`]; [`Kind::Usage`] for a code in its place, which is not repeated.
pub fn user(text: &str) -> Result<String> {
    new_user(text).map(|name| name.as_str().to_owned())
}

/// A name for a user: one that [`user`] reads again.
///
/// # Errors
/// As [`user`].
pub fn new_user(text: &str) -> Result<UserName> {
    if looks_like_a_code(text) {
        return Err(code_as_argument());
    }
    UserName::parse(text)
}

/// `HINT`: the first group of a code.
///
/// # Errors
/// [`Kind::Usage`]; a whole code in its place is not repeated.
pub fn hint(text: &str) -> Result<String> {
    if looks_like_a_code(text) {
        return Err(code_as_argument());
    }
    let text = text.trim();
    if text.len() == crate::model::alphabet::GROUP
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    {
        return Ok(text.to_owned());
    }
    Err(Error::new(
        Kind::Usage,
        format!("{} is not a hint", crate::model::user::quote(text)),
    )
    .hint("a hint is the first group of a code: 6 letters and digits"))
}

/// `ID` of a key: up to 8 hexadecimal digits.
///
/// # Errors
/// [`Kind::Usage`]; the text is not repeated, because it may be the key itself.
pub fn key(text: &str) -> Result<String> {
    let text = text.trim();
    if (1..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(Error::new(Kind::Usage, "that is not the id of a key")
        .hint("a key's id is up to 8 digits 0-9 and letters a-f; `recovery-codes key list` shows all, and a secret never belongs on a command line"))
}

/// The error for a code among the arguments, where every user of the machine can read it.
pub fn code_as_argument() -> Error {
    Error::new(
        Kind::Usage,
        "a code was given as an argument, where others on this machine can read it",
    )
    .hint("pipe the code in, or type it at the prompt; treat this one as seen and invalidate it")
}
