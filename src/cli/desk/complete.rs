//! What the shell offers at the prompt: words from the tree, names from the store.

use std::ffi::OsStr;
use std::path::Path;

use clap_complete::CompletionCandidate;

use crate::config::layers;
use crate::config::paths::{self, Asked};
use crate::model::calendar::Often;
use crate::platform::{environment, files};
use crate::store::{Store, batches, codes, keys, schedules, users};

/// No shell shows more than this at once.
const MOST: u64 = 200;

/// Names of users that begin so.
pub fn users(beginning: &OsStr) -> Vec<CompletionCandidate> {
    let Some(beginning) = beginning.to_str() else {
        return Vec::new();
    };
    let names = with_store(|store| users::names_beginning(store.read(), beginning, MOST).ok());
    names.into_iter().map(CompletionCandidate::new).collect()
}

/// Short ids of batches that begin so, with whose they are.
pub fn batches(beginning: &OsStr) -> Vec<CompletionCandidate> {
    let Some(beginning) = beginning.to_str() else {
        return Vec::new();
    };
    with_store(|store| batches::names_beginning(store.read(), beginning, MOST).ok())
        .into_iter()
        .map(|(batch, user)| CompletionCandidate::new(batch.short()).help(Some(user.into())))
        .collect()
}

/// Names of schedules.
pub fn schedules() -> Vec<CompletionCandidate> {
    with_store(|store| schedules::all(store.read()).ok())
        .into_iter()
        .map(|schedule| {
            CompletionCandidate::new(schedule.name).help(Some(schedule.every.words().into()))
        })
        .collect()
}

/// Ids of keys.
pub fn keys() -> Vec<CompletionCandidate> {
    with_store(|store| keys::all(store.read()).ok())
        .into_iter()
        .map(|key| CompletionCandidate::new(key.id.as_str()))
        .collect()
}

/// How often a schedule may run.
pub fn turns() -> Vec<CompletionCandidate> {
    let turns = ["15m", "6h", "2d", "2w"];
    let words = Often::ALL.iter().map(|often| often.word());
    words.chain(turns).map(CompletionCandidate::new).collect()
}

/// Hints of the user who stands earlier on the line.
pub fn hints() -> Vec<CompletionCandidate> {
    let words: Vec<String> = environment::arguments();
    with_store(|store| {
        let user = words
            .iter()
            .rev()
            .find_map(|word| users::find(store.read(), word).ok().flatten())?;
        codes::hints(store.read(), user.id).ok()
    })
    .into_iter()
    .map(CompletionCandidate::new)
    .collect()
}

/// Reads from the store that the line means; offers nothing where that is not possible.
fn with_store<T>(read: impl FnOnce(&Store) -> Option<Vec<T>>) -> Vec<T> {
    let environment = environment::variables();
    let places = paths::places();
    let line = environment::arguments();
    let named = |option| {
        let path = named_on(&line, option)?;
        // The shell has not expanded it yet.
        match (path.strip_prefix("~/"), environment.get("HOME")) {
            (Some(rest), Some(home)) => Some(Path::new(home).join(rest)),
            _ => Some(path.into()),
        }
    };
    let named_config = named("--config");
    let asked = Asked {
        config: named_config.as_deref(),
        is_system: line.iter().any(|word| word == "--system"),
    };
    let config = paths::config(asked, &environment, &places);
    let text = files::read_if_there(&config.path).ok().flatten();
    let in_file = text.and_then(|text| layers::store_in_file(&layers::lines(&text)));
    let store = named("--store");
    let paths = paths::resolve(store.as_deref(), &environment, &places, config, in_file);
    let store = Store::open(&paths.store).ok();
    store.and_then(|store| read(&store)).unwrap_or_default()
}

/// What an option is given on the line that is completed, which begins behind the first `--`.
fn named_on<'a>(line: &'a [String], option: &str) -> Option<&'a str> {
    let mut words = line.iter().map(String::as_str);
    words.find(|word| *word == "--")?;
    let mut words = words.take_while(|word| *word != "--");
    words
        .find_map(|word| match word.strip_prefix(option)? {
            "" => Some(None),
            rest => rest.strip_prefix('=').map(Some),
        })?
        .or_else(|| words.next())
}
