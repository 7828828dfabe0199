//! A code in plaintext: drawn, read as typed, and shown once.

use std::fmt;

use zeroize::Zeroizing;

use super::key::Key;
use super::mistyped::{Flaw, missing_group, mistyped_groups, of_characters, of_length};
use super::moved::{Kept, MovedText};
use super::pasted::{codes_in, is_dash, is_unseen};
use super::random::Random;
use crate::error::{Error, Result};
use crate::model::alphabet::{Alphabet, CHECKED_GROUPS, CHECKED_LENGTH, GROUP, LENGTH};
use crate::model::check_character::check_character;
use crate::model::id::BatchName;
use crate::model::state::Elsewhere;

/// A plaintext code. It cannot be printed, copied or stored by accident, and is wiped on drop.
pub struct Code {
    /// Zeros behind its length.
    characters: Zeroizing<[u8; CHECKED_LENGTH]>,
    length: usize,
    alphabet: Alphabet,
}

/// Bytes of a digest that a code can stand for. Not quite every character is as likely as the
/// others then; the secret part still has 176 bits.
pub(super) const DIGEST: usize = 64;

impl Code {
    /// Draws a code.
    pub fn draw(random: &mut Random<'_>, alphabet: Alphabet) -> Self {
        let length = match alphabet {
            Alphabet::Full => LENGTH,
            Alphabet::Typeable => CHECKED_LENGTH,
        };
        let mut characters = Zeroizing::new([0; CHECKED_LENGTH]);
        for (number, group) in (0..).zip(characters[..length].chunks_mut(GROUP)) {
            let drawn = match alphabet {
                Alphabet::Full => GROUP,
                Alphabet::Typeable => GROUP - 1,
            };
            let (drawn, check) = group.split_at_mut(drawn);
            for character in drawn.iter_mut() {
                *character = random.one_of(alphabet.characters());
            }
            check.fill(check_character(number, drawn));
        }
        Self {
            characters,
            length,
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
        let mut characters = Zeroizing::new([0; CHECKED_LENGTH]);
        for (character, byte) in characters[..LENGTH].iter_mut().zip(digest) {
            *character = all[usize::from(*byte) % all.len()];
        }
        Self {
            characters,
            length: LENGTH,
            alphabet,
        }
    }

    /// The code that stands for what another system keeps of one, in this batch.
    pub fn of_kept(kept: &Kept, key: &Key, from: Elsewhere, batch: &BatchName) -> Self {
        Self::from_digest(&kept.digest(key, from, batch))
    }

    /// All of it, without dashes.
    pub(super) fn characters(&self) -> &[u8] {
        &self.characters[..self.length]
    }

    /// The part that is hashed.
    pub(super) fn secret_part(&self) -> &[u8] {
        &self.characters[GROUP..self.length]
    }

    /// The code as it stands on the sheet: groups of six, joined by dashes.
    pub fn expose(&self) -> Zeroizing<String> {
        let mut shown = Zeroizing::new(String::with_capacity(CHECKED_LENGTH + CHECKED_GROUPS));
        for (number, group) in self.characters().chunks(GROUP).enumerate() {
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
    moved: Option<Moved>,
}

/// A text that only another system's code can be.
#[derive(Debug)]
struct Moved {
    text: MovedText,
    /// Why it is no code of ours.
    flaw: Flaw,
    /// A code, for work that must be done whatever was typed.
    stand_in: Code,
}

/// More bytes than any way of writing a code needs.
pub const LONGEST_INPUT: usize = 1024;

impl TypedCode {
    /// Reads a code as typed or pasted: space anywhere, and missing, doubled or other dashes, do not
    /// matter, nor what surrounds the one code in it, such as the rest of a line of a sheet. A NUL at
    /// the end, as PAM sends it, does not matter either.
    ///
    /// # Errors
    /// [`Kind::MalformedCode`](crate::error::Kind::MalformedCode) for what cannot be a code. The
    /// message never repeats the input.
    pub fn parse(input: &[u8]) -> Result<Self> {
        Self::read(input).map_err(Flaw::into_error)
    }

    /// The same, where codes of other systems may be typed as well. Whatever has the form of a code of
    /// ours is one.
    ///
    /// # Errors
    /// As [`TypedCode::parse`].
    pub fn parse_moved(input: &[u8]) -> Result<Self> {
        Self::read(input).or_else(|flaw| {
            match MovedText::from_bytes(input).filter(|_| !flaw.holds_a_code()) {
                Some(text) => Ok(Self {
                    full: None,
                    typeable: None,
                    moved: Some(Moved {
                        text,
                        flaw,
                        stand_in: Code::from_digest(&[0; DIGEST]),
                    }),
                }),
                None => Err(flaw.into_error()),
            }
        })
    }

    fn read(input: &[u8]) -> Result<Self, Flaw> {
        let malformed = |why: &str| Flaw::Malformed(why.to_owned());
        if input.len() > LONGEST_INPUT {
            return Err(malformed("it is far too long"));
        }
        let input = std::str::from_utf8(input).map_err(|_| malformed("it is not UTF-8 text"))?;
        let input = input.strip_suffix('\0').unwrap_or(input);
        let whole = match Self::read_whole(input) {
            Err(flaw @ Flaw::Malformed(_) | flaw @ Flaw::Mistyped(_)) => flaw,
            certain => return certain,
        };
        let codes = codes_in(input);
        let mut readable = codes.iter().filter_map(|code| Self::read_whole(code).ok());
        match (readable.next(), readable.next(), &codes[..]) {
            (Some(code), None, _) => Ok(code),
            (Some(_), Some(_), _) => Err(Flaw::Several),
            (None, _, [one]) => Self::read_whole(one),
            (None, ..) => Err(whole),
        }
    }

    /// The same where nothing surrounds it.
    fn read_whole(input: &str) -> Result<Self, Flaw> {
        let mut characters = Zeroizing::new(['\0'; CHECKED_LENGTH]);
        let groups: Vec<&str> = input
            .split(|c: char| c.is_whitespace() || is_dash(c) || is_unseen(c))
            .filter(|group| !group.is_empty())
            .collect();
        let mut length = 0;
        for c in groups.iter().flat_map(|group| group.chars()) {
            if let Some(slot) = characters.get_mut(length) {
                *slot = c;
            }
            length += 1;
        }
        match length {
            LENGTH => {
                let characters = &characters[..LENGTH];
                let typed = Self {
                    full: read(characters, Alphabet::Full),
                    typeable: read(characters, Alphabet::Typeable),
                    moved: None,
                };
                if typed.full.is_none() && typed.typeable.is_none() {
                    return Err(of_characters(characters));
                }
                Ok(typed)
            }
            CHECKED_LENGTH => {
                let mistyped = mistyped_groups(&characters);
                let typeable = read(&*characters, Alphabet::Typeable);
                match typeable.filter(|_| mistyped.is_empty()) {
                    Some(code) => Ok(Self {
                        full: None,
                        typeable: Some(code),
                        moved: None,
                    }),
                    None => Err(Flaw::Mistyped(mistyped)),
                }
            }
            _ => Err(of_length(&groups)),
        }
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
            .or(self.moved.as_ref().map(|moved| &moved.stand_in))
            .unwrap_or_else(|| unreachable!("read refuses what has no reading"))
    }

    /// What was typed, if it can only be a code of another system.
    pub fn moved(&self) -> Option<&MovedText> {
        self.moved.as_ref().map(|moved| &moved.text)
    }

    /// Why it can be nothing else; what is said where no code of another system works.
    pub fn flaw(&self) -> Option<Error> {
        let moved = self.moved.as_ref()?;
        Some(moved.flaw.clone().into_error())
    }

    /// As it is handed to whoever checks it.
    pub fn expose(&self) -> Zeroizing<String> {
        match self.moved() {
            Some(moved) => moved.expose(),
            None => self.any().expose(),
        }
    }

    /// Whether it may be a code in which capital and small letters are different, and has only
    /// letters of one kind, as hardly one such code in a hundred million has.
    pub fn lacks_a_case(&self) -> bool {
        self.full.as_ref().is_some_and(|code| {
            let any = |is: fn(&u8) -> bool| code.characters().iter().any(is);
            any(u8::is_ascii_uppercase) != any(u8::is_ascii_lowercase)
        })
    }

    /// Which group is left out of a code with check characters, if all others stand there: hardly one
    /// code in a hundred million looks so without.
    pub fn missing_group(&self) -> Option<&'static str> {
        let code = self.typeable.as_ref()?;
        (code.length == LENGTH).then(|| missing_group(code.characters()))?
    }

    /// Whether capital and small letters are different in whatever code it may be.
    pub fn is_case_sensitive(&self) -> bool {
        self.full.is_some() && self.typeable.is_none()
    }
}

/// Whether any text, such as a name, could be a code, or a mistyped one; then it must not be written
/// down.
pub fn looks_like_a_code(text: &str) -> bool {
    TypedCode::read(text.as_bytes()).map_or_else(|flaw| flaw.holds_a_code(), |_| true)
}

fn read(characters: &[char], alphabet: Alphabet) -> Option<Code> {
    let mut meant = Zeroizing::new([0; CHECKED_LENGTH]);
    for (meant, typed) in meant.iter_mut().zip(characters) {
        *meant = alphabet.read(*typed)?;
    }
    Some(Code {
        characters: meant,
        length: characters.len(),
        alphabet,
    })
}

#[cfg(test)]
mod tests;
