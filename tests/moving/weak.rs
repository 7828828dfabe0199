//! Codes that can be guessed with fewer than 64 bits: only where they are accepted, counted until they are
//! gone, and tried a hundred times at the most.

use serde_json::json;

use super::fixtures::{import, live, path, verify};
use crate::harness::Desk;

const DAY: i64 = 86_400;

fn weak(list: &str) -> Desk {
    let desk = Desk::new();
    let done = desk.pipe(&["import", "csv", "-", "--accept-weak"], list);
    assert_eq!(done.exit, 0, "{}", done.err);
    desk
}

#[test]
fn they_come_only_where_they_are_accepted() {
    let desk = Desk::new();
    let file = path("otp-static.json");
    let said = desk.run(&["import", "otp-static", &file, "--json"]);
    assert_eq!(
        (said.exit, said.error()["kind"].as_str()),
        (3, Some("wrong_state"))
    );
    assert!(said.err.contains("--accept-weak"), "{}", said.err);
    assert_eq!(desk.json(&["user", "list"])["total"], 0);
    let told = desk.run(&["import", "otp-static", &file, "--dry-run"]);
    assert_eq!(told.exit, 0);
    assert!(told.err.contains("--accept-weak alone"), "{}", told.err);
    assert!(told.err.contains("First: Take django_otp"), "{}", told.err);
    assert_eq!(desk.json(&["user", "list"])["total"], 0);
}

#[test]
fn they_expire_and_are_counted_until_they_are_gone() {
    let desk = weak("user,code\nalice,12345678\nalice,87654321\nbob,11112222\n");
    assert_eq!(desk.json(&["status"])["codes"]["weak"], 3);
    let said = desk.run(&["check"]);
    assert!(
        said.out.contains("3 codes of 2 users, from another system"),
        "{}",
        said.out
    );
    verify(&desk, "alice", "12345678");
    assert_eq!(desk.json(&["status"])["codes"]["weak"], 2);
    assert!(
        desk.run(&["status"])
            .err
            .contains("issue new codes to 2 users")
    );
    desk.issue("bob");
    assert_eq!(desk.json(&["status"])["codes"]["weak"], 1);
    let at = desk.json(&["user", "show", "alice"])["active_batch"]["expires_at"].clone();
    desk.pass(90 * DAY - 1);
    assert_eq!(desk.json(&["status"])["codes"]["weak"], 1, "{at}");
    desk.pass(1);
    assert_eq!(desk.json(&["status"])["codes"]["weak"], 0);
    assert_eq!(verify(&desk, "alice", "87654321"), 1);
    desk.assert_sound();
    // Another time is what was asked for.
    let desk = Desk::new();
    desk.pipe(
        &["import", "csv", "-", "--accept-weak", "--expires-in", "3d"],
        "user,code\na,12345678\n",
    );
    desk.pass(3 * DAY);
    assert_eq!(verify(&desk, "a", "12345678"), 1);
    let said = desk.pipe(
        &["import", "csv", "-", "--expires-in", "soon"],
        "user,code\n",
    );
    assert_eq!(said.exit, 2);
}

#[test]
fn a_hundred_attempts_in_all_are_checked_wherever_they_come_from() {
    let desk = weak("user,code\nalice,12345678\n");
    let try_from = |number: u32, code: &str| {
        let from = format!("2001:db8:{number:x}::1");
        desk.pipe(&["verify", "alice", "--from", &from], code).exit
    };
    for number in 1..100 {
        assert_eq!(try_from(number, "00000000"), 1, "{number}");
        // However long nobody tries, they are not forgotten.
        desk.pass(2 * DAY / 100);
    }
    desk.pass(30 * DAY);
    assert_eq!(try_from(100, "00000000"), 1);
    assert_eq!(try_from(101, "12345678"), 5);
    assert_eq!(desk.pipe(&["verify", "alice"], "12345678").exit, 5);
    let locked = desk
        .audit()
        .into_iter()
        .filter(|entry| entry["action"] == "limiter.locked");
    assert_eq!(locked.count(), 1);
    desk.say(&["limit", "reset", "alice"]);
    assert_eq!(try_from(102, "12345678"), 0);
}

#[test]
fn the_same_holds_where_nobody_says_from_where() {
    let desk = weak("user,code\nalice,12345678\n");
    let mut checked = 0;
    loop {
        let said = desk.pipe(&["verify", "alice"], "00000000");
        if said.exit != 1 {
            assert_eq!(said.exit, 5, "{}", said.err);
            break;
        }
        checked += 1;
        // The first wait is a minute, the longest an hour, and a day forgets it.
        desk.pass(if checked % 5 == 0 { 2 * DAY } else { 1 });
    }
    assert_eq!(checked, 100);
    assert_eq!(
        desk.json(&["limit", "list"])["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // Who has codes of this program is not limited so.
    desk.say(&["limit", "reset", "alice"]);
    desk.issue("alice");
    for _ in 0..120 {
        desk.pass(2 * DAY);
        assert_eq!(desk.pipe(&["verify", "alice"], "00000000").exit, 1);
    }
}

#[test]
fn nobody_learns_who_has_them() {
    let desk = Desk::new();
    desk.issue("own");
    desk.say(&["user", "add", "none"]);
    // Where nobody has any, a short text is no code and no attempt.
    for user in ["own", "none", "nobody"] {
        let said = desk.pipe(&["verify", user, "--json"], "12345678");
        assert_eq!(
            (said.exit, said.error()["kind"].as_str()),
            (1, Some("malformed_code"))
        );
    }
    assert_eq!(desk.query("SELECT COUNT(*) FROM attempts"), "0");
    desk.pipe(
        &["import", "csv", "-", "--accept-weak"],
        "user,code\nalice,12345678\n",
    );
    for word in ["verify", "confirm"] {
        let all = ["alice", "own", "none", "nobody"].map(|user| {
            let said = desk.pipe(&[word, user, "--json"], "00000000");
            (said.exit, said.out, said.err)
        });
        assert!(all.iter().all(|said| *said == all[0]), "{all:?}");
        assert_eq!((all[0].0, all[0].2.as_str()), (1, ""));
    }
    assert_eq!(desk.query("SELECT COUNT(*) FROM attempts"), "8");
    // What cannot be a code of any system still is none.
    for text in ["12345", "", "ünicode8", &"a".repeat(33), &"a".repeat(41)] {
        let said = desk.pipe(&["verify", "alice", "--json"], text);
        assert_eq!(said.error()["kind"], "malformed_code", "{text}");
    }
    assert_eq!(verify(&desk, "alice", "12345678"), 0);
    assert_eq!(verify(&desk, "own", "12345678"), 1);
}

#[test]
fn they_work_at_the_door_and_are_malformed_there_where_nobody_has_any() {
    let desk = Desk::new().open_to_us();
    desk.issue("own");
    let door = desk.serve();
    let place = desk.door();
    let ask = |user: &str, code: &str| {
        let args = [
            "verify",
            user,
            "--json",
            "--socket",
            place.to_str().unwrap(),
        ];
        desk.pipe(&args, code)
    };
    let said = ask("own", "12345678");
    assert_eq!(said.exit, 1);
    assert_eq!(said.json(), json!({"accepted": false}));
    assert_eq!(said.error()["kind"], "malformed_code");
    import(&desk, &["otp-static", &path("otp-static.json")]);
    let code = &live("otp-static", "alice")[0];
    assert_eq!(ask("own", code).exit, 1);
    assert_eq!(ask("alice", code).json()["accepted"], true);
    // Whatever signs stand in a code, it is asked about whom it is meant for.
    let list = "user,code\nzoe,\"q\"\",\"\"user\"\":\"\"bob\\\"\n";
    let done = desk.pipe(&["import", "csv", "-"], list);
    assert_eq!(done.exit, 0, "{}", done.err);
    assert_eq!(ask("zoe", "q\",\"user\":\"bob\\").exit, 0);
    let again = ask("alice", code);
    assert_eq!((again.exit, again.err.as_str()), (1, ""));
    door.close();
}

#[test]
fn everything_else_is_done_to_them_as_to_others() {
    let desk = weak("user,code\nalice,12345678\nalice,87654321\nalice,11112222\n");
    let rows = desk.json(&["code", "list", "alice"]);
    let hint = |row: usize| rows["items"][row]["hint"].as_str().unwrap().to_owned();
    desk.say(&["code", "invalidate", "alice", &hint(0)]);
    assert_eq!(verify(&desk, "alice", "12345678"), 1);
    desk.say(&["code", "reactivate", "alice", &hint(0)]);
    assert_eq!(desk.pipe(&["confirm", "alice"], "12345678").exit, 0);
    assert_eq!(verify(&desk, "alice", "12345678"), 0);
    desk.say(&["code", "delete", "alice", &hint(1), "--yes"]);
    assert_eq!(verify(&desk, "alice", "87654321"), 1);
    assert_eq!(desk.json(&["history", "alice"])["items"][0]["used"], 1);
    desk.issue("alice");
    assert_eq!(verify(&desk, "alice", "11112222"), 1);
    desk.pass(3600);
    assert_eq!(desk.json(&["purge", "--retention-days", "0"])["codes"], 3);
    desk.assert_sound();
}
