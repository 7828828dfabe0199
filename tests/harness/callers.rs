//! The callers of `examples/`, each run by the interpreter of its language.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use super::{Desk, Ended, ended, feed};

/// Longer than any caller waits; only a test that fails waits for so long.
const PATIENCE: &str = "60";

/// What a site keeps in its environment, and the program need not know.
pub const SECRET: &str = "the password of the site's database";

/// What people type: a command line that takes options and a user, and reads a code.
#[derive(Debug)]
pub struct Caller {
    pub language: &'static str,
    words: Vec<OsString>,
}

impl Caller {
    /// What it says to this code, as one line.
    #[track_caller]
    pub fn says(&self, options: &[&str], user: &str, code: impl AsRef<[u8]>) -> String {
        let code = code.as_ref();
        let ended = feed(self.command(options, user), code);
        self.line(&ended, &String::from_utf8_lossy(code))
    }

    /// The same, as a process that still waits for the code.
    pub fn start(&self, options: &[&str], user: &str) -> Child {
        let mut command = self.command(options, user);
        command.stdin(Stdio::piped()).spawn().unwrap()
    }

    /// Its one line. It lets nobody in without a yes, and never repeats a code.
    #[track_caller]
    pub fn line(&self, ended: &Ended, code: &str) -> String {
        let language = self.language;
        let line = ended.out.strip_suffix('\n').unwrap_or("nothing");
        assert!(!line.contains('\n'), "{language}: {ended:?}");
        let is_yes = line.starts_with("yes ");
        assert_eq!(ended.exit, u8::from(!is_yes), "{language}: {ended:?}");
        let is_repeated = |said: &str| code.trim().len() > 20 && said.contains(code.trim());
        assert!(!is_repeated(&ended.out), "{language}: {ended:?}");
        assert!(!is_repeated(&ended.err), "{language}: {ended:?}");
        line.to_owned()
    }

    fn command(&self, options: &[&str], user: &str) -> Command {
        let mut command = Command::new("timeout");
        command
            .args(["--kill-after=1", PATIENCE])
            .args(&self.words)
            .args(options)
            .args(["--", user])
            .current_dir("/")
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("SECRET", SECRET)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

/// One for each language.
#[track_caller]
pub fn all() -> Vec<Caller> {
    let interpreted = |language, interpreter, file: &str| Caller {
        language,
        words: vec![needed(interpreter), example(file).into()],
    };
    vec![
        interpreted("Python", "/usr/bin/python3", "python/recovery_login.py"),
        interpreted("Node.js", "/usr/bin/node", "node/recovery_login.js"),
        interpreted("PHP", "/usr/bin/php", "php/recovery_login.php"),
        interpreted("Ruby", "/usr/bin/ruby", "ruby/recovery_login.rb"),
        Caller {
            language: "Go",
            words: vec![go().into()],
        },
    ]
}

/// A file below `examples/`.
pub fn example(path: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples")).join(path)
}

/// A program of a package of Debian's.
#[track_caller]
pub fn needed(program: &str) -> OsString {
    assert!(
        Path::new(program).exists(),
        "{program} is missing; .ci/run installs what these tests need"
    );
    program.into()
}

/// A program for callers, which know nothing of the desk: the real one, in the desk's home.
pub fn program(desk: &Desk) -> PathBuf {
    let mut script = "{ cat \"/proc/$$/cmdline\" \"/proc/$$/environ\"; } >>SEEN\n"
        .replace("SEEN", seen(desk).to_str().unwrap());
    let real = desk.process(&[]);
    for (name, value) in real.get_envs() {
        let (name, value) = (name.to_str().unwrap(), value.unwrap().to_str().unwrap());
        script += &format!("export {name}='{value}'\n");
    }
    let real = real.get_program().to_str().unwrap();
    write(
        desk,
        "recovery-codes",
        &format!("{script}exec '{real}' \"$@\""),
    )
}

/// Where that program writes down with which arguments and environment it was started.
pub fn seen(desk: &Desk) -> PathBuf {
    desk.home().join("seen")
}

/// A shell script in the desk's home.
pub fn write(desk: &Desk, name: &str, script: &str) -> PathBuf {
    let path = desk.home().join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// Go's caller, built once.
fn go() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go");
        let built = home.join("recovery_login");
        let mut command = Command::new(needed("/usr/bin/go"));
        command
            .args(["build", "-o"])
            .arg(&built)
            .arg(example("go/recovery_login.go"))
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", &home);
        let ended = ended(command.output().unwrap());
        assert_eq!(ended.exit, 0, "{}", ended.err);
        built
    };
    BUILT.get_or_init(build).clone()
}
