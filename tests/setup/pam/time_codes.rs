//! Time codes beside recovery codes, below a key or a password.

use super::*;

/// The time code of this moment (RFC 6238) for the secret below.
const TIME_CODE: &str = r#"python3 -c '
import hmac, struct, time
mac = hmac.new(b"12345678901234567890", struct.pack(">Q", int(time.time()) // 30), "sha1").digest()
at = mac[-1] & 15
print("%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7fffffff) % 10**6))'
"#;

/// The same secret in base 32, as one module for time codes keeps it.
const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n\" WINDOW_SIZE 3\n\" TOTP_AUTH\n";

/// The same as the other module keeps it.
const OATH: &str = "HOTP/T30/6 alice - 3132333435363738393031323334353637383930\n";

/// The manual's line for sshd that the stacks with time codes stand in the place of.
const OURS: &str = "auth     required  pam_recovery_codes.so";

/// The stacks of the manual, each with what is typed at the questions before a recovery code.
fn stacks() -> [(&'static str, String, &'static str); 3] {
    let one = readme::file("pam-sshd-one");
    let googles = "auth [success=1 default=ignore] pam_google_authenticator.so use_first_pass\n";
    assert!(one.contains(googles));
    let oath = one.replace(googles, &readme::file("pam-sshd-oath"));
    [
        ("two questions", readme::file("pam-sshd-two"), "\n"),
        ("one question", one, ""),
        ("one question, and pam_oath", oath, ""),
    ]
}

impl Site {
    /// alice has time codes from now on.
    fn begin_time_codes(&self) {
        let file = "/srv/alice/.google_authenticator";
        fs::write(file, SECRET).unwrap();
        self.machine
            .run(&format!("chown alice: {file}; chmod 400 {file}"));
    }

    /// A time code of alice's. pam_oath would take none twice.
    fn time_code(&self) -> String {
        fs::write("/etc/users.oath", OATH).unwrap();
        self.machine.run("chmod 600 /etc/users.oath");
        self.machine.run(TIME_CODE)
    }
}

#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn a_time_code_or_a_recovery_code_lets_in_with_one_question_or_two() {
    let test =
        "setup::pam::time_codes::a_time_code_or_a_recovery_code_lets_in_with_one_question_or_two";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    site.begin_time_codes();
    let ask = "pamtester sshd alice authenticate setcred";
    let lets_in = |typed: &str| site.machine.pipe(ask, typed).exit == 0;
    for (stack, lines, before) in stacks() {
        with(SERVICE, OURS, &lines, || {
            let time_code = site.time_code();
            assert!(lets_in(&time_code), "{stack}: {time_code}");
            let (used, code) = (site.used(), site.code());
            assert!(lets_in(&format!("{before}{code}\n")), "{stack}");
            assert_eq!(site.used(), used + 1, "{stack}");
            for wrong in [code.as_str(), NOBODYS, "000000", ""] {
                assert!(!lets_in(&format!("{before}{wrong}\n")), "{stack}: {wrong}");
            }
            // Without the store a time code still lets in, and nothing else does. Without the module
            // it does so only at a question of its own.
            for (file, is_alone) in [(STORE, true), (&site.module, !before.is_empty())] {
                let away = format!("{file}.away");
                fs::rename(file, &away).unwrap();
                let without = format!("{stack}, without {file}");
                let time_code = site.time_code();
                assert_eq!(lets_in(&time_code), is_alone, "{without}");
                let code = NOBODYS;
                assert!(!lets_in(&format!("{before}{code}\n")), "{without}");
                fs::rename(&away, file).unwrap();
            }
        });
    }
}

#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn ssh_lets_in_with_a_password_and_one_of_both_codes() {
    let test = "setup::pam::time_codes::ssh_lets_in_with_a_password_and_one_of_both_codes";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    site.begin_time_codes();
    site.add_user("root");
    let roots = site.says("generate root --create-user");
    let roots = roots.lines().next().unwrap();
    let methods = "publickey,keyboard-interactive";
    let keyless = || {
        // The third differs from the second only below the question.
        for (stack, lines, before) in stacks().into_iter().take(2) {
            let lines = format!("{COMMON}\n{lines}");
            with(SERVICE, OURS, &lines, || {
                let sshd = Sshd::start(&site.machine);
                let tries = |user: &str, password: &str, typed: &str| {
                    let typed = format!("{password}\n{typed}\n");
                    let ended = sshd.login_as("alice", user, &typed);
                    (is_in(&ended, user), ended.err)
                };
                let (is_in, said) = tries("alice", PASSWORD, &site.time_code());
                assert!(is_in, "{stack}: {said}");
                let (used, code) = (site.used(), site.code());
                for (user, password, code) in [
                    ("alice", "many cows", code.as_str()),
                    ("nobody-knows", PASSWORD, &code),
                    ("alice", PASSWORD, NOBODYS),
                    ("alice", PASSWORD, "000000"),
                    ("root", PASSWORD, roots),
                ] {
                    let (is_in, said) = tries(user, password, &format!("{before}{code}"));
                    assert!(!is_in, "{stack}: {user} {password} {code}");
                    // Who does not know the password is not asked for more.
                    let is_asked = (user, password) == ("alice", PASSWORD);
                    assert!(said.contains("Password:"), "{stack}: {said}");
                    assert_eq!(said.contains("ode: "), is_asked, "{stack}: {user} {said}");
                }
                assert_eq!(site.used(), used, "{stack}");
                let code = format!("{before}{code}");
                assert!(tries("alice", PASSWORD, &code).0, "{stack}");
                assert_eq!(site.used(), used + 1, "{stack}");
                assert!(!tries("alice", PASSWORD, &code).0, "{stack}");
            });
        }
    };
    with(SSHD, methods, "keyboard-interactive", keyless);
}
