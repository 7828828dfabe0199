//! A program that is not root, such as a screen locker, asks at the local door.

use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command};
use std::time::Duration;

use super::*;

const LOCKER: &str = "/etc/pam.d/locker";

/// The real `serve`, listening as the manual says.
fn open_door() -> Child {
    let path = "/run/ready";
    let _ = fs::remove_file(path);
    let ready = UnixDatagram::bind(path).unwrap();
    ready
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    let child = Command::new(PROGRAM)
        .args(["--system", "serve"])
        .env_clear()
        .env("NOTIFY_SOCKET", path)
        .spawn()
        .unwrap();
    ready.recv(&mut [0; 100]).unwrap();
    child
}

#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn a_locker_opens_with_a_code_of_ones_own_and_only_where_somebody_answers() {
    let test = "setup::pam::locker::a_locker_opens_with_a_code_of_ones_own_and_only_where_somebody_answers";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    let settings = "/etc/recovery-codes/config.toml";
    let whole = fs::read_to_string(settings).unwrap() + &readme::file("locker.toml");
    fs::write(settings, whole).unwrap();
    let ours = readme::file("pam-locker");
    fs::write(LOCKER, &ours).unwrap();
    site.add_user("bob");
    let bobs = site.says("generate bob --create-user");
    let bobs: Vec<&str> = bobs.lines().collect();
    let ask = |by: &str, user: &str, typed: &str| {
        let ask = format!("pamtester locker {user} authenticate");
        site.machine.run_as(by, &ask, &format!("{typed}\n"))
    };
    let tries = |typed: &str| ask("alice", "alice", typed).exit == 0;
    // Nobody answers.
    assert!(!tries(&site.code()));
    let mut door = open_door();
    let code = site.code();
    for wrong in [NOBODYS, bobs[0], "a torn one", ""] {
        assert!(!tries(wrong), "{wrong:?}");
    }
    // Where the stack does not say where to ask, or asks what cannot be answered there.
    let option = "socket=/run/recovery-codes/door";
    for instead in ["", "nullok socket=/run/recovery-codes/door"] {
        assert!(!with(LOCKER, option, instead, || tries(&code)), "{instead}");
    }
    assert_eq!(site.used(), 0);
    let yes = ask("alice", "alice", &code);
    assert_eq!((yes.exit, site.used()), (0, 1), "{yes:?}");
    assert!(yes.out.contains("9 recovery codes are left."), "{yes:?}");
    // The record says who asked, and for what.
    let record = site.says("log audit --action code.used --json");
    for said in ["\"actor\":\"alice\"", "service locker"] {
        assert!(record.contains(said), "{record}");
    }
    assert!(!tries(&code));
    // Everybody may ask about themselves alone.
    assert_ne!(ask("alice", "bob", bobs[0]).exit, 0);
    assert_eq!(ask("bob", "bob", bobs[0]).exit, 0);
    // Whom no rule names may not ask at all.
    site.machine.add_user("carol");
    let carols = site.says("generate carol --create-user");
    let carols = carols.lines().next().unwrap();
    assert_ne!(ask("carol", "carol", carols).exit, 0);
    assert_eq!(ask("root", "carol", carols).exit, 0);
    with(LOCKER, &ours, &format!("{COMMON}\n{ours}"), || {
        let code = site.code();
        assert!(!tries(&format!("many cows\n{code}")));
        assert!(tries(&format!("{PASSWORD}\n{code}")));
    });
    for _ in 0..5 {
        assert!(!tries(NOBODYS));
    }
    let waits = ask("alice", "alice", &site.code());
    assert!(waits.err.contains("Too many attempts; wait "), "{waits:?}");
    assert_ne!(waits.exit, 0);
    assert_eq!(site.used(), 2);
    // Root has no need of the door.
    door.kill().unwrap();
    door.wait().unwrap();
    assert_ne!(ask("bob", "bob", bobs[1]).exit, 0);
    assert_eq!(ask("root", "bob", bobs[1]).exit, 0);
    site.says("log verify");
}
