//! Every word, tried whole: in this process where that proves the rule, as processes of its own
//! where the system has a part in it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test stops where it stumbles, and brings the world along itself"
)]

mod harness;

mod check;
mod cleaning;
mod codes;
mod door;
mod failover;
mod house;
mod issuing;
mod mail;
mod manual;
mod moving;
mod setup;
mod sheets;
mod trust;
mod users;
mod work;

/// A file that its room does not list would be silently left out.
#[test]
fn no_test_file_is_forgotten() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
    let listed = |list: &str, directory: &str| {
        let list = std::fs::read_to_string(format!("{directory}/{list}")).unwrap();
        for entry in std::fs::read_dir(directory).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let module = name.trim_end_matches(".rs");
            let is_one = name.ends_with(".rs") || entry.path().is_dir();
            assert!(
                !is_one
                    || ["main", "mod", "fixtures", "servers"].contains(&module)
                    || list.contains(&format!("mod {module};")),
                "{directory}/{name} is not listed"
            );
        }
    };
    listed("main.rs", root);
    for room in std::fs::read_dir(root).unwrap() {
        let room = room.unwrap().path();
        if room.is_dir() && !["fixtures", "servers"].iter().any(|it| room.ends_with(it)) {
            listed("mod.rs", room.to_str().unwrap());
        }
    }
}
