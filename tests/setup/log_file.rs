//! `log.file`: no line of it tells of what did not happen, and each has its own moment.

use std::ffi::CStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::harness::faults::{Fault, Plan, under};
use crate::harness::{Desk, Ended};

/// A desk with a log file, and the codes of alice.
fn desk() -> (Desk, Vec<String>) {
    let desk = Desk::in_file();
    let file = desk.home().join("log.txt");
    let desk = desk.with("RECOVERY_CODES_LOG_FILE", file.to_str().unwrap());
    let codes = desk.issue("alice");
    (desk, codes)
}

/// How many lines hold this.
fn lines(desk: &Desk, text: &str) -> usize {
    let all = fs::read_to_string(desk.home().join("log.txt")).unwrap();
    all.lines().filter(|line| line.contains(text)).count()
}

/// What becomes of it when the last call of this name fails that it makes.
fn fail(last: &CStr, run: impl Fn(&Desk, &str) -> Ended) -> (Desk, Ended) {
    let (desk, codes) = desk();
    let (whole, calls) = under(None, || run(&desk, &codes[0]));
    assert_eq!(whole.exit, 0, "{}", whole.err);
    let plan = Plan {
        at: calls.iter().rposition(|call| *call == last).unwrap() + 1,
        fault: Fault::Io,
        stays: false,
    };
    let (desk, codes) = self::desk();
    let ended = under(Some(plan), || run(&desk, &codes[0])).0;
    assert_eq!(ended.exit, 4, "{}", ended.err);
    (desk, ended)
}

#[test]
fn no_line_tells_of_a_login_that_was_not_made_durable() {
    let verify = |desk: &Desk, code: &str| desk.pipe(&["verify", "alice"], code);
    let (desk, _) = fail(c"fsync", verify);
    assert_eq!(desk.query("SELECT used FROM batches"), "0");
    for text in ["code.used", "attempt", "accepted"] {
        assert_eq!(lines(&desk, text), 0, "{text}");
    }
    assert_eq!(lines(&desk, "WARN"), 1, "that it failed");
    let (desk, codes) = self::desk();
    assert_eq!(verify(&desk, &codes[0]).exit, 0);
    assert_eq!((lines(&desk, "code.used"), lines(&desk, "attempt")), (1, 1));
}

#[test]
fn no_line_tells_of_a_restore_or_of_a_store_that_never_took_its_place() {
    let restore = |desk: &Desk, _: &str| {
        let file = desk.home().join("backup.db");
        let file = file.to_str().unwrap();
        desk.run(&["backup", file]);
        desk.run(&["restore", file, "--yes"])
    };
    let (desk, _) = fail(c"rename", restore);
    assert_eq!(lines(&desk, "store.backed_up"), 1);
    assert_eq!(lines(&desk, "store.restored"), 0);
    let (desk, codes) = self::desk();
    assert_eq!(restore(&desk, &codes[0]).exit, 0);
    assert_eq!(lines(&desk, "store.restored"), 1);
    assert_eq!(lines(&desk, "store.created"), 1);
    let other = |desk: &Desk, _: &str| {
        let other = desk.home().join("other/store.db");
        desk.run(&["--store", other.to_str().unwrap(), "init"])
    };
    let (desk, _) = fail(c"rename", other);
    assert_eq!(lines(&desk, "store.created"), 1, "that of the first store");
}

#[test]
fn a_relative_path_in_the_file_is_beside_the_file() {
    let desk = Desk::in_file();
    desk.say(&["init"]);
    let text =
        "store = \"data.db\"\n[log]\nfile = \"events.log\"\n[mail]\ndirectory = \"../letters\"\n";
    std::fs::write(desk.config(), text).unwrap();
    // A process of its own stands in another directory.
    let ended = desk.spawn(&["user", "add", "alice"], "");
    assert_eq!(ended.exit, 0, "{}", ended.err);
    let place = desk.config().parent().unwrap().to_owned();
    for name in ["data.db", "events.log"] {
        assert!(place.join(name).exists(), "{name}");
    }
    let shown = desk.json(&["config", "show"]);
    let value = |key: &str| {
        let items = shown["items"].as_array().unwrap().iter();
        let mut found = items.filter(|item| item["key"] == key);
        found.next().unwrap()["value"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        value("log.file"),
        place.join("events.log").to_str().unwrap()
    );
    assert_eq!(
        value("mail.directory"),
        place.join("../letters").to_str().unwrap()
    );
    // One in a variable is in the directory in which the program is started.
    let desk = desk.with("RECOVERY_CODES_MAIL_DIRECTORY", "letters");
    let shown = desk.json(&["config", "show"]);
    let items = shown["items"].as_array().unwrap().iter();
    let mut found = items.filter(|item| item["key"] == "mail.directory");
    assert_eq!(found.next().unwrap()["value"], "letters");
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

/// What says that something is wrong with the log must not need it.
#[test]
fn check_names_a_log_that_cannot_be_used_or_that_others_read() {
    let home = Desk::in_file();
    home.issue("alice");
    let log = home.home().join("run.log");
    let desk = home.with("RECOVERY_CODES_LOG_FILE", log.to_str().unwrap());
    std::os::unix::fs::symlink("elsewhere", &log).unwrap();
    let wrong = |desk: &Desk| -> Vec<String> {
        let check = desk.run(&["check", "--json"]);
        let items = check.json()["items"].as_array().unwrap().clone();
        let about = items.iter().filter(|item| item["check"] == "log");
        about.map(|item| item["message"].to_string()).collect()
    };
    assert!(wrong(&desk)[0].contains("is a link"));
    assert_eq!(desk.run(&["config", "show"]).exit, 0);
    desk.refuses(&["user", "list"], 4, "permission");
    fs::remove_file(&log).unwrap();
    assert_eq!(wrong(&desk), [""; 0]);
    fs::set_permissions(&log, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(wrong(&desk)[0].contains("can be read by"));
}
