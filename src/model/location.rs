//! Where the store is: in a file of this machine, or on a server that several share.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::environment::Environment;

/// Where the store is.
#[derive(Clone, Debug)]
pub enum Location {
    File(PathBuf),
    Server(Server),
}

/// A PostgreSQL server, or several of which one is the primary.
#[derive(Clone)]
pub struct Server {
    /// `postgres://user@host/database?option=value`.
    url: String,
    /// How long it may take to be reached, and to say that a commit is durable.
    pub timeout: Duration,
    /// Whether it is meant that nobody else has what it has.
    pub is_alone: bool,
    /// A file with the password, before all other places.
    pub password_file: Option<PathBuf>,
    /// The variables of this run, among them those of libpq.
    pub environment: Environment,
}

/// How a URL of PostgreSQL begins.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

impl Location {
    /// What was said with `--store`, in a variable or in the configuration file.
    pub fn new(text: &Path, environment: &Environment) -> Self {
        match text.to_str().filter(|text| is_url(text)) {
            Some(url) => Self::Server(Server {
                url: url.to_owned(),
                timeout: Duration::from_secs(3),
                is_alone: false,
                password_file: None,
                environment: environment.clone(),
            }),
            None => Self::File(text.to_owned()),
        }
    }

    /// The store's file, if it is in one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Server(_) => None,
        }
    }
}

/// Whether a text is such a URL and no path.
pub fn is_url(text: &str) -> bool {
    SCHEMES.iter().any(|scheme| text.starts_with(scheme))
}

impl Server {
    /// The URL as it was given.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The role that the URL names, if it names one.
    pub fn user(&self) -> Option<&str> {
        let (_, rest) = self.url.split_once("://")?;
        let (user, _) = rest.split_once('@')?;
        let user = user.split(':').next()?;
        let is_plain = |c: char| !c.is_control() && c != '%';
        (!user.is_empty() && user.chars().all(is_plain)).then_some(user)
    }

    /// The URL as a person may read it.
    fn without_password(&self) -> String {
        self.taken_apart().0
    }

    /// The URL without a password, and whether there was one.
    fn taken_apart(&self) -> (String, bool) {
        let mut has_password = false;
        let (scheme, rest) = self.url.split_once("://").unwrap_or(("postgres", ""));
        // As those read it who connect: whatever stands before the first @ is the user.
        let (user, rest) = match rest.split_once('@') {
            Some((user, rest)) => {
                let user = match user.split_once(':') {
                    Some((user, _)) => {
                        has_password = true;
                        user
                    }
                    None => user,
                };
                (Some(user), rest)
            }
            None => (None, rest),
        };
        let (hosts, behind) = match rest.find(['/', '?']) {
            Some(end) => rest.split_at(end),
            None => (rest, ""),
        };
        let authority = match user {
            Some(user) => format!("{user}@{hosts}"),
            None => hosts.to_owned(),
        };
        let (path, options) = behind.split_once('?').unwrap_or((behind, ""));
        let options: Vec<&str> = options
            .split('&')
            .filter(|option| !option.is_empty())
            .filter(|option| {
                has_password |= is_password(option);
                !is_password(option)
            })
            .collect();
        let begin = if options.is_empty() { "" } else { "?" };
        let shown = format!("{scheme}://{authority}{path}{begin}{}", options.join("&"));
        (shown, has_password)
    }

    /// Whether a password stands in the URL, where others would read it.
    pub fn has_password(&self) -> bool {
        self.taken_apart().1
    }
}

/// Whether an option of the URL is a password, however its name is written.
fn is_password(option: &str) -> bool {
    let name = option.split_once('=').map_or(option, |(name, _)| name);
    name.starts_with("passw") || name.contains('%')
}

impl fmt::Display for Location {
    /// As a person may read it: without a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Server(server) => f.write_str(&server.without_password()),
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Server")
            .field(&self.without_password())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        Location::new(Path::new(text), &Environment::default()).to_string()
    }

    #[test]
    fn a_path_is_a_file_and_a_url_a_server() {
        let environment = Environment::default();
        for path in ["codes.db", "/var/lib/codes.db", "postgres", "postgres:/x"] {
            assert!(
                Location::new(Path::new(path), &environment)
                    .file()
                    .is_some()
            );
        }
        for url in ["postgres://db/codes", "postgresql:///codes?host=/run"] {
            assert!(Location::new(Path::new(url), &environment).file().is_none());
            assert_eq!(shown(url), url);
        }
    }

    #[test]
    fn no_password_is_ever_shown() {
        for (url, seen) in [
            ("postgres://me:geheim@db:5/x", "postgres://me@db:5/x"),
            ("postgres://me:ge/heim@db/x", "postgres://me@db/x"),
            ("postgres://me:ge?heim@db/x", "postgres://me@db/x"),
            ("postgres://db/x?password=geheim", "postgres://db/x"),
            (
                "postgres://db/x?a=1&pass%77ord=geheim&b=2",
                "postgres://db/x?a=1&b=2",
            ),
            ("postgres://:geheim@", "postgres://@"),
        ] {
            assert_eq!(shown(url), seen);
            let Location::Server(server) = Location::new(Path::new(url), &Environment::default())
            else {
                panic!("{url}");
            };
            assert!(server.has_password(), "{url}");
            assert!(!format!("{server:?}").contains("heim"));
        }
        for url in [
            "postgres://me@db/x?sslmode=verify-full",
            "postgres://me@db/x?",
            "postgres://me@db/x?a=1&",
        ] {
            let location = Location::new(Path::new(url), &Environment::default());
            assert!(
                matches!(location, Location::Server(server) if !server.has_password()),
                "{url}"
            );
        }
        assert!(shown("postgres://me@db/x?sslmode=verify-full").ends_with("verify-full"));
    }
}
