//! The manual's recipe for PAM is followed to the letter, and sshd, su and pamtester are Debian's.

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use crate::harness::machine::Machine;
use crate::harness::sshd::Sshd;
use crate::harness::{Ended, readme};

const PROGRAMS: [&str; 5] = [
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
pub(super) struct Site {
    pub(super) machine: Machine,
    /// Where the module lies.
    module: String,
    codes: RefCell<Vec<String>>,
}

impl Site {
    pub(super) fn of_its_own(test: &str) -> Option<Self> {
        let machine = Machine::of_its_own(test, &PROGRAMS)?;
        machine.run(&readme::file("machine.sh").replace("sudo ", ""));
        let built = Path::new(env!("CARGO_BIN_EXE_recovery-codes"));
        let built = built.ancestors().nth(2).unwrap();
        let built = built.join("module/libpam_recovery_codes.so");
        assert!(
            built.exists(),
            "build it first: cargo build --profile module -p pam_recovery_codes"
        );
        let module = machine.run(&format!("MODULE='{}'{INSTALL}", built.display()));
        machine.follow("sshd_config", SSHD, 0o644);
        let debians = fs::read_to_string(SERVICE).unwrap();
        machine.follow("pam-sshd", SERVICE, 0o644);
        let session = debians.find("\nsession").unwrap();
        let whole = fs::read_to_string(SERVICE).unwrap() + &debians[session..];
        fs::write(SERVICE, whole).unwrap();
        machine.add_user("alice");
        let site = Self {
            machine,
            module: module.trim().to_owned(),
            codes: RefCell::default(),
        };
        let codes = site.says("generate alice --create-user");
        site.codes
            .replace(codes.lines().map(str::to_owned).collect());
        Some(site)
    }

    /// What the program says to these words about the store of the machine.
    #[track_caller]
    pub(super) fn says(&self, words: &str) -> String {
        let config = "--config /etc/recovery-codes/config.toml";
        self.machine
            .run(&format!("recovery-codes {config} {words}"))
    }

    /// A code of alice's that works.
    pub(super) fn code(&self) -> String {
        self.codes.borrow_mut().pop().unwrap()
    }

    /// Everything that is known about alice's codes.
    fn known(&self) -> String {
        self.says("code list alice --json")
    }

    /// How many of them were used.
    pub(super) fn used(&self) -> usize {
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
    assert!(said.contains("9 recovery codes are left."), "{said}");
    assert!(said.contains("successfully authenticated"), "{said}");
    // Where nobody learns how the program ended, what it says decides.
    let deaf = site.try_pamtester("env --ignore-signal=CHLD");
    assert_eq!((deaf.exit, site.used()), (0, 2), "{deaf:?}");
    let crowded = site.try_pamtester("bash -c 'for fd in 3 5 7 {20..32} 900; do eval \"exec $fd</etc/passwd\"; done; exec \"$@\"' x");
    assert_eq!((crowded.exit, site.used()), (0, 3), "{crowded:?}");

    let ask = "pamtester sshd alice authenticate";
    let mut ended = Vec::new();
    for _ in 0..5 {
        ended.push(site.machine.pipe(ask, &format!("{NOBODYS}\n")));
    }
    assert!(ended.iter().all(|ended| ended.exit != 0), "{ended:?}");
    let waits = site.machine.pipe(ask, &(site.code() + "\n"));
    let said = format!("{}{}", waits.out, waits.err);
    assert_ne!(waits.exit, 0);
    assert!(
        said.contains("Too many attempts; wait 2 minutes."),
        "{said}"
    );
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

#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn a_program_that_hangs_says_nothing_or_says_yes_without_a_document_lets_nobody_in() {
    let test = "setup::pam::a_program_that_hangs_says_nothing_or_says_yes_without_a_document_lets_nobody_in";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    let code = site.code();
    let away = format!("{PROGRAM}.away");
    fs::rename(PROGRAM, &away).unwrap();
    with(SERVICE, "codes.so", "codes.so timeout=1", || {
        for program in [
            "sleep 600",
            "true",
            "echo '{\"accepted\":true}'; exit 1",
            "kill -9 $$",
        ] {
            fs::write(PROGRAM, format!("#!/bin/sh\n{program}\n")).unwrap();
            site.machine.run(&format!("chmod 755 {PROGRAM}"));
            let ask = "pamtester sshd alice authenticate";
            let ended = site.machine.pipe(ask, &format!("{code}\n"));
            assert_ne!(ended.exit, 0, "{program}: {ended:?}");
        }
    });
    fs::rename(&away, PROGRAM).unwrap();
    assert_eq!(site.used(), 0);
}

/// Not root, as sshd is, but a setuid program that carol starts.
#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn a_setuid_program_asks_as_root() {
    let test = "setup::pam::a_setuid_program_asks_as_root";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    site.machine.add_user("carol");
    let lines = "auth required pam_recovery_codes.so\nauth required pam_permit.so";
    let su = "su alice -c 'echo $(id -un) is in'";
    let log_in = |lines: &str, code: &str| {
        let ended = with("/etc/pam.d/su", "@include common-auth", lines, || {
            site.machine.run_as("carol", su, &format!("{code}\n"))
        });
        assert_eq!(
            ended.exit == 0,
            ended.out.ends_with("alice is in\n"),
            "{ended:?}"
        );
        ended.exit == 0
    };
    let code = site.code();
    assert!(log_in(lines, &code));
    assert!(!log_in(lines, &code));
    assert_eq!(site.used(), 1);
    // Whoever never had codes is not asked, where that is allowed.
    site.machine.add_user("dave");
    let sudo = readme::file("pam-sudo") + "auth required pam_permit.so";
    let ended = with("/etc/pam.d/su", "@include common-auth", &sudo, || {
        site.machine
            .run_as("carol", "su dave -c 'echo $(id -un) is in'", "")
    });
    assert!(is_in(&ended, "dave"), "{ended:?}");
    assert!(!log_in(&sudo, &code));
}

/// The time code of this moment (RFC 6238) for the secret below.
const TIME_CODE: &str = r#"python3 -c '
import hmac, struct, time
mac = hmac.new(b"12345678901234567890", struct.pack(">Q", int(time.time()) // 30), "sha1").digest()
at = mac[-1] & 15
print("%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7fffffff) % 10**6))'
"#;

/// The same secret in base 32, as the module for time codes keeps it.
const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n\" WINDOW_SIZE 3\n\" TOTP_AUTH\n";

#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn a_time_code_or_a_recovery_code_lets_in_with_one_question_or_two() {
    let test = "setup::pam::a_time_code_or_a_recovery_code_lets_in_with_one_question_or_two";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    let file = "/srv/alice/.google_authenticator";
    fs::write(file, SECRET).unwrap();
    site.machine
        .run(&format!("chown alice: {file}; chmod 400 {file}"));
    let ask = "pamtester sshd alice authenticate setcred";
    let lets_in = |typed: &str| site.machine.pipe(ask, typed).exit == 0;
    let ours = "auth     required  pam_recovery_codes.so";
    for (stack, before) in [("pam-sshd-two", "\n"), ("pam-sshd-one", "")] {
        with(SERVICE, ours, &readme::file(stack), || {
            let time_code = site.machine.run(TIME_CODE);
            assert!(lets_in(&time_code), "{stack}: {time_code}");
            let (used, code) = (site.used(), site.code());
            assert!(lets_in(&format!("{before}{code}\n")), "{stack}");
            assert_eq!(site.used(), used + 1, "{stack}");
            for wrong in [code.as_str(), NOBODYS, "000000", ""] {
                assert!(!lets_in(&format!("{before}{wrong}\n")), "{stack}: {wrong}");
            }
            // Without the store a time code still lets in, and nothing else does.
            let away = format!("{STORE}.away");
            fs::rename(STORE, &away).unwrap();
            let code = site.code();
            assert!(!lets_in(&format!("{before}{code}\n")), "{stack}");
            assert!(lets_in(&site.machine.run(TIME_CODE)), "{stack}");
            fs::rename(&away, STORE).unwrap();
        });
    }
}
