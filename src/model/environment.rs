//! What a run gets from outside as plain values: variables, places, random bytes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// The environment variables of this run.
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// A variable's value; an empty one is a value too.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The same with one more, for tests.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.insert(name.to_owned(), value.to_owned());
        self
    }
}

impl FromIterator<(String, String)> for Environment {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(variables: T) -> Self {
        Self(variables.into_iter().collect())
    }
}

/// Where this user's files belong by the customs of the system.
#[derive(Clone, Debug)]
pub struct Places {
    /// The user's own directory for configuration, and for the key.
    pub config: PathBuf,
    /// The whole machine's directory for configuration.
    pub system_config: PathBuf,
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
