//! What a run gets from outside as plain values: variables, places, random bytes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// The environment variables of this run.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    values: BTreeMap<String, String>,
    not_text: Vec<String>,
}

impl Environment {
    /// A variable's value; an empty one is a value too.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The names of those whose values are not text.
    pub fn not_text(&self) -> impl Iterator<Item = &str> {
        self.not_text.iter().map(String::as_str)
    }

    /// The same with these, whose values are not text.
    pub fn and_not_text(mut self, names: Vec<String>) -> Self {
        self.not_text = names;
        self
    }

    /// The same with one more, for tests.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.values.insert(name.to_owned(), value.to_owned());
        self
    }
}

impl FromIterator<(String, String)> for Environment {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(variables: T) -> Self {
        Self {
            values: variables.into_iter().collect(),
            not_text: Vec::new(),
        }
    }
}

/// Where this user's files belong by the customs of the system.
#[derive(Clone, Debug)]
pub struct Places {
    /// The user's own directory for configuration, and for the key.
    pub config: PathBuf,
    /// The whole machine's directory for configuration.
    pub system_config: PathBuf,
    /// The account that runs this program.
    pub account: u32,
    /// The user's own directory for data.
    pub data: PathBuf,
    /// Where systemd looks for units: root's are the machine's.
    pub units: PathBuf,
    /// The machine's crontab file for this program; only root has one.
    pub crontab: Option<PathBuf>,
    /// The user's own directory that ends with the login; not every user has one.
    pub runtime: Option<PathBuf>,
}

/// A source of random bytes. The program has the system's; a test brings its own.
pub type Entropy = Arc<dyn Fn(&mut [u8]) -> std::io::Result<()> + Send + Sync>;
