//! What a desk needs to hand codes over: a mail server, a full disk, and eyes for codes that lie
//! around.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use super::smtp::{Encryption, Fault, Manners, Received, Server};
use super::{Desk, Ended, ended};

/// A mail server that behaves like this, without encryption.
pub fn server(fault: Fault) -> Server {
    Server::start(Manners {
        encryption: Encryption::None,
        fault,
        ..Manners::default()
    })
}

/// A port at which nobody listens.
pub fn dead_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

impl Desk {
    /// With mail by the server at this port, and without notices.
    pub fn with_mail(self, port: u16) -> Self {
        self.with("RECOVERY_CODES_MAIL_BACKEND", "smtp")
            .with("RECOVERY_CODES_MAIL_HOST", "localhost")
            .with("RECOVERY_CODES_MAIL_PORT", &port.to_string())
            .with("RECOVERY_CODES_MAIL_SECURITY", "none")
            .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
            .with("RECOVERY_CODES_MAIL_NOTIFY", "")
    }

    /// The same with one notice.
    pub fn with_notices(self, kinds: &str) -> Self {
        self.with("RECOVERY_CODES_MAIL_NOTIFY", kinds)
    }

    /// With mail that the worker sends.
    pub fn with_queue(self) -> Self {
        self.with("RECOVERY_CODES_MAIL_DELIVERY", "queue")
    }

    /// Adds a user with an address.
    #[track_caller]
    pub fn add(&self, user: &str) {
        self.say(&["user", "add", user, "--email", &address(user)]);
    }

    /// A user with an address and a new batch, and the codes.
    #[track_caller]
    pub fn issue_to(&self, user: &str) -> Vec<String> {
        self.add(user);
        self.issue(user)
    }

    /// State and tries of the task with this number.
    #[track_caller]
    pub fn task(&self, id: u64) -> (String, u64) {
        let task = self.json(&["task", "show", &id.to_string()]);
        let state = task["state"].as_str().unwrap().to_owned();
        (state, task["tries"].as_u64().unwrap())
    }

    /// Keys of sessions in the runtime directory.
    pub fn session_keys(&self) -> Vec<PathBuf> {
        let directory = self.home().join("run/recovery-codes");
        fs::read_dir(directory).map_or_else(
            |_| Vec::new(),
            |entries| entries.map(|entry| entry.unwrap().path()).collect(),
        )
    }

    /// Runs the program where no file can grow beyond this many blocks of 512 bytes.
    pub fn cramped(&self, blocks: u32, args: &[&str]) -> Ended {
        let script = format!("ulimit -f {blocks}; exec \"$0\" \"$@\"");
        ended(self.shell(&script, args).output().unwrap())
    }
}

/// The address of a user.
pub fn address(user: &str) -> String {
    format!("{user}@example.org")
}

/// The one value of this header.
#[track_caller]
pub fn header<'a>(letter: &'a Received, name: &str) -> &'a str {
    let mut lines = letter.text.lines().take_while(|line| !line.is_empty());
    let start = format!("{name}: ");
    lines.find_map(|line| line.strip_prefix(&start)).unwrap()
}

/// All files below a directory, and what is in them.
pub fn files(place: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(place).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            found.push((path, bytes));
        }
    }
    found
}

/// No group of these codes but the hint stands in these bytes.
#[track_caller]
pub fn assert_no_secret(place: &str, bytes: &[u8], codes: &[String]) {
    for group in codes.iter().flat_map(|code| code.split('-').skip(1)) {
        let found = bytes
            .windows(group.len())
            .any(|window| window == group.as_bytes());
        assert!(!found, "{place} holds {group}");
    }
}

/// No file below this directory holds a secret part of these codes.
#[track_caller]
pub fn assert_no_secret_below(place: &Path, codes: &[String]) {
    for (path, bytes) in files(place) {
        assert_no_secret(&path.display().to_string(), &bytes, codes);
    }
}
