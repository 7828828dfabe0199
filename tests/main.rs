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

mod accounts;
mod backup;
mod bad_input;
mod batch;
mod check;
mod code;
mod completions;
mod config;
mod confirm;
mod crash;
mod delivery_terminal;
mod dotenv;
mod email;
mod export;
mod faults;
mod flush;
mod generate;
mod generated;
mod habits;
mod help;
mod history;
mod import;
mod init;
mod install;
mod key;
mod layering;
mod limit;
mod limiter;
mod log;
mod log_file;
mod logout;
mod long_purge;
mod mailer;
mod marks;
mod notices;
mod oracle;
mod pam;
mod prune;
mod purge;
mod purge_model;
mod race;
mod readme;
mod restore;
mod schedule;
mod secrets;
mod session;
mod state_machine;
mod status;
mod task;
mod terminal;
mod turns;
mod user;
mod user_import;
mod verify;
mod worker;
mod worker_mail;

/// A file that is not listed above would be silently left out.
#[test]
fn no_test_file_is_forgotten() {
    let listed = include_str!("main.rs");
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let module = name.trim_end_matches(".rs");
        assert!(
            module == "main" || listed.contains(&format!("\nmod {module};")),
            "tests/{name} is not listed in tests/main.rs"
        );
    }
}
