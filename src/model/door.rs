//! Who may ask what through the local door (DESIGN section 6, `[[serve.allow]]`).

use std::fmt;

use super::state::words;

words! {
    /// What can be asked through the door.
    pub enum DoorWord {
        Verify = "verify",
        Confirm = "confirm",
    }
}

/// Whom a rule is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// The account of this name.
    User(String),
    /// Every account of the group of this name.
    Group(String),
}

/// Some accounts may ask some words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub who: Who,
    pub words: Vec<DoorWord>,
    /// Only about the user who is called like the account.
    pub is_own: bool,
}

impl Rule {
    /// Reads `user=www-data words=verify+confirm` or `group=web words=verify own=true`; none for
    /// anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (mut who, mut words, mut is_own) = (None, Vec::new(), None);
        for part in text.split_ascii_whitespace() {
            let (name, value) = part.split_once('=')?;
            match name {
                _ if value.is_empty() => return None,
                "user" if who.is_none() => who = Some(Who::User(value.to_owned())),
                "group" if who.is_none() => who = Some(Who::Group(value.to_owned())),
                "words" if words.is_empty() => {
                    let read: Option<_> = value.split('+').map(DoorWord::from_word).collect();
                    words = read?;
                }
                "own" if is_own.is_none() => is_own = Some(value.parse().ok()?),
                _ => return None,
            }
        }
        Some(Self {
            who: who?,
            is_own: is_own.unwrap_or(false),
            words: (!words.is_empty()).then_some(words)?,
        })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.words.iter().map(|word| word.word()).collect();
        match &self.who {
            Who::User(name) => write!(f, "user={name}")?,
            Who::Group(name) => write!(f, "group={name}")?,
        }
        write!(f, " words={}", words.join("+"))?;
        match self.is_own {
            true => f.write_str(" own=true"),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_read_as_it_is_written() {
        for text in [
            "user=www-data words=verify+confirm",
            "group=web words=verify own=true",
        ] {
            assert_eq!(Rule::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(
            Rule::parse("words=confirm own=false user=a"),
            Some(Rule {
                who: Who::User("a".to_owned()),
                words: vec![DoorWord::Confirm],
                is_own: false,
            })
        );
    }

    #[test]
    fn what_is_not_wholly_understood_allows_nothing() {
        for text in [
            "",
            "user=www-data",
            "words=verify",
            "user= words=verify",
            "user=a words=",
            "user=a words=generate",
            "user=a words=verify+",
            "user=a group=b words=verify",
            "user=a user=b words=verify",
            "user=a words=verify words=confirm",
            "user=a words=verify own=yes",
            "user=a words=verify own=true own=false",
            "user=a words=verify anything=true",
            "www-data verify",
        ] {
            assert_eq!(Rule::parse(text), None, "{text}");
        }
    }
}
