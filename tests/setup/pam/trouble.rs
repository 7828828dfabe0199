//! A program that misbehaves, and a module that does.

use super::*;

#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn a_program_that_hangs_says_nothing_or_says_yes_without_a_document_lets_nobody_in() {
    let test = "setup::pam::trouble::a_program_that_hangs_says_nothing_or_says_yes_without_a_document_lets_nobody_in";
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

#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn a_module_that_panics_ends_nobody_and_lets_nobody_in() {
    let test = "setup::pam::trouble::a_module_that_panics_ends_nobody_and_lets_nobody_in";
    let Some(site) = Site::of_its_own(test) else {
        return;
    };
    let install = |module: &Path| {
        let from = module.display();
        site.machine
            .run(&format!("install -m 644 '{from}' '{}'", site.module));
    };
    site.add_user("carol");
    install(&built("panics/module"));
    let why = "Authentication service cannot retrieve authentication info";
    let ended = site.try_pamtester("");
    assert!(ended.exit == 1 && ended.err.contains(why), "{ended:?}");
    let lines = "auth required pam_recovery_codes.so\nauth required pam_permit.so";
    let ended = with("/etc/pam.d/su", COMMON, lines, || {
        let su = "su alice -c 'echo $(id -un) is in'";
        site.machine.run_as("carol", su, &(site.code() + "\n"))
    });
    assert!(!is_in(&ended, "alice"));
    assert!(ended.exit == 1 && ended.err.contains(why), "{ended:?}");
    let sshd = Sshd::start(&site.machine);
    assert!(!is_in(&sshd.login("alice", &site.code()), "alice"));
    sshd.logs(&format!("PAM: {why}"));
    assert_eq!(site.used(), 0);
    // The same server goes on.
    install(&built("module"));
    assert!(is_in(&sshd.login("alice", &site.code()), "alice"));
}
