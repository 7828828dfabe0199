//! A program that is not root, such as a screen locker, has the module ask at the local door.

use std::fs::{self, OpenOptions};
use std::io::Write;

use super::pam::Site;

const CONFIG: &str = "/etc/recovery-codes/config.toml";
const DOOR: &str = "/run/recovery-codes/door";
const SERVICE: &str = "/etc/pam.d/locker";

/// Serves until it is killed; says by which number.
const SERVE: &str = r#"
recovery-codes --config /etc/recovery-codes/config.toml serve >/dev/null 2>/var/log/serve &
echo $!
until [ -S /run/recovery-codes/door ]; do
    kill -0 $! || { cat /var/log/serve >&2; exit 1; }
    sleep 0.05
done
"#;

const RULE: &str = r#"
[[serve.allow]]
group = "alice"
words = ["verify"]
own = true
"#;

#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn a_screen_locker_of_alices_lets_alice_in_and_nobody_else() {
    let test = "setup::pam_door::a_screen_locker_of_alices_lets_alice_in_and_nobody_else";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    let stack = |options: &str| {
        let text = format!(
            "auth required pam_recovery_codes.so {options}\naccount required pam_permit.so\n"
        );
        fs::write(SERVICE, text).unwrap();
    };
    let try_as = |account: &str, user: &str, code: &str| {
        let ask = format!("pamtester locker {user} authenticate");
        site.machine.run_as(account, &ask, &format!("{code}\n"))
    };
    site.machine.add_user("bob");
    let theirs = site.says("generate bob --create-user");
    let theirs: Vec<&str> = theirs.lines().collect();
    let mut config = OpenOptions::new().append(true).open(CONFIG).unwrap();
    config.write_all(RULE.as_bytes()).unwrap();
    let number = site.machine.run(SERVE);
    let number = number.trim();

    // Without the option nothing can be checked.
    let code = site.code();
    stack("");
    assert_ne!(try_as("alice", "alice", &code).exit, 0);
    assert_eq!(site.used(), 0);

    stack(&format!("socket={DOOR}"));
    let ended = try_as("alice", "alice", &code);
    assert_eq!(ended.exit, 0, "{ended:?}");
    assert!(
        ended.err.contains("9 recovery codes are left")
            || ended.out.contains("9 recovery codes are left"),
        "{ended:?}"
    );
    assert_ne!(try_as("alice", "alice", &code).exit, 0, "once");
    // alice may ask about herself alone, and bob not at all.
    assert_ne!(try_as("alice", "bob", theirs[0]).exit, 0);
    assert_ne!(try_as("bob", "bob", theirs[0]).exit, 0);
    assert!(
        site.says("user show bob --json")
            .contains("\"remaining\":10")
    );
    // Root asks the store itself, whether or not somebody serves.
    let ask = "pamtester locker bob authenticate";
    assert_eq!(site.machine.pipe(ask, &format!("{}\n", theirs[1])).exit, 0);

    let end = format!("kill {number}; while [ -S {DOOR} ]; do sleep 0.05; done");
    site.machine.run(&end);
    let (used, code) = (site.used(), site.code());
    assert_ne!(try_as("alice", "alice", &code).exit, 0, "nobody serves");
    assert_eq!(site.used(), used);
}
