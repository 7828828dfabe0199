//! Where a hash belongs, and what is left of it when its code was used.

use super::code::Code;
use super::digest::Digesting;
use super::key::{Key, hexadecimal};
use crate::model::id::BatchName;
use crate::model::seal::Digest;
use crate::model::time::Timestamp;

/// Where a hash belongs. It is bound to that as associated data (RFC 9106 section 3.1), so elsewhere
/// it is the hash of another code. The batch is that of one user for ever, which its seal says.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub batch: &'a BatchName,
    /// 1 is the first on the sheet.
    pub position: u64,
    /// How what is typed is read: the alphabet, or where it was issued.
    pub reading: &'static str,
    pub expires_at: Option<Timestamp>,
}

impl Place<'_> {
    /// What Argon2 mixes in for it.
    pub(super) fn data(&self) -> Digest {
        Digesting::of("place")
            .text(self.batch.as_str())
            .bytes(&self.position.to_be_bytes())
            .text(self.reading)
            .maybe_number(self.expires_at.map(|at| at.as_millisecond()))
            .finish()
    }
}

/// What stands before what is left of a used code.
const USED: &str = "$used$";

/// What takes the place of the hash of a code that was used. It tells the code from others, and no
/// code is ever let in by it.
pub fn used_mark(code: &Code, place: Option<&Place<'_>>, key: &Key) -> String {
    let bound = place.map(Place::data).unwrap_or_default();
    let mark = key.used_key(&bound).mac(code.secret_part());
    format!("{USED}{}", hexadecimal(&mark))
}

/// Whether it is what is left of this code; compared in constant time.
pub(super) fn is_mark_of(stored: &str, code: &Code, place: Option<&Place<'_>>, key: &Key) -> bool {
    let bound = place.map(Place::data).unwrap_or_default();
    let mark = stored.strip_prefix(USED).and_then(bytes_of);
    mark.is_some_and(|mark| key.used_key(&bound).is_mac(code.secret_part(), &mark))
}

/// Whether a stored string is what is left of a used code.
pub fn is_used_mark(stored: &str) -> bool {
    stored.strip_prefix(USED).and_then(bytes_of).is_some()
}

fn bytes_of(text: &str) -> Option<Digest> {
    let mut bytes = Digest::default();
    if text.len() != 2 * bytes.len() || !text.is_ascii() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}
