//! Lists of any length: memory does not grow with them, and what is put aside meanwhile is nobody's.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use nix::sys::resource::{UsageWho, getrusage};
use serde_json::json;

use super::import::{KEY, key_file, long_dump};
use super::past;
use crate::harness::{Desk, Ended, PROGRAM, ended};

/// A list of so many users with so many codes each.
fn list(desk: &Desk, users: usize, codes: usize) -> PathBuf {
    let mut text = String::from("user,code\n");
    for user in 0..users {
        for code in 0..codes {
            let code = format!("{}{user:06}{code:04}", "Kq7#vX".repeat(3));
            text.push_str(&format!("user{user},{code}\n"));
        }
    }
    let path = desk.home().join("list.csv");
    fs::write(&path, text).unwrap();
    path
}

/// The most memory that a run of the program took, in KiB, as the system counted it. A process of its own
/// waits for it, for the system counts all whom one waited for together.
fn peak(desk: &Desk, args: &[&str], exit: i32) -> u64 {
    let measured = desk
        .itself("moving::memory::measures")
        .env("MEASURED", args.join("\n"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&measured.stdout);
    let line = said.lines().find_map(|line| line.split_once("measured "));
    let (ended, peak) = line.unwrap().1.split_once(' ').unwrap();
    let err = String::from_utf8_lossy(&measured.stderr);
    assert_eq!(ended, exit.to_string(), "{err}");
    peak.parse().unwrap()
}

#[test]
#[ignore = "the other tests start it"]
fn measures() {
    let Ok(args) = env::var("MEASURED") else {
        return;
    };
    let mut command = Command::new(PROGRAM);
    let ended = command.args(args.split('\n')).stdout(Stdio::null());
    let ended = ended.status().unwrap().code().unwrap();
    let peak = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss();
    println!("measured {ended} {peak}");
}

/// What SQLite keeps in memory is full for the larger of two lists, and not for the smaller; the rest is the
/// same.
const KEPT_KIB: u64 = 9 << 10;

/// It is the same for few and for many users, but for what is kept in memory of a file.
#[track_caller]
fn assert_flat(few_and_many: [usize; 2], run: impl Fn(&Desk, usize) -> u64) {
    let peaks = few_and_many.map(|users| run(&Desk::in_file(), users));
    assert!(peaks[1] < peaks[0] + KEPT_KIB, "{peaks:?} KiB");
}

#[test]
fn a_list_is_looked_at_in_flat_memory() {
    assert_flat([20, 400], |desk, users| {
        let path = list(desk, users, 200);
        let path = path.to_str().unwrap();
        peak(desk, &["import", "csv", path, "--dry-run"], 0)
    });
}

#[test]
fn a_list_is_taken_over_in_flat_memory() {
    assert_flat([10, 200], |desk, users| {
        let path = list(desk, users, 200);
        peak(desk, &["import", "csv", path.to_str().unwrap()], 0)
    });
}

#[test]
fn a_list_of_which_nothing_is_right_is_refused_in_flat_memory() {
    assert_flat([2_000, 40_000], |desk, lines| {
        let path = desk.home().join("list.csv");
        let list = (0..lines).map(|line| format!("user{},short\n", line % 1000));
        fs::write(
            &path,
            String::from("user,code\n") + &list.collect::<String>(),
        )
        .unwrap();
        let path = path.to_str().unwrap();
        peak(desk, &["import", "csv", path, "--dry-run"], 2)
    });
}

#[test]
fn the_first_wrong_lines_are_named_and_all_are_counted() {
    let desk = Desk::new();
    let path = desk.home().join("list.csv");
    let list = "alice,short\n".repeat(900) + &"bob\n".repeat(1100);
    fs::write(&path, format!("user,code\n{list}")).unwrap();
    let args = ["import", "csv", path.to_str().unwrap()];
    let said = desk.run(&args);
    assert_eq!(said.exit, 2);
    assert!(said.err.contains("\nand 1980 more lines\n"), "{}", said.err);
    assert!(said.err.contains("2000 lines cannot"), "{}", said.err);
    let said = desk.run(&[&args[..], &["--json"]].concat()).json();
    let refused = said["refused"].as_array().unwrap();
    assert_eq!((refused.len(), &said["refused_more"]), (1000, &json!(1000)));
    // What is wrong with codes is seen later than what is wrong with lines.
    let ends = [&refused[0]["line"], &refused[999]["line"]];
    assert_eq!(ends, [&json!(2), &json!(1001)]);
}

#[test]
fn a_dump_is_looked_at_in_flat_memory() {
    assert_flat([100, 2000], |desk, users| {
        let key = key_file(desk, KEY);
        let path = desk.home().join("dump.json");
        fs::write(&path, long_dump(users as u64)).unwrap();
        let [path, key] = [&path, &key].map(|path| path.to_str().unwrap());
        let args = ["import", "django", path, "--key-file", key, "--dry-run"];
        peak(desk, &args, 0)
    });
}

/// Runs it with this temporary directory, in which no file can grow beyond so many blocks.
fn import_in(desk: &Desk, temporary: &Path, blocks: u32, args: &[&str]) -> Ended {
    let script = format!("ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let mut command = desk.shell(&script, args);
    ended(command.env("TMPDIR", temporary).output().unwrap())
}

#[test]
fn a_full_temporary_directory_changes_nothing_and_keeps_nothing() {
    let desk = Desk::in_file();
    desk.say(&["user", "add", "bob"]);
    let temporary = desk.home().join("temporary");
    fs::create_dir(&temporary).unwrap();
    let path = list(&desk, 600, 200);
    let args = ["import", "csv", path.to_str().unwrap(), "--dry-run"];
    let deeds = desk.deeds();
    let full = import_in(&desk, &temporary, 1000, &args);
    assert_eq!((full.exit, full.out.as_str()), (4, ""), "{}", full.err);
    assert!(full.err.contains("the temporary directory"), "{}", full.err);
    assert!(
        full.err.contains("hint: ") && full.err.contains("TMPDIR"),
        "{}",
        full.err
    );
    let free = import_in(&desk, &temporary, 1_000_000, &args);
    assert_eq!(free.exit, 0, "{}", free.err);
    assert_eq!(desk.deeds(), deeds);
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
}

/// SQL: as many users, and what each has, in rows `many` that are numbered by `n`.
fn many(each: &str) -> String {
    let many =
        "WITH RECURSIVE many (n) AS (SELECT 1001 UNION ALL SELECT n + 1 FROM many WHERE n < 40000)";
    format!(
        "{many} INSERT INTO auth_user
             (id, password, is_superuser, username, last_name, email, is_staff, is_active, date_joined, first_name)
         SELECT n, '', 0, 'user' || n, '', '', 0, 1, '2026-01-01 00:00:00', '' FROM many; {}",
        each.replace("MANY", many)
    )
}

/// It says that of the temporary directory, and nothing of the database.
#[track_caller]
fn assert_the_temporary_directory_is_blamed(desk: &Desk, args: &[&str]) {
    let temporary = desk.home().join("temporary");
    fs::create_dir(&temporary).unwrap();
    let full = import_in(desk, &temporary, 1000, args);
    assert_eq!((full.exit, full.out.as_str()), (4, ""), "{}", full.err);
    assert!(
        full.err.contains("the temporary directory") && full.err.contains("TMPDIR"),
        "{}",
        full.err
    );
    assert!(!full.err.contains("cannot read"), "{}", full.err);
    assert!(!desk.store().exists());
}

#[test]
fn a_database_of_tokens_is_not_blamed_for_a_full_temporary_directory() {
    let desk = Desk::in_file();
    let path = desk.home().join("site.sqlite3");
    let site = rusqlite::Connection::open(&path).unwrap();
    site.execute_batch(include_str!("../fixtures/moving/otp-static.sql"))
        .unwrap();
    site.execute_batch(&many(
        "CREATE INDEX otp_static_staticdevice_user_id ON otp_static_staticdevice (user_id);
         MANY INSERT INTO otp_static_staticdevice
             SELECT n, 'Backup Code', 1, n, 0, NULL, '2026-01-01 00:00:00', NULL FROM many;
         MANY INSERT INTO otp_static_statictoken SELECT n, printf('t%015d', n), n FROM many;",
    ))
    .unwrap();
    let args = ["import", "otp-static", path.to_str().unwrap(), "--dry-run"];
    let args = [&args[..], &["--accept-weak"]].concat();
    assert_the_temporary_directory_is_blamed(&desk, &args);
}

#[test]
fn a_database_of_codes_is_not_blamed_for_a_full_temporary_directory() {
    let desk = Desk::in_file();
    let key = key_file(&desk, KEY);
    let path = past::database(
        &desk,
        &many(
            "MANY INSERT INTO django_auth_recovery_codes_recoverycodesbatch
             SELECT last_attempt, cooldown_seconds, multiplier, printf('%016x%016x', n, n), 1, 0, 0, 0, created_at,
                    modified_at, 'a', NULL, NULL, 0, 0, 0, 1, 1, 0, NULL, n
             FROM many, django_auth_recovery_codes_recoverycodesbatch WHERE user_id = 7 AND status = 'a';",
        ),
    );
    let [path, key] = [&path, &key].map(|path| path.to_str().unwrap());
    let args = ["import", "django", path, "--key-file", key, "--dry-run"];
    assert_the_temporary_directory_is_blamed(&desk, &args);
}

#[test]
fn a_temporary_directory_that_is_named_must_be_there() {
    let desk = Desk::in_file();
    desk.say(&["user", "add", "bob"]);
    let path = list(&desk, 1, 1);
    let deeds = desk.deeds();
    let args = ["import", "csv", path.to_str().unwrap()];
    let mut command = desk.process(&args);
    let refused = ended(command.env("TMPDIR", "/nowhere").output().unwrap());
    assert_eq!((refused.exit, refused.out.as_str()), (4, ""));
    assert!(
        refused.err.contains("TMPDIR names /nowhere"),
        "{}",
        refused.err
    );
    assert!(refused.err.contains("unset TMPDIR"), "{}", refused.err);
    assert_eq!(desk.deeds(), deeds);
    // Where none is named, SQLite finds one.
    let mut command = desk.process(&args);
    let done = ended(command.env_remove("TMPDIR").output().unwrap());
    assert_eq!(done.exit, 0, "{}", done.err);
}

#[test]
fn who_does_not_come_is_shown_first_and_everybody_is_counted() {
    let desk = Desk::new();
    desk.issue("user15");
    let path = list(&desk, 20, 20);
    let path = path.to_str().unwrap();
    let look = |more: &[&str]| desk.json(&[&["import", "csv", path, "--dry-run"], more].concat());
    let first = look(&[]);
    assert_eq!(first["items"].as_array().unwrap().len(), 10);
    assert_eq!((&first["pages"], &first["total"]), (&json!(2), &json!(20)));
    assert_eq!(first["items"][0]["user"], "user15");
    assert_eq!(first["items"][0]["codes"], 0);
    assert_eq!(first["items"][1]["user"], "user0");
    assert_eq!(first["codes"], 19 * 20);
    let outcomes = json!([
        {"action": "added, codes come", "users": 19},
        {"action": "nothing: disabled, or has codes here", "users": 1},
    ]);
    assert_eq!(first["outcomes"], outcomes);
    let last = look(&["--page", "2", "--per-page", "15"]);
    assert_eq!(last["items"].as_array().unwrap().len(), 5);
    assert_eq!(
        (&last["items"][4]["user"], &last["outcomes"]),
        (&json!("user19"), &outcomes)
    );
    let said = desk.run(&["import", "csv", path, "--dry-run"]);
    assert!(
        said.err.contains("19 users: added, codes come"),
        "{}",
        said.err
    );
    assert!(said.err.contains("Page 1 of 2"), "{}", said.err);
    assert_eq!(desk.run(&["import", "csv", path, "--page", "2"]).exit, 2);
}
