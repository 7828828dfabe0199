//! A store of the version before seals is sealed once, and never taken for unsealed again.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::harness::Desk;

fn sealed(desk: &Desk) -> Vec<String> {
    let entries = desk.json(&["log", "audit", "--action", "store.sealed"]);
    let items = entries["items"].as_array().unwrap().iter();
    items
        .map(|entry| entry["details"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn an_older_store_is_sealed_once() {
    let desk = Desk::older();
    let before = desk.run(&["check", "--deep", "--json"]);
    assert_eq!(before.exit, 0, "{}", before.out);
    assert!(
        before
            .out
            .contains("5 users of an earlier version are not sealed yet"),
        "{}",
        before.out
    );
    assert!(
        before.out.contains("does not say that the store is sealed"),
        "{}",
        before.out
    );
    // By whatever is done first.
    let alice = Desk::older_codes("alice");
    assert_eq!(desk.pipe(&["verify", "alice"], &alice[2]).exit, 0);
    let was = "as they were: 5 users, 5 open batches, 50 codes";
    assert_eq!(sealed(&desk), [was]);
    desk.assert_sound();
    let keys = fs::read_to_string(desk.keys()).unwrap();
    assert_eq!(keys.matches("sealed = true\n").count(), 1, "{keys}");
    // Everything is what it was.
    for (user, codes, number, exit) in [
        ("alice@example.org", "alice", 3, 0),
        ("alice", "alice", 2, 1),
        ("alice", "alice", 0, 1),
        ("alice", "alice", 1, 1),
        ("bob", "bob", 0, 0),
        ("bob", "bob-first", 0, 1),
        ("carol", "carol", 0, 0),
        ("carol", "carol-pending", 0, 1),
        ("erin", "erin", 0, 1),
    ] {
        let code = &Desk::older_codes(codes)[number];
        let ended = desk.pipe(&["verify", user], code);
        assert_eq!(ended.exit, exit, "{codes} {number}: {}", ended.err);
    }
    let pending = Desk::older_codes("carol-pending");
    assert_eq!(desk.pipe(&["confirm", "carol"], &pending[0]).exit, 0);
    desk.say(&["code", "reactivate", "alice", &alice[1][..6]]);
    assert_eq!(desk.pipe(&["verify", "alice"], &alice[1]).exit, 0);
    desk.say(&["user", "enable", "erin"]);
    assert_eq!(
        desk.pipe(&["verify", "erin"], &Desk::older_codes("erin")[0])
            .exit,
        0
    );
    assert_eq!(sealed(&desk), [was]);
    desk.assert_sound();
    let after = desk.run(&["check", "--json"]).out;
    assert!(
        !after.contains("does not say that the store is sealed"),
        "{after}"
    );
    // What is left of a code says that it was used.
    assert_eq!(
        desk.pipe(&["verify", "bob"], &Desk::older_codes("bob")[0])
            .exit,
        1
    );
    assert_eq!(
        desk.query("SELECT outcome FROM attempts ORDER BY id DESC LIMIT 1"),
        "used"
    );
}

#[test]
fn a_store_from_before_is_known_when_it_is_put_back() {
    let desk = Desk::older();
    let before = desk.home().join("before.db");
    desk.tamper(&format!("VACUUM INTO '{}'", before.display()));
    desk.say(&["init"]);
    fs::remove_file(desk.store()).unwrap();
    for ending in ["-wal", "-shm"] {
        let mut name = desk.store().into_os_string();
        name.push(ending);
        let _ = fs::remove_file(name);
    }
    fs::copy(&before, desk.store()).unwrap();
    let code = &Desk::older_codes("alice")[2];
    let ended = desk.pipe(&["verify", "alice", "--json"], code);
    assert_eq!(ended.exit, 4);
    assert_eq!(ended.error()["kind"], "forged");
    let said = desk.refuses(&["user", "add", "x"], 4, "forged");
    assert!(said.contains("from before it was sealed"), "{said}");
    let check = desk.run(&["check", "--json"]);
    assert_eq!(check.exit, 1);
    assert!(
        check.out.contains("from before the store was sealed"),
        "{}",
        check.out
    );
}

/// Two stores may have one key file, and the second is not a forged first one.
#[test]
fn another_store_of_the_same_key_is_sealed_with_a_word() {
    let desk = Desk::older();
    let other = desk.home().join("other.db");
    desk.tamper(&format!("VACUUM INTO '{}'", other.display()));
    fs::set_permissions(&other, fs::Permissions::from_mode(0o600)).unwrap();
    desk.say(&["init"]);
    let there = ["--store", other.to_str().unwrap()];
    let say = |words: &[&str]| desk.run(&[&there, words].concat());
    assert_eq!(say(&["user", "add", "x"]).exit, 4);
    assert_eq!(say(&["init"]).exit, 3);
    assert_eq!(say(&["init", "--yes"]).exit, 0);
    assert_eq!(say(&["user", "add", "x"]).exit, 0);
    assert_eq!(say(&["check", "--deep"]).exit, 0);
    desk.assert_sound();
}

/// Nobody can write down beside such a key that the store was sealed, so somebody has to say so.
#[test]
fn where_the_key_is_no_file_it_is_sealed_with_a_word() {
    let desk = Desk::older();
    let keys = fs::read_to_string(desk.keys()).unwrap();
    let secret = keys.split("secret = \"").nth(1).unwrap();
    let secret = secret.split('"').next().unwrap().to_owned();
    fs::remove_file(desk.keys()).unwrap();
    let desk = desk.with("RECOVERY_CODES_KEY", &secret);
    let code = &Desk::older_codes("alice")[2];
    assert_eq!(desk.pipe(&["verify", "alice"], code).exit, 4);
    let said = desk.refuses(&["user", "add", "x"], 4, "forged");
    assert!(said.contains("`recovery-codes init`"), "{said}");
    let said = desk.refuses(&["init"], 3, "not_confirmed");
    assert!(said.contains("somebody put it back"), "{said}");
    desk.say(&["init", "--yes"]);
    assert_eq!(sealed(&desk).len(), 1);
    assert_eq!(desk.pipe(&["verify", "alice"], code).exit, 0);
    desk.say(&["init"]);
    desk.assert_sound();
}

/// Each command does a part; who is not sealed yet logs in as before.
#[test]
fn a_large_store_is_sealed_part_by_part() {
    let desk = Desk::older();
    desk.tamper(
        "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 11100)
         INSERT INTO users (id, name, state, created_at) SELECT i, 'user' || i, 'active', 1 FROM n;
         PRAGMA foreign_keys = OFF;
         UPDATE batches SET user_id = 20000 WHERE user_id = 1; UPDATE users SET id = 20000 WHERE id = 1;",
    );
    assert_eq!(
        desk.pipe(&["verify", "alice"], &Desk::older_codes("alice")[2])
            .exit,
        0
    );
    assert_eq!(sealed(&desk), [""; 0]);
    assert!(!fs::read_to_string(desk.keys()).unwrap().contains("sealed"));
    // Who is sealed already is proven.
    desk.tamper("UPDATE users SET email = 'm@x.org', email_folded = 'm@x.org' WHERE id = 2");
    let bob = Desk::older_codes("bob");
    assert_eq!(desk.pipe(&["verify", "bob"], &bob[0]).exit, 1);
    assert_eq!(sealed(&desk).len(), 1);
    assert_eq!(
        desk.pipe(&["verify", "alice"], &Desk::older_codes("alice")[3])
            .exit,
        0
    );
    assert_eq!(desk.pipe(&["verify", "bob"], &bob[1]).exit, 1);
    let deep = desk.run(&["check", "--deep"]);
    assert!(
        deep.out.contains("the row of the user 'bob'"),
        "{}",
        deep.out
    );
}

/// Two programs that come upon it at once seal it once.
#[test]
fn programs_that_race_seal_it_once() {
    let desk = Desk::older();
    let words: &[&str] = &["init"];
    let ended = desk.race(&[(words, ""); 6]);
    for ended in &ended {
        assert_eq!(ended.exit, 0, "{}", ended.err);
    }
    assert_eq!(sealed(&desk).len(), 1);
    desk.assert_sound();
}

#[test]
fn who_sealed_it_says_so() {
    let desk = Desk::older();
    let said = desk.say(&["init"]);
    assert!(
        said.err.contains("Sealed the store of an earlier version"),
        "{}",
        said.err
    );
    assert_eq!(desk.json(&["init"])["store_sealed"], false);
    assert_eq!(Desk::older().json(&["init"])["store_sealed"], true);
    assert_eq!(Desk::new().json(&["init"])["store_sealed"], false);
}

/// Nobody can tell there, so that is not well.
#[test]
fn a_store_nobody_can_vouch_for_is_not_called_well() {
    let desk = Desk::older();
    let keys = fs::read_to_string(desk.keys()).unwrap();
    let secret = keys.split("secret = \"").nth(1).unwrap();
    let secret = secret.split('"').next().unwrap().to_owned();
    fs::remove_file(desk.keys()).unwrap();
    let desk = desk.with("RECOVERY_CODES_KEY", &secret);
    let check = desk.run(&["check", "--deep", "--json"]);
    assert_eq!(check.exit, 1, "{}", check.out);
    assert!(
        check.out.contains("the store is from before it was sealed"),
        "{}",
        check.out
    );
    assert!(
        !check.out.contains("each as it was sealed"),
        "{}",
        check.out
    );
}
