//! A desk to work at: a home of its own, a clock that stands still, a terminal that follows a
//! script, and randomness that repeats itself.

pub mod asking;
pub mod callers;
pub mod delivery;
pub mod door;
pub mod engine;
pub mod faults;
pub mod machine;
pub mod manual;
pub mod readme;
pub mod smtp;
pub mod sshd;
pub mod stand_in;

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use recovery_codes::error::{Error, Kind, Result};
use recovery_codes::model::environment::{Environment, Places};
use recovery_codes::model::location::Location;
use recovery_codes::model::time;
use recovery_codes::model::zone::Zone;
use recovery_codes::platform::Platform;
use recovery_codes::platform::mailer::SystemMailer;
use recovery_codes::platform::terminal::Terminal;
use tempfile::TempDir;
use zeroize::Zeroizing;

/// Settings under which a hash costs next to nothing.
const CHEAP: [(&str, &str); 2] = [
    ("RECOVERY_CODES_HASH_MEMORY_KIB", "8"),
    ("RECOVERY_CODES_HASH_ITERATIONS", "1"),
];

/// The real program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_recovery-codes");

/// 2026-09-21T14:13:20Z: when every desk's clock starts.
const START: i64 = 1_790_000_000_000;

/// A home of its own with everything in it.
pub struct Desk {
    home: TempDir,
    schema: Option<engine::Schema>,
    now: Arc<AtomicI64>,
    /// Milliseconds that pass with each look at the clock.
    step: AtomicI64,
    seed: Arc<Mutex<u64>>,
    environment: Environment,
    width: Option<u16>,
    runtime: Option<PathBuf>,
    account: u32,
    zone: Zone,
}

/// How one command ended.
#[derive(Debug)]
pub struct Ended {
    pub exit: u8,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// Standard output as one JSON document.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error}: {:?} {:?}", self.out, self.err))
    }

    /// Standard error as one JSON error document.
    #[track_caller]
    pub fn error(&self) -> serde_json::Value {
        let document: serde_json::Value = serde_json::from_str(&self.err)
            .unwrap_or_else(|error| panic!("{error}: {:?}", self.err));
        document["error"].clone()
    }

    /// Standard output line by line.
    pub fn lines(&self) -> Vec<String> {
        self.out.lines().map(str::to_owned).collect()
    }
}

impl Desk {
    pub fn new() -> Self {
        Self::with_store(engine::Schema::new())
    }

    /// With a store in a file, whatever keeps those of other desks.
    pub fn in_file() -> Self {
        Self::with_store(None)
    }

    fn with_store(schema: Option<engine::Schema>) -> Self {
        let environment = CHEAP.iter().fold(
            Environment::default().with("USER", "tester"),
            |all, (name, value)| all.with(name, value),
        );
        let environment = match &schema {
            Some(schema) => schema.in_force(environment),
            None => environment,
        };
        Self {
            home: tempfile::tempdir().unwrap(),
            schema,
            now: Arc::new(AtomicI64::new(START)),
            step: AtomicI64::new(0),
            seed: Arc::new(Mutex::new(0x9E37_79B9_7F4A_7C15)),
            environment,
            width: None,
            runtime: None,
            account: 0,
            zone: Zone::Utc,
        }
    }

    /// As this account, as far as the program only asks who it is.
    pub fn with_account(mut self, account: u32) -> Self {
        self.account = account;
        self
    }

    /// With the store and the key of the version before seals, five minutes old.
    pub fn older() -> Self {
        let desk = Self::in_file();
        desk.pass(300);
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/version-6");
        for place in [desk.store(), desk.keys()] {
            let directory = place.parent().unwrap();
            std::fs::DirBuilder::new()
                .mode(0o700)
                .recursive(true)
                .create(directory)
                .unwrap();
        }
        for place in [desk.store(), desk.keys()] {
            std::fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(place)
                .unwrap();
        }
        std::fs::write(
            desk.keys(),
            std::fs::read(fixture.join("keys.toml")).unwrap(),
        )
        .unwrap();
        desk.tamper(&std::fs::read_to_string(fixture.join("store.sql")).unwrap());
        desk.tamper(
            "PRAGMA application_id = 1380142916; PRAGMA user_version = 6; PRAGMA journal_mode = WAL;",
        );
        desk
    }

    /// Codes in that store: of `alice`, one used and one invalidated; `bob-first`, superseded; `bob`,
    /// `typeable`; `carol` and `carol-pending`; `erin`, who is disabled.
    pub fn older_codes(whose: &str) -> Vec<String> {
        include_str!("../fixtures/version-6/codes.txt")
            .lines()
            .filter_map(|line| line.strip_prefix(whose)?.strip_prefix(' '))
            .map(str::to_owned)
            .collect()
    }

    /// With a private runtime directory, so that there are sessions.
    pub fn with_runtime(mut self) -> Self {
        let runtime = self.home().join("run");
        std::fs::DirBuilder::new()
            .mode(0o700)
            .create(&runtime)
            .unwrap();
        self.environment = self
            .environment
            .with("XDG_RUNTIME_DIR", runtime.to_str().unwrap());
        self.runtime = Some(runtime.join("recovery-codes"));
        self
    }

    /// With one more environment variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.environment = self.environment.with(name, value);
        self
    }

    /// With a clock that goes on by so many seconds with each look at it.
    pub fn with_running_clock(self, seconds: i64) -> Self {
        self.hurry(seconds);
        self
    }

    /// On a machine whose clock shows the time of this zone.
    pub fn with_zone(mut self, name: &str) -> Self {
        self.zone = Zone::named(name).unwrap();
        self
    }

    /// With a terminal of this many columns at standard output.
    pub fn with_width(mut self, columns: u16) -> Self {
        self.width = Some(columns);
        self
    }

    /// A desk with the same in its home, at the same moment, that goes its own way from here.
    /// It lies in memory, if there is a place for that: where thousands are made, disks are slow.
    pub fn twin(&self) -> Self {
        let home = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        let home = home.unwrap();
        copy(self.home(), home.path());
        let runtime = self.runtime.as_ref().map(|_| home.path().join("run"));
        let environment = match &runtime {
            Some(runtime) => self
                .environment
                .clone()
                .with("XDG_RUNTIME_DIR", runtime.to_str().unwrap()),
            None => self.environment.clone(),
        };
        let mut twin = Self {
            home,
            schema: None,
            now: Arc::new(AtomicI64::new(self.moment())),
            step: AtomicI64::new(self.step.load(Ordering::SeqCst)),
            seed: Arc::new(Mutex::new(*self.seed.lock().unwrap())),
            environment,
            width: self.width,
            runtime: runtime.map(|runtime| runtime.join("recovery-codes")),
            account: self.account,
            zone: self.zone.clone(),
        };
        if let Some(own) = &self.schema {
            let schema = engine::Schema::new().expect("a server, as before");
            twin.environment = schema.in_force(twin.environment);
            let made = twin.run(&["init"]);
            assert_eq!(made.exit, 0, "{}", made.err);
            schema.fill_from(own);
            twin.schema = Some(schema);
        }
        twin
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    pub fn store(&self) -> PathBuf {
        self.home()
            .join(".local/share/recovery-codes/recovery-codes.db")
    }

    /// Where the store is, whatever keeps it.
    pub fn location(&self) -> Location {
        let named = self
            .environment
            .get("RECOVERY_CODES_STORE")
            .map(PathBuf::from);
        let mut location = Location::new(&named.unwrap_or_else(|| self.store()), &self.environment);
        if let Location::Server(server) = &mut location {
            server.is_alone = true;
        }
        location
    }

    pub fn keys(&self) -> PathBuf {
        self.home().join(".config/recovery-codes/keys.toml")
    }

    pub fn config(&self) -> PathBuf {
        self.home().join(".config/recovery-codes/config.toml")
    }

    /// What its clock says, in milliseconds.
    pub fn moment(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }

    /// Lets time pass; a negative number sets the clock back.
    pub fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    /// Says that the clock is right, whatever the store has seen.
    pub fn accept_clock(&self) {
        let accepted = self.run(&["check", "--accept-clock", "--yes"]);
        // A server has a clock of its own.
        assert!(accepted.exit == 0 || self.schema.is_some(), "{accepted:?}");
    }

    /// The clock goes ahead of that of real programs, by a day.
    #[expect(clippy::disallowed_methods, reason = "real programs know no other")]
    pub fn go_ahead(&self) {
        let real = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let real = i64::try_from(real.unwrap().as_millis()).unwrap();
        self.now.fetch_max(real + 86_400_000, Ordering::SeqCst);
    }

    /// Sets the clock to a moment.
    pub fn set_clock(&self, moment: &str) {
        let moment: time::Timestamp = moment.parse().unwrap();
        self.now.store(moment.as_millisecond(), Ordering::SeqCst);
    }

    /// From now on so many seconds pass between two looks at the clock.
    pub fn hurry(&self, seconds: i64) {
        self.step.store(seconds * 1000, Ordering::SeqCst);
    }

    /// Runs a command in this process, without a terminal and with empty input.
    pub fn run(&self, args: &[&str]) -> Ended {
        self.run_script(args, Script::default())
    }

    /// The same with this on standard input.
    pub fn pipe(&self, args: &[&str], input: impl AsRef<[u8]>) -> Ended {
        let script = Script {
            input: input.as_ref().to_vec(),
            ..Script::default()
        };
        self.run_script(args, script)
    }

    /// The same on a terminal at which a person gives these answers.
    pub fn talk(&self, args: &[&str], answers: &[&str]) -> Ended {
        let script = Script {
            is_interactive: true,
            answers: answers.iter().map(|answer| (*answer).to_owned()).collect(),
            ..Script::default()
        };
        self.run_script(args, script)
    }

    fn run_script(&self, args: &[&str], mut script: Script) -> Ended {
        script.width = self.width;
        let written = Arc::clone(&script.written);
        let now = Arc::clone(&self.now);
        let step = self.step.load(Ordering::SeqCst);
        let seed = Arc::clone(&self.seed);
        let mut platform = Platform {
            clock: Arc::new(move || time::from_millis(now.fetch_add(step, Ordering::SeqCst))),
            entropy: Arc::new(move |bytes| {
                let mut seed = seed.lock().unwrap();
                for byte in bytes {
                    // xorshift64: enough for tests, which must not guess but repeat.
                    *seed ^= *seed << 13;
                    *seed ^= *seed >> 7;
                    *seed ^= *seed << 17;
                    *byte = (*seed >> 32) as u8;
                }
                Ok(())
            }),
            terminal: Box::new(script),
            environment: self.environment.clone(),
            places: Places {
                config: self.home().join(".config/recovery-codes"),
                system_config: self.home().join("etc"),
                account: self.account,
                data: self.home().join(".local/share/recovery-codes"),
                runtime: self.runtime.clone(),
                units: self.home().join("units"),
                crontab: Some(self.home().join("cron.d/recovery-codes")),
            },
            mailer: Box::new(SystemMailer),
            zone: self.zone.clone(),
            ends_with_word: false,
        };
        let args = std::iter::once("recovery-codes").chain(args.iter().copied());
        let exit = recovery_codes::run(args.map(OsString::from), &mut platform);
        let written = written.lock().unwrap();
        Ended {
            exit: exit.code(),
            out: String::from_utf8(written.out.clone()).unwrap(),
            err: String::from_utf8(written.err.clone()).unwrap(),
        }
    }

    /// The real program as a process of its own, in the same home.
    pub fn process(&self, args: &[&str]) -> Command {
        let mut command = self.command(PROGRAM);
        command.args(args);
        command
    }

    /// The same, started by a shell script in which `"$0" "$@"` stands for it.
    pub fn shell(&self, script: &str, args: &[&str]) -> Command {
        let mut command = self.command("sh");
        command.args(["-c", script, PROGRAM]).args(args);
        command
    }

    /// One ignored test of this binary as a process of its own, in the same home.
    pub fn itself(&self, test: &str) -> Command {
        let mut command = self.command(std::env::current_exe().unwrap());
        command.args(["--exact", test, "--ignored", "--nocapture"]);
        command
    }

    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.home())
            .env_clear()
            .env("HOME", self.home())
            .env("TZ", "UTC")
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(self.environment.iter())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the real program many times at once, each with its own standard input, which none
    /// of them gets before all are running.
    pub fn race(&self, runs: &[(&[&str], &str)]) -> Vec<Ended> {
        let mut children: Vec<_> = runs
            .iter()
            .map(|(args, _)| self.process(args).stdin(Stdio::piped()).spawn().unwrap())
            .collect();
        for (child, (_, input)) in children.iter_mut().zip(runs) {
            let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        }
        children
            .into_iter()
            .map(|child| ended(child.wait_with_output().unwrap()))
            .collect()
    }

    /// Runs the real program with this on standard input.
    pub fn spawn(&self, args: &[&str], input: impl AsRef<[u8]>) -> Ended {
        feed(self.process(args), input)
    }

    /// A user with a new batch, and the codes.
    #[track_caller]
    pub fn issue(&self, user: &str) -> Vec<String> {
        self.issue_with(user, &[])
    }

    /// The same with more arguments for `generate`.
    #[track_caller]
    pub fn issue_with(&self, user: &str, more: &[&str]) -> Vec<String> {
        let mut args = vec!["generate", user, "--create-user", "--yes"];
        args.extend(more);
        let ended = self.run(&args);
        assert_eq!(ended.exit, 0, "{}", ended.err);
        ended.lines()
    }

    /// What the store says to this query, as text.
    pub fn query(&self, sql: &str) -> String {
        if let Some(schema) = &self.schema {
            return schema.query(sql);
        }
        let connection = rusqlite::Connection::open(self.store()).unwrap();
        let value: rusqlite::types::Value =
            connection.query_row(sql, [], |row| row.get(0)).unwrap();
        match value {
            rusqlite::types::Value::Null => "null".into(),
            rusqlite::types::Value::Integer(number) => number.to_string(),
            rusqlite::types::Value::Real(number) => number.to_string(),
            rusqlite::types::Value::Text(text) => text,
            rusqlite::types::Value::Blob(bytes) => format!("{bytes:02x?}"),
        }
    }

    /// The schema of a desk whose store is on a server.
    pub fn schema(&self) -> &str {
        self.schema.as_ref().expect("a server").name()
    }

    /// A connection with this URL, behind the program's back.
    pub fn behind(&self, url: &str) -> postgres::Client {
        postgres::Client::connect(url, postgres::NoTls).unwrap()
    }

    /// Adds rows past the program, and makes the sums of what is over fit them.
    pub fn fill(&self, sql: &str) {
        self.tamper(sql);
        self.tamper(
            "UPDATE totals SET (batches, issued, used, invalidated, deleted, purged) =
                 (SELECT COUNT(*), SUM(issued), SUM(used), SUM(invalidated), SUM(deleted), SUM(purged)
                  FROM batches WHERE state NOT IN ('active', 'pending'))",
        );
    }

    /// Changes the store behind the program's back.
    pub fn tamper(&self, sql: &str) {
        if let Some(schema) = &self.schema {
            return schema.tamper(sql);
        }
        let connection = rusqlite::Connection::open(self.store()).unwrap();
        connection.execute_batch(sql).unwrap();
    }

    /// `check` finds nothing wrong, but that codes may be from before a restore; if it does, what
    /// it said.
    pub fn check(&self) -> Result<(), String> {
        let check = self.run(&["check", "--deep", "--json"]);
        let found = check.json();
        let mut found = found["items"].as_array().unwrap().iter();
        // Processes that ran have another clock than the desk, which is not the store's fault.
        // A server for tests need not survive a power failure.
        let is_borne = |about: &serde_json::Value| {
            about == "codes" || about == "clock" || (about == "durable" && self.schema.is_some())
        };
        let is_sound = found.all(|item| item["level"] != "wrong" || is_borne(&item["check"]));
        if is_sound { Ok(()) } else { Err(check.out) }
    }

    /// `check` finds nothing wrong, and neither does `log verify`.
    #[track_caller]
    pub fn assert_sound(&self) {
        assert_eq!(self.check(), Ok(()));
        let chain = self.run(&["log", "verify"]);
        assert_eq!(chain.exit, 0, "{}", chain.err);
    }
}

/// Everything below a directory, with its modes, in another that is there.
fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let (from, to) = {
            let name = entry.unwrap().file_name();
            (from.join(&name), to.join(&name))
        };
        if from.is_dir() {
            std::fs::create_dir(&to).unwrap();
            std::fs::set_permissions(&to, from.metadata().unwrap().permissions()).unwrap();
            copy(&from, &to);
        } else {
            std::fs::copy(&from, &to).unwrap();
        }
    }
}

/// Runs a process with this on standard input.
pub fn feed(mut command: Command, input: impl AsRef<[u8]>) -> Ended {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    // A program that refuses early does not read its input.
    let _ = child.stdin.take().unwrap().write_all(input.as_ref());
    ended(child.wait_with_output().unwrap())
}

/// What became of a process.
pub fn ended(output: Output) -> Ended {
    Ended {
        exit: output
            .status
            .code()
            .map_or(255, |code| u8::try_from(code).unwrap()),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[derive(Default)]
struct Written {
    out: Vec<u8>,
    err: Vec<u8>,
}

/// A terminal that follows a script.
#[derive(Default)]
struct Script {
    is_interactive: bool,
    answers: VecDeque<String>,
    input: Vec<u8>,
    width: Option<u16>,
    written: Arc<Mutex<Written>>,
}

impl Script {
    fn answer(&mut self, question: &str) -> Result<String> {
        self.write_error(format!("{question} ").as_bytes());
        self.answers
            .pop_front()
            .ok_or_else(|| Error::new(Kind::NotConfirmed, "the question was not answered"))
    }
}

impl Terminal for Script {
    fn is_interactive(&self) -> bool {
        self.is_interactive
    }

    fn shows_output(&self) -> bool {
        self.width.is_some()
    }

    fn width(&self) -> Option<u16> {
        self.width
    }

    fn confirm(&mut self, question: &str) -> Result<bool> {
        Ok(self.answer(question)? == "y")
    }

    fn ask_secret(&mut self, prompt: &str) -> Result<Zeroizing<String>> {
        self.answer(prompt).map(Zeroizing::new)
    }

    fn read_input(&mut self, most: usize) -> Result<Zeroizing<Vec<u8>>> {
        let length = self.input.len().min(most + 1);
        Ok(Zeroizing::new(self.input[..length].to_vec()))
    }

    fn write_output(&mut self, text: &[u8]) -> io::Result<()> {
        self.written.lock().unwrap().out.extend_from_slice(text);
        Ok(())
    }

    fn write_error(&mut self, text: &[u8]) {
        self.written.lock().unwrap().err.extend_from_slice(text);
    }
}
