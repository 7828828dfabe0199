//! The language that people read, by its tag (BCP 47).

use std::fmt;

use unic_langid::LanguageIdentifier;

use super::user::quote;
use crate::error::{Error, Kind, Result};

/// The tag of a language, in the spelling that is usual: `de`, `pt-BR`, `zh-Hant`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LanguageTag(String);

impl LanguageTag {
    /// English, which every text has.
    pub const ENGLISH: &'static str = "en";

    /// Reads a tag in any case.
    ///
    /// # Errors
    /// [`Kind::MalformedLanguage`] for what is none, and for one that names no language.
    pub fn parse(text: &str) -> Result<Self> {
        match text.parse::<LanguageIdentifier>() {
            Ok(tag) if tag.language.is_empty() => Err(malformed(text)),
            Ok(tag) => Ok(Self(tag.to_string())),
            Err(_) => Err(malformed(text)),
        }
    }

    /// A tag as it came out of the store.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tag and then the wider ones: `zh-Hant-TW`, `zh-Hant`, `zh`.
    pub fn from_narrow_to_wide(&self) -> impl Iterator<Item = &str> {
        std::iter::successors(Some(self.as_str()), |tag| {
            tag.rsplit_once('-').map(|(wider, _)| wider)
        })
    }

    /// By whose rules words follow numbers; those of no language for a tag that somebody wrote
    /// into the store.
    pub fn identifier(&self) -> LanguageIdentifier {
        self.0.parse().unwrap_or_default()
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn malformed(text: &str) -> Error {
    Error::new(
        Kind::MalformedLanguage,
        format!("{} is not the tag of a language", quote(text)),
    )
    .hint("write it like en, de or pt-BR (BCP 47)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_has_one_spelling() {
        for (text, tag) in [
            ("de", "de"),
            ("DE-at", "de-AT"),
            ("zh_hant_tw", "zh-Hant-TW"),
        ] {
            assert_eq!(LanguageTag::parse(text).unwrap().as_str(), tag);
        }
        for text in ["", "d", "german!", "und", "de-", "../de", "de-u-co-phonebk"] {
            let error = LanguageTag::parse(text).unwrap_err();
            assert_eq!(error.kind(), Kind::MalformedLanguage, "{text}");
        }
    }

    #[test]
    fn a_narrow_language_is_part_of_wider_ones() {
        let tag = LanguageTag::parse("zh-Hant-TW").unwrap();
        let tags: Vec<_> = tag.from_narrow_to_wide().collect();
        assert_eq!(tags, ["zh-Hant-TW", "zh-Hant", "zh"]);
    }
}
