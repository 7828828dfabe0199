//! Names, files and keys that are not what they should be: each is refused in words a person
//! can act on, and nothing is changed.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::Command;

use crate::harness::Desk;

/// Every word that needs a store that is there.
const WORDS: &[&[&str]] = &[
    &["status"],
    &["user", "list"],
    &["user", "show", "alice"],
    &["user", "edit", "alice", "--name", "b"],
    &["user", "enable", "alice"],
    &["user", "disable", "alice"],
    &["user", "remove", "alice", "--yes"],
    &["confirm", "alice"],
    &["verify", "alice"],
    &["code", "list", "alice"],
    &["code", "show", "alice", "AAAAAA"],
    &["code", "invalidate", "alice", "AAAAAA"],
    &["code", "reactivate", "alice", "AAAAAA"],
    &["code", "delete", "alice", "AAAAAA", "--yes"],
    &["batch", "list"],
    &["batch", "show", "AB"],
    &["batch", "delete", "AB", "--yes"],
    &["history", "alice"],
    &["limit", "list"],
    &["limit", "show", "alice"],
    &["limit", "reset", "alice"],
    &["log", "audit"],
    &["log", "verify-attempts"],
    &["log", "verify"],
    &["log", "email"],
    &["export", "alice"],
    &["email", "alice"],
    &["logout"],
    &["task", "list"],
    &["task", "show", "1"],
    &["task", "retry", "1"],
    &["task", "flush", "--all", "--yes"],
    &["worker", "--once"],
    &["worker"],
    &["serve"],
    &["backup", "copy.db"],
    &["key", "list"],
    &["key", "rotate"],
    &["key", "retire", "abcd1234", "--yes"],
    &["purge"],
    &["log", "purges"],
    &["log", "prune"],
    &[
        "schedule", "add", "x", "--run", "purge", "--every", "daily", "--at", "03:00",
    ],
    &["schedule", "list"],
    &["schedule", "show", "x"],
    &["schedule", "next", "x"],
    &["schedule", "edit", "x", "--every", "daily"],
    &["schedule", "enable", "x"],
    &["schedule", "disable", "x"],
    &["schedule", "remove", "x", "--yes"],
    &["schedule", "run", "x"],
];

/// Words that make a store where there is none.
const MAKERS: &[&[&str]] = &[
    &["init"],
    &["user", "add", "zoe"],
    &[
        "user",
        "import",
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/harness/people.csv"),
    ],
    &[
        "import",
        "otp-static",
        concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/fixtures/moving/otp-static.json"
        ),
        "--accept-weak",
    ],
    &[
        "import",
        "keycloak",
        concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/fixtures/moving/keycloak.json"
        ),
        "--accept-weak",
    ],
    &[
        "import",
        "privacyidea",
        concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/fixtures/moving/privacyidea.jsonl"
        ),
        "--accept-weak",
    ],
    &["generate", "zoe", "--create-user"],
];

/// Every word refuses the store as it is, and leaves it so.
#[track_caller]
fn every_word_refuses(desk: &Desk, kind: &str, part: &str) {
    for args in WORDS.iter().chain(MAKERS) {
        let said = desk.refuses(args, 4, kind);
        assert!(said.contains(part), "{args:?}: {said}");
    }
    let check = desk.run(&["check", "--json"]);
    assert_eq!(check.exit, 1, "{}", check.out);
    assert!(check.out.contains(part), "{}", check.out);
}

/// A desk with alice, all in the store's one file.
fn settled() -> Desk {
    let desk = Desk::in_file();
    desk.issue("alice");
    desk.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
    desk
}

#[test]
fn names_that_look_like_other_names_are_refused() {
    let desk = settled();
    for name in [
        "",
        " ",
        " alice",
        "alice ",
        "al\nice",
        "al\tice",
        "al\u{0}ice",
        "al\u{1b}[2Jice",
        "al\u{7f}ice",
        "al\u{9b}ice",
        "\u{202e}ecila",
        "al\u{200f}ice",
        "al\u{200b}ice",
        "\u{feff}alice",
        &"x".repeat(151),
        &"x".repeat(10_000),
        &"\u{301}".repeat(10_000),
    ] {
        for args in [
            vec!["user", "add", name],
            vec!["generate", "--create-user", name],
            vec!["user", "show", name],
            vec!["verify", name],
            vec!["user", "edit", "alice", "--name", name],
        ] {
            let said = desk.refuses(&args, 2, "malformed_name");
            let hidden = |c: char| c.is_control() && c != '\n';
            assert!(!said.contains(hidden), "{said:?}");
            assert!(!said.contains(['\u{202e}', '\u{200f}', '\u{200b}', '\u{feff}']));
            assert!(said.chars().count() < 300, "{said}");
        }
    }
}

#[test]
fn names_that_people_have_are_accepted() {
    let desk = Desk::in_file();
    for name in [
        "a/b",
        "../x",
        "Anna Maria",
        "o'brien",
        "\"q\"",
        "50%",
        "李小龍",
        "ﺃﺣﻤﺪ",
        "x;DROP TABLE users",
        &"x".repeat(150),
    ] {
        desk.say(&["user", "add", "--", name]);
        desk.say(&["generate", "--", name]);
        assert_eq!(desk.json(&["user", "show", "--", name])["user"], name);
    }
    desk.say(&["user", "add", "--", "-x"]);
    // Composed and decomposed are the same name.
    desk.say(&["user", "add", "Zo\u{e9}"]);
    desk.refuses(&["user", "add", "Zoe\u{301}"], 3, "user_exists");
    assert_eq!(
        desk.json(&["user", "show", "Zoe\u{301}"])["user"],
        "Zo\u{e9}"
    );
    desk.assert_sound();
}

#[test]
fn a_code_in_place_of_a_name_is_not_written_down() {
    let desk = Desk::in_file();
    let codes = desk.issue("alice");
    for args in [
        ["verify", &*codes[0]],
        ["confirm", &codes[0]],
        ["generate", &codes[0]],
        ["history", &codes[0]],
    ] {
        let said = desk.refuses(&args, 2, "usage");
        assert!(said.contains("treat this one as seen"), "{said}");
        assert!(!said.contains(&codes[0][7..13]), "{said}");
    }
    let add = ["user", "add", &codes[0]];
    let said = desk.refuses(&add, 2, "usage");
    assert!(!said.contains(&codes[0][7..13]), "{said}");
}

/// Words that do not need a store, look at whether there is one, or need more than words.
const FREE: &[&str] = &[
    "import django",
    "import libpam",
    "import csv",
    "check",
    "restore",
    "store copy",
    "schedule install",
    "config show",
    "config path",
    "config template",
    "completions",
    "help",
];

#[test]
fn no_word_is_forgotten_here() {
    fn leaves(tree: &clap::Command, above: &str, all: &mut Vec<String>) {
        for word in tree.get_subcommands() {
            let path = format!("{above} {}", word.get_name()).trim().to_owned();
            match word.has_subcommands() {
                true => leaves(word, &path, all),
                false => all.push(path),
            }
        }
    }
    let mut all = Vec::new();
    leaves(&recovery_codes::cli::command(), "", &mut all);
    for word in all {
        let tried = WORDS.iter().chain(MAKERS).any(|args| {
            let line = args.join(" ");
            line == word || line.starts_with(&format!("{word} "))
        });
        assert!(tried || FREE.contains(&word.as_str()), "{word}");
    }
}

#[test]
fn every_word_says_that_there_is_no_store() {
    let desk = Desk::in_file();
    for args in WORDS {
        let said = desk.refuses(args, 4, "no_store");
        assert!(said.contains(desk.store().to_str().unwrap()), "{said}");
        assert!(
            said.contains("hint: make one with `recovery-codes init`"),
            "{said}"
        );
    }
    assert_eq!(desk.run(&["check"]).exit, 4);
    assert_eq!(fs::read_dir(desk.home()).unwrap().count(), 0);
    for args in MAKERS {
        assert_eq!(Desk::in_file().run(args).exit, 0, "{args:?}");
    }
}

#[test]
fn a_directory_is_no_store() {
    let desk = settled();
    fs::remove_file(desk.store()).unwrap();
    fs::create_dir(desk.store()).unwrap();
    every_word_refuses(&desk, "damaged_store", "is a directory, not a store");
}

#[test]
fn a_pipe_is_no_store() {
    let desk = settled();
    fs::remove_file(desk.store()).unwrap();
    pipe(&desk.store());
    every_word_refuses(&desk, "damaged_store", "is not a regular file");
}

/// A named pipe that nobody writes to: who opens it to read waits for ever.
fn pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

#[test]
fn nobody_waits_for_a_pipe_that_was_named_for_a_file() {
    let desk = settled();
    let place = desk.home().join("places");
    fs::create_dir(&place).unwrap();
    let at = |name: &str| {
        pipe(&place.join(name));
        place.join(name).to_str().unwrap().to_owned()
    };
    for (said, kind) in [
        (
            desk.refuses(&["--config", &at("config.toml"), "status"], 4, "io"),
            "config.toml",
        ),
        (
            desk.refuses(&["--config", "/dev/null", "status"], 4, "io"),
            "/dev/null",
        ),
        (
            desk.refuses(&["restore", &at("backup.db"), "--yes"], 4, "damaged_store"),
            "backup.db",
        ),
    ] {
        assert!(said.contains(kind) && said.contains(" file"), "{said}");
    }
    fs::remove_file(desk.keys()).unwrap();
    pipe(&desk.keys());
    let said = desk.refuses(&["user", "add", "bob"], 4, "io");
    assert!(said.contains("keys.toml is not a regular file"), "{said}");
    assert!(said.contains("<(...)"), "{said}");
    for (setting, name) in [
        ("RECOVERY_CODES_MAIL_PASSWORD_FILE", "password"),
        ("RECOVERY_CODES_MAIL_TEMPLATES", "used.txt"),
    ] {
        let path = at(name);
        let value = if name == "password" {
            &path
        } else {
            place.to_str().unwrap()
        };
        let desk = Desk::in_file()
            .with("RECOVERY_CODES_MAIL_BACKEND", "smtp")
            .with("RECOVERY_CODES_MAIL_HOST", "localhost")
            .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
            .with("RECOVERY_CODES_MAIL_USER", "codes")
            .with(setting, value);
        desk.run(&["init"]);
        let report = desk.run(&["check", "--json"]).out;
        assert!(
            report.contains(&format!("{name} is not a regular file")),
            "{report}"
        );
    }
}

#[test]
fn a_log_that_leads_elsewhere_is_not_followed() {
    let desk = settled();
    let (log, other) = (desk.home().join("log"), desk.home().join("other"));
    let desk = desk.with("RECOVERY_CODES_LOG_FILE", log.to_str().unwrap());
    fs::write(&other, "").unwrap();
    std::os::unix::fs::symlink(&other, &log).unwrap();
    let said = desk.refuses(&["verify", "alice"], 4, "permission");
    assert!(said.contains("log is a link"), "{said}");
    assert_eq!(fs::read(&other).unwrap(), b"");
    fs::remove_file(&log).unwrap();
    pipe(&log);
    desk.refuses(&["verify", "alice"], 4, "permission");
}

#[test]
fn a_key_of_another_user_is_not_used() {
    let desk = settled();
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root can give a file away");
        return;
    }
    chown(desk.keys(), Some(65534), None).unwrap();
    let said = desk.refuses(&["user", "add", "bob"], 4, "permission");
    assert!(said.contains("keys.toml belongs to another user"), "{said}");
    let check = desk.run(&["check", "--json"]);
    assert_eq!(check.exit, 1);
    assert!(
        check.out.contains("belongs to another user"),
        "{}",
        check.out
    );
}

#[test]
fn a_store_that_lost_everything_is_not_taken_for_a_new_one() {
    let desk = settled();
    fs::write(desk.store(), "").unwrap();
    every_word_refuses(&desk, "damaged_store", "is empty");
    assert_eq!(fs::metadata(desk.store()).unwrap().len(), 0);
}

#[test]
fn what_is_not_sqlite_is_refused() {
    let desk = settled();
    fs::write(desk.store(), "dear diary\n".repeat(1000)).unwrap();
    every_word_refuses(&desk, "damaged_store", "is damaged, or not a store at all");
}

#[test]
fn a_store_of_which_half_is_left_is_never_written() {
    let desk = settled();
    let whole = fs::read(desk.store()).unwrap();
    fs::write(desk.store(), &whole[..whole.len() / 2]).unwrap();
    let before = fs::read(desk.store()).unwrap();
    let mut refused = 0;
    for args in WORDS.iter().chain(MAKERS) {
        let ended = desk.run(args);
        if ended.exit == 4 {
            assert!(ended.err.contains("hint: "), "{args:?}: {}", ended.err);
            refused += 1;
        }
    }
    assert!(refused > WORDS.len() / 2, "{refused}");
    assert_eq!(fs::read(desk.store()).unwrap(), before);
    let check = desk.run(&["check", "--json"]);
    assert_eq!(check.exit, 1, "{}", check.out);
    // The first page alone.
    fs::write(desk.store(), &whole[..4096]).unwrap();
    assert_eq!(desk.run(&["check"]).exit, 1);
    fs::write(desk.store(), &whole[..50]).unwrap();
    every_word_refuses(&desk, "damaged_store", "cannot use");
}

#[test]
fn a_newer_store_is_left_alone() {
    let desk = settled();
    desk.tamper("PRAGMA user_version = 999; PRAGMA wal_checkpoint(TRUNCATE)");
    every_word_refuses(&desk, "newer_store", "made by a newer version");
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    let desk = settled();
    desk.tamper("PRAGMA application_id = 1; PRAGMA wal_checkpoint(TRUNCATE)");
    every_word_refuses(&desk, "damaged_store", "is not a store of recovery codes");
    fs::remove_file(desk.store()).unwrap();
    desk.tamper("CREATE TABLE t (x)");
    every_word_refuses(&desk, "damaged_store", "is not a store of recovery codes");
}

#[test]
fn a_table_that_is_missing_is_a_damaged_store() {
    let desk = settled();
    desk.tamper("DROP TABLE attempts");
    desk.refuses(&["log", "verify-attempts"], 4, "damaged_store");
    let desk = settled();
    desk.tamper("PRAGMA ignore_check_constraints = ON; UPDATE users SET state = 'gone'");
    let said = desk.refuses(&["user", "show", "alice"], 4, "damaged_store");
    assert!(
        said.contains("state holds the unknown word 'gone'"),
        "{said}"
    );
}

/// Words that need the key, and the reading ones that do not.
#[track_caller]
fn the_key_is_refused(desk: &Desk, kind: &str, part: &str) {
    for args in [
        ["verify", "alice"].as_slice(),
        &["confirm", "alice"],
        &["generate", "alice", "--yes"],
        &["user", "add", "zoe"],
        &["user", "disable", "alice"],
        &["limit", "reset", "alice"],
        &["log", "verify"],
        &["init"],
    ] {
        let said = desk.refuses(args, 4, kind);
        assert!(said.contains(part), "{args:?}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    for args in [
        ["user", "list"],
        ["user", "show"],
        ["batch", "list"],
        ["log", "audit"],
    ] {
        let args: Vec<&str> = match args {
            ["user", "show"] => vec!["user", "show", "alice"],
            _ => args.to_vec(),
        };
        assert_eq!(desk.run(&args).exit, 0, "{args:?}");
    }
    let check = desk.run(&["check", "--json"]);
    assert_eq!(check.exit, 1);
    assert!(!check.out.contains("hunter2"), "{}", check.out);
}

#[test]
fn a_missing_key_is_said_and_not_replaced() {
    let desk = settled();
    fs::remove_file(desk.keys()).unwrap();
    the_key_is_refused(&desk, "missing_key", "there is no key at ");
    assert!(!desk.keys().exists());
}

/// The variable may be there for another program's sake.
#[test]
fn a_variable_that_is_no_key_is_named() {
    let desk = settled().with("RECOVERY_CODES_KEY", "hunter2");
    let refused = desk.run(&["user", "add", "x", "--json"]);
    assert_eq!(refused.exit, 4);
    assert_eq!(refused.error()["kind"], "damaged_key");
    let hint = refused.error()["hint"].to_string();
    let said = "the variable RECOVERY_CODES_KEY; unset it";
    assert!(hint.contains(said), "{hint}");
    assert!(!refused.err.contains("hunter2"));
}

#[test]
fn a_key_file_that_is_none_is_refused_without_repeating_it() {
    let desk = settled();
    let whole = fs::read_to_string(desk.keys()).unwrap();
    let half = &whole[..whole.len() / 2];
    for (text, part) in [
        ("", "it is empty"),
        ("\n \n", "it is empty"),
        ("hunter2 hunter2", "line 1 is not TOML"),
        ("current = \"hunter2\"\n", "it holds no keys"),
        (
            "current = \"a\"\n[keys.a]\nsecret = \"hunter2\"\n",
            "shorter than 32 characters",
        ),
        (half, "the key file cannot be read"),
    ] {
        fs::write(desk.keys(), text).unwrap();
        the_key_is_refused(&desk, "damaged_key", part);
    }
    fs::write(desk.keys(), [0xFF, 0xFE, 0x00]).unwrap();
    the_key_is_refused(&desk, "io", "cannot read");
}

#[test]
fn a_configuration_file_that_is_none_is_refused_without_repeating_it() {
    let desk = settled();
    for text in ["root:hunter2:0\n", "[codes]\ncount = \"hunter2\n"] {
        fs::write(desk.config(), text).unwrap();
        for words in [&["status"][..], &["generate", "alice"], &["check"]] {
            let ended = desk.run(words);
            let said = ended.out + &ended.err;
            assert!(!said.contains("hunter2"), "{words:?}: {said}");
        }
        let ended = desk.run(&["generate", "alice", "--json"]);
        let line = text.matches('\n').count();
        assert!(
            ended
                .err
                .contains(&format!("is not TOML: line {line}, column ")),
            "{}",
            ended.err
        );
    }
}

#[test]
fn a_variable_that_is_not_text_is_refused_and_not_passed_over() {
    let desk = settled();
    for name in [
        "RECOVERY_CODES_STORE",
        "RECOVERY_CODES_CONFIG",
        "RECOVERY_CODES_KEY",
        "RECOVERY_CODES_LIMITER_MAX_ATTEMPTS",
        "DJANGO_AUTH_RECOVERY_CODES_BASE_COOLDOWN",
    ] {
        let value = OsStr::from_bytes(b"/srv/caf\xE9");
        let ended = desk
            .process(&["user", "add", "zoe"])
            .env(name, value)
            .output()
            .unwrap();
        assert_eq!(ended.status.code(), Some(4), "{name}");
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(
            said.contains(&format!("{name} is not UTF-8 text")),
            "{said}"
        );
    }
    assert_eq!(desk.run(&["user", "show", "zoe"]).exit, 3);
    let elsewhere = desk
        .process(&["status"])
        .env("LESSCHARSET", OsStr::from_bytes(b"\xFF"))
        .output()
        .unwrap();
    assert!(elsewhere.status.success());
}

#[test]
fn a_key_that_others_can_read_is_not_used() {
    let desk = settled();
    for (mode, who) in [(0o604, "everybody on this machine"), (0o640, "its group")] {
        fs::set_permissions(desk.keys(), fs::Permissions::from_mode(mode)).unwrap();
        the_key_is_refused(&desk, "permission", who);
    }
}

#[test]
fn the_key_of_another_store_is_the_wrong_one() {
    let (desk, other) = (settled(), settled_elsewhere());
    fs::copy(other.keys(), desk.keys()).unwrap();
    the_key_is_refused(&desk, "wrong_key", "is not one this store was used with");
    let desk = settled().with("RECOVERY_CODES_KEY", &"hunter2".repeat(6));
    the_key_is_refused(&desk, "wrong_key", "is new to this store");
}

/// A desk whose key is another than everybody's first: the desks' randomness repeats itself.
fn settled_elsewhere() -> Desk {
    let desk = settled();
    for path in [desk.store(), desk.keys()] {
        fs::remove_file(path).unwrap();
    }
    desk.say(&["init"]);
    desk
}

#[test]
fn a_configuration_that_cannot_be_read_is_said() {
    let desk = settled();
    fs::create_dir(desk.config()).unwrap();
    desk.refuses(&["status"], 4, "io");
    fs::remove_dir(desk.config()).unwrap();
    fs::write(desk.config(), [0xFF, 0xFE]).unwrap();
    desk.refuses(&["status"], 4, "io");
    fs::write(desk.config(), "#".repeat(2 << 20)).unwrap();
    let said = desk.refuses(&["status"], 4, "io");
    assert!(said.contains("is larger than 1 MiB"), "{said}");
}

/// The program as somebody who owns nothing here; none where this machine cannot show that.
fn as_nobody(desk: &Desk, args: &[&str]) -> Option<(i32, String)> {
    let program = Path::new("/usr/bin/setpriv");
    if !rustix::process::geteuid().is_root() || !program.exists() {
        return None;
    }
    // Where the program was built nobody else may go.
    let copy = desk.home().join("recovery-codes");
    fs::copy(env!("CARGO_BIN_EXE_recovery-codes"), &copy).unwrap();
    let output = Command::new(program)
        .args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"])
        .arg(&copy)
        .args(args)
        .env_clear()
        .env("HOME", desk.home())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    Some((output.status.code().unwrap(), said))
}

fn open_up(desk: &Desk, store_mode: u32) {
    let mut directory = desk.store();
    while directory.pop() && directory.starts_with(desk.home()) {
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let config = desk.keys().parent().unwrap().to_owned();
    for directory in [config.as_path(), config.parent().unwrap()] {
        fs::set_permissions(directory, fs::Permissions::from_mode(0o755)).unwrap();
    }
    chown(desk.keys(), Some(65534), Some(65534)).unwrap_or_default();
    fs::set_permissions(desk.store(), fs::Permissions::from_mode(store_mode)).unwrap();
}

#[test]
fn a_store_that_one_may_not_read_or_write_is_said() {
    for (mode, part) in [(0o600, "permission"), (0o644, "")] {
        let desk = settled();
        open_up(&desk, mode);
        let before = fs::read(desk.store()).unwrap();
        let Some((exit, said)) = as_nobody(&desk, &["user", "add", "zoe"]) else {
            return;
        };
        assert_eq!(exit, 4, "{said}");
        assert!(
            said.starts_with("error: ") && said.contains("\nhint: "),
            "{said}"
        );
        assert!(said.to_lowercase().contains(part), "{said}");
        assert!(said.contains("owner"), "{said}");
        assert_eq!(fs::read(desk.store()).unwrap(), before);
    }
}

#[test]
fn a_place_where_nothing_can_be_made_is_said() {
    let desk = Desk::in_file();
    fs::write(desk.home().join("file"), "").unwrap();
    let store = desk.home().join("file/s.db");
    let said = desk.refuses(&["init", "--store", store.to_str().unwrap()], 4, "io");
    assert!(said.contains("file"), "{said}");
}
