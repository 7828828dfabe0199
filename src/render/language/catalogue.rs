//! The messages of one language, out of one file.

use std::collections::BTreeSet;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::said::{Said, stressed, typed};
use super::variables;
use crate::error::{Error, Kind, Result};
use crate::model::language::LanguageTag;

/// A value in a message.
#[derive(Clone, Debug)]
pub enum Filling {
    /// Controls in it become spaces.
    Text(String),
    /// Words follow it: one code, two codes.
    Number(u64),
}

/// The messages of one language.
pub(super) struct Catalogue {
    /// The file, without its directory.
    name: String,
    bundle: FluentBundle<FluentResource>,
    messages: Vec<(String, BTreeSet<String>)>,
}

impl Catalogue {
    /// Reads a file.
    ///
    /// # Errors
    /// [`Kind::Config`] for one that is broken; it says where.
    pub fn parse(tag: &LanguageTag, name: &str, text: &str) -> Result<Self> {
        let resource = FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| {
            let first = errors.first();
            let place = first.and_then(|error| text.get(..error.pos.start));
            let line = place.map_or(1, |before| before.matches('\n').count() + 1);
            let what = first.map(ToString::to_string).unwrap_or_default();
            broken(name, &format!("is broken in line {line}: {what}"))
        })?;
        let messages = variables::messages(resource.entries());
        let mut bundle = FluentBundle::new_concurrent(vec![tag.identifier()]);
        // The marks of direction that it sets else are seen in a terminal.
        bundle.set_use_isolating(false);
        let twice = |name: &str, _| broken(name, "defines a function of the program");
        bundle
            .add_function("STRONG", |arguments, _| first(arguments, stressed))
            .map_err(|error| twice(name, error))?;
        bundle
            .add_function("CODE", |arguments, _| first(arguments, typed))
            .map_err(|error| twice(name, error))?;
        bundle.add_resource(resource).map_err(|errors| {
            let what = errors.first().map(ToString::to_string);
            broken(name, &format!("is broken: {}", what.unwrap_or_default()))
        })?;
        Ok(Self {
            name: name.to_owned(),
            bundle,
            messages,
        })
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Every message and the variables in it.
    pub fn messages(&self) -> &[(String, BTreeSet<String>)] {
        &self.messages
    }

    /// Whether it has this message.
    pub fn has(&self, message: &str) -> bool {
        self.bundle
            .get_message(message)
            .is_some_and(|message| message.value().is_some())
    }

    /// The message in words; none if it is not here, or asks for what it is not given.
    pub fn say(&self, message: &str, fillings: &[(&str, Filling)]) -> Option<Said> {
        let message = self.bundle.get_message(message)?;
        let mut arguments = FluentArgs::with_capacity(fillings.len());
        for (name, filling) in fillings {
            let value = match filling {
                Filling::Text(text) => text.replace(char::is_control, " ").into(),
                Filling::Number(number) => FluentValue::from(*number),
            };
            arguments.set(*name, value);
        }
        let mut errors = Vec::new();
        let said = self
            .bundle
            .format_pattern(message.value()?, Some(&arguments), &mut errors);
        errors.is_empty().then(|| Said::new(said.into_owned()))
    }
}

/// The first of a function's arguments, marked.
fn first<'a>(arguments: &[FluentValue<'a>], mark: fn(&str) -> String) -> FluentValue<'a> {
    match arguments.first() {
        Some(FluentValue::String(text)) => mark(text).into(),
        Some(FluentValue::Number(number)) => mark(&number.as_string()).into(),
        _ => FluentValue::Error,
    }
}

fn broken(name: &str, why: &str) -> Error {
    Error::new(Kind::Config, format!("the catalogue {name} {why}"))
        .hint("correct the file in the directory that site.languages names, or remove it")
}
