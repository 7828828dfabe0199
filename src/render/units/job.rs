//! What systemd or cron need to know so that due work is done: a service, a timer, a line.

use std::path::Path;

use minijinja::{Environment, context};

use crate::error::{Error, Kind, Result};
use crate::model::location::Location;
use crate::render::quoting::{checked, in_crontab, in_unit};

/// One call of `worker --once`, whose paths can stand in a unit and in a crontab.
#[derive(Clone, Debug)]
pub struct Job {
    program: String,
    store: String,
    config: String,
    user: Option<String>,
    /// Directories the run changes, the store's first.
    writes: Vec<String>,
    reads: Vec<String>,
}

impl Job {
    /// The run of this program over this store. With a `user` it is a matter of the machine
    /// (`/etc/systemd/system`, `/etc/cron.d`) and runs as that user; without one it is one's own
    /// (`systemctl --user`, `crontab -e`).
    ///
    /// # Errors
    /// [`Kind::Usage`] for a path that is not absolute, goes up by `..`, is not UTF-8 or holds
    /// control characters, for a program systemd would not run, and for a user name of more than
    /// one word.
    pub fn new(
        program: &Path,
        store: &Location,
        config: &Path,
        user: Option<&str>,
    ) -> Result<Self> {
        if let Some(name) = user
            && (name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control()))
        {
            return Err(Error::new(
                Kind::Usage,
                format!("'{}' cannot be a user of this machine", name.escape_debug()),
            )
            .hint("give the name of the account that owns the store"));
        }
        let program = checked(program)?;
        if program.contains(['"', '\'', '\\']) {
            return Err(Error::new(
                Kind::Usage,
                format!(
                    "systemd runs no program whose path holds quotation marks or backslashes: '{program}'"
                ),
            )
            .hint("install the program in a place with a plainer name, such as /usr/local/bin"));
        }
        let (store, writes) = match store.file() {
            Some(file) => (
                checked(file)?,
                vec![checked(file.parent().unwrap_or(file))?],
            ),
            None => (store.to_string(), Vec::new()),
        };
        Ok(Self {
            program,
            store,
            config: checked(config)?,
            user: user.map(str::to_owned),
            writes,
            reads: Vec::new(),
        })
    }

    /// A directory beside the store's in which the run writes, such as that of the log file.
    ///
    /// # Errors
    /// As for [`Job::new`].
    pub fn also_writes(mut self, directory: &Path) -> Result<Self> {
        let directory = checked(directory)?;
        if !self.writes.contains(&directory) {
            self.writes.push(directory);
        }
        Ok(self)
    }

    /// A file or directory the run must be able to read, such as a directory of templates.
    ///
    /// # Errors
    /// As for [`Job::new`].
    pub fn also_reads(mut self, path: &Path) -> Result<Self> {
        self.reads.push(checked(path)?);
        Ok(self)
    }

    /// Program and arguments.
    fn words(&self) -> [&str; 7] {
        let Self {
            program,
            store,
            config,
            ..
        } = self;
        [
            program, "--store", store, "--config", config, "worker", "--once",
        ]
    }

    fn touches(&self, places: &[&str]) -> bool {
        let own = [&self.program, &self.store, &self.config];
        own.into_iter()
            .chain(&self.writes)
            .chain(&self.reads)
            .any(|path| {
                places
                    .iter()
                    .any(|place| Path::new(path).starts_with(place))
            })
    }
}

/// The service: one run, which may change nothing but the store's directory.
///
/// # Errors
/// None that a job could cause.
pub fn service(job: &Job) -> Result<String> {
    let units = |words: &[&str]| -> String {
        let words: Vec<String> = words.iter().copied().map(in_unit).collect();
        words.join(" ")
    };
    let writes: Vec<&str> = job.writes.iter().map(String::as_str).collect();
    // Other people's files are hidden as far as nothing of ours lies among them. Some systems
    // keep their homes below /var.
    let homes = ["/home", "/root", "/run/user", "/var/home", "/var/roothome"];
    let context = context! {
        command => units(&job.words()),
        user => job.user.as_ref().map(|user| user.replace('%', "%%")),
        writes => units(&writes),
        is_at_home => job.touches(&homes),
        is_in_tmp => job.touches(&["/tmp", "/var/tmp"]),
    };
    let text = Environment::new()
        .render_str(include_str!("service.j2"), context)
        .map_err(|error| Error::new(Kind::Io, "cannot write a unit").because(error))?;
    Ok(text + "\n")
}

/// The timer that starts the service of the same name.
pub const TIMER: &str = include_str!("recovery-codes.timer");

/// The line for cron; with a user in the form of `/etc/cron.d`, else in that of `crontab -e`.
pub fn crontab(job: &Job) -> String {
    let command: Vec<String> = job.words().into_iter().map(in_crontab).collect();
    let command = command.join(" ");
    match &job.user {
        Some(user) => format!("*/5 * * * * {user} {command}\n"),
        None => format!("*/5 * * * * {command}\n"),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    /// Everything that means something to systemd, cron or the shell.
    const ODD: &str = "a b%c%%\"d\\e'f$g${HOME};h#i~j*&ü`k`\\%";

    fn job(directory: &str, user: Option<&str>) -> Job {
        Job::new(
            Path::new("/usr/bin/recovery-codes"),
            &Location::File(Path::new(directory).join("codes.db")),
            Path::new("/etc/recovery-codes/config.toml"),
            user,
        )
        .unwrap()
    }

    #[test]
    fn the_machines_service_runs_the_worker_behind_walls() {
        let text = service(&job("/var/lib/recovery-codes", Some("codes"))).unwrap();
        for line in [
            "ExecStart=:/usr/bin/recovery-codes --store /var/lib/recovery-codes/codes.db --config /etc/recovery-codes/config.toml worker --once",
            "User=codes",
            "ReadWritePaths=/var/lib/recovery-codes",
            "ProtectSystem=strict",
            "ProtectHome=yes",
            "PrivateTmp=yes",
            "NoNewPrivileges=yes",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }

    #[test]
    fn a_service_of_ones_own_asks_for_nothing_it_has_no_right_to() {
        let text = service(&job("/home/ann", None)).unwrap();
        for word in [
            "User=",
            "Protect",
            "Private",
            "Capabilit",
            "ReadWritePaths",
            "network",
        ] {
            assert!(!text.contains(word), "{word}\n{text}");
        }
        assert!(text.contains("NoNewPrivileges=yes\n"));
    }

    #[test]
    fn the_walls_stand_where_the_store_permits() {
        let lines = |job: &Job, start: &str| {
            let text = service(job).unwrap();
            let found = text.lines().find(|line| line.starts_with(start));
            found.unwrap().to_owned()
        };
        for (directory, home, tmp) in [
            ("/srv/codes", "yes", "yes"),
            ("/home/ann/codes", "read-only", "yes"),
            ("/root", "read-only", "yes"),
            ("/homely", "yes", "yes"),
            ("/tmp/trial", "yes", "no"),
        ] {
            let job = job(directory, Some("codes"));
            assert_eq!(lines(&job, "ProtectHome="), format!("ProtectHome={home}"));
            assert_eq!(lines(&job, "PrivateTmp="), format!("PrivateTmp={tmp}"));
        }
        let job = job("/srv/codes", Some("codes"))
            .also_writes(Path::new("/srv/codes"))
            .and_then(|job| job.also_writes(Path::new("/var/log/my codes")))
            .and_then(|job| job.also_reads(Path::new("/home/ann/letters")))
            .unwrap();
        assert_eq!(
            lines(&job, "ReadWritePaths="),
            "ReadWritePaths=/srv/codes \"/var/log/my codes\""
        );
        assert_eq!(lines(&job, "ProtectHome="), "ProtectHome=read-only");
    }

    #[test]
    fn the_line_for_cron_names_a_user_only_for_the_machine() {
        assert_eq!(
            crontab(&job("/srv/my 100%", Some("codes"))),
            "*/5 * * * * codes /usr/bin/recovery-codes --store /srv/my\\ 100\\%/codes.db \
             --config /etc/recovery-codes/config.toml worker --once\n"
        );
        assert!(crontab(&job("/srv", None)).starts_with("*/5 * * * * /usr/bin/recovery-codes "));
    }

    #[test]
    fn what_no_unit_can_hold_is_refused() {
        let good = Path::new("/srv/codes.db");
        let store = &Location::File(good.to_owned());
        for bad in [
            "codes.db",
            "",
            "/srv/../codes.db",
            "/srv/a\nb",
            "/srv/a\u{7f}b",
        ] {
            let error = Job::new(good, &Location::File(bad.into()), good, None).unwrap_err();
            assert_eq!(error.kind(), Kind::Usage);
        }
        for bad in ["/srv/a\"b", "/srv/it's", "/srv/a\\b"] {
            assert!(Job::new(Path::new(bad), store, good, None).is_err());
        }
        for bad in ["", "a b", "a\nUser=root"] {
            assert!(Job::new(good, store, good, Some(bad)).is_err());
        }
    }

    /// systemd reads its own files; where it is not installed there is nothing to ask.
    #[test]
    fn systemd_finds_no_fault() {
        if Command::new("systemd-analyze")
            .arg("--version")
            .output()
            .is_err()
        {
            eprintln!("skipped: systemd-analyze is not installed");
            return;
        }
        let directory = tempfile::tempdir().unwrap();
        for name in ["plain", ODD] {
            // That it is found and may be run shows that its name was read back.
            let program = directory.path().join(name.replace(['"', '\'', '\\'], ""));
            symlink("/bin/true", &program).unwrap();
            let store = directory.path().join(format!("{name}.d")).join("codes.db");
            for (user, manager) in [(Some("root"), "--system"), (None, "--user")] {
                let location = Location::File(store.clone());
                let job = Job::new(&program, &location, &store, user).unwrap();
                let units = tempfile::tempdir().unwrap();
                let file = |ending| units.path().join(format!("recovery-codes.{ending}"));
                std::fs::write(file("service"), service(&job).unwrap()).unwrap();
                std::fs::write(file("timer"), TIMER).unwrap();
                let said = Command::new("systemd-analyze")
                    .args(["verify", "--man=no", manager])
                    .args([file("service"), file("timer")])
                    .env("XDG_RUNTIME_DIR", units.path())
                    .output()
                    .unwrap();
                let complaints = String::from_utf8_lossy(&said.stderr).into_owned();
                // A machine's other units are none of our concern.
                let about_ours = complaints.contains("recovery-codes");
                assert!(
                    said.status.success() && !about_ours,
                    "{complaints}\n{}",
                    service(&job).unwrap()
                );
            }
        }
    }
}
