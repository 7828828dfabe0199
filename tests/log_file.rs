//! `log.file`: each line has its own moment.

use std::fs;

use crate::harness::Desk;

/// A desk with a log file, and the codes of alice.
fn desk() -> (Desk, Vec<String>) {
    let desk = Desk::new();
    let file = desk.home().join("log.txt");
    let desk = desk.with("RECOVERY_CODES_LOG_FILE", file.to_str().unwrap());
    let codes = desk.issue("alice");
    (desk, codes)
}

#[test]
fn each_line_has_the_moment_at_which_it_was_written() {
    let (desk, codes) = desk();
    let desk = desk.with_running_clock(60);
    desk.pipe(&["verify", "alice"], &codes[0]);
    let all = fs::read_to_string(desk.home().join("log.txt")).unwrap();
    let moments: Vec<&str> = all.lines().map(|line| &line[..20]).collect();
    let verify = &moments[moments.len() - 2..];
    assert!(verify[0] < verify[1], "{all}");
}
