//! All texts in one language: its catalogue, and English where that is silent.

use std::collections::BTreeMap;
use std::fmt;

use super::built_in::{BUILT_IN, built_in};
use super::catalogue::{Catalogue, Filling};
use super::said::Said;
use crate::error::Result;
use crate::model::language::LanguageTag;

/// The site's own catalogues: texts by the name of the file without its ending, such as `fr`.
pub type Own = BTreeMap<String, String>;

/// All texts in one language.
pub struct Texts {
    tag: LanguageTag,
    /// Who is asked first comes first; the last is English.
    chain: Vec<Catalogue>,
    /// How many of them are not only there because they are English.
    own: usize,
}

impl Texts {
    /// The texts in this language, or else in a wider one; none where there is no catalogue of
    /// either. The site's own is asked before what is built in.
    ///
    /// # Errors
    /// [`crate::error::Kind::Config`] for a catalogue that is broken.
    pub fn of(tag: &LanguageTag, site: &Own) -> Result<Option<Self>> {
        let mut chain = Vec::new();
        for wider in tag.from_narrow_to_wide() {
            chain.extend(both(wider, site)?);
        }
        if chain.is_empty() {
            return Ok(None);
        }
        let own = chain.len();
        if tag
            .from_narrow_to_wide()
            .all(|tag| tag != LanguageTag::ENGLISH)
        {
            chain.extend(both(LanguageTag::ENGLISH, site)?);
        }
        let tag = tag.clone();
        Ok(Some(Self { tag, chain, own }))
    }

    /// Which language they are in.
    pub fn tag(&self) -> &LanguageTag {
        &self.tag
    }

    /// Whether English has to stand in for a message.
    pub(super) fn lacks(&self, message: &str) -> bool {
        !self.chain[..self.own]
            .iter()
            .any(|catalogue| catalogue.has(message))
    }

    /// A message in words. One that asks for what it is not given is said in English; one that
    /// nobody knows is its name.
    pub fn say(&self, message: &str, fillings: &[(&str, Filling)]) -> Said {
        self.chain
            .iter()
            .find_map(|catalogue| catalogue.say(message, fillings))
            .unwrap_or_else(|| Said::new(message.to_owned()))
    }

    /// A message without values, as plain text.
    pub fn plain(&self, message: &str) -> String {
        self.say(message, &[]).plain()
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Texts({})", self.tag)
    }
}

/// The site's own catalogue of this very tag, and the one that is built in.
fn both(tag: &str, site: &Own) -> Result<Vec<Catalogue>> {
    let mut found = Vec::new();
    let known = LanguageTag::parse(tag)?;
    for (name, text) in site {
        if LanguageTag::parse(name).is_ok_and(|own| own == known) {
            found.push(Catalogue::parse(&known, &format!("{name}.ftl"), text)?);
        }
    }
    if let Some(text) = built_in(tag) {
        found.push(Catalogue::parse(&known, tag, text)?);
    }
    Ok(found)
}

/// The tags of the languages that there are catalogues of, in the order of the alphabet.
pub fn known(site: &Own) -> Vec<String> {
    let built_in = BUILT_IN.iter().map(|(tag, _)| (*tag).to_owned());
    let own = site
        .keys()
        .filter_map(|name| LanguageTag::parse(name).ok())
        .map(|tag| tag.as_str().to_owned());
    let mut known: Vec<_> = built_in.chain(own).collect();
    known.sort();
    known.dedup();
    known
}

/// English texts, for the tests beside what is said.
#[cfg(test)]
impl Texts {
    /// What is built in of this language.
    pub fn built_in(tag: &str) -> std::sync::Arc<Self> {
        let tag = LanguageTag::parse(tag).unwrap();
        std::sync::Arc::new(Self::of(&tag, &Own::new()).unwrap().unwrap())
    }
}
