//! Settings of the Django application as a `config.toml`.

use super::effective::Effective;
use super::file;
use super::layers;
use super::paths::Paths;
use super::python::{self, Written};
use super::table::{self, SETTINGS};
use crate::model::environment::Environment;

/// What a file of the application says, here.
#[derive(Debug)]
pub struct Taken {
    /// Settings that have a value there.
    pub settings: Vec<Effective>,
    /// What is not taken over, and why.
    pub left: Vec<String>,
}

/// What Django-Q calls the settings of tasks.
const QUEUE: &str = "Q_CLUSTER";
const TASKS: &[(&str, &str)] = &[
    ("timeout", "task.timeout"),
    ("retry", "task.retry_after"),
    ("max_attempts", "task.max_tries"),
    ("save_limit", "task.keep"),
    ("queue_limit", "task.queue_limit"),
];

/// Names whose values nobody is to see.
const SECRETS: &[(&str, &str)] = &[
    (
        "DJANGO_AUTH_RECOVERY_KEY",
        "put its value into a private file, and name that with --key-file",
    ),
    (
        "EMAIL_HOST_PASSWORD",
        "put its value into a private file, and name that in mail.password_file",
    ),
];

/// Reads a `settings.py`, or else an `.env`.
pub fn read(text: &str, is_python: bool, paths: &Paths) -> Taken {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let all = match is_python {
        true => python::read(text),
        false => lines(text),
    };
    let mut environment = Environment::default();
    let mut left = Vec::new();
    for (name, value) in all {
        if let Some((_, advice)) = SECRETS.iter().find(|(secret, _)| *secret == name) {
            left.push(format!("{name}: {advice}"));
            continue;
        }
        match value {
            Written::Plain(value) if is_known(&name) => {
                environment = environment.with(&name, &spelled(&value, is_python));
            }
            Written::Dictionary(pairs) if name == QUEUE => {
                for (key, value) in pairs {
                    if let Some((_, setting)) = TASKS.iter().find(|(theirs, _)| *theirs == key) {
                        environment = environment.with(&table::variable(setting), &value);
                    }
                }
            }
            Written::Computed | Written::Dictionary(_) if is_known(&name) => {
                left.push(format!(
                    "{name}: its value is computed there; set {} yourself",
                    successors(&name)
                ));
            }
            _ => {}
        }
    }
    let loaded = layers::load(paths.clone(), &environment, None);
    left.extend(loaded.notes);
    left.extend(
        loaded
            .findings
            .into_iter()
            .map(|finding| format!("{}: {}", finding.problem, finding.remedy)),
    );
    let settings = loaded.effective.into_iter().filter_map(|mut effective| {
        let variable = effective.origin.strip_prefix("environment ")?;
        effective.origin = match variable.starts_with("RECOVERY_CODES_") {
            true => QUEUE.to_owned(),
            false => variable.to_owned(),
        };
        Some(effective)
    });
    Taken {
        settings: settings.collect(),
        left,
    }
}

/// The text of a configuration file.
pub fn to_toml(taken: &Taken, from: &str) -> String {
    let mut text = format!(
        "# The settings of {from} as they are here. Look at each before you use it.\n\
         # `recovery-codes config template` shows all there are.\n"
    );
    let mut section = "";
    for effective in &taken.settings {
        let (its_section, name) = effective.key.split_once('.').unwrap_or(("", effective.key));
        if its_section != section {
            section = its_section;
            text.push_str(&format!("\n[{section}]\n"));
        }
        text.push_str(&format!(
            "{name} = {} # {}\n",
            file::literal(&effective.value),
            effective.origin
        ));
    }
    if !taken.left.is_empty() {
        text.push_str("\n# Not taken over:\n");
        for line in &taken.left {
            text.push_str(&format!("# - {line}\n"));
        }
    }
    text
}

/// Lines of an `.env`: `NAME=value`.
fn lines(text: &str) -> Vec<(String, Written)> {
    let pair = |line: &str| {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (name, value) = line.split_once('=')?;
        Some((name.trim().to_owned(), Written::Plain(value.to_owned())))
    };
    text.lines().filter_map(pair).collect()
}

/// A value as a variable would hold it: between quotation marks it can be nothing else.
fn spelled(value: &str, is_python: bool) -> String {
    let quote = ['"', '\'']
        .into_iter()
        .find(|quote| !value.contains(*quote));
    match quote.filter(|_| is_python && value != "None") {
        Some(quote) => format!("{quote}{value}{quote}"),
        None => value.to_owned(),
    }
}

fn is_known(name: &str) -> bool {
    let mut theirs = SETTINGS.iter().flat_map(|setting| setting.django);
    theirs.any(|django| django.name == name)
        || table::WITHOUT_SUCCESSOR
            .iter()
            .any(|(old, _)| *old == name && name != QUEUE)
}

/// The settings that replace a name.
fn successors(name: &str) -> String {
    let replaced = SETTINGS
        .iter()
        .filter(|setting| setting.django.iter().any(|django| django.name == name))
        .map(|setting| setting.key);
    let keys: Vec<&str> = replaced.collect();
    match keys.is_empty() {
        true => "nothing".to_owned(),
        false => keys.join(", "),
    }
}
