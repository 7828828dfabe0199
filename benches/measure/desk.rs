//! A home of its own, in which the real program runs as a process of its own.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::rounds::time;

/// The program as it is released.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_recovery-codes");

/// A directory on the disk the build lies on: a temporary one may be no disk at all.
pub fn place() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("the build directory can be written")
}

/// A home with a store and a key in it.
pub struct Desk {
    home: PathBuf,
    /// Takes it away at the end, if it is to go.
    _place: Option<TempDir>,
    variables: Vec<(&'static str, &'static str)>,
}

impl Desk {
    /// With these variables set.
    pub fn new(variables: &[(&'static str, &'static str)]) -> Self {
        let place = place();
        let desk = Self {
            home: place.path().to_owned(),
            _place: Some(place),
            variables: variables.to_vec(),
        };
        desk.run(&["init"]);
        desk
    }

    /// One that stays, for what takes long to make; it has a store if it was filled before.
    pub fn lasting(name: &str) -> Self {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&home).expect("the build directory can be written");
        Self {
            home,
            _place: None,
            variables: Vec::new(),
        }
    }

    pub fn home(&self) -> &Path {
        &self.home
    }

    pub fn store(&self) -> PathBuf {
        self.home()
            .join(".local/share/recovery-codes/recovery-codes.db")
    }

    /// `program` in this home, with nothing else in its environment, silent and without input.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command
            .env_clear()
            .env("HOME", self.home())
            .env("USER", "measurer")
            .envs(self.variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Runs the program to its end; says how long that took.
    pub fn run(&self, args: &[&str]) -> Duration {
        run(self.command(PROGRAM).args(args))
    }

    /// Issues codes to a new user, and gives them back.
    pub fn issue(&self, user: &str, count: usize) -> Vec<String> {
        let output = self
            .command(PROGRAM)
            .args(["generate", user, "--create-user", "--count"])
            .arg(count.to_string())
            .stdout(Stdio::piped())
            .output()
            .expect("the program can be run");
        assert!(output.status.success(), "no codes for {user}");
        let text = String::from_utf8(output.stdout).expect("codes are text");
        text.lines().map(str::to_owned).collect()
    }

    /// Enough users with ten codes each that `tries` codes can be used up.
    pub fn supply(&self, name: &str, tries: usize) -> Supply {
        let codes = (0..tries.div_ceil(10))
            .flat_map(|number| {
                let user = format!("{name}{number}");
                let codes = self.issue(&user, 10);
                codes.into_iter().map(move |code| (user.clone(), code))
            })
            .collect();
        Supply(codes)
    }

    /// The next code, ready to be read, and the user it belongs to.
    pub fn next(&self, supply: &mut Supply) -> (String, File) {
        let (user, code) = supply.0.pop_front().expect("there are codes left");
        let path = self.home().join("typed");
        fs::write(&path, code).expect("the home can be written");
        (user, File::open(&path).expect("it was just written"))
    }

    /// `verify` with the next code as a whole process; says how long that took.
    pub fn verify(&self, supply: &mut Supply) -> Duration {
        let (user, typed) = self.next(supply);
        run(self.command(PROGRAM).args(["verify", &user]).stdin(typed))
    }
}

/// Codes that were not used yet, with their users.
pub struct Supply(pub VecDeque<(String, String)>);

/// Runs a process to its end, which must be a good one; says how long that took.
pub fn run(command: &mut Command) -> Duration {
    let mut status = None;
    let took = time(|| status = command.status().ok());
    assert!(
        status.is_some_and(|status| status.success()),
        "{command:?} failed"
    );
    took
}
