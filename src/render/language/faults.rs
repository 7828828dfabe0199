//! What is wrong with the site's own catalogues.

use std::collections::{BTreeMap, BTreeSet};

use super::built_in::built_in;
use super::catalogue::Catalogue;
use super::texts::{Own, Texts};
use crate::error::Result;
use crate::model::language::LanguageTag;

/// Something that is wrong with a catalogue, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub problem: String,
    pub remedy: String,
    /// English stands in, and nothing else is wrong.
    pub is_harmless: bool,
}

/// Everything that is wrong with the site's own catalogues.
///
/// # Errors
/// None, as long as the built-in ones can be read.
pub fn faults(site: &Own) -> Result<Vec<Fault>> {
    let english = english()?;
    let mut faults = Vec::new();
    for (name, text) in site {
        let file = format!("{name}.ftl");
        let wrong = |problem: String, remedy: &str| Fault {
            problem,
            remedy: remedy.to_owned(),
            is_harmless: false,
        };
        let Ok(tag) = LanguageTag::parse(name) else {
            faults.push(wrong(
                format!("{file} in site.languages is not called after a language"),
                "call it like fr.ftl or pt-BR.ftl, or remove it",
            ));
            continue;
        };
        let catalogue = match Catalogue::parse(&tag, &file, text) {
            Ok(catalogue) => catalogue,
            Err(error) => {
                faults.push(wrong(error.to_string(), error.advice().unwrap_or_default()));
                continue;
            }
        };
        for (message, variables) in catalogue.messages() {
            let Some(given) = english.get(message) else {
                faults.push(wrong(
                    format!("{} has the unknown message {message}", catalogue.name()),
                    "correct its name, or remove it",
                ));
                continue;
            };
            for variable in variables.iter().filter(|name| !given.contains(*name)) {
                faults.push(wrong(
                    format!(
                        "{}: there is no ${variable} for the message {message}",
                        catalogue.name()
                    ),
                    "correct its name; until then the message is said in English",
                ));
            }
        }
        let missing = match Texts::of(&tag, site)? {
            Some(texts) => english.keys().filter(|name| texts.lacks(name)).collect(),
            None => Vec::new(),
        };
        if let Some(first) = missing.first() {
            faults.push(Fault {
                problem: format!(
                    "{file} lacks {} of {} messages, such as {first}; they are said in English",
                    missing.len(),
                    english.len()
                ),
                remedy: "add them if the language is to be whole".to_owned(),
                is_harmless: true,
            });
        }
    }
    Ok(faults)
}

/// Every message there is, and the variables that it is given.
fn english() -> Result<BTreeMap<String, BTreeSet<String>>> {
    let tag = LanguageTag::parse(LanguageTag::ENGLISH)?;
    let text = built_in(LanguageTag::ENGLISH).unwrap_or_default();
    let english = Catalogue::parse(&tag, LanguageTag::ENGLISH, text)?;
    Ok(english.messages().iter().cloned().collect())
}
