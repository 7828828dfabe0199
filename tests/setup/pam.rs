//! The manual's recipe for PAM is followed to the letter, and sshd, su, sudo, login and pamtester
//! are Debian's.

mod locker;
mod services;
mod time_codes;
mod trouble;

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::machine::Machine;
use crate::harness::sshd::Sshd;
use crate::harness::{Ended, readme};

const PROGRAMS: [&str; 8] = [
    "/bin/login",
    "/usr/bin/sudo",
    "/usr/sbin/pam-auth-update",
    "/usr/sbin/sshd",
    "/usr/bin/ssh",
    "/usr/bin/pamtester",
    "/usr/bin/google-authenticator",
    "/usr/bin/python3",
];
const PROGRAM: &str = "/usr/local/bin/recovery-codes";
const SERVICE: &str = "/etc/pam.d/sshd";
const SSHD: &str = "/etc/ssh/sshd_config.d/recovery-codes.conf";
const STORE: &str = "/var/lib/recovery-codes/recovery-codes.db";
/// Debian's line for the password.
const COMMON: &str = "@include common-auth";
/// Everybody's.
const PASSWORD: &str = "many horses";
const KEYS: &str = "/etc/recovery-codes/keys.toml";

/// The directory of modules becomes a copy, and holds ours.
const INSTALL: &str = r#"
modules=/usr/lib/$(uname -m)-linux-gnu/security
cp -a "$modules" "$SCRATCH/security"
mount --bind "$SCRATCH/security" "$modules"
install -m 644 "$MODULE" "$modules/pam_recovery_codes.so"
echo "$modules/pam_recovery_codes.so"
"#;

/// A code by its looks, but nobody's.
const NOBODYS: &str = "abcdef-abcdef-abcdef-abcdef-abcdef-abcdef";

/// A machine on which the recipe was followed, and alice's codes.
struct Site {
    machine: Machine,
    /// Where the module lies.
    module: String,
    codes: RefCell<Vec<String>>,
}

impl Site {
    fn of_its_own(test: &str) -> Option<Self> {
        let machine = Machine::of_its_own(test, &PROGRAMS)?;
        machine.run(&readme::file("machine.sh").replace("sudo ", ""));
        let module = machine.run(&format!("MODULE='{}'{INSTALL}", built("module").display()));
        machine.follow("sshd_config", SSHD, 0o644);
        let debians = fs::read_to_string(SERVICE).unwrap();
        machine.follow("pam-sshd", SERVICE, 0o644);
        let session = debians.find("\nsession").unwrap();
        let whole = fs::read_to_string(SERVICE).unwrap() + &debians[session..];
        fs::write(SERVICE, whole).unwrap();
        let site = Self {
            machine,
            module: module.trim().to_owned(),
            codes: RefCell::default(),
        };
        site.add_user("alice");
        let codes = site.says("generate alice --create-user");
        site.codes
            .replace(codes.lines().map(str::to_owned).collect());
        Some(site)
    }

    /// A user of the machine, with a key, the password, and the right to become root.
    fn add_user(&self, user: &str) {
        self.machine.add_user(user);
        self.machine.run(&format!(
            "echo '{user}:{PASSWORD}' | chpasswd; usermod --append --groups sudo,users {user}"
        ));
    }

    /// What the program says to these words about the store of the machine.
    #[track_caller]
    fn says(&self, words: &str) -> String {
        let config = "--config /etc/recovery-codes/config.toml";
        self.machine
            .run(&format!("recovery-codes {config} {words}"))
    }

    /// A code of alice's that works.
    fn code(&self) -> String {
        self.codes.borrow_mut().pop().unwrap()
    }

    /// Everything that is known about alice's codes.
    fn known(&self) -> String {
        self.says("code list alice --json")
    }

    /// How many of them were used.
    fn used(&self) -> usize {
        self.known().matches("\"state\":\"used\"").count()
    }

    /// alice logs in over SSH as the machine is now, with a code that works: whether she was let
    /// in, and whether the code is used up.
    fn try_ssh(&self) -> (bool, bool) {
        let before = self.used();
        let ended = Sshd::start(&self.machine).login("alice", &self.code());
        (is_in(&ended, "alice"), self.used() > before)
    }

    /// pamtester authenticates alice and sets her credentials, with a code that works.
    fn try_pamtester(&self, by: &str) -> Ended {
        let ask = format!("{by} pamtester sshd alice authenticate setcred");
        self.machine.pipe(&ask, &(self.code() + "\n"))
    }
}

/// The module as it was built into this directory of cargo's.
#[track_caller]
fn built(directory: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_recovery-codes"));
    let target = target.ancestors().nth(2).unwrap();
    let module = target.join(directory).join("libpam_recovery_codes.so");
    assert!(
        module.exists(),
        "{} is missing; .ci/run shows how it is built",
        module.display()
    );
    module
}

#[track_caller]
fn is_in(ended: &Ended, user: &str) -> bool {
    let is_in = ended.exit == 0;
    let said = if is_in {
        format!("{user} is in\n")
    } else {
        String::new()
    };
    assert_eq!(ended.out, said, "{ended:?}");
    is_in
}

/// A file of the machine says something else for a while.
fn with<T>(file: &str, from: &str, to: &str, deed: impl FnOnce() -> T) -> T {
    let whole = fs::read_to_string(file).unwrap();
    assert!(whole.contains(from), "{file} says nothing of {from}");
    fs::write(file, whole.replacen(from, to, 1)).unwrap();
    let done = deed();
    fs::write(file, whole).unwrap();
    done
}

#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn ssh_lets_in_with_a_key_and_a_code_once() {
    let test = "setup::pam::ssh_lets_in_with_a_key_and_a_code_once";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    let sshd = Sshd::start(&site.machine);
    let tries = |user: &str, code: &str| is_in(&sshd.login(user, code), user);
    let code = site.code();
    assert!(tries("alice", &code));
    assert_eq!(site.used(), 1);
    site.add_user("carol");
    let carols = site.says("generate carol --create-user");
    let carols = carols.lines().next().unwrap();
    let before = site.known();
    for wrong in [&code, NOBODYS, carols, "a password", ""] {
        assert!(!tries("alice", wrong), "{wrong:?}");
    }
    assert_eq!(site.known(), before);
    assert!(tries("alice", &site.code()));
    assert!(tries("carol", carols));
    let before = site.known();
    site.add_user("mallory");
    assert!(!tries("mallory", &site.code()));
    // Without the key she is not even asked.
    site.machine.run("rm /srv/alice/.ssh/authorized_keys");
    assert!(!tries("alice", &site.code()));
    assert_eq!(site.known(), before);
    site.says("log verify");
}

#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn ssh_lets_root_in_only_where_it_is_permitted() {
    let test = "setup::pam::ssh_lets_root_in_only_where_it_is_permitted";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    site.machine.add_user("root");
    let codes = site.says("generate root --create-user");
    let code = codes.lines().next().unwrap();
    let log_in = || is_in(&Sshd::start(&site.machine).login("root", code), "root");
    assert!(!log_in());
    with(SSHD, "UsePAM", "PermitRootLogin yes\nUsePAM", || {
        assert!(log_in());
        assert!(!log_in());
    });
}

#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn what_happens_without_a_part_is_as_it_is_told() {
    let test = "setup::pam::what_happens_without_a_part_is_as_it_is_told";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    let (out, key_alone) = ((false, false), (true, false));
    for (file, part, instead, then) in [
        (SSHD, "AuthenticationMethods", "#", key_alone),
        (SSHD, "UsePAM yes", "UsePAM no", out),
        (SERVICE, "codes.so", "codes.so nulok", out),
        (SERVICE, "codes.so", "codes.so config=/nowhere.toml", out),
    ] {
        let happened = with(file, part, instead, || site.try_ssh());
        assert_eq!(happened, then, "without {part}");
    }
    for file in [&site.module, PROGRAM, KEYS, STORE] {
        let away = format!("{file}.away");
        let before = site.known();
        fs::rename(file, &away).unwrap();
        let ended = Sshd::start(&site.machine).login("alice", &site.code());
        fs::rename(&away, file).unwrap();
        assert!(!is_in(&ended, "alice"), "without {file}");
        assert_eq!(site.known(), before, "without {file}");
    }
    assert_eq!(site.try_ssh(), (true, true));
    with(SSHD, "KbdInteractiveAuthentication yes", "", || {
        let ended = site.machine.pipe("sshd -t", "");
        assert_ne!(ended.exit, 0);
        assert!(ended.err.contains("keyboard-interactive"), "{ended:?}");
    });
}

#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn whoever_calls_it_is_told_how_it_stands() {
    let test = "setup::pam::whoever_calls_it_is_told_how_it_stands";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    let yes = site.try_pamtester("");
    assert_eq!((yes.exit, site.used()), (0, 1), "{yes:?}");
    let said = format!("{}{}", yes.out, yes.err);
    assert!(said.contains("successfully authenticated"), "{said}");
    // What is an error goes to where errors go, and what is none does not.
    assert!(yes.out.contains("9 recovery codes are left."), "{yes:?}");
    // Where nobody learns how the program ended, what it says decides.
    let deaf = site.try_pamtester("env --ignore-signal=CHLD");
    assert_eq!((deaf.exit, site.used()), (0, 2), "{deaf:?}");
    let crowded = site.try_pamtester("bash -c 'for fd in 3 5 7 {20..32} 900; do eval \"exec $fd</etc/passwd\"; done; exec \"$@\"' x");
    assert_eq!((crowded.exit, site.used()), (0, 3), "{crowded:?}");

    let ask = "pamtester sshd alice authenticate";
    let torn = site.machine.pipe(ask, "a torn one\n");
    assert_ne!(torn.exit, 0);
    assert!(torn.err.contains("This cannot be a code: "), "{torn:?}");
    let mut ended = Vec::new();
    for _ in 0..5 {
        ended.push(site.machine.pipe(ask, &format!("{NOBODYS}\n")));
    }
    assert!(ended.iter().all(|ended| ended.exit != 0), "{ended:?}");
    let waits = site.machine.pipe(ask, &(site.code() + "\n"));
    assert_ne!(waits.exit, 0);
    let said = "Too many attempts; wait 2 minutes.";
    assert!(waits.err.contains(said), "{waits:?}");
    assert_eq!(site.used(), 3);
}

#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn of_ten_logins_at_once_with_one_code_one_is_let_in() {
    let test = "setup::pam::of_ten_logins_at_once_with_one_code_one_is_let_in";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    let ten = "read -r code
        for number in 1 2 3 4 5 6 7 8 9 10; do
            (echo \"$code\" | pamtester -I rhost=192.0.2.$number sshd alice authenticate >/dev/null 2>&1 && echo in) &
        done
        wait";
    let ended = site.machine.pipe(ten, &(site.code() + "\n"));
    assert_eq!((ended.out.as_str(), site.used()), ("in\n", 1), "{ended:?}");
}
