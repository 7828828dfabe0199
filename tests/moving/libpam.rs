//! `import libpam`: scratch codes of google-authenticator go on working, each once.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::Command;

use super::fixtures::{codes, each_live_once_each_dead_never, import, path};
use crate::harness::Desk;

/// Who runs this.
fn own_name() -> String {
    let said = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}

/// The file of a user, as it lies in a home directory.
fn placed(desk: &Desk, user: &str) -> PathBuf {
    let file = desk.home().join(format!("home-{user}"));
    fs::write(&file, fs::read(path(&format!("libpam/{user}"))).unwrap()).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).unwrap();
    file
}

#[test]
fn each_scratch_code_that_works_there_works_here_once() {
    for user in ["alice", "bob"] {
        let desk = Desk::new();
        let file = placed(&desk, user);
        let said = import(&desk, &["libpam", file.to_str().unwrap()]);
        assert!(said.err.contains("/etc/pam.d"), "{}", said.err);
        let own: Vec<_> = codes("libpam")
            .into_iter()
            .filter(|(whose, ..)| whose == user)
            .map(|(_, code, works)| (own_name(), code, works))
            .collect();
        each_live_once_each_dead_never(&desk, &own);
    }
}

#[test]
fn the_owner_is_the_user() {
    let desk = Desk::new();
    let file = placed(&desk, "alice");
    if fs::metadata(&file).unwrap().uid() != 0 {
        return;
    }
    let others: Vec<PathBuf> = ["alice", "bob"]
        .iter()
        .map(|user| placed(&desk, user))
        .collect();
    std::os::unix::fs::chown(&others[0], Some(1), None).unwrap();
    std::os::unix::fs::chown(&others[1], Some(2), None).unwrap();
    let args = [
        "libpam",
        others[0].to_str().unwrap(),
        others[1].to_str().unwrap(),
        "--json",
    ];
    assert_eq!(import(&desk, &args).json()["imported"], 2);
    for name in ["daemon", "bin"] {
        assert_eq!(
            desk.json(&["user", "show", name])["active_batch"]["imported_from"],
            "libpam"
        );
    }
}

#[test]
fn a_file_that_is_not_its_owners_alone_is_refused() {
    let desk = Desk::new();
    let file = placed(&desk, "alice");
    let refused = |file: &PathBuf, part: &str| {
        let said = desk.run(&["import", "libpam", file.to_str().unwrap(), "--accept-weak"]);
        assert_eq!(said.exit, 2, "{}", said.err);
        assert!(said.err.contains(part), "{}", said.err);
        assert!(!desk.store().exists());
    };
    let link = desk.home().join("link");
    symlink(&file, &link).unwrap();
    refused(&link, "is a link");
    fs::remove_file(&link).unwrap();
    fs::hard_link(&file, &link).unwrap();
    refused(&file, "has a second name");
    fs::remove_file(&link).unwrap();
    for mode in [0o620, 0o602] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        refused(&file, "can be written by others");
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&file, "root:x:0:0\n").unwrap();
    refused(&file, "is no file of google-authenticator");
    fs::write(&file, "A".repeat(100_000)).unwrap();
    refused(&file, "is larger");
    refused(&desk.home().to_owned(), "is no regular file");
    refused(&desk.home().join("nowhere"), "cannot be read");
    // All that is wrong is named.
    let nowhere = desk.home().join("nowhere");
    let nowhere = nowhere.to_str().unwrap();
    let said = desk.run(&["import", "libpam", nowhere, nowhere, "--json"]);
    assert_eq!(said.json()["refused"].as_array().unwrap().len(), 2);
}
