//! A code in plaintext: drawn, read as typed, and shown once.

use std::fmt;

use zeroize::Zeroizing;

use super::pasted::{codes_in, is_dash, is_unseen};
use super::random::Random;
use crate::error::{Error, Kind, Result};
use crate::model::alphabet::{Alphabet, GROUP, GROUPS, LENGTH};

/// A plaintext code. It cannot be printed, copied or stored by accident, and is wiped on drop.
pub struct Code {
    characters: Zeroizing<[u8; LENGTH]>,
    alphabet: Alphabet,
}

/// Bytes of a digest that a code can stand for. Not quite every character is as likely as the
/// others then; the secret part still has 176 bits.
pub(super) const DIGEST: usize = 64;

impl Code {
    /// Draws a code.
    pub fn draw(random: &mut Random<'_>, alphabet: Alphabet) -> Self {
        let mut characters = Zeroizing::new([0; LENGTH]);
        for character in characters.iter_mut() {
            *character = random.one_of(alphabet.characters());
        }
        Self {
            characters,
            alphabet,
        }
    }

    /// The alphabet it is written in.
    pub fn alphabet(&self) -> Alphabet {
        self.alphabet
    }

    /// The first group, which is no secret.
    pub fn hint(&self) -> &str {
        text(&self.characters[..GROUP])
    }

    /// A code of the full alphabet that stands for a digest.
    pub(super) fn from_digest(digest: &[u8; DIGEST]) -> Self {
        let alphabet = Alphabet::Full;
        let all = alphabet.characters();
        let mut characters = Zeroizing::new([0; LENGTH]);
        for (character, byte) in characters.iter_mut().zip(digest) {
            *character = all[usize::from(*byte) % all.len()];
        }
        Self {
            characters,
            alphabet,
        }
    }

    /// All of it, without dashes.
    pub(super) fn characters(&self) -> &[u8] {
        &*self.characters
    }

    /// The part that is hashed.
    pub(super) fn secret_part(&self) -> &[u8] {
        &self.characters[GROUP..]
    }

    /// The code as it stands on the sheet: six groups of six, joined by dashes.
    pub fn expose(&self) -> Zeroizing<String> {
        let mut shown = Zeroizing::new(String::with_capacity(LENGTH + GROUPS));
        for (number, group) in self.characters.chunks(GROUP).enumerate() {
            if number > 0 {
                shown.push('-');
            }
            shown.push_str(text(group));
        }
        shown
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(secret)")
    }
}

fn text(ascii: &[u8]) -> &str {
    std::str::from_utf8(ascii).unwrap_or_default()
}

/// What somebody typed, in every alphabet in which it could be a code.
#[derive(Debug)]
pub struct TypedCode {
    full: Option<Code>,
    typeable: Option<Code>,
}

/// More bytes than any way of writing a code needs.
pub const LONGEST_INPUT: usize = 1024;

impl TypedCode {
    /// Reads a code as typed or pasted: space anywhere, and missing, doubled or other dashes, do not
    /// matter, nor what surrounds the one code in it, such as the rest of a line of a sheet. A NUL at
    /// the end, as PAM sends it, does not matter either.
    ///
    /// # Errors
    /// [`Kind::MalformedCode`] for what cannot be a code. The message never repeats the input.
    pub fn parse(input: &[u8]) -> Result<Self> {
        if input.len() > LONGEST_INPUT {
            return Err(malformed("it is far too long"));
        }
        let input = std::str::from_utf8(input).map_err(|_| malformed("it is not UTF-8 text"))?;
        let input = input.strip_suffix('\0').unwrap_or(input);
        let whole = Self::parse_whole(input);
        if whole.is_ok() {
            return whole;
        }
        let codes = codes_in(input);
        let mut readable = codes.iter().filter_map(|code| Self::parse_whole(code).ok());
        match (readable.next(), readable.next()) {
            (Some(code), None) => Ok(code),
            (Some(_), Some(_)) => Err(Error::new(
                Kind::MalformedCode,
                "this is more than one code",
            )
            .hint("give one of them")),
            (None, _) => whole,
        }
    }

    /// The same where nothing surrounds it.
    fn parse_whole(input: &str) -> Result<Self> {
        let mut characters = Zeroizing::new(['\0'; LENGTH]);
        let mut length = 0;
        let is_separator = |c: char| c.is_whitespace() || is_dash(c) || is_unseen(c);
        for c in input.chars().filter(|c| !is_separator(*c)) {
            if length == LENGTH {
                return Err(malformed("it has more than 36 letters and digits"));
            }
            characters[length] = c;
            length += 1;
        }
        if length == 0 {
            return Err(malformed("it is empty"));
        }
        if length < LENGTH {
            return Err(malformed(&format!(
                "it has {length} letters and digits, not 36"
            )));
        }
        let typed = Self {
            full: read(&characters, Alphabet::Full),
            typeable: read(&characters, Alphabet::Typeable),
        };
        if typed.full.is_none() && typed.typeable.is_none() {
            return Err(malformed("it holds a character that no code has"));
        }
        Ok(typed)
    }

    /// What was typed, read in this alphabet.
    pub fn in_alphabet(&self, alphabet: Alphabet) -> Option<&Code> {
        match alphabet {
            Alphabet::Full => self.full.as_ref(),
            Alphabet::Typeable => self.typeable.as_ref(),
        }
    }

    /// Some reading, for work that must be done whatever was typed.
    pub fn any(&self) -> &Code {
        self.full
            .as_ref()
            .or(self.typeable.as_ref())
            .unwrap_or_else(|| unreachable!("parse refuses what has no reading"))
    }
}

/// Whether any text, such as a name, could be a code; then it must not be written down.
pub fn looks_like_a_code(text: &str) -> bool {
    TypedCode::parse(text.as_bytes()).is_ok()
}

fn read(characters: &[char; LENGTH], alphabet: Alphabet) -> Option<Code> {
    let mut meant = Zeroizing::new([0; LENGTH]);
    for (meant, typed) in meant.iter_mut().zip(characters) {
        *meant = alphabet.read(*typed)?;
    }
    Some(Code {
        characters: meant,
        alphabet,
    })
}

fn malformed(why: &str) -> Error {
    Error::new(Kind::MalformedCode, format!("this cannot be a code: {why}")).hint(
        "a code has 6 groups of 6 letters and digits: Ab3dEf-gHjKmn-pQrStu-vWxYz2-345678-9AbCdE",
    )
}

#[cfg(test)]
mod tests {
    use super::super::random::system_entropy;
    use super::*;
    use proptest::prelude::*;

    fn draw(alphabet: Alphabet) -> Code {
        let source = system_entropy();
        let mut random = Random::from(&source);
        let code = Code::draw(&mut random, alphabet);
        random.finish().unwrap();
        code
    }

    fn same(code: &Code, typed: &str) -> bool {
        TypedCode::parse(typed.as_bytes())
            .unwrap()
            .in_alphabet(code.alphabet())
            .is_some_and(|read| read.characters == code.characters)
    }

    #[test]
    fn a_code_is_read_however_it_is_spaced() {
        for alphabet in Alphabet::ALL {
            let code = draw(*alphabet);
            let shown = code.expose();
            assert_eq!(shown.len(), 41);
            assert!(shown.starts_with(code.hint()));
            for typed in [
                shown.to_string(),
                shown.replace('-', ""),
                shown.replace('-', " "),
                shown.replace('-', " – "),
                shown.replace('-', "\u{ad}"),
                shown.replace('-', "--"),
                format!("  {}\r\n", *shown),
                format!("{}\0", *shown),
                format!("\u{feff}{}", *shown),
            ] {
                assert!(same(&code, &typed), "{alphabet:?}");
            }
        }
    }

    #[test]
    fn typeable_codes_are_read_in_any_case_and_with_look_alikes() {
        let code = draw(Alphabet::Typeable);
        let shown = code.expose();
        assert!(same(&code, &shown.to_lowercase()));
        assert!(same(&code, &shown.replace('0', "O").replace('1', "l")));
    }

    #[test]
    fn what_cannot_be_a_code_is_refused_without_repeating_it() {
        let long = "A".repeat(1_000_000);
        let cases: [&[u8]; 9] = [
            b"",
            b"\n",
            b"hunter2",
            long.as_bytes(),
            b"\xff\xfe\xfd",
            "ÄÖÜ345-ABCDEF-ABCDEF-ABCDEF-ABCDEF-ABCDEF".as_bytes(),
            b"AAAAAA-BBBBBB-CCCCCC-DDDDDD-EEEEEE-FFFFF",
            b"AAAAAA-BBBBBB-CCCCCC-DDDDDD-EEEEEE-FFFFFFG",
            b"uuuuu0-BBBBBB-CCCCCC-DDDDDD-EEEEEE-FFFFFF",
        ];
        for input in cases {
            let error = TypedCode::parse(input).unwrap_err();
            assert_eq!(error.kind(), Kind::MalformedCode);
            assert!(!error.to_string().contains("hunter2"));
        }
    }

    #[test]
    fn debug_shows_nothing() {
        let code = draw(Alphabet::Full);
        let shown = format!("{code:?}");
        assert_eq!(shown, "Code(secret)");
    }

    proptest! {
        #[test]
        fn no_input_makes_the_reader_stumble(input in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = TypedCode::parse(&input);
        }

        #[test]
        fn noise_between_the_characters_never_matters(
            noise in proptest::collection::vec("[ \\-\u{2010}-\u{2015}\t\u{a0}]{0,3}", 37)
        ) {
            let code = draw(Alphabet::Full);
            let plain = code.expose().replace('-', "");
            let mut typed = noise[36].clone();
            for (c, noise) in plain.chars().zip(&noise) {
                typed.push(c);
                typed.push_str(noise);
            }
            prop_assert!(same(&code, &typed));
        }
    }
}
