//! `import django`: codes that the Django application issued go on working, each once.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha3::Sha3_512;

use crate::harness::asking::{column, with_json};
use crate::harness::delivery::{assert_no_secret_below, files};
use crate::harness::{Desk, Ended, ended};

/// As the application's own generator makes it: long, and with quotation marks.
pub const KEY: &str = "django-recovery-'\"\\-key-of-132-characters-ü";

/// What the application keeps of a code to find it.
pub fn look_up_hash(code: &str) -> String {
    let mut digest = <Hmac<Sha3_512> as KeyInit>::new_from_slice(KEY.as_bytes()).unwrap();
    digest.update(code.replace('-', "").as_bytes());
    let bytes = digest.finalize().into_bytes();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The code of this number, in the application's alphabet.
pub fn code(number: usize) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijklmnopqrstuvwzyz23456789";
    let mut seed = (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1;
    let mut text = String::new();
    for position in 0..36 {
        seed = seed.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(99);
        if position > 0 && position % 6 == 0 {
            text.push('-');
        }
        text.push(char::from(ALPHABET[(seed >> 33) as usize % ALPHABET.len()]));
    }
    text
}

pub fn user(pk: u64, name: &str, email: &str) -> Value {
    json!({"model": "auth.user", "pk": pk, "fields": {
        "password": "pbkdf2_sha256$1000000$x$y", "last_login": null, "is_superuser": false,
        "username": name, "first_name": "", "last_name": "", "email": email, "is_staff": false,
        "is_active": true, "date_joined": "2026-01-01T00:00:00Z", "groups": [], "user_permissions": [],
    }})
}

pub fn batch_id(number: u64) -> String {
    format!("{number:08x}-0b1c-4d2e-8f3a-000000000000")
}

pub fn batch(number: u64, user: u64) -> Value {
    json!({"model": "django_auth_recovery_codes.recoverycodesbatch", "pk": batch_id(number), "fields": {
        "user": user, "number_issued": 10, "number_removed": 0, "number_invalidated": 0, "number_used": 0,
        "created_at": format!("2026-08-{:02}T10:00:00Z", (number - 1) % 28 + 1), "modified_at": "2026-08-20T10:00:00Z",
        "status": "a", "expiry_date": null, "deleted_at": null, "deleted_by": null, "viewed": false,
        "downloaded": false, "emailed": false, "generated": true, "automatic_removal": true,
        "requested_attempt": 0, "last_attempt": "2026-08-20T10:00:00Z", "cooldown_seconds": 30, "multiplier": 2,
    }})
}

pub fn record(number: usize, batch: u64, user: impl Into<Value>) -> Value {
    json!({"model": "django_auth_recovery_codes.recoverycode", "pk": batch_id(1000 + number as u64), "fields": {
        "hash_code": "pbkdf2_sha256$1000000$x$y", "look_up_hash": look_up_hash(&code(number)),
        "mark_for_deletion": false, "created_at": "2026-08-20T10:00:00Z", "modified_at": "2026-08-20T10:00:00Z",
        "status": "a", "user": user.into(), "batch": batch_id(batch), "automatic_removal": true, "days_to_expire": 0,
        "is_used": false, "is_deactivated": false, "deleted_at": null, "deleted_by": null,
    }})
}

/// The same with one field changed.
pub fn with(mut record: Value, field: &str, value: impl Into<Value>) -> Value {
    record["fields"][field] = value.into();
    record
}

/// Alice with the codes 0 to 4, of which 3 and 4 do not work any more; bob with 10 and 11.
pub fn app() -> Vec<Value> {
    let used = with(record(3, 1, 7), "is_used", true);
    vec![
        json!({"model": "sessions.session", "pk": "x", "fields": {"username": "nobody"}}),
        user(7, "alice", "Alice@Example.org"),
        user(8, "bob", ""),
        user(9, "codeless", ""),
        batch(1, 7),
        record(0, 1, 7),
        record(1, 1, 7),
        record(2, 1, 7),
        with(used, "status", "p"),
        with(record(4, 1, 7), "mark_for_deletion", true),
        batch(2, 8),
        record(10, 2, 8),
        record(11, 2, 8),
    ]
}

/// A dump of so many users with ten codes each.
pub fn long_dump(users: u64) -> String {
    let records = (1..=users).flat_map(|number| {
        let codes = (0..10).map(move |code| record((number * 10 + code) as usize, number, number));
        let name = format!("user{number}");
        [user(number, &name, ""), batch(number, number)]
            .into_iter()
            .chain(codes)
    });
    let records: Vec<String> = records.map(|record| record.to_string()).collect();
    format!("[{}]", records.join(","))
}

pub fn key_file(desk: &Desk, key: &str) -> PathBuf {
    let path = desk.home().join("key-of-the-application");
    fs::write(&path, format!("{key}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    path
}

pub fn import(desk: &Desk, dump: impl AsRef<[u8]>, more: &[&str]) -> Ended {
    let key = key_file(desk, KEY);
    let args = ["import", "django", "-", "--key-file", key.to_str().unwrap()];
    desk.pipe(&[&args, more].concat(), dump)
}

#[track_caller]
pub fn imported(desk: &Desk, records: Vec<Value>) -> Value {
    let done = import(desk, Value::from(records).to_string(), &["--json"]);
    assert_eq!((done.exit, done.err.as_str()), (0, ""), "{}", done.out);
    done.json()
}

pub fn verify(desk: &Desk, user: &str, code: &str) -> u8 {
    desk.pipe(&["verify", user], code).exit
}

fn kept_key(desk: &Desk) -> PathBuf {
    desk.keys().with_file_name("django.key")
}

#[test]
fn codes_go_on_working_each_once() {
    let desk = Desk::new();
    assert_eq!(
        imported(&desk, app()),
        json!({"added": 2, "disabled": 0, "imported": 2, "codes": 5, "dead": 2, "batches": 2, "history": 0,
               "schedules": [], "schedules_left": [], "codes_left": 0, "skipped": 0, "left": 0, "refused": [], "refused_more": 0})
    );
    desk.assert_sound();
    let [whole, bobs] = [0, 1].map(|entry| desk.audit()[entry].clone());
    assert_eq!(whole["action"], "codes.imported");
    assert_eq!(
        whole["details"],
        "from django: 5 codes of 2 users, 2 dead codes, 2 batches, 0 log lines, 0 schedules"
    );
    assert_eq!(bobs["action"], "batch.imported");
    assert_eq!(bobs["details"], "2 codes, from django");
    let mode = fs::metadata(kept_key(&desk)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // By address too, and however it is written.
    let spaced = code(0).replace('-', " ");
    assert_eq!(verify(&desk, "alice@example.org", &spaced), 0);
    assert_eq!(verify(&desk, "alice", &code(0)), 1);
    assert_eq!(desk.pipe(&["confirm", "alice"], code(1)).exit, 0);
    assert_eq!(verify(&desk, "alice", &code(1)), 0);
    for dead in [code(3), code(4), code(10)] {
        assert_eq!(verify(&desk, "alice", &dead), 1);
    }
    assert_eq!(verify(&desk, "bob", &code(11)), 0);
    assert_eq!(desk.run(&["user", "show", "codeless"]).exit, 3);
    let shown = desk.json(&["user", "show", "alice"]);
    assert_eq!(shown["remaining"], 1);
    assert_eq!(shown["active_batch"]["imported_from"], "django");
    assert_eq!(shown["active_batch"]["batch"], "000000010B1C4D2E");
    // Everything else is done to them as to others.
    let hint = shown["remaining_hints"][0].as_str().unwrap();
    desk.say(&["code", "invalidate", "alice", hint]);
    assert_eq!(verify(&desk, "alice", &code(2)), 1);
    desk.say(&["code", "reactivate", "alice", hint]);
    desk.run(&["limit", "reset", "alice"]);
    assert_eq!(verify(&desk, "alice", &code(2)), 0);
    desk.pass(3600);
    assert_eq!(desk.json(&["purge", "--retention-days", "0"])["codes"], 6);
    assert_eq!(desk.json(&["history", "alice"])["items"][0]["used"], 4);
    desk.assert_sound();
}

#[test]
fn a_service_that_cannot_read_the_key_is_handed_it() {
    let desk = Desk::new();
    imported(&desk, app());
    let credentials = desk.home().join("credentials");
    fs::create_dir(&credentials).unwrap();
    fs::rename(kept_key(&desk), credentials.join("recovery-codes.django")).unwrap();
    fs::copy(desk.keys(), credentials.join("recovery-codes.keys")).unwrap();
    let own = desk.issue("dora");
    let refused = desk.pipe(&["verify", "alice"], code(0));
    assert_eq!(refused.exit, 4, "{}", refused.err);
    let desk = desk.with("CREDENTIALS_DIRECTORY", credentials.to_str().unwrap());
    assert_eq!(verify(&desk, "alice", &code(0)), 0);
    assert_eq!(verify(&desk, "alice", &code(0)), 1);
    // What lies beside the settings is not looked at: it may not be readable.
    fs::remove_file(credentials.join("recovery-codes.django")).unwrap();
    fs::create_dir(kept_key(&desk)).unwrap();
    assert_eq!(verify(&desk, "alice", &code(1)), 4);
    assert_eq!(verify(&desk, "dora", &own[0]), 0);
}

#[test]
fn a_dry_run_names_what_would_come_and_changes_nothing() {
    let desk = Desk::new();
    let dump = json!(app()).to_string();
    // A store that was not there is made, as by every import, and that is said.
    let first = import(&desk, &dump, &["--dry-run"]);
    assert!(first.err.contains("Made a key at"), "{}", first.err);
    assert!(first.err.contains("Made a store at"), "{}", first.err);
    let deeds = desk.deeds();
    let told = import(&desk, &dump, &["--dry-run", "--json"]);
    assert_eq!(told.exit, 0, "{}", told.err);
    let told = told.json();
    assert_eq!((desk.deeds(), kept_key(&desk).exists()), (deeds, false));
    let come = column(&told, "user");
    let codes: u64 = column(&told, "codes")
        .iter()
        .map(|codes| codes.parse::<u64>().unwrap())
        .sum();
    let done = imported(&desk, app());
    assert_eq!(done["imported"], come.len());
    assert_eq!(done["codes"], codes);
    let again = import(&desk, &dump, &["--dry-run"]);
    assert!(
        again.out.contains("these codes came before"),
        "{}",
        again.out
    );
    assert!(again.err.contains("0 codes would come"), "{}", again.err);
}

#[test]
fn neither_codes_nor_the_key_are_left_anywhere_else() {
    let desk = Desk::new();
    let said = import(&desk, Value::from(app()).to_string(), &[]);
    let place = kept_key(&desk);
    let kept = format!("key is kept at {}.", place.display());
    assert!(said.err.contains(&kept), "{}", said.err);
    fs::remove_file(key_file(&desk, KEY)).unwrap();
    verify(&desk, "alice", &code(0));
    verify(&desk, "alice", &code(5));
    assert_no_secret_below(desk.home(), &[code(0), code(1), code(5)]);
    let holders: Vec<_> = files(desk.home())
        .into_iter()
        .filter(|(_, bytes)| {
            bytes
                .windows(KEY.len())
                .any(|found| found == KEY.as_bytes())
        })
        .map(|(path, _)| path)
        .collect();
    assert_eq!(holders, [place]);
    for (_, bytes) in files(desk.store().parent().unwrap()) {
        let digest = look_up_hash(&code(0));
        assert!(
            !bytes
                .windows(32)
                .any(|found| found == &digest.as_bytes()[..32])
        );
    }
}

#[test]
fn of_many_at_once_one_is_let_in() {
    let desk = Desk::new();
    imported(&desk, app());
    let code = code(10);
    let all = desk.race(&[(&["verify", "bob"][..], code.as_str()); 8]);
    assert_eq!(all.iter().filter(|ended| ended.exit == 0).count(), 1);
    desk.assert_sound();
}

#[test]
fn what_a_dump_shows_lets_nobody_in() {
    let desk = Desk::new();
    imported(&desk, app());
    let rows = desk.json(&["code", "list", "bob"]);
    let hint = rows["items"][0]["hint"].as_str().unwrap().to_owned();
    // The digest as it is written here, which whoever has the dump can compute.
    let digest = look_up_hash(&code(10));
    let all = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz23456789";
    let stand_in: String = (0..36)
        .map(|at| u8::from_str_radix(&digest[2 * at..2 * at + 2], 16).unwrap())
        .map(|byte| char::from(all[usize::from(byte) % all.len()]))
        .collect();
    assert!(stand_in.starts_with(&hint), "{stand_in} {hint}");
    assert_eq!(verify(&desk, "bob", &stand_in), 1);
    assert_eq!(verify(&desk, "bob", &digest[..36]), 1);
    assert_eq!(verify(&desk, "bob", &code(10)), 0);
}

#[test]
fn the_same_dump_brings_nothing_back() {
    let desk = Desk::new();
    imported(&desk, app());
    assert_eq!(verify(&desk, "alice", &code(0)), 0);
    let deeds = desk.deeds();
    let again = imported(&desk, app());
    assert_eq!(
        [&again["imported"], &again["skipped"]],
        [&json!(0), &json!(2)]
    );
    assert_eq!(desk.deeds(), deeds);
    // Whoever was taken over may have changed since.
    desk.say(&["user", "edit", "alice", "--email", "new@example.org"]);
    assert_eq!(imported(&desk, app())["skipped"], 2);
    // Not even where the batch is gone.
    let batch = desk.active_batch("alice");
    desk.say(&["batch", "delete", &batch, "--now", "--yes"]);
    desk.pass(1000 * 86_400);
    desk.say(&["purge", "--retention-days", "0"]);
    assert_eq!(imported(&desk, app())["imported"], 0);
    assert_eq!(verify(&desk, "alice", &code(0)), 1);
    let said = import(&desk, Value::from(app()).to_string(), &[]);
    assert!(
        said.err
            .starts_with("Took over no codes; 2 users have codes here"),
        "{}",
        said.err
    );
    desk.assert_sound();
}

#[test]
fn a_removed_user_brings_no_used_code_back() {
    let (desk, dump) = (Desk::new(), json!(app()).to_string());
    assert_eq!(import(&desk, &dump, &[]).exit, 0);
    assert_eq!(verify(&desk, "alice", &code(0)), 0);
    desk.say(&["user", "remove", "alice", "--yes"]);
    let again = import(&desk, &dump, &["--json"]);
    assert_eq!(again.exit, 0, "{}", again.err);
    assert_eq!(again.json()["skipped"], 2);
    assert_eq!(verify(&desk, "alice", &code(0)), 1);
}

#[test]
fn a_backup_from_before_an_import_brings_no_used_code_back() {
    let (desk, dump) = (Desk::new(), json!(app()).to_string());
    desk.say(&["init"]);
    let backup = desk.home().join("backup.db");
    let backup = backup.to_str().unwrap();
    desk.say(&["backup", backup]);
    assert_eq!(import(&desk, &dump, &[]).exit, 0);
    assert_eq!(verify(&desk, "alice", &code(0)), 0);
    desk.say(&["restore", backup, "--yes"]);
    let again = import(&desk, &dump, &["--json"]);
    assert_eq!(again.exit, 3, "{}", again.out);
    assert_eq!(again.error()["kind"], "wrong_state");
    assert_eq!(verify(&desk, "alice", &code(0)), 1);
    // Somebody who knows that none was used may say so.
    assert_eq!(import(&desk, &dump, &["--trust-codes"]).exit, 0);
    assert_eq!(verify(&desk, "alice", &code(1)), 0);
    // Then there is nothing left to trust.
    assert_eq!(import(&desk, &dump, &[]).exit, 0);
}

#[test]
fn new_codes_take_their_place() {
    let desk = Desk::new();
    imported(&desk, app());
    let new = desk.issue("alice");
    assert_eq!(verify(&desk, "alice", &code(0)), 1);
    assert_eq!(verify(&desk, "alice", &new[0]), 0);
    let attempts = desk.json(&["log", "verify-attempts", "--user", "alice"]);
    assert_eq!(attempts["items"][1]["outcome"], "superseded");
}

#[test]
fn without_the_key_of_the_application_no_code_is_called_wrong() {
    let desk = Desk::new();
    imported(&desk, app());
    let own = desk.issue("carol");
    let away = desk.home().join("away");
    fs::rename(kept_key(&desk), &away).unwrap();
    let said = desk.pipe(&["verify", "alice", "--json"], code(0));
    assert_eq!(
        (said.exit, said.error()["kind"].as_str()),
        (4, Some("missing_key"))
    );
    assert_eq!(verify(&desk, "carol", &own[0]), 0);
    assert_eq!(verify(&desk, "nobody", &code(0)), 1);
    let check = desk.run(&["check", "--json"]);
    assert_eq!(check.exit, 1);
    assert!(check.out.contains("its key is missing"), "{}", check.out);
    fs::rename(&away, kept_key(&desk)).unwrap();
    desk.assert_sound();
    assert_eq!(verify(&desk, "alice", &code(0)), 0);
    fs::set_permissions(kept_key(&desk), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(verify(&desk, "alice", &code(1)), 4);
}

#[test]
fn the_key_must_be_known_private_and_always_the_same() {
    let desk = Desk::new();
    let dump = Value::from(app()).to_string();
    let said = desk.pipe(&["import", "django", "-"], &dump);
    assert_eq!(said.exit, 2);
    assert!(said.err.contains("--key-file"), "{}", said.err);
    let key = key_file(&desk, KEY);
    let args = [
        "import",
        "django",
        "-",
        "--key-file",
        key.to_str().unwrap(),
        "--json",
    ];
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    let said = desk.pipe(&args, &dump);
    assert_eq!(
        (said.exit, said.error()["kind"].as_str()),
        (4, Some("permission"))
    );
    fs::write(&key, "\n").unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let said = desk.pipe(&args, &dump);
    assert_eq!(
        (said.exit, said.error()["kind"].as_str()),
        (4, Some("damaged_key"))
    );
    let nowhere = ["import", "django", "-", "--key-file", "/nowhere/key"];
    assert_eq!(desk.pipe(&nowhere, &dump).exit, 4);
    assert!(!desk.store().exists() && !kept_key(&desk).exists());
    imported(&desk, app());
    // It is known now, and another one is refused.
    assert_eq!(desk.pipe(&["import", "django", "-"], &dump).exit, 0);
    key_file(&desk, "another");
    let said = desk.pipe(&args, &dump);
    assert_eq!(
        (said.exit, said.error()["kind"].as_str()),
        (4, Some("wrong_key"))
    );
    assert!(!said.err.contains("another\""), "{}", said.err);
    assert_eq!(verify(&desk, "alice", &code(0)), 0);
    // The variable that the application reads will do.
    let variable = Desk::new().with("DJANGO_AUTH_RECOVERY_KEY", KEY);
    assert_eq!(variable.pipe(&["import", "django", "-"], &dump).exit, 0);
    assert_eq!(verify(&variable, "alice", &code(0)), 0);
    assert_eq!(fs::read_to_string(kept_key(&variable)).unwrap(), KEY);
}

#[track_caller]
fn assert_wrong_key(desk: &Desk, args: &[&str], input: impl AsRef<[u8]>) -> String {
    let said = desk.pipe(&with_json(args), input);
    let error = said.error();
    assert_eq!((said.exit, error["kind"].as_str()), (4, Some("wrong_key")));
    error["hint"].as_str().unwrap().to_owned()
}

#[test]
fn a_variable_that_changes_makes_no_code_wrong() {
    const NAME: &str = "DJANGO_AUTH_RECOVERY_KEY";
    let dump = Value::from(app()).to_string();
    let desk = Desk::new().with("RECOVERY_CODES_KEY", &"k".repeat(40));
    let desk = desk.with(NAME, KEY);
    desk.pipe(&["import", "django", "-"], &dump);
    let own = desk.issue("carol");
    let desk = desk.with(NAME, "another key, of at least 32 characters");
    // A variable replaces no key, even while none is proven.
    fs::remove_file(kept_key(&desk)).unwrap();
    assert_wrong_key(&desk, &["import", "django", "-"], &dump);
    assert!(!kept_key(&desk).exists());
    fs::write(kept_key(&desk), KEY).unwrap();
    fs::set_permissions(kept_key(&desk), fs::Permissions::from_mode(0o600)).unwrap();
    // The file stands before the variable.
    assert_eq!(verify(&desk, "alice", &code(0)), 0);
    desk.assert_sound();
    // Without the file, what is right is not called wrong, and no guess is counted.
    fs::remove_file(kept_key(&desk)).unwrap();
    for _ in 0..10 {
        let hint = assert_wrong_key(&desk, &["verify", "alice"], code(1));
        assert!(hint.contains("django.key"), "{hint}");
    }
    assert_wrong_key(&desk, &["confirm", "alice"], code(1));
    assert_eq!(
        desk.query("SELECT COUNT(*) FROM limiters WHERE action = 'verify'"),
        "0"
    );
    assert_eq!(verify(&desk, "carol", &own[0]), 0);
    let check = desk.run(&["check", "--json"]);
    assert_eq!(check.exit, 1);
    assert!(check.out.contains("under another key"), "{}", check.out);
    assert_wrong_key(&desk, &["import", "django", "-"], &dump);
    assert!(!kept_key(&desk).exists());
    // Given again, it is kept again.
    import(&desk, &dump, &[]);
    assert!(kept_key(&desk).exists());
    desk.assert_sound();
    assert_eq!(verify(&desk, "alice", &code(1)), 0);
}

#[test]
fn a_mistyped_key_is_replaced_until_a_code_is_used() {
    let desk = Desk::new();
    let dump = Value::from(app()).to_string();
    let key = key_file(&desk, "mistyped");
    let args = ["import", "django", "-", "--key-file", key.to_str().unwrap()];
    assert_eq!(desk.pipe(&args, &dump).exit, 0);
    assert_eq!(verify(&desk, "alice", &code(0)), 1);
    key_file(&desk, KEY);
    let hint = assert_wrong_key(&desk, &args, &dump);
    assert!(hint.contains("django.key and import again"), "{hint}");
    fs::write(kept_key(&desk), KEY).unwrap();
    assert_wrong_key(&desk, &["verify", "alice"], code(0));
    let said = desk.pipe(&args, &dump);
    assert_eq!(said.exit, 0, "{}", said.err);
    assert!(said.err.contains("Another key"), "{}", said.err);
    assert_eq!(desk.audit()[0]["action"], "key.rotated");
    desk.assert_sound();
    assert_eq!(verify(&desk, "alice", &code(0)), 0);
    // Now it is known to be the right one.
    fs::write(kept_key(&desk), "mistyped").unwrap();
    let hint = assert_wrong_key(&desk, &args[..3], &dump);
    assert!(hint.contains("put that key back"), "{hint}");
    assert_wrong_key(&desk, &["verify", "alice"], code(1));
    for user in ["alice", "bob"] {
        desk.issue(user);
    }
    assert_eq!(desk.pipe(&args[..3], &dump).exit, 0);
    desk.assert_sound();
}

#[test]
fn only_what_works_there_is_taken_over() {
    let desk = Desk::new();
    let records = vec![
        user(1, "expired", ""),
        with(batch(1, 1), "expiry_date", "2026-09-20"),
        record(1, 1, 1),
        // Until the end of the day.
        user(2, "today", ""),
        with(batch(2, 2), "expiry_date", "2026-09-21"),
        record(2, 2, 2),
        user(3, "deleted", ""),
        with(batch(3, 3), "status", "p"),
        record(3, 3, 3),
        with(user(4, "inactive", ""), "is_active", false),
        batch(4, 4),
        record(4, 4, 4),
        // Two active batches are one too many; the newer one counts.
        user(5, "twice", ""),
        batch(6, 5),
        record(6, 6, 5),
        batch(5, 5),
        record(5, 5, 5),
        user(6, "here", ""),
        batch(7, 6),
        record(7, 7, 6),
        // Natural keys, and a model of the project's own.
        json!({"model": "people.person", "fields": {"password": "x", "username": "natural"}}),
        batch(8, 0),
        record(8, 8, vec!["natural"]),
    ];
    let own = desk.issue("here");
    let done = imported(&desk, records);
    for (field, number) in [
        ("added", 6),
        ("disabled", 1),
        ("imported", 4),
        ("codes", 4),
        ("dead", 3),
        ("batches", 7),
        ("skipped", 1),
    ] {
        assert_eq!(done[field], number, "{field}");
    }
    for (user, number, exit) in [
        ("expired", 1, 1),
        ("deleted", 3, 1),
        ("inactive", 4, 1),
        ("today", 2, 0),
        ("twice", 6, 0),
        ("twice", 5, 1),
        ("natural", 8, 0),
        ("here", 7, 1),
    ] {
        assert_eq!(verify(&desk, user, &code(number)), exit, "{user} {number}");
    }
    assert_eq!(verify(&desk, "here", &own[0]), 0);
    let shown = desk.json(&["user", "show", "today"]);
    assert_eq!(shown["active_batch"]["expires_at"], "2026-09-22T00:00:00Z");
}

#[test]
fn who_cannot_be_a_user_here_is_named_and_nothing_is_changed() {
    let desk = Desk::new();
    let mut records = app();
    records.push(user(20, " odd", ""));
    records.extend([batch(3, 20), record(20, 3, 20)]);
    records.push(user(21, "erna", "alice@example.org"));
    records.extend([batch(4, 21), record(21, 4, 21)]);
    let said = import(&desk, Value::from(records).to_string(), &["--json"]);
    assert_eq!(said.exit, 2);
    assert_eq!(
        said.json()["refused"],
        json!([
            {"record": 14, "kind": "malformed_name", "message": "' odd' is not a user name: it begins or ends with a space"},
            {"record": 17, "kind": "usage", "message": "erna has the address alice@example.org of alice in record 2"},
        ])
    );
    assert!(!desk.store().exists());
    desk.say(&["user", "add", "alice", "--email", "other@example.org"]);
    let said = import(&desk, Value::from(app()).to_string(), &[]);
    assert_eq!(said.exit, 3);
    assert!(
        said.err
            .contains("record 2: the user alice is there already with another"),
        "{}",
        said.err
    );
    assert!(!kept_key(&desk).exists());
    assert_eq!(desk.json(&["user", "list"])["total"], 1);
}

#[test]
fn of_two_users_with_one_address_neither_gets_it_where_that_is_wanted() {
    let desk = Desk::new();
    let mut records = app();
    records.push(user(21, "erna", "ALICE@example.org"));
    records.extend([batch(4, 21), record(21, 4, 21)]);
    let dump = Value::from(records).to_string();
    let said = import(&desk, dump.clone(), &[]);
    let both = "record 14: erna has the address ALICE@example.org of alice in record 2";
    assert!(said.err.contains(both), "{}", said.err);
    assert!(said.err.contains("--without-shared-emails"), "{}", said.err);
    let option = ["--without-shared-emails", "--json"];
    let done = import(&desk, dump.clone(), &option);
    assert_eq!(done.exit, 0, "{}", done.err);
    for name in ["alice", "erna"] {
        let shown = desk.json(&["user", "show", name]);
        assert_eq!(shown["email"], Value::Null);
        assert_eq!(shown["active_batch"]["shown_at"], Value::Null);
    }
    assert_eq!(import(&desk, dump, &option).json()["imported"], 0);
    // Codes from elsewhere are with their users already.
    let worry = desk.json(&["user", "list", "--codes", "undelivered"]);
    assert_eq!(worry["total"], 0);

    // Nobody loses an address who has it here.
    let desk = Desk::new();
    desk.say(&["user", "add", "dora", "--email", "alice@example.org"]);
    let dump = Value::from(app()).to_string();
    let said = import(&desk, dump.clone(), &[]);
    assert_eq!(said.exit, 3);
    let both = "alice has an address of another user: Alice@Example.org belongs to the user dora";
    assert!(said.err.contains(both), "{}", said.err);
    assert!(said.err.contains("--without-shared-emails"), "{}", said.err);
    assert_eq!(import(&desk, dump, &option).exit, 0);
    let emails = ["alice", "dora"].map(|name| desk.json(&["user", "show", name])["email"].clone());
    assert_eq!(emails, [json!(null), json!("alice@example.org")]);
}

#[test]
fn a_dump_may_be_of_any_length() {
    let desk = Desk::new();
    let file = desk.home().join("dump.json");
    let mut text = "[".to_owned();
    let post = json!({"model": "blog.post", "pk": 1, "fields": {"text": "a".repeat(1 << 20)}});
    for _ in 0..129 {
        text.push_str(&post.to_string());
        text.push(',');
    }
    text.push_str(&Value::from(app()).to_string()[1..]);
    std::fs::write(&file, text).unwrap();
    let key = key_file(&desk, KEY);
    let (file, key) = (file.to_str().unwrap(), key.to_str().unwrap());
    let done = desk.run(&["import", "django", file, "--key-file", key, "--json"]);
    assert_eq!(done.exit, 0, "{}", done.err);
    assert_eq!(done.json()["codes"], 5);
}

#[test]
fn what_is_no_dump_is_refused() {
    let desk = Desk::new();
    let dump = Value::from(app()).to_string();
    let without_users: Vec<_> = app()
        .into_iter()
        .filter(|record| record["model"] != "auth.user")
        .collect();
    let odd = |number: usize, field: &str, value: Value| {
        let mut records = app();
        records[number]["fields"][field] = value;
        Value::from(records).to_string()
    };
    for (dump, part) in [
        (String::new(), "not the JSON that is meant"),
        (
            dump[..dump.len() / 2].to_owned(),
            "not the JSON that is meant",
        ),
        ("{}".to_owned(), "record 1 is not as"),
        ("[1]".to_owned(), "record 1 is not"),
        (odd(5, "is_used", json!("no")), "record 6 is not"),
        (
            odd(5, "look_up_hash", json!("abc")),
            "record 6 holds no look_up_hash",
        ),
        (odd(4, "expiry_date", json!("soon")), "record 5 is not"),
        (
            Value::from(without_users).to_string(),
            "does not hold the user 7",
        ),
    ] {
        let said = import(&desk, &dump, &[]);
        assert_eq!((said.exit, said.out.as_str()), (2, ""), "{}", said.err);
        assert!(said.err.contains(part), "{}", said.err);
        assert!(
            said.err.contains("hint: nothing was changed"),
            "{}",
            said.err
        );
    }
    assert!(!desk.store().exists() && !kept_key(&desk).exists());
    // A byte order mark does not matter, and nobody's codes are nothing wrong.
    assert_eq!(import(&desk, "\u{feff}[]", &[]).exit, 0);
}

#[test]
fn a_damaged_store_is_left_alone() {
    let desk = Desk::new();
    desk.say(&["init"]);
    fs::write(desk.store(), "dear diary\n".repeat(1000)).unwrap();
    let said = import(&desk, Value::from(app()).to_string(), &["--json"]);
    assert_eq!(
        (said.exit, said.error()["kind"].as_str()),
        (4, Some("damaged_store"))
    );
    assert!(!kept_key(&desk).exists());
}

#[test]
fn killed_it_goes_on_with_the_next() {
    let desk = Desk::new().with("RECOVERY_CODES_HASH_MEMORY_KIB", "1024");
    desk.say(&["init"]);
    let mut records = Vec::new();
    for number in 1..=60 {
        records.extend([
            user(number, &format!("user{number}"), ""),
            batch(number, number),
        ]);
        records.extend((0..4).map(|code| record(number as usize * 4 + code, number, number)));
    }
    let dump = desk.home().join("dump.json");
    fs::write(&dump, Value::from(records).to_string()).unwrap();
    let key = key_file(&desk, KEY);
    let args = [
        "import",
        "django",
        dump.to_str().unwrap(),
        "--key-file",
        key.to_str().unwrap(),
        "--jobs",
        "1",
    ];
    let number = || {
        desk.query("SELECT COUNT(*) FROM batches")
            .parse::<u64>()
            .unwrap()
    };
    for name in ["KILL", "TERM"] {
        let before = number();
        let mut child = desk.process(&with_json(&args)).spawn().unwrap();
        while number() == before {
            assert!(
                child.try_wait().unwrap().is_none(),
                "it ended before it began"
            );
        }
        let kill = ["-s", name, &child.id().to_string()];
        assert!(Command::new("kill").args(kill).status().unwrap().success());
        let done = ended(child.wait_with_output().unwrap());
        assert!(number() < 60, "it was not interrupted");
        if name == "TERM" {
            assert_eq!(
                (done.exit, done.error()["kind"].as_str()),
                (4, Some("interrupted"))
            );
            assert_eq!(done.json()["left"], 60 - number());
        }
    }
    desk.say(&args);
    assert_eq!(number(), 60);
    assert_eq!(desk.query("SELECT COUNT(*) FROM codes"), "240");
    for number in [1, 13, 60] {
        assert_eq!(
            verify(&desk, &format!("user{number}"), &code(number * 4 + 3)),
            0
        );
    }
    desk.assert_sound();
}

#[test]
fn who_is_disabled_while_it_runs_gets_no_codes() {
    let desk = Desk::new().with("RECOVERY_CODES_HASH_MEMORY_KIB", "1024");
    desk.say(&["user", "add", "user40"]);
    let mut records = Vec::new();
    for number in 1..=40 {
        records.extend([
            user(number, &format!("user{number}"), ""),
            batch(number, number),
        ]);
        records.extend((0..4).map(|code| record(number as usize * 4 + code, number, number)));
    }
    let dump = desk.home().join("dump.json");
    fs::write(&dump, Value::from(records).to_string()).unwrap();
    let key = key_file(&desk, KEY);
    let (dump, key) = (dump.to_str().unwrap(), key.to_str().unwrap());
    let args = ["import", "django", dump, "--key-file", key, "--jobs", "1"];
    let mut child = desk.process(&with_json(&args)).spawn().unwrap();
    while desk.query("SELECT COUNT(*) FROM batches") == "0" {
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before it began"
        );
    }
    desk.say(&["user", "disable", "user40"]);
    let done = ended(child.wait_with_output().unwrap());
    assert_eq!(done.exit, 0, "{}", done.err);
    let done = done.json();
    assert_eq!([&done["imported"], &done["skipped"]], [39, 1]);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_stands_in_a_dump_nothing_stumbles(
        record in 0_usize..13,
        field in any::<prop::sample::Index>(),
        value in prop_oneof![
            Just(Value::Null), any::<bool>().prop_map(Value::from), any::<i64>().prop_map(Value::from),
            ".{0,40}".prop_map(Value::from), Just(json!([])), Just(json!({"a": ["b"]})),
        ],
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let desk = Desk::new();
        let mut records = app();
        let fields = records[record]["fields"].as_object_mut().unwrap();
        let name = fields.keys().nth(field.index(fields.len())).unwrap().clone();
        fields.insert(name, value);
        let mut dump = Value::from(records).to_string().into_bytes();
        if let Some(cut) = cut {
            dump.truncate(cut.index(dump.len()));
        }
        let said = import(&desk, &dump, &["--json"]);
        if said.exit != 0 {
            prop_assert_eq!(said.exit, 2, "{}", said.err);
            prop_assert!(said.error()["hint"].is_string());
            prop_assert!(!desk.store().exists());
        }
    }
}
