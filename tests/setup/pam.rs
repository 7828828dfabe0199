//! The manual's recipe for PAM is followed to the letter, and sshd, su and pamtester are Debian's.

use std::cell::RefCell;
use std::fs;

use crate::harness::machine::Machine;
use crate::harness::sshd::Sshd;
use crate::harness::{Ended, readme};

const PROGRAMS: [&str; 3] = ["/usr/sbin/sshd", "/usr/bin/ssh", "/usr/bin/pamtester"];
const WRAPPER: &str = "/usr/local/libexec/recovery-codes-pam";
const SERVICE: &str = "/etc/pam.d/sshd";
const SSHD: &str = "/etc/ssh/sshd_config.d/recovery-codes.conf";
const STORE: &str = "/var/lib/recovery-codes/recovery-codes.db";
const KEYS: &str = "/etc/recovery-codes/keys.toml";
const PERMIT: &str = "auth     required  pam_permit.so\n";

/// A code by its looks, but nobody's.
const NOBODYS: &str = "abcdef-abcdef-abcdef-abcdef-abcdef-abcdef";

/// A machine on which the recipe was followed, and alice's codes.
struct Site {
    machine: Machine,
    codes: RefCell<Vec<String>>,
}

impl Site {
    fn of_its_own(test: &str) -> Option<Self> {
        let machine = Machine::of_its_own(test, &PROGRAMS)?;
        machine.run(&readme::file("machine.sh").replace("sudo ", ""));
        machine.follow("recovery-codes-pam", WRAPPER, 0o755);
        machine.follow("sshd_config", SSHD, 0o644);
        let debians = fs::read_to_string(SERVICE).unwrap();
        machine.follow("pam-sshd", SERVICE, 0o644);
        let session = debians.find("\nsession").unwrap();
        let whole = fs::read_to_string(SERVICE).unwrap() + &debians[session..];
        fs::write(SERVICE, whole).unwrap();
        machine.add_user("alice");
        let site = Self {
            machine,
            codes: RefCell::default(),
        };
        let codes = site.says("generate alice --create-user");
        site.codes
            .replace(codes.lines().map(str::to_owned).collect());
        Some(site)
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
    site.machine.add_user("carol");
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
    site.machine.add_user("mallory");
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
    let ours = "auth     required  pam_exec.so";
    let behind = format!("@include common-auth\n{ours}");
    for (file, part, instead, then) in [
        (SSHD, "AuthenticationMethods", "#", key_alone),
        (SSHD, "UsePAM yes", "UsePAM no", out),
        (SERVICE, "expose_authtok", "", out),
        (SERVICE, ours, &behind, out),
        (WRAPPER, "/usr/local/bin/", "/usr/local/nowhere/", out),
    ] {
        let happened = with(file, part, instead, || site.try_ssh());
        assert_eq!(happened, then, "without {part}");
    }
    for file in [WRAPPER, KEYS, STORE] {
        let away = format!("{file}.away");
        let before = site.known();
        fs::rename(file, &away).unwrap();
        let ended = Sshd::start(&site.machine).login("alice", &site.code());
        fs::rename(&away, file).unwrap();
        assert!(!is_in(&ended, "alice"), "without {file}");
        assert_eq!(site.known(), before, "without {file}");
    }
    site.machine.run(&format!("chmod a-x {WRAPPER}"));
    assert_eq!(site.try_ssh(), out);
    site.machine.run(&format!("chmod a+x {WRAPPER}"));
    assert_eq!(site.try_ssh(), (true, true));
    with(SSHD, "KbdInteractiveAuthentication yes", "", || {
        let ended = site.machine.pipe("sshd -t", "");
        assert_ne!(ended.exit, 0);
        assert!(ended.err.contains("keyboard-interactive"), "{ended:?}");
    });
}

#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn without_pam_permit_a_code_is_used_up_for_nothing() {
    let test = "setup::pam::without_pam_permit_a_code_is_used_up_for_nothing";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    let whole = site.try_pamtester("");
    assert_eq!(whole.exit, 0, "{whole:?}");
    assert!(
        whole
            .out
            .contains("credential info has successfully been set")
    );
    with(SERVICE, PERMIT, "", || {
        let alone = site.try_pamtester("");
        assert_eq!((alone.exit, site.used()), (1, 2), "{alone:?}");
        assert!(
            alone.out.contains("successfully authenticated"),
            "{alone:?}"
        );
        assert!(alone.err.contains("Permission denied"), "{alone:?}");
        let sshd = Sshd::start(&site.machine);
        assert!(!is_in(&sshd.login("alice", &site.code()), "alice"));
        sshd.logs("Accepted keyboard-interactive/pam for alice");
        sshd.logs("pam_setcred(): Permission denied");
        assert_eq!(site.used(), 3);
    });
}

#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn whoever_ignores_sigchld_uses_codes_up_for_nothing() {
    let test = "setup::pam::whoever_ignores_sigchld_uses_codes_up_for_nothing";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    let deaf = site.try_pamtester("env --ignore-signal=CHLD");
    assert_eq!((deaf.exit, site.used()), (1, 1), "{deaf:?}");
    assert!(deaf.err.contains("System error"), "{deaf:?}");
    let whole = site.try_pamtester("env --default-signal=CHLD");
    assert_eq!((whole.exit, site.used()), (0, 2), "{whole:?}");
}

/// Not root, as sshd is, but a setuid program that carol starts.
#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn a_setuid_program_needs_seteuid() {
    let test = "setup::pam::a_setuid_program_needs_seteuid";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    site.machine.add_user("carol");
    let recipe = readme::file("pam-sshd");
    let (lines, _) = recipe.split_once("account").unwrap();
    let alone = lines.replace(PERMIT, "");
    for (lines, option, exit, used) in [
        (lines, "", 1, 0),
        (lines, "seteuid ", 0, 1),
        (&alone, "seteuid ", 1, 2),
    ] {
        let lines = lines.replace("pam_exec.so ", &format!("pam_exec.so {option}"));
        let ended = with("/etc/pam.d/su", "@include common-auth", &lines, || {
            let su = "su alice -c 'echo $(id -un) is in'";
            site.machine.run_as("carol", su, &(site.code() + "\n"))
        });
        assert_eq!((ended.exit, site.used()), (exit, used), "{ended:?}");
        assert_eq!(is_in(&ended, "alice"), exit == 0);
    }
}
