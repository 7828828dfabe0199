//! `generate --all-…`: new codes for everybody who needs them.

use serde_json::json;

use crate::harness::Desk;
use crate::harness::asking::column;

const DAY: i64 = 86_400;

/// One of each: few codes, none left, expiring soon, expired, waiting to be confirmed, disabled, none
/// at all, and two who are well.
fn desk() -> Desk {
    let desk = Desk::new();
    let use_up = |user: &str, most: usize| {
        for code in &desk.issue_with(user, &["--count", "4"])[..most] {
            assert_eq!(desk.pipe(&["verify", user], code).exit, 0);
        }
    };
    use_up("few", 3);
    use_up("empty", 4);
    desk.issue_with("expired", &["--expires-in", "1d"]);
    desk.issue_with("soon", &["--expires-in", "20d"]);
    desk.issue_with("later", &["--expires-in", "90d"]);
    desk.issue("well");
    desk.issue_with("waits", &["--pending"]);
    desk.say(&["user", "add", "nothing"]);
    desk.issue("gone");
    desk.say(&["user", "disable", "gone"]);
    desk.pass(2 * DAY);
    desk
}

fn would(desk: &Desk, option: &[&str]) -> Vec<String> {
    let document = desk.json(&[&["generate", "--dry-run"], option].concat());
    column(&document, "user")
}

#[test]
fn each_option_means_whom_it_says() {
    let desk = desk();
    let deeds = desk.deeds();
    assert_eq!(
        would(&desk, &["--all-without-codes"]),
        ["empty", "expired", "nothing"]
    );
    assert_eq!(would(&desk, &["--all-low"]), ["few"]);
    assert_eq!(would(&desk, &["--all-expiring", "30d"]), ["soon"]);
    assert_eq!(would(&desk, &["--all-expiring", "1y"]), ["later", "soon"]);
    assert_eq!(would(&desk, &["--all-outdated"]), [""; 0]);
    let said = desk.say(&["generate", "--all-expiring", "1d", "--dry-run"]);
    assert_eq!(
        (said.out.as_str(), said.err.as_str()),
        ("", "Nobody has codes that expire soon.\n")
    );
    assert_eq!(desk.deeds(), deeds);
}

#[test]
fn it_asks_issues_and_can_be_repeated() {
    let desk = desk();
    let sheets = desk.home().join("sheets");
    let words = [
        "generate",
        "--all-without-codes",
        "--sheets",
        sheets.to_str().unwrap(),
    ];
    let said = desk.refuses(&words, 3, "not_confirmed");
    assert!(
        said.contains("3 users, each of whom is without a code that works"),
        "{said}"
    );
    let yes = [&words[..], &["--yes"]].concat();
    let document = desk.json(&yes);
    assert_eq!(
        (&document["issued"], &document["left"]),
        (&json!(3), &json!(0))
    );
    assert_eq!(std::fs::read_dir(&sheets).unwrap().count(), 3);
    assert_eq!(desk.json(&["user", "show", "nothing"])["remaining"], 10);
    assert_eq!(desk.json(&["user", "show", "few"])["remaining"], 1);
    // There is nobody left, so nothing is asked.
    let again = desk.say(&words);
    assert_eq!(again.err, "Nobody is without a code that works.\n");
    desk.assert_sound();
}

#[test]
fn what_makes_no_sense_is_refused() {
    let desk = desk();
    for words in [
        &["--all-low"][..],
        &["--all-low", "--all-outdated", "--sheets", "x"],
        &["--all-low", "alice", "--sheets", "x"],
        &["--all-low", "--save", "x"],
        &["--all-expiring", "soon", "--sheets", "x"],
        &["alice", "--dry-run"],
        &["alice", "--sheets", "x"],
    ] {
        let ended = desk.run(&[&["generate"], words].concat());
        assert_eq!(ended.exit, 2, "{words:?}: {}", ended.err);
    }
}
