//! The two alphabets of a code and its shape (DESIGN section 4.1).

use super::state::words;

/// Characters per group.
pub const GROUP: usize = 6;
/// Groups per code; the first is the hint, the other five are the secret part.
pub const GROUPS: usize = 6;
/// Characters of a code without its dashes.
pub const LENGTH: usize = GROUP * GROUPS;
/// Groups of a code in which each group ends with a check character: one more, so that as much is
/// drawn by chance, and the length tells it from a code without.
pub const CHECKED_GROUPS: usize = 7;
/// Characters of such a code without its dashes.
pub const CHECKED_LENGTH: usize = GROUP * CHECKED_GROUPS;

words! {
    /// The characters a code is made of.
    pub enum Alphabet {
        /// 60 characters, A-Z a-z 2-9, case-sensitive: 212.7 bits a code.
        Full = "full",
        /// Crockford's base 32, without regard to case, each group with a check character: 175 bits
        /// a code. Codes of earlier builds have six groups without: 180 bits.
        Typeable = "typeable",
    }
}

const FULL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz23456789";
const TYPEABLE: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Alphabet {
    /// Its characters, each once.
    pub const fn characters(self) -> &'static [u8] {
        match self {
            Self::Full => FULL,
            Self::Typeable => TYPEABLE,
        }
    }

    /// The character this one stands for when typed: itself, in `typeable` also another case
    /// and the look-alikes O (0) and I, L (1); none if no code holds it.
    pub fn read(self, typed: char) -> Option<u8> {
        let typed = u8::try_from(typed).ok()?;
        let meant = match self {
            Self::Full => typed,
            Self::Typeable => match typed.to_ascii_uppercase() {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                other => other,
            },
        };
        self.characters().contains(&meant).then_some(meant)
    }

    /// Bits of chance in the secret part, rounded down.
    pub const fn secret_bits(self) -> u32 {
        let (per_character, drawn) = match self {
            Self::Full => (590, (GROUPS - 1) * GROUP),
            Self::Typeable => (500, (CHECKED_GROUPS - 1) * (GROUP - 1)),
        };
        per_character * drawn as u32 / 100
    }
}

/// The least a secret part may hold (DESIGN section 4.2; NIST SP 800-63B-4 section 3.1.2).
const LEAST_SECRET_BITS: u32 = 112;
const _: () = assert!(Alphabet::Full.secret_bits() >= LEAST_SECRET_BITS);
const _: () = assert!(Alphabet::Typeable.secret_bits() >= LEAST_SECRET_BITS);
const _: () = assert!(Alphabet::Typeable.secret_bits() == 150);

/// A hint reduced to what the eye can tell apart, so that no two hints of one user look alike
/// in either alphabet.
pub fn fold_hint(hint: &str) -> String {
    hint.chars()
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

/// Whether a spreadsheet would take a hint for a number or a date and show something else:
/// digits alone, or around an E or the name of a month. Such hints are not issued; a hint is no
/// secret, so nothing is lost.
pub fn is_taken_for_a_number(hint: &str) -> bool {
    const BETWEEN_DIGITS: [&str; 17] = [
        "", "e", "jan", "feb", "mar", "apr", "may", "jun", "june", "jul", "july", "aug", "sep",
        "sept", "oct", "nov", "dec",
    ];
    let inner = hint
        .trim_matches(|c: char| c.is_ascii_digit())
        .to_ascii_lowercase();
    inner.len() < hint.len() && BETWEEN_DIGITS.contains(&inner.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_alphabet_has_each_character_once() {
        for (alphabet, size) in [(Alphabet::Full, 60), (Alphabet::Typeable, 32)] {
            let mut characters = alphabet.characters().to_vec();
            characters.sort_unstable();
            characters.dedup();
            assert_eq!(characters.len(), size);
        }
        assert!(!FULL.contains(&b'0') && !FULL.contains(&b'1'));
    }

    #[test]
    fn what_a_spreadsheet_would_change_is_no_hint() {
        for hint in [
            "123456", "012345", "12E456", "5e2345", "5MAY26", "JUNE26", "234dec",
        ] {
            assert!(is_taken_for_a_number(hint), "{hint}");
        }
        for hint in ["Ab3dEf", "MAYDAY", "2x3456", "EEEEEE", "12E45E"] {
            assert!(!is_taken_for_a_number(hint), "{hint}");
        }
    }

    #[test]
    fn typeable_forgives_what_the_eye_confuses() {
        for (typed, meant) in [
            ('o', b'0'),
            ('O', b'0'),
            ('i', b'1'),
            ('L', b'1'),
            ('a', b'A'),
        ] {
            assert_eq!(Alphabet::Typeable.read(typed), Some(meant));
        }
        assert_eq!(Alphabet::Typeable.read('u'), None);
        assert_eq!(Alphabet::Full.read('0'), None);
        assert_eq!(Alphabet::Full.read('é'), None);
    }
}
