//! Several accounts on one machine: root and the account of a service share one store, and a
//! machine's configuration leaves everybody else their own.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::harness::{Desk, Ended, ended};

const ROOT: u32 = 0;
/// Accounts that nobody else has.
const SERVICE: u32 = 64_321;
const SOMEBODY: u32 = 64_322;

/// A directory that all accounts may enter, with a program that all of them may start.
struct Machine {
    place: tempfile::TempDir,
}

impl Machine {
    /// None where this test cannot become another account.
    fn new() -> Option<Self> {
        if fs::metadata("/proc/self").unwrap().uid() != ROOT {
            eprintln!("not tested: only root can become another account");
            return None;
        }
        let place = tempfile::tempdir().unwrap();
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
        // By another process: one that this one begins meanwhile would hold the copy open for writing.
        let copied = Command::new("cp")
            .arg(env!("CARGO_BIN_EXE_recovery-codes"))
            .arg(place.path().join("program"))
            .status();
        assert!(copied.unwrap().success());
        let machine = Self { place };
        machine.directory("store", SERVICE);
        machine.directory("root", ROOT);
        machine.directory("service", SERVICE);
        machine.directory("somebody", SOMEBODY);
        Some(machine)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn directory(&self, name: &str, owner: u32) {
        let directory = self.at(name);
        fs::create_dir(&directory).unwrap();
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o700)).unwrap();
        chown(&directory, Some(owner), Some(owner)).unwrap();
    }

    fn command(&self, account: u32, args: &[&str]) -> Command {
        let home = match account {
            ROOT => "root",
            SERVICE => "service",
            _ => "somebody",
        };
        let mut command = Command::new(self.at("program"));
        command
            .args(args)
            .uid(account)
            .gid(account)
            .current_dir(self.at(home))
            .env_clear()
            .env("HOME", self.at(home))
            .env("RECOVERY_CODES_HASH_MEMORY_KIB", "8")
            .env("RECOVERY_CODES_HASH_ITERATIONS", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// A word on the store that belongs to the service.
    fn on_store(&self, account: u32, args: &[&str]) -> Command {
        let mut command = self.command(account, args);
        command
            .env("RECOVERY_CODES_STORE", self.at("store/s.db"))
            .env("RECOVERY_CODES_KEY", "k".repeat(40))
            .env("RECOVERY_CODES_MAIL_BACKEND", "file")
            .env("RECOVERY_CODES_LIMITER_MAX_ATTEMPTS", "100");
        command
    }

    fn run(&self, account: u32, args: &[&str]) -> Ended {
        ended(self.on_store(account, args).output().unwrap())
    }

    #[track_caller]
    fn say(&self, account: u32, args: &[&str]) -> Ended {
        let done = self.run(account, args);
        assert_eq!(done.exit, 0, "{account} {args:?}: {}", done.err);
        done
    }

    /// As many at once, each with a wrong code.
    fn guess(&self, account: u32, times: usize) -> Vec<Ended> {
        let start = |_| {
            let mut command = self.on_store(account, &["verify", "alice"]);
            let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
            let wrong = "Z".repeat(36);
            std::io::Write::write_all(child.stdin.as_mut().unwrap(), wrong.as_bytes()).unwrap();
            child
        };
        let children: Vec<_> = (0..times).map(start).collect();
        children
            .into_iter()
            .map(|child| ended(child.wait_with_output().unwrap()))
            .collect()
    }
}

/// Everything in a directory and below.
fn below(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(below(&path));
        }
        found.push(path);
    }
    found
}

#[track_caller]
fn assert_all_are_the_services(machine: &Machine, after: &[&str]) {
    for path in below(&machine.at("store")) {
        let found = fs::symlink_metadata(&path).unwrap();
        let theirs = (found.uid(), found.gid(), found.mode() & 0o077);
        assert_eq!(
            theirs,
            (SERVICE, SERVICE, 0),
            "{} after {after:?}",
            path.display()
        );
    }
}

#[test]
fn whatever_root_does_on_the_store_of_a_service_the_service_can_go_on() {
    let Some(machine) = Machine::new() else {
        return;
    };
    let backup = machine.at("root/backup.db");
    let backup = backup.to_str().unwrap();
    machine.say(SERVICE, &["init"]);
    let words: &[&[&str]] = &[
        &[
            "user",
            "add",
            "alice",
            "--email",
            "alice@example.org",
            "--if-missing",
        ],
        &["generate", "alice", "--yes", "--email"],
        &["limit", "reset", "alice"],
        &["generate", "alice", "--yes", "--save", "sheet.txt"],
        &["user", "list"],
        &["user", "edit", "alice", "--email", "alice@example.org"],
        &["user", "disable", "alice"],
        &["user", "enable", "alice"],
        &["batch", "list"],
        &["history", "alice"],
        &["status"],
        &["check"],
        &["check", "--deep"],
        &["log", "verify"],
        &["log", "prune", "--yes"],
        &["purge", "--retention-days", "0"],
        &["worker", "--once"],
        &["task", "flush", "--all", "--yes"],
        &["key", "list"],
        &["logout"],
        &["limit", "reset", "alice"],
    ];
    for account in [ROOT, SERVICE] {
        for args in words {
            for ending in [".lock", ".queue"] {
                let _ = fs::remove_file(machine.at(&format!("store/s.db{ending}")));
            }
            let done = machine.run(account, args);
            assert!(
                [0, 1].contains(&done.exit),
                "{account} {args:?}: {}",
                done.err
            );
            assert_all_are_the_services(&machine, args);
        }
    }
    assert!(machine.at("store/mail").read_dir().unwrap().count() > 1);
    machine.say(ROOT, &["backup", backup]);
    machine.say(ROOT, &["restore", backup, "--yes", "--trust-codes"]);
    assert_all_are_the_services(&machine, &["restore"]);
    for account in [SERVICE, ROOT] {
        let checked = machine.run(account, &["check", "--json"]);
        assert_eq!(checked.exit, 0, "{}", checked.out);
    }
    machine.say(SERVICE, &["user", "add", "bob"]);
}

#[test]
fn nobody_is_kept_from_the_queue_that_root_began() {
    let Some(machine) = Machine::new() else {
        return;
    };
    machine.say(SERVICE, &["user", "add", "alice"]);
    let _ = fs::remove_file(machine.at("store/s.db.lock"));
    for account in [ROOT, SERVICE, ROOT] {
        for tried in machine.guess(account, 8) {
            assert_eq!(tried.exit, 1, "{account}: {}", tried.err);
        }
        assert_all_are_the_services(&machine, &["verify"]);
        let _ = fs::remove_file(machine.at("store/s.db.queue"));
    }
}

/// Where somebody else may write, root follows no link of theirs.
#[test]
fn a_link_in_the_place_of_a_lock_leads_root_nowhere() {
    let Some(machine) = Machine::new() else {
        return;
    };
    machine.say(SERVICE, &["user", "add", "alice"]);
    let (lock, victim) = (machine.at("store/s.db.lock"), machine.at("root/victim"));
    for is_there in [false, true] {
        let _ = fs::remove_file(&lock);
        symlink(&victim, &lock).unwrap();
        let refused = machine.run(ROOT, &["user", "add", "bob"]);
        assert_eq!(refused.exit, 4, "{}", refused.err);
        assert!(refused.err.contains("cannot lock "), "{}", refused.err);
        assert_eq!(victim.exists(), is_there);
        fs::write(&victim, "root's").unwrap();
    }
    assert_eq!(fs::metadata(&victim).unwrap().uid(), ROOT);
    assert_eq!(fs::read_to_string(&victim).unwrap(), "root's");
}

/// The same in process, where only the question who it is decides.
#[test]
fn the_machines_configuration_is_for_root_and_its_service() {
    let desk = Desk::in_file();
    let system = desk.home().join("etc/config.toml");
    fs::create_dir(system.parent().unwrap()).unwrap();
    fs::write(&system, "[codes]\ncount = 4\n").unwrap();
    let path = |desk: &Desk, more: &[&str]| {
        let shown = desk.json(&[&["config", "path"], more].concat());
        let why = shown["why"].as_str().unwrap().to_owned();
        (shown["path"].clone(), why)
    };
    let (theirs, own) = (json!(system), json!(desk.config()));
    let (found, why) = path(&desk, &[]);
    assert_eq!(found, theirs);
    assert_eq!(why, "it is the machine's, and root gives the command");
    let desk = desk.with_account(SOMEBODY);
    let (found, why) = path(&desk, &[]);
    assert_eq!(found, own);
    let said = format!(
        "the machine's, {}, is for root and its service",
        system.display()
    );
    assert!(why.contains(&said) && why.contains("--system"), "{why}");
    let text = desk.say(&["config", "path"]);
    assert!(
        text.err.starts_with(&format!("In force because {why}.\n")),
        "{}",
        text.err
    );
    let (found, why) = path(&desk, &["--system"]);
    assert_eq!(
        (found, why.as_str()),
        (theirs.clone(), "--system asks for the machine's")
    );
    let both = ["config", "path", "--system", "--config", "x"];
    assert_eq!(desk.run(&both).exit, 2);
    // Who owns it, or is handed its key by systemd, is the service.
    let owner = fs::metadata(&system).unwrap().uid();
    if owner != ROOT {
        let (found, why) = path(&desk.with_account(owner), &[]);
        assert_eq!(found, theirs);
        assert!(why.ends_with(&format!("this account owns {}", system.display())));
        return;
    }
    let credentials = desk.home().join("credentials");
    fs::create_dir(&credentials).unwrap();
    fs::write(credentials.join("recovery-codes.keys"), "").unwrap();
    let desk = desk.with("CREDENTIALS_DIRECTORY", credentials.to_str().unwrap());
    let (found, why) = path(&desk, &[]);
    assert_eq!(found, theirs);
    assert_eq!(
        why,
        "it is the machine's, and its service gives the command"
    );
}

/// With the real `/etc`, in a namespace of its own.
#[test]
fn a_machine_whose_key_is_another_accounts_breaks_nobodys_first_command() {
    let Some(machine) = Machine::new() else {
        return;
    };
    let etc = machine.at("etc/recovery-codes");
    fs::create_dir_all(&etc).unwrap();
    let inside = |account: u32, args: &[&str]| {
        let mut program = machine.command(account, &[]);
        let mut command = Command::new("unshare");
        command.args(["-m", "sh", "-c"]).arg(
            "mount --bind \"$0/etc\" /etc && shift 0 && account=$1 && shift && \
             exec setpriv --reuid \"$account\" --regid \"$account\" --clear-groups \"$0/program\" \"$@\"",
        );
        command
            .arg(machine.place.path())
            .arg(account.to_string())
            .args(args)
            .env_clear()
            .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
            .envs(
                program
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .current_dir(program.get_current_dir().unwrap())
            .stdin(Stdio::null());
        program.arg("");
        ended(command.output().unwrap())
    };
    let probe = Command::new("unshare").args(["-m", "true"]).status();
    if !probe.is_ok_and(|status| status.success()) {
        eprintln!("not tested: there are no namespaces here");
        return;
    }
    fs::write(etc.join("config.toml"), "[codes]\ncount = 4\n").unwrap();
    fs::write(etc.join("keys.toml"), "the key of another account").unwrap();
    for (file, mode) in [
        ("keys.toml", 0o600),
        ("config.toml", 0o644),
        ("config.toml", 0o600),
    ] {
        fs::set_permissions(etc.join(file), fs::Permissions::from_mode(mode)).unwrap();
        let home = machine.at("somebody");
        let _ = fs::remove_dir_all(home.join(".config"));
        let _ = fs::remove_dir_all(home.join(".local"));
        let issued = inside(SOMEBODY, &["generate", "alice", "--create-user"]);
        assert_eq!(
            (issued.exit, issued.lines().len()),
            (0, 10),
            "{}",
            issued.err
        );
        let shown = inside(SOMEBODY, &["config", "path", "--json"]).json();
        let own = home.join(".config/recovery-codes/config.toml");
        assert_eq!(shown["path"], json!(own));
        assert!(
            shown["why"]
                .as_str()
                .unwrap()
                .contains("/etc/recovery-codes/config.toml")
        );
        let root = inside(ROOT, &["config", "path", "--json"]).json();
        assert_eq!(root["path"], "/etc/recovery-codes/config.toml");
    }
    // The machine's key makes its owner the service.
    fs::set_permissions(etc.join("config.toml"), fs::Permissions::from_mode(0o644)).unwrap();
    for file in ["keys.toml", "config.toml"] {
        chown(etc.join(file), Some(SERVICE), Some(SERVICE)).unwrap();
        let shown = inside(SERVICE, &["config", "path", "--json"]).json();
        assert_eq!(shown["path"], "/etc/recovery-codes/config.toml");
        let why = shown["why"].as_str().unwrap();
        assert!(
            why.contains("this account owns /etc/recovery-codes/keys.toml"),
            "{why}"
        );
        // It reads no key of its own there, and says so instead of making another.
        let refused = inside(SERVICE, &["user", "add", "x", "--json"]);
        assert_eq!(refused.exit, 4);
        assert_eq!(refused.error()["kind"], Value::from("damaged_key"));
    }
}

/// What the service finds in the store's directory must never be root's.
#[test]
fn a_store_that_root_makes_for_a_service_is_the_services() {
    let Some(machine) = Machine::new() else {
        return;
    };
    machine.say(ROOT, &["user", "add", "alice"]);
    assert_all_are_the_services(&machine, &["user", "add"]);
    machine.say(SERVICE, &["user", "add", "bob"]);
    let copy = machine.at("store/copy.db");
    machine.say(ROOT, &["backup", copy.to_str().unwrap()]);
    assert_all_are_the_services(&machine, &["backup"]);
}

#[test]
fn a_link_of_a_service_leads_root_nowhere() {
    let Some(machine) = Machine::new() else {
        return;
    };
    machine.say(
        SERVICE,
        &["user", "add", "alice", "--email", "a@example.org"],
    );
    let backup = machine.at("root/backup.db");
    machine.say(ROOT, &["backup", backup.to_str().unwrap()]);
    // Letters.
    machine.directory("root/letters", ROOT);
    let mail = machine.at("store/mail");
    symlink(machine.at("root/letters"), &mail).unwrap();
    machine.run(ROOT, &["generate", "alice", "--yes", "--email"]);
    assert_eq!(below(&machine.at("root/letters")), [] as [PathBuf; 0]);
    // The store itself.
    let (store, victim) = (machine.at("store/s.db"), machine.at("root/victim"));
    fs::write(&victim, "root's").unwrap();
    fs::rename(&store, machine.at("store/moved.db")).unwrap();
    symlink(&victim, &store).unwrap();
    let refused = machine.run(ROOT, &["restore", backup.to_str().unwrap(), "--yes"]);
    assert_eq!(refused.exit, 4, "{}", refused.err);
    assert_eq!(fs::read_to_string(&victim).unwrap(), "root's");
    let names = |directory: &Path| directory.read_dir().unwrap().count();
    assert_eq!(names(&machine.at("root")), 3);
}

/// SQLite would wait for ever for a writer.
#[test]
fn a_pipe_in_the_place_of_a_log_keeps_nobody_waiting() {
    let desk = Desk::in_file();
    desk.say(&["user", "add", "alice"]);
    for ending in ["-journal", "-wal", "-shm"] {
        let pipe = format!("{}{ending}", desk.store().display());
        let _ = fs::remove_file(&pipe);
        assert!(
            Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        let refused = desk.run(&["status"]);
        assert_eq!(refused.exit, 4);
        assert!(
            refused.err.contains("is not a regular file"),
            "{}",
            refused.err
        );
        fs::remove_file(&pipe).unwrap();
    }
}

/// Whoever owns the directory swaps a draft for one that leads to root's files, as fast as they
/// can: whatever comes of the command, nothing of root's is made or changed.
#[test]
fn a_swapped_draft_leads_root_nowhere() {
    let Some(machine) = Machine::new() else {
        return;
    };
    machine.say(SERVICE, &["user", "add", "alice"]);
    let backup = machine.at("root/backup.db");
    machine.say(ROOT, &["backup", backup.to_str().unwrap()]);
    machine.directory("victims", ROOT);
    let (old, new) = (machine.at("victims/old"), machine.at("victims/new"));
    let place = machine.at("store");
    let copy = machine.at("store/copy.db");
    for (victim, args) in [
        (&new, vec!["backup", copy.to_str().unwrap()]),
        (&old, vec!["restore", backup.to_str().unwrap(), "--yes"]),
    ] {
        let mut swapped = 0;
        for _ in 0..6 {
            let _ = fs::remove_file(&copy);
            fs::write(&old, "root's").unwrap();
            let evil = machine.at("store/evil");
            let _ = fs::remove_dir_all(&evil);
            machine.directory("store/evil", SERVICE);
            symlink(victim, evil.join("draft")).unwrap();
            let mut running = machine.on_store(ROOT, &args).spawn().unwrap();
            while running.try_wait().unwrap().is_none() {
                let entries = place.read_dir().unwrap().flatten();
                for entry in entries.filter(|entry| {
                    let name = entry.file_name();
                    name.as_encoded_bytes()
                        .starts_with(b".recovery-codes-draft-")
                }) {
                    let exchange = rustix::fs::RenameFlags::EXCHANGE;
                    let cwd = rustix::fs::CWD;
                    let done = rustix::fs::renameat_with(cwd, &evil, cwd, entry.path(), exchange);
                    swapped += u32::from(done.is_ok());
                }
            }
            assert!(!new.exists(), "{args:?}");
            assert_eq!(fs::read_to_string(&old).unwrap(), "root's", "{args:?}");
            let mode = fs::metadata(&old).unwrap().mode() & 0o777;
            assert_eq!((fs::metadata(&old).unwrap().uid(), mode & 0o002), (ROOT, 0));
            // What a swap broke is made good again.
            if machine.run(SERVICE, &["status"]).exit != 0 {
                let _ = fs::remove_dir_all(&place);
                machine.directory("store", SERVICE);
                machine.say(ROOT, &["restore", backup.to_str().unwrap(), "--yes"]);
                machine.say(SERVICE, &["status"]);
            }
        }
        assert!(swapped > 0, "nothing was swapped");
    }
}

#[test]
fn what_root_writes_among_the_files_of_somebody_is_theirs_and_goes_no_further() {
    let Some(machine) = Machine::new() else {
        return;
    };
    let own = machine.at("somebody");
    symlink(machine.at("root"), own.join("link")).unwrap();
    for name in ["alice", "bob"] {
        machine.say(ROOT, &["user", "add", name]);
    }
    let to = |place: &str| own.join(place).to_str().unwrap().to_owned();
    let sheets = ["generate", "--all-without-codes", "--yes", "--sheets"];
    let save = ["generate", "alice", "--save"];
    for (args, place) in [
        (&save[..], "link/alice.txt"),
        (&sheets[..], "link"),
        (&sheets[..], "link/new"),
    ] {
        let place = to(place);
        let refused = machine.run(ROOT, &[args, &[place.as_str()]].concat());
        assert_eq!(refused.exit, 4, "{place}: {}", refused.err);
        assert!(refused.err.contains(&place), "{}", refused.err);
        assert!(refused.err.contains("hint: "), "{}", refused.err);
    }
    let in_root = below(&machine.at("root"));
    assert!(
        !in_root.iter().any(|file| file.ends_with("alice.txt")),
        "{in_root:?}"
    );
    let listed = machine.say(ROOT, &["batch", "list", "--json"]).out;
    assert!(listed.contains("\"total\":0"), "{listed}");

    machine.say(ROOT, &["generate", "alice", "--save", &to("alice.txt")]);
    machine.say(ROOT, &[&sheets[..], &[&to("made/here")]].concat());
    for made in ["alice.txt", "made", "made/here", "made/here/bob.txt"] {
        let made = own.join(made).metadata().unwrap();
        assert_eq!((made.uid(), made.mode() & 0o077), (SOMEBODY, 0));
    }
}
