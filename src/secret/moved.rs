//! Codes that other systems issued, which are shorter than ours: read as typed, and brought to what stands
//! for them here.
//!
//! What a system keeps of a code (the text itself, or its own digest of that) is mixed with a key of ours
//! and the batch it belongs to, and read as a code of ours, with a hint and a secret part. So no text and
//! no fast digest is stored, and neither can be found by trying where the key is not.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};
use zeroize::Zeroizing;

use super::key::{Key, hexadecimal};
use super::pasted::{is_dash, is_unseen};
use crate::model::id::BatchName;
use crate::model::state::Elsewhere;

/// Characters such a code has: six digits are the 20 bits that NIST SP 800-63B-4 section 3.1.2 asks for at
/// least, and a code of ours is longer.
pub const SHORTEST: usize = 6;
pub const LONGEST: usize = 32;

/// Codes of fewer bits are weak: attempts at them must be counted (NIST SP 800-63B-4 section 3.1.2).
pub const STRONG: u32 = 64;

/// Bytes of what stands for a code.
const DIGEST: usize = 64;

/// A code of another system, as it is typed: space and dashes in it do not matter.
pub struct MovedText {
    text: Zeroizing<String>,
}

impl MovedText {
    /// Reads a text; none if it can be no such code.
    pub fn read(text: &str) -> Option<Self> {
        let mut plain = Zeroizing::new(String::with_capacity(text.len()));
        let is_noise = |c: &char| c.is_whitespace() || is_dash(*c) || is_unseen(*c);
        plain.extend(text.chars().filter(|c| !is_noise(c)));
        let is_one = plain.chars().all(|c| c.is_ascii_graphic())
            && (SHORTEST..=LONGEST).contains(&plain.len());
        is_one.then_some(Self { text: plain })
    }

    /// A text for work that is done for nothing.
    pub fn stand_in() -> Self {
        let text = Zeroizing::new("a".repeat(SHORTEST));
        Self { text }
    }

    pub(super) fn from_bytes(input: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(input).ok()?;
        Self::read(text.strip_suffix('\0').unwrap_or(text))
    }

    /// What this system keeps of it, where it mixed in this salt.
    pub fn kept(&self, from: Elsewhere, salt: Option<&str>) -> Kept {
        let kept = match from {
            Elsewhere::Keycloak => {
                let text = Zeroizing::new(self.text.to_ascii_uppercase());
                Sha512::digest(text.as_bytes()).to_vec()
            }
            Elsewhere::Privacyidea => Sha256::new()
                .chain_update(self.text.as_bytes())
                .chain_update(salt.unwrap_or_default().as_bytes())
                .finalize()
                .to_vec(),
            Elsewhere::Django | Elsewhere::OtpStatic | Elsewhere::Libpam | Elsewhere::Csv => {
                self.text.as_bytes().to_vec()
            }
        };
        Kept(Zeroizing::new(kept))
    }

    /// Bits of chance it can have at the most, by its length and the kinds of characters in it.
    pub fn bits(&self) -> u32 {
        let any = |is: fn(&char) -> bool| u32::from(self.text.chars().any(|c| is(&c)));
        let characters = 10 * any(char::is_ascii_digit)
            + 26 * any(char::is_ascii_lowercase)
            + 26 * any(char::is_ascii_uppercase)
            + 32 * any(char::is_ascii_punctuation);
        (f64::from(characters).log2() * self.text.len() as f64) as u32
    }

    /// The text.
    pub fn expose(&self) -> Zeroizing<String> {
        self.text.clone()
    }
}

impl fmt::Debug for MovedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MovedText(secret)")
    }
}

/// What another system keeps of a code.
#[derive(PartialEq, Eq)]
pub struct Kept(Zeroizing<Vec<u8>>);

impl Kept {
    pub(super) fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// A digest as that system wrote it: SHA-512 in base 64 by Keycloak, SHA-256 in hexadecimal by
    /// privacyIDEA; none if it is no such digest.
    pub fn from_text(from: Elsewhere, text: &str) -> Option<Self> {
        let (bytes, length) = match from {
            Elsewhere::Keycloak => (from_base64(text)?, 64),
            Elsewhere::Privacyidea => (from_hexadecimal(text)?, 32),
            _ => return None,
        };
        (bytes.len() == length).then(|| Self(bytes))
    }

    /// What the code is made of that stands for it in this batch.
    pub(super) fn digest(
        &self,
        key: &Key,
        from: Elsewhere,
        batch: &BatchName,
    ) -> Zeroizing<[u8; DIGEST]> {
        let mut mac = <Hmac<Sha512> as KeyInit>::new_from_slice(&*key.moved_key())
            .unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
        for part in [from.word().as_bytes(), batch.as_str().as_bytes(), &self.0] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        Zeroizing::new(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept(secret)")
    }
}

/// The public id of the batch of one user, always the same for the same names: what was taken over once is
/// recognised.
pub fn batch_name(from: Elsewhere, user: &str, origin: &str) -> BatchName {
    let digest = super::digest::Digesting::of("moved batch")
        .text(from.word())
        .text(user)
        .text(origin)
        .finish();
    BatchName::from_bytes(digest.first_chunk::<8>().copied().unwrap_or_default())
}

fn from_hexadecimal(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let pairs = text.as_bytes().chunks(2);
    let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes = Zeroizing::new(pairs.map(byte).collect::<Option<Vec<u8>>>()?);
    (hexadecimal(&bytes) == text.to_ascii_lowercase()).then_some(bytes)
}

/// RFC 4648 section 4, with its padding.
fn from_base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let digits = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - digits.len() > 2 {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let (mut bits, mut held) = (0_u32, 0);
    for digit in digits.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFFFF;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_told_by_length_and_kinds() {
        for (text, bits) in [
            ("12345678", 26),
            ("mzxw6ytb", 41),
            ("MZXW6YTBQ1K3", 62),
            ("abcdefghijkl", 56),
            ("Wn3bYc6Hd5Jf1", 77),
            ("a#b-c d$e", 41),
        ] {
            assert_eq!(MovedText::read(text).unwrap().bits(), bits, "{text}");
        }
        for text in [
            "12345",
            "1 2 3 4 5",
            "",
            &"a".repeat(33),
            "ünicode8",
            "a\u{7}bcdefg",
        ] {
            assert!(MovedText::read(text).is_none(), "{text}");
        }
        let shown = format!("{:?}", MovedText::read("12345678").unwrap());
        assert_eq!(shown, "MovedText(secret)");
    }

    #[test]
    fn digests_are_read_as_they_are_written() {
        let read = |from, text: &str| Kept::from_text(from, text);
        // base64(sha512("ABCDEFGHIJ12")), hex(sha256("123456" "261b826e")), made with Python's hashlib.
        let keycloak = "gMcKZEFyYlFT2FyuA9PZ0Tp25/5/IE4sWb0xuftu0woFfTTkRUIC5nCL7Q32ir5phH83WhFXHQc/CqV9obbu5w==";
        let privacyidea = "65806419695c8143f9ce4c964dfffc135b21abe62ed222fa7f7180ea20c8448f";
        let typed = MovedText::read("abcd-efgh-ij12").unwrap();
        let same = read(Elsewhere::Keycloak, keycloak).unwrap();
        assert!(same == typed.kept(Elsewhere::Keycloak, None));
        let typed = MovedText::read("123456").unwrap();
        let same = read(Elsewhere::Privacyidea, privacyidea).unwrap();
        assert!(same == typed.kept(Elsewhere::Privacyidea, Some("261b826e")));
        assert!(same != typed.kept(Elsewhere::Privacyidea, Some("261b826f")));
        for (from, text) in [
            (Elsewhere::Keycloak, &keycloak[4..]),
            (Elsewhere::Keycloak, &keycloak[1..]),
            (Elsewhere::Keycloak, privacyidea),
            (Elsewhere::Privacyidea, &privacyidea[2..]),
            (Elsewhere::Privacyidea, &privacyidea.replace('a', "+")),
            (Elsewhere::Csv, privacyidea),
        ] {
            assert!(read(from, text).is_none(), "{text}");
        }
    }
}
