//! What stands behind the module's name in a file below `/etc/pam.d`.

use std::time::Duration;

/// Longer than the program waits for its turn at the store.
const TIMEOUT: Duration = Duration::from_secs(30);
const LONGEST_TIMEOUT: u64 = 600;

/// How the module is to behave.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// The configuration file; the machine's if there is none.
    pub config: Option<String>,
    /// The store's file, if it is not the one of the configuration.
    pub store: Option<String>,
    /// Where a process that is not root asks.
    pub socket: Option<String>,
    /// What is asked.
    pub prompt: String,
    /// The account as which the program runs; root if there is none.
    pub account: Option<String>,
    /// How long the program may take.
    pub timeout: Duration,
    /// Whoever never had codes is passed over.
    pub is_null_ok: bool,
    /// What is no recovery code is left for the modules that follow.
    pub does_pass_on: bool,
    /// Nothing is said to the user but the prompt.
    pub is_silent: bool,
    /// More is logged.
    pub is_debug: bool,
}

impl Options {
    /// Reads all arguments.
    ///
    /// # Errors
    /// What is wrong with the first that is not understood.
    pub fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut options = Self {
            config: None,
            store: None,
            socket: None,
            prompt: "Recovery code: ".to_owned(),
            account: None,
            timeout: TIMEOUT,
            is_null_ok: false,
            does_pass_on: false,
            is_silent: false,
            is_debug: false,
        };
        for argument in arguments {
            match argument.split_once('=') {
                None => match argument.as_str() {
                    "nullok" => options.is_null_ok = true,
                    "pass_on" => options.does_pass_on = true,
                    "silent" => options.is_silent = true,
                    "debug" => options.is_debug = true,
                    _ => return Err(format!("unknown option {argument:?}")),
                },
                // Without a trailing space too: brackets are easily forgotten.
                Some(("prompt", prompt)) => options.prompt = prompt.to_owned(),
                Some(("config", path)) => options.config = Some(absolute("config", path)?),
                Some(("store", path)) => options.store = Some(absolute("store", path)?),
                Some(("socket", path)) => options.socket = Some(absolute("socket", path)?),
                Some(("user", "")) => return Err("user= names no account".to_owned()),
                Some(("user", account)) => options.account = Some(account.to_owned()),
                Some(("timeout", seconds)) => {
                    let seconds = seconds.parse().ok();
                    let seconds = seconds.filter(|seconds| (1..=LONGEST_TIMEOUT).contains(seconds));
                    let Some(seconds) = seconds else {
                        return Err(format!("timeout= wants 1 to {LONGEST_TIMEOUT} seconds"));
                    };
                    options.timeout = Duration::from_secs(seconds);
                }
                Some((name, _)) => return Err(format!("unknown option {name:?}")),
            }
        }
        // Who has codes, nobody is told at the door.
        if options.is_null_ok && options.socket.is_some() {
            return Err("nullok and socket= exclude each other".to_owned());
        }
        Ok(options)
    }
}

/// The program runs in `/`, so that another path would be meant otherwise.
fn absolute(name: &str, path: &str) -> Result<String, String> {
    match path.starts_with('/') {
        true => Ok(path.to_owned()),
        false => Err(format!("{name}= wants an absolute path, not {path:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options, String> {
        let owned: Vec<String> = arguments.iter().map(|&one| one.to_owned()).collect();
        Options::parse(&owned)
    }

    #[test]
    fn without_options_everything_is_as_usual() {
        let usual = parse(&[]).unwrap();
        assert_eq!(usual.prompt, "Recovery code: ");
        assert_eq!(usual.timeout, Duration::from_secs(30));
        assert_eq!(
            (usual.config, usual.store, usual.account),
            (None, None, None)
        );
        assert!(!usual.is_null_ok && !usual.does_pass_on && !usual.is_silent && !usual.is_debug);
    }

    #[test]
    fn every_option_is_understood() {
        let all = parse(&[
            "config=/etc/a=b.toml",
            "store=/var/store.db",
            "socket=/run/door",
            "prompt=Code = ",
            "user=recovery-codes",
            "timeout=600",
            "pass_on",
            "silent",
            "debug",
        ]);
        let wanted = Options {
            config: Some("/etc/a=b.toml".into()),
            store: Some("/var/store.db".into()),
            socket: Some("/run/door".into()),
            prompt: "Code = ".into(),
            account: Some("recovery-codes".into()),
            timeout: Duration::from_secs(600),
            is_null_ok: false,
            does_pass_on: true,
            is_silent: true,
            is_debug: true,
        };
        assert_eq!(all, Ok(wanted));
        assert!(parse(&["nullok"]).unwrap().is_null_ok);
        let both = Err("nullok and socket= exclude each other".to_owned());
        assert_eq!(parse(&["socket=/run/door", "nullok"]), both);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (argument, why) in [
            ("nulok", "unknown option \"nulok\""),
            ("", "unknown option \"\""),
            ("nullok=yes", "unknown option \"nullok\""),
            ("program=/bin/true", "unknown option \"program\""),
            ("config", "unknown option \"config\""),
            ("config=", "config= wants an absolute path, not \"\""),
            ("store=a.db", "store= wants an absolute path, not \"a.db\""),
            (
                "socket=door",
                "socket= wants an absolute path, not \"door\"",
            ),
            ("user=", "user= names no account"),
            ("timeout=0", "timeout= wants 1 to 600 seconds"),
            ("timeout=601", "timeout= wants 1 to 600 seconds"),
            ("timeout=soon", "timeout= wants 1 to 600 seconds"),
        ] {
            assert_eq!(parse(&["debug", argument]), Err(why.to_owned()));
        }
    }
}
