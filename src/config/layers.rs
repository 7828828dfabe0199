//! Which value is in force: variable, then Django's variable, then file, then default.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::django::{Meaning, is_nothing, value_of};
use super::effective::{Effective, Finding};
use super::file;
use super::paths::Paths;
use super::settings::Settings;
use super::table::{self, SETTINGS, Setting};
use super::value::{Shape, Value};
use crate::error::{Error, Kind, Result};
use crate::model::environment::Environment;
use crate::model::location::Location;

/// The lines of the file, or where it is not TOML.
pub type Lines = std::result::Result<Vec<file::Entry>, String>;

/// Reads the text of a file.
pub fn lines(text: &str) -> Lines {
    file::parse(text)
}

/// Everything that was read, right or wrong.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The paths in force.
    pub paths: Paths,
    /// Every setting in the order of the table; a wrong value is replaced by the default.
    pub effective: Vec<Effective>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What is worth knowing and not wrong.
    pub notes: Vec<String>,
}

impl Loaded {
    /// The settings, if nothing is wrong with them.
    ///
    /// # Errors
    /// [`Kind::Config`] with the first finding; `check` shows all of them.
    pub fn settings(&self) -> Result<Settings> {
        match self.findings.first() {
            None => Ok(Settings::from_effective(&self.effective)),
            Some(finding) => Err(finding.error()),
        }
    }

    /// Says to a store on a server what the settings say of it.
    pub fn tell_server(&self, location: &mut Location) {
        if let Location::Server(server) = location {
            let said = Settings::from_effective(&self.effective).server;
            server.timeout = Duration::from_secs(said.timeout);
            server.is_alone = said.alone;
            server.password_file = said.password_file;
        }
    }

    /// The settings with defaults where something is wrong: for `check` only.
    pub fn settings_so_far(&self) -> Settings {
        Settings::from_effective(&self.effective)
    }
}

/// Refuses a variable of this program that is not text: passed over in silence, it would leave
/// the command to another store, key or limit than the one that was meant.
///
/// # Errors
/// [`Kind::Config`] with the first of them.
pub fn refuse_what_is_not_text(environment: &Environment) -> Result<()> {
    let is_ours = |name: &str| name.starts_with("RECOVERY_CODES_") || name.starts_with(OURS);
    match environment.not_text().find(|name| is_ours(name)) {
        None => Ok(()),
        Some(name) => Err(Error::new(
            Kind::Config,
            format!("the variable {name} is not UTF-8 text"),
        )
        .hint("set it to text, or unset it")),
    }
}

/// Reads all layers. `file` is what the file says, if there is one.
pub fn load(paths: Paths, environment: &Environment, file: Option<Lines>) -> Loaded {
    let mut findings = Vec::new();
    let from_file = read_file(&paths, file, &mut findings);
    let mut notes = notes(environment);
    let mut effective: Vec<Effective> = SETTINGS
        .iter()
        .map(|setting| {
            let said = (&mut findings, &mut notes);
            choose(setting, &paths, environment, &from_file, said)
        })
        .collect();
    leave_out_idle_bounds(&mut effective, &mut notes);
    look_for_unknown_variables(environment, &mut findings);
    let mut loaded = Loaded {
        paths,
        effective,
        findings,
        notes,
    };
    let mut store = loaded.paths.store.clone();
    loaded.tell_server(&mut store);
    loaded.paths.store = store;
    // What fits alone may still not fit together; defaults always do.
    if loaded.findings.is_empty() {
        loaded.findings = Settings::from_effective(&loaded.effective).contradictions();
    }
    loaded
}

/// The path of the store as the file names it, before anything else is taken from it.
pub fn store_in_file(file: &Lines) -> Option<PathBuf> {
    file.iter().flatten().find_map(|entry| match entry {
        file::Entry {
            key,
            value: Some(Value::Text(path)),
        } if key == "store" && !path.is_empty() => Some(path.into()),
        _ => None,
    })
}

fn read_file(
    paths: &Paths,
    file: Option<Lines>,
    findings: &mut Vec<Finding>,
) -> BTreeMap<&'static str, Value> {
    let mut values = BTreeMap::new();
    let Some(file) = file else {
        return values;
    };
    let place = paths.config.display();
    let entries = match file {
        Ok(entries) => entries,
        Err(error) => {
            findings.push(Finding {
                problem: format!(
                    "{place} is not TOML: {}",
                    error.trim_end().replace('\n', " ")
                ),
                remedy: "correct the file, or begin with `recovery-codes config template`".into(),
            });
            return values;
        }
    };
    for entry in entries {
        if entry.key == "store" {
            if !matches!(&entry.value, Some(Value::Text(path)) if !path.is_empty()) {
                findings.push(Finding {
                    problem: format!("store in {place} is not a path"),
                    remedy: "write it like store = \"/var/lib/recovery-codes/recovery-codes.db\""
                        .into(),
                });
            }
            continue;
        }
        let Some(setting) = table::find(&entry.key) else {
            findings.push(unknown(&format!("{} in {place}", entry.key), &entry.key));
            continue;
        };
        let fitting = match (setting.shape, entry.value) {
            // `key = ""` in the file means the same as an empty variable.
            (
                Shape::OptionalText | Shape::OptionalPath | Shape::OptionalZone,
                Some(Value::Text(text)),
            ) if text.is_empty() => Some(Value::Absent),
            (Shape::NumberOrUnlimited(..), Some(Value::Text(text))) => {
                setting.shape.read_text(&text)
            }
            (shape, Some(value)) => shape.check(value),
            (_, None) => None,
        };
        let fitting = fitting.map(|value| match (setting.shape, value) {
            (Shape::Path | Shape::OptionalPath, Value::Text(path)) => {
                Value::Text(beside(&paths.config, &path))
            }
            (_, value) => value,
        });
        match fitting {
            Some(value) => {
                values.insert(setting.key, value);
            }
            None => findings.push(misfit(&format!("{} in {place}", setting.key), setting)),
        }
    }
    values
}

/// A path as the file names it: a relative one is beside the file, for nobody knows in which directory
/// a login path or a timer starts the program.
fn beside(config: &Path, path: &str) -> String {
    let absolute = config.with_file_name(path);
    absolute
        .to_str()
        .map_or_else(|| path.to_owned(), str::to_owned)
}

fn choose(
    setting: &Setting,
    paths: &Paths,
    environment: &Environment,
    from_file: &BTreeMap<&'static str, Value>,
    (findings, notes): (&mut Vec<Finding>, &mut Vec<String>),
) -> Effective {
    let effective = |value, origin: String| Effective {
        key: setting.key,
        value,
        origin,
    };
    let own = table::variable(setting.key);
    if let Some(text) = environment.get(&own) {
        match setting.shape.read_text(text) {
            Some(value) => return effective(value, format!("environment {own}")),
            None => findings.push(misfit(&format!("the variable {own}"), setting)),
        }
    }
    let mut without_cap = None;
    for django in setting.django {
        let Some(text) = environment.get(django.name).map(value_of) else {
            continue;
        };
        let origin = format!("environment {}", django.name);
        if is_nothing(text) {
            // That no cap is set says that there is none.
            if matches!(setting.shape, Shape::NumberOrUnlimited(..)) {
                without_cap.get_or_insert(origin);
            }
            continue;
        }
        // A name such as DEBUG is everybody's; only this application's own can be wrong.
        let is_ours = django.name.starts_with(OURS);
        let meant = match (django.translate)(text) {
            Meaning::Text(text) => setting.shape.read_text(&text),
            Meaning::Nothing(why) if is_ours => {
                notes.push(format!("{} has no effect: {why}", django.name));
                continue;
            }
            Meaning::Nothing(_) => continue,
            Meaning::Misfit => None,
        };
        match meant {
            Some(value) => return effective(value, origin),
            None if is_ours => {
                findings.push(misfit(&format!("the variable {}", django.name), setting));
            }
            // Without its value, which may be a password that slipped.
            None if django.name.starts_with("EMAIL_") => notes.push(format!(
                "{} has no effect: {} takes {}",
                django.name,
                setting.key,
                setting.shape.describe()
            )),
            None => {}
        }
    }
    if let Some(origin) = without_cap {
        return effective(Value::Unlimited, origin);
    }
    if let Some(value) = from_file.get(setting.key) {
        return effective(value.clone(), format!("file {}", paths.config.display()));
    }
    let default = setting.shape.read_text(setting.default);
    effective(default.unwrap_or(Value::Absent), "default".into())
}

/// What the application's own variables begin with.
const OURS: &str = "DJANGO_AUTH_RECOVERY_";

/// The application only compares its bounds of the limiter's memory with each other, and its own
/// examples contradict them. So what contradicts the memory itself is left out.
fn leave_out_idle_bounds(effective: &mut [Effective], notes: &mut Vec<String>) {
    let number = |effective: &[Effective], key: &str| {
        let found = effective.iter().find(|effective| effective.key == key);
        match found.map(|found| &found.value) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    };
    let Some(ttl) = number(effective, "limiter.ttl") else {
        return;
    };
    for (key, is_most) in [("limiter.ttl_min", false), ("limiter.ttl_max", true)] {
        let Some(bound) = effective.iter_mut().find(|effective| effective.key == key) else {
            continue;
        };
        let is_idle = match bound.value {
            Value::Number(most) if is_most => most < ttl,
            Value::Number(least) => least > ttl,
            _ => false,
        };
        let variable = bound.origin.strip_prefix("environment ");
        if let Some(variable) = variable.filter(|name| is_idle && name.starts_with(OURS)) {
            notes.push(format!(
                "{variable} has no effect: limiter.ttl lies beyond it, and the application takes no notice either"
            ));
            bound.value = Value::Number(ttl);
            bound.origin = "limiter.ttl".to_owned();
        }
    }
}

/// Variables that are no settings but belong to the program.
const OTHER_VARIABLES: &[&str] = &[
    "RECOVERY_CODES_STORE",
    "RECOVERY_CODES_CONFIG",
    "RECOVERY_CODES_KEY",
];

fn look_for_unknown_variables(environment: &Environment, findings: &mut Vec<Finding>) {
    for (name, _) in environment.iter() {
        let Some(rest) = name.strip_prefix("RECOVERY_CODES_") else {
            continue;
        };
        let is_known = OTHER_VARIABLES.contains(&name)
            || SETTINGS
                .iter()
                .any(|setting| table::variable(setting.key) == name);
        if !is_known {
            let likely = rest.to_ascii_lowercase().replacen('_', ".", 1);
            let mut finding = unknown(&format!("the variable {name}"), &likely);
            if let Some(key) = table::nearest(&likely) {
                finding.remedy = format!("did you mean {}?", table::variable(key));
            }
            findings.push(finding);
        }
    }
}

fn notes(environment: &Environment) -> Vec<String> {
    table::WITHOUT_SUCCESSOR
        .iter()
        .filter(|(name, _)| environment.get(name).is_some())
        .map(|(name, why)| format!("{name} has no effect: {why}"))
        .collect()
}

fn unknown(what: &str, key: &str) -> Finding {
    Finding {
        problem: format!("{what} is not a setting"),
        remedy: match table::nearest(key) {
            Some(key) => format!("did you mean {key}?"),
            None => "`recovery-codes config show` lists every setting".into(),
        },
    }
}

fn misfit(what: &str, setting: &Setting) -> Finding {
    Finding {
        problem: format!("{what} does not fit"),
        remedy: format!("it takes {}", setting.shape.describe()),
    }
}
