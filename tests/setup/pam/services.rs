//! sudo, login and su, and the common stack of all services.

use std::process::Command;

use rexpect::session::{Options, PtySession, spawn_with_options};

use super::*;

/// Not root, as sshd is, but a setuid program that carol starts.
#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn a_setuid_program_asks_as_root() {
    let test = "setup::pam::services::a_setuid_program_asks_as_root";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    site.add_user("carol");
    let lines = "auth required pam_recovery_codes.so\nauth required pam_permit.so";
    let su = "su alice -c 'echo $(id -un) is in'";
    let log_in = |lines: &str, code: &str| {
        let ended = with("/etc/pam.d/su", COMMON, lines, || {
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
    site.add_user("dave");
    let sudo = readme::file("pam-sudo") + "auth required pam_permit.so";
    let ended = with("/etc/pam.d/su", COMMON, &sudo, || {
        site.machine
            .run_as("carol", "su dave -c 'echo $(id -un) is in'", "")
    });
    assert!(is_in(&ended, "dave"), "{ended:?}");
    assert!(!log_in(&sudo, &code));
}

#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn sudo_wants_the_password_and_a_code_of_ones_own() {
    let test = "setup::pam::services::sudo_wants_the_password_and_a_code_of_ones_own";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    site.add_user("dave");
    let sudo = "sudo -k -S sh -c 'echo $(id -un) is in'";
    let lines = format!("{COMMON}\n{}", readme::file("pam-sudo"));
    with("/etc/pam.d/sudo", COMMON, &lines, || {
        let ask = |user: &str, typed: &[&str]| {
            let typed: String = typed.iter().map(|line| format!("{line}\n")).collect();
            site.machine.run_as(user, sudo, &typed)
        };
        let tries = |user: &str, typed: &[&str]| is_in(&ask(user, typed), "root");
        let code = site.code();
        assert!(!tries("alice", &["many cows", &code]));
        assert!(!tries("alice", &[PASSWORD]));
        assert!(!tries("alice", &[PASSWORD, NOBODYS]));
        assert_eq!(site.used(), 0);
        assert!(tries("alice", &[PASSWORD, &code]));
        assert!(!tries("alice", &[PASSWORD, &code]));
        // It asks three times.
        assert!(tries("alice", &[PASSWORD, &code, PASSWORD, &site.code()]));
        assert_eq!(site.used(), 2);
        // Whoever never had codes needs none, but the password all the same; root needs neither.
        assert!(tries("dave", &[PASSWORD]));
        assert!(!tries("dave", &["many cows"]));
        assert!(is_in(&site.machine.pipe(sudo, ""), "root"));
        for _ in 0..2 {
            let wrong = [PASSWORD, NOBODYS, PASSWORD, NOBODYS, PASSWORD, NOBODYS];
            assert!(!tries("alice", &wrong));
        }
        // Then she has to wait, with a code that works too, but sudo lets no module say so.
        let waits = ask("alice", &[PASSWORD, &site.code()]);
        assert!(!is_in(&waits, "root"));
        assert!(!waits.err.contains("wait"), "{waits:?}");
        assert_eq!(site.used(), 2);
    });
}

/// The real login for this user, at a terminal of its own.
fn at_login(user: &str) -> PtySession {
    let mut login = Command::new("/bin/login");
    login.arg(user).env_clear().env("TERM", "dumb");
    spawn_with_options(login, Options::new().timeout_ms(Some(60_000))).unwrap()
}

/// Answers the question that comes; says what stood before it.
#[track_caller]
fn reply(session: &mut PtySession, question: &str, answer: &str) -> String {
    let before = session.exp_string(question).unwrap();
    session.send_line(answer).unwrap();
    before
}

/// Sees that the shell has begun, and is this user's; says what stood before it.
#[track_caller]
fn finish(mut session: PtySession, prompt: &str, user: &str) -> String {
    let before = reply(&mut session, prompt, "echo $(id -un) is in; exit");
    session.exp_string(&format!("{user} is in")).unwrap();
    session.exp_eof().unwrap();
    before
}

#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn login_wants_a_code_of_everybody_but_root() {
    let test = "setup::pam::services::login_wants_a_code_of_everybody_but_root";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    for user in ["root", "dave"] {
        site.add_user(user);
    }
    site.says("generate root --create-user");
    let lines = format!("{COMMON}\n{}", readme::file("pam-login"));
    with("/etc/pam.d/login", COMMON, &lines, || {
        let (password, question) = ("Password: ", "Recovery code: ");
        let code = site.code();
        for is_right in [true, false] {
            let mut login = at_login("alice");
            reply(&mut login, password, PASSWORD);
            reply(&mut login, question, &code);
            if is_right {
                let said = finish(login, "$ ", "alice");
                assert!(said.contains("9 recovery codes are left."), "{said}");
            } else {
                login.exp_string("Login incorrect").unwrap();
            }
            assert_eq!(site.used(), 1);
        }
        // Who does not know the password is not asked for more.
        let mut login = at_login("alice");
        reply(&mut login, password, "many cows");
        let said = login.exp_string("Login incorrect").unwrap();
        assert!(!said.contains(question), "{said}");
        for (user, prompt) in [("root", "# "), ("dave", "$ ")] {
            let mut login = at_login(user);
            reply(&mut login, password, PASSWORD);
            let said = finish(login, prompt, user);
            assert!(!said.contains(question), "{said}");
        }
    });
}

#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn the_profile_asks_wherever_a_password_is_asked_until_it_is_taken_back() {
    let test = "setup::pam::services::the_profile_asks_wherever_a_password_is_asked_until_it_is_taken_back";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    for user in ["carol", "dave"] {
        site.add_user(user);
    }
    let profile = include_str!("../../../packaging/pam-configs/recovery-codes");
    fs::write("/usr/share/pam-configs/recovery-codes", profile).unwrap();
    let update = |options: &str| {
        site.machine.run(&format!(
            "DEBIAN_FRONTEND=noninteractive pam-auth-update {options}"
        ));
        fs::read_to_string("/etc/pam.d/common-auth").unwrap()
    };
    let become_user = |user: &str, typed: &str| {
        let su = format!("su {user} -c 'echo $(id -un) is in'");
        let ended = site.machine.run_as("carol", &su, typed);
        let is_in = ended.out.ends_with(&format!("{user} is in\n"));
        assert_eq!(ended.exit == 0, is_in, "{ended:?}");
        is_in
    };
    let before = update("--package");
    assert!(!before.contains("recovery_codes"), "{before}");
    let alone = format!("{PASSWORD}\n");
    assert!(become_user("alice", &alone));
    for take_back in ["--disable", "--remove"] {
        let with = update("--enable recovery-codes");
        assert!(with.contains("pam_recovery_codes.so"), "{with}");
        assert!(!become_user("alice", &alone));
        assert!(!become_user(
            "alice",
            &format!("many cows\n{}\n", site.code())
        ));
        let used = site.used();
        assert!(become_user("alice", &format!("{alone}{}\n", site.code())));
        assert_eq!(site.used(), used + 1);
        assert!(become_user("dave", &alone));
        assert_eq!(update(&format!("{take_back} recovery-codes")), before);
        assert!(become_user("alice", &alone));
    }
}
