//! What a login needs of the process that calls it: PAM's side of it, and the program.

use std::time::Duration;

use zeroize::Zeroizing;

/// What somebody typed; wiped when it is no longer needed.
pub type Secret = Zeroizing<Vec<u8>>;

/// What PAM knows of a login beside its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// `PAM_SERVICE`: sshd, sudo, login.
    Service,
    /// `PAM_TTY`.
    Terminal,
    /// `PAM_RHOST`.
    RemoteHost,
}

/// How much a line in the log of the system matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Error,
    Notice,
    Debug,
}

/// How something is said to whoever logs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Information,
    /// Why nobody is let in.
    Error,
}

/// As whom the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum As<'a> {
    Root,
    /// The account of this name, with no further groups.
    Account(&'a str),
    /// Whatever the calling process is.
    Caller,
}

/// One run of the program.
#[derive(Debug)]
pub struct Call<'a> {
    pub arguments: Vec<String>,
    /// What it finds on standard input; it must fit into a pipe.
    pub input: &'a [u8],
    pub account: As<'a>,
    /// How long it may take before it is killed.
    pub timeout: Duration,
}

/// How a run of the program ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit status. There is none where the calling process ignores SIGCHLD or has collected
    /// the child itself: then nobody learns it.
    pub exit: Option<i32>,
    pub out: Vec<u8>,
    pub err: Vec<u8>,
}

/// The calling process.
pub trait Host {
    /// Who logs in, if PAM knows or can ask.
    fn user(&mut self) -> Option<String>;

    /// What PAM knows; nothing if it is empty.
    fn item(&mut self, item: Item) -> Option<String>;

    /// Asks without showing what is typed. There is no answer if nobody can be asked.
    fn ask(&mut self, prompt: &str) -> Option<Secret>;

    /// Tells whoever logs in something, as far as anybody listens.
    fn say(&mut self, manner: Manner, text: &str);

    /// Leaves this for the modules that follow, as `PAM_AUTHTOK`; whether that went well.
    fn pass_on(&mut self, typed: &Secret) -> bool;

    /// A line in the log of the system.
    fn log(&mut self, level: Level, text: &str);

    /// Whether the calling process is root, and so may become anybody.
    fn is_root(&self) -> bool;

    /// Runs the program.
    ///
    /// # Errors
    /// Why it could not be run, or did not end by itself.
    fn run(&mut self, call: &Call<'_>) -> Result<Ended, String>;
}
